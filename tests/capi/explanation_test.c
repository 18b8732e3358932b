/* xgr/explanation.h. */
#include "check.h"

static const char kSchema[] =
    "{\"type\": \"object\", \"properties\": {\"age\": {\"type\": \"integer\", \"minimum\": 0}},"
    " \"required\": [\"age\"], \"additionalProperties\": false}";

static xgr_matcher_t* matcher_behind(const char* output) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher = NULL;
  int32_t accepted = 0;
  CHECK(xgr_compiler_compile_json_schema(compiler, kSchema, sizeof kSchema - 1, NULL, NULL, NULL,
                                         &grammar, NULL) == XGR_OK);
  CHECK(xgr_matcher_create(grammar, NULL, &matcher, NULL) == XGR_OK);
  CHECK(xgr_matcher_accept_bytes(matcher, (const uint8_t*)output, strlen(output), &accepted) ==
        XGR_OK);
  CHECK(accepted);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  return matcher;
}

/* Both texts of an explanation hold what is asked for; it is then destroyed. */
static void check_explained(xgr_explanation_t* explanation, const char* text, const char* json) {
  size_t size = 0;
  const char* found = xgr_explanation_text(explanation, &size);
  CHECK(size == strlen(found) && strstr(found, text) != NULL);
  if (strstr(found, text) == NULL) fprintf(stderr, "found: %s\n", found);
  found = xgr_explanation_json(explanation, &size);
  CHECK(size == strlen(found) && strstr(found, json) != NULL);
  if (strstr(found, json) == NULL) fprintf(stderr, "found: %s\n", found);
  xgr_explanation_destroy(explanation);
}

static void bytes_and_tokens_are_explained(void) {
  static const char output[] = "{\"age\": ";
  const uint8_t* bytes = (const uint8_t*)output;
  xgr_matcher_t* matcher = matcher_behind(output);
  xgr_explanation_t* explanation = NULL;
  CHECK(xgr_matcher_explain_bytes(matcher, bytes, sizeof output - 1, (const uint8_t*)"-1", 2,
                                  &explanation, NULL) == XGR_OK);
  check_explained(explanation, "\"minimum\": 0 at /properties/age/minimum",
                  "\"pointer\": \"/properties/age/minimum\"");
  CHECK(xgr_matcher_explain_bytes(matcher, NULL, 0, NULL, 0, &explanation, NULL) == XGR_OK);
  check_explained(explanation, "the output may not end here", "\"causes\": null");
  CHECK(xgr_matcher_explain_token(matcher, bytes, sizeof output - 1, TOKEN_TRUE, &explanation,
                                  NULL) == XGR_OK);
  check_explained(explanation, "/properties/age/type", "\"keyword\": \"type\"");
  CHECK(xgr_matcher_explain_token(matcher, bytes, sizeof output - 1, TOKEN_CONTROL, &explanation,
                                  NULL) == XGR_OK);
  check_explained(explanation, "a control token", "\"byte_offset\": null");
  CHECK(xgr_matcher_history_size(matcher) == 1);
  xgr_matcher_destroy(matcher);
}

static void explained_misuse_is_refused(void) {
  xgr_matcher_t* matcher = matcher_behind("{");
  xgr_explanation_t* explanation = NULL;
  xgr_error_t* error = NULL;
  size_t size = 1;
  CHECK(xgr_matcher_explain_bytes(NULL, NULL, 0, NULL, 0, &explanation, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_explain_bytes(matcher, NULL, 0, NULL, 1, &explanation, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_explain_bytes(matcher, NULL, 1, NULL, 0, &explanation, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_explain_token(matcher, NULL, 0, 0, NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_explain_token(matcher, (const uint8_t*)"[", 1, 0, &explanation, &error) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(explanation == NULL && strstr(xgr_error_message(error, NULL), "all bytes so far") != NULL);
  xgr_error_destroy(error);
  CHECK(strcmp(xgr_explanation_text(NULL, &size), "") == 0 && size == 0);
  CHECK(strcmp(xgr_explanation_json(NULL, NULL), "") == 0);
  xgr_explanation_destroy(NULL);
  xgr_matcher_destroy(matcher);
}

int main(void) {
  bytes_and_tokens_are_explained();
  explained_misuse_is_refused();
  return check_result();
}
