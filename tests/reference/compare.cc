// Compares the library with the oracle on random scenarios. The program of the suite `reference`.
//
//   compare --states 200000 --seed 1            until so many distinct states were compared
//   compare --seconds 600 --family regex        or for so long
//   compare --seed 1 --only 123                 one scenario again
//   compare --memory-budget 1                   masks are given up after each use, in all scenarios
//   compare --warm-up 2 --threads 4             masks computed ahead (1: some, 2: all), by threads
//
// Every scenario follows from (seed, number, family): a difference is printed with them, then made
// small and printed in full. Crashes and hangs of the library count as differences; the run goes on
// behind them. Exit status 0: no difference; 1: some; 2: bad arguments.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "isolation.h"
#include "printer.h"
#include "shrink.h"
#include "walker.h"

namespace reference {
namespace {

constexpr unsigned kScenarioSeconds = 60;
constexpr unsigned kTrialSeconds = 3;
constexpr int kFirstDifferenceCode = 10;  // exit codes of trials

struct Options {
  uint64_t seed = 1;
  uint64_t states = 200000;
  double seconds = 0;  // 0: no limit
  std::string family;
  int64_t only = -1;
  int max_differences = 3;
  int shrink_trials = 2000;
  int64_t memory_budget = -1;  // -1: as drawn
  int warm_up = 0, threads = 1;
};

struct Progress {  // survives a crash of the worker
  uint64_t number, states, masks, scenarios;
  int differences;
  double next_report;
};

// Differences of the same sort have the same code, so that shrinking does not drift to another.
int difference_code(const MaybeDifference& found) {
  if (!found) return 0;
  unsigned code = 0;
  for (char c : found->what) {
    if (c == '(' || (c >= '0' && c <= '9')) break;
    code = code * 31 + static_cast<unsigned char>(c);
  }
  return kFirstDifferenceCode + static_cast<int>(code % 200);
}

int outcome(const Scenario& scenario) {
  return run_isolated(
      [&scenario] {
        arm_timer(kTrialSeconds);
        return difference_code(play_script(scenario));
      },
      true);
}

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options), progress_(static_cast<Progress*>(shared_memory(sizeof(Progress)))) {
    for (const Family& family : families()) {
      if (options.family == family.name) draw_from_.push_back(&family);
      if (!options.family.empty()) continue;
      for (int i = 0; i < family.share; ++i) draw_from_.push_back(&family);
    }
    progress_->number = options.only >= 0 ? static_cast<uint64_t>(options.only) : 0;
    progress_->next_report = 10;
  }

  int go() {
    for (;;) {
      const int result = run_isolated([this] { return work(); }, false);
      if (result >= 0) break;
      ++progress_->differences;
      report_crash(result == kHung ? "HANG" : "CRASH");
      ++progress_->number;
      if (is_over()) break;
    }
    std::printf("reference: %llu states, %llu masks, %llu scenarios, seed %llu, %.0f s: %s (%d)\n",
                number(progress_->states), number(progress_->masks), number(progress_->scenarios),
                number(options_.seed), elapsed(),
                progress_->differences == 0 ? "no difference" : "DIFFERENCES",
                progress_->differences);
    return progress_->differences == 0 ? 0 : 1;
  }

 private:
  static unsigned long long number(uint64_t value) { return value; }

  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  bool is_over() const {
    if (options_.only >= 0 || progress_->differences >= options_.max_differences) return true;
    return options_.seconds > 0 ? elapsed() >= options_.seconds
                                : progress_->states >= options_.states;
  }

  // Scenarios from progress_->number on, until the end of the run.
  int work() {
    for (;; ++progress_->number) {
      arm_timer(kScenarioSeconds);
      run_scenario();
      ++progress_->scenarios;
      if (is_over()) return 0;
      if (elapsed() < progress_->next_report) continue;
      std::printf("  %.0f s: %llu states, %d differences\n", elapsed(), number(progress_->states),
                  progress_->differences);
      std::fflush(stdout);
      progress_->next_report = elapsed() + 10;
    }
  }

  Scenario draw(RandomSource* random) const {
    Scenario out = draw_scenario(*random->pick(draw_from_), *random);
    if (options_.memory_budget >= 0)
      out.memory_budget = static_cast<size_t>(options_.memory_budget);
    out.warm_up = options_.warm_up;
    out.threads = options_.threads;
    return out;
  }

