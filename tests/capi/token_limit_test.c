/* Limits of tokens, closing, and how many tokens an output still needs. */
#include "check.h"

static xgr_matcher_t* match(const char* ebnf) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, ebnf);
  xgr_matcher_t* matcher = NULL;
  CHECK(xgr_matcher_create(grammar, NULL, &matcher, NULL) == XGR_OK);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  return matcher;
}

static uint64_t needed(const xgr_matcher_t* matcher) {
  uint64_t tokens = UINT64_MAX;
  int32_t exact = -1;
  CHECK(xgr_matcher_min_tokens_to_finish(matcher, &tokens, &exact) == XGR_OK);
  CHECK(exact == 1);
  return tokens;
}

/* So many tokens are allowed, and each is one that every call agrees on. */
static void allows(xgr_matcher_t* matcher, size_t count) {
  uint32_t mask[MASK_WORDS];
  int32_t token;
  xgr_mask_kind_t kind = -1;
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind) == XGR_OK);
  CHECK(xgr_bitmask_count(mask, MASK_WORDS) == count);
  for (token = 0; token < VOCAB_SIZE; ++token) {
    xgr_matcher_t* clone = NULL;
    int32_t allowed = -1;
    CHECK(xgr_matcher_is_token_allowed(matcher, token, &allowed) == XGR_OK);
    CHECK(allowed == has_bit(mask, token));
    CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK && takes(clone, token) == allowed);
    xgr_matcher_destroy(clone);
  }
}

static void a_limit_ends_the_output_in_time(void) {
  xgr_matcher_t* matcher = match("root ::= \"a\"+ \"b\"");
  CHECK(needed(matcher) == 2);
  CHECK(xgr_matcher_set_token_limit(matcher, 3) == XGR_OK);
  CHECK(takes(matcher, 'a') && needed(matcher) == 1);
  CHECK(takes(matcher, 'a'));
  CHECK(!takes(matcher, 'a'));
  allows(matcher, 1);
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK);
  allows(matcher, 2);
  CHECK(takes(matcher, 'a') && takes(matcher, 'b') && needed(matcher) == 0);
  CHECK(takes(matcher, TOKEN_STOP) && needed(matcher) == 0);
  CHECK(xgr_matcher_reset(matcher) == XGR_OK);
  CHECK(takes(matcher, 'a') && takes(matcher, 'a') && takes(matcher, 'a') && takes(matcher, 'a'));
  CHECK(xgr_matcher_set_token_limit(matcher, 0) == XGR_OK); /* cannot be kept */
  allows(matcher, 1);
  CHECK(xgr_matcher_set_token_limit(matcher, -1) == XGR_OK);
  allows(matcher, 2);
  xgr_matcher_destroy(matcher);
}

static void closing_takes_the_shortest_way(void) {
  xgr_matcher_t* matcher = match("root ::= (\"a\" | \"b\" \"c\")*");
  CHECK(xgr_matcher_set_closing(matcher, 1) == XGR_OK);
  allows(matcher, 1);
  CHECK(xgr_matcher_set_closing(matcher, 0) == XGR_OK);
  CHECK(takes(matcher, 'b'));
  CHECK(xgr_matcher_set_closing(matcher, 1) == XGR_OK);
  CHECK(takes(matcher, 'c'));
  CHECK(!takes(matcher, 'a'));
  CHECK(takes(matcher, TOKEN_STOP));
  xgr_matcher_destroy(matcher);
}

static void arguments(void) {
  xgr_matcher_t* matcher = match("root ::= \"a\"");
  uint64_t tokens;
  int32_t exact;
  CHECK(xgr_matcher_set_token_limit(NULL, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_set_closing(NULL, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_set_closing(matcher, 2) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_min_tokens_to_finish(NULL, &tokens, &exact) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_min_tokens_to_finish(matcher, NULL, &exact) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_min_tokens_to_finish(matcher, &tokens, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_matcher_destroy(matcher);
}

int main(void) {
  a_limit_ends_the_output_in_time();
  closing_takes_the_shortest_way();
  arguments();
  return check_result();
}
