// Slow inputs: compiles, masks, steps and warm-ups that are told to stop while they are at it.
//
// Entry point: run_slow_inputs. Each row is compiled with a request to stop that is made somewhere
// between at once and half a second later; then once more in peace, for a walk and a warm-up that
// are stopped likewise. A step that was stopped is not in the history, and the matcher goes on.
//
//   nested keyword=not depth=20000   ->   cancelled after 31 ms, answered 0.1 ms later
#include "slow_inputs.h"

#include <unistd.h>
#include <xgr/xgr.h>

#include <atomic>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "../bench/vocabulary.h"
#include "../hostile/input.h"
#include "../hostile/vocabularies.h"

namespace stress {
namespace {

using hostile::Input;
using hostile::Kind;
using Random = xgr::core::bench::Random;
using std::chrono::milliseconds;

constexpr uint64_t kPeace = 5000;   // milliseconds for a compile that nobody stops
constexpr double kLongStop = 1000;  // milliseconds after which a compile has to have ended
constexpr double kHangs = 60;       // seconds after which the program gives up

// Ends the program when one thing takes too long, and says which.
class Watchdog {
 public:
  explicit Watchdog(double seconds) : seconds_(seconds), thread_([this] { run(); }) {}
  ~Watchdog() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  void begin(std::string what) {
    std::lock_guard<std::mutex> lock(mutex_);
    what_ = std::move(what);
    until_ = Clock::now() +
             std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds_));
  }

 private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stop_) {
      changed_.wait_for(lock, milliseconds(200));
      if (stop_ || what_.empty() || Clock::now() < until_) continue;
      std::printf("%s: does not stop\n", what_.c_str());
      std::fflush(stdout);
      _exit(1);
    }
  }

  const double seconds_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string what_;
  Clock::time_point until_;
  bool stop_ = false;
  std::thread thread_;
};

std::vector<std::string> read_rows(const Slow& slow) {
  std::ifstream file(slow.rows);
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.rfind(" : ");
    if (line.empty() || line[0] == '#' || colon == std::string::npos) continue;
    for (std::string& row : hostile::combinations(line.substr(0, colon))) {
      if (row.find(slow.only) != std::string::npos) out.push_back(std::move(row));
    }
  }
  return out;
}

xgr_status_t compile(xgr_compiler_t* compiler, const Input& in, const xgr_compile_options_t& how,
                     xgr_grammar_t** out) {
  const char* text = in.source.data();
  const size_t size = in.source.size();
  switch (in.kind) {
    case Kind::kEbnf:
      return xgr_compiler_compile_ebnf(compiler, text, size, nullptr, &how, out, nullptr);
    case Kind::kRegex:
      return xgr_compiler_compile_regex(compiler, text, size, nullptr, &how, out, nullptr);
    case Kind::kLark:
      return xgr_compiler_compile_lark(compiler, text, size, nullptr, &how, out, nullptr);
    case Kind::kJsonSchema:
      break;
  }
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  options.lenient = in.lenient;
  options.any_order = in.any_order;
  options.unique_names = in.unique_names;
  options.strict = in.strict;
  return xgr_compiler_compile_json_schema(compiler, text, size, nullptr, &options, &how, out,
                                          nullptr);
}

// Everything that is stopped in one row.
class Row {
 public:
  Row(const Slow& slow, const std::string& name, const Input& input, Canceller* canceller,
      SlowLatencies* latencies, Random* random)
      : slow_(slow),
        name_(name),
        in_(input),
        canceller_(*canceller),
        latencies_(*latencies),
        random_(*random),
        vocabulary_(*hostile::vocabulary(input.vocabulary)) {}

  bool run() {
    stop_compile();
    xgr_compiler_t* compiler = make_compiler();
    xgr_compile_options_t how = XGR_COMPILE_OPTIONS_INIT;
    how.timeout_milliseconds = kPeace;
    xgr_grammar_t* grammar = nullptr;
    if (compile(compiler, in_, how, &grammar) == XGR_OK) {
      stop_walk(grammar);
      stop_warm_up(grammar);
    }
    xgr_grammar_destroy(grammar);
    xgr_compiler_destroy(compiler);
    return held_;
  }

 private:
  void problem(const std::string& what) {
    std::printf("%s: %s\n", name_.c_str(), what.c_str());
    held_ = false;
  }

  Clock::duration moment() {
    const uint32_t scale = 1u << random_.below(10);
    return std::chrono::microseconds(
        static_cast<int64_t>(random_.below(scale * 1000) * slow_.slower));
  }

  xgr_compiler_t* make_compiler() {
    xgr_compiler_t* compiler = nullptr;
    if (xgr_compiler_create(vocabulary_.tokenizer, nullptr, &compiler, nullptr) != XGR_OK)
      std::abort();
    return compiler;
  }

