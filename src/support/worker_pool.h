// WorkerPool: a few threads for work that nobody waits for, or that the caller shares in.
//
// Threads start with the first jobs that need them. Destroying the pool drops jobs that have not
// begun and waits for those that have, so long jobs look at `stop` now and then. A job owns
// (shared_ptr) what it uses, but not the pool. Nothing that a job throws gets out.
//
//   WorkerPool pool(threads - 1);
//   pool.submit([engine](const std::atomic<bool>& stop) { ... });
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "support/own_threads.h"

namespace xgr::core {

class WorkerPool {
 public:
  using Job = std::function<void(const std::atomic<bool>& stop)>;

  // Without workers (0 or less) no job is ever taken. At most kMaxWorkers are started.
  explicit WorkerPool(int workers);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the job was not taken: no workers (which the child of a fork has none of), too many jobs waiting, or no memory or thread for
  // it. Optional work is then left undone.
  bool submit(Job job) noexcept;
  int workers() const { return workers_; }

  static constexpr int kMaxWorkers = 64;
  static constexpr size_t kMaxWaiting = 1024;

 private:
  void run();
  bool enqueue(Job job);

  struct Shared {
    std::atomic<bool> stop{false};
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Job> waiting;
    int idle = 0;
  };
  const int workers_;
  OwnThreads<Shared> own_;
};

}  // namespace xgr::core
