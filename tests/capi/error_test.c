/* xgr/error.h: what an error tells, and that NULL tells nothing. */
#include "check.h"

static xgr_error_t* error_of_ebnf(const char* text) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  xgr_status_t status =
      xgr_compiler_compile_ebnf(compiler, text, strlen(text), NULL, NULL, &grammar, &error);
  CHECK(status != XGR_OK && grammar == NULL && error != NULL);
  CHECK(xgr_error_status(error) == status);
  xgr_compiler_destroy(compiler);
  return error;
}

static void error_tells_message_and_position(void) {
  xgr_error_t* error = error_of_ebnf("root ::= \"a\"\n  | missing\n");
  size_t size = 0;
  const char* message = xgr_error_message(error, &size);
  CHECK(size > 0 && size == strlen(message));
  CHECK(strstr(message, "missing") != NULL);
  CHECK(strchr(message, '\n') == NULL);
  CHECK(xgr_error_status(error) == XGR_ERROR_INVALID_SOURCE);
  CHECK(xgr_error_byte_offset(error) == 17);
  CHECK(xgr_error_line(error) == 2);
  CHECK(xgr_error_column(error) == 5);
  size = 1;
  CHECK(xgr_error_json_pointer(error, &size) == NULL && size == 0);
  xgr_error_destroy(error);
}

static void columns_count_code_points(void) {
  xgr_error_t* error = error_of_ebnf("root ::= \"\xC3\xA9\" missing");
  CHECK(xgr_error_byte_offset(error) == 14);
  CHECK(xgr_error_column(error) == 14);
  xgr_error_destroy(error);
}

static void error_of_an_argument_has_no_position(void) {
  xgr_compiler_t* compiler = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_compiler_create(NULL, NULL, &compiler, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(compiler == NULL && error != NULL);
  CHECK(strcmp(xgr_error_message(error, NULL), "tokenizer is NULL; it has to be given") == 0);
  CHECK(xgr_error_byte_offset(error) == -1);
  CHECK(xgr_error_line(error) == 0 && xgr_error_column(error) == 0);
  xgr_error_destroy(error);
}

static void null_is_no_error(void) {
  size_t size = 7;
  CHECK(xgr_error_status(NULL) == XGR_OK);
  CHECK(strcmp(xgr_error_message(NULL, &size), "") == 0 && size == 0);
  CHECK(xgr_error_byte_offset(NULL) == -1);
  CHECK(xgr_error_line(NULL) == 0 && xgr_error_column(NULL) == 0);
  CHECK(xgr_error_json_pointer(NULL, NULL) == NULL);
  xgr_error_destroy(NULL);
}

int main(void) {
  error_tells_message_and_position();
  columns_count_code_points();
  error_of_an_argument_has_no_position();
  null_is_no_error();
  return check_result();
}
