/* Languages as values: sources from texts and from other sources, printed and compiled. */
#include "check.h"

static xgr_compiler_t* compiler;

static xgr_grammar_source_t* from_ebnf(const char* text) {
  xgr_grammar_source_t* source = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_grammar_source_from_ebnf(text, strlen(text), NULL, &source, &error) == XGR_OK);
  show_error(text, error);
  return source;
}

static xgr_grammar_source_t* from_regex(const char* pattern, int32_t search) {
  xgr_regex_options_t options = XGR_REGEX_OPTIONS_INIT;
  xgr_grammar_source_t* source = NULL;
  xgr_error_t* error = NULL;
  options.search = search;
  CHECK(xgr_grammar_source_from_regex(pattern, strlen(pattern), &options, &source, &error) ==
        XGR_OK);
  show_error(pattern, error);
  return source;
}

/* Whether `text` is a whole text of the source, which is destroyed. */
static int is_text(xgr_grammar_source_t* source, const char* text) {
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  int whole = 0;
  CHECK(xgr_compiler_compile_source(compiler, source, NULL, &grammar, &error) == XGR_OK);
  show_error(text, error);
  xgr_grammar_source_destroy(source);
  if (grammar != NULL) whole = matches(grammar, text);
  xgr_grammar_destroy(grammar);
  return whole;
}

static void every_kind_of_text_is_a_source(void) {
  static const uint32_t sizes[] = {2, 0, 3, 2};
  xgr_ebnf_options_t ebnf = XGR_EBNF_OPTIONS_INIT;
  xgr_grammar_source_t* s = NULL;
  CHECK(is_text(from_ebnf("root ::= \"a\" root | \"b\""), "aab"));
  ebnf.root_rule = "x";
  ebnf.root_rule_size = 1;
  CHECK(xgr_grammar_source_from_ebnf("x ::= \"1\"", 9, &ebnf, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "1"));
  CHECK(is_text(from_regex("a+", 0), "aa"));
  CHECK(is_text(from_regex("b", 1), "abc"));
  CHECK(xgr_grammar_source_from_json(NULL, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "[1, {\"a\": null}]"));
  CHECK(xgr_grammar_source_from_json_schema("{\"const\": 7}", 12, NULL, NULL, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "7"));
  CHECK(xgr_grammar_source_from_choices("abxyzab", 7, sizes, 4, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "xyz"));
  CHECK(xgr_grammar_source_from_substring("abxyzab", 7, sizes, 4, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "xyzab"));
}

