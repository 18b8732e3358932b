// Compiler: source text -> Grammar -> Engine.
//
// Entry points: Compiler::compile_*. The front end parses, Engine::create analyses (no string at all is
// found here) and links what is shared; nothing looks at the vocabulary.
//
//   compile_json_schema(R"({"type":"integer"})", {}) -> CompiledGrammar
//
// Tests: tests/unit/compiler/compiler_test.cc.
#include "compiler/compiler.h"

#include "grammar/printer.h"
#include "mask/engine.h"

namespace xgr {

CompiledGrammar::CompiledGrammar(std::shared_ptr<const Tokenizer> tokenizer,
                                 std::shared_ptr<Engine> engine, const Limits& limits)
    : tokenizer_(std::move(tokenizer)), engine_(std::move(engine)), limits_(limits) {}
CompiledGrammar::~CompiledGrammar() = default;

Result<std::string> CompiledGrammar::to_ebnf() const {
  std::lock_guard<std::mutex> lock(engine_->automaton().mutex());
  return print_ebnf(engine_->automaton().grammar(), limits_);
}

size_t CompiledGrammar::memory_bytes() const { return sizeof(*this) + engine_->memory_bytes(); }

Compiler::Compiler(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options)
    : tokenizer_(std::move(tokenizer)),
      options_(options),
      shared_(std::make_shared<SharedEngine>(tokenizer_, options.limits)) {}
Compiler::~Compiler() = default;

Result<std::unique_ptr<Compiler>> Compiler::create(std::shared_ptr<const Tokenizer> tokenizer,
                                                   const CompilerOptions& options) {
  if (options.threads < 1) {
    Error e;
    e.code = Status::kInvalidArgument;
    e.message = "threads is " + std::to_string(options.threads) + "; expected at least 1";
    return e;
  }
  return std::unique_ptr<Compiler>(new Compiler(std::move(tokenizer), options));
}

Compiler::Compiled Compiler::compile(Grammar grammar) {
  Result<std::shared_ptr<Engine>> engine =
      Engine::create(shared_, std::move(grammar), options_.limits);
  if (!engine.ok()) return engine.error();
  return std::shared_ptr<const CompiledGrammar>(std::make_shared<CompiledGrammar>(
      tokenizer_, std::move(engine).value(), options_.limits));
}

Compiler::Compiled Compiler::compile(Result<Grammar> grammar) {
  if (!grammar.ok()) return grammar.error();
  return compile(std::move(grammar).value());
}

Compiler::Compiled Compiler::compile_json_schema(std::string_view schema,
                                                 const JsonSchemaOptions& options) {
  return compile(parse_json_schema(schema, options, options_.limits));
}

Compiler::Compiled Compiler::compile_ebnf(std::string_view text, std::string_view root_rule) {
  return compile(parse_ebnf(text, root_rule, options_.limits));
}

Compiler::Compiled Compiler::compile_regex(std::string_view pattern) {
  return compile(parse_regex(pattern, options_.limits));
}

Compiler::Compiled Compiler::compile_builtin_json(const JsonFormatOptions& format) {
  return compile(make_json_grammar(format));
}

size_t Compiler::memory_bytes() const { return shared_->memory_bytes(); }

}  // namespace xgr
