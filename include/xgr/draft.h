/* Drafts: masks along tokens that another model proposes, for speculative decoding. */
#ifndef XGR_DRAFT_H
#define XGR_DRAFT_H

#include <xgr/base.h>
#include <xgr/matcher.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Write the masks along a chain of proposed tokens: the one before each token, and the one after the
 * last.
 *
 * Row i is what xgr_matcher_fill_bitmask would write after the first i tokens. The first token that
 * is refused ends the draft; the rows behind its own allow everything and are
 * XGR_MASK_KIND_TERMINATED, as no output leads there. Each mask and each token is charged for itself.
 * The matcher is afterwards as before, but what it lent is taken back; on failure too, the rows are
 * then unspecified.
 *
 * @param matcher                matcher to ask
 * @param tokens                 (nullable) (length=token_count) (copied) proposed token ids, any
 *                               values; NULL only if none
 * @param token_count            number of tokens
 * @param[out] masks             (length=mask_count) token_count + 1 rows, one behind the other
 * @param mask_count             size of masks in words, at least (token_count + 1) * mask_words
 * @param mask_words             words from one row to the next, at least
 *                               xgr_matcher_mask_words(matcher); what is behind that many in a row is
 *                               not written
 * @param[out] kinds             (nullable) (length=row_count) XGR_MASK_KIND_* of each row
 * @param row_count              how many kinds there is room for, at least token_count + 1; 0 without
 * @param[out] out_valid_count   how many of the tokens are accepted, up to the first that is not
 * @error INVALID_ARGUMENT       a NULL where none is allowed; mask_words is too small; the rows are
 *                               more than mask_count or row_count
 * @error LIMIT_EXCEEDED         a mask or a token needs more steps than max_work_per_call
 * @error CANCELLED              the matcher's request to stop was made
 * @error OUT_OF_MEMORY          memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_fill_draft(xgr_matcher_t* matcher, const int32_t* tokens,
                                            size_t token_count, uint32_t* masks, size_t mask_count,
                                            size_t mask_words, xgr_mask_kind_t* kinds,
                                            size_t row_count, size_t* out_valid_count);

/**
 * A tree of proposed tokens. Node 0 is its root and stands for the output so far: its token, which
 * the matcher has accepted already, is not looked at.
 *
 * Either parents is given, or first_children and next_siblings together, as engines keep them.
 *
 * @since 0.1
 */
typedef struct xgr_draft_tree {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (length=node_count) Token id of each node, any value. */
  const int32_t* tokens;
  /** Number of nodes, at least 1. */
  size_t node_count;
  /** (nullable) (length=node_count) The node before each, in any order; that of the root is -1. */
  const int32_t* parents;
  /** (nullable) (length=node_count) The first node behind each; -1: none. */
  const int32_t* first_children;
  /** (nullable) (length=node_count) The next node with the same parent; -1: none. */
  const int32_t* next_siblings;
  /** Must be 0. */
  size_t reserved;
} xgr_draft_tree_t;
#define XGR_DRAFT_TREE_INIT {sizeof(xgr_draft_tree_t), 0, 0, 0, 0, 0, 0}

/**
 * Write the masks after the nodes of a tree of proposed tokens.
 *
 * Row i is what xgr_matcher_fill_bitmask would write after the tokens on the way from the root to
 * node i, and row 0 the mask of the matcher as it is. The row of a node that the output cannot lead to
 * allows everything and is XGR_MASK_KIND_TERMINATED. Each mask and each token is charged for itself.
 * The matcher is afterwards as before, but what it lent is taken back; on failure too, the rows are
 * then unspecified.
 *
 * @param matcher                matcher to ask
 * @param[out] masks             (length=mask_count) a row for each node, one behind the other
 * @param mask_count             size of masks in words, at least node_count * mask_words
 * @param mask_words             words from one row to the next, at least
 *                               xgr_matcher_mask_words(matcher); what is behind that many in a row is
 *                               not written
 * @param[out] kinds             (nullable) (length=row_count) XGR_MASK_KIND_* of each row
 * @param[out] valid             (nullable) (length=row_count) for each node, 1 when the tokens on the
 *                               way to it are accepted, else 0
 * @param row_count              how many kinds and how many numbers there is room for, at least
 *                               node_count; 0 without both
 * @param tree                   (copied) nodes
 * @error INVALID_ARGUMENT       a NULL where none is allowed; no node; links that lead out of the tree,
 *                               to a node twice or to the root, or that leave a node out; mask_words is
 *                               too small; the rows are more than mask_count or row_count
 * @error LIMIT_EXCEEDED         a mask or a token needs more steps than max_work_per_call
 * @error CANCELLED              the matcher's request to stop was made
 * @error OUT_OF_MEMORY          memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_fill_draft_tree(xgr_matcher_t* matcher, uint32_t* masks,
                                                 size_t mask_count, size_t mask_words,
                                                 xgr_mask_kind_t* kinds, int32_t* valid,
                                                 size_t row_count, const xgr_draft_tree_t* tree);

#ifdef __cplusplus
}
#endif

#endif /* XGR_DRAFT_H */
