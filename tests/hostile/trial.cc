// Trials: the process, its clock and its memory.
//
// Entry point: run_trial. The child writes into memory that it shares with its parent, so that what
// it did last is known however it ends. CPU time counts, since others may use the machine.
//
//   compile {"not":...}   never ends   ->   killed by its timer in the phase "compile"
#include "trial.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xgr/xgr.h>

#include <algorithm>
#include <bit>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "limit_names.h"
#include "stopper.h"
#include "vocabularies.h"

namespace hostile {
namespace {

constexpr rlim_t kAddressSpace = rlim_t{3} << 30;

// What the child tells; plain, since it lies in shared memory.
struct Shared {
  char phase[32], outcome[32], failure[400], message[1000];
  double compile_seconds, mask_seconds, accept_seconds, stop_seconds;
  int64_t compile_kib;
  uint32_t steps;
  bool finished;
};

template <size_t Size>
void put(char (&to)[Size], const std::string& text) {
  std::snprintf(to, Size, "%s", text.c_str());
}

double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

int64_t peak_kib() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
#if defined(__APPLE__)
  return usage.ru_maxrss / 1024;
#else
  return usage.ru_maxrss;
#endif
}

uint64_t next_random(uint64_t* state) {  // splitmix64
  uint64_t z = *state += 0x9E3779B97F4A7C15ull;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return z ^ z >> 31;
}

class Child {
 public:
  Child(const Input& input, const Bounds& bounds, uint64_t seed, Shared* shared)
      : in_(input), bounds_(bounds), random_(seed), s_(*shared) {}

  void run() {
    vocabulary_ = vocabulary(in_.vocabulary);
    if (!vocabulary_) return fail("there is no vocabulary " + in_.vocabulary);
    mask_.resize(xgr_tokenizer_mask_words(vocabulary_->tokenizer));
    xgr_error_t* error = nullptr;
    const int64_t before = peak_kib();
    if (bounds_.cancel_after >= 0 && xgr_cancel_create(&cancel_) != XGR_OK)
      return fail("no request to stop");
    begin("compile", bounds_.compile_seconds);
    const xgr_status_t status =
        stoppable([&] { return compile(XGR_COMPILER_OPTIONS_INIT, &error); });
    s_.compile_seconds = end(bounds_.compile_seconds);
    s_.compile_kib = peak_kib() - before;
    if (bounds_.memory && s_.compile_kib > bounds_.compile_kib)
      fail("compiling took " + std::to_string(s_.compile_kib >> 10) + " MiB");
    if (status != XGR_OK) return refused(status, error);
    if (create()) walk();
  }

 private:
  void fail(const std::string& what) {
    if (s_.failure[0] == '\0') put(s_.failure, what);
  }
  bool failed() const { return s_.failure[0] != '\0'; }

  // Asks the call to stop while it runs, if that is what is tried.
  template <typename Call>
  xgr_status_t stoppable(Call call) {
    if (!cancel_) return call();
    Stopper stopper(cancel_, bounds_.cancel_after);
    const xgr_status_t status = call();
    const double since = stopper.end();
    if (status == XGR_ERROR_CANCELLED) s_.stop_seconds = since;
    if (status == XGR_ERROR_CANCELLED && since < 0 && !asked_) fail("cancelled without a request");
    asked_ = asked_ || since >= 0;  // just when the call had ended: the next one is cancelled
    return status;
  }

  // A phase has so much time, and somewhat more until the process is ended.
  void begin(const char* phase, double seconds) {
    put(s_.phase, phase);
    const double most = seconds * bounds_.slower * bounds_.stop_at + 0.05;
    itimerval timer{};
    timer.it_value.tv_sec = static_cast<time_t>(most);
    timer.it_value.tv_usec = static_cast<suseconds_t>((most - static_cast<int>(most)) * 1e6);
    setitimer(ITIMER_PROF, &timer, nullptr);
    began_ = cpu_seconds();
  }
  double end(double seconds) {
    const double took = cpu_seconds() - began_;
    const itimerval none{};
    setitimer(ITIMER_PROF, &none, nullptr);
    if (took > seconds * bounds_.slower) {
      char text[100];
      std::snprintf(text, sizeof text, "%s took %.3f s (step %u)", s_.phase, took, s_.steps);
      fail(text);
    }
    return took;
  }

