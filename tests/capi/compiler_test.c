/* xgr/compiler.h: what compiles, how formats and options change it, and what a grammar tells. */
#include "check.h"

static void every_front_end_compiles(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t *ebnf = NULL, *regex = NULL, *json = NULL, *schema = NULL;
  xgr_error_t* error = NULL;
  ebnf = compile_ebnf(compiler, "root ::= \"a\" root | \"b\"");
  schema = compile_schema(compiler, "{\"type\": \"integer\"}");
  CHECK(xgr_compiler_compile_regex(compiler, "a+b?", 4, NULL, NULL, &regex, &error) == XGR_OK);
  CHECK(xgr_compiler_compile_json(compiler, NULL, NULL, &json, &error) == XGR_OK);
  show_error("regex or JSON", error);
  CHECK(matches(ebnf, "aab") && !matches(ebnf, "aa"));
  CHECK(matches(schema, "-12") && !matches(schema, "1.5"));
  CHECK(matches(regex, "aab") && matches(regex, "a") && !matches(regex, "b"));
  CHECK(matches(json, "{\"a\": [1, true, null]}") && !matches(json, "{'a': 1}"));
  CHECK(xgr_compiler_memory_size(compiler) > 0);
  CHECK(xgr_grammar_memory_size(schema) > 0);
  xgr_grammar_destroy(ebnf);
  xgr_grammar_destroy(regex);
  xgr_grammar_destroy(json);
  xgr_grammar_destroy(schema);
  xgr_compiler_destroy(compiler);
}

static void root_rule_may_have_any_name(void) {
  xgr_compiler_t* compiler = make_compiler();
  const char* text = "first ::= \"1\"\nsecond ::= \"2\" first";
  xgr_grammar_t* grammar = NULL;
  xgr_ebnf_options_t options = XGR_EBNF_OPTIONS_INIT;
  options.root_rule = "second";
  options.root_rule_size = 6;
  CHECK(xgr_compiler_compile_ebnf(compiler, text, strlen(text), &options, NULL, &grammar, NULL) ==
        XGR_OK);
  CHECK(matches(grammar, "21") && !matches(grammar, "1"));
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static const char pair[] =
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":"
    "\"integer\"}},\"b\":{\"type\":\"null\"}},\"required\":[\"a\",\"b\"],"
    "\"additionalProperties\":false}";

static xgr_grammar_t* with_format(xgr_compiler_t* compiler, const xgr_json_format_t* format) {
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_compiler_compile_json_schema(compiler, pair, strlen(pair), format, NULL, NULL, &grammar,
                                         &error) == XGR_OK);
  show_error("format", error);
  return grammar;
}

