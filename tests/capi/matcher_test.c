/* xgr/matcher.h: masks, accepted tokens, history, clones, the end of an output. */
#include "check.h"

/* The mask, the answer of is_token_allowed and what a clone accepts are the same for every id. */
static int count_allowed(xgr_matcher_t* matcher) {
  uint32_t mask[MASK_WORDS + 1];
  xgr_mask_kind_t kind = -1;
  int allowed = 0;
  int32_t token;
  memset(mask, 0xA5, sizeof mask);
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind) == XGR_OK);
  CHECK(kind == XGR_MASK_KIND_SOME);
  CHECK(mask[MASK_WORDS] == 0xA5A5A5A5u);
  for (token = 0; token < MASK_WORDS * 32; ++token) {
    xgr_matcher_t* clone = NULL;
    int32_t answer = -1;
    CHECK(xgr_matcher_is_token_allowed(matcher, token, &answer) == XGR_OK);
    CHECK(answer == has_bit(mask, token));
    CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK);
    CHECK(takes(clone, token) == has_bit(mask, token));
    xgr_matcher_destroy(clone);
    allowed += has_bit(mask, token);
  }
  return allowed;
}

static void mask_and_accept_agree(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"{\\\"\" [a-c]+ \"\\\"}\" | \"true\"");
  CHECK(count_allowed(matcher) == 4); /* { {" t true */
  CHECK(takes(matcher, TOKEN_OPEN) && count_allowed(matcher) == 3);
  CHECK(takes(matcher, 'b') && count_allowed(matcher) == 4);
  CHECK(!takes(matcher, 'x') && !takes(matcher, TOKEN_CONTROL) && !takes(matcher, TOKEN_EMPTY));
  CHECK(!takes(matcher, -1) && !takes(matcher, VOCAB_SIZE) && !takes(matcher, INT32_MAX));
  CHECK(count_allowed(matcher) == 4);
  CHECK(takes(matcher, '"') && takes(matcher, '}') && count_allowed(matcher) == 1);
  CHECK(xgr_matcher_is_accepting(matcher) && !xgr_matcher_is_terminated(matcher));
  xgr_matcher_destroy(matcher);
}

static void stop_token_ends_the_output(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"ab\"?");
  uint32_t mask[MASK_WORDS];
  xgr_mask_kind_t kind = -1;
  size_t count = 0;
  CHECK(xgr_matcher_stop_tokens(matcher, &count)[0] == TOKEN_STOP && count == 1);
  CHECK(takes(matcher, 'a') && !takes(matcher, TOKEN_STOP) && takes(matcher, 'b'));
  CHECK(takes(matcher, TOKEN_STOP) && xgr_matcher_is_terminated(matcher));
  CHECK(xgr_matcher_is_accepting(matcher));
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind) == XGR_OK);
  CHECK(kind == XGR_MASK_KIND_TERMINATED);
  CHECK(!takes(matcher, TOKEN_STOP) && !takes(matcher, 'a') && !accepts(matcher, ""));
  CHECK(xgr_matcher_history_size(matcher) == 3);
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK && !xgr_matcher_is_terminated(matcher));
  CHECK(takes(matcher, TOKEN_STOP));
  xgr_matcher_destroy(matcher);
}

static void everything_allowed_is_told(void) {
  static const uint32_t sizes[] = {1, 1, 1, 1};
  static const int32_t stop[] = {3};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar;
  xgr_matcher_t* matcher;
  xgr_mask_kind_t kind = -1;
  uint32_t mask[1] = {0};
  options.stop_tokens = stop;
  options.stop_token_count = 1;
  CHECK(xgr_tokenizer_create((const uint8_t*)"abc$", 4, sizes, 4, &options, &tokenizer, NULL) ==
        XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  grammar = compile_ebnf(compiler, "root ::= [a-z]*");
  matcher = make_matcher(grammar);
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, 1, &kind) == XGR_OK);
  CHECK(kind == XGR_MASK_KIND_ALL && mask[0] == 0xFu);
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, 1, NULL) == XGR_OK);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
}

/* Without any stop token nothing but the end can follow a complete output that cannot go on. That has
   to be asked for, and the row of the end allows everything. */
