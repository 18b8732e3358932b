// Compiler: one tokenizer's workshop. Turns sources into compiled grammars and owns what they share.
//
// Compiling does no whole-vocabulary work: automata and masks are built when first needed, and kept
// for all matchers of the grammar.
//
//   auto compiler = Compiler::create(tokenizer, {});
//   auto grammar = compiler->compile_json_schema(text, {});
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "frontend/frontend.h"
#include "support/limits.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr {

class Engine;         // mask/engine.h: automata and masks of one grammar
class SharedEngine;   // what grammars of one tokenizer share

struct CompilerOptions {
  int32_t threads = 1;             // upper bound for parallel work; the calling thread counts
  size_t memory_budget_bytes = 0;  // for all caches; 0: default (512 MiB)
  Limits limits;
};

class CompiledGrammar {
 public:
  CompiledGrammar(std::shared_ptr<const Tokenizer> tokenizer, std::shared_ptr<Engine> engine,
                  const Limits& limits);
  ~CompiledGrammar();
  const std::shared_ptr<const Tokenizer>& tokenizer() const { return tokenizer_; }
  Engine& engine() const { return *engine_; }
  const Limits& limits() const { return limits_; }
  Result<std::string> to_ebnf() const;  // EBNF of the same language
  size_t memory_bytes() const;          // approximate; grows as states and masks are built

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::shared_ptr<Engine> engine_;
  Limits limits_;
};

class Compiler {  // all methods may be called from any thread
 public:
  static Result<std::unique_ptr<Compiler>> create(std::shared_ptr<const Tokenizer> tokenizer,
                                                  const CompilerOptions& options);
  ~Compiler();
  using Compiled = Result<std::shared_ptr<const CompiledGrammar>>;
  Compiled compile_json_schema(std::string_view schema, const JsonSchemaOptions& options);
  Compiled compile_ebnf(std::string_view text, std::string_view root_rule);
  Compiled compile_regex(std::string_view pattern);
  Compiled compile_builtin_json(const JsonFormatOptions& format);
  Compiled compile(Grammar grammar);
  Compiled compile(Result<Grammar> grammar);
  const std::shared_ptr<const Tokenizer>& tokenizer() const { return tokenizer_; }
  const CompilerOptions& options() const { return options_; }
  const SharedEngine& shared_engine() const { return *shared_; }
  size_t memory_bytes() const;

 private:
  Compiler(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options);
  std::shared_ptr<const Tokenizer> tokenizer_;
  CompilerOptions options_;
  std::shared_ptr<SharedEngine> shared_;
};

}  // namespace xgr
