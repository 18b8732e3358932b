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
  if (!own_.are_here()) return;
  {
    std::lock_guard<std::mutex> lock(own_->mutex);
    own_->stop = true;
  }
  own_->wake.notify_all();
  own_.join();
}

// As many as can be had; the caller can do without.
void ThreadTeam::start(size_t threads) {
  try {
    while (own_.size() < threads) own_.start([this] { serve(); });
  } catch (...) {
  }
}

void ThreadTeam::divide(Loop* loop) {
  const size_t useful = std::min<size_t>(static_cast<size_t>(std::max(threads_wanted_, 0)),
                                         loop->count == 0 ? 0 : loop->count - 1);
  if (useful == 0 || !own_.are_here()) return loop->work();
  start(useful);
  {
    std::lock_guard<std::mutex> lock(own_->mutex);
    own_->loop = loop;
    ++own_->round;
  }
  own_->wake.notify_one();
  loop->work();
  std::unique_lock<std::mutex> lock(own_->mutex);
  own_->loop = nullptr;
  own_->done.wait(lock, [this] { return own_->busy == 0; });
}

void ThreadTeam::serve() {
  Shared& s = *own_;
  size_t seen = 0;
  std::unique_lock<std::mutex> lock(s.mutex);
  for (;;) {
    s.wake.wait(lock, [&] { return s.stop || (s.loop && s.round != seen); });
    if (s.stop) return;
    Loop* loop = s.loop;
    seen = s.round;
    ++s.busy;
    lock.unlock();
    if (loop->has_work()) s.wake.notify_one();
    loop->work();
    lock.lock();
    if (--s.busy == 0) s.done.notify_one();
  }
}

}  // namespace xgr::core
