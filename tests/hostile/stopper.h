// A request to stop, made by another thread while a call runs.
//
//   Stopper stopper(cancel, 0.02);   // in 20 ms, unless the call has ended
//   status = call();
//   stopper.end();                   // CPU seconds since the request; negative when none was made
#pragma once

#include <xgr/xgr.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>

namespace hostile {

class Stopper {
 public:
  Stopper(xgr_cancel_t* cancel, double seconds) : cancel_(cancel) {
    thread_ = std::thread([this, seconds] { wait(seconds); });
  }
  ~Stopper() {
    if (thread_.joinable()) end();
  }
  double end() {
    const double now = cpu_seconds();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
    }
    changed_.notify_one();
    thread_.join();
    return requested_at_ < 0 ? -1 : std::max(0.0, now - requested_at_);
  }

 private:
  // Of all threads: a call may wait for one that works for it.
  static double cpu_seconds() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  }
  void wait(double seconds) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (changed_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return ended_; }))
      return;
    requested_at_ = cpu_seconds();
    xgr_cancel_request(cancel_);
  }

  xgr_cancel_t* cancel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  double requested_at_ = -1;
  std::thread thread_;
};

}  // namespace hostile
