// Worker pool: one queue, a few threads.
//
// Entry point: WorkerPool::submit. A thread is started only when a job comes and all others are
// busy, so that a compiler whose options allow eight threads but that never needs them has none.
//
//   submit(job) -> true: some worker runs it; false: nobody will
//
// Tests: tests/unit/support/worker_pool_test.cc.
#include "support/worker_pool.h"

#include <algorithm>
#include <utility>

namespace xgr::core {

WorkerPool::WorkerPool(int workers) : workers_(std::clamp(workers, 0, kMaxWorkers)) {}

WorkerPool::~WorkerPool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_.store(true, std::memory_order_relaxed);
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
}

bool WorkerPool::submit(Job job) noexcept {
  if (workers_ == 0) return false;
  try {
    return enqueue(std::move(job));
  } catch (...) {  // out of memory or threads
    return false;
  }
}

bool WorkerPool::enqueue(Job job) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) return false;
    if (static_cast<size_t>(idle_) <= waiting_.size() &&
        threads_.size() < static_cast<size_t>(workers_)) {
      try {
        threads_.emplace_back([this] { run(); });
      } catch (...) {
        if (threads_.empty()) return false;  // else those that there are do the work
      }
    }
    waiting_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      ++idle_;
      wake_.wait(lock,
                 [this] { return stop_.load(std::memory_order_relaxed) || !waiting_.empty(); });
      --idle_;
      if (stop_.load(std::memory_order_relaxed)) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    try {
      job(stop_);
    } catch (...) {  // what it could not do is done by who needs it, and fails there
    }
  }
}

}  // namespace xgr::core
