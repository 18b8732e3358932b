// Requests to stop.
//
// Entry points: Cancel::request, CancelWatch. The flag is set first; then everybody in the list is
// told. So who looks at the flag after he has entered the list misses no request. Locks are taken in
// one order: that of the list, then that of who is told.
//
//   thread 1: waits with a CancelWatch    thread 2: cancel->request()    thread 1: goes on
//
// Tests: tests/unit/support/cancel_test.cc, tests/capi/cancel_test.c.
#include "support/cancel.h"

#include <utility>

namespace xgr::core {

void Cancel::request() {
  if (flag_.exchange(true, std::memory_order_relaxed)) return;
  std::lock_guard<std::mutex> list(mutex_);
  for (CancelWatch* w = first_; w != nullptr; w = w->next_) w->on_request_();
}

CancelWatch::CancelWatch(CancelPtr cancel, std::function<void()> on_request)
    : cancel_(std::move(cancel)), on_request_(std::move(on_request)) {
  std::lock_guard<std::mutex> list(cancel_->mutex_);
  next_ = cancel_->first_;
  link_ = &cancel_->first_;
  if (next_ != nullptr) next_->link_ = &next_;
  cancel_->first_ = this;
}

CancelWatch::~CancelWatch() {
  std::lock_guard<std::mutex> list(cancel_->mutex_);
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
}

}  // namespace xgr::core
