// Exact treatment of ^ and $ anywhere in a regular expression.
//
// Entry point: AnchoredAlgebra. An anchor does not consume anything, but it ties the place where it
// stands to an end of the text. So each part of an expression is kept as four languages
// (anchored.h). When two parts follow one another and the second is tied to the beginning, the
// first can only have matched the empty string there; likewise with the end. This is all there is
// to know, and it is closed under sequence, union and repetition, so nothing is approximated.
//
//   a|^b$  ->  anywhere: a, as whole: b          (|x)^y  ->  at start: y          x^  ->  nothing
//
// Tests: tests/unit/frontend/regex_test.cc.
#include "frontend/regex/anchored.h"

namespace xgr::core {
namespace {

constexpr unsigned kAtStart = 1, kAtEnd = 2;

// {min - used, max - used}, where `loose` says that the missing ones may be empty matches.
Expr repeat_rest(ExprPool& pool, Expr body, uint32_t min, uint32_t max, uint32_t used, bool loose) {
  if (max < used) return pool.empty();
  uint32_t most = max == kUnbounded ? kUnbounded : max - used;
  uint32_t least = loose || min <= used ? 0 : min - used;
  return pool.repeat(body, least, most);
}

}  // namespace

bool AnchoredAlgebra::is_plain(const Anchored& x) const {
  return x.where[1] == pool_.empty() && x.where[2] == pool_.empty() && x.where[3] == pool_.empty();
}

bool AnchoredAlgebra::any_nullable(const Anchored& x, unsigned states) const {
  for (unsigned i = 0; i < 4; ++i) {
    if ((states >> i & 1) && pool_.nullable(x.where[i])) return true;
  }
  return false;
}

Anchored AnchoredAlgebra::join(const Anchored& x, const Anchored& y) {
  std::array<std::vector<Expr>, 4> out;
  for (unsigned i = 0; i < 4; ++i) {
    for (unsigned j = 0; j < 4; ++j) {
      Expr left = x.where[i], right = y.where[j];
      if (j & kAtStart) left = pool_.nullable(left) ? pool_.epsilon() : pool_.empty();
      if (i & kAtEnd) right = pool_.nullable(right) ? pool_.epsilon() : pool_.empty();
      if (left == pool_.empty() || right == pool_.empty()) continue;
      out[i | j].push_back(pool_.seq(left, right));
    }
  }
  return {{pool_.alt(out[0]), pool_.alt(out[1]), pool_.alt(out[2]), pool_.alt(out[3])}};
}

Anchored AnchoredAlgebra::seq(std::span<const Anchored> parts) {
  Anchored tail = plain(pool_.epsilon());
  for (size_t i = parts.size(); i-- > 0;) {
    if (is_plain(parts[i]) && is_plain(tail)) {
      tail = plain(pool_.seq(parts[i].anywhere(), tail.anywhere()));
    } else {
      tail = join(parts[i], tail);
    }
  }
  return tail;
}

Anchored AnchoredAlgebra::alt(std::span<const Anchored> branches) {
  Anchored result;
  std::vector<Expr> all(branches.size());
  for (unsigned i = 0; i < 4; ++i) {
    for (size_t k = 0; k < branches.size(); ++k) all[k] = branches[k].where[i];
    result.where[i] = pool_.alt(all);
  }
  return result;
}

Anchored AnchoredAlgebra::repeat(const Anchored& x, uint32_t min, uint32_t max) {
  if (is_plain(x)) return plain(pool_.repeat(x.anywhere(), min, max));
  Anchored result = plain(pool_.repeat(x.anywhere(), min, max));
  if (max == 0) return result;
  // Before a repetition tied to the beginning all others are empty, and after one tied to the end.
  bool empty_before = any_nullable(x, 0b0011), empty_after = any_nullable(x, 0b0101);
  bool empty_around = empty_before || empty_after;
  Expr rest = repeat_rest(pool_, x.anywhere(), min, max, 1, empty_before);
  result.where[kAtStart] = pool_.seq(x.at_start(), rest);
  rest = repeat_rest(pool_, x.anywhere(), min, max, 1, empty_after);
  result.where[kAtEnd] = pool_.seq(rest, x.at_end());
  // Either one repetition is the whole text, or a first and a last one stand at its ends.
  Expr alone = min <= 1 || empty_around || pool_.nullable(x.as_whole()) ? x.as_whole() : 0;
  rest = repeat_rest(pool_, x.anywhere(), min, max, 2, empty_around);
  Expr both = pool_.seq({x.at_start(), rest, x.at_end()});
  result.where[kAtStart | kAtEnd] = pool_.alt(alone, both);
  return result;
}

Expr AnchoredAlgebra::whole(const Anchored& x) { return pool_.alt(x.where); }

Expr AnchoredAlgebra::search(const Anchored& x) {
  Expr any = pool_.star(pool_.char_class(CharSet::all()));
  if (pool_.nullable(x.anywhere()) || pool_.nullable(x.at_start()) || pool_.nullable(x.at_end())) {
    return any;
  }
  return pool_.alt({pool_.seq({any, x.anywhere(), any}), pool_.seq(x.at_start(), any),
                    pool_.seq(any, x.at_end()), x.as_whole()});
}

}  // namespace xgr::core
