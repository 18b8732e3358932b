// Requests: compiles of few schemas from many threads, with requests to stop and timeouts at random.
//
// Entry point: run_round. Each answer is checked by itself: a grammar takes the text of its schema, a
// request to stop and a timeout end only who asked with them, an invalid schema is invalid for all. The
// statistics of the cache say how often was compiled: where a job for every schema waits all the time,
// once for each.
//
//   8 threads x 1,250 requests of 100 schemas   ->   100 compiled, 9,900 found or shared
#include "requests.h"

#include <xgr/xgr.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "../bench/cases.h"
#include "../bench/vocabulary.h"
#include "../hostile/vocabularies.h"

namespace stress {
namespace {

using Random = xgr::core::bench::Random;
using std::chrono::microseconds;

// One schema; every tenth is none.
struct Key {
  std::string schema, text;
  bool valid = true;
  xgr_grammar_source_t* source = nullptr;  // the same request as the schema
};

enum class Way : uint8_t { kSchema, kSource, kJob, kJobCancelled, kJobDestroyed, kCount };

// What one request asked for.
struct Asked {
  const Key* key;
  std::shared_ptr<Shot> shot;  // null: no request to stop
  uint64_t timeout = 0;
  bool job_cancelled = false;
  Clock::time_point begin;
  uint64_t waited = 0;
};

class Requests {
 public:
  Requests(const Round& round, Canceller* canceller, Latencies* cancels, Latencies* timeouts)
      : round_(round), canceller_(*canceller), cancels_(*cancels), timeouts_(*timeouts) {}

  bool run() {
    make_keys();
    make_compiler();
    std::vector<xgr_compile_job_t*> anchors;
    for (const Key& key : keys_) {
      if (round_.anchored) anchors.push_back(start(key, nullptr));
    }
    std::thread watcher([this] { watch_limit(); });
    std::vector<std::thread> threads;
    for (uint32_t t = 0; t < round_.threads; ++t) threads.emplace_back([this, t] { ask(t); });
    for (std::thread& t : threads) t.join();
    over_ = true;
    watcher.join();
    for (size_t i = 0; i < anchors.size(); ++i) finish_anchor(keys_[i], anchors[i]);
    check_counts();
    xgr_compiler_destroy(compiler_);
    for (const Key& key : keys_) xgr_grammar_source_destroy(key.source);
    return problems_ == 0;
  }

 private:
  void problem(const std::string& what) {
    if (++problems_ <= 10) std::printf("%s: %s\n", round_.name, what.c_str());
  }
  void expect(bool holds, const std::string& what) {
    if (!holds) problem(what);
  }

  void make_keys() {
    for (uint32_t i = 0; i < round_.keys; ++i) {
      Key key;
      xgr::core::bench::Case c = xgr::core::bench::random_schema(round_.seed * 1000 + i);
      key.valid = i % 10 != 9;
      key.schema = key.valid ? c.source : c.source + "]";
      key.text = c.texts.at(0);
      xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
      options.deferred = 1;
      const xgr_status_t status = xgr_grammar_source_from_json_schema(
          key.schema.data(), key.schema.size(), nullptr, &options, &key.source, nullptr);
      if (status != XGR_OK) std::abort();
      keys_.push_back(std::move(key));
    }
  }

  void make_compiler() {
    xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
    options.threads = round_.compiler_threads;
    options.cache_limit = round_.cache_limit;
    options.no_cache = round_.no_cache;
    if (xgr_compiler_create(hostile::vocabulary("8k")->tokenizer, &options, &compiler_, nullptr) !=
        XGR_OK)
      std::abort();
  }

  xgr_compile_job_t* start(const Key& key, const xgr_compile_options_t* options) {
    xgr_compile_job_t* job = nullptr;
    if (xgr_compiler_start_job(compiler_, key.source, options, &job, nullptr) != XGR_OK)
      problem("a job could not be started");
    return job;
  }

  void finish_anchor(const Key& key, xgr_compile_job_t* job) {
    xgr_grammar_t* grammar = nullptr;
    expect(xgr_compile_job_wait(job, -1) == 1, "a job did not end");
    const xgr_status_t status = xgr_compile_job_result(job, &grammar, nullptr);
    expect(status == (key.valid ? XGR_OK : XGR_ERROR_INVALID_SOURCE), "a job failed");
    xgr_grammar_destroy(grammar);
    xgr_compile_job_destroy(job);
  }

