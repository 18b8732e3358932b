// Drafts: masks along tokens that another model proposes.
//
//   fill_draft(matcher, {5, 7}, rows, &valid);   // rows: now, after 5, after 5 7; the state as before
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "matcher/matcher.h"
#include "support/status.h"

namespace xgr::core {

// Where the mask of each node goes.
struct DraftRows {
  uint32_t* words;
  size_t stride;
  int32_t* kinds;  // numbers of MaskKind; null: nobody asks
};

// Row i is the mask after i tokens, up to the first that is refused; the rows behind that allow all.
// *valid tokens are accepted. The matcher is afterwards as before, but for what it lent.
Status fill_draft(Matcher* matcher, std::span<const int32_t> tokens, const DraftRows& rows,
                  size_t* valid);

// A tree by parents, or by first children and next siblings; -1: none. Node 0 is the root.
struct DraftTree {
  std::span<const int32_t> tokens;
  const int32_t* parents;
  const int32_t* first_children;
  const int32_t* next_siblings;
};

// Row i is the mask after the tokens on the way to node i. kInvalidArgument when the links are no tree:
// nothing is written then.
Status fill_draft_tree(Matcher* matcher, const DraftTree& tree, const DraftRows& rows,
                       int32_t* valid);

}  // namespace xgr::core
