// Workshop: the shared engine, the threads, and a list of the living grammars.
//
// Entry points: remember, stats. Grammars are remembered weakly; the list is cleaned when it has
// doubled, so that a compiler that makes grammars for ever does not grow.
//
//   1,000 grammars compiled, 3 alive -> stats() adds up 3 and what they share
//
// Tests: tests/unit/matcher/warm_masks_test.cc.
#include "compiler/workshop.h"

#include <utility>

namespace xgr::core {

Workshop::Workshop(std::shared_ptr<const Tokenizer> tokenizer, const CompilerOptions& options)
    : tokenizer_(std::move(tokenizer)),
      options_(options),
      shared_(std::make_shared<SharedEngine>(tokenizer_, options.limits, memory_budget())),
      workers_(options.threads - 1) {}

size_t Workshop::memory_budget() const {
  return options_.memory_budget_bytes ? options_.memory_budget_bytes : kDefaultMemoryBudget;
}

void Workshop::remember(const std::shared_ptr<Engine>& engine) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (engines_.size() >= forget_at_) {
    std::erase_if(engines_, [](const std::weak_ptr<Engine>& e) { return e.expired(); });
    forget_at_ = 64 + 2 * engines_.size();
  }
  engines_.push_back(engine);
}

CompiledStats Workshop::stats_of(const MaskStats& masks) const {
  CompiledStats out;
  out.states = masks.states;
  out.mask_parts = masks.parts;
  out.parts_built = masks.walks.built;
  out.nodes_visited = masks.walks.visited;
  out.walk_nanoseconds = masks.walks.nanoseconds;
  out.memory = masks.bytes;
  out.memory_budget = memory_budget();
  out.evictions = masks.evictions;
  return out;
}

CompiledStats Workshop::stats() const {
  MaskStats sum = shared_->stats();
  std::lock_guard<std::mutex> lock(mutex_);
  for (const std::weak_ptr<Engine>& known : engines_) {
    if (std::shared_ptr<Engine> engine = known.lock()) sum.add(engine->stats());
  }
  return stats_of(sum);
}

}  // namespace xgr::core
