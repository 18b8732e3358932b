// Cancel: a request to stop, made once from any thread, seen by all who share it.
//
// Work looks at the flag now and then. Who waits on a condition variable is woken by a CancelWatch.
//
//   auto cancel = std::make_shared<Cancel>();
//   CancelWatch watch(cancel, mutex, changed);         // before the mutex is locked
//   std::unique_lock<std::mutex> lock(mutex);
//   changed.wait(lock, [&] { return done || cancel->requested(); });
#pragma once

#include <atomic>
#include <condition_variable>
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

// Notifies `changed`, under `mutex`, when the request is made. Made and destroyed without `mutex`.
class CancelWatch {
 public:
  CancelWatch(CancelPtr cancel, std::mutex& mutex, std::condition_variable& changed);  // null: none
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

 private:
  friend class Cancel;
  CancelPtr cancel_;
  std::mutex& mutex_;
  std::condition_variable& changed_;
  CancelWatch* next_ = nullptr;
  CancelWatch** link_ = nullptr;  // what points to this one
};

}  // namespace xgr::core
