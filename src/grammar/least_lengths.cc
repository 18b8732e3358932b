// Least lengths: shortest strings by shape, rules as a fixed point.
//
// Entry point: LeastLengths::of. Children are measured before what is made of them, from a list of work.
// Rules begin without a string; each round finds shorter ones, until none changes.
//
//   e ::= "(" e ")" | [0-9]+      1;   behind "((1": 2
//
// Tests: tests/unit/grammar/least_lengths_test.cc.
#include "grammar/least_lengths.h"

#include <algorithm>

#include "automata/char_set.h"
#include "grammar/measured_generator.h"

namespace xgr::core {
namespace {

constexpr int kMostRounds = 64;  // of a fixed point; later ones rarely find anything
constexpr uint64_t kMeasureSteps = 4;

uint32_t sum_of(uint32_t x, uint32_t y) {
  if (x == LeastLengths::kNone || y == LeastLengths::kNone) return LeastLengths::kNone;
  return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{x} + y, INT32_MAX));
}

uint32_t product_of(uint32_t x, uint32_t n) {
  if (n == 0) return 0;
  if (x == LeastLengths::kNone) return x;
  return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{x} * n, INT32_MAX));
}

uint32_t bytes_of(char32_t c) { return static_cast<uint32_t>(utf8_length(c)); }

}  // namespace

void LeastLengths::find_rules(Work* work) {
  rules_.assign(grammar_.rules.size(), kNone);
  bool changed = true;
  for (int round = 0; round < kMostRounds && changed; ++round) {
    changed = false;
    known_.assign(grammar_.pool.size(), kUnknown);
    for (size_t r = rules_.size(); r-- > 0;) {
      if (grammar_.rules[r].body == kNoExpr) continue;
      const uint32_t least = find(grammar_.rules[r].body, work);
      changed = changed || least < rules_[r];
      rules_[r] = std::min(rules_[r], least);
    }
  }
  known_.assign(grammar_.pool.size(), kUnknown);
}

uint32_t LeastLengths::of(std::span<const Expr> items, Work* work) {
  if (rules_.size() != grammar_.rules.size()) find_rules(work);
  uint32_t least = kNone;
  for (Expr e : items) least = std::min(least, find(e, work));
  return least;
}

uint32_t LeastLengths::find(Expr e, Work* work) {
  if (known_.size() < grammar_.pool.size()) known_.resize(grammar_.pool.size(), kUnknown);
  if (known_[e] != kUnknown) return known_[e];
  open_.assign(1, e);
  while (!open_.empty()) {
    const Expr top = open_.back();
    const size_t before = open_.size();
    charge(work, kMeasureSteps);
    uint32_t least = 0;
    if (known_[top] != kUnknown) {
      open_.pop_back();
    } else if (measure(top, &open_, &least)) {
      known_[top] = least;
      open_.pop_back();
    } else {
      charge(work, open_.size() - before);
    }
  }
  return known_[e];
}

// Of a part; 0 and a note if it is not known yet.
uint32_t LeastLengths::child(Expr e, std::vector<Expr>* missing) const {
  const uint32_t least = get(e);
  if (least != kUnknown) return least;
  missing->push_back(e);
  return 0;
}

// False: others come first, which are added to the list.
bool LeastLengths::measure(Expr e, std::vector<Expr>* missing, uint32_t* least) const {
  const ExprPool& pool = grammar_.pool;
  const ExprNode n = pool.node(e);
  const size_t before = missing->size();
  if (pool.dead(e)) {
    *least = kNone;
    return true;
  }
  switch (n.kind) {
    case ExprKind::kEmpty:
      *least = kNone;
      break;
    case ExprKind::kByteRange:
    case ExprKind::kTokens:
      *least = 1;
      break;
    case ExprKind::kLiteral:
      *least = static_cast<uint32_t>(pool.string(n.a).size() - n.b);
      break;
    case ExprKind::kClass:
      *least = bytes_of(pool.charset(n.a).ranges()[0].lo);
      break;
    case ExprKind::kSwitch:
      *least = measure_switch(e, missing);
      break;
    case ExprKind::kSeq:
      *least = sum_of(child(n.a, missing), child(n.b, missing));
      break;
    case ExprKind::kAlt:
      *least = kNone;
      for (Expr c : pool.children(e)) *least = std::min(*least, child(c, missing));
      break;
    case ExprKind::kRepeat:
      *least = product_of(n.b ? child(n.a, missing) : 0, n.b);
      break;
    case ExprKind::kCall:
      *least = rules_[n.a];
      break;
    case ExprKind::kAnd:
      *least = std::max(child(n.a, missing), child(n.b, missing));
      break;
    case ExprKind::kShortest:
      *least = child(n.a, missing);
      break;
    case ExprKind::kLazy:
      *least = measure_generated(n, missing);
      break;
    default:
      *least = pool.nullable(e) ? 0 : 1;
  }
  return missing->size() == before;
}

uint32_t LeastLengths::measure_generated(const ExprNode& n, std::vector<Expr>* missing) const {
  const auto* g = dynamic_cast<const MeasuredGenerator*>(&grammar_.pool.generator(n.a));
  return g ? g->least_bytes({n.b, n.c, n.d}, [&](Expr part) { return child(part, missing); }) : 0;
}

uint32_t LeastLengths::measure_switch(Expr e, std::vector<Expr>* missing) const {
  uint32_t least = kNone;
  for (size_t i = 0; i < grammar_.pool.edge_count(e); ++i) {
    const SwitchEdge edge = grammar_.pool.edge(e, i);
    least = std::min(least, sum_of(bytes_of(edge.lo), child(edge.child, missing)));
  }
  return least;
}

}  // namespace xgr::core
