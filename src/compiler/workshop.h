// Workshop: what a compiler and its grammars have in common, whoever of them lives longest.
//
//   Workshop workshop(tokenizer, options);
//   workshop.remember(engine);  ... workshop.stats().memory ...
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "compiler/compiler.h"
#include "mask/engine.h"
#include "support/worker_pool.h"

namespace xgr::core {

class Workshop {
 public:
  Workshop(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options);
  const std::shared_ptr<const Tokenizer>& tokenizer() const { return tokenizer_; }
  const CompilerOptions& options() const { return options_; }
  const std::shared_ptr<SharedEngine>& shared() const { return shared_; }
  WorkerPool& workers() { return workers_; }
  size_t memory_budget() const;

  // A grammar to be counted for as long as it lives.
  void remember(const std::shared_ptr<Engine>& engine);
  CompiledStats stats_of(const MaskStats& masks) const;
  CompiledStats stats() const;

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  CompilerOptions options_;
  std::shared_ptr<SharedEngine> shared_;
  mutable std::mutex mutex_;
  std::vector<std::weak_ptr<Engine>> engines_;  // some may be gone
  size_t forget_at_ = 64;                       // size at which those are taken out
  WorkerPool workers_;  // jobs own engines, never the workshop: it would have to wait for itself
};

// What a grammar, or a source, is compiled to; no cache. `cancel` (null: none) outlives the call.
Compiled compile_in(const std::shared_ptr<Workshop>& workshop, Grammar grammar,
                    std::vector<Diagnostic> diagnostics);
Compiled compile_in(const std::shared_ptr<Workshop>& workshop,
                    const std::shared_ptr<const GrammarSource>& source, const Cancel* cancel);

}  // namespace xgr::core
