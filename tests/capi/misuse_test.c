/* Misuse that has to be an error or harmless: NULL everywhere, wrong sizes, any order of
 * destruction. */
#include "check.h"

static xgr_tokenizer_t* tokenizer;
static xgr_compiler_t* compiler;
static xgr_grammar_t* grammar;
static xgr_matcher_t* matcher;

#define REFUSED(call) CHECK((call) == XGR_ERROR_INVALID_ARGUMENT)

static void set_up(void) {
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  grammar = compile_ebnf(compiler, "root ::= \"ab\"*");
  matcher = make_matcher(grammar);
}

static void null_is_refused_when_creating(void) {
  static const uint8_t byte[] = {'a'};
  static const uint32_t size[] = {1};
  xgr_tokenizer_t* t = NULL;
  xgr_compiler_t* c = NULL;
  xgr_matcher_t* m = NULL;
  REFUSED(xgr_tokenizer_create(NULL, 1, size, 1, NULL, &t, NULL));
  REFUSED(xgr_tokenizer_create(byte, 1, NULL, 1, NULL, &t, NULL));
  REFUSED(xgr_tokenizer_create(byte, 1, size, 1, NULL, NULL, NULL));
  REFUSED(xgr_tokenizer_create_from_json(NULL, 2, NULL, &t, NULL));
  REFUSED(xgr_tokenizer_create_from_json("{}", 2, NULL, NULL, NULL));
  REFUSED(xgr_tokenizer_create_from_file(NULL, 2, NULL, &t, NULL));
  REFUSED(xgr_tokenizer_create_from_file(byte, 1, NULL, NULL, NULL));
  REFUSED(xgr_tokenizer_save(NULL, NULL, 0, NULL, NULL));
  REFUSED(xgr_tokenizer_save(tokenizer, NULL, 0, NULL, NULL));
  REFUSED(xgr_tokenizer_open(NULL, 2, NULL, &t, NULL));
  REFUSED(xgr_tokenizer_open("a", 1, NULL, NULL, NULL));
  REFUSED(xgr_tokenizer_create_from_saved(NULL, 2, NULL, &t, NULL));
  REFUSED(xgr_tokenizer_create_from_saved(byte, 1, NULL, NULL, NULL));
  REFUSED(xgr_tokenizer_findings(NULL, NULL, 0, NULL, NULL));
  REFUSED(xgr_tokenizer_findings(tokenizer, NULL, 0, NULL, NULL));
  REFUSED(xgr_compiler_create(NULL, NULL, &c, NULL));
  REFUSED(xgr_compiler_create(tokenizer, NULL, NULL, NULL));
  REFUSED(xgr_matcher_create(NULL, NULL, &m, NULL));
  REFUSED(xgr_matcher_create(grammar, NULL, NULL, NULL));
  REFUSED(xgr_matcher_clone(NULL, &m));
  REFUSED(xgr_matcher_clone(matcher, NULL));
  REFUSED(xgr_grammar_tokenizer(NULL, &t));
  REFUSED(xgr_grammar_tokenizer(grammar, NULL));
  CHECK(t == NULL && c == NULL && m == NULL);
}

