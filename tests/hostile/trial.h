// A trial: one input is compiled and gets a random output, in a process of its own, and every call
// has to stay in its bounds.
//
//   Trial t = run_trial(input, Bounds());
//   t.outcome == "ok", or what refused the input; t.failure: what went wrong, "" without fault
#pragma once

#include <cstdint>
#include <string>

#include "input.h"

namespace hostile {

struct Bounds {
  double compile_seconds = 2, call_seconds = 0.25;  // of CPU time
  int64_t compile_kib = 1 << 20;                    // of growth at most
  double stop_at = 1.5;                             // times a bound: the process is ended
  bool memory = true;        // whether growth is checked; not with sanitizers
  double slower = 1;         // than the build that the bounds are for
  double cancel_after = -1;  // seconds until each call is asked to stop; negative: none is
};

struct Trial {
  // ok; invalid, unsupported, limit: so ended compiling; refused: no matcher; call limit: a mask or
  // a step was too much work; cancelled.
  std::string outcome;
  std::string failure;
  std::string message;  // of the library
  std::string phase;    // the last one
  // How much of its bounds it took, at most: 1 is all.
  double used = 0;
  double compile_seconds = 0, mask_seconds = 0, accept_seconds = 0;
  int64_t compile_kib = 0;
  double stop_seconds =
      -1;  // from a request to stop to the end of the call; negative: none was made
  uint32_t steps = 0;
};

Trial run_trial(const Input& input, const Bounds& bounds, uint64_t seed);

}  // namespace hostile
