// One string out of a sorted list: an acyclic automaton that is never built.
//
// Entry point: StringSet::unfold. The strings that share the consumed prefix are a contiguous range
// of the sorted list; one step partitions the range by the next character with binary searches.
//
//   {"ab", "ac", "b"} -> switch 'a' -> {"ab","ac"} after 1 byte, 'b' -> done
//
// Tests: tests/unit/grammar/expr_test.cc.
#include "grammar/string_set.h"

#include <algorithm>
#include <string_view>

namespace xgr {
namespace {

// Bytes of the character that starts at `lead` (valid UTF-8).
size_t char_bytes(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

}  // namespace

bool StringSet::nullable(const ExprPool&, const Args& args) const {
  return strings_[args[0]].size() == args[2];  // the shortest of a shared prefix sorts first
}

Expr StringSet::unfold(ExprPool& pool, const Args& args) const {
  auto [lo, hi, depth] = args;
  if (hi - lo == 1) return pool.literal(std::string_view(strings_[lo]).substr(depth));
  bool ends = strings_[lo].size() == depth;
  if (ends) ++lo;
  std::vector<SwitchEdge> edges;
  while (lo < hi) {
    size_t bytes = char_bytes(static_cast<unsigned char>(strings_[lo][depth]));
    std::string_view head = std::string_view(strings_[lo]).substr(depth, bytes);
    auto same_head = [depth = depth, bytes, head](const std::string& s) {
      return std::string_view(s).substr(depth, bytes) == head;
    };
    auto end = std::partition_point(strings_.begin() + lo, strings_.begin() + hi, same_head);
    uint32_t next = static_cast<uint32_t>(end - strings_.begin());
    uint32_t after = depth + static_cast<uint32_t>(bytes);
    char32_t c = 0;
    size_t pos = 0;
    if (decode_utf8(head, &pos, &c) && has_spelled(pool, lo, next, depth)) {
      Expr child = next - lo == 1 ? pool.literal(std::string_view(strings_[lo]).substr(after))
                                  : pool.lazy(id_, {lo, next, after});
      edges.push_back({c, c, child});
    }
    lo = next;
  }
  Expr rest = pool.switch_on(edges);
  return ends ? pool.alt(pool.epsilon(), rest) : rest;
}

// Whether tokens can spell some string of [lo, hi) from byte `depth` on.
bool StringSet::has_spelled(const ExprPool& pool, uint32_t lo, uint32_t hi, uint32_t depth) const {
  while (lo < hi && !pool.spells(std::string_view(strings_[lo]).substr(depth))) ++lo;
  return lo < hi;
}

Expr StringSet::witness(ExprPool& pool, const Args& args) const {
  for (uint32_t i = args[0]; i < args[1]; ++i) {
    std::string_view rest = std::string_view(strings_[i]).substr(args[2]);
    if (pool.spells(rest)) return pool.literal(rest);
  }
  return pool.empty();
}

}  // namespace xgr
