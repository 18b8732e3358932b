// Compiler: one tokenizer's workshop. Turns sources into compiled grammars and owns what they share.
//
// Compiling does no whole-vocabulary work: automata and masks are built when first needed, and kept
// for all matchers of the grammar.
//
//   auto compiler = Compiler::create(tokenizer, {});
//   auto grammar = compiler->compile_json_schema(text, {});
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/refusal.h"
#include "support/diagnostic.h"
#include "support/limits.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

class Cancel;         // support/cancel.h
class CompileDesk;    // compiler/compile_desk.h
class GrammarSource;  // compiler/grammar_source.h
class Engine;         // mask/engine.h: automata and masks of one grammar
class SharedEngine;   // mask/shared_engine.h: what grammars of one tokenizer share
class WarmUp;         // mask/warm_up.h
class WorkerPool;     // support/worker_pool.h
class Workshop;       // what a compiler and its grammars hold together
enum class WarmUpLevel : int32_t;

constexpr size_t kDefaultMemoryBudget = size_t{512} << 20;
constexpr size_t kDefaultCacheBytes = size_t{256} << 20;

struct CompilerOptions {
  int32_t threads = 1;             // upper bound for parallel work; the calling thread counts
  size_t memory_budget_bytes = 0;  // for all caches; 0: kDefaultMemoryBudget
  WarmUpLevel warm_up{};           // of every grammar, in the background where there are threads
  size_t cache_bytes = 0;          // that the compile cache may keep alive; 0: there is none
  bool canonical_schemas = false;  // JSON Schemas are one to it however they are laid out
  Limits limits;
};

// Where the memory of a compiler, or of one grammar, stands, and what filled it.
struct CompiledStats {
  uint64_t states = 0;
  uint64_t mask_parts = 0;   // kept
  uint64_t parts_built = 0;  // so far
  uint64_t nodes_visited = 0;
  uint64_t walk_nanoseconds = 0;
  uint64_t memory = 0;
  uint64_t memory_budget = 0;
  uint64_t evictions = 0;
};

// What the compile cache holds, and what it has saved.
struct CacheStats {
  uint64_t entries, memory, limit;
  uint64_t hits, shared, misses, evictions;
  uint64_t compile_nanoseconds;
};

// What is compiled, and how long its caller waits for it.
struct CompileRequest {
  std::shared_ptr<const GrammarSource> source;
  std::shared_ptr<Cancel> cancel = nullptr;
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
  uint64_t timeout_milliseconds = 0;  // what the deadline comes from
  bool bypass_cache = false;
};

class CompiledGrammar {
 public:
  CompiledGrammar(std::shared_ptr<Engine> engine, std::shared_ptr<Workshop> workshop,
                  std::vector<Diagnostic> diagnostics = {},
                  std::shared_ptr<const GrammarSource> source = nullptr);
  ~CompiledGrammar();
  const std::shared_ptr<const Tokenizer>& tokenizer() const;
  Engine& engine() const { return *engine_; }
  const std::shared_ptr<Engine>& shared_engine() const { return engine_; }
  WorkerPool& workers() const;
  const Limits& limits() const;
  // What compiling has noticed, in the order of the source.
  const std::shared_ptr<const std::vector<Diagnostic>>& diagnostics() const { return diagnostics_; }
  Result<std::string> to_ebnf() const;  // EBNF of the same language
  bool knows_source() const { return source_ != nullptr; }
  size_t source_bytes() const { return source_bytes_; }  // of the memory, but not of the budget
  // Which parts of the source refuse a text, as far as the source is known; `limits` bound the call.
  TextRefusal refusal(const RefusedText& text, const RefusalTrial& trial,
                      const Limits& limits) const;
  size_t memory_bytes() const;  // approximate; grows as states and masks are built
  size_t known_bytes() const;   // the same at the end of the last call; takes no lock for long
  CompiledStats stats() const;
  // Computes likely masks ahead. Returns when that is done, or `stop` is set; workers help.
  void warm_up(WarmUpLevel level, const std::atomic<bool>& stop) const;
  // The same, left to the workers if there are any.
  void begin_warm_up(WarmUpLevel level) const;

 private:
  std::shared_ptr<WarmUp> share_warm_up(WarmUpLevel level) const;
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Workshop> workshop_;
  std::shared_ptr<const std::vector<Diagnostic>> diagnostics_;
  std::shared_ptr<const GrammarSource> source_;  // null: none, or one that is too long to keep
  size_t source_bytes_;                          // about as many as its texts
};

using Compiled = Result<std::shared_ptr<const CompiledGrammar>>;

class Compiler {  // all methods may be called from any thread
 public:
  static Result<std::unique_ptr<Compiler>> create(std::shared_ptr<const Tokenizer> tokenizer,
                                                  const CompilerOptions& options);
  ~Compiler();
  using Compiled = core::Compiled;
  // Through the cache, with all that a request may ask for; jobs are started at the desk.
  Compiled compile(const CompileRequest& request);
  const std::shared_ptr<CompileDesk>& desk() const { return desk_; }
  // Without the cache, in this thread.
  Compiled compile_json_schema(std::string_view schema, const JsonSchemaOptions& options);
  Compiled compile_ebnf(std::string_view text, std::string_view root_rule);
  Compiled compile_regex(std::string_view pattern);
  Compiled compile_builtin_json(const JsonFormatOptions& format);
  Compiled compile_source(const std::shared_ptr<const GrammarSource>& source);
  Compiled compile(Grammar grammar, std::vector<Diagnostic> diagnostics = {});
  Compiled compile(Result<Grammar> grammar);
  Compiled compile(const Result<std::shared_ptr<const GrammarSource>>& source);
  const std::shared_ptr<const Tokenizer>& tokenizer() const;
  const CompilerOptions& options() const;
  SharedEngine& shared_engine() const;
  size_t memory_bytes() const;  // of what grammars share and of the living grammars
  CompiledStats stats() const;  // likewise

 private:
  Compiler(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options);
  std::shared_ptr<Workshop> workshop_;
  std::shared_ptr<CompileDesk> desk_;
};

}  // namespace xgr::core
