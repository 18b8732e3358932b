// What the root of a grammar reaches, and expressions made again with other parts. Internal to
// passes/.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "grammar/grammar.h"

namespace xgr::core {

struct Reached {
  std::vector<bool> rules;           // by rule
  std::vector<Expr> exprs;           // ascending, so that parts precede what is made of them
  std::vector<uint32_t> references;  // by rule: places that call it
  bool has_lazy = false;             // calls stand in generators, too, where nobody can change them
};
Reached reach(const Grammar& grammar);

// The rules that the root calls, each behind those that it calls itself, but for calls that close a
// circle: `loops` says, by rule, which are called so. Every circle of calls goes through one of
// them.
struct CallOrder {
  std::vector<RuleId> rules;
  std::vector<bool> loops;
};
CallOrder order_by_calls(const Grammar& grammar, const Reached& reached);

// Whether passes may put something else in place of calls of the rule.
bool is_plain_rule(const Rule& rule);

// Expressions made again bottom up. `change` is given each of them once its parts are changed, and
// says what stands in its place. Parts of intersections and the like hold no calls and stay as they
// are.
class Rewriter {
 public:
  using Change = std::function<Expr(Expr)>;
  Rewriter(ExprPool* pool, Change change) : pool_(*pool), change_(std::move(change)) {}
  Expr rewrite(Expr e);

 private:
  static bool is_opened(ExprKind kind);
  bool wait_for_parts(Expr e);
  Expr rebuild(Expr e);

  ExprPool& pool_;
  Change change_;
  std::unordered_map<Expr, Expr> done_;
  std::vector<Expr> work_;
};

}  // namespace xgr::core
