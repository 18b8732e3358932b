/* Options structs of other versions: older ones are completed, newer ones checked. */
#include "check.h"

/* The options of some later header. */
struct newer {
  xgr_compiler_options_t known;
  size_t unknown[3];
};

static xgr_status_t create_with(const void* options, const char* named) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_error_t* error = NULL;
  xgr_status_t status;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  status = xgr_compiler_create(tokenizer, options, &compiler, &error);
  CHECK((status == XGR_OK) == (compiler != NULL));
  CHECK(strstr(xgr_error_message(error, NULL), named) != NULL);
  xgr_error_destroy(error);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
  return status;
}

static void newer_options_have_to_be_zero(void) {
  static const xgr_compiler_options_t init = XGR_COMPILER_OPTIONS_INIT;
  struct newer options;
  size_t i;
  memset(&options, 0, sizeof options);
  options.known = init;
  options.known.struct_size = sizeof options;
  CHECK(create_with(&options, "") == XGR_OK);
  for (i = 0; i < 3; ++i) {
    options.unknown[i] = 1;
    CHECK(create_with(&options, "xgr_compiler_options_t") == XGR_ERROR_INVALID_ARGUMENT);
    options.unknown[i] = 0;
  }
}

/* What an older header does not have is not read, whatever lies there. */
static void older_options_are_completed(void) {
  xgr_compiler_options_t options;
  memset(&options, 0xFF, sizeof options);
  options.struct_size = offsetof(xgr_compiler_options_t, max_source_size);
  options.memory_budget = 1 << 20;
  CHECK(create_with(&options, "") == XGR_OK);
  options.struct_size = sizeof options.struct_size;
  CHECK(create_with(&options, "") == XGR_OK);
}

static void a_size_that_was_never_set_is_refused(void) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  options.struct_size = 0;
  CHECK(create_with(&options, "struct_size") == XGR_ERROR_INVALID_ARGUMENT);
  options.struct_size = sizeof options.struct_size - 1;
  CHECK(create_with(&options, "struct_size") == XGR_ERROR_INVALID_ARGUMENT);
  options.struct_size = SIZE_MAX;
  CHECK(create_with(&options, "struct_size") == XGR_ERROR_INVALID_ARGUMENT);
}

static void reserved_members_are_zero(void) {
  xgr_compiler_options_t compiler_options = XGR_COMPILER_OPTIONS_INIT;
  xgr_tokenizer_options_t tokenizer_options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_json_options_t json_options = XGR_TOKENIZER_JSON_OPTIONS_INIT;
  xgr_json_schema_options_t schema_options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_matcher_options_t matcher_options = XGR_MATCHER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t *grammar = NULL, *none = NULL;
  xgr_matcher_t* matcher = NULL;
  compiler_options.reserved = tokenizer_options.reserved = json_options.reserved = 1;
  schema_options.reserved = matcher_options.reserved = 1;
  CHECK(create_with(&compiler_options, "reserved") == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_tokenizer_create(NULL, 0, NULL, 0, &tokenizer_options, &tokenizer, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_tokenizer_create_from_json("{}", 2, &json_options, &tokenizer, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_compiler_compile_json_schema(compiler, "{}", 2, NULL, &schema_options, NULL, &none,
                                         NULL) == XGR_ERROR_INVALID_ARGUMENT);
  grammar = compile_ebnf(compiler, "root ::= \"a\"");
  CHECK(xgr_matcher_create(grammar, &matcher_options, &matcher, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(tokenizer == NULL && none == NULL && matcher == NULL);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

int main(void) {
  newer_options_have_to_be_zero();
  older_options_are_completed();
  a_size_that_was_never_set_is_refused();
  reserved_members_are_zero();
  return check_result();
}