static void no_mask_is_ever_empty(void) {
  static const uint32_t sizes[] = {1, 1};
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_error_t* error = NULL;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar;
  xgr_matcher_t* matcher;
  xgr_mask_kind_t kind = -1;
  uint32_t mask[1] = {0};
  CHECK(xgr_tokenizer_create((const uint8_t*)"ab", 2, sizes, 2, NULL, &tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  grammar = compile_ebnf(compiler, "root ::= \"ab\"");
  CHECK(xgr_matcher_create(grammar, NULL, &matcher, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(xgr_error_message(error, NULL), "terminate_without_stop_token") != NULL);
  xgr_error_destroy(error);
  options.terminate_without_stop_token = 1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  CHECK(takes(matcher, 0) && takes(matcher, 1));
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, 1, &kind) == XGR_OK);
  CHECK(kind == XGR_MASK_KIND_TERMINATED && mask[0] == 3u);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
}

/* A stop token that the vocabulary has as text is no text; a language that needs it is refused. */
static void stop_tokens_are_no_text(void) {
  static const uint32_t sizes[] = {1, 1, 2};
  static const int32_t stop_a[] = {0}, stop_a_aa[] = {0, 2};
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_error_t* error = NULL;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar;
  xgr_matcher_t* matcher = NULL;
  uint32_t mask[1] = {0};
  CHECK(xgr_tokenizer_create((const uint8_t*)"abaa", 4, sizes, 3, NULL, &tokenizer, NULL) ==
        XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  grammar = compile_ebnf(compiler, "root ::= \"aab\"");
  options.stop_tokens = stop_a;
  options.stop_token_count = 1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, 1, NULL) == XGR_OK && mask[0] == 4u);
  CHECK(!takes(matcher, 0) && takes(matcher, 2) && takes(matcher, 1) && takes(matcher, 0));
  xgr_matcher_destroy(matcher);
  options.stop_tokens = stop_a_aa;
  options.stop_token_count = 2;
  matcher = NULL;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(!matcher && strstr(xgr_error_message(error, NULL), "(0, 2)") != NULL);
  xgr_error_destroy(error);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
}

/* Ids outside the vocabulary are refused like other tokens, unless the caller asks to be told. */
static void foreign_ids_are_told_apart(void) {
  static const int32_t foreign[] = {-1, INT32_MIN, VOCAB_SIZE, INT32_MAX};
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"a\"+");
  xgr_matcher_t *matcher = make_matcher(grammar), *checked = NULL, *clone = NULL;
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  int32_t answer = 7;
  size_t i;
  options.check_token_ids = 1;
  CHECK(xgr_matcher_create(grammar, &options, &checked, NULL) == XGR_OK);
  CHECK(xgr_matcher_vocab_size(checked) == VOCAB_SIZE && xgr_matcher_vocab_size(NULL) == 0);
  CHECK(takes(checked, 'a') && !takes(checked, 'b') && !takes(checked, VOCAB_SIZE - 1));
  for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); ++i) {
    CHECK(!takes(matcher, foreign[i]));
    CHECK(xgr_matcher_accept_token(checked, foreign[i], &answer) == XGR_ERROR_INVALID_ARGUMENT);
    CHECK(xgr_matcher_is_token_allowed(checked, foreign[i], &answer) == XGR_ERROR_INVALID_ARGUMENT);
  }
  CHECK(answer == 7 && xgr_matcher_history_size(checked) == 1);
  CHECK(takes(checked, TOKEN_STOP) && !takes(checked, 'a'));
  CHECK(xgr_matcher_clone(checked, &clone) == XGR_OK);
  CHECK(xgr_matcher_accept_token(clone, -1, &answer) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_matcher_destroy(clone);
  xgr_matcher_destroy(checked);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void history_goes_back_to_the_start(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= (\"a\" | \"bc\")+");
  int i;
  for (i = 0; i < 100; ++i) CHECK(takes(matcher, 'a'));
  CHECK(accepts(matcher, "bcb") && accepts(matcher, ""));
  CHECK(xgr_matcher_history_size(matcher) == 102);
  CHECK(!accepts(matcher, "ca!") && !takes(matcher, 'a'));
  CHECK(xgr_matcher_history_size(matcher) == 102);
  CHECK(xgr_matcher_rollback(matcher, 103) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_rollback(matcher, SIZE_MAX) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_history_size(matcher) == 102);
  CHECK(xgr_matcher_rollback(matcher, 0) == XGR_OK && !takes(matcher, 'a'));
  CHECK(xgr_matcher_rollback(matcher, 2) == XGR_OK && takes(matcher, 'a'));
  CHECK(xgr_matcher_rollback(matcher, 101) == XGR_OK && !xgr_matcher_is_accepting(matcher));
  CHECK(takes(matcher, 'b') && !takes(matcher, 'a') && takes(matcher, 'c'));
  CHECK(xgr_matcher_reset(matcher) == XGR_OK && xgr_matcher_history_size(matcher) == 0);
  CHECK(takes(matcher, 'a') && xgr_matcher_memory_size(matcher) > 0);
  xgr_matcher_destroy(matcher);
}

static void clones_go_their_own_way(void) {
  xgr_matcher_t *matcher = matcher_for("root ::= \"a\" (\"x\" | \"y\")"), *clone = NULL;
  CHECK(takes(matcher, 'a'));
  CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK);
  CHECK(takes(matcher, 'x') && takes(clone, 'y'));
  CHECK(xgr_matcher_history_size(clone) == 2);
  xgr_matcher_destroy(matcher);
  CHECK(xgr_matcher_rollback(clone, 2) == XGR_OK && takes(clone, 'a') && takes(clone, 'x'));
  xgr_matcher_destroy(clone);
}

