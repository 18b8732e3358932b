// Stress: compiles under load, and requests to stop in the middle of everything. The program of the
// suite `stress`.
//
//   compile_stress rows.txt                         10,000 requests a round, five shots at each row
//   compile_stress rows.txt --requests 500 --shots 0
//   --only TEXT     slow inputs with such names     --seed N
//   --answer N      milliseconds that 99 of 100 answers may take, 5 if not given
//   --slower F      what other builds need: all times are longer by this factor
//
// Holds when every answer is right, schemas are compiled as often as they have to be, the cache stays in
// its limit, and a request to stop is answered within 5 ms in 99 of 100 calls, on threads that run.
// Leaks and races show in builds with sanitizers. Exit status 0: all of it held.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "requests.h"
#include "slow_inputs.h"

namespace stress {
namespace {

struct Options {
  uint64_t requests = 10000, seed = 1;
  double answer = 5;  // milliseconds that 99 of 100 answers may take
  Slow slow;
};

bool run_rounds(const Options& o, Canceller* canceller) {
  Latencies cancels("cancelled in a compile of many"), timeouts("later than the timeout");
  bool held = true;
  Round rounds[5];
  rounds[0].name = "a job waits for each";
  rounds[0].anchored = true;
  rounds[1].name = "all may leave";
  rounds[2].name = "a small cache";
  rounds[2].cache_limit = 400 << 10;
  rounds[3].name = "no cache";
  rounds[3].no_cache = true;
  rounds[4].name = "one compiler thread";
  rounds[4].compiler_threads = 1;
  for (Round& round : rounds) {
    round.requests = o.requests;
    round.seed = o.seed;
    held &= run_round(round, canceller, &cancels, &timeouts);
  }
  held &= cancels.report(o.answer * o.slow.slower);
  timeouts.report(o.answer * o.slow.slower);  // is no bar: a matter of the clock
  return held;
}

bool run_slow(const Options& o, Canceller* canceller) {
  if (o.slow.shots == 0) return true;
  SlowLatencies latencies;
  bool held = run_slow_inputs(o.slow, canceller, &latencies);
  held &= latencies.compile.report(o.answer * o.slow.slower);
  latencies.stopped.report(o.answer * o.slow.slower);  // is no bar: nobody waits for it
  held &= latencies.step.report(o.answer * o.slow.slower);
  return latencies.warm_up.report(o.answer * o.slow.slower) && held;
}

bool read_options(int count, char** words, Options* o) {
  o->slow.shots = 5;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const char* value = i + 1 < count ? words[i + 1] : nullptr;
    if (word[0] != '-') {
      o->slow.rows = word;
      continue;
    }
    if (value == nullptr) return false;
    ++i;
    if (word == "--requests") {
      o->requests = std::strtoull(value, nullptr, 10);
    } else if (word == "--shots") {
      o->slow.shots = static_cast<uint32_t>(std::atoi(value));
    } else if (word == "--seed") {
      o->seed = o->slow.seed = std::strtoull(value, nullptr, 10);
    } else if (word == "--only") {
      o->slow.only = value;
    } else if (word == "--answer") {
      o->answer = std::atof(value);
    } else if (word == "--slower") {
      o->slow.slower = std::atof(value);
    } else {
      return false;
    }
  }
  return !o->slow.rows.empty() || o->slow.shots == 0;
}

}  // namespace
}  // namespace stress

int main(int count, char** words) {
  stress::Options options;
  if (!stress::read_options(count, words, &options)) {
    std::fprintf(stderr,
                 "compile_stress ROWS [--requests N] [--shots N] [--only TEXT] [--seed N] "
                 "[--answer N] [--slower F]\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  stress::Canceller canceller;
  bool held = options.requests == 0 || stress::run_rounds(options, &canceller);
  held &= stress::run_slow(options, &canceller);
  std::printf(held ? "held\n" : "did not hold\n");
  return held ? 0 : 1;
}
