// Thread team: one loop, whose indices the threads take one by one.
//
// Entry point: ThreadTeam::run. The caller wakes one thread and begins; a thread that finds work left
// wakes the next one, so that the caller does not pay for all. Whoever comes when the indices are
// taken goes back to sleep. The caller waits for threads that are still in the loop.
//
//   caller: 0 2 5 6   first thread: 1 4   second thread: 3
//
// Tests: tests/unit/support/thread_team_test.cc.
#include "support/thread_team.h"

#include <algorithm>

namespace xgr::core {

ThreadTeam::~ThreadTeam() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
}

// As many as can be had; the caller can do without.
void ThreadTeam::start(size_t threads) {
  try {
    while (threads_.size() < threads) threads_.emplace_back([this] { serve(); });
  } catch (...) {
  }
}

void ThreadTeam::divide(Loop* loop) {
  const size_t useful = std::min<size_t>(static_cast<size_t>(std::max(threads_wanted_, 0)),
                                         loop->count == 0 ? 0 : loop->count - 1);
  if (useful == 0) return loop->work();
  start(useful);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    loop_ = loop;
    ++round_;
  }
  wake_.notify_one();
  loop->work();
  std::unique_lock<std::mutex> lock(mutex_);
  loop_ = nullptr;
  done_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadTeam::serve() {
  size_t seen = 0;
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return stop_ || (loop_ && round_ != seen); });
    if (stop_) return;
    Loop* loop = loop_;
    seen = round_;
    ++busy_;
    lock.unlock();
    if (loop->has_work()) wake_.notify_one();
    loop->work();
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace xgr::core