  xgr_cache_stats_t stats() {
    xgr_cache_stats_t out = XGR_CACHE_STATS_INIT;
    expect(xgr_compiler_cache_stats(compiler_, &out) == XGR_OK, "no statistics");
    return out;
  }

  void watch_limit() {
    while (!over_) {
      const xgr_cache_stats_t s = stats();
      expect(s.memory_size <= s.memory_limit, "the cache has " + std::to_string(s.memory_size) +
                                                  " of " + std::to_string(s.memory_limit) +
                                                  " bytes");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  // The requests of one thread.
  void ask(uint32_t thread) {
    Random random(round_.seed * 100 + thread);
    for (uint64_t i = thread; i < round_.requests; i += round_.threads) ask_once(&random);
  }

  // Some time between almost none and some milliseconds.
  static microseconds moment(Random* random) {
    const uint32_t scale = 1u << random->below(13);
    return microseconds(random->below(scale));
  }

  void ask_once(Random* random) {
    Asked asked;
    asked.key = &keys_[random->below(round_.keys)];
    xgr_compile_options_t options = XGR_COMPILE_OPTIONS_INIT;
    const auto way = static_cast<Way>(random->below(static_cast<uint32_t>(Way::kCount)));
    if (random->one_in(2)) {
      const bool waits = way != Way::kJobCancelled && way != Way::kJobDestroyed;
      asked.shot = canceller_.aim(moment(random), waits ? &cancels_ : nullptr,
                                  asked.key->schema.substr(0, 60));
      options.cancel = asked.shot->cancel();
    }
    if (random->one_in(4)) options.timeout_milliseconds = asked.timeout = 1 + random->below(6);
    options.bypass_cache = random->one_in(50);
    bypassed_ += options.bypass_cache != 0;
    asked.waited = WaitClock::of_this_thread().waited();
    asked.begin = Clock::now();
    if (way == Way::kSchema || way == Way::kSource) {
      compile(asked, options, way == Way::kSchema, random);
    } else {
      run_job(&asked, options, way, random);
    }
  }

  void compile(const Asked& asked, const xgr_compile_options_t& options, bool schema,
               Random* random) {
    const Key& key = *asked.key;
    xgr_grammar_t* grammar = nullptr;
    xgr_error_t* error = nullptr;
    const xgr_status_t status =
        schema ? xgr_compiler_compile_json_schema(compiler_, key.schema.data(), key.schema.size(),
                                                  nullptr, nullptr, &options, &grammar, &error)
               : xgr_compiler_compile_source(compiler_, key.source, &options, &grammar, &error);
    if (asked.shot != nullptr) asked.shot->answered();
    check(asked, status, grammar, error, random);
  }

  void run_job(Asked* asked, const xgr_compile_options_t& options, Way way, Random* random) {
    xgr_compile_job_t* job = start(*asked->key, &options);
    if (job == nullptr) return;
    if (way != Way::kJob) {
      std::this_thread::sleep_for(moment(random));
      xgr_compile_job_is_done(job);
      xgr_compile_job_wait(job, random->below(2));
    }
    if (way == Way::kJobDestroyed) {
      if (asked->shot != nullptr) asked->shot->answered();
      ++left_;
      return xgr_compile_job_destroy(job);
    }
    const Clock::time_point at = Clock::now();
    const uint64_t waited = WaitClock::of_this_thread().waited();
    asked->job_cancelled = way == Way::kJobCancelled;
    if (asked->job_cancelled) xgr_compile_job_cancel(job);
    expect(xgr_compile_job_wait(job, -1) == 1, "a job did not end");
    if (asked->job_cancelled) {
      cancels_.add(Clock::now() - at, WaitClock::of_this_thread().waited() - waited,
                   "xgr_compile_job_cancel");
    }
    if (asked->shot != nullptr) asked->shot->answered();
    xgr_grammar_t* grammar = nullptr;
    xgr_error_t* error = nullptr;
    const xgr_status_t status = xgr_compile_job_result(job, &grammar, &error);
    xgr_compile_job_destroy(job);
    check(*asked, status, grammar, error, random);
  }

  void check(const Asked& asked, xgr_status_t status, xgr_grammar_t* grammar, xgr_error_t* error,
             Random* random) {
    const Clock::time_point now = Clock::now();
    const uint64_t waited = WaitClock::of_this_thread().waited() - asked.waited;
    const std::string message = error != nullptr ? xgr_error_message(error, nullptr) : "";
    xgr_error_destroy(error);
    expect((grammar != nullptr) == (status == XGR_OK), "a grammar and a failure");
    if (status == XGR_OK) {
      expect(asked.key->valid, "an invalid schema was compiled");
      if (random->one_in(16)) expect(takes_its_text(*asked.key, grammar), "not its grammar");
    } else if (status == XGR_ERROR_CANCELLED) {
      ++left_, ++cancelled_;
      expect(asked.job_cancelled || (asked.shot != nullptr && asked.shot->requested()),
             "cancelled without a request");
    } else if (status == XGR_ERROR_LIMIT_EXCEEDED) {
      ++left_, ++timed_out_;
      const auto limit = std::chrono::milliseconds(asked.timeout);
      expect(asked.timeout > 0 && now - asked.begin >= limit &&
                 message.find("timeout_milliseconds = " + std::to_string(asked.timeout)) !=
                     std::string::npos,
             "timed out: " + message);
      timeouts_.add(now - asked.begin - limit, waited);
    } else {
      expect(status == XGR_ERROR_INVALID_SOURCE && !asked.key->valid,
             "failed with " + std::string(xgr_status_message(status)) + ": " + message);
    }
    xgr_grammar_destroy(grammar);
  }

  static bool takes_its_text(const Key& key, const xgr_grammar_t* grammar) {
    xgr_matcher_t* matcher = nullptr;
    int32_t accepted = 0;
    if (xgr_matcher_create(grammar, nullptr, &matcher, nullptr) != XGR_OK) return false;
    const xgr_status_t status = xgr_matcher_accept_bytes(
        matcher, reinterpret_cast<const uint8_t*>(key.text.data()), key.text.size(), &accepted);
    const bool complete = xgr_matcher_is_accepting(matcher) != 0;
    xgr_matcher_destroy(matcher);
    return status == XGR_OK && accepted != 0 && complete;
  }

  // How often was compiled, and at most.
  void check_counts() {
    const xgr_cache_stats_t s = stats();
    const uint64_t asked = round_.requests + (round_.anchored ? round_.keys : 0);
    const auto number = [](uint64_t n) { return std::to_string(n); };
    std::printf(
        "%-28s %6s requests: %s compiled, %s found, %s shared, %s evicted; %s cancelled, %s "
        "timed out; %s of %s KiB\n",
        round_.name, number(asked).c_str(), number(s.misses).c_str(), number(s.hits).c_str(),
        number(s.shared).c_str(), number(s.evictions).c_str(), number(cancelled_).c_str(),
        number(timed_out_).c_str(), number(s.memory_size >> 10).c_str(),
        number(s.memory_limit >> 10).c_str());
    // Who has left before he asked has no part in it.
    expect(s.misses + s.hits + s.shared <= asked && s.misses + s.hits + s.shared + left_ >= asked,
           "the counts do not add up");
    if (round_.no_cache) {
      expect(s.entries == 0 && s.hits == 0, "something was kept");
    } else if (round_.anchored) {
      expect(s.misses <= round_.keys + bypassed_ && s.misses >= round_.keys,
             "something was compiled twice");
      expect(s.entries == round_.keys, number(s.entries) + " entries");
    } else if (round_.cache_limit == 0) {
      expect(s.misses <= round_.keys + bypassed_ + left_, "something was compiled without need");
    } else {
      expect(s.evictions > 0, "the limit was not reached");
    }
  }

  const Round& round_;
  Canceller& canceller_;
  Latencies &cancels_, &timeouts_;
  std::vector<Key> keys_;
  xgr_compiler_t* compiler_ = nullptr;
  std::atomic<bool> over_{false};
  std::atomic<uint64_t> problems_{0}, cancelled_{0}, timed_out_{0}, bypassed_{0};
  std::atomic<uint64_t> left_{0};  // requests that may have ended before their compile
};

}  // namespace

bool run_round(const Round& round, Canceller* canceller, Latencies* cancels, Latencies* timeouts) {
  return Requests(round, canceller, cancels, timeouts).run();
}

}  // namespace stress
