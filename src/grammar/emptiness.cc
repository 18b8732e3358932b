// Emptiness of boolean expressions: whether an intersection or complement has any string.
//
// Entry point: Derivatives::is_empty. A depth-first search over the derivatives for one that accepts;
// all expressions on a path that succeeded are marked live, all visited in vain are marked dead, so
// that later questions about them are answered at once.
//
//   is_empty(/a+/ and /b+/) == true;   is_empty(/[ab]+/ and not /a+/) == false
//
// Tests: tests/unit/grammar/derivatives_test.cc.
#include <unordered_set>

#include "grammar/derivatives.h"

namespace xgr {
namespace {

constexpr size_t kMaxVisited = 1 << 15;  // expressions of one search

bool is_boolean(ExprKind k) { return k == ExprKind::kAnd || k == ExprKind::kNot; }

struct Frame {
  Expr e;
  std::vector<Expr> next;  // still to visit
};

}  // namespace

// Only boolean expressions need the search; the flags of all others are exact.
class Emptiness {
 public:
  static void set(ExprPool* p, Expr e, uint8_t flag) { p->nodes_[e].flags |= flag; }
  static bool known_live(const ExprPool& p, Expr e) {
    uint8_t f = p.nodes_[e].flags;
    return (f & (ExprPool::kKnownLive | ExprPool::kNullable)) ||
           (!is_boolean(p.nodes_[e].kind) && !(f & ExprPool::kDead));
  }
};

bool Derivatives::is_empty(Expr start) {
  ExprPool& p = grammar_.pool;
  if (p.dead(start)) return true;
  if (Emptiness::known_live(p, start)) return false;
  std::unordered_set<Expr> visited{start};
  std::vector<Frame> stack;
  auto enter = [&](Expr e) {
    LinearForm form;
    const ExprNode n = p.node(e);
    if (n.kind == ExprKind::kAnd) {
      expand_and(n, p.epsilon(), true, &form);
    } else {
      expand_not(n.a, p.epsilon(), &form);
    }
    Frame frame{e, {}};
    for (const ByteEdge& b : form.bytes) frame.next.push_back(b.next);
    stack.push_back(std::move(frame));
  };
  enter(start);
  while (!stack.empty() && !over_limit_) {
    if (stack.back().next.empty()) {
      stack.pop_back();
      continue;
    }
    Expr e = stack.back().next.back();
    stack.back().next.pop_back();
    if (p.dead(e)) continue;
    if (Emptiness::known_live(p, e)) {
      for (const Frame& f : stack) Emptiness::set(&p, f.e, ExprPool::kKnownLive);
      return false;
    }
    if (!visited.insert(e).second) continue;
    if (visited.size() > kMaxVisited) over_limit_ = true;
    enter(e);
  }
  if (over_limit_) return false;
  for (Expr e : visited) Emptiness::set(&p, e, ExprPool::kDead);
  return true;
}

}  // namespace xgr
