// xgr/draft.h: masks along tokens that another model proposes.
//
// Entry points: the functions of the header.
//
//   xgr_matcher_fill_draft(matcher, tokens, 4, masks, 5 * words, words, kinds, 5, &valid_count);
//
// Tests: tests/capi/draft_test.c.
#include "matcher/draft.h"

#include <xgr/draft.h>

#include "capi/guard.h"
#include "capi/handles.h"

namespace xgr::core {
namespace {

// Whether so many rows, of which there is at least one, are there and are long enough.
bool has_rows(const Matcher& matcher, size_t rows, size_t mask_count, size_t mask_words) {
  const size_t needed = matcher.grammar()->tokenizer()->mask_words();
  return mask_words >= needed && mask_words > 0 && mask_count / mask_words >= rows;
}

bool is_tree(const xgr_draft_tree_t& tree) {
  const bool linked = tree.first_children != nullptr && tree.next_siblings != nullptr;
  const bool half = (tree.first_children != nullptr) != (tree.next_siblings != nullptr);
  return tree.tokens != nullptr && tree.node_count > 0 && tree.node_count <= INT32_MAX && !half &&
         linked != (tree.parents != nullptr);
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_matcher_fill_draft(xgr_matcher_t* matcher, const int32_t* tokens,
                                    size_t token_count, uint32_t* masks, size_t mask_count,
                                    size_t mask_words, xgr_mask_kind_t* kinds, size_t row_count,
                                    size_t* out_valid_count) {
  return guard_status([&] {
    if (matcher == nullptr || masks == nullptr || out_valid_count == nullptr)
      return Status::kInvalidArgument;
    if (tokens == nullptr && token_count > 0) return Status::kInvalidArgument;
    Matcher& core = *as_matcher(matcher);
    if (token_count == SIZE_MAX || !has_rows(core, token_count + 1, mask_count, mask_words) ||
        (kinds != nullptr && row_count < token_count + 1))
      return Status::kInvalidArgument;
    return fill_draft(&core, {tokens, token_count}, {masks, mask_words, kinds}, out_valid_count);
  });
}

xgr_status_t xgr_matcher_fill_draft_tree(xgr_matcher_t* matcher, uint32_t* masks, size_t mask_count,
                                         size_t mask_words, xgr_mask_kind_t* kinds, int32_t* valid,
                                         size_t row_count, const xgr_draft_tree_t* tree) {
  return guard_status([&] {
    if (matcher == nullptr || masks == nullptr || tree == nullptr) return Status::kInvalidArgument;
    xgr_draft_tree_t own;
    if (read_options(tree, "xgr_draft_tree_t", &own) || !is_tree(own))
      return Status::kInvalidArgument;
    Matcher& core = *as_matcher(matcher);
    const bool tells = kinds != nullptr || valid != nullptr;
    if (!has_rows(core, own.node_count, mask_count, mask_words) ||
        (tells && row_count < own.node_count))
      return Status::kInvalidArgument;
    const DraftTree nodes{
        {own.tokens, own.node_count}, own.parents, own.first_children, own.next_siblings};
    return fill_draft_tree(&core, nodes, {masks, mask_words, kinds}, valid);
  });
}
