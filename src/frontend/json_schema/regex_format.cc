// Well-formed regular expressions of ECMA-262 as an expression over characters.
//
// Entry point: regex_format. The syntax nests, compares numbers and names, and counts groups ahead,
// which no regular language can do in full; this is the part that is certain:
//   - groups and assertions nested at most 4 deep;
//   - ranges of a class between two digits, two small or two capital letters, or from space to ~;
//   - counts {n} {n,} {n,m} of at most three digits, with the greatest of more digits than the
//     least, or both of one digit in order;
//   - at most one named group, outside of all others; no back-references;
//   - of escapes those that mean the same with the flag u and are no error without it.
//
//   ^(?:[a-z]+|\d{2,3})(?=x)$  a{9,10}  [^\s-]  (?<n>a)      not: (  a**  [z-a]  a{3,2}  \a  (?i)a
//
// Tests: tests/cases/json_schema/format_regex.case.
#include "frontend/json_schema/regex_format.h"

#include <string>

#include "frontend/frontend.h"

namespace xgr::core {
namespace {

constexpr int kMaxGroupDepth = 4;

// The letters or digits from `c` to `last`, as a class.
std::string up_to(char c, char last) { return std::string("[") + c + "-" + last + "]"; }

std::string class_range() {
  std::string out = " -~";
  for (auto [first, last] : {std::pair{'0', '9'}, {'a', 'z'}, {'A', 'Z'}}) {
    for (char c = first; c <= last; ++c) out += std::string("|") + c + "-" + up_to(c, last);
  }
  return "(?:" + out + ")";
}

std::string count() {
  const std::string one = "[0-9]", two = "[1-9][0-9]", three = "[1-9][0-9]{2}";
  std::string pair = one + "," + two + "|(?:" + one + "|" + two + ")," + three;
  for (char c = '0'; c <= '9'; ++c) pair += std::string("|") + c + "," + up_to(c, '9');
  return "\\{(?:(?:" + one + "|" + two + "|" + three + "),?|" + pair + ")\\}";
}

// What stands for characters both in a class and outside.
std::string shared_escape() {
  return "\\\\(?:[dDsSwWfnrtv^$\\\\.*+?()\\[\\]{}|/]|c[A-Za-z]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|"
         "[pP]\\{(?:L[ulmto]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)\\})";
}

std::string char_class() {
  const std::string atom = "(?:[^\\\\\\]-]|\\\\b|\\\\-|" + shared_escape() + ")";
  return "\\[\\^?-?(?:" + class_range() + "|" + atom + ")*-?\\]";
}

class Builder {
 public:
  Builder(Grammar& grammar, const Limits& limits) : grammar_(grammar), limits_(limits) {}

  Result<Expr> run() {
    ExprPool& p = grammar_.pool;
    Expr bar = part("\\|"), quantifier = part("(?:(?:[*+?]|" + count() + ")[?]?)?");
    Expr plain = part("[^\\^$\\\\.*+?()\\[\\]{}|]|\\.|" + shared_escape() + "|" + char_class());
    Expr assertion = part("[\\^$]|\\\\[bB]");
    Expr open = part("\\((?:\\?:)?"), look = part("\\(\\?<?[=!]"), close = p.literal(")");
    Expr terms = p.star(p.alt(p.seq(plain, quantifier), assertion)), inner = kNoExpr;
    Expr disjunction = kNoExpr;
    for (int depth = 0; depth < kMaxGroupDepth; ++depth) {
      disjunction = p.seq(terms, p.star(p.seq(bar, terms)));
      inner = p.seq(disjunction, close);
      terms = p.star(p.alt({p.seq(plain, quantifier), assertion, p.seq({open, inner, quantifier}),
                            p.seq(look, inner)}));
    }
    Expr named = p.seq({part("\\(\\?<[A-Za-z_$][0-9A-Za-z_$]*>"), inner, quantifier});
    Expr whole = p.seq(terms, p.optional(p.seq(named, terms)));
    Expr plain_branches = p.star(p.seq(terms, bar));
    whole = p.seq({plain_branches, whole, p.star(p.seq(bar, terms))});
    if (failed_) return *std::move(failed_);
    return whole;
  }

 private:
  Expr part(const std::string& pattern) {
    Result<Expr> e = regex_expr(grammar_, pattern, {}, limits_);
    if (e.ok()) return e.value();
    failed_ = std::move(e.error());
    return grammar_.pool.empty();
  }

  Grammar& grammar_;
  const Limits& limits_;
  MaybeError failed_;
};

}  // namespace

Result<Expr> regex_format(Grammar& grammar, const Limits& limits) {
  return Builder(grammar, limits).run();
}

}  // namespace xgr::core
