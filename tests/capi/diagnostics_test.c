/* xgr/diagnostics.h, and the option that refuses unknown keywords. */
#include "check.h"

static const char kSchema[] =
    "{\"$schema\": \"http://x.test/mine\", \"type\": \"string\", \"maxLenght\": 3,"
    " \"format\": \"datetime\", \"x-order\": 1, \"title\": \"t\"}";

static xgr_status_t compile_kschema(xgr_compiler_t* compiler,
                                    const xgr_json_schema_options_t* options,
                                    xgr_grammar_t** grammar, xgr_error_t** error) {
  return xgr_compiler_compile_json_schema(compiler, kSchema, sizeof kSchema - 1, NULL, options,
                                          NULL, grammar, error);
}

static xgr_diagnostics_t* diagnostics_of(const xgr_grammar_t* grammar) {
  xgr_diagnostics_t* diagnostics = NULL;
  CHECK(xgr_grammar_diagnostics(grammar, &diagnostics) == XGR_OK);
  return diagnostics;
}

/* Checks one, and that its message holds a text. */
static xgr_diagnostic_t check_one(const xgr_diagnostics_t* diagnostics, size_t index,
                                  xgr_diagnostic_code_t code, const char* subject,
                                  const char* message) {
  xgr_diagnostic_t found = XGR_DIAGNOSTIC_INIT;
  CHECK(xgr_diagnostics_get(diagnostics, index, &found) == XGR_OK);
  CHECK(found.code == code && found.reserved == 0);
  CHECK(found.subject_size == strlen(subject) && strcmp(found.subject, subject) == 0);
  CHECK(found.message_size == strlen(found.message));
  CHECK(strstr(found.message, message) != NULL);
  if (strstr(found.message, message) == NULL) fprintf(stderr, "found: %s\n", found.message);
  return found;
}

static void ignored_keywords_have_pointers(void) {
  static const char* const pointers[] = {"/$schema", "/maxLenght", "/format", "/x-order"};
  static const char* const advice[] = {"names no draft", "did you mean \"maxLength\"?",
                                       "did you mean \"date-time\"?", "an extension"};
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = NULL;
  xgr_diagnostics_t* diagnostics;
  size_t i;
  CHECK(compile_kschema(compiler, NULL, &grammar, NULL) == XGR_OK);
  diagnostics = diagnostics_of(grammar);
  xgr_grammar_destroy(grammar); /* they need it no more */
  CHECK(xgr_diagnostics_size(diagnostics) == 4);
  for (i = 0; i < 4; ++i) {
    const xgr_diagnostic_t found =
        check_one(diagnostics, i, XGR_DIAGNOSTIC_IGNORED_KEYWORD, pointers[i] + 1, advice[i]);
    CHECK(found.pointer != NULL && strcmp(found.pointer, pointers[i]) == 0);
    CHECK(found.pointer_size == strlen(pointers[i]));
    CHECK(found.byte_offset == -1 && found.line == 0 && found.column == 0);
  }
  xgr_diagnostics_destroy(diagnostics);
  xgr_compiler_destroy(compiler);
}

