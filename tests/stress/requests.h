// Rounds of requests: many threads ask one compiler for few schemas, in every way that there is to ask,
// and leave when they like.
//
//   Round round{.name = "no limit", .requests = 10000};
//   bool held = run_round(round, &canceller, &cancels);
#pragma once

#include <cstdint>

#include "latency.h"

namespace stress {

struct Round {
  const char* name = "";
  uint64_t requests = 10000;
  uint32_t threads = 8, keys = 100;
  uint64_t seed = 1;
  int32_t compiler_threads = 3;
  size_t cache_limit = 0;  // bytes; 0: the default, which holds all
  bool no_cache = false;
  bool anchored =
      false;  // a job for each schema waits from the beginning, so that none is abandoned
};

// Prints what it did and what was wrong; false when something was.
bool run_round(const Round& round, Canceller* canceller, Latencies* cancels, Latencies* timeouts);

}  // namespace stress
