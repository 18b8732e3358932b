// Work: the rare part of a charge.
//
// Entry point: Work::charge. Steps are handed out in chunks; taking the next one looks at everything
// that may end the call. So the common charge needs no atomic load and no clock.
//
//   charge(1) x 16,384   ->   one look at flag and clock
//
// Tests: tests/unit/support/work_test.cc.
#include "support/work.h"

#include <algorithm>
#include <string>

#include "support/error_text.h"

namespace xgr::core {

void Work::check() const {
  auto is_set = [](const std::atomic<bool>* flag) {
    return flag && flag->load(std::memory_order_relaxed);
  };
  if (is_set(bounds_.cancelled) || is_set(bounds_.also_cancelled))
    throw WorkStopped{make_error(Status::kCancelled, "the call was cancelled")};
  if (bounds_.deadline && std::chrono::steady_clock::now() >= *bounds_.deadline)
    throw WorkStopped{
        make_error(Status::kLimitExceeded, std::string("the call took longer than its ") +
                                               bounds_.deadline_option +
                                               "; raise it, or simplify the source")};
}

void Work::refill(uint64_t steps) {
  check();
  const uint64_t missing = steps - left_;
  if (missing > rest_)
    throw WorkStopped{
        make_error(Status::kLimitExceeded,
                   "the call needs more steps than " +
                       limit_text(bounds_.steps_option, bounds_.steps, "simplify the source"))};
  const uint64_t taken = std::min(rest_, std::max(missing, kChunk));
  rest_ -= taken;
  left_ += taken;
}

void Work::stop_for_memory() const {
  throw WorkStopped{
      make_error(Status::kLimitExceeded,
                 "the call needs more bytes of memory than " +
                     limit_text(bounds_.bytes_option, bounds_.bytes, "simplify the source"))};
}

}  // namespace xgr::core
