// A regular expression as a tree.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "frontend/regex/regex_scanner.h"
#include "grammar/expr.h"
#include "support/limits.h"

namespace xgr::core {

enum class RegexKind : uint8_t {
  kText,    // a: first byte in RegexTree::text, b: bytes; none for the empty string
  kSet,     // a: Expr of a class
  kSeq,     // the children one after another
  kAlt,     // one of the children; the first has precedence
  kRepeat,  // the child, a to b times
  kAssert,  // assertion
  kAhead,   // the child matches (with `negative`: does not) from here on
  kBehind,  // the child matches (does not) up to here
  kAtomic,  // the first way in which the child matches, and no other
};

struct RegexNode {
  RegexKind kind = RegexKind::kText;
  bool negative = false;
  bool lazy = false;  // kRepeat: as few as possible first
  RegexAssertion assertion = RegexAssertion::kStart;
  uint32_t a = 0, b = 0;
  uint32_t first_child = 0, child_count = 0;
};

struct RegexTree {
  static constexpr uint32_t kVariable = UINT32_MAX;

  std::vector<RegexNode> nodes;    // children come before their parents; a child may have several
  std::vector<uint32_t> children;  // of all nodes
  std::vector<uint32_t> lengths;   // by node: characters of every match, or kVariable
  std::string text;
  uint32_t root = 0;

  std::span<const uint32_t> children_of(const RegexNode& n) const {
    return {children.data() + n.first_child, n.child_count};
  }
  std::string_view text_of(const RegexNode& n) const {
    return std::string_view(text).substr(n.a, n.b);
  }
};

// Builds the tree of a pattern from its tokens.
Result<RegexTree> parse_regex_tree(std::string_view pattern, std::vector<RegexToken> tokens,
                                   ExprPool& pool, const Limits& limits);

}  // namespace xgr::core
