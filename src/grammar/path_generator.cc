// Paths through an automaton as expressions, one character at a time.
//
// Entry point: PathGenerator::between. What follows a character is the paths from the next state
// on; states that cannot reach the target are left out, so that nothing unfolds into a dead end.
//
//   paths(0, 2)  ->  [a] paths(1, 2) | [b] paths(2, 2)
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include "grammar/path_generator.h"

namespace xgr::core {

PathGenerator::PathGenerator(std::shared_ptr<const CharAutomaton> automaton)
    : automaton_(std::move(automaton)), leading_to_(automaton_->size()) {}

PathGenerator* PathGenerator::add(ExprPool* pool, std::shared_ptr<const CharAutomaton> automaton) {
  std::unique_ptr<PathGenerator> own(new PathGenerator(std::move(automaton)));
  PathGenerator* raw = own.get();
  raw->id_ = pool->add_generator(std::move(own));
  return raw;
}

Expr PathGenerator::between(ExprPool* pool, uint32_t from, uint32_t to) {
  if (leading_to_[to].empty()) leading_to_[to] = automaton_->leading_to(to);
  return pool->lazy(id_, {from, to, 0});
}

Expr PathGenerator::unfold(ExprPool& pool, const Args& args) const {
  const std::vector<bool>& useful = leading_to_[args[1]];
  std::vector<SwitchEdge> edges;
  for (const CharAutomaton::Edge& e : automaton_->state(args[0]).edges) {
    if (useful[e.to]) edges.push_back({e.lo, e.hi, pool.lazy(id_, {e.to, args[1], 0})});
  }
  const Expr rest = pool.switch_on(edges);
  return args[0] == args[1] ? pool.alt(pool.epsilon(), rest) : rest;
}

}  // namespace xgr::core
