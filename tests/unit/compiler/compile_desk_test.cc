// The compile desk: who shares a compile, who may leave it, and what becomes of it then.
#include "compiler/compile_desk.h"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "../core_helpers.h"

namespace xgr::core::test {
namespace {

using std::chrono::milliseconds;
using JobPtr = std::unique_ptr<CompileJob>;

SourcePtr source_of(const std::string& text) {
  Result<SourcePtr> made = GrammarSource::ebnf(text, "root", EbnfDialect::kAuto, Limits(),
                                               GrammarSource::Reading::kDeferred);
  REQUIRE(made.ok());
  return made.value();
}

// Takes some tenths of a second, so that others come while it is compiled.
SourcePtr slow_source() {
  std::string text = "root ::= r0\n";
  constexpr int kRules = 40000;
  for (int i = 0; i < kRules; ++i) {
    const std::string n = std::to_string(i), next = std::to_string(i + 1 < kRules ? i + 1 : 0);
    text +=
        "r" + n + " ::= \"a" + n + "\" r" + next + " | \"x\" | [a-z" + next.substr(0, 1) + "]\n";
  }
  return source_of(text);
}

std::unique_ptr<Compiler> compiler_with(int32_t threads, size_t cache_bytes = kDefaultCacheBytes) {
  CompilerOptions options;
  options.threads = threads;
  options.cache_bytes = cache_bytes;
  Result<std::unique_ptr<Compiler>> made =
      Compiler::create(make_tokenizer(with_bytes({"ab"})), options);
  REQUIRE(made.ok());
  return std::move(made).value();
}

JobPtr start(Compiler& compiler, const CompileRequest& request) {
  Result<JobPtr> job = CompileJob::start(compiler.desk(), request);
  REQUIRE(job.ok());
  return std::move(job).value();
}

Status status_of(const Compiled& outcome) {
  return outcome.ok() ? Status::kOk : outcome.error().code;
}

TEST_CASE("compile desk: who asks for what is being compiled shares it") {
  auto compiler = compiler_with(2);
  const SourcePtr slow = slow_source();
  JobPtr first = start(*compiler, {slow}), second = start(*compiler, {slow});
  const Compiled third = compiler->compile(CompileRequest{slow});
  REQUIRE(third.ok());
  CHECK(first->wait(-1));
  CHECK(second->wait(-1));
  CHECK(first->result().value() == third.value());
  CHECK(second->result().value() == third.value());
  const CacheStats stats = compiler->desk()->cache_stats();
  CHECK(stats.misses == 1);
  CHECK(stats.shared + stats.hits == 2);
  CHECK(stats.entries == 1);
}

TEST_CASE("compile desk: who leaves takes nothing from the others") {
  auto compiler = compiler_with(2);
  const SourcePtr slow = slow_source();
  auto cancel = std::make_shared<Cancel>();
  JobPtr stays = start(*compiler, {slow}), goes = start(*compiler, {slow});
  JobPtr told = start(*compiler, {.source = slow, .cancel = cancel});
  CHECK_FALSE(goes->is_done());
  CHECK(status_of(goes->result()) == Status::kInvalidState);
  goes->cancel();
  cancel->request();
  CHECK(goes->is_done());
  CHECK(told->is_done());
  CHECK(status_of(goes->result()) == Status::kCancelled);
  CHECK(status_of(told->result()) == Status::kCancelled);
  CHECK_FALSE(stays->is_done());
  CHECK(stays->wait(-1));
  CHECK(status_of(stays->result()) == Status::kOk);
  CHECK(compiler->desk()->cache_stats().misses == 1);
}

TEST_CASE("compile desk: what all have left ends, and is compiled anew for who comes next") {
  auto compiler = compiler_with(2);
  const SourcePtr slow = slow_source();
  JobPtr first = start(*compiler, {slow}), second = start(*compiler, {slow});
  CHECK_FALSE(first->wait(2));
  first->cancel();
  second.reset();
  JobPtr late = start(*compiler, {slow});
  CHECK(late->wait(-1));
  CHECK(status_of(late->result()) == Status::kOk);
  CHECK(status_of(first->result()) == Status::kCancelled);
  const CacheStats stats = compiler->desk()->cache_stats();
  CHECK(stats.misses == 2);
  CHECK(stats.entries == 1);
}

TEST_CASE("compile desk: a call does not stand in line behind jobs") {
  auto compiler = compiler_with(1);
  const SourcePtr small = source_of("root ::= \"a\"*");
  JobPtr slow = start(*compiler, {slow_source()});
  JobPtr queued = start(*compiler, {small});
  CHECK_FALSE(queued->wait(1));
  const bool early = !slow->is_done();
  SUBCASE("in its own thread") { CHECK(compiler->compile(CompileRequest{small}).ok()); }
  SUBCASE("where it may leave") {
    CHECK(compiler->compile(CompileRequest{.source = small, .cancel = std::make_shared<Cancel>()})
              .ok());
  }
  if (early) CHECK_FALSE(slow->is_done());
  CHECK(queued->is_done());  // it was the same compile
  CHECK(compiler->desk()->cache_stats().misses == 2);
}

TEST_CASE("compile desk: time is over for one, not for all") {
  auto compiler = compiler_with(2);
  const SourcePtr slow = slow_source();
  const auto now = std::chrono::steady_clock::now();
  JobPtr patient = start(*compiler, {slow});
  CompileRequest hasty{
      .source = slow, .deadline = now + milliseconds(5), .timeout_milliseconds = 5};
  const Compiled outcome = compiler->compile(hasty);
  CHECK(std::chrono::steady_clock::now() >= *hasty.deadline);
  REQUIRE(status_of(outcome) == Status::kLimitExceeded);
  CHECK(outcome.error().message.find("timeout_milliseconds = 5") != std::string::npos);
  hasty.deadline = now;  // over before it begins
  CHECK(status_of(compiler->compile(hasty)) == Status::kLimitExceeded);
  JobPtr late = start(*compiler, hasty);
  CHECK(late->is_done());
  CHECK(status_of(late->result()) == Status::kLimitExceeded);
  CHECK(patient->wait(-1));
  CHECK(status_of(patient->result()) == Status::kOk);
  CHECK(compiler->compile(hasty).ok() == false);
  CHECK(compiler->desk()->cache_stats().misses == 1);
}

TEST_CASE("compile desk: a request to stop reaches who waits in a call") {
  auto compiler = compiler_with(1);
  auto cancel = std::make_shared<Cancel>();
  std::thread other([cancel] {
    std::this_thread::sleep_for(milliseconds(5));
    cancel->request();
  });
  const Compiled outcome =
      compiler->compile(CompileRequest{.source = slow_source(), .cancel = cancel});
  other.join();
  CHECK(status_of(outcome) == Status::kCancelled);
  CHECK(status_of(compiler->compile(CompileRequest{.source = source_of("root ::= \"a\""),
                                                   .cancel = cancel})) == Status::kCancelled);
}

TEST_CASE("compile desk: so many jobs may wait, and no more") {
  auto compiler = compiler_with(1);
  const CompileRequest small{.source = source_of("root ::= \"a\""), .bypass_cache = true};
  JobPtr slow = start(*compiler, {slow_source()});
  CHECK_FALSE(slow->wait(1));  // begun, so that it does not wait itself
  std::vector<JobPtr> waiting;
  Status last = Status::kOk;
  while (last == Status::kOk && waiting.size() <= 2 * CompileJob::kMaxWaiting) {
    Result<JobPtr> job = CompileJob::start(compiler->desk(), small);
    last = job.ok() ? Status::kOk : job.error().code;
    if (job.ok()) waiting.push_back(std::move(job).value());
  }
  CHECK(last == Status::kLimitExceeded);
  CHECK(waiting.size() >= CompileJob::kMaxWaiting);
  waiting.clear();
  slow.reset();
  JobPtr next;
  while (next == nullptr) {  // who has left is passed over
    Result<JobPtr> job = CompileJob::start(compiler->desk(), small);
    if (job.ok()) next = std::move(job).value();
  }
  CHECK(next->wait(-1));
  CHECK(next->result().ok());
}

TEST_CASE("compile desk: jobs outlive their compiler, and a desk its jobs") {
  auto compiler = compiler_with(3);
  const SourcePtr slow = slow_source();
  JobPtr kept = start(*compiler, {source_of("root ::= \"a\"")});
  start(*compiler, {slow}).reset();
  JobPtr running = start(*compiler, {slow});
  compiler.reset();
  CHECK(kept->wait(-1));
  CHECK(kept->result().ok());
  kept.reset();
  CHECK_FALSE(running->wait(0));
  running.reset();  // the last to hold the desk: it stops what runs
}

TEST_CASE("compile desk: without a cache nothing is shared") {
  auto compiler = compiler_with(2, 0);
  const SourcePtr small = source_of("root ::= \"a\"");
  CHECK(compiler->compile(CompileRequest{small}).ok());
  JobPtr job = start(*compiler, {small});
  CHECK(job->wait(-1));
  const CacheStats stats = compiler->desk()->cache_stats();
  CHECK(stats.misses == 2);
  CHECK(stats.entries + stats.hits + stats.shared == 0);
}

}  // namespace
}  // namespace xgr::core::test
