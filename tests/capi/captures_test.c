/* xgr/matcher.h: captures and temperatures. */
#include "check.h"

static void plain_grammars_have_none(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"a\" [0-9]+");
  xgr_captures_t* captures = NULL;
  xgr_capture_t capture = XGR_CAPTURE_INIT;
  int32_t known = -1;
  float temperature = -1;
  CHECK(accepts(matcher, "a12"));
  CHECK(xgr_matcher_captures(matcher, 0, &captures) == XGR_OK && captures != NULL);
  CHECK(xgr_captures_size(captures) == 0);
  CHECK(xgr_captures_get(captures, 0, &capture) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_captures_destroy(captures);
  CHECK(xgr_matcher_temperature(matcher, &known, &temperature) == XGR_OK);
  CHECK(known == 0 && temperature == 0);
  xgr_matcher_destroy(matcher);
}

static void named_rules_are_captured(void) {
  xgr_matcher_t* matcher =
      matcher_for("root ::= \"a\" v \"b\"\nv[capture=\"n\", temperature=0.5] ::= [0-9]+");
  xgr_captures_t* captures = NULL;
  xgr_capture_t capture = XGR_CAPTURE_INIT;
  int32_t known = -1;
  float temperature = -1;
  CHECK(accepts(matcher, "a1"));
  CHECK(xgr_matcher_temperature(matcher, &known, &temperature) == XGR_OK);
  CHECK(known == 1 && temperature == 0.5f);
  CHECK(takes(matcher, '2') && takes(matcher, 'b'));
  CHECK(xgr_matcher_captures(matcher, 1, &captures) == XGR_OK);
  CHECK(xgr_captures_size(captures) == 2);
  xgr_captures_destroy(captures);
  CHECK(xgr_matcher_captures(matcher, 0, &captures) == XGR_OK);
  xgr_matcher_destroy(matcher);
  CHECK(xgr_captures_size(captures) == 1);
  CHECK(xgr_captures_get(captures, 0, &capture) == XGR_OK);
  CHECK(capture.name_size == 1 && strcmp(capture.name, "n") == 0);
  CHECK(capture.text_size == 2 && memcmp(capture.text, "12", 2) == 0);
  CHECK(xgr_captures_get(captures, 1, &capture) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_captures_destroy(captures);
}

static void budgets_of_tokens_close_a_rule(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= v \".\"\nv[max_tokens=2] ::= [a-z]+");
  CHECK(takes(matcher, 'a') && takes(matcher, TOKEN_TRUE));
  CHECK(!takes(matcher, 'a') && takes(matcher, '.'));
  xgr_matcher_destroy(matcher);
}

static void options_are_checked(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"a\"");
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_matcher_t* matcher = NULL;
  xgr_captures_t* captures = NULL;
  int32_t known = -1;
  float temperature = -1;
  options.has_default_temperature = 1;
  options.default_temperature = -1;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  options.default_temperature = 0.25f;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  CHECK(xgr_matcher_temperature(matcher, &known, &temperature) == XGR_OK);
  CHECK(known == 1 && temperature == 0.25f);
  CHECK(xgr_matcher_temperature(NULL, &known, &temperature) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_temperature(matcher, NULL, &temperature) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_captures(NULL, 0, &captures) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_captures(matcher, 0, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_captures_size(NULL) == 0);
  xgr_captures_destroy(NULL);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

int main(void) {
  plain_grammars_have_none();
  named_rules_are_captured();
  budgets_of_tokens_close_a_rule();
  options_are_checked();
  return check_result();
}