  void stop_compile() {
    xgr_compiler_t* compiler = make_compiler();
    xgr_compile_options_t how = XGR_COMPILE_OPTIONS_INIT;
    xgr_grammar_t* grammar = nullptr;
    const std::shared_ptr<Shot> shot = canceller_.aim(moment(), &latencies_.compile, name_);
    how.cancel = shot->cancel();
    const xgr_status_t status = compile(compiler, in_, how, &grammar);
    shot->answered();
    if (status == XGR_ERROR_CANCELLED && !shot->requested()) problem("cancelled by nobody");
    xgr_grammar_destroy(grammar);
    // Waits for the thread that compiles.
    const Clock::time_point begin = Clock::now();
    xgr_compiler_destroy(compiler);
    const Clock::duration took = Clock::now() - begin;
    if (status != XGR_ERROR_CANCELLED) return;
    latencies_.stopped.add(took, 0, name_);
    const double ms = std::chrono::duration<double, std::milli>(took).count();
    if (ms > kLongStop * slow_.slower) problem("went on for " + std::to_string(ms) + " ms");
  }

  // Reads the text of the row and some tokens behind it, until it is stopped.
  void stop_walk(const xgr_grammar_t* grammar) {
    xgr_matcher_t* matcher = nullptr;
    if (xgr_matcher_create(grammar, nullptr, &matcher, nullptr) != XGR_OK) return;
    std::vector<uint32_t> mask(xgr_tokenizer_mask_words(vocabulary_.tokenizer));
    const std::shared_ptr<Shot> shot = canceller_.aim(moment(), &latencies_.step, name_);
    xgr_matcher_set_cancel(matcher, shot->cancel());
    size_t steps = 0, history = 0;
    xgr_status_t status = in_.whole ? accept(matcher, in_.text) : XGR_OK;
    const size_t read = in_.whole ? 0 : in_.text.size();
    while (status == XGR_OK && steps < read + in_.steps && !xgr_matcher_is_terminated(matcher)) {
      history = xgr_matcher_history_size(matcher);
      xgr_mask_kind_t kind = 0;
      status = xgr_matcher_fill_bitmask(matcher, mask.data(), mask.size(), &kind);
      if (status != XGR_OK || kind == XGR_MASK_KIND_TERMINATED) break;
      if (steps < read) {
        status = accept(matcher, in_.text.substr(steps, 1));
      } else {
        int32_t accepted = 0;
        const int32_t token = choose(mask);
        if (token < 0) break;
        status = xgr_matcher_accept_token(matcher, token, &accepted);
      }
      ++steps;
    }
    shot->answered();
    if (status == XGR_ERROR_CANCELLED) check_unchanged(matcher, history, *shot);
    xgr_matcher_destroy(matcher);
  }

  void check_unchanged(xgr_matcher_t* matcher, size_t history, const Shot& shot) {
    if (!shot.requested()) problem("cancelled by nobody");
    if (xgr_matcher_history_size(matcher) != history) problem("a cancelled step was taken");
    xgr_matcher_set_cancel(matcher, nullptr);
    std::vector<uint32_t> mask(xgr_tokenizer_mask_words(vocabulary_.tokenizer));
    xgr_mask_kind_t kind = 0;
    const xgr_status_t status = xgr_matcher_fill_bitmask(matcher, mask.data(), mask.size(), &kind);
    if (status != XGR_OK && status != XGR_ERROR_LIMIT_EXCEEDED)
      problem("after a cancel: " + std::string(xgr_status_message(status)));
  }

  static xgr_status_t accept(xgr_matcher_t* matcher, const std::string& text) {
    int32_t accepted = 0;
    return xgr_matcher_accept_bytes(matcher, reinterpret_cast<const uint8_t*>(text.data()),
                                    text.size(), &accepted);
  }

  // One that is allowed, from anywhere.
  int32_t choose(const std::vector<uint32_t>& mask) {
    const size_t start = random_.below(static_cast<uint32_t>(mask.size()));
    for (size_t i = 0; i < mask.size(); ++i) {
      const size_t word = (start + i) % mask.size();
      if (mask[word] != 0) return static_cast<int32_t>(word * 32) + std::countr_zero(mask[word]);
    }
    return -1;
  }

  void stop_warm_up(const xgr_grammar_t* grammar) {
    const std::shared_ptr<Shot> shot = canceller_.aim(moment(), &latencies_.warm_up, name_);
    const xgr_status_t status = xgr_grammar_warm_up(grammar, XGR_WARM_UP_FULL, shot->cancel());
    shot->answered();
    if (status == XGR_ERROR_CANCELLED && !shot->requested()) problem("cancelled by nobody");
  }

  const Slow& slow_;
  const std::string& name_;
  const Input& in_;
  Canceller& canceller_;
  SlowLatencies& latencies_;
  Random& random_;
  const hostile::Vocabulary& vocabulary_;
  bool held_ = true;
};

}  // namespace

bool run_slow_inputs(const Slow& slow, Canceller* canceller, SlowLatencies* latencies) {
  Watchdog watchdog(kHangs * slow.slower);
  Random random(slow.seed);
  const std::vector<std::string> rows = read_rows(slow);
  bool held = !rows.empty();
  if (!held) std::printf("%s: no rows\n", slow.rows.c_str());
  for (const std::string& row : rows) {
    Input input;
    std::string error;
    if (!hostile::make_input(row, &input, &error)) {
      std::printf("%s: %s\n", row.c_str(), error.c_str());
      held = false;
      continue;
    }
    for (uint32_t i = 0; i < slow.shots; ++i) {
      watchdog.begin(row);
      held &= Row(slow, row, input, canceller, latencies, &random).run();
    }
  }
  return held;
}

}  // namespace stress
