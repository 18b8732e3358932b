/* Lenient schemas, and reports on what becomes of their keywords. */
#include "check.h"

static const char kSchema[] =
    "{\"type\": \"array\", \"items\": {\"format\": \"colour\", \"pattern\": \"(x)\\\\1\"}}";

static xgr_json_schema_report_t* check(int32_t lenient) {
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_json_schema_report_t* report = NULL;
  xgr_error_t* error = NULL;
  options.lenient = lenient;
  CHECK(xgr_json_schema_check(kSchema, sizeof kSchema - 1, &options, &report, &error) == XGR_OK);
  show_error("check", error);
  return report;
}

static void check_entry(const xgr_json_schema_report_t* report, size_t index, const char* keyword,
                        const char* pointer, xgr_keyword_outcome_t outcome) {
  xgr_json_schema_entry_t entry = XGR_JSON_SCHEMA_ENTRY_INIT;
  CHECK(xgr_json_schema_report_entry(report, index, &entry) == XGR_OK);
  CHECK(strcmp(entry.keyword, keyword) == 0 && entry.keyword_size == strlen(keyword));
  CHECK(strcmp(entry.pointer, pointer) == 0 && entry.pointer_size == strlen(pointer));
  CHECK(entry.outcome == outcome && entry.reserved == 0);
  CHECK(strlen(entry.reason) == entry.reason_size);
  CHECK((entry.reason_size == 0) == (outcome == XGR_KEYWORD_OUTCOME_ENFORCED));
}

static void entries_stand_in_order(void) {
  int32_t lenient;
  for (lenient = 0; lenient < 2; ++lenient) {
    xgr_json_schema_report_t* report = check(lenient);
    CHECK(xgr_json_schema_report_size(report) == 4);
    check_entry(report, 0, "type", "/type", XGR_KEYWORD_OUTCOME_ENFORCED);
    check_entry(report, 1, "items", "/items", XGR_KEYWORD_OUTCOME_ENFORCED);
    check_entry(report, 2, "format", "/items/format", XGR_KEYWORD_OUTCOME_IGNORED);
    check_entry(report, 3, "pattern", "/items/pattern",
                lenient ? XGR_KEYWORD_OUTCOME_APPROXIMATED : XGR_KEYWORD_OUTCOME_REFUSED);
    xgr_json_schema_report_destroy(report);
  }
}

static void lenient_compiles_what_is_refused(void) {
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = NULL;
  CHECK(xgr_compiler_compile_json_schema(compiler, kSchema, sizeof kSchema - 1, NULL, &options,
                                         NULL, &grammar, NULL) == XGR_ERROR_UNSUPPORTED);
  options.lenient = 1;
  CHECK(xgr_compiler_compile_json_schema(compiler, kSchema, sizeof kSchema - 1, NULL, &options,
                                         NULL, &grammar, NULL) == XGR_OK);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void what_is_no_schema_is_an_error(void) {
  static const char* const texts[] = {"{", "7", "{\"type\": 1}", "false"};
  size_t i;
  for (i = 0; i < sizeof texts / sizeof *texts; ++i) {
    xgr_json_schema_report_t* report = NULL;
    xgr_error_t* error = NULL;
    CHECK(xgr_json_schema_check(texts[i], strlen(texts[i]), NULL, &report, &error) ==
          XGR_ERROR_INVALID_SOURCE);
    CHECK(report == NULL && error != NULL);
    xgr_error_destroy(error);
  }
}

static void misuse_is_refused(void) {
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_json_schema_entry_t entry = XGR_JSON_SCHEMA_ENTRY_INIT;
  xgr_json_schema_report_t *report = check(0), *none = NULL;
  CHECK(xgr_json_schema_check(NULL, 0, NULL, &none, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_json_schema_check("{}", 2, NULL, NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  options.reserved = 1;
  CHECK(xgr_json_schema_check("{}", 2, &options, &none, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_json_schema_report_entry(NULL, 0, &entry) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_json_schema_report_entry(report, 0, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_json_schema_report_entry(report, 4, &entry) == XGR_ERROR_INVALID_ARGUMENT);
  entry.struct_size = 0;
  CHECK(xgr_json_schema_report_entry(report, 0, &entry) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_json_schema_report_size(NULL) == 0 && none == NULL);
  xgr_json_schema_report_destroy(report);
  xgr_json_schema_report_destroy(NULL);
}

int main(void) {
  entries_stand_in_order();
  lenient_compiles_what_is_refused();
  what_is_no_schema_is_an_error();
  misuse_is_refused();
  return check_result();
}