static void null_is_refused_when_compiling(void) {
  xgr_grammar_t* g = NULL;
  size_t size = 0;
  xgr_compiled_stats_t stats = XGR_COMPILED_STATS_INIT;
  char text[4];
  REFUSED(xgr_compiler_compile_json_schema(NULL, "{}", 2, NULL, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_json_schema(compiler, NULL, 2, NULL, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_json_schema(compiler, "{}", 2, NULL, NULL, NULL, NULL, NULL));
  REFUSED(xgr_compiler_compile_json(NULL, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_json(compiler, NULL, NULL, NULL, NULL));
  REFUSED(xgr_compiler_compile_ebnf(NULL, "root ::= \"a\"", 12, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_ebnf(compiler, NULL, 0, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_ebnf(compiler, "root ::= \"a\"", 12, NULL, NULL, NULL, NULL));
  REFUSED(xgr_compiler_compile_regex(NULL, "a", 1, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_regex(compiler, NULL, 1, NULL, NULL, &g, NULL));
  REFUSED(xgr_compiler_compile_regex(compiler, "a", 1, NULL, NULL, NULL, NULL));
  REFUSED(xgr_grammar_print_ebnf(NULL, text, 4, &size, NULL));
  REFUSED(xgr_grammar_print_ebnf(grammar, NULL, 4, &size, NULL));
  REFUSED(xgr_grammar_print_ebnf(grammar, text, 4, NULL, NULL));
  REFUSED(xgr_grammar_warm_up(NULL, XGR_WARM_UP_FULL, NULL));
  REFUSED(xgr_grammar_stats(NULL, &stats));
  REFUSED(xgr_grammar_stats(grammar, NULL));
  REFUSED(xgr_compiler_stats(NULL, &stats));
  REFUSED(xgr_compiler_stats(compiler, NULL));
  CHECK(g == NULL);
}

static void null_is_refused_when_matching(void) {
  uint32_t mask[MASK_WORDS];
  const uint32_t* lent = NULL;
  size_t words = 3;
  xgr_matcher_stats_t stats = XGR_MATCHER_STATS_INIT;
  int32_t answer = 7;
  REFUSED(xgr_matcher_accept_token(NULL, 'a', &answer));
  REFUSED(xgr_matcher_accept_token(matcher, 'a', NULL));
  REFUSED(xgr_matcher_accept_bytes(NULL, NULL, 0, &answer));
  REFUSED(xgr_matcher_accept_bytes(matcher, NULL, 1, &answer));
  REFUSED(xgr_matcher_accept_bytes(matcher, (const uint8_t*)"a", 1, NULL));
  REFUSED(xgr_matcher_is_token_allowed(NULL, 'a', &answer));
  REFUSED(xgr_matcher_is_token_allowed(matcher, 'a', NULL));
  REFUSED(xgr_matcher_fill_bitmask(NULL, mask, MASK_WORDS, NULL));
  REFUSED(xgr_matcher_fill_bitmask(matcher, NULL, MASK_WORDS, NULL));
  REFUSED(xgr_matcher_lend_bitmask(NULL, &lent, &words, NULL));
  REFUSED(xgr_matcher_lend_bitmask(matcher, NULL, &words, NULL));
  REFUSED(xgr_matcher_lend_bitmask(matcher, &lent, NULL, NULL));
  CHECK(lent == NULL && words == 3);
  REFUSED(xgr_matcher_stats(NULL, &stats));
  REFUSED(xgr_matcher_stats(matcher, NULL));
  REFUSED(xgr_matcher_rollback(NULL, 0));
  REFUSED(xgr_matcher_reset(NULL));
  REFUSED(xgr_bitmask_reset(NULL, 1));
  CHECK(answer == 7 && xgr_matcher_history_size(matcher) == 0);
}

static void getters_answer_null(void) {
  size_t count = 5;
  CHECK(xgr_tokenizer_vocab_size(NULL) == 0 && xgr_tokenizer_token_count(NULL) == 0);
  CHECK(xgr_tokenizer_mask_words(NULL) == 0 && xgr_tokenizer_memory_size(NULL) == 0);
  CHECK(xgr_tokenizer_token_bytes(NULL, 0, &count) == NULL && count == 0);
  CHECK(xgr_tokenizer_token_name(NULL, 0, NULL) == NULL);
  CHECK(xgr_tokenizer_token_kind(NULL, 0) == XGR_TOKEN_KIND_UNUSED);
  CHECK(xgr_tokenizer_stop_tokens(NULL, &count) == NULL && count == 0);
  CHECK(xgr_tokenizer_vocab_type(NULL) == 0 && xgr_tokenizer_add_prefix_space(NULL) == 0);
  CHECK(strcmp(xgr_tokenizer_model_type(NULL), "") == 0);
  CHECK(strcmp(xgr_tokenizer_detected_by(NULL), "") == 0);
  CHECK(strcmp(xgr_tokenizer_fingerprint(NULL), "") == 0);
  CHECK(xgr_compiler_memory_size(NULL) == 0 && xgr_grammar_memory_size(NULL) == 0);
  CHECK(xgr_matcher_is_terminated(NULL) == 0 && xgr_matcher_is_accepting(NULL) == 0);
  CHECK(xgr_matcher_history_size(NULL) == 0 && xgr_matcher_memory_size(NULL) == 0);
  CHECK(xgr_matcher_stop_tokens(NULL, NULL) == NULL && xgr_matcher_mask_words(NULL) == 0);
}

static void a_short_mask_is_refused_and_untouched(void) {
  uint32_t mask[MASK_WORDS];
  xgr_mask_kind_t kind = 9;
  size_t words;
  memset(mask, 0x5A, sizeof mask);
  for (words = 0; words < MASK_WORDS; ++words)
    REFUSED(xgr_matcher_fill_bitmask(matcher, mask, words, &kind));
  CHECK(mask[0] == 0x5A5A5A5Au && kind == 9);
}

/* Whatever is destroyed first, what is left works. */
static void destroy_in_every_order(void) {
  int order[4] = {0, 1, 2, 3}, n, i, j, k;
  for (n = 0; n < 24; ++n) {
    int rest[4] = {0, 1, 2, 3}, code = n, size = 4;
    for (i = 0; i < 4; ++i) {
      j = code % size;
      code /= size--;
      order[i] = rest[j];
      for (k = j; k + 1 < 4; ++k) rest[k] = rest[k + 1];
    }
    set_up();
    for (i = 0; i < 4; ++i) {
      if (order[i] == 0) xgr_tokenizer_destroy(tokenizer), tokenizer = NULL;
      if (order[i] == 1) xgr_compiler_destroy(compiler), compiler = NULL;
      if (order[i] == 2) xgr_grammar_destroy(grammar), grammar = NULL;
      if (order[i] == 3) xgr_matcher_destroy(matcher), matcher = NULL;
      if (tokenizer != NULL) CHECK(xgr_tokenizer_vocab_size(tokenizer) == VOCAB_SIZE);
      if (compiler != NULL) xgr_grammar_destroy(compile_ebnf(compiler, "root ::= \"x\" [0-9]*"));
      if (grammar != NULL) CHECK(matches(grammar, "abab"));
      if (matcher != NULL) CHECK(accepts(matcher, "ab"));
    }
  }
}

static void destroying_null_is_nothing(void) {
  xgr_error_destroy(NULL);
  xgr_tokenizer_destroy(NULL);
  xgr_compiler_destroy(NULL);
  xgr_grammar_destroy(NULL);
  xgr_matcher_destroy(NULL);
}

int main(void) {
  set_up();
  null_is_refused_when_creating();
  null_is_refused_when_compiling();
  null_is_refused_when_matching();
  getters_answer_null();
  a_short_mask_is_refused_and_untouched();
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
  destroy_in_every_order();
  destroying_null_is_nothing();
  return check_result();
}
