// One string out of a sorted list: an acyclic automaton that is never built.
//
// Entry points: StringSet::add, unfold. The strings that share the consumed prefix are a contiguous
// range of the sorted list; one step partitions the range by the next character with binary
// searches.
//
//   {"ab", "ac", "b"} -> switch 'a' -> {"ab","ac"} after 1 byte, 'b' -> done
//
// Tests: tests/unit/grammar/expr_test.cc.
#include "grammar/string_set.h"

#include <algorithm>
#include <string_view>

namespace xgr::core {
namespace {

// Bytes of the character that starts at `lead` (valid UTF-8).
size_t bytes_behind(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

}  // namespace

Expr StringSet::add(ExprPool* pool, std::shared_ptr<const StringTable> strings) {
  if (strings->size() == 0) return pool->empty();
  if (strings->size() == 1) return pool->literal((*strings)[0]);
  const uint32_t count = static_cast<uint32_t>(strings->size());
  auto own = std::make_unique<StringSet>(std::move(strings));
  StringSet* raw = own.get();
  raw->id_ = pool->add_generator(std::move(own));
  return pool->lazy(raw->id_, {0, count, 0});
}

bool StringSet::nullable(const ExprPool&, const Args& args) const {
  return strings_[args[0]].size() == args[2];  // the shortest of a shared prefix sorts first
}

Expr StringSet::unfold(ExprPool& pool, const Args& args) const {
  auto [lo, hi, depth] = args;
  if (hi - lo == 1) return pool.literal(strings_[lo].substr(depth));
  bool ends = strings_[lo].size() == depth;
  if (ends) ++lo;
  std::vector<SwitchEdge> edges;
  while (lo < hi) {
    size_t bytes = bytes_behind(static_cast<unsigned char>(strings_[lo][depth]));
    std::string_view head = strings_[lo].substr(depth, bytes);
    uint32_t next = end_of(head, lo, hi, depth);
    uint32_t after = depth + static_cast<uint32_t>(bytes);
    char32_t c = 0;
    size_t pos = 0;
    if (decode_utf8(head, &pos, &c) && has_spelled(pool, lo, next, depth)) {
      Expr child = next - lo == 1 ? pool.literal(strings_[lo].substr(after))
                                  : pool.lazy(id_, {lo, next, after});
      edges.push_back({c, c, child});
    }
    lo = next;
  }
  Expr rest = pool.switch_on(edges);
  return ends ? pool.alt(pool.epsilon(), rest) : rest;
}

// The first string of [lo, hi) that does not go on with `head`, which the one at `lo` does. Most
// groups are small, so the search begins near `lo`.
uint32_t StringSet::end_of(std::string_view head, uint32_t lo, uint32_t hi, uint32_t depth) const {
  auto same = [&](uint32_t i) { return strings_[i].substr(depth, head.size()) == head; };
  uint32_t step = 1;
  while (step < hi - lo && same(lo + step)) lo += step, step *= 2;
  for (hi = step < hi - lo ? lo + step : hi; hi - lo > 1;) {
    const uint32_t middle = lo + (hi - lo) / 2;
    (same(middle) ? lo : hi) = middle;
  }
  return hi;
}

// Whether tokens can spell some string of [lo, hi) from byte `depth` on.
bool StringSet::has_spelled(const ExprPool& pool, uint32_t lo, uint32_t hi, uint32_t depth) const {
  while (lo < hi && !pool.spells(strings_[lo].substr(depth))) ++lo;
  return lo < hi;
}

Expr StringSet::witness(ExprPool& pool, const Args& args) const {
  for (uint32_t i = args[0]; i < args[1]; ++i) {
    std::string_view rest = strings_[i].substr(args[2]);
    if (pool.spells(rest)) return pool.literal(rest);
  }
  return pool.empty();
}

uint32_t StringSet::least_bytes(const Args& args, const Least&) const {
  size_t least = SIZE_MAX;
  for (uint32_t i = args[0]; i < args[1]; ++i) least = std::min(least, strings_[i].size());
  return static_cast<uint32_t>(least - args[2]);
}

}  // namespace xgr::core
