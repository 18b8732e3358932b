/* xgr/draft.h: masks along proposed tokens; the matcher stays as it is. */
#include "check.h"

enum { NODES = 7, STRIDE = MASK_WORDS + 1 };

/* The mask after a number of tokens, by a clone. */
static void mask_after(const xgr_matcher_t* matcher, const int32_t* tokens, size_t count,
                       uint32_t* mask, xgr_mask_kind_t* kind) {
  xgr_matcher_t* clone = NULL;
  size_t i;
  CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK);
  for (i = 0; i < count; ++i) CHECK(takes(clone, tokens[i]));
  CHECK(xgr_matcher_fill_bitmask(clone, mask, MASK_WORDS, kind) == XGR_OK);
  xgr_matcher_destroy(clone);
}

static void check_row(const uint32_t* row, xgr_mask_kind_t kind, const xgr_matcher_t* matcher,
                      const int32_t* tokens, size_t count) {
  uint32_t alone[MASK_WORDS];
  xgr_mask_kind_t expected = -1;
  mask_after(matcher, tokens, count, alone, &expected);
  CHECK(kind == expected && memcmp(row, alone, sizeof alone) == 0);
  CHECK(row[MASK_WORDS] == 0xA5A5A5A5u);
}

/* The row that no output leads to. */
static void check_end(const uint32_t* row, xgr_mask_kind_t kind) {
  CHECK(kind == XGR_MASK_KIND_TERMINATED && xgr_bitmask_count(row, MASK_WORDS) == VOCAB_SIZE);
}

static void a_chain_is_followed_as_far_as_it_is_right(void) {
  static const int32_t tokens[] = {TOKEN_OPEN, 'b', 'x', 'b'};
  uint32_t masks[5 * STRIDE];
  xgr_mask_kind_t kinds[5];
  size_t valid = 99;
  xgr_matcher_t* matcher = matcher_for("root ::= \"{\\\"\" [a-c]+ \"\\\"}\"");
  memset(masks, 0xA5, sizeof masks);
  CHECK(xgr_matcher_fill_draft(matcher, tokens, 4, masks, 5 * STRIDE, STRIDE, kinds, 5, &valid) ==
        XGR_OK);
  CHECK(valid == 2);
  check_row(masks, kinds[0], matcher, tokens, 0);
  check_row(masks + STRIDE, kinds[1], matcher, tokens, 1);
  check_row(masks + 2 * STRIDE, kinds[2], matcher, tokens, 2);
  check_end(masks + 3 * STRIDE, kinds[3]);
  check_end(masks + 4 * STRIDE, kinds[4]);
  CHECK(xgr_matcher_history_size(matcher) == 0);
  CHECK(xgr_matcher_fill_draft(matcher, NULL, 0, masks, STRIDE, STRIDE, NULL, 0, &valid) == XGR_OK);
  CHECK(valid == 0);
  xgr_matcher_destroy(matcher);
}

static void a_draft_may_end_the_output(void) {
  static const int32_t tokens[] = {'a', TOKEN_STOP, 'a'};
  uint32_t masks[4 * MASK_WORDS];
  xgr_mask_kind_t kinds[4];
  size_t valid = 99;
  xgr_matcher_t* matcher = matcher_for("root ::= \"a\"*");
  CHECK(takes(matcher, 'a'));
  CHECK(xgr_matcher_fill_draft(matcher, tokens, 3, masks, 4 * MASK_WORDS, MASK_WORDS, kinds, 4,
                               &valid) == XGR_OK);
  CHECK(valid == 2 && kinds[1] == XGR_MASK_KIND_SOME && kinds[2] == XGR_MASK_KIND_TERMINATED);
  check_end(masks + 3 * MASK_WORDS, kinds[3]);
  CHECK(xgr_matcher_history_size(matcher) == 1 && !xgr_matcher_is_terminated(matcher));
  xgr_matcher_destroy(matcher);
}