  xgr_status_t compile(xgr_compiler_options_t options, xgr_error_t** error) {
    xgr_compiler_t* compiler = nullptr;
    xgr_status_t status = xgr_compiler_create(vocabulary_->tokenizer, &options, &compiler, error);
    if (status != XGR_OK) return status;
    const char* text = in_.source.data();
    const size_t size = in_.source.size();
    xgr_compile_options_t call = XGR_COMPILE_OPTIONS_INIT;
    call.cancel = cancel_;
    if (in_.kind == Kind::kJsonSchema) {
      xgr_json_schema_options_t how = XGR_JSON_SCHEMA_OPTIONS_INIT;
      how.lenient = in_.lenient;
      how.any_order = in_.any_order;
      how.unique_names = in_.unique_names;
      how.strict = in_.strict;
      status = xgr_compiler_compile_json_schema(compiler, text, size, nullptr, &how, &call,
                                                &grammar_, error);
    } else if (in_.kind == Kind::kEbnf) {
      status = xgr_compiler_compile_ebnf(compiler, text, size, nullptr, &call, &grammar_, error);
    } else if (in_.kind == Kind::kRegex) {
      status = xgr_compiler_compile_regex(compiler, text, size, nullptr, &call, &grammar_, error);
    } else {
      status = xgr_compiler_compile_lark(compiler, text, size, nullptr, &call, &grammar_, error);
    }
    xgr_compiler_destroy(compiler);
    return status;
  }

  void refused(xgr_status_t status, xgr_error_t* error) {
    put(s_.message, error ? xgr_error_message(error, nullptr) : "(without a message)");
    xgr_error_destroy(error);
    if (status == XGR_ERROR_CANCELLED) return put(s_.outcome, "cancelled");
    if (status == XGR_ERROR_INVALID_SOURCE) return put(s_.outcome, "invalid");
    if (status == XGR_ERROR_UNSUPPORTED) return put(s_.outcome, "unsupported");
    if (status != XGR_ERROR_LIMIT_EXCEEDED)
      return fail("compiling failed with " + std::string(xgr_status_message(status)));
    put(s_.outcome, "limit");
    if (!cancel_) check_limit(s_.message);
  }

  // The message names an option. A quarter of its value stops the same source, and says so: another
  // limit cannot have been the reason.
  void check_limit(const std::string& message) {
    LimitName found;
    if (!find_limit(message, &found)) return fail("the limit is no option: " + message);
    if (failed()) return;
    xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
    lower_limit(found, &options);
    xgr_error_t* error = nullptr;
    begin("compile with a lower limit", bounds_.compile_seconds);
    const xgr_status_t status = compile(options, &error);
    end(bounds_.compile_seconds);
    const std::string again = error ? xgr_error_message(error, nullptr) : "";
    xgr_error_destroy(error);
    LimitName second;
    if (status != XGR_ERROR_LIMIT_EXCEEDED || !find_limit(again, &second) ||
        second.name != found.name)
      fail("a quarter of " + found.name + " gives another answer: " + again);
  }

  bool create() {
    xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
    std::vector<int32_t> stops;
    for (const std::string& text : in_.stops) stops.push_back(vocabulary_->find(text));
    options.stop_tokens = stops.empty() ? nullptr : stops.data();
    options.stop_token_count = stops.size();
    xgr_error_t* error = nullptr;
    begin("create", bounds_.call_seconds);
    const xgr_status_t status = xgr_matcher_create(grammar_, &options, &matcher_, &error);
    end(bounds_.call_seconds);
    if (status == XGR_OK) {
      put(s_.outcome, "ok");
      return !cancel_ || xgr_matcher_set_cancel(matcher_, cancel_) == XGR_OK;
    }
    put(s_.outcome, "refused");
    put(s_.message, error ? xgr_error_message(error, nullptr) : "");
    if (status != XGR_ERROR_INVALID_ARGUMENT && status != XGR_ERROR_INVALID_SOURCE)
      fail("creating a matcher failed with " + std::string(xgr_status_message(status)));
    return false;
  }