static void a_lark_text_names_others(void) {
  xgr_named_grammar_t named[2] = {XGR_NAMED_GRAMMAR_INIT, XGR_NAMED_GRAMMAR_INIT};
  xgr_lark_options_t options = XGR_LARK_OPTIONS_INIT;
  xgr_grammar_source_t *s = NULL, *word = from_regex("[a-z]+", 0);
  xgr_error_t* error = NULL;
  named[0].name = "word";
  named[0].name_size = 4;
  named[0].source = word;
  named[1].name = "two";
  named[1].name_size = 3;
  named[1].text = "start: @word \" \" @word";
  named[1].text_size = strlen(named[1].text);
  options.named = named;
  options.named_count = 2;
  CHECK(xgr_grammar_source_from_lark("start: @two \"!\"", 15, &options, &s, &error) == XGR_OK);
  show_error("lark", error);
  CHECK(is_text(s, "ab cd!"));
  named[1].source = word; /* a text and a source */
  CHECK(xgr_grammar_source_from_lark("start: @two", 11, &options, &s, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  named[1].source = NULL;
  named[0].name = NULL;
  CHECK(xgr_grammar_source_from_lark("start: @two", 11, &options, &s, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  xgr_grammar_source_destroy(word);
}

static void sources_are_combined(void) {
  xgr_grammar_source_t *parts[2], *s = NULL;
  parts[0] = from_ebnf("root ::= \"(\" root \")\" | \"x\"");
  parts[1] = from_regex(".{3,5}", 0);
  CHECK(xgr_grammar_source_union(parts, 2, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "((((x))))"));
  CHECK(xgr_grammar_source_concat(parts, 2, &s, NULL) == XGR_OK);
  CHECK(is_text(s, "(x)abc"));
  CHECK(xgr_grammar_source_intersection(parts[0], parts[1], &s, NULL) == XGR_OK);
  CHECK(!is_text(s, "x"));
  CHECK(xgr_grammar_source_intersection(parts[1], parts[0], &s, NULL) == XGR_OK);
  CHECK(is_text(s, "((x))"));
  CHECK(xgr_grammar_source_repeat(parts[0], 0, 1, &s, NULL) == XGR_OK);
  CHECK(is_text(s, ""));
  CHECK(xgr_grammar_source_repeat(parts[0], 2, -1, &s, NULL) == XGR_OK);
  xgr_grammar_source_destroy(parts[0]);
  xgr_grammar_source_destroy(parts[1]);
  CHECK(is_text(s, "x(x)x"));
}

static void a_source_is_printed_and_read_back(void) {
  char text[200];
  size_t size = 0, again = 0;
  xgr_grammar_source_t *s = from_regex("[ab]{2}c?", 0), *back;
  CHECK(xgr_grammar_source_print(s, 0, NULL, 0, &size, NULL) == XGR_OK);
  CHECK(size > 0 && size < sizeof text);
  text[0] = '?';
  CHECK(xgr_grammar_source_print(s, 0, text, size, &again, NULL) == XGR_OK && text[0] == '?');
  CHECK(xgr_grammar_source_print(s, 0, text, size + 1, &again, NULL) == XGR_OK && again == size);
  CHECK(strlen(text) == size);
  back = from_ebnf(text);
  CHECK(is_text(back, "bac"));
  xgr_grammar_source_destroy(s);
}

static void what_is_refused_says_why(void) {
  xgr_grammar_source_t *s = NULL, *nested = from_ebnf("root ::= \"(\" root \")\" | \"\"");
  xgr_grammar_source_t *a = from_regex("a", 0), *b = from_regex("b", 0);
  xgr_error_t* error = NULL;
  xgr_grammar_t* grammar = NULL;
  CHECK(xgr_grammar_source_from_ebnf("root ::= (\n", 11, NULL, &s, &error) ==
        XGR_ERROR_INVALID_SOURCE);
  CHECK(xgr_error_line(error) > 0);
  xgr_error_destroy(error);
  CHECK(xgr_grammar_source_intersection(nested, nested, &s, &error) == XGR_ERROR_UNSUPPORTED);
  CHECK(strstr(xgr_error_message(error, NULL), "root") != NULL && s == NULL);
  xgr_error_destroy(error);
  CHECK(xgr_grammar_source_intersection(a, b, &s, NULL) == XGR_OK);
  CHECK(xgr_grammar_source_check(a, NULL) == XGR_OK);
  CHECK(xgr_grammar_source_check(s, NULL) == XGR_ERROR_INVALID_SOURCE);
  CHECK(xgr_compiler_compile_source(compiler, s, NULL, &grammar, NULL) == XGR_ERROR_INVALID_SOURCE);
  xgr_grammar_source_destroy(s);
  xgr_grammar_source_destroy(a);
  xgr_grammar_source_destroy(b);
  xgr_grammar_source_destroy(nested);
}

#define REFUSED(call) CHECK((call) == XGR_ERROR_INVALID_ARGUMENT)

static void misuse_is_refused(void) {
  static const uint32_t one[] = {1}, two[] = {1, 1};
  xgr_ebnf_options_t ebnf = XGR_EBNF_OPTIONS_INIT;
  xgr_regex_options_t regex = XGR_REGEX_OPTIONS_INIT;
  xgr_lark_options_t lark = XGR_LARK_OPTIONS_INIT;
  xgr_grammar_source_t *s = NULL, *a = from_regex("a", 0), *parts[2];
  xgr_grammar_t* grammar = NULL;
  size_t size = 0;
  char text[4];
  parts[0] = a;
  parts[1] = NULL;
  REFUSED(xgr_grammar_source_from_ebnf(NULL, 0, NULL, &s, NULL));
  REFUSED(xgr_grammar_source_from_ebnf("root ::= \"a\"", 12, NULL, NULL, NULL));
  ebnf.dialect = 3;
  REFUSED(xgr_grammar_source_from_ebnf("root ::= \"a\"", 12, &ebnf, &s, NULL));
  REFUSED(xgr_grammar_source_from_regex(NULL, 0, NULL, &s, NULL));
  REFUSED(xgr_grammar_source_from_regex("a", 1, NULL, NULL, NULL));
  regex.reserved = 1;
  REFUSED(xgr_grammar_source_from_regex("a", 1, &regex, &s, NULL));
  REFUSED(xgr_grammar_source_from_lark(NULL, 0, NULL, &s, NULL));
  REFUSED(xgr_grammar_source_from_lark("start: \"a\"", 10, NULL, NULL, NULL));
  lark.named_count = 1;
  REFUSED(xgr_grammar_source_from_lark("start: \"a\"", 10, &lark, &s, NULL));
  REFUSED(xgr_grammar_source_from_json_schema(NULL, 0, NULL, NULL, &s, NULL));
  REFUSED(xgr_grammar_source_from_json_schema("{}", 2, NULL, NULL, NULL, NULL));
  REFUSED(xgr_grammar_source_from_json(NULL, NULL, NULL));
  REFUSED(xgr_grammar_source_from_choices("a", 1, NULL, 1, &s, NULL));
  REFUSED(xgr_grammar_source_from_choices(NULL, 1, one, 1, &s, NULL));
  REFUSED(xgr_grammar_source_from_choices("a", 1, two, 2, &s, NULL));
  REFUSED(xgr_grammar_source_from_choices("ab", 2, one, 1, &s, NULL));
  REFUSED(xgr_grammar_source_from_choices(NULL, 0, NULL, 0, &s, NULL));
  REFUSED(xgr_grammar_source_from_choices("a", 1, one, 1, NULL, NULL));
  REFUSED(xgr_grammar_source_from_substring("a", 1, NULL, 1, &s, NULL));
  REFUSED(xgr_grammar_source_from_substring("a", 1, one, 1, NULL, NULL));
  REFUSED(xgr_grammar_source_union(NULL, 1, &s, NULL));
  REFUSED(xgr_grammar_source_union(parts, 0, &s, NULL));
  REFUSED(xgr_grammar_source_union(parts, 2, &s, NULL));
  REFUSED(xgr_grammar_source_union(parts, 1, NULL, NULL));
  REFUSED(xgr_grammar_source_concat(NULL, 1, &s, NULL));
  REFUSED(xgr_grammar_source_concat(parts, 2, &s, NULL));
  REFUSED(xgr_grammar_source_concat(parts, 1, NULL, NULL));
  REFUSED(xgr_grammar_source_repeat(NULL, 0, 1, &s, NULL));
  REFUSED(xgr_grammar_source_repeat(a, 0, 1, NULL, NULL));
  REFUSED(xgr_grammar_source_repeat(a, -1, 1, &s, NULL));
  REFUSED(xgr_grammar_source_repeat(a, 0, -2, &s, NULL));
  REFUSED(xgr_grammar_source_repeat(a, 2, 1, &s, NULL));
  REFUSED(xgr_grammar_source_intersection(NULL, a, &s, NULL));
  REFUSED(xgr_grammar_source_intersection(a, NULL, &s, NULL));
  REFUSED(xgr_grammar_source_intersection(a, a, NULL, NULL));
  REFUSED(xgr_grammar_source_check(NULL, NULL));
  REFUSED(xgr_grammar_source_print(NULL, 0, text, 4, &size, NULL));
  REFUSED(xgr_grammar_source_print(a, 0, NULL, 4, &size, NULL));
  REFUSED(xgr_grammar_source_print(a, 0, text, 4, NULL, NULL));
  REFUSED(xgr_compiler_compile_source(NULL, a, NULL, &grammar, NULL));
  REFUSED(xgr_compiler_compile_source(compiler, NULL, NULL, &grammar, NULL));
  REFUSED(xgr_compiler_compile_source(compiler, a, NULL, NULL, NULL));
  CHECK(s == NULL && grammar == NULL);
  xgr_grammar_source_destroy(a);
  xgr_grammar_source_destroy(NULL);
}

int main(void) {
  compiler = make_compiler();
  every_kind_of_text_is_a_source();
  a_lark_text_names_others();
  sources_are_combined();
  a_source_is_printed_and_read_back();
  what_is_refused_says_why();
  misuse_is_refused();
  xgr_compiler_destroy(compiler);
  return check_result();
}