static void text_may_be_cut_anywhere(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"\xE2\x82\xAC\" \"!\"");
  CHECK(accepts(matcher, "\xE2\x82") && !xgr_matcher_is_accepting(matcher));
  CHECK(!accepts(matcher, "\xAD") && accepts(matcher, "\xAC!"));
  CHECK(xgr_matcher_is_accepting(matcher));
  xgr_matcher_destroy(matcher);
}

static void options_change_the_end(void) {
  static const int32_t stop[] = {TOKEN_TRUE, TOKEN_CONTROL};
  static const int32_t outside[] = {VOCAB_SIZE};
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"a\"+");
  xgr_matcher_t* matcher = NULL;
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  size_t count = 0;
  options.stop_tokens = stop;
  options.stop_token_count = 2;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  CHECK(xgr_matcher_stop_tokens(matcher, &count) != NULL && count == 2);
  CHECK(takes(matcher, 'a') && count_allowed(matcher) == 3);
  CHECK(!takes(matcher, TOKEN_STOP) && takes(matcher, TOKEN_CONTROL));
  CHECK(xgr_matcher_is_terminated(matcher));
  xgr_matcher_destroy(matcher);
  matcher = NULL;

  options.stop_tokens = outside;
  options.stop_token_count = 1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  options.stop_tokens = NULL;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(matcher == NULL);

  options.stop_token_count = 0;
  options.terminate_without_stop_token = 1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  CHECK(!xgr_matcher_is_terminated(matcher) && takes(matcher, 'a'));
  CHECK(xgr_matcher_is_terminated(matcher) && count_allowed(matcher) == 1);
  CHECK(takes(matcher, 'a') && !takes(matcher, TOKEN_STOP));
  CHECK(xgr_matcher_is_terminated(matcher));
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void bitmask_helpers(void) {
  uint32_t mask[3] = {0, 0, 0};
  xgr_matcher_t* matcher = matcher_for("root ::= \"a\"");
  CHECK(xgr_bitmask_words(0) == 0 && xgr_bitmask_words(1) == 1 && xgr_bitmask_words(32) == 1);
  CHECK(xgr_bitmask_words(33) == 2 && xgr_bitmask_words(-1) == 0);
  CHECK(xgr_bitmask_words(INT32_MAX) == 67108864u);
  CHECK(xgr_bitmask_reset(mask, 2) == XGR_OK);
  CHECK(mask[0] == UINT32_MAX && mask[1] == UINT32_MAX && mask[2] == 0);
  CHECK(xgr_matcher_mask_words(matcher) == MASK_WORDS);
  xgr_matcher_destroy(matcher);
}