  // False when the output cannot go on; a limit is a way to end, another failure is none.
  bool went_well(const char* what, xgr_status_t status) {
    if (status == XGR_OK) return true;
    if (status == XGR_ERROR_LIMIT_EXCEEDED) {
      put(s_.outcome, "call limit");
    } else if (status == XGR_ERROR_CANCELLED && cancel_) {
      put(s_.outcome, "cancelled");
    } else {
      fail(std::string(what) + " failed with " + xgr_status_message(status));
    }
    return false;
  }

  bool fill() {
    xgr_mask_kind_t kind = 0;
    begin("mask", bounds_.call_seconds);
    const xgr_status_t status = stoppable(
        [&] { return xgr_matcher_fill_bitmask(matcher_, mask_.data(), mask_.size(), &kind); });
    s_.mask_seconds = std::max(s_.mask_seconds, end(bounds_.call_seconds));
    if (!went_well("a mask", status)) return false;
    if (kind == XGR_MASK_KIND_TERMINATED) {
      if (!xgr_matcher_is_accepting(matcher_)) fail("ended without being complete");
      return false;
    }
    if (std::all_of(mask_.begin(), mask_.end(), [](uint32_t w) { return w == 0; })) {
      fail("dead end: no token is allowed (step " + std::to_string(s_.steps) + ")");
      return false;
    }
    return true;
  }
  bool has(int32_t token) const { return mask_[token / 32] >> (token % 32) & 1; }

  bool accept(const std::string& text, int32_t token) {
    int32_t accepted = 0;
    const size_t before = xgr_matcher_history_size(matcher_);
    begin("accept", bounds_.call_seconds);
    const xgr_status_t status = stoppable([&] {
      const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
      return token >= 0 ? xgr_matcher_accept_token(matcher_, token, &accepted)
                        : xgr_matcher_accept_bytes(matcher_, bytes, text.size(), &accepted);
    });
    s_.accept_seconds = std::max(s_.accept_seconds, end(bounds_.call_seconds));
    const size_t after = xgr_matcher_history_size(matcher_);
    const bool taken = status == XGR_OK && accepted;
    if (after != before + (taken ? 1 : 0)) fail("a step is in the history only half");
    if (!went_well("accepting", status)) return false;
    if (!taken) {
      fail("rejected, but allowed: " + (token >= 0 ? "token " + std::to_string(token) : text) +
           " (step " + std::to_string(s_.steps) + ")");
    }
    ++s_.steps;
    return taken && !failed();
  }

  bool read_text() {
    if (in_.text.empty()) return true;
    if (in_.whole) return accept(in_.text, -1);
    for (char c : in_.text) {
      const int32_t token = vocabulary_->bytes[static_cast<uint8_t>(c)];
      if (!fill()) return false;
      if (token >= 0 && !has(token)) {
        fail(std::string("the text cannot go on with ") + c + " (step " + std::to_string(s_.steps) +
             ")");
        return false;
      }
      if (!accept(std::string(1, c), token)) return false;
    }
    return true;
  }

