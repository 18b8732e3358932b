// The texts that lead from one state of an automaton to another.
#pragma once

#include <memory>
#include <vector>

#include "grammar/char_automaton.h"

namespace xgr::core {

// Args: from state a to state b. Filled by between(); read-only once the grammar is complete.
class PathGenerator : public LazyGenerator {
 public:
  // Adds one to the pool, which owns it.
  static PathGenerator* add(ExprPool* pool, std::shared_ptr<const CharAutomaton> automaton);

  // Some text leads there.
  Expr between(ExprPool* pool, uint32_t from, uint32_t to);

  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool&, const Args& args) const override { return args[0] == args[1]; }
  void collect_children(const Args&, std::vector<Expr>*) const override {}

 private:
  explicit PathGenerator(std::shared_ptr<const CharAutomaton> automaton);
  std::shared_ptr<const CharAutomaton> automaton_;
  std::vector<std::vector<bool>> leading_to_;  // by target; empty for those nobody asked for
  uint32_t id_ = 0;
};

}  // namespace xgr::core