/* Several tokens are as many single ones, up to the first that is refused. */
static void several_tokens_are_taken_or_validated(void) {
  static const int32_t tokens[] = {TOKEN_OPEN, 'b', 'b', 'x', 'b'},
                       foreign[] = {TOKEN_OPEN, VOCAB_SIZE};
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"{\\\"\" [a-c]+ \"\\\"}\"");
  xgr_matcher_t* matcher = make_matcher(grammar);
  size_t count = 99;
  CHECK(xgr_matcher_validate_tokens(matcher, tokens, 5, &count) == XGR_OK && count == 3);
  CHECK(xgr_matcher_validate_tokens(matcher, tokens + 1, 2, &count) == XGR_OK && count == 0);
  CHECK(xgr_matcher_history_size(matcher) == 0);
  CHECK(xgr_matcher_accept_tokens(matcher, tokens, 5, &count) == XGR_OK && count == 3);
  CHECK(xgr_matcher_history_size(matcher) == 3);
  CHECK(xgr_matcher_accept_tokens(matcher, NULL, 0, &count) == XGR_OK && count == 0);
  CHECK(accepts(matcher, "\"}"));
  {
    static const int32_t end[] = {TOKEN_STOP, TOKEN_STOP};
    CHECK(xgr_matcher_validate_tokens(matcher, end, 2, &count) == XGR_OK && count == 1);
    CHECK(xgr_matcher_accept_tokens(matcher, end, 2, &count) == XGR_OK && count == 1);
    CHECK(xgr_matcher_validate_tokens(matcher, end, 2, &count) == XGR_OK && count == 0);
  }
  CHECK(xgr_matcher_rollback(matcher, 2) == XGR_OK && xgr_matcher_history_size(matcher) == 3);
  xgr_matcher_destroy(matcher);
  options.check_token_ids = 1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  count = 99;
  CHECK(xgr_matcher_validate_tokens(matcher, foreign, 2, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_accept_tokens(matcher, foreign, 2, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(count == 99 && xgr_matcher_history_size(matcher) == 0);
  CHECK(xgr_matcher_accept_tokens(matcher, NULL, 1, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_validate_tokens(matcher, foreign, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static xgr_mask_kind_t filtered(xgr_matcher_t* matcher, size_t count) {
  uint32_t mask[MASK_WORDS];
  const uint32_t* lent = NULL;
  size_t words = 0;
  xgr_mask_kind_t kind = -1, lent_kind = -1;
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind) == XGR_OK);
  CHECK(xgr_matcher_lend_bitmask(matcher, &lent, &words, &lent_kind) == XGR_OK);
  CHECK(lent_kind == kind && memcmp(lent, mask, sizeof mask) == 0);
  CHECK(xgr_bitmask_count(mask, MASK_WORDS) == count);
  return kind;
}

/* A filter belongs to its place: it holds from there on, and goes when the place is left backwards. */
static void filters_hold_from_their_place_on(void) {
  static const int32_t ab[] = {'a', 'b', 'x'};
  uint32_t filter[MASK_WORDS] = {0};
  xgr_matcher_t *matcher = matcher_for("root ::= [a-d]*"), *clone = NULL;
  size_t count = 0;
  CHECK(filtered(matcher, 5) == XGR_MASK_KIND_SOME && takes(matcher, 'c'));
  CHECK(xgr_bitmask_set_tokens(filter, MASK_WORDS, ab, 3, 1) == XGR_OK);
  CHECK(xgr_matcher_set_filter(matcher, filter, MASK_WORDS) == XGR_OK);
  CHECK(filtered(matcher, 2) == XGR_MASK_KIND_SOME);
  CHECK(!takes(matcher, 'c') && !takes(matcher, TOKEN_STOP) && !takes(matcher, 'x'));
  CHECK(xgr_matcher_validate_tokens(matcher, ab, 3, &count) == XGR_OK && count == 2);
  CHECK(takes(matcher, 'a') && filtered(matcher, 2) == XGR_MASK_KIND_SOME);
  CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK && filtered(clone, 2) == XGR_MASK_KIND_SOME);
  memset(filter, 0, sizeof filter);
  CHECK(xgr_matcher_set_filter(matcher, filter, MASK_WORDS) == XGR_OK);
  CHECK(filtered(matcher, 0) == XGR_MASK_KIND_NONE && !takes(matcher, 'a'));
  CHECK(accepts(matcher, "c") && filtered(matcher, 0) == XGR_MASK_KIND_NONE); /* bytes pass it */
  CHECK(xgr_matcher_rollback(matcher, 2) == XGR_OK);
  CHECK(filtered(matcher, 2) == XGR_MASK_KIND_SOME);
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK && filtered(matcher, 5) == XGR_MASK_KIND_SOME);
  CHECK(xgr_matcher_set_filter(clone, NULL, 0) == XGR_OK &&
        filtered(clone, 5) == XGR_MASK_KIND_SOME);
  CHECK(xgr_matcher_rollback(clone, 1) == XGR_OK && filtered(clone, 2) == XGR_MASK_KIND_SOME);
  CHECK(xgr_matcher_reset(clone) == XGR_OK && filtered(clone, 5) == XGR_MASK_KIND_SOME);
  CHECK(xgr_matcher_set_filter(clone, filter, MASK_WORDS - 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_set_filter(clone, NULL, MASK_WORDS) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_set_filter(NULL, NULL, 0) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_matcher_destroy(clone);
  xgr_matcher_destroy(matcher);
}

int main(void) {
  several_tokens_are_taken_or_validated();
  filters_hold_from_their_place_on();
  mask_and_accept_agree();
  stop_token_ends_the_output();
  everything_allowed_is_told();
  no_mask_is_ever_empty();
  stop_tokens_are_no_text();
  foreign_ids_are_told_apart();
  history_goes_back_to_the_start();
  clones_go_their_own_way();
  text_may_be_cut_anywhere();
  options_change_the_end();
  bitmask_helpers();
  return check_result();
}