  // Half of the time among all tokens, else among those of one byte: most structure is made of them.
  int32_t choose() {
    std::vector<int32_t> from;
    if (next_random(&random_) % 2) {
      for (int32_t token : vocabulary_->bytes) {
        if (token >= 0 && has(token)) from.push_back(token);
      }
    }
    if (!from.empty()) return from[next_random(&random_) % from.size()];
    size_t candidates = 0;
    for (uint32_t word : mask_) candidates += static_cast<size_t>(std::popcount(word));
    size_t skip = next_random(&random_) % candidates;
    for (size_t w = 0;; ++w) {
      const size_t here = static_cast<size_t>(std::popcount(mask_[w]));
      if (skip >= here) {
        skip -= here;
        continue;
      }
      uint32_t rest = mask_[w];
      for (; skip > 0; --skip) rest &= rest - 1;
      return static_cast<int32_t>(w * 32) + std::countr_zero(rest);
    }
  }

  void check_one_token() {
    const int32_t size = xgr_matcher_vocab_size(matcher_);
    const auto token = static_cast<int32_t>(next_random(&random_) % static_cast<uint64_t>(size));
    int32_t allowed = 0;
    begin("one token", bounds_.call_seconds);
    const xgr_status_t status = xgr_matcher_is_token_allowed(matcher_, token, &allowed);
    end(bounds_.call_seconds);
    if (status == XGR_OK && (allowed != 0) != has(token))
      fail("the mask disagrees about token " + std::to_string(token));
  }

  void walk() {
    if (!read_text()) return;
    for (uint32_t i = 0; i < in_.steps && !failed(); ++i) {
      if (!fill()) return;
      check_one_token();
      if (!accept("", choose())) return;
      if (xgr_matcher_is_terminated(matcher_)) return;
    }
  }

  const Input& in_;
  const Bounds& bounds_;
  uint64_t random_;
  Shared& s_;
  const Vocabulary* vocabulary_ = nullptr;
  xgr_grammar_t* grammar_ = nullptr;
  xgr_matcher_t* matcher_ = nullptr;
  xgr_cancel_t* cancel_ = nullptr;  // null: nobody asks
  bool asked_ = false;
  std::vector<uint32_t> mask_;
  double began_ = 0;
};

std::string how_it_ended(const Shared& s, int status) {
  const std::string where =
      " in " + std::string(s.phase) + " (step " + std::to_string(s.steps) + ")";
  if (WIFEXITED(status)) return "ended" + where;
  const int signal = WTERMSIG(status);
  if (signal == SIGPROF || signal == SIGXCPU) return "did not end in time" + where;
  return std::string("crashed: ") + strsignal(signal) + where;
}

Trial read(const Shared& s, const Bounds& bounds, int status) {
  Trial t;
  t.outcome = s.outcome;
  t.failure = s.failure;
  t.message = s.message;
  t.phase = s.phase;
  t.compile_seconds = s.compile_seconds;
  t.mask_seconds = s.mask_seconds;
  t.accept_seconds = s.accept_seconds;
  t.compile_kib = s.compile_kib;
  t.stop_seconds = s.outcome == std::string("cancelled") ? s.stop_seconds : -1;
  t.steps = s.steps;
  if (!s.finished) t.failure = how_it_ended(s, status);
  const double stopped = s.finished ? 0 : bounds.stop_at;
  t.used = std::max({stopped, t.compile_seconds / bounds.compile_seconds / bounds.slower,
                     t.mask_seconds / bounds.call_seconds / bounds.slower,
                     t.accept_seconds / bounds.call_seconds / bounds.slower,
                     static_cast<double>(t.compile_kib) / static_cast<double>(bounds.compile_kib)});
  return t;
}

}  // namespace

Trial run_trial(const Input& input, const Bounds& bounds, uint64_t seed) {
  vocabulary(input.vocabulary);  // made once, for all children
  void* memory =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  auto* shared = new (memory) Shared();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit no_core{0, 0}, space{kAddressSpace, kAddressSpace};
    setrlimit(RLIMIT_CORE, &no_core);
    if (bounds.memory) setrlimit(RLIMIT_AS, &space);
    Child(input, bounds, seed, shared).run();
    shared->finished = true;
    _exit(0);
  }
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  Trial t = read(*shared, bounds, status);
  munmap(memory, sizeof(Shared));
  return t;
}

}  // namespace hostile