static void layout_decides_about_white_space(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_format_t line = XGR_JSON_FORMAT_INIT, compact = XGR_JSON_FORMAT_INIT;
  xgr_json_format_t indented = XGR_JSON_FORMAT_INIT, bounded = XGR_JSON_FORMAT_INIT;
  xgr_grammar_t* grammar = with_format(compiler, NULL);
  CHECK(matches(grammar, "{\"a\":[1,2],\"b\":null}"));
  CHECK(matches(grammar, "{ \"a\"\n:\t[1 ,2]\r,\"b\" : null }"));
  xgr_grammar_destroy(grammar);

  line.layout = XGR_JSON_LAYOUT_LINE;
  grammar = with_format(compiler, &line);
  CHECK(matches(grammar, "{\"a\": [1, 2], \"b\": null}"));
  CHECK(!matches(grammar, "{\"a\":[1,2],\"b\":null}"));
  xgr_grammar_destroy(grammar);

  compact.layout = XGR_JSON_LAYOUT_LINE;
  compact.item_separator = ",";
  compact.item_separator_size = 1;
  compact.key_separator = ":";
  compact.key_separator_size = 1;
  grammar = with_format(compiler, &compact);
  CHECK(matches(grammar, "{\"a\":[1,2],\"b\":null}"));
  CHECK(!matches(grammar, "{\"a\": [1, 2], \"b\": null}"));
  xgr_grammar_destroy(grammar);

  indented.layout = XGR_JSON_LAYOUT_INDENT;
  indented.indent = 2;
  grammar = with_format(compiler, &indented);
  CHECK(matches(grammar, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": null\n}"));
  CHECK(!matches(grammar, "{\"a\": [1, 2], \"b\": null}"));
  xgr_grammar_destroy(grammar);

  bounded.max_whitespace = 2;
  grammar = with_format(compiler, &bounded);
  CHECK(matches(grammar, "{  \"a\":[1,2],\"b\":null}"));
  CHECK(!matches(grammar, "{   \"a\":[1,2],\"b\":null}"));
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void formats_that_contradict_themselves_are_refused(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_format_t formats[9];
  size_t i;
  for (i = 0; i < 9; ++i) {
    static const xgr_json_format_t init = XGR_JSON_FORMAT_INIT;
    formats[i] = init;
  }
  formats[0].layout = 3;
  formats[1].indent = 2;
  formats[2].layout = XGR_JSON_LAYOUT_INDENT;
  formats[2].indent = -1;
  formats[3].layout = XGR_JSON_LAYOUT_LINE;
  formats[3].max_whitespace = 1;
  formats[4].max_whitespace = -1;
  formats[5].item_separator = ",";
  formats[5].item_separator_size = 1;
  formats[6].layout = XGR_JSON_LAYOUT_LINE;
  formats[6].item_separator_size = 1;
  formats[7].layout = XGR_JSON_LAYOUT_LINE;
  formats[7].key_separator_size = 1;
  formats[8].reserved = 1;
  for (i = 0; i < 9; ++i) {
    xgr_grammar_t* grammar = NULL;
    CHECK(xgr_compiler_compile_json(compiler, &formats[i], NULL, &grammar, NULL) ==
          XGR_ERROR_INVALID_ARGUMENT);
    CHECK(xgr_compiler_compile_json_schema(compiler, "{}", 2, &formats[i], NULL, NULL, &grammar,
                                           NULL) == XGR_ERROR_INVALID_ARGUMENT);
    CHECK(grammar == NULL);
  }
  xgr_compiler_destroy(compiler);
}

static void strict_closes_objects(void) {
  xgr_compiler_t* compiler = make_compiler();
  const char* text = "{\"properties\":{\"a\":{\"type\":\"null\"}},\"type\":\"object\"}";
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_grammar_t *open = compile_schema(compiler, text), *closed = NULL;
  options.strict = 1;
  CHECK(xgr_compiler_compile_json_schema(compiler, text, strlen(text), NULL, &options, NULL,
                                         &closed, NULL) == XGR_OK);
  CHECK(matches(open, "{\"a\":null,\"b\":1}") && matches(open, "{\"a\":null}"));
  CHECK(!matches(closed, "{\"a\":null,\"b\":1}") && matches(closed, "{\"a\":null}"));
  xgr_grammar_destroy(open);
  xgr_grammar_destroy(closed);
  xgr_compiler_destroy(compiler);
}

static void formats_are_a_matter_of_options(void) {
  xgr_compiler_t* compiler = make_compiler();
  const char* known = "{\"type\":\"string\",\"format\":\"ipv4\"}";
  const char* unknown = "{\"properties\":{\"a\":{\"format\":\"x\"}},\"required\":[\"a\"]}";
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_grammar_t *enforced = compile_schema(compiler, known), *ignored = NULL, *none = NULL;
  xgr_error_t* error = NULL;
  options.formats = XGR_FORMATS_IGNORE;
  CHECK(xgr_compiler_compile_json_schema(compiler, known, strlen(known), NULL, &options, NULL,
                                         &ignored, NULL) == XGR_OK);
  CHECK(matches(enforced, "\"1.2.3.4\"") && !matches(enforced, "\"1.2.3\""));
  CHECK(matches(ignored, "\"1.2.3\""));
  options.formats = XGR_FORMATS_REFUSE_UNKNOWN;
  CHECK(xgr_compiler_compile_json_schema(compiler, unknown, strlen(unknown), NULL, &options, NULL,
                                         &none, &error) == XGR_ERROR_UNSUPPORTED);
  CHECK(strcmp(xgr_error_json_pointer(error, NULL), "/properties/a/format") == 0);
  options.formats = 3;
  CHECK(xgr_compiler_compile_json_schema(compiler, known, strlen(known), NULL, &options, NULL,
                                         &none, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(none == NULL);
  xgr_error_destroy(error);
  xgr_grammar_destroy(enforced);
  xgr_grammar_destroy(ignored);
  xgr_compiler_destroy(compiler);
}

static xgr_status_t compile_with(xgr_compiler_t* compiler, const char* text,
                                 const xgr_json_schema_options_t* options,
                                 xgr_grammar_t** grammar) {
  *grammar = NULL;
  return xgr_compiler_compile_json_schema(compiler, text, strlen(text), NULL, options, NULL,
                                          grammar, NULL);
}

static void references_lead_to_remote_schemas(void) {
  /* Elements of a later header are longer. */
  struct {
    xgr_remote_schema_t known;
    size_t unknown;
  } remotes[2];
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  static const xgr_remote_schema_t init = XGR_REMOTE_SCHEMA_INIT;
  const char* text = "{\"$ref\": \"http://x.test/b\"}";
  xgr_grammar_t* grammar = NULL;
  int i;
  for (i = 0; i < 2; ++i) {
    remotes[i].known = init;
    remotes[i].known.struct_size = sizeof remotes[i];
    remotes[i].unknown = 0;
    remotes[i].known.uri = i == 0 ? "http://x.test/a" : "http://x.test/b";
    remotes[i].known.uri_size = 15;
    remotes[i].known.text = i == 0 ? "{\"const\": 1}" : "{\"$ref\": \"a\"}";
    remotes[i].known.text_size = strlen(remotes[i].known.text);
  }
  options.remotes = &remotes[0].known;
  options.remote_count = 2;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_OK);
  CHECK(matches(grammar, "1") && !matches(grammar, "2"));
  xgr_grammar_destroy(grammar);
  CHECK(compile_with(compiler, text, NULL, &grammar) == XGR_ERROR_UNSUPPORTED);

  remotes[1].unknown = 1;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_ERROR_INVALID_ARGUMENT);
  remotes[1].unknown = 0;
  remotes[1].known.struct_size = sizeof init;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_ERROR_INVALID_ARGUMENT);
  remotes[1].known.struct_size = sizeof remotes[1];
  remotes[1].known.text = NULL;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_ERROR_INVALID_ARGUMENT);
  options.remotes = NULL;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_compiler_destroy(compiler);
}

