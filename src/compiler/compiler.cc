// Compiler: source text -> Grammar -> Engine.
//
// Entry points: Compiler::compile_*. The front end parses, Engine::create analyses (no string at all is
// found here) and links what is shared; nothing looks at the vocabulary, unless a warm-up is asked for.
// What the front end notices is kept with the grammar.
//
//   compile_json_schema(R"({"type":"integer"})", {}) -> CompiledGrammar
//
// Tests: tests/unit/compiler/compiler_test.cc.
#include "compiler/compiler.h"

#include <algorithm>

#include "compiler/grammar_source.h"
#include "compiler/token_names.h"
#include "compiler/workshop.h"
#include "frontend/source_notes.h"
#include "grammar/printer.h"
#include "mask/engine.h"
#include "mask/warm_up.h"

namespace xgr::core {

CompiledGrammar::CompiledGrammar(std::shared_ptr<Engine> engine, std::shared_ptr<Workshop> workshop,
                                 std::vector<Diagnostic> diagnostics)
    : engine_(std::move(engine)),
      workshop_(std::move(workshop)),
      diagnostics_(std::make_shared<const std::vector<Diagnostic>>(std::move(diagnostics))) {}
CompiledGrammar::~CompiledGrammar() = default;

const std::shared_ptr<const Tokenizer>& CompiledGrammar::tokenizer() const {
  return workshop_->tokenizer();
}
const Limits& CompiledGrammar::limits() const { return workshop_->options().limits; }
WorkerPool& CompiledGrammar::workers() const { return workshop_->workers(); }

Result<std::string> CompiledGrammar::to_ebnf() const {
  std::lock_guard<std::mutex> lock(engine_->automaton().mutex());
  return print_ebnf(engine_->automaton().grammar(), limits());
}

size_t CompiledGrammar::memory_bytes() const { return sizeof(*this) + engine_->memory_bytes(); }

CompiledStats CompiledGrammar::stats() const { return workshop_->stats_of(engine_->stats()); }

// The work of a warm-up, of which the workers already do their share.
std::shared_ptr<WarmUp> CompiledGrammar::share_warm_up(WarmUpLevel level) const {
  constexpr size_t kShareOfStates = 16;  // the rest is left to outputs
  // Some room is left, so that what is computed ahead drives out no masks that are in use.
  const size_t most = workshop_->memory_budget() - workshop_->memory_budget() / 8;
  WarmUpLimits limits = limits_of(level);
  limits.states = this->limits().max_states / kShareOfStates;
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

void CompiledGrammar::warm_up(WarmUpLevel level) const {
  if (level == WarmUpLevel::kNone) return;
  const std::atomic<bool> never{false};
  share_warm_up(level)->run(never);
}

void CompiledGrammar::begin_warm_up(WarmUpLevel level) const {
  if (workshop_->workers().workers() == 0) {
    warm_up(level);
  } else if (level != WarmUpLevel::kNone) {
    share_warm_up(level);
  }
}

Compiler::Compiler(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options)
    : workshop_(std::make_shared<Workshop>(std::move(tokenizer), options)) {}
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

Compiler::Compiled Compiler::compile(Grammar grammar, std::vector<Diagnostic> diagnostics) {
  Result<std::shared_ptr<Engine>> engine =
      Engine::create(workshop_->shared(), std::move(grammar), options().limits);
  if (!engine.ok()) return engine.error();
  workshop_->remember(engine.value());
  auto compiled = std::make_shared<const CompiledGrammar>(std::move(engine).value(), workshop_,
                                                          std::move(diagnostics));
  compiled->begin_warm_up(options().warm_up);
  return compiled;
}

Compiler::Compiled Compiler::compile(Result<Grammar> grammar) {
  if (!grammar.ok()) return grammar.error();
  return compile(std::move(grammar).value());
}

Compiler::Compiled Compiler::compile_noted(Result<Grammar> grammar, SourceNotes* notes) {
  if (!grammar.ok()) return grammar.error();
  return compile(std::move(grammar).value(), notes->take());
}

Compiler::Compiled Compiler::compile_json_schema(std::string_view schema,
                                                 const JsonSchemaOptions& options) {
  const Limits& limits = this->options().limits;
  SourceNotes notes(&tokenizer()->special_names());
  JsonSchemaOptions own = options;
  own.notes = &notes;
  Result<Grammar> grammar = parse_json_schema(schema, own, limits);
  if (!grammar.ok()) return grammar.error();
  Compiled out = compile_noted(std::move(grammar), &notes);
  if (out.ok() || out.error().code != Status::kInvalidSource) return out;
  return explain_no_valid_value(std::move(out.error()), schema, options, limits);
}

Compiler::Compiled Compiler::compile_ebnf(std::string_view text, std::string_view root_rule) {
  SourceNotes notes(&tokenizer()->special_names());
  EbnfOptions own;
  own.token_ids = token_names(tokenizer());
  own.notes = &notes;
  return compile_noted(parse_ebnf(text, root_rule, own, options().limits), &notes);
}

Compiler::Compiled Compiler::compile_regex(std::string_view pattern) {
  SourceNotes notes(&tokenizer()->special_names());
  RegexOptions own;
  own.notes = &notes;
  return compile_noted(parse_regex(pattern, own, this->options().limits), &notes);
}

Compiler::Compiled Compiler::compile_builtin_json(const JsonFormatOptions& format) {
  return compile(make_json_grammar(format));
}

Compiler::Compiled Compiler::compile_source(const GrammarSource& source) {
  SourceNotes notes(&tokenizer()->special_names());
  return compile_noted(source.grammar({options().limits, token_names(tokenizer()), &notes}),
                       &notes);
}

CompiledStats Compiler::stats() const { return workshop_->stats(); }

size_t Compiler::memory_bytes() const { return static_cast<size_t>(stats().memory); }

}  // namespace xgr::core
