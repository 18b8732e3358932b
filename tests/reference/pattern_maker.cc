// Random regular expressions.
//
// Entry points: PatternMaker::pattern, text. The grammar of patterns is written as functions, one a
// level; every construct that docs/regex.md lists as supported can come up, and often one inside
// another. Look-behinds are made of parts of a fixed length, as every version of PCRE2 wants them.
//
//   PatternMaker(7).pattern()  ->  (?>a|b+?)\b(?i:-a)
//
// Tests: tests/reference/compare_regex.cc runs it.
#include "pattern_maker.h"

namespace xgr::core::test {

std::string PatternMaker::pattern() {
  extended_ = chance(8);
  named_ = 0;
  return (extended_ ? "(?x)" : "") + alternatives(3);
}

std::string PatternMaker::text(uint32_t length) {
  static const char* const letters[] = {"a", "a", "b", "b", "-", "\n", "A", "\xC3\xA9", "\r", "a"};
  std::string s;
  for (uint32_t n = below(length + 1); n > 0; --n) s += any(letters);
  return s;
}

std::string PatternMaker::space() {
  static const char* const spaces[] = {" ", "\t", "\n", "#a)\n", "(?#b)"};
  if (chance(40)) return "(?#c)";
  return extended_ && chance(4) ? any(spaces) : "";
}

std::string PatternMaker::alternatives(int depth) {
  std::string s = sequence(depth);
  while (chance(4)) s += "|" + sequence(depth);
  return s;
}

std::string PatternMaker::sequence(int depth) {
  static const char* const flags[] = {"(?i)", "(?m)", "(?s)",    "(?-s)", "(?-i)",
                                      "(?U)", "(?^)", "(?im-s)", "(?-m)"};
  std::string s;
  for (uint32_t n = below(4); n > 0; --n) {
    if (chance(20)) s += any(flags);
    s += item(depth) + space();
  }
  return s;
}

std::string PatternMaker::quantifier() {
  static const char* const counts[] = {"*",     "+",     "?",     "{2}",  "{0}", "{1,}",
                                       "{0,2}", "{2,3}", "{1,2}", "{2,}", "{1}", "{0,1}"};
  static const char* const modes[] = {"", "", "?", "+"};
  std::string s = any(counts);
  return s + (chance(10) ? space() : "") + any(modes);
}

std::string PatternMaker::item(int depth) {
  static const char* const assertions[] = {"^",   "$",   "\\b", "\\B",    "\\A",   "\\z",
                                           "\\Z", "\\G", "\\b", "(?m:^)", "(?m:$)"};
  if (chance(7)) return any(assertions);
  std::string s = atom(depth);
  if (chance(3)) s += (chance(10) ? space() : "") + quantifier();
  return s;
}

std::string PatternMaker::group(int depth) {
  static const char* const opens[] = {
      "(",   "(?:", "(?=", "(?!", "(?>",    "(?i:",   "(?s:",      "(?-s:", "(?m:",
      "(?|", "(?>", "(?=", "(?!", "(*pla:", "(*nla:", "(*atomic:", "(?*",   "(?^i:"};
  if (chance(8)) return look_behind(depth);
  if (chance(12)) return "(?<n" + std::to_string(named_++) + ">" + alternatives(depth - 1) + ")";
  return any(opens) + alternatives(depth - 1) + ")";
}

std::string PatternMaker::look_behind(int depth) {
  static const char* const opens[] = {"(?<=", "(?<!", "(?<=", "(*plb:", "(*nlb:", "(?<*"};
  std::string s = any(opens) + fixed(below(4), depth);
  while (chance(3)) s += "|" + fixed(below(4), depth);
  return s + ")";
}

// A part of a look-behind, `length` characters long.
std::string PatternMaker::fixed(uint32_t length, int depth) {
  static const char* const ones[] = {"a", "b", ".", "[^a]", "\\w", "[ab-]", "\\W", "(?i:a)", "\\s"};
  static const char* const zeros[] = {"\\b", "\\B", "^", "$", "(?m:^)", "(?m:$)", "\\A", "\\z"};
  std::string s;
  while (true) {
    if (chance(5)) s += any(zeros);
    if (chance(9) && depth > 1) s += look_behind(depth - 1);
    if (length == 0) return s;
    if (chance(6) && length >= 2) {
      s += "(?:" + fixed(length, 0) + "|" + fixed(length, 0) + ")";
      return s;
    }
    if (chance(8) && length >= 2) {
      s += std::string(any(ones)) + "{2}";
      length -= 2;
      continue;
    }
    s += any(ones);
    --length;
  }
}

std::string PatternMaker::atom(int depth) {
  static const char* const atoms[] = {
      "a",        "b",       "a",   "b",         "[ab]",    "[^a]",         ".",
      "\\n",      "[a-c-]",  "\\w", "[^\\W]",    "\\s",     "[\xC3\xA9]",   "\\S",
      "\xC3\xA9", "\\p{L}",  "\\N", "[\\P{L}b]", "ab",      "\\x61",        "\\-",
      "\\R",      "\\h",     "\\v", "\\Qa-\\E",  "\\Qb\\E", "[[:alpha:]-]", "[[:^upper:]]",
      "\\x{e9}",  "\\p{Lu}", "A",   "ba",        "[^\\n]",  "\\d",          "(?i:a)",
      "\\H",      "aa",      "-"};
  if (depth == 0 || !chance(3)) return any(atoms);
  return group(depth);
}

}  // namespace xgr::core::test
