// Inclusion by shape: cheap, and never wrong where it says yes.
//
// Entry point: drop_included. Let T = S* R be an item. Any p1 .. pk T with strings of all pi in S* is
// part of T, since S* S* R = S* R, and so is any p1 .. pk R. A search for a pattern becomes such a pair as soon as the pattern is
// found, so that what follows needs no memory of it, and is the same for all patterns.
// Whether a string of pi is one of S* is told by comparing expressions side by side; an answer is
// remembered. Nesting deeper than a constant counts as not included.
//
//   found:  [^"]* "\""  |  [^"]* "wifi" [^"]* "\""      ->      [^"]* "\""
//
// Tests: tests/unit/grammar/inclusion_test.cc.
#include "grammar/inclusion.h"

#include <algorithm>

#include "automata/char_set.h"

namespace xgr::core {
namespace {

constexpr int kMaxProofDepth = 24;
constexpr size_t kMaxItems = 64;         // more are left as they are
constexpr int kMaxSpine = 256;           // parts of one item
constexpr size_t kMaxKnown = 1 << 16;    // answers
constexpr size_t kMaxLoopBranches = 32;  // of a loop: a long list of words is not worth the search
constexpr int kMaxProofSteps = 1024;     // of one question

}  // namespace

void Inclusion::drop_included(std::vector<Expr>* items) {
  if (items->size() < 2 || items->size() > kMaxItems) return;
  for (size_t k = 0; k < items->size(); ++k) {
    const Expr loop = (*items)[k];
    const ExprNode n = pool_.node(loop);
    if (n.kind != ExprKind::kSeq) continue;
    const ExprNode head = pool_.node(n.a);
    if (head.kind != ExprKind::kRepeat || head.b != 0 || head.c != kUnbounded) continue;
    if (pool_.children(head.a).size() > kMaxLoopBranches) continue;
    steps_left_ = kMaxProofSteps;
    size_t kept = 0, at = k;
    for (size_t i = 0; i < items->size(); ++i) {
      if (i == at) k = kept;
      if (i == at || !ends_like((*items)[i], loop)) (*items)[kept++] = (*items)[i];
    }
    items->resize(kept);
  }
}

// Whether `item` is some parts inside the loop and then what `loop_item` goes on with.
bool Inclusion::ends_like(Expr item, Expr loop_item) {
  const Expr rest = pool_.node(loop_item).b;
  if (item == rest) return false;  // it may take more than the loop takes, and then stays
  int parts = 0;
  Expr e = item;
  for (; e != loop_item && e != rest; e = pool_.node(e).b) {
    if (pool_.node(e).kind != ExprKind::kSeq || ++parts > kMaxSpine) return false;
  }
  const Expr end = e, body = pool_.node(pool_.node(loop_item).a).a;
  for (e = item; e != end; e = pool_.node(e).b) {
    if (!in_loop(pool_.node(e).a, body, 0)) return false;
  }
  return true;
}

// Part by part along the sequence that `x` is.
bool Inclusion::in_loop(Expr x, Expr body, int depth) {
  if (depth > kMaxProofDepth) return false;
  const uint64_t key = uint64_t{x | 0x80000000u} << 32 | body;
  if (auto it = known_.find(key); it != known_.end()) return it->second;
  bool in = true;
  Expr rest = x;
  for (; in && pool_.node(rest).kind == ExprKind::kSeq; rest = pool_.node(rest).b) {
    // An escape is a sequence itself, so the rest may be a whole string of the body.
    if (holds(rest, body, depth + 1)) break;
    in = part_in_loop(pool_.node(rest).a, body, depth + 1);
  }
  if (in && pool_.node(rest).kind != ExprKind::kSeq) in = part_in_loop(rest, body, depth + 1);
  if (known_.size() < kMaxKnown) known_.emplace(key, in);
  return in;
}

bool Inclusion::part_in_loop(Expr x, Expr body, int depth) {
  if (x == pool_.epsilon() || holds(x, body, depth + 1)) return true;
  const ExprNode n = pool_.node(x);
  if (n.kind == ExprKind::kRepeat) return in_loop(n.a, body, depth + 1);
  if (n.kind == ExprKind::kAlt) {
    const std::vector<Expr> branches(pool_.children(x).begin(), pool_.children(x).end());
    return std::all_of(branches.begin(), branches.end(),
                       [&](Expr c) { return in_loop(c, body, depth + 1); });
  }
  if (n.kind != ExprKind::kLiteral) return false;
  CharSet first;
  bool in = true;
  for (Expr rest = x; in && rest != pool_.epsilon();) {
    in = split(rest, &first, &rest) && holds(pool_.char_class(first), body, depth + 1);
  }
  return in;
}

bool Inclusion::holds(Expr x, Expr y) {
  steps_left_ = kMaxProofSteps;
  return holds(x, y, 0);
}

bool Inclusion::in_loop(Expr x, Expr body) {
  steps_left_ = kMaxProofSteps;
  return in_loop(x, body, 0);
}

bool Inclusion::holds(Expr x, Expr y, int depth) {
  if (x == y || x == pool_.empty()) return true;
  if (x == pool_.epsilon()) return pool_.nullable(y);
  if (depth > kMaxProofDepth || --steps_left_ < 0) return false;
  pool_.charge(1);
  const uint64_t key = uint64_t{x} << 32 | y;
  if (auto it = known_.find(key); it != known_.end()) return it->second;
  const bool yes = seek(x, y, depth);
  if (known_.size() < kMaxKnown) known_.emplace(key, yes);
  return yes;
}

size_t Inclusion::memory_bytes() const {
  return known_.size() * (sizeof(uint64_t) + sizeof(bool) + 3 * sizeof(void*));
}

bool Inclusion::seek(Expr x, Expr y, int depth) {
  const ExprNode a = pool_.node(x), b = pool_.node(y);
  if (a.kind == ExprKind::kAlt || b.kind == ExprKind::kAlt) {
    const bool left = a.kind == ExprKind::kAlt;
    std::span<const Expr> children = pool_.children(left ? x : y);
    const std::vector<Expr> branches(children.begin(), children.end());  // the pool may grow
    auto one = [&](Expr c) { return left ? holds(c, y, depth + 1) : holds(x, c, depth + 1); };
    return left ? std::all_of(branches.begin(), branches.end(), one)
                : std::any_of(branches.begin(), branches.end(), one);
  }
  if (a.kind == ExprKind::kSeq && b.kind == ExprKind::kSeq && holds(a.a, b.a, depth + 1) &&
      holds(a.b, b.b, depth + 1)) {
    return true;
  }
  const Expr head = a.kind == ExprKind::kSeq ? a.a : x;
  if (pool_.node(head).kind == ExprKind::kSwitch) {
    const Expr after = a.kind == ExprKind::kSeq ? a.b : pool_.epsilon();
    const std::vector<SwitchEdge> edges = pool_.edges(head);
    return std::all_of(edges.begin(), edges.end(), [&](const SwitchEdge& edge) {
      const CharRange range[] = {{edge.lo, edge.hi}};
      return begins(CharSet::of(range), pool_.seq(edge.child, after), y, depth);
    });
  }
  CharSet first;
  Expr rest;
  return split(x, &first, &rest) && begins(first, rest, y, depth);
}

// Whether one character of `first` and then `rest` is in `y`.
bool Inclusion::begins(const CharSet& first, Expr rest, Expr y, int depth) {
  const ExprNode b = pool_.node(y);
  if (b.kind == ExprKind::kSwitch) {
    CharSet left = first;
    for (const SwitchEdge& edge : pool_.edges(y)) {
      const CharRange range[] = {{edge.lo, edge.hi}};
      const CharSet set = CharSet::of(range);
      if (left.intersected(set).empty()) continue;
      if (!holds(rest, edge.child, depth + 1)) return false;
      left = left.minus(set);
    }
    return left.empty();
  }
  if (b.kind == ExprKind::kRepeat) {
    if (b.c == 0 || !holds(pool_.char_class(first), b.a, depth + 1)) return false;
    const uint32_t min = b.b == 0 ? 0 : b.b - 1, max = b.c == kUnbounded ? b.c : b.c - 1;
    return holds(rest, pool_.repeat(b.a, min, max), depth + 1);
  }
  CharSet other;
  Expr other_rest;
  return split(y, &other, &other_rest) && first.minus(other).empty() &&
         holds(rest, other_rest, depth + 1);
}

// `x` as a set of characters and what follows each of them.
bool Inclusion::split(Expr x, CharSet* first, Expr* rest) {
  const ExprNode n = pool_.node(x);
  const ExprNode head = n.kind == ExprKind::kSeq ? pool_.node(n.a) : n;
  *rest = n.kind == ExprKind::kSeq ? n.b : pool_.epsilon();
  if (head.kind == ExprKind::kClass) {
    *first = pool_.charset(head.a);
    return true;
  }
  if (head.kind != ExprKind::kLiteral) return false;
  const std::string_view text = pool_.string(head.a);
  size_t pos = head.b;
  char32_t c = 0;
  if (!decode_utf8(text, &pos, &c)) return false;
  const CharRange one[] = {{c, c}};
  *first = CharSet::of(one);
  *rest = pool_.seq(pool_.literal_tail(head.a, static_cast<uint32_t>(pos)), *rest);
  return true;
}

}  // namespace xgr::core
