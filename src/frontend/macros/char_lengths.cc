// Numbers of characters, from the shape of an expression.
//
// Entry point: char_lengths. Children are measured before what is made of them, from a list of
// work. What the shape does not tell is taken for anything.
//
//   [a-z]{2,5} "-é"  ->  4 to 7
//
// Tests: tests/unit/frontend/macros/rule_settings_test.cc.
#include "frontend/macros/char_lengths.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace xgr::core {
namespace {

constexpr uint64_t kNoBound = UINT64_MAX;

uint64_t add_bounds(uint64_t x, uint64_t y) { return x > kNoBound - y ? kNoBound : x + y; }
uint64_t times_bound(uint64_t x, uint32_t n) {
  if (x == 0 || n == 0) return 0;
  return n == kUnbounded || x > kNoBound / n ? kNoBound : x * n;
}

uint64_t characters(std::string_view utf8) {
  return static_cast<uint64_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

CharLengths either(CharLengths x, CharLengths y) {
  return {std::min(x.least, y.least), std::max(x.most, y.most), x.tokens || y.tokens};
}

using Known = std::unordered_map<Expr, CharLengths>;

CharLengths measure(const ExprPool& pool, Expr e, const Known& known) {
  const ExprNode& n = pool.node(e);
  switch (n.kind) {
    case ExprKind::kEmpty:
      return {kNoBound, 0};
    case ExprKind::kEpsilon:
      return {0, 0};
    case ExprKind::kLiteral: {
      uint64_t count = characters(pool.string(n.a).substr(n.b));
      return {count, count};
    }
    case ExprKind::kClass:
      return {1, 1};
    case ExprKind::kTokens:
      return {1, 1, true};
    case ExprKind::kSeq: {
      CharLengths a = known.at(n.a), b = known.at(n.b);
      return {add_bounds(a.least, b.least), add_bounds(a.most, b.most), a.tokens || b.tokens};
    }
    case ExprKind::kRepeat: {
      CharLengths a = known.at(n.a);
      return {times_bound(a.least, n.b), times_bound(a.most, n.c), a.tokens};
    }
    case ExprKind::kAlt: {
      CharLengths all{kNoBound, 0};
      for (Expr c : pool.children(e)) all = either(all, known.at(c));
      return all;
    }
    case ExprKind::kSwitch: {
      CharLengths all{kNoBound, 0};
      for (const SwitchEdge& edge : pool.edges(e)) all = either(all, known.at(edge.child));
      return {add_bounds(all.least, 1), add_bounds(all.most, 1), all.tokens};
    }
    case ExprKind::kShortest:
      return known.at(n.a);
    case ExprKind::kAnd: {
      CharLengths a = known.at(n.a), b = known.at(n.b);
      return {std::max(a.least, b.least), std::min(a.most, b.most), a.tokens && b.tokens};
    }
    default:
      return {0, kNoBound};
  }
}

}  // namespace

CharLengths char_lengths(const ExprPool& pool, Expr root) {
  Known known;
  std::vector<Expr> work{root};
  while (!work.empty()) {
    Expr e = work.back();
    bool waiting = false;
    if (!known.count(e)) {
      pool.for_each_child(e, [&](Expr child) {
        if (known.count(child)) return;
        work.push_back(child);
        waiting = true;
      });
      if (!waiting) known.emplace(e, measure(pool, e, known));
    }
    if (!waiting) work.pop_back();
  }
  return known.at(root);
}

}  // namespace xgr::core
