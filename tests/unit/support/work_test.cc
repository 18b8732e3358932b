// Work: charges, and what ends a call.
#include "support/work.h"

#include <doctest/doctest.h>

#include <string>

using namespace xgr::core;

namespace {

// The message with which a body is stopped; empty when it is not.
template <typename Body>
std::string stopped_by(Body&& body, Status code) {
  try {
    body();
  } catch (const WorkStopped& stopped) {
    CHECK(stopped.error.code == code);
    return stopped.error.message;
  }
  return "";
}

}  // namespace

TEST_CASE("work is counted and ends at its limit") {
  Work work({.steps = 100000, .steps_option = "max_things"});
  for (int i = 0; i < 100; ++i) work.charge(1000);
  CHECK(work.used() == 100000);
  const std::string why = stopped_by([&] { work.charge(1); }, Status::kLimitExceeded);
  CHECK(why.find("max_things = 100000") != why.npos);
  work.begin();
  CHECK(work.used() == 0);
  work.charge(100000);
  CHECK(stopped_by([&] { work.charge(1); }, Status::kLimitExceeded) != "");
}

TEST_CASE("work without bounds never ends") {
  Work work;
  for (int i = 0; i < 1000; ++i) work.charge(uint64_t{1} << 50);
  CHECK(work.used() == 1000 * (uint64_t{1} << 50));
}

TEST_CASE("work counts bytes") {
  Work work({.bytes = 100, .bytes_option = "max_bytes"});
  work.charge_bytes(100);
  const std::string why = stopped_by([&] { work.charge_bytes(1); }, Status::kLimitExceeded);
  CHECK(why.find("max_bytes = 100") != why.npos);
}

TEST_CASE("work ends soon after a cancel") {
  std::atomic<bool> cancelled{false};
  Work work({.cancelled = &cancelled});
  work.charge(1);
  cancelled = true;
  uint64_t steps = 0;
  const std::string why = stopped_by(
      [&] {
        for (;; ++steps) work.charge(1);
      },
      Status::kCancelled);
  CHECK(why != "");
  CHECK(steps <= Work::kChunk);
  CHECK(stopped_by([&] { work.check(); }, Status::kCancelled) != "");
}

TEST_CASE("work ends at its deadline") {
  const auto now = std::chrono::steady_clock::now();
  Work work({.deadline = now, .deadline_option = "timeout"});
  const std::string why = stopped_by([&] { work.charge(1); }, Status::kLimitExceeded);
  CHECK(why.find("timeout") != why.npos);
}
