// Compares the library with the oracle on random scenarios. The program of the suite `reference`.
//
//   compare --states 200000 --seed 1            until so many distinct states were compared
//   compare --seconds 600 --family regex        or for so long
//   compare --seed 1 --only 123                 one scenario again
//
// Every scenario follows from (seed, number, family): a difference is printed with both, then made
// small and printed again. Exit status 0: no difference; 1: some; 2: bad arguments.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#include "printer.h"
#include "shrink.h"
#include "walker.h"

#if defined(__unix__) || defined(__APPLE__)
#define REFERENCE_CAN_FORK 1
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace reference {
namespace {

struct Options {
  uint64_t seed = 1;
  uint64_t states = 200000;
  double seconds = 0;  // 0: no limit
  std::string family;
  int64_t only = -1;
  int max_differences = 3;
  int shrink_trials = 2000;
};

// What runs now, for the handler of crashes and hangs.
char current_scenario[160];

#ifdef REFERENCE_CAN_FORK
constexpr unsigned kHangSeconds = 60;
constexpr unsigned kTrialSeconds = 5;

void report_crash(int signal_number) {
  const char* what = signal_number == SIGALRM ? "\nHANG in " : "\nCRASH in ";
  if (write(2, what, strlen(what)) < 0 ||
      write(2, current_scenario, strlen(current_scenario)) < 0) {
    _exit(1);
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

void install_handlers() {
  for (int number : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL, SIGALRM})
    signal(number, report_crash);
}

// Plays in a child process, so that crashes and hangs can be made small as well.
bool fails_somehow(const Scenario& scenario) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    for (int number : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL, SIGALRM}) signal(number, SIG_DFL);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(3);
    alarm(kTrialSeconds);
    _exit(play_script(scenario) ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return !WIFEXITED(status) || WEXITSTATUS(status) == 1;
}

void arm_hang_timer() { alarm(kHangSeconds); }
#else
void install_handlers() {}
void arm_hang_timer() {}
bool fails_somehow(const Scenario& scenario) { return play_script(scenario).has_value(); }
#endif

void print(const Scenario& scenario, const Difference& found) {
  std::printf("%s", describe(scenario).c_str());
  std::printf("--- after %s of case %zu: %s\n    oracle: %s\n    library: %s\n",
              quote(found.prefix).c_str(), found.case_index, found.what.c_str(), found.expected.c_str(),
              found.actual.c_str());
}

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {
    for (const Family& family : families()) {
      if (options.family.empty() || options.family == family.name) {
        for (int i = 0; i < family.share; ++i) draw_from_.push_back(&family);
      }
    }
  }

  int go() {
    start_ = std::chrono::steady_clock::now();
    uint64_t number = options_.only >= 0 ? static_cast<uint64_t>(options_.only) : 0;
    for (;; ++number) {
      run_scenario(number);
      ++scenarios_;
      if (options_.only >= 0 || differences_ >= options_.max_differences) break;
      if (options_.seconds > 0 ? elapsed() >= options_.seconds : states_ >= options_.states) break;
      if (elapsed() >= next_report_) {
        std::printf("  %.0f s: %llu states, %d differences\n", elapsed(),
                    static_cast<unsigned long long>(states_), differences_);
        std::fflush(stdout);
        next_report_ += 10;
      }
    }
    std::printf("reference: %llu states, %llu masks, %llu scenarios, seed %llu, %.1f s: %s (%d)\n",
                static_cast<unsigned long long>(states_), static_cast<unsigned long long>(masks_),
                static_cast<unsigned long long>(scenarios_),
                static_cast<unsigned long long>(options_.seed), elapsed(),
                differences_ == 0 ? "no difference" : "DIFFERENCES", differences_);
    return differences_ == 0 ? 0 : 1;
  }

 private:
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  void run_scenario(uint64_t number) {
    RandomSource random(mix_seed(options_.seed, number));
    const Family& family = *random.pick(draw_from_);
    std::snprintf(current_scenario, sizeof current_scenario, "--seed %llu --only %llu%s%s\n",
                  static_cast<unsigned long long>(options_.seed),
                  static_cast<unsigned long long>(number),
                  options_.family.empty() ? "" : " --family ", options_.family.c_str());
    arm_hang_timer();
    Scenario scenario = draw_scenario(family, random);
    Player player(scenario);
    const MaybeDifference found = walk(&scenario, random, &player);
    states_ += player.states_compared();
    masks_ += player.masks_compared();
    if (!found) return;
    ++differences_;
    std::printf("\nDIFFERENCE in %s", current_scenario);
    std::printf("    %s after %s of case %zu: oracle %s, library %s\n", found->what.c_str(),
                quote(found->prefix).c_str(), found->case_index, found->expected.c_str(),
                found->actual.c_str());
    std::fflush(stdout);
    report_small(scenario, *found);
  }

  void report_small(const Scenario& scenario, const Difference& found) {
    if (options_.shrink_trials == 0 || !fails_somehow(scenario)) {
      print(scenario, found);
      return;
    }
    const Scenario small = shrink(scenario, fails_somehow, options_.shrink_trials);
    const MaybeDifference again = play_script(small);
    print(small, again ? *again : found);
    std::fflush(stdout);
  }

  const Options options_;
  std::vector<const Family*> draw_from_;
  std::chrono::steady_clock::time_point start_;
  double next_report_ = 10;
  uint64_t states_ = 0, masks_ = 0, scenarios_ = 0;
  int differences_ = 0;
};

bool parse(int argc, char** argv, Options* out) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--seed")
      out->seed = std::strtoull(value.c_str(), nullptr, 10);
    else if (name == "--states")
      out->states = std::strtoull(value.c_str(), nullptr, 10);
    else if (name == "--seconds")
      out->seconds = std::strtod(value.c_str(), nullptr);
    else if (name == "--family")
      out->family = value;
    else if (name == "--only")
      out->only = std::strtoll(value.c_str(), nullptr, 10);
    else if (name == "--max-differences")
      out->max_differences = std::atoi(value.c_str());
    else if (name == "--shrink")
      out->shrink_trials = std::atoi(value.c_str());
    else
      return false;
  }
  bool known = out->family.empty();
  for (const Family& family : families()) known = known || out->family == family.name;
  return argc % 2 == 1 && known;
}

}  // namespace
}  // namespace reference

int main(int argc, char** argv) {
  reference::Options options;
  if (!reference::parse(argc, argv, &options)) {
    std::fprintf(stderr,
                 "compare [--seed N] [--states N] [--seconds S] [--family ebnf|regex|spelling]\n"
                 "        [--only N] [--max-differences N] [--shrink TRIALS]\n");
    return 2;
  }
  reference::install_handlers();
  return reference::Run(options).go();
}