static void the_draft_can_be_said(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  const char* text =
      "{\"definitions\": {\"n\": {\"type\": \"number\"}},"
      " \"$ref\": \"#/definitions/n\", \"maximum\": 1}";
  xgr_grammar_t* grammar = NULL;
  options.draft = 7;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_OK);
  CHECK(matches(grammar, "2"));
  xgr_grammar_destroy(grammar);
  options.draft = 2019;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_OK);
  CHECK(!matches(grammar, "2"));
  xgr_grammar_destroy(grammar);
  options.draft = 5;
  CHECK(compile_with(compiler, text, &options, &grammar) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_compiler_destroy(compiler);
}

static char* print(const xgr_grammar_t* grammar) {
  size_t size = 0, again = 0;
  char* text;
  CHECK(xgr_grammar_print_ebnf(grammar, NULL, 0, &size, NULL) == XGR_OK);
  text = malloc(size + 2);
  text[0] = '?';
  CHECK(xgr_grammar_print_ebnf(grammar, text, size, &again, NULL) == XGR_OK);
  CHECK(again == size && text[0] == '?');
  text[size + 1] = '?';
  CHECK(xgr_grammar_print_ebnf(grammar, text, size + 1, &again, NULL) == XGR_OK);
  CHECK(again == size && strlen(text) == size && text[size + 1] == '?');
  return text;
}

static void printed_grammar_compiles_to_the_same_language(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_schema(compiler, pair);
  char* text = print(grammar);
  xgr_grammar_t* again = compile_ebnf(compiler, text);
  CHECK(matches(again, "{\"a\" : [ 1 ],\"b\":null}"));
  CHECK(!matches(again, "{\"a\":[1]}"));
  free(text);
  xgr_grammar_destroy(grammar);
  xgr_grammar_destroy(again);
  xgr_compiler_destroy(compiler);
}

static void grammar_gives_its_tokenizer(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"a\"");
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_destroy(compiler);
  CHECK(xgr_grammar_tokenizer(grammar, &tokenizer) == XGR_OK);
  xgr_grammar_destroy(grammar);
  CHECK(xgr_tokenizer_vocab_size(tokenizer) == VOCAB_SIZE);
  xgr_tokenizer_destroy(tokenizer);
}

static void limits_are_named_when_exceeded(void) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  options.max_source_size = 20;
  options.threads = 2;
  options.memory_budget = 1 << 20;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, &options, &compiler, NULL) == XGR_OK);
  CHECK(xgr_compiler_compile_ebnf(compiler, "root ::= \"too long\" \"x\"", 23, NULL, NULL, &grammar,
                                  &error) == XGR_ERROR_LIMIT_EXCEEDED);
  CHECK(strstr(xgr_error_message(error, NULL), "20") != NULL);
  xgr_error_destroy(error);
  options.threads = -1;
  xgr_compiler_destroy(compiler);
  compiler = NULL;
  CHECK(xgr_compiler_create(tokenizer, &options, &compiler, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(compiler == NULL && grammar == NULL);
  xgr_tokenizer_destroy(tokenizer);
}

int main(void) {
  every_front_end_compiles();
  root_rule_may_have_any_name();
  layout_decides_about_white_space();
  formats_that_contradict_themselves_are_refused();
  strict_closes_objects();
  formats_are_a_matter_of_options();
  references_lead_to_remote_schemas();
  the_draft_can_be_said();
  printed_grammar_compiles_to_the_same_language();
  grammar_gives_its_tokenizer();
  limits_are_named_when_exceeded();
  return check_result();
}
