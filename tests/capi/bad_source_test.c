/* Sources that are refused: the status, what the message names, and the place. */
#include "check.h"

enum { EBNF, REGEX, SCHEMA };

/* A source and what has to be said about it; offset -1 and pointer NULL: any or none. */
struct bad_source {
  int kind;
  const char* text;
  size_t size; /* 0: up to the NUL */
  xgr_status_t status;
  const char* named; /* part of the message */
  int64_t offset;
  const char* pointer;
};

static const struct bad_source bad_sources[] = {
    /* Malformed. */
    {EBNF, "root ::= \"a", 0, XGR_ERROR_INVALID_SOURCE, "", 9, NULL},
    {EBNF, "root ::= (\"a\"", 0, XGR_ERROR_INVALID_SOURCE, ")", -1, NULL},
    {EBNF, "root ::= [z-a]", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {EBNF, "root ::= \"a\" ::= \"b\"", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {EBNF, "root ::= \"a\"{3,2}", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {EBNF, "", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {REGEX, "a(b", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {REGEX, "ab)", 0, XGR_ERROR_INVALID_SOURCE, "", 2, NULL},
    {REGEX, "[z-a]", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {REGEX, "(a)\\1", 0, XGR_ERROR_UNSUPPORTED, "", -1, NULL},
    {SCHEMA, "{\"type\": }", 0, XGR_ERROR_INVALID_SOURCE, "", 9, NULL},
    {SCHEMA, "", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {SCHEMA, "[]", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {SCHEMA, "{\"type\": \"strange\"}", 0, XGR_ERROR_INVALID_SOURCE, "type", -1, "/type"},
    {SCHEMA, "{\"properties\": {\"a\": {\"pattern\": \"(\"}}}", 0, XGR_ERROR_INVALID_SOURCE, "", -1,
     "/properties/a/pattern"},
    {SCHEMA, "{\"$ref\": \"#/$defs/missing\"}", 0, XGR_ERROR_INVALID_SOURCE, "missing", -1,
     "/$ref"},
    /* A keyword that cannot be enforced is refused by name. */
    {SCHEMA, "{\"properties\": {\"a/b\": {\"not\": {\"uniqueItems\": true}}}}", 0,
     XGR_ERROR_UNSUPPORTED, "uniqueItems", -1, "/properties/a~1b/not/uniqueItems"},
    /* Rules that are not there. */
    {EBNF, "root ::= \"a\" missing", 0, XGR_ERROR_INVALID_SOURCE, "missing", 13, NULL},
    {EBNF, "other ::= \"a\"", 0, XGR_ERROR_INVALID_SOURCE, "root", -1, NULL},
    {EBNF, "root ::= \"a\"\nroot ::= \"b\"", 0, XGR_ERROR_INVALID_SOURCE, "root", -1, NULL},
    /* Nothing to match. */
    {EBNF, "root ::= root", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {EBNF, "root ::= \"a\" root", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {EBNF, "root ::= a\na ::= b \"x\"\nb ::= a", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {EBNF, "root ::= []", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {SCHEMA, "false", 0, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {SCHEMA, "{\"type\": \"integer\", \"minimum\": 3, \"maximum\": 2}", 0, XGR_ERROR_INVALID_SOURCE,
     "", -1, NULL},
    /* Bytes that are no UTF-8. */
    {EBNF, "root ::= \"\xFF\"", 0, XGR_ERROR_INVALID_SOURCE, "UTF-8", 10, NULL},
    {EBNF, "root ::= \"\xED\xA0\x80\"", 0, XGR_ERROR_INVALID_SOURCE, "UTF-8", 10, NULL},
    {REGEX, "a\xC3", 0, XGR_ERROR_INVALID_SOURCE, "UTF-8", 1, NULL},
    {SCHEMA, "{\"title\": \"\x80\"}", 0, XGR_ERROR_INVALID_SOURCE, "UTF-8", 11, NULL},
    /* Text after a NUL counts. */
    {EBNF, "root ::= \"a\"\0(", 14, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
    {SCHEMA, "{}\0{", 4, XGR_ERROR_INVALID_SOURCE, "", -1, NULL},
};

static xgr_status_t compile(xgr_compiler_t* compiler, int kind, const char* text, size_t size,
                            xgr_grammar_t** grammar, xgr_error_t** error) {
  if (kind == EBNF)
    return xgr_compiler_compile_ebnf(compiler, text, size, NULL, NULL, grammar, error);
  if (kind == REGEX)
    return xgr_compiler_compile_regex(compiler, text, size, NULL, NULL, grammar, error);
  return xgr_compiler_compile_json_schema(compiler, text, size, NULL, NULL, NULL, grammar, error);
}

/* Line and column that belong to an offset. */
static void check_line_and_column(const char* text, xgr_error_t* error) {
  int64_t offset = xgr_error_byte_offset(error), i;
  int32_t line = 1, column = 1;
  for (i = 0; i < offset; ++i) {
    ++column;
    if (((unsigned char)text[i] & 0xC0) == 0x80) --column;
    if (text[i] == '\n') {
      ++line;
      column = 1;
    }
  }
  if (offset < 0) line = column = 0;
  CHECK(xgr_error_line(error) == line);
  CHECK(xgr_error_column(error) == column);
}

static void check_bad_source(xgr_compiler_t* compiler, const struct bad_source* s) {
  size_t size = s->size != 0 ? s->size : strlen(s->text);
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  int before = check_failures;
  const char* pointer;
  CHECK(compile(compiler, s->kind, s->text, size, &grammar, &error) == s->status);
  CHECK(grammar == NULL && error != NULL);
  CHECK(strstr(xgr_error_message(error, NULL), s->named) != NULL);
  CHECK(strchr(xgr_error_message(error, NULL), '\n') == NULL);
  CHECK(xgr_error_byte_offset(error) >= -1 && xgr_error_byte_offset(error) <= (int64_t)size);
  if (s->offset >= 0) CHECK(xgr_error_byte_offset(error) == s->offset);
  pointer = xgr_error_json_pointer(error, NULL);
  if (s->pointer != NULL) CHECK(pointer != NULL && strcmp(pointer, s->pointer) == 0);
  check_line_and_column(s->text, error);
  if (check_failures != before)
    fprintf(stderr, "  %s\n  status %d, offset %ld, line %d, column %d, pointer %s: %s\n", s->text,
            (int)xgr_error_status(error), (long)xgr_error_byte_offset(error),
            (int)xgr_error_line(error), (int)xgr_error_column(error),
            pointer == NULL ? "none" : pointer, xgr_error_message(error, NULL));
  xgr_error_destroy(error);
  xgr_grammar_destroy(grammar);
  CHECK(compile(compiler, s->kind, s->text, size, &grammar, NULL) == s->status);
}

static void bad_sources_are_refused(void) {
  xgr_compiler_t* compiler = make_compiler();
  size_t i;
  for (i = 0; i < sizeof bad_sources / sizeof bad_sources[0]; ++i)
    check_bad_source(compiler, &bad_sources[i]);
  xgr_compiler_destroy(compiler);
}

/* Nesting is limited, not fatal: each text compiles or is refused, and a shallow one compiles. */
static void deep_nesting_is_survived(void) {
  static const struct {
    int kind;
    const char *before, *middle, *after;
  } shapes[] = {
      {EBNF, "(", "\"a\"", ")"},
      {REGEX, "(", "a", ")"},
      {REGEX, "(?:a|", "b", ")*"},
      {SCHEMA, "{\"items\":", "{\"type\":\"null\"}", "}"},
      {SCHEMA, "{\"anyOf\":[", "{\"type\":\"null\"}", "]}"},
      {SCHEMA, "[", "", "]"},
  };
  const int depths[] = {10, 1000, 100000};
  xgr_compiler_t* compiler = make_compiler();
  size_t i, j;
  for (i = 0; i < sizeof shapes / sizeof shapes[0]; ++i) {
    for (j = 0; j < sizeof depths / sizeof depths[0]; ++j) {
      const char* start = shapes[i].kind == EBNF ? "root ::= " : "";
      size_t unit = strlen(shapes[i].before) + strlen(shapes[i].after);
      char* text = malloc((size_t)depths[j] * unit + 100);
      char* end = text + sprintf(text, "%s", start);
      xgr_grammar_t* grammar = NULL;
      xgr_error_t* error = NULL;
      xgr_status_t status;
      int k;
      for (k = 0; k < depths[j]; ++k) end += sprintf(end, "%s", shapes[i].before);
      end += sprintf(end, "%s", shapes[i].middle);
      for (k = 0; k < depths[j]; ++k) end += sprintf(end, "%s", shapes[i].after);
      status = compile(compiler, shapes[i].kind, text, (size_t)(end - text), &grammar, &error);
      if (depths[j] == 10 && strcmp(shapes[i].before, "[") != 0) CHECK(status == XGR_OK);
      CHECK(status == XGR_OK || status == XGR_ERROR_LIMIT_EXCEEDED ||
            status == XGR_ERROR_INVALID_SOURCE || status == XGR_ERROR_UNSUPPORTED);
      CHECK((status == XGR_OK) == (grammar != NULL));
      if (grammar != NULL && shapes[i].kind != SCHEMA) CHECK(matches(grammar, "a") == 1 || i == 2);
      xgr_grammar_destroy(grammar);
      xgr_error_destroy(error);
      free(text);
    }
  }
  xgr_compiler_destroy(compiler);
}

/* Some bytes have no token: text with them is refused, or never begun. */
static void literals_that_no_token_spells(void) {
  static const uint32_t sizes[] = {1, 1, 2, 1};
  static const int32_t stop[] = {3};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher;
  uint32_t mask[1] = {0};
  options.stop_tokens = stop;
  options.stop_token_count = 1;
  CHECK(xgr_tokenizer_create((const uint8_t*)"abcc$", 5, sizes, 4, &options, &tokenizer, NULL) ==
        XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, NULL, &compiler, NULL) == XGR_OK);
  CHECK(xgr_compiler_compile_ebnf(compiler, "root ::= \"ax\"", 13, NULL, NULL, &grammar, NULL) ==
        XGR_ERROR_INVALID_SOURCE);
  CHECK(xgr_compiler_compile_ebnf(compiler, "root ::= \"abc\"", 14, NULL, NULL, &grammar, NULL) ==
            XGR_ERROR_INVALID_SOURCE ||
        grammar != NULL);
  if (grammar != NULL) {
    matcher = make_matcher(grammar);
    CHECK(xgr_matcher_fill_bitmask(matcher, mask, 1, NULL) != XGR_OK || mask[0] == 0);
    xgr_matcher_destroy(matcher);
    xgr_grammar_destroy(grammar);
  }
  grammar = compile_ebnf(compiler, "root ::= \"ax\" | \"ac\" | \"bcc\"");
  matcher = make_matcher(grammar);
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, 1, NULL) == XGR_OK && mask[0] == 2);
  CHECK(!takes(matcher, 0) && takes(matcher, 1) && takes(matcher, 2) && takes(matcher, 3));
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
}

int main(void) {
  bad_sources_are_refused();
  literals_that_no_token_spells();
  deep_nesting_is_survived();
  return check_result();
}
