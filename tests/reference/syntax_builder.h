// Short constructors for syntax trees, for the fixed shapes of the generator and for tests.
//
//   Syntax s = make_syntax({"root"}, {{{call(0), txt(U"+"), chars({{'0', '9'}})}, {txt(U"x")}}});
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "syntax_tree.h"

namespace reference {

inline Element txt(std::u32string text) {
  Element e;
  e.text = std::move(text);
  return e;
}

inline Element chars(std::vector<CodeRange> ranges, bool negated = false) {
  Element e;
  e.kind = ElementKind::kClass;
  e.ranges = std::move(ranges);
  e.negated = negated;
  return e;
}

inline Element call(size_t rule) {
  Element e;
  e.kind = ElementKind::kRule;
  e.rule = rule;
  return e;
}

inline Element group(Body body) {
  Element e;
  e.kind = ElementKind::kGroup;
  e.group = std::move(body);
  return e;
}

// An element that is repeated already is put into a group first.
inline Element times(Element e, int min, int max) {
  if (e.min != 1 || e.max != 1) e = group({{std::move(e)}});
  e.min = min;
  e.max = max;
  return e;
}
inline Element star(Element e) { return times(std::move(e), 0, kForever); }
inline Element plus(Element e) { return times(std::move(e), 1, kForever); }
inline Element maybe(Element e) { return times(std::move(e), 0, 1); }

inline Syntax make_syntax(std::vector<std::string> names, std::vector<Body> rules) {
  Syntax syntax;
  syntax.names = std::move(names);
  syntax.rules = std::move(rules);
  return syntax;
}

}  // namespace reference
