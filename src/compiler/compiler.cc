// Compiler: source -> Grammar -> Engine.
//
// Entry points: compile_in, by way of Compiler::compile and the desk, or of the functions without a
// cache. The source is built by its front ends, Engine::create analyses (no string at all is found here)
// and links what is shared; nothing looks at the vocabulary, unless a warm-up is asked for. What the
// front ends notice is kept with the grammar.
//
//   compile_json_schema(R"({"type":"integer"})", {}) -> CompiledGrammar
//
// Tests: tests/unit/compiler/compiler_test.cc.
#include "compiler/compiler.h"

#include <algorithm>

#include "compiler/compile_desk.h"
#include "compiler/grammar_source.h"
#include "compiler/token_names.h"
#include "compiler/workshop.h"
#include "frontend/source_notes.h"
#include "grammar/printer.h"
#include "mask/engine.h"
#include "mask/warm_up.h"
#include "support/bounded.h"

namespace xgr::core {
namespace {

// A grammar is mostly smaller than a source of more, which only explanations would need.
constexpr size_t kMaxKeptSourceBytes = size_t{1} << 16;

}  // namespace

CompiledGrammar::CompiledGrammar(std::shared_ptr<Engine> engine, std::shared_ptr<Workshop> workshop,
                                 std::vector<Diagnostic> diagnostics, SourcePtr source)
    : engine_(std::move(engine)),
      workshop_(std::move(workshop)),
      diagnostics_(std::make_shared<const std::vector<Diagnostic>>(std::move(diagnostics))),
      source_(std::move(source)),
      source_bytes_(source_ == nullptr ? 0 : source_->key(false).size()) {
  if (source_bytes_ <= kMaxKeptSourceBytes) return;
  source_.reset();
  source_bytes_ = 0;
}
CompiledGrammar::~CompiledGrammar() = default;

const std::shared_ptr<const Tokenizer>& CompiledGrammar::tokenizer() const {
  return workshop_->tokenizer();
}
const Limits& CompiledGrammar::limits() const { return workshop_->options().limits; }
WorkerPool& CompiledGrammar::workers() const { return workshop_->workers(); }

namespace {

// What a source is built with for the tokenizer.
SourceContext context_of(const std::shared_ptr<const Tokenizer>& tokenizer, const Limits& limits,
                         SourceNotes* notes) {
  SourceContext context{limits, token_names(tokenizer), notes};
  context.token_count = static_cast<uint32_t>(tokenizer->vocab_size());
  for (int32_t id : tokenizer->stop_tokens())
    context.stop_tokens.add(static_cast<uint32_t>(id), static_cast<uint32_t>(id));
  return context;
}

}  // namespace

TextRefusal CompiledGrammar::refusal(const RefusedText& text, const RefusalTrial& trial,
                                     const Limits& limits) const {
  if (source_ == nullptr) return {};
  return source_->refusal(text, trial, context_of(tokenizer(), limits, nullptr));
}

Result<std::string> CompiledGrammar::to_ebnf() const {
  std::lock_guard<std::mutex> lock(engine_->automaton().mutex());
  return bounded(limits(), nullptr, [&](const Limits& own) {
    return print_ebnf(engine_->automaton().grammar(), own);
  });
}

size_t CompiledGrammar::memory_bytes() const {
  return sizeof(*this) + source_bytes_ + engine_->memory_bytes();
}

size_t CompiledGrammar::known_bytes() const {
  size_t bytes = sizeof(*this) + source_bytes_ + engine_->known_bytes();
  for (const Diagnostic& d : *diagnostics_)
    bytes += sizeof(d) + d.subject.capacity() + d.message.capacity() + d.json_pointer.capacity();
  return bytes;
}

CompiledStats CompiledGrammar::stats() const { return workshop_->stats_of(engine_->stats()); }

// The work of a warm-up, of which the workers already do their share.
std::shared_ptr<WarmUp> CompiledGrammar::share_warm_up(WarmUpLevel level) const {
  constexpr size_t kShareOfStates = 16;  // the rest is left to outputs
  // Some room is left, so that what is computed ahead drives out no masks that are in use.
  const size_t most = workshop_->memory_budget() - workshop_->memory_budget() / 8;
  WarmUpLimits limits = limits_of(level);
  limits.states = this->limits().max_states / kShareOfStates;
  limits.work = this->limits().max_work_per_call;
  const size_t ours = engine_->memory_bytes() + engine_->shared().memory_bytes();
  const size_t all = std::max(ours, static_cast<size_t>(workshop_->stats().memory));
  limits.memory = most - std::min(most, all - ours);
  auto work = std::make_shared<WarmUp>(engine_, limits);
  auto job = [work](const std::atomic<bool>& stop) { work->run(stop); };
  WorkerPool& workers = workshop_->workers();
  for (int i = 0; i < workers.workers() && workers.submit(job); ++i) {
  }
  return work;
}

void CompiledGrammar::warm_up(WarmUpLevel level, const std::atomic<bool>& stop) const {
  if (level == WarmUpLevel::kNone) return;
  share_warm_up(level)->run(stop);
}

void CompiledGrammar::begin_warm_up(WarmUpLevel level) const {
  if (workshop_->workers().workers() == 0) {
    const std::atomic<bool> never{false};
    warm_up(level, never);
  } else if (level != WarmUpLevel::kNone) {
    share_warm_up(level);
  }
}

Compiler::Compiler(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options)
    : workshop_(std::make_shared<Workshop>(std::move(tokenizer), options)),
      desk_(std::make_shared<CompileDesk>(workshop_)) {}
Compiler::~Compiler() = default;

const std::shared_ptr<const Tokenizer>& Compiler::tokenizer() const {
  return workshop_->tokenizer();
}
const CompilerOptions& Compiler::options() const { return workshop_->options(); }
SharedEngine& Compiler::shared_engine() const { return *workshop_->shared(); }

Result<std::unique_ptr<Compiler>> Compiler::create(std::shared_ptr<const Tokenizer> tokenizer,
                                                   const CompilerOptions& options) {
  if (options.threads < 1) {
    return make_error(Status::kInvalidArgument,
                      "threads is " + std::to_string(options.threads) + "; expected at least 1");
  }
  return std::unique_ptr<Compiler>(new Compiler(std::move(tokenizer), options));
}

namespace {

Compiled compile_bounded(const std::shared_ptr<Workshop>& workshop, Grammar grammar,
                         std::vector<Diagnostic> diagnostics, SourcePtr source,
                         const Limits& limits) {
  Result<std::shared_ptr<Engine>> engine =
      Engine::create(workshop->shared(), std::move(grammar), limits, limits.work);
  if (!engine.ok()) return engine.error();
  workshop->remember(engine.value());
  auto compiled = std::make_shared<const CompiledGrammar>(
      std::move(engine).value(), workshop, std::move(diagnostics), std::move(source));
  compiled->begin_warm_up(workshop->options().warm_up);
  return compiled;
}

}  // namespace

Compiled compile_in(const std::shared_ptr<Workshop>& workshop, Grammar grammar,
                    std::vector<Diagnostic> diagnostics) {
  return bounded(workshop->options().limits, nullptr, [&](const Limits& limits) -> Compiled {
    return compile_bounded(workshop, std::move(grammar), std::move(diagnostics), nullptr, limits);
  });
}

Compiled compile_in(const std::shared_ptr<Workshop>& workshop, const SourcePtr& source,
                    const Cancel* cancel) {
  return bounded(workshop->options().limits, cancel, [&](const Limits& limits) -> Compiled {
    const std::shared_ptr<const Tokenizer>& tokenizer = workshop->tokenizer();
    SourceNotes notes(&tokenizer->special_names());
    Result<Grammar> grammar = source->grammar(context_of(tokenizer, limits, &notes));
    if (!grammar.ok()) return grammar.error();
    Compiled out =
        compile_bounded(workshop, std::move(grammar).value(), notes.take(), source, limits);
    if (out.ok() || out.error().code != Status::kInvalidSource) return out;
    return source->explain(std::move(out.error()), limits);
  });
}

Compiled Compiler::compile(const CompileRequest& request) { return desk_->compile(request); }

Compiled Compiler::compile(Grammar grammar, std::vector<Diagnostic> diagnostics) {
  return compile_in(workshop_, std::move(grammar), std::move(diagnostics));
}

Compiled Compiler::compile(Result<Grammar> grammar) {
  if (!grammar.ok()) return grammar.error();
  return compile(std::move(grammar).value());
}

Compiled Compiler::compile(const Result<SourcePtr>& source) {
  if (!source.ok()) return source.error();
  return compile_source(source.value());
}

Compiled Compiler::compile_source(const SourcePtr& source) {
  return compile_in(workshop_, source, nullptr);
}

namespace {
constexpr auto kLater = GrammarSource::Reading::kDeferred;
}

Compiled Compiler::compile_json_schema(std::string_view schema, const JsonSchemaOptions& options) {
  return compile(GrammarSource::json_schema(schema, options, this->options().limits, kLater));
}

Compiled Compiler::compile_ebnf(std::string_view text, std::string_view root_rule) {
  return compile(
      GrammarSource::ebnf(text, root_rule, EbnfDialect::kAuto, options().limits, kLater));
}

Compiled Compiler::compile_regex(std::string_view pattern) {
  return compile(GrammarSource::regex(pattern, {}, options().limits, kLater));
}

Compiled Compiler::compile_builtin_json(const JsonFormatOptions& format) {
  return compile(GrammarSource::json(format));
}

CompiledStats Compiler::stats() const { return workshop_->stats(); }

size_t Compiler::memory_bytes() const { return static_cast<size_t>(stats().memory); }

}  // namespace xgr::core