  void run_scenario() {
    RandomSource random(mix_seed(options_.seed, progress_->number));
    Scenario scenario = draw(&random);
    Player player(scenario, Player::kLibraryAndOracle);
    const MaybeDifference found = walk(&scenario, random, &player);
    progress_->states += player.states_compared();
    progress_->masks += player.masks_compared();
    if (!found) return;
    arm_timer(0);
    ++progress_->differences;
    headline("DIFFERENCE");
    print(*found);
    report_small(scenario, difference_code(found));
  }

  // The walk follows from the oracle alone, so it is repeated without the library.
  void report_crash(const char* what) {
    headline(what);
    RandomSource random(mix_seed(options_.seed, progress_->number));
    Scenario scenario = draw(&random);
    Player player(scenario, Player::kOracleOnly);
    walk(&scenario, random, &player);
    report_small(scenario, std::string(what) == "HANG" ? kHung : kCrashed);
  }

  void report_small(const Scenario& scenario, int code) {
    if (options_.shrink_trials == 0 || outcome(scenario) != code) {
      std::printf("%s(not made small)\n", describe(scenario).c_str());
      return;
    }
    const Fails fails = [code](const Scenario& trial) { return outcome(trial) == code; };
    const int trials = code == kHung ? options_.shrink_trials / 10 : options_.shrink_trials;
    const Scenario small = shrink(scenario, fails, trials);
    std::printf("%s", describe(small).c_str());
    if (code > 0) print(play_script(small).value_or(Difference{"nothing", "", "", "", 0}));
    std::fflush(stdout);
  }

  void headline(const char* what) const {
    std::printf("\n%s in --seed %llu --only %llu%s%s\n", what, number(options_.seed),
                number(progress_->number), options_.family.empty() ? "" : " --family ",
                options_.family.c_str());
    std::fflush(stdout);
  }

  static void print(const Difference& found) {
    std::printf("--- after %s of case %zu: %s\n    oracle: %s\n    library: %s\n",
                quote(found.prefix).c_str(), found.case_index, found.what.c_str(),
                found.expected.c_str(), found.actual.c_str());
    std::fflush(stdout);
  }

  const Options options_;
  Progress* const progress_;
  std::vector<const Family*> draw_from_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

bool parse(int argc, char** argv, Options* out) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--seed") {
      out->seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "--states") {
      out->states = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "--seconds") {
      out->seconds = std::strtod(value.c_str(), nullptr);
    } else if (name == "--family") {
      out->family = value;
    } else if (name == "--only") {
      out->only = std::strtoll(value.c_str(), nullptr, 10);
    } else if (name == "--max-differences") {
      out->max_differences = std::atoi(value.c_str());
    } else if (name == "--memory-budget") {
      out->memory_budget = std::strtoll(value.c_str(), nullptr, 10);
    } else if (name == "--warm-up") {
      out->warm_up = std::atoi(value.c_str());
    } else if (name == "--threads") {
      out->threads = std::atoi(value.c_str());
    } else if (name == "--shrink") {
      out->shrink_trials = std::atoi(value.c_str());
    } else {
      return false;
    }
  }
  bool known = out->family.empty();
  for (const Family& family : families()) known = known || out->family == family.name;
  const bool in_range = out->warm_up >= 0 && out->warm_up <= 2 && out->threads >= 1;
  return argc % 2 == 1 && known && in_range;
}

}  // namespace
}  // namespace reference

int main(int argc, char** argv) {
  reference::Options options;
  if (!reference::parse(argc, argv, &options)) {
    std::fprintf(stderr,
                 "compare [--seed N] [--states N] [--seconds S] [--family NAME] [--only N]\n"
                 "        [--memory-budget BYTES] [--warm-up 0|1|2] [--threads N]\n"
                 "        [--max-differences N] [--shrink TRIALS]\nfamilies:");
    for (const reference::Family& family : reference::families()) {
      std::fprintf(stderr, " %s", family.name);
    }
    std::fprintf(stderr, "\n");
    return 2;
  }
  return reference::Run(options).go();
}
