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
  if (!own_.are_here()) return;
  {
    std::lock_guard<std::mutex> lock(own_->mutex);
    own_->stop.store(true, std::memory_order_relaxed);
  }
  own_->wake.notify_all();
  own_.join();
}

bool WorkerPool::submit(Job job) noexcept {
  if (workers_ == 0 || !own_.are_here()) return false;
  try {
    return enqueue(std::move(job));
  } catch (...) {  // out of memory or threads
    return false;
  }
}

bool WorkerPool::enqueue(Job job) {
  {
    std::lock_guard<std::mutex> lock(own_->mutex);
    if (own_->waiting.size() >= kMaxWaiting) return false;
    if (static_cast<size_t>(own_->idle) <= own_->waiting.size() &&
        own_.size() < static_cast<size_t>(workers_)) {
      try {
        own_.start([this] { run(); });
      } catch (...) {
        if (own_.size() == 0) return false;  // else those that there are do the work
      }
    }
    own_->waiting.push_back(std::move(job));
  }
  own_->wake.notify_one();
  return true;
}

void WorkerPool::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock<std::mutex> lock(own_->mutex);
      ++own_->idle;
      own_->wake.wait(lock, [this] {
        return own_->stop.load(std::memory_order_relaxed) || !own_->waiting.empty();
      });
      --own_->idle;
      if (own_->stop.load(std::memory_order_relaxed)) return;
      job = std::move(own_->waiting.front());
      own_->waiting.pop_front();
    }
    try {
      job(own_->stop);
    } catch (...) {  // what it could not do is done by who needs it, and fails there
    }
  }
}

}  // namespace xgr::core
