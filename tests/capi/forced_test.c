/* xgr/forced.h: bytes and tokens that an output has to go on with. */
#include "check.h"

static int forces(const xgr_matcher_t* matcher, int32_t whole, const char* expected) {
  uint8_t bytes[64];
  size_t size = 99;
  CHECK(xgr_matcher_forced_bytes(matcher, whole, bytes, sizeof bytes, &size) == XGR_OK);
  return size == strlen(expected) && memcmp(bytes, expected, size) == 0;
}

static void bytes_are_forced_up_to_a_choice(void) {
  xgr_matcher_t* matcher =
      matcher_for("root ::= \"{\\\"\" (\"name\" | \"naval\") \"\\\": \" [0-9]+ \"}\"");
  uint8_t bytes[3];
  size_t size = 0;
  CHECK(forces(matcher, 0, "{\"na"));
  CHECK(xgr_matcher_forced_bytes(matcher, 0, bytes, 3, &size) == XGR_OK && size == 3);
  CHECK(xgr_matcher_forced_bytes(matcher, 0, NULL, 0, &size) == XGR_OK && size == 0);
  CHECK(accepts(matcher, "{\"nav") && forces(matcher, 0, "al\": "));
  CHECK(accepts(matcher, "al\": 1") && forces(matcher, 0, ""));
  CHECK(accepts(matcher, "}") && forces(matcher, 0, "") && takes(matcher, TOKEN_STOP));
  CHECK(forces(matcher, 0, ""));
  CHECK(xgr_matcher_history_size(matcher) == 4);
  xgr_matcher_destroy(matcher);
}

static void bytes_end_where_the_output_may(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"ab\" \"cd\"?");
  CHECK(forces(matcher, 0, "ab"));
  xgr_matcher_destroy(matcher);
}

static void bytes_end_at_whole_characters(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"x\" [\\u00e4\\u00f6] \"\\u00fc\"");
  CHECK(forces(matcher, 0, "x\xC3") && forces(matcher, 1, "x"));
  CHECK(accepts(matcher, "x\xC3") && forces(matcher, 1, "") && accepts(matcher, "\xA4"));
  CHECK(forces(matcher, 1, "\xC3\xBC") && accepts(matcher, "\xC3") && forces(matcher, 1, "\xBC"));
  xgr_matcher_destroy(matcher);
}

static void tokens_are_forced_as_far_as_they_are_settled(void) {
  static const int32_t by_bytes[] = {'{', '"', 'a'}, others[] = {'{', 'b'},
                       control[] = {TOKEN_CONTROL};
  int32_t tokens[8];
  size_t count = 99;
  /* "{" alone could become `{"`, if a quote could follow. */
  xgr_matcher_t* matcher = matcher_for("root ::= \"{\\\"abc{\" [\\\"x] \"}\"");
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, tokens, 8, &count) == XGR_OK);
  CHECK(count == 4 && tokens[0] == TOKEN_OPEN && tokens[1] == 'a' && tokens[3] == 'c');
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, tokens, 2, &count) == XGR_OK && count == 2);
  CHECK(xgr_matcher_forced_tokens(matcher, by_bytes, 3, tokens, 8, &count) == XGR_OK);
  CHECK(count == 3 && tokens[0] == '{' && tokens[1] == '"');
  CHECK(xgr_matcher_forced_tokens(matcher, others, 2, tokens, 8, &count) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_tokens(matcher, control, 1, tokens, 8, &count) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_history_size(matcher) == 0);
  xgr_matcher_destroy(matcher);
}

static void one_token_alone_is_forced(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"a\" | \"b\" [0-9]");
  int32_t tokens[8];
  uint32_t filter[MASK_WORDS] = {0};
  size_t count = 99;
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, tokens, 8, &count) == XGR_OK && count == 0);
  filter['b' / 32] = 1u << 'b' % 32;
  CHECK(xgr_matcher_set_filter(matcher, filter, MASK_WORDS) == XGR_OK);
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, tokens, 8, &count) == XGR_OK);
  CHECK(count == 1 && tokens[0] == 'b');
  xgr_matcher_destroy(matcher);
}

static void no_token_is_forced_where_the_output_has_ended(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"~\"*");
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  options.terminate_without_stop_token = 1;
  xgr_matcher_t* matcher = NULL;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  int32_t tokens[8];
  size_t count = 99;
  CHECK(xgr_matcher_is_terminated(matcher));
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, tokens, 8, &count) == XGR_OK && count == 0);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void null_is_an_error(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"abc\"");
  uint8_t bytes[4];
  int32_t tokens[4];
  size_t size = 0;
  CHECK(xgr_matcher_forced_bytes(NULL, 0, bytes, 4, &size) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_bytes(matcher, 0, NULL, 4, &size) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_bytes(matcher, 0, bytes, 4, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_tokens(NULL, NULL, 0, tokens, 4, &size) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 1, tokens, 4, &size) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, NULL, 4, &size) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_forced_tokens(matcher, NULL, 0, tokens, 4, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_matcher_destroy(matcher);
}

int main(void) {
  bytes_are_forced_up_to_a_choice();
  bytes_end_where_the_output_may();
  bytes_end_at_whole_characters();
  tokens_are_forced_as_far_as_they_are_settled();
  one_token_alone_is_forced();
  no_token_is_forced_where_the_output_has_ended();
  null_is_an_error();
  return check_result();
}
