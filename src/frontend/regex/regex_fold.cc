// Folds a tree into an expression, from the leaves up.
//
// Entry point: fold_regex. A node is a RegexPart, so that ^ and $ are exact wherever they stand
// (anchored.h) and look-aheads where they are not repeated (lookahead.h). \b, look-behinds, atomic
// groups and look-aheads in repetitions are not folded, nor is what they stand in: then only the
// parts without any assertion are of use, to regex_program.h.
//
//   ^(a|b)$        ->  folded        ((?!x).)*[a-z]+  ->  only [a-z]+ and its like
//
// Tests: tests/unit/frontend/regex_test.cc.
#include "frontend/regex/regex_fold.h"

#include <algorithm>
#include <optional>

namespace xgr::core {
namespace {

class Folder {
 public:
  Folder(const RegexTree& tree, ExprPool& pool, LookaheadAlgebra& algebra)
      : tree_(tree), pool_(pool), algebra_(algebra), anchored_(algebra.anchored()) {}

  FoldedRegex run() {
    FoldedRegex out;
    parts_.resize(tree_.nodes.size());
    for (const RegexNode& n : tree_.nodes) {
      const size_t i = out.plain.size();
      parts_[i] = fold(n);
      const std::optional<RegexPart>& p = parts_[i];
      bool plain = p && p->is_plain() && anchored_.is_plain(p->plain);
      out.plain.push_back(plain ? p->plain.anywhere() : kNoExpr);
    }
    out.whole = parts_[tree_.root].has_value();
    if (out.whole) out.root = *std::move(parts_[tree_.root]);
    return out;
  }

 private:
  using Part = std::optional<RegexPart>;

  Part fold(const RegexNode& n) {
    std::span<const uint32_t> children = tree_.children_of(n);
    switch (n.kind) {
      case RegexKind::kText:
        return RegexPart{anchored_.plain(pool_.literal(tree_.text_of(n))), {}};
      case RegexKind::kSet:
        return RegexPart{anchored_.plain(n.a), {}};
      case RegexKind::kAssert:
        if (n.assertion == RegexAssertion::kStart) return RegexPart{anchored_.start(), {}};
        if (n.assertion == RegexAssertion::kEnd) return RegexPart{anchored_.end(), {}};
        return std::nullopt;
      case RegexKind::kSeq:
      case RegexKind::kAlt:
        return join(n.kind, children);
      default:
        break;
    }
    const Part& body = parts_[children[0]];
    if (!body || n.kind == RegexKind::kBehind || n.kind == RegexKind::kAtomic) return std::nullopt;
    if (n.kind == RegexKind::kAhead) return algebra_.look(*body, n.negative);
    RegexPart repeated = *body;
    if (!algebra_.repeat(&repeated, n.a, n.b)) return std::nullopt;
    return repeated;
  }

  Part join(RegexKind kind, std::span<const uint32_t> children) {
    std::vector<RegexPart> all;
    for (uint32_t c : children) {
      if (!parts_[c]) return std::nullopt;
      all.push_back(*parts_[c]);
    }
    RegexPart out;
    bool fits = kind == RegexKind::kSeq ? algebra_.seq(all, &out) : algebra_.alt(all, &out);
    if (!fits) return std::nullopt;
    return out;
  }

  const RegexTree& tree_;
  ExprPool& pool_;
  LookaheadAlgebra& algebra_;
  AnchoredAlgebra& anchored_;
  std::vector<Part> parts_;
};

}  // namespace

FoldedRegex fold_regex(const RegexTree& tree, ExprPool& pool, LookaheadAlgebra& algebra) {
  return Folder(tree, pool, algebra).run();
}

}  // namespace xgr::core
