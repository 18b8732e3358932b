// Reads the repetitions of Lark: ? * + ~n ~n..m {n} {n,} {,m} {n,m}.
//
// Entry point: LarkExpressions::take_repetition (lark_parser.h). One repetition stands behind an
// element; a second one needs a group.
//
//   "a"~2..4  ->  2, 4          "a"{,3}  ->  0, 3
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include "frontend/lark/lark_parser.h"

namespace xgr::core {

MaybeError LarkExpressions::take_count(LarkCursor& c, uint32_t* value, bool* present) {
  *present = c.kind() == Kind::kNumber;
  if (!*present) return std::nullopt;
  uint64_t n = 0;
  for (char digit : c.spelling()) {
    if (n < kUnbounded) n = n * 10 + static_cast<uint64_t>(digit - '0');
  }
  if (n >= kUnbounded) {
    return c.error(Status::kLimitExceeded, "a repetition count is at most 4294967294",
                   c.token().begin);
  }
  *value = static_cast<uint32_t>(n);
  ++c.at;
  return std::nullopt;
}

MaybeError LarkExpressions::take_repetition(LarkCursor& c, uint32_t* min, uint32_t* max) {
  const LarkToken t = c.token();
  bool has_min = true, has_max = true;
  switch (t.kind) {
    case Kind::kStar:
    case Kind::kPlus:
      *min = t.kind == Kind::kPlus;
      *max = kUnbounded;
      ++c.at;
      return std::nullopt;
    case Kind::kQuestion:
      *min = 0;
      ++c.at;
      return std::nullopt;
    case Kind::kTilde:
      if (c.kind(1) != Kind::kNumber) return std::nullopt;  // of the element behind it
      ++c.at;
      if (MaybeError e = take_count(c, min, &has_min)) return e;
      *max = *min;
      if (c.take(Kind::kRange)) {
        if (MaybeError e = take_count(c, max, &has_max)) return e;
      }
      if (!has_max) return c.expected("the greatest count, such as ~2..5");
      break;
    case Kind::kOpenBrace:
      ++c.at;
      if (MaybeError e = take_count(c, min, &has_min)) return e;
      *max = *min;
      if (c.take(Kind::kComma)) {
        if (MaybeError e = take_count(c, max, &has_max)) return e;
        if (!has_max) *max = kUnbounded;
        if (!has_min) *min = 0;
        has_min = has_min || has_max;
      }
      if (!has_min || c.kind() != Kind::kCloseBrace) {
        return c.expected("a repetition such as {2}, {2,}, {,5} or {2,5}");
      }
      ++c.at;
      break;
    default:
      return std::nullopt;
  }
  if (*min > *max) {
    return c.malformed(
        "this repetition has a least count above its greatest; write the smaller one first",
        t.begin);
  }
  return std::nullopt;
}

}  // namespace xgr::core
