// Random expressions without rules, and their strings up to a length, from the definitions.
#pragma once

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core::test {

using Strings = std::set<std::string>;

inline Strings joined(const Strings& x, const Strings& y, size_t most) {
  Strings out;
  for (const std::string& a : x) {
    for (const std::string& b : y) {
      if (a.size() + b.size() <= most) out.insert(a + b);
    }
  }
  return out;
}

// All strings of `e` of at most `most` bytes. Characters are ASCII.
inline Strings strings_of(const ExprPool& p, Expr e, size_t most) {
  const ExprNode& n = p.node(e);
  Strings out;
  switch (n.kind) {
    case ExprKind::kEpsilon:
      return {""};
    case ExprKind::kLiteral:
      out.insert(std::string(p.string(n.a).substr(n.b)));
      break;
    case ExprKind::kClass:
      for (char c : std::string_view("abc\"\\")) {
        if (p.charset(n.a).contains(static_cast<char32_t>(c))) out.insert(std::string(1, c));
      }
      break;
    case ExprKind::kSwitch:
      for (const SwitchEdge& edge : p.edges(e)) {
        for (char32_t c = edge.lo; c <= edge.hi; ++c) {
          out.merge(joined({std::string(1, static_cast<char>(c))}, strings_of(p, edge.child, most),
                           most));
        }
      }
      break;
    case ExprKind::kSeq:
      return joined(strings_of(p, n.a, most), strings_of(p, n.b, most), most);
    case ExprKind::kAlt:
      for (Expr c : p.children(e)) out.merge(strings_of(p, c, most));
      break;
    case ExprKind::kRepeat: {
      const Strings one = strings_of(p, n.a, most);
      Strings now{""};
      for (uint32_t i = 0; i <= n.c && !now.empty(); ++i) {
        if (i >= n.b) {
          const size_t before = out.size();
          out.insert(now.begin(), now.end());
          if (i > n.b && out.size() == before) break;
        }
        now = joined(now, one, most);
      }
      break;
    }
    default:
      FAIL("not a plain expression");
  }
  std::erase_if(out, [&](const std::string& s) { return s.size() > most; });
  return out;
}

inline CharSet letters(std::string_view of) {
  CharSet s;
  for (char c : of) s.add(static_cast<char32_t>(c));
  return s;
}

inline Expr random_plain(ExprPool& p, std::mt19937& random, int size) {
  if (size <= 1) {
    switch (random() % 6) {
      case 0:
        return p.literal("a");
      case 1:
        return p.literal("ab");
      case 2:
        return p.char_class(letters("ab"));
      case 3:
        return p.char_class(letters("abc"));
      case 4:
        return p.seq(p.literal("\\"), p.char_class(letters("a")));
      default:
        return p.literal("b");
    }
  }
  const int left = 1 + static_cast<int>(random() % static_cast<uint32_t>(size - 1));
  const Expr x = random_plain(p, random, left);
  switch (random() % 6) {
    case 0:
      return p.repeat(x, random() % 3, random() % 2 ? kUnbounded : 2 + random() % 3);
    case 1: {
      const std::vector<SwitchEdge> edges = {{'a', 'a', x},
                                             {'b', 'c', random_plain(p, random, size - left)}};
      return p.switch_on(edges);
    }
    case 2:
      return p.alt(x, random_plain(p, random, size - left));
    default:
      return p.seq(x, random_plain(p, random, size - left));
  }
}

}  // namespace xgr::core::test