/* 0 -> 1 -> 3 -> 5, 1 -> 4 (refused) -> 6, 0 -> 2 */
static const int32_t tree_tokens[NODES] = {-7, TOKEN_OPEN, '{', 'a', '?', '"', 'a'};
static const int32_t tree_parents[NODES] = {-1, 0, 0, 1, 1, 3, 4};
static const int32_t tree_first[NODES] = {1, 3, -1, 5, 6, -1, -1};
static const int32_t tree_next[NODES] = {-1, 2, -1, 4, -1, -1, -1};

static void a_tree_has_the_mask_of_each_node(int by_parents) {
  static const int32_t path[] = {TOKEN_OPEN, 'a', '"'}, other[] = {'{'};
  static const int32_t expected[NODES] = {1, 1, 1, 1, 0, 1, 0};
  uint32_t masks[NODES * STRIDE];
  xgr_mask_kind_t kinds[NODES];
  int32_t valid[NODES];
  size_t i;
  xgr_draft_tree_t tree = XGR_DRAFT_TREE_INIT;
  xgr_matcher_t* matcher = matcher_for("root ::= \"{\\\"\" [a-c]+ \"\\\"}\"");
  tree.tokens = tree_tokens;
  tree.node_count = NODES;
  if (by_parents) {
    tree.parents = tree_parents;
  } else {
    tree.first_children = tree_first;
    tree.next_siblings = tree_next;
  }
  memset(masks, 0xA5, sizeof masks);
  CHECK(xgr_matcher_fill_draft_tree(matcher, masks, NODES * STRIDE, STRIDE, kinds, valid, NODES,
                                    &tree) == XGR_OK);
  for (i = 0; i < NODES; ++i) CHECK(valid[i] == expected[i]);
  check_row(masks, kinds[0], matcher, path, 0);
  check_row(masks + STRIDE, kinds[1], matcher, path, 1);
  check_row(masks + 2 * STRIDE, kinds[2], matcher, other, 1);
  check_row(masks + 3 * STRIDE, kinds[3], matcher, path, 2);
  check_row(masks + 5 * STRIDE, kinds[5], matcher, path, 3);
  check_end(masks + 4 * STRIDE, kinds[4]);
  check_end(masks + 6 * STRIDE, kinds[6]);
  CHECK(xgr_matcher_history_size(matcher) == 0);
  CHECK(xgr_matcher_fill_draft_tree(matcher, masks, NODES * STRIDE, STRIDE, NULL, NULL, 0, &tree) ==
        XGR_OK);
  xgr_matcher_destroy(matcher);
}

static void what_is_no_tree_is_refused(void) {
  static const int32_t cycle[NODES] = {-1, 3, 0, 1, 1, 3, 4},
                       outside[NODES] = {-1, 0, 0, 7, 1, 3, 4},
                       no_root[NODES] = {0, 0, 0, 1, 1, 3, 4},
                       two_roots[NODES] = {-1, -1, 0, 1, 1, 3, 4};
  static const int32_t to_root[NODES] = {1, 3, 0, 5, 6, -1, -1},
                       far[NODES] = {1, 3, 99, 5, 6, -1, -1},
                       twice[NODES] = {1, 3, 5, 5, 6, -1, -1},
                       less[NODES] = {1, 3, -2, 5, 6, -1, -1},
                       left_out[NODES] = {1, 3, -1, 5, -1, -1, -1};
  const int32_t* const parents[] = {cycle, outside, no_root, two_roots};
  const int32_t* const firsts[] = {to_root, far, twice, less, left_out};
  uint32_t masks[NODES * MASK_WORDS];
  xgr_draft_tree_t tree = XGR_DRAFT_TREE_INIT;
  xgr_matcher_t* matcher = matcher_for("root ::= [a-c]*");
  size_t i;
  memset(masks, 0xA5, sizeof masks);
  tree.tokens = tree_tokens;
  tree.node_count = NODES;
#define REFUSED()                                                                                 \
  CHECK(xgr_matcher_fill_draft_tree(matcher, masks, NODES* MASK_WORDS, MASK_WORDS, NULL, NULL, 0, \
                                    &tree) == XGR_ERROR_INVALID_ARGUMENT)
  REFUSED(); /* no links at all */
  for (i = 0; i < 4; ++i) {
    tree.parents = parents[i];
    REFUSED();
  }
  tree.parents = NULL;
  tree.first_children = tree_first;
  REFUSED(); /* half of them */
  tree.next_siblings = tree_next;
  for (i = 0; i < 5; ++i) {
    tree.first_children = firsts[i];
    REFUSED();
  }
  tree.parents = tree_parents; /* both */
  tree.first_children = tree_first;
  REFUSED();
  tree.first_children = tree.next_siblings = NULL;
  tree.node_count = 0;
  REFUSED();
  tree.node_count = NODES;
  tree.reserved = 1;
  REFUSED();
#undef REFUSED
  CHECK(masks[0] == 0xA5A5A5A5u && xgr_matcher_history_size(matcher) == 0);
  xgr_matcher_destroy(matcher);
}

