// ThreadTeam: a few threads that divide a loop among them and the caller.
//
// Threads start with the first loop that is worth one, and sleep between loops. Destroying the team
// ends them. The child of a fork has none of them: there the caller does all the work.
//
//   ThreadTeam team(3);
//   team.run(rows, [&](size_t row) noexcept { fill(row); });      // four threads at most
//
// Tests: tests/unit/support/thread_team_test.cc.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <type_traits>

#include "support/own_threads.h"

namespace xgr::core {

class ThreadTeam {
 public:
  explicit ThreadTeam(int threads) : threads_wanted_(threads) {}
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  // Calls body(i) once for every i < count, which throws nothing, and returns when all are done. One
  // loop at a time.
  template <typename Body>
  void run(size_t count, Body&& body) {
    static_assert(noexcept(body(size_t{})));
    Loop loop{
        [](void* b, size_t i) noexcept { (*static_cast<std::remove_reference_t<Body>*>(b))(i); },
        const_cast<void*>(static_cast<const void*>(&body)), count};
    divide(&loop);
  }
  int threads() const { return threads_wanted_; }

 private:
  struct Loop {
    void (*call)(void* body, size_t i) noexcept;
    void* body;
    size_t count;
    std::atomic<size_t> next{0};
    void work() noexcept {
      for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) call(body, i);
    }
    bool has_work() const { return next.load(std::memory_order_relaxed) < count; }
  };
  void divide(Loop* loop);
  void start(size_t threads);
  void serve();

  struct Shared {
    std::mutex mutex;
    std::condition_variable wake, done;
    Loop* loop = nullptr;  // at hand; null: none
    size_t round = 0;      // of loops
    size_t busy = 0;       // threads in the loop
    bool stop = false;
  };
  const int threads_wanted_;
  OwnThreads<Shared> own_;
};

}  // namespace xgr::core
