// Requests to stop in the middle of what takes long: the rows of tests/hostile.
//
//   Slow slow{.rows = "tests/hostile/rows.txt", .shots = 3};
//   bool held = run_slow_inputs(slow, &canceller, &latencies);
#pragma once

#include <cstdint>
#include <string>

#include "latency.h"

namespace stress {

struct Slow {
  std::string rows;  // the file
  std::string only;  // rows that contain this
  uint32_t shots = 1;
  uint64_t seed = 1;
  double slower = 1;  // than an optimized build
};

// Where the answers come from.
struct SlowLatencies {
  Latencies compile{"cancelled while compiling"};
  Latencies stopped{"compiling has really stopped"};
  Latencies step{"cancelled in a mask or a step"};
  Latencies warm_up{"cancelled in a warm-up"};
};

// Prints what was wrong; false when something was.
bool run_slow_inputs(const Slow& slow, Canceller* canceller, SlowLatencies* latencies);

}  // namespace stress