static void rows_that_are_too_few_are_refused(void) {
  static const int32_t tokens[] = {'a', 'b'};
  uint32_t masks[3 * MASK_WORDS];
  xgr_mask_kind_t kinds[3];
  int32_t valid[NODES];
  size_t count = 99;
  xgr_draft_tree_t tree = XGR_DRAFT_TREE_INIT;
  xgr_matcher_t* matcher = matcher_for("root ::= [a-c]*");
#define CHAIN(m, t, n, out, words, stride, rows)                                             \
  (xgr_matcher_fill_draft((m), (t), (n), (out), (words), (stride), kinds, (rows), &count) == \
   XGR_ERROR_INVALID_ARGUMENT)
  CHECK(CHAIN(NULL, tokens, 2, masks, 3 * MASK_WORDS, MASK_WORDS, 3));
  CHECK(CHAIN(matcher, NULL, 2, masks, 3 * MASK_WORDS, MASK_WORDS, 3));
  CHECK(CHAIN(matcher, tokens, 2, NULL, 3 * MASK_WORDS, MASK_WORDS, 3));
  CHECK(CHAIN(matcher, tokens, 2, masks, 3 * MASK_WORDS - 1, MASK_WORDS, 3));
  CHECK(CHAIN(matcher, tokens, 2, masks, 3 * MASK_WORDS, MASK_WORDS - 1, 3));
  CHECK(CHAIN(matcher, tokens, 2, masks, 3 * MASK_WORDS, MASK_WORDS, 2));
  CHECK(CHAIN(matcher, tokens, SIZE_MAX, masks, 3 * MASK_WORDS, MASK_WORDS, 3));
  CHECK(CHAIN(matcher, tokens, 2, masks, 3 * MASK_WORDS, 0, 3));
#undef CHAIN
  tree.tokens = tree_tokens;
  tree.node_count = 4;
  tree.parents = tree_parents;
  CHECK(xgr_matcher_fill_draft_tree(matcher, masks, 3 * MASK_WORDS, MASK_WORDS, NULL, NULL, 0,
                                    &tree) == XGR_ERROR_INVALID_ARGUMENT);
  tree.node_count = 3;
  CHECK(xgr_matcher_fill_draft_tree(matcher, masks, 3 * MASK_WORDS, MASK_WORDS, kinds, valid, 2,
                                    &tree) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_fill_draft_tree(matcher, masks, 3 * MASK_WORDS, MASK_WORDS, kinds, valid, 3,
                                    NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(count == 99);
  xgr_matcher_destroy(matcher);
}

int main(void) {
  a_chain_is_followed_as_far_as_it_is_right();
  a_draft_may_end_the_output();
  a_tree_has_the_mask_of_each_node(0);
  a_tree_has_the_mask_of_each_node(1);
  what_is_no_tree_is_refused();
  rows_that_are_too_few_are_refused();
  return check_result();
}
