// Shortest strings, and shortest ways to the end, by shape.
//
// Entry point: TextLengths::of. Children are measured before what is made of them, from a list of work;
// answers are remembered, since derivatives share most of their parts.
//
//   [a-z]{2,5} "-" [0-9]      least 4, rest 9: behind "a" two bytes more would do, but a character
//                             may have four bytes, which is what is taken for each
//
// Tests: tests/unit/grammar/text_lengths_test.cc.
#include "grammar/text_lengths.h"

#include <algorithm>

#include "automata/char_set.h"

namespace xgr::core {
namespace {

constexpr uint32_t kMaxCharBytes = 4;
constexpr uint32_t kUnknownBytes = TextLengths::kUnknown;
constexpr TextLengths::Bytes kNothingKnown{kUnknownBytes, kUnknownBytes};

uint32_t add_bytes(uint32_t x, uint32_t y) {
  if (x == kUnknownBytes || y == kUnknownBytes) return kUnknownBytes;
  return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{x} + y, kUnknownBytes));
}

uint32_t times_bytes(uint32_t x, uint32_t n) {
  if (n == 0) return 0;
  if (x == kUnknownBytes) return kUnknownBytes;
  return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{x} * n, kUnknownBytes));
}

uint32_t least_bytes(char32_t c) { return static_cast<uint32_t>(utf8_length(c)); }

}  // namespace

TextLengths::Bytes TextLengths::of(Expr e) {
  std::vector<Expr> work{e};
  while (!work.empty()) {
    const Expr top = work.back();
    bool waiting = false;
    if (!known_.count(top)) {
      pool_.for_each_child(top, [&](Expr child) {
        if (known_.count(child)) return;
        work.push_back(child);
        waiting = true;
      });
      if (!waiting) known_.emplace(top, measure(top));
    }
    if (!waiting) work.pop_back();
  }
  return known_.at(e);
}

TextLengths::Bytes TextLengths::measure(Expr e) const {
  const ExprNode n = pool_.node(e);
  switch (n.kind) {
    case ExprKind::kEpsilon:
      return {0, 0};
    case ExprKind::kByteRange:
      return {1, 1};
    case ExprKind::kLiteral: {
      const uint32_t length = static_cast<uint32_t>(pool_.string(n.a).size() - n.b);
      return {length, length};
    }
    case ExprKind::kClass:
      return {least_bytes(pool_.charset(n.a).ranges()[0].lo), kMaxCharBytes};
    case ExprKind::kSwitch:
      return measure_switch(e);
    case ExprKind::kSeq: {
      const Bytes a = known_.at(n.a), b = known_.at(n.b);
      return {add_bytes(a.least, b.least), std::max(add_bytes(a.rest, b.least), b.rest)};
    }
    case ExprKind::kAlt: {
      Bytes all{kUnknownBytes, 0};
      for (Expr c : pool_.children(e)) {
        const Bytes one = known_.at(c);
        all = {std::min(all.least, one.least), std::max(all.rest, one.rest)};
      }
      return all.rest == kUnknownBytes ? kNothingKnown : all;
    }
    case ExprKind::kRepeat: {
      const Bytes one = known_.at(n.a);
      return {times_bytes(one.least, n.b),
              add_bytes(one.rest, times_bytes(one.least, n.b ? n.b - 1 : 0))};
    }
    default:
      return kNothingKnown;
  }
}

TextLengths::Bytes TextLengths::measure_switch(Expr e) const {
  Bytes all{kUnknownBytes, 0};
  for (const SwitchEdge& edge : pool_.edges(e)) {
    const Bytes child = known_.at(edge.child);
    all.least = std::min(all.least, add_bytes(least_bytes(edge.lo), child.least));
    all.rest = std::max({all.rest, add_bytes(kMaxCharBytes, child.least), child.rest});
  }
  return all.rest == kUnknownBytes ? kNothingKnown : all;
}

}  // namespace xgr::core
