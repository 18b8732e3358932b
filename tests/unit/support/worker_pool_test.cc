// WorkerPool: jobs run once, failures stay inside, destruction waits for what runs and drops the
// rest.
#include "support/worker_pool.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <stdexcept>

namespace xgr::core {
namespace {

// Opens once; whoever waits goes on.
class Gate {
 public:
  void open() {
    std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST_CASE("without workers no job is taken") {
  WorkerPool none(0), negative(-3);
  auto job = [](const std::atomic<bool>&) { FAIL("ran"); };
  CHECK_FALSE(none.submit(job));
  CHECK_FALSE(negative.submit(job));
  CHECK(none.workers() == 0);
}

TEST_CASE("every job runs once, whatever others throw") {
  std::atomic<int> ran{0};
  Gate all;
  WorkerPool pool(3);
  for (int i = 0; i < 200; ++i) {
    REQUIRE(pool.submit([&](const std::atomic<bool>&) {
      if (ran.fetch_add(1) + 1 == 200) all.open();
      throw std::runtime_error("of no interest to anybody");
    }));
  }
  all.wait();
  CHECK(ran == 200);
}

TEST_CASE("as many jobs run at once as there are workers") {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  Gate all;
  WorkerPool pool(2);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(pool.submit([&](const std::atomic<bool>&) {
      {
        std::lock_guard<std::mutex> lock(mutex);
        threads.insert(std::this_thread::get_id());
        if (threads.size() == 2) all.open();
      }
      all.wait();  // ends only when the other job runs too
    }));
  }
  all.wait();
  std::lock_guard<std::mutex> lock(mutex);
  CHECK(threads.size() == 2);
  CHECK(threads.count(std::this_thread::get_id()) == 0);
}

TEST_CASE("the queue is bounded, and destruction drops what has not begun") {
  auto owned = std::make_shared<int>(0);
  Gate begun;
  {
    WorkerPool pool(1);
    REQUIRE(pool.submit([&](const std::atomic<bool>& stop) {
      begun.open();
      while (!stop.load()) std::this_thread::yield();
    }));
    begun.wait();
    for (size_t i = 0; i < WorkerPool::kMaxWaiting; ++i) {
      REQUIRE(pool.submit([owned](const std::atomic<bool>&) { ++*owned; }));
    }
    CHECK_FALSE(pool.submit([owned](const std::atomic<bool>&) { ++*owned; }));
  }
  CHECK(*owned == 0);
  CHECK(owned.use_count() == 1);
}

}  // namespace
}  // namespace xgr::core
