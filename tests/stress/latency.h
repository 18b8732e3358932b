// Latency: how long requests to stop take to be answered, on threads that run.
//
// A thread that is ready to run while others have the processor is no matter of the library, so that
// time is taken off where the system tells it; both figures are shown.
//
//   Canceller canceller;
//   auto shot = canceller.aim(std::chrono::microseconds(300), &latencies);
//   ... a call that was given shot->cancel() ...
//   shot->answered();
#pragma once

#include <xgr/xgr.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

namespace stress {

using Clock = std::chrono::steady_clock;

// How long one thread was ready to run, but did not, in nanoseconds; 0 where the system does not tell.
class WaitClock {
 public:
  WaitClock();
  ~WaitClock();
  WaitClock(const WaitClock&) = delete;
  WaitClock& operator=(const WaitClock&) = delete;
  uint64_t waited() const;
  // from any thread
  static WaitClock& of_this_thread();

 private:
  int file_;
};

// Times of one kind of event. Any threads at once.
class Latencies {
 public:
  explicit Latencies(std::string name) : name_(std::move(name)) {}
  void add(Clock::duration wall, uint64_t waited_nanoseconds, const std::string& what = {});
  // Prints them; false when more than one in a hundred took longer, on threads that run.
  bool report(double milliseconds);

 private:
  struct Sample {
    double running, wall;  // milliseconds
    std::string what;
  };
  std::string name_;
  std::mutex mutex_;
  std::vector<Sample> samples_;
};

// One request to stop, made at its time; belongs to the thread that aimed it.
class Shot {
 public:
  Shot(Latencies* latencies, std::string what);
  ~Shot() { xgr_cancel_destroy(cancel_); }
  Shot(const Shot&) = delete;
  Shot& operator=(const Shot&) = delete;
  const xgr_cancel_t* cancel() const { return cancel_; }
  bool requested() const { return xgr_cancel_is_requested(cancel_) != 0; }
  // The call is over: counts when it was not yet when the request was made. In the thread that aimed.
  void answered();
  void fire();  // in any thread

 private:
  xgr_cancel_t* cancel_ = nullptr;
  Latencies* latencies_;
  std::string what_;
  const WaitClock& thread_;
  std::mutex mutex_;  // held while the request is made
  bool fired_ = false, over_ = false;
  Clock::time_point at_;
  uint64_t waited_ = 0;  // by thread_ before the request
  uint64_t making_ = 0;  // by the thread that made it, meanwhile
};

// A thread that makes requests at their times.
class Canceller {
 public:
  Canceller();
  ~Canceller();
  // The time of the answer goes to `latencies`; null: nowhere.
  std::shared_ptr<Shot> aim(Clock::duration delay, Latencies* latencies, std::string what = {});

 private:
  struct Timed {
    Clock::time_point at;
    std::shared_ptr<Shot> shot;
    bool operator<(const Timed& other) const { return at > other.at; }
  };
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Timed> next_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace stress
