// Cancel: a request to stop, made once from any thread, seen by all who share it.
//
// Work looks at the flag now and then. Who waits for something else is told by a CancelWatch.
//
//   auto cancel = std::make_shared<Cancel>();
//   CancelWatch watch(cancel, [&] { std::lock_guard lock(mutex); changed.notify_all(); });
//   if (cancel->requested()) ...                      // before anybody was watching
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace xgr::core {

class CancelWatch;

class Cancel {
 public:
  Cancel() = default;
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;
  void request();
  bool requested() const { return flag_.load(std::memory_order_relaxed); }
  // For loops that look at it often; lives as long as this.
  const std::atomic<bool>& flag() const { return flag_; }

 private:
  friend class CancelWatch;
  std::atomic<bool> flag_{false};
  std::mutex mutex_;
  CancelWatch* first_ = nullptr;  // those to wake, a list through themselves
};

using CancelPtr = std::shared_ptr<Cancel>;

// Calls a function once, in the thread that makes the request; not if that was before. The function
// throws nothing and destroys no watch; who makes or destroys one holds no lock that it takes. After
// the destructor it does not run any more.
class CancelWatch {
 public:
  CancelWatch(CancelPtr cancel, std::function<void()> on_request);
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

 private:
  friend class Cancel;
  CancelPtr cancel_;
  std::function<void()> on_request_;
  CancelWatch* next_ = nullptr;
  CancelWatch** link_ = nullptr;  // what points to this one
};

}  // namespace xgr::core
