// Trees of regular expressions as expressions, where ^, $ and look-aheads that are not repeated are
// all that depends on the surroundings.
#pragma once

#include <vector>

#include "frontend/regex/lookahead.h"
#include "frontend/regex/regex_tree.h"

namespace xgr::core {

struct FoldedRegex {
  std::vector<Expr> plain;  // by node: its expression, or kNoExpr where it has assertions inside
  bool whole = false;       // all of it could be folded:
  RegexPart root;
};

FoldedRegex fold_regex(const RegexTree& tree, ExprPool& pool, LookaheadAlgebra& algebra);

}  // namespace xgr::core
