// Work: what one call may cost, and who may stop it.
//
// Every loop that can grow with its input charges what it does. A charge is one compare and one
// subtraction; every kChunk steps the rest is looked at: the cancel flag, the deadline, the limit of
// steps. Where one of them says stop, WorkStopped is thrown. It passes through the same places as
// std::bad_alloc, so an object that survives that survives this; the C API turns it into a status.
//
//   Work work({.steps = 1000, .steps_option = "max_work_per_call"});
//   for (...) work.charge(1);          // throws WorkStopped in the 1001st round
//
// Tests: tests/unit/support/work_test.cc.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "support/status.h"

namespace xgr::core {

// Why a call ended before its result was there; a limit with its option, or a cancel.
struct WorkStopped {
  Error error;
};

class Work {
 public:
  // A fraction of a millisecond; so long a cancel may wait.
  static constexpr uint64_t kChunk = 1 << 14;

  struct Bounds {
    uint64_t steps = UINT64_MAX;
    const char* steps_option = "";  // as the caller spells it
    uint64_t bytes = UINT64_MAX;    // of memory that the call adds
    const char* bytes_option = "";
    std::optional<std::chrono::steady_clock::time_point> deadline{};
    const char* deadline_option = "";
    // Each outlives the Work, or its time in here.
    const std::atomic<bool>* cancelled = nullptr;
    const std::atomic<bool>* also_cancelled = nullptr;
  };

  Work() = default;  // without bounds
  explicit Work(const Bounds& bounds) : bounds_(bounds) { begin(); }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  const Bounds& bounds() const { return bounds_; }
  void set_cancelled(const std::atomic<bool>* flag) { bounds_.cancelled = flag; }
  void set_also_cancelled(const std::atomic<bool>* flag) { bounds_.also_cancelled = flag; }
  // A new call with the same bounds.
  void begin() {
    rest_ = bounds_.steps;
    left_ = 0;
    bytes_ = 0;
  }
  void charge(uint64_t steps) {
    if (steps > left_) [[unlikely]]
      refill(steps);
    left_ -= steps;
  }
  void charge_bytes(uint64_t bytes) {
    bytes_ += bytes;
    if (bytes_ > bounds_.bytes) [[unlikely]]
      stop_for_memory();
  }
  // Looks at the flag and the deadline at once.
  void check() const;
  // Steps since begin.
  uint64_t used() const { return bounds_.steps - rest_ - left_; }
  uint64_t used_bytes() const { return bytes_; }

 private:
  void refill(uint64_t steps);
  [[noreturn]] void stop_for_memory() const;

  uint64_t left_ = 0;           // of the chunk at hand
  uint64_t rest_ = UINT64_MAX;  // behind it
  uint64_t bytes_ = 0;
  Bounds bounds_;
};

// Charges what is done in a call that nobody may have bounded.
inline void charge(Work* work, uint64_t steps) {
  if (work) work->charge(steps);
}

}  // namespace xgr::core