/* The diagnostics of a schema are the entries of its report that are not enforced. */
static void reports_and_diagnostics_agree(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_schema_report_t* report = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_diagnostics_t* diagnostics;
  size_t i, next = 0;
  CHECK(compile_kschema(compiler, NULL, &grammar, NULL) == XGR_OK);
  CHECK(xgr_json_schema_check(kSchema, sizeof kSchema - 1, NULL, &report, NULL) == XGR_OK);
  diagnostics = diagnostics_of(grammar);
  for (i = 0; i < xgr_json_schema_report_size(report); ++i) {
    xgr_json_schema_entry_t entry = XGR_JSON_SCHEMA_ENTRY_INIT;
    xgr_diagnostic_t found = XGR_DIAGNOSTIC_INIT;
    CHECK(xgr_json_schema_report_entry(report, i, &entry) == XGR_OK);
    if (entry.outcome == XGR_KEYWORD_OUTCOME_ENFORCED) continue;
    CHECK(entry.outcome == XGR_KEYWORD_OUTCOME_IGNORED);
    CHECK(xgr_diagnostics_get(diagnostics, next++, &found) == XGR_OK);
    CHECK(strcmp(found.subject, entry.keyword) == 0 && strcmp(found.pointer, entry.pointer) == 0);
    CHECK(strstr(found.message, entry.reason) != NULL);
  }
  CHECK(next == xgr_diagnostics_size(diagnostics) && next == 4);
  xgr_diagnostics_destroy(diagnostics);
  xgr_json_schema_report_destroy(report);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void lenient_schemas_tell_what_they_left_out(void) {
  static const char schema[] = "{\"items\": {\"not\": {\"uniqueItems\": true}}}";
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_grammar_t* grammar = NULL;
  xgr_diagnostics_t* diagnostics;
  options.lenient = 1;
  CHECK(xgr_compiler_compile_json_schema(compiler, schema, sizeof schema - 1, NULL, &options, NULL,
                                         &grammar, NULL) == XGR_OK);
  diagnostics = diagnostics_of(grammar);
  CHECK(xgr_diagnostics_size(diagnostics) == 1);
  check_one(diagnostics, 0, XGR_DIAGNOSTIC_APPROXIMATED_KEYWORD, "uniqueItems",
            "cannot be negated exactly");
  xgr_diagnostics_destroy(diagnostics);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void unknown_keywords_can_be_refused(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  int32_t lenient;
  for (lenient = 0; lenient < 2; ++lenient) {
    xgr_json_schema_report_t* report = NULL;
    xgr_json_schema_entry_t entry = XGR_JSON_SCHEMA_ENTRY_INIT;
    xgr_grammar_t* grammar = NULL;
    xgr_error_t* error = NULL;
    options.lenient = lenient;
    options.unknown_keywords = XGR_UNKNOWN_KEYWORDS_REFUSE;
    CHECK(compile_kschema(compiler, &options, &grammar, &error) == XGR_ERROR_INVALID_SOURCE);
    CHECK(grammar == NULL && strcmp(xgr_error_json_pointer(error, NULL), "/$schema") == 0);
    xgr_error_destroy(error);
    CHECK(xgr_json_schema_check(kSchema, sizeof kSchema - 1, &options, &report, NULL) == XGR_OK);
    CHECK(xgr_json_schema_report_size(report) == 5);
    CHECK(xgr_json_schema_report_entry(report, 2, &entry) == XGR_OK);
    CHECK(strcmp(entry.keyword, "maxLenght") == 0);
    CHECK(entry.outcome == XGR_KEYWORD_OUTCOME_REFUSED);
    CHECK(xgr_json_schema_report_entry(report, 4, &entry) == XGR_OK);
    CHECK(strcmp(entry.keyword, "x-order") == 0);
    CHECK(entry.outcome == XGR_KEYWORD_OUTCOME_IGNORED);
    xgr_json_schema_report_destroy(report);
  }
  options.unknown_keywords = 2;
  CHECK(compile_kschema(compiler, &options, NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_compiler_destroy(compiler);
}

static void quoted_special_tokens_are_noticed(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar =
      compile_ebnf(compiler, "root ::= \"a\" |\n  \"x<|im_start|>\" \"b</s>\"");
  xgr_diagnostics_t* diagnostics = diagnostics_of(grammar);
  xgr_diagnostic_t found;
  CHECK(xgr_diagnostics_size(diagnostics) == 2);
  found = check_one(diagnostics, 0, XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT, "<|im_start|>",
                    "write Token(259)");
  CHECK(found.pointer == NULL && found.pointer_size == 0);
  CHECK(found.byte_offset == 19 && found.line == 2 && found.column == 5);
  check_one(diagnostics, 1, XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT, "</s>", "stop token 260");
  xgr_diagnostics_destroy(diagnostics);
  xgr_grammar_destroy(grammar);
  grammar = NULL;
  CHECK(xgr_compiler_compile_regex(compiler, "a|<\\|im_start\\|>", 16, NULL, NULL, &grammar,
                                   NULL) == XGR_OK);
  diagnostics = diagnostics_of(grammar);
  found =
      check_one(diagnostics, 0, XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT, "<|im_start|>", "Token(259)");
  CHECK(found.byte_offset == 2);
  xgr_diagnostics_destroy(diagnostics);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static xgr_diagnostics_t* of_source(xgr_compiler_t* compiler, xgr_grammar_source_t* source) {
  xgr_grammar_t* grammar = NULL;
  xgr_diagnostics_t* diagnostics;
  CHECK(xgr_compiler_compile_source(compiler, source, NULL, &grammar, NULL) == XGR_OK);
  diagnostics = diagnostics_of(grammar);
  xgr_grammar_destroy(grammar);
  xgr_grammar_source_destroy(source);
  return diagnostics;
}

static void sources_are_looked_at_with_the_vocabulary(void) {
  static const char lark[] = "start: \"<|im_start|>\" %json {\"maxLenght\": 1}";
  static const uint32_t sizes[] = {4, 1};
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_source_t* source = NULL;
  xgr_diagnostics_t* diagnostics;
  CHECK(xgr_grammar_source_from_lark(lark, sizeof lark - 1, NULL, &source, NULL) == XGR_OK);
  diagnostics = of_source(compiler, source);
  CHECK(xgr_diagnostics_size(diagnostics) == 2);
  check_one(diagnostics, 0, XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT, "<|im_start|>",
            "write <|im_start|> without quotes");
  check_one(diagnostics, 1, XGR_DIAGNOSTIC_IGNORED_KEYWORD, "maxLenght", "in %json: ");
  xgr_diagnostics_destroy(diagnostics);
  source = NULL;
  CHECK(xgr_grammar_source_from_choices("</s>b", 5, sizes, 2, &source, NULL) == XGR_OK);
  diagnostics = of_source(compiler, source);
  CHECK(xgr_diagnostics_size(diagnostics) == 1);
  check_one(diagnostics, 0, XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT, "</s>", "leave the text out");
  xgr_diagnostics_destroy(diagnostics);
  xgr_compiler_destroy(compiler);
}

/* The texts of a schema are values: "</s>" in a JSON string is what the schema wants. */
static void values_of_a_schema_are_texts(void) {
  static const char schema[] = "{\"enum\": [\"</s>\", \"<|im_start|>\"]}";
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = NULL;
  xgr_diagnostics_t* diagnostics;
  CHECK(xgr_compiler_compile_json_schema(compiler, schema, sizeof schema - 1, NULL, NULL, NULL,
                                         &grammar, NULL) == XGR_OK);
  diagnostics = diagnostics_of(grammar);
  CHECK(diagnostics != NULL && xgr_diagnostics_size(diagnostics) == 0);
  xgr_diagnostics_destroy(diagnostics);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void misuse_is_refused(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"</s>\"");
  xgr_diagnostics_t *diagnostics = diagnostics_of(grammar), *none = NULL;
  xgr_diagnostic_t found = XGR_DIAGNOSTIC_INIT;
  CHECK(xgr_grammar_diagnostics(NULL, &none) == XGR_ERROR_INVALID_ARGUMENT && none == NULL);
  CHECK(xgr_grammar_diagnostics(grammar, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_diagnostics_get(NULL, 0, &found) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_diagnostics_get(diagnostics, 1, &found) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_diagnostics_get(diagnostics, 0, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  found.struct_size = 0;
  CHECK(xgr_diagnostics_get(diagnostics, 0, &found) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_diagnostics_size(NULL) == 0);
  xgr_diagnostics_destroy(NULL);
  xgr_diagnostics_destroy(diagnostics);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

int main(void) {
  ignored_keywords_have_pointers();
  reports_and_diagnostics_agree();
  lenient_schemas_tell_what_they_left_out();
  unknown_keywords_can_be_refused();
  quoted_special_tokens_are_noticed();
  sources_are_looked_at_with_the_vocabulary();
  values_of_a_schema_are_texts();
  misuse_is_refused();
  return check_result();
}
