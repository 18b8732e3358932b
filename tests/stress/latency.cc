// Latencies: the clocks, the thread that makes requests to stop, and percentiles.
//
// Entry points: Canceller::aim, Shot::answered. Linux tells for each thread how long it has waited for a
// processor (schedstat). It is read right before the request and when the call is over.
//
//   request at 10.0 ms, answer at 14.0 ms, 3.9 ms of it waited   ->   0.1 ms
#include "latency.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace stress {

WaitClock::WaitClock() : file_(open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

WaitClock::~WaitClock() {
  if (file_ >= 0) close(file_);
}

uint64_t WaitClock::waited() const {
  char text[100];  // time on a processor, time waited, turns
  const ssize_t size = file_ >= 0 ? pread(file_, text, sizeof text - 1, 0) : -1;
  if (size <= 0) return 0;
  text[size] = '\0';
  char* rest = nullptr;
  std::strtoull(text, &rest, 10);
  return std::strtoull(rest, nullptr, 10);
}

WaitClock& WaitClock::of_this_thread() {
  thread_local WaitClock clock;
  return clock;
}

void Latencies::add(Clock::duration wall, uint64_t waited_nanoseconds, const std::string& what) {
  const double all = std::chrono::duration<double, std::milli>(wall).count();
  const double running = std::max(all - static_cast<double>(waited_nanoseconds) * 1e-6, 0.0);
  std::lock_guard<std::mutex> lock(mutex_);
  samples_.push_back({running, all, what});
}

bool Latencies::report(double milliseconds) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (samples_.empty()) {
    std::printf("%-44s none\n", name_.c_str());
    return true;
  }
  const size_t last = samples_.size() - 1, p99 = last * 99 / 100;
  std::sort(samples_.begin(), samples_.end(),
            [](const Sample& a, const Sample& b) { return a.wall < b.wall; });
  const double wall = samples_[p99].wall;
  std::sort(samples_.begin(), samples_.end(),
            [](const Sample& a, const Sample& b) { return a.running < b.running; });
  std::printf("%-44s %6zu: p50 %.2f ms, p99 %.2f ms, most %.2f ms; by the clock p99 %.2f ms\n",
              name_.c_str(), samples_.size(), samples_[last / 2].running, samples_[p99].running,
              samples_[last].running, wall);
  for (size_t i = samples_.size(); i-- > 0 && i + 5 > last;) {
    if (samples_[i].running > milliseconds && !samples_[i].what.empty())
      std::printf("    %.2f ms: %.100s\n", samples_[i].running, samples_[i].what.c_str());
  }
  if (samples_[p99].running <= milliseconds) return true;
  std::printf("    p99 is over %.1f ms\n", milliseconds);
  return false;
}

Shot::Shot(Latencies* latencies, std::string what)
    : latencies_(latencies), what_(std::move(what)), thread_(WaitClock::of_this_thread()) {
  if (xgr_cancel_create(&cancel_) != XGR_OK) std::abort();
}

void Shot::fire() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (over_) return;  // its thread may be gone
  const WaitClock& own = WaitClock::of_this_thread();
  waited_ = thread_.waited();
  const uint64_t before = own.waited();
  at_ = Clock::now();
  xgr_cancel_request(cancel_);
  making_ = own.waited() - before;
  fired_ = true;
}

void Shot::answered() {
  const Clock::time_point now = Clock::now();
  const uint64_t waited = thread_.waited();
  std::lock_guard<std::mutex> lock(mutex_);
  over_ = true;
  if (latencies_ != nullptr && fired_ && now > at_)
    latencies_->add(now - at_, waited - waited_ + making_, what_);
}

Canceller::Canceller() : thread_([this] { run(); }) {}

Canceller::~Canceller() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<Shot> Canceller::aim(Clock::duration delay, Latencies* latencies,
                                     std::string what) {
  auto shot = std::make_shared<Shot>(latencies, std::move(what));
  std::lock_guard<std::mutex> lock(mutex_);
  next_.push({Clock::now() + delay, shot});
  changed_.notify_all();
  return shot;
}

void Canceller::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop_) {
    if (next_.empty()) {
      changed_.wait(lock);
    } else if (const Clock::time_point at = next_.top().at; Clock::now() < at) {
      changed_.wait_until(lock, at);
    } else {
      const std::shared_ptr<Shot> shot = next_.top().shot;
      next_.pop();
      lock.unlock();
      shot->fire();
      lock.lock();
    }
  }
}

}  // namespace stress
