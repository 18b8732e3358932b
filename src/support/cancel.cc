// Requests to stop.
//
// Entry points: Cancel::request, CancelWatch. The flag is set first; then everybody in the list is
// notified while his own mutex is held, so that nobody who has just looked at the flag goes to
// sleep afterwards. Locks are taken in one order: that of the list, then that of a waiter.
//
//   thread 1: waits with a CancelWatch    thread 2: cancel->request()    thread 1: goes on
//
// Tests: tests/unit/support/cancel_test.cc, tests/capi/cancel_test.c.
#include "support/cancel.h"

#include <utility>

namespace xgr::core {

void Cancel::request() {
  flag_.store(true, std::memory_order_relaxed);
  std::lock_guard<std::mutex> list(mutex_);
  for (CancelWatch* w = first_; w != nullptr; w = w->next_) {
    std::lock_guard<std::mutex> lock(w->mutex_);
    w->changed_.notify_all();
  }
}

CancelWatch::CancelWatch(CancelPtr cancel, std::mutex& mutex, std::condition_variable& changed)
    : cancel_(std::move(cancel)), mutex_(mutex), changed_(changed) {
  if (cancel_ == nullptr) return;
  std::lock_guard<std::mutex> list(cancel_->mutex_);
  next_ = cancel_->first_;
  link_ = &cancel_->first_;
  if (next_ != nullptr) next_->link_ = &next_;
  cancel_->first_ = this;
}

CancelWatch::~CancelWatch() {
  if (cancel_ == nullptr) return;
  std::lock_guard<std::mutex> list(cancel_->mutex_);
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
}

}  // namespace xgr::core
