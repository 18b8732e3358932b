/* Token healing: the tokens of an output spell the end of the prompt before its text begins. */
#include "check.h"

static xgr_matcher_t* heal(const char* ebnf, const char* prefix) {
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, ebnf);
  xgr_matcher_t* matcher = NULL;
  xgr_error_t* error = NULL;
  options.prefix = (const uint8_t*)prefix;
  options.prefix_size = strlen(prefix);
  CHECK(xgr_matcher_create(grammar, &options, &matcher, &error) == XGR_OK);
  show_error(prefix, error);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  return matcher;
}

/* The mask has these tokens, and every call agrees with it. */
static void allows(xgr_matcher_t* matcher, const int32_t* tokens, size_t count) {
  uint32_t mask[MASK_WORDS], draft[2 * MASK_WORDS];
  const uint32_t* lent = NULL;
  size_t words = 0, valid = 0, i;
  int32_t token;
  xgr_mask_kind_t kind = -1;
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind) == XGR_OK);
  CHECK(kind == XGR_MASK_KIND_SOME && xgr_bitmask_count(mask, MASK_WORDS) == count);
  for (i = 0; i < count; ++i) CHECK(has_bit(mask, tokens[i]));
  CHECK(xgr_matcher_lend_bitmask(matcher, &lent, &words, &kind) == XGR_OK && words == MASK_WORDS);
  CHECK(memcmp(lent, mask, sizeof mask) == 0);
  CHECK(xgr_matcher_fill_draft(matcher, NULL, 0, draft, MASK_WORDS, MASK_WORDS, NULL, 0, &valid) ==
        XGR_OK);
  CHECK(memcmp(draft, mask, sizeof mask) == 0);
  for (token = 0; token < VOCAB_SIZE; ++token) {
    xgr_matcher_t* clone = NULL;
    int32_t allowed = -1;
    CHECK(xgr_matcher_is_token_allowed(matcher, token, &allowed) == XGR_OK);
    CHECK(allowed == has_bit(mask, token));
    CHECK(xgr_matcher_validate_tokens(matcher, &token, 1, &valid) == XGR_OK);
    CHECK((int)valid == allowed);
    CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK && takes(clone, token) == allowed);
    xgr_matcher_destroy(clone);
  }
}

/* The prompt ends with `{`, the text begins with `"`, and a token has both. */
static void a_token_reaches_into_the_text(void) {
  static const int32_t first[] = {'{', TOKEN_OPEN}, quote[] = {'"'}, letters[] = {'a', 'b'};
  xgr_matcher_t* matcher = heal("root ::= \"\\\"\" [ab] \"\\\"}\"", "{");
  allows(matcher, first, 2);
  CHECK(!xgr_matcher_is_accepting(matcher));
  CHECK(takes(matcher, '{'));
  allows(matcher, quote, 1);
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK);
  allows(matcher, first, 2);
  CHECK(takes(matcher, TOKEN_OPEN));
  allows(matcher, letters, 2);
  CHECK(accepts(matcher, "a\"}") && takes(matcher, TOKEN_STOP));
  CHECK(xgr_matcher_reset(matcher) == XGR_OK);
  allows(matcher, first, 2);
  xgr_matcher_destroy(matcher);
}

static void a_prefix_of_several_tokens(void) {
  static const int32_t start[] = {'t', TOKEN_TRUE}, rest[] = {'r'}, last[] = {'e'};
  uint8_t bytes[16];
  size_t size = 0;
  xgr_matcher_t* matcher = heal("root ::= \"e\" | \"ed\"", "tru");
  allows(matcher, start, 2);
  CHECK(xgr_matcher_forced_bytes(matcher, 0, bytes, sizeof bytes, &size) == XGR_OK);
  CHECK(size == 4 && memcmp(bytes, "true", 4) == 0);
  CHECK(xgr_matcher_forced_bytes(matcher, 0, bytes, 2, &size) == XGR_OK && size == 2);
  CHECK(takes(matcher, 't'));
  allows(matcher, rest, 1);
  CHECK(!accepts(matcher, "rx") && accepts(matcher, "ru"));
  allows(matcher, last, 1);
  CHECK(xgr_matcher_rollback(matcher, 2) == XGR_OK && takes(matcher, TOKEN_TRUE));
  CHECK(xgr_matcher_is_accepting(matcher) && takes(matcher, 'd') && takes(matcher, TOKEN_STOP));
  xgr_matcher_destroy(matcher);
}

/* `true` is not the text's, though the tokens spell it; captures hold the text alone. */
static void captures_do_not_have_the_prefix(void) {
  xgr_matcher_t* matcher = heal("root ::= word\nword[capture] ::= [a-z]+", "tr");
  xgr_captures_t* captures = NULL;
  xgr_capture_t first = XGR_CAPTURE_INIT;
  CHECK(takes(matcher, TOKEN_TRUE) && takes(matcher, 'x'));
  CHECK(xgr_matcher_captures(matcher, 0, &captures) == XGR_OK);
  CHECK(xgr_captures_get(captures, 0, &first) == XGR_OK);
  CHECK(first.text_size == 3 && memcmp(first.text, "uex", 3) == 0);
  xgr_captures_destroy(captures);
  xgr_matcher_destroy(matcher);
}

static void items_are_compared_without_the_prefix(void) {
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_schema(
      compiler, "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"uniqueItems\":true}");
  xgr_matcher_t* matcher = NULL;
  options.prefix = (const uint8_t*)"1,";
  options.prefix_size = 2;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  CHECK(takes(matcher, '1') && takes(matcher, ',') && accepts(matcher, "[1,12,1"));
  CHECK(!takes(matcher, ']') && !takes(matcher, ',') && takes(matcher, '3') && takes(matcher, ']'));
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void a_prefix_has_to_be_spelled(void) {
  static const uint32_t sizes[] = {2, 1, 1};
  static const uint8_t kinds[] = {0, 0, XGR_TOKEN_KIND_STOP};
  xgr_tokenizer_options_t tokens = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar;
  xgr_matcher_t* matcher = NULL;
  xgr_error_t* error = NULL;
  tokens.token_kinds = kinds;
  tokens.token_kind_count = 3;
  CHECK(xgr_tokenizer_create((const uint8_t*)"abb$", 4, sizes, 3, &tokens, &tokenizer, NULL) ==
        XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  grammar = compile_ebnf(compiler, "root ::= \"b\"+");
  options.prefix = (const uint8_t*)"ba";
  options.prefix_size = 2;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(xgr_error_message(error, NULL), "byte 97 at offset 1 of prefix") != NULL);
  xgr_error_destroy(error);
  options.prefix_size = 1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  xgr_matcher_destroy(matcher);
  options.prefix = NULL;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
}

int main(void) {
  a_token_reaches_into_the_text();
  a_prefix_of_several_tokens();
  captures_do_not_have_the_prefix();
  items_are_compared_without_the_prefix();
  a_prefix_has_to_be_spelled();
  return check_result();
}
