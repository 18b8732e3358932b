/* What the C tests share: checks that count, and small objects to test with. */
#ifndef XGR_TESTS_CAPI_CHECK_H
#define XGR_TESTS_CAPI_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xgr/xgr.h>

static int check_failures;

/* Counts and reports a condition that does not hold; the test goes on. */
#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      ++check_failures;                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
    }                                                                 \
  } while (0)

/* Ends a test: to be returned from main. */
static inline int check_result(void) {
  if (check_failures != 0) fprintf(stderr, "%d checks failed\n", check_failures);
  return check_failures == 0 ? 0 : 1;
}

/* The vocabulary of most tests: token i < 256 is byte i; then some words, a control and a stop. */
enum {
  TOKEN_TRUE = 256, /* "true" */
  TOKEN_OPEN,       /* "{\"" */
  TOKEN_EMPTY,      /* "" */
  TOKEN_CONTROL,    /* control, "<|im_start|>" */
  TOKEN_STOP,       /* stop, "</s>" */
  TOKEN_COUNT,
  VOCAB_SIZE = 300, /* the rest is padding */
  MASK_WORDS = (VOCAB_SIZE + 31) / 32
};

static inline xgr_status_t make_tokenizer(xgr_tokenizer_t** out, xgr_error_t** out_error) {
  static const char* const words[] = {"true", "{\"", "", "<|im_start|>", "</s>"};
  uint8_t bytes[400], kinds[TOKEN_COUNT] = {0};
  uint32_t sizes[TOKEN_COUNT];
  size_t used = 256, i;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  for (i = 0; i < 256; ++i) {
    bytes[i] = (uint8_t)i;
    sizes[i] = 1;
  }
  for (i = 256; i < TOKEN_COUNT; ++i) {
    const char* word = words[i - 256];
    sizes[i] = (uint32_t)strlen(word);
    memcpy(bytes + used, word, sizes[i]);
    used += sizes[i];
  }
  kinds[TOKEN_CONTROL] = XGR_TOKEN_KIND_CONTROL;
  kinds[TOKEN_STOP] = XGR_TOKEN_KIND_STOP;
  options.token_kinds = kinds;
  options.token_kind_count = TOKEN_COUNT;
  options.vocab_size = VOCAB_SIZE;
  return xgr_tokenizer_create(bytes, used, sizes, TOKEN_COUNT, &options, out, out_error);
}

static inline xgr_compiler_t* make_compiler(void) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  xgr_tokenizer_destroy(tokenizer);
  return compiler;
}

/* Prints what an error says, which a failed CHECK does not tell. */
static inline void show_error(const char* what, xgr_error_t* error) {
  if (error != NULL) fprintf(stderr, "%s: %s\n", what, xgr_error_message(error, NULL));
  xgr_error_destroy(error);
}

static inline xgr_grammar_t* compile_ebnf(xgr_compiler_t* compiler, const char* text) {
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_compiler_compile_ebnf(compiler, text, strlen(text), NULL, NULL, &grammar, &error) ==
        XGR_OK);
  show_error(text, error);
  return grammar;
}

static inline xgr_grammar_t* compile_schema(xgr_compiler_t* compiler, const char* text) {
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_compiler_compile_json_schema(compiler, text, strlen(text), NULL, NULL, NULL, &grammar,
                                         &error) == XGR_OK);
  show_error(text, error);
  return grammar;
}

static inline xgr_matcher_t* make_matcher(const xgr_grammar_t* grammar) {
  xgr_matcher_t* matcher = NULL;
  CHECK(xgr_matcher_create(grammar, NULL, &matcher, NULL) == XGR_OK);
  return matcher;
}

/* A matcher for an EBNF text, with nothing else to destroy. */
static inline xgr_matcher_t* matcher_for(const char* ebnf) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, ebnf);
  xgr_matcher_t* matcher = make_matcher(grammar);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  return matcher;
}

static inline int accepts(xgr_matcher_t* matcher, const char* text) {
  int32_t accepted = -1;
  CHECK(xgr_matcher_accept_bytes(matcher, (const uint8_t*)text, strlen(text), &accepted) == XGR_OK);
  return accepted;
}

static inline int takes(xgr_matcher_t* matcher, int32_t token) {
  int32_t accepted = -1;
  CHECK(xgr_matcher_accept_token(matcher, token, &accepted) == XGR_OK);
  return accepted;
}

static inline int has_bit(const uint32_t* mask, int32_t token) {
  return (int)(mask[token / 32] >> (token % 32) & 1u);
}

/* Whether `text` is a whole string of the grammar. */
static inline int matches(const xgr_grammar_t* grammar, const char* text) {
  xgr_matcher_t* matcher = make_matcher(grammar);
  int whole = accepts(matcher, text) && xgr_matcher_is_accepting(matcher);
  xgr_matcher_destroy(matcher);
  return whole;
}

#endif /* XGR_TESTS_CAPI_CHECK_H */
