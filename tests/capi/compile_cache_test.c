/* The compile cache: what is one request to it, what is kept, and for how long. */
#include "check.h"

static xgr_compiler_t* compiler_with(const xgr_compiler_options_t* options) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, options, &compiler, NULL) == XGR_OK);
  xgr_tokenizer_destroy(tokenizer);
  return compiler;
}

static xgr_cache_stats_t stats_of(const xgr_compiler_t* compiler) {
  xgr_cache_stats_t stats = XGR_CACHE_STATS_INIT;
  CHECK(xgr_compiler_cache_stats(compiler, &stats) == XGR_OK);
  return stats;
}

/* Compiles and forgets a schema. */
static xgr_status_t compile(xgr_compiler_t* compiler, const char* schema,
                            const xgr_json_schema_options_t* options, int32_t bypass) {
  xgr_compile_options_t how = XGR_COMPILE_OPTIONS_INIT;
  xgr_grammar_t* grammar = NULL;
  xgr_status_t status;
  how.bypass_cache = bypass;
  status = xgr_compiler_compile_json_schema(compiler, schema, strlen(schema), NULL, options, &how,
                                            &grammar, NULL);
  xgr_grammar_destroy(grammar);
  return status;
}

static void the_same_request_is_compiled_once(void) {
  xgr_compiler_t* compiler = compiler_with(NULL);
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  xgr_grammar_source_t* source = NULL;
  xgr_grammar_t* grammar = NULL;
  const char* schema = "{\"type\":\"integer\"}";
  xgr_cache_stats_t stats;
  CHECK(compile(compiler, schema, NULL, 0) == XGR_OK);
  CHECK(compile(compiler, schema, NULL, 0) == XGR_OK);
  CHECK(compile(compiler, schema, &options, 0) == XGR_OK); /* all defaults */
  CHECK(xgr_grammar_source_from_json_schema(schema, strlen(schema), NULL, NULL, &source, NULL) ==
        XGR_OK);
  CHECK(xgr_compiler_compile_source(compiler, source, NULL, &grammar, NULL) == XGR_OK);
  xgr_grammar_source_destroy(source);
  xgr_grammar_destroy(grammar);
  stats = stats_of(compiler);
  CHECK(stats.misses == 1 && stats.hits == 3 && stats.shared == 0 && stats.entries == 1);
  CHECK(stats.compile_nanoseconds > 0 && stats.evictions == 0);
  CHECK(stats.memory_size > 0 && stats.memory_size < stats.memory_limit);
  CHECK(stats.memory_limit == (uint64_t)256 << 20);
  CHECK(compile(compiler, schema, NULL, 1) == XGR_OK); /* past the cache */
  options.strict = 1;
  CHECK(compile(compiler, schema, &options, 0) == XGR_OK);
  stats = stats_of(compiler);
  CHECK(stats.misses == 3 && stats.hits == 3 && stats.entries == 2);
  xgr_compiler_clear_cache(compiler);
  stats = stats_of(compiler);
  CHECK(stats.entries == 0 && stats.memory_size == 0);
  CHECK(compile(compiler, schema, NULL, 0) == XGR_OK);
  CHECK(stats_of(compiler).misses == 4);
  xgr_compiler_destroy(compiler);
}

static void lasting_failures_are_kept(void) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_compiler_t* compiler;
  xgr_error_t* error = NULL;
  xgr_grammar_t* grammar = NULL;
  int i;
  options.max_source_size = 8;
  compiler = compiler_with(&options);
  for (i = 0; i < 2; ++i) {
    CHECK(xgr_compiler_compile_regex(compiler, "ab(c", 4, NULL, NULL, &grammar, &error) ==
          XGR_ERROR_INVALID_SOURCE);
    CHECK(xgr_error_byte_offset(error) == 2 || xgr_error_byte_offset(error) == 4);
    xgr_error_destroy(error);
  }
  CHECK(stats_of(compiler).hits == 1 && stats_of(compiler).entries == 1);
  for (i = 0; i < 2; ++i)
    CHECK(xgr_compiler_compile_regex(compiler, "aaaaaaaaaaaaaaaaa", 17, NULL, NULL, &grammar,
                                     NULL) == XGR_ERROR_LIMIT_EXCEEDED);
  CHECK(stats_of(compiler).hits == 1 && stats_of(compiler).entries == 1);
  xgr_compiler_destroy(compiler);
}

static void a_compiler_may_have_no_cache(void) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_compiler_t* compiler;
  options.no_cache = 1;
  compiler = compiler_with(&options);
  CHECK(compile(compiler, "true", NULL, 0) == XGR_OK);
  CHECK(compile(compiler, "true", NULL, 0) == XGR_OK);
  CHECK(stats_of(compiler).misses == 2 && stats_of(compiler).memory_limit == 0);
  CHECK(stats_of(compiler).entries == 0);
  xgr_compiler_destroy(compiler);
}

static void schemas_may_be_compared_as_json(void) {
  const char* const texts[] = {"{\"enum\":[1.0,\"\\u00e9\\/\"]}",
                               " { \"enum\" : [ 1.0 , \"\xC3\xA9/\" ] } ",
                               "{\"enum\":[1,\"\\u00e9\\/\"]}", "{\"enum\":[\"\\u00e9\\/\",1.0]}"};
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_compiler_t* compiler;
  size_t i;
  options.canonical_schemas = 1;
  compiler = compiler_with(&options);
  for (i = 0; i < 4; ++i) CHECK(compile(compiler, texts[i], NULL, 0) == XGR_OK);
  CHECK(stats_of(compiler).misses == 3 && stats_of(compiler).hits == 1);
  xgr_compiler_destroy(compiler);
}

static void the_limit_is_held_and_the_oldest_go_first(void) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_compiler_t* compiler;
  xgr_cache_stats_t stats;
  uint64_t one;
  char text[64];
  int i;
  compiler = compiler_with(NULL);
  CHECK(compile(compiler, "{\"const\":100}", NULL, 0) == XGR_OK);
  one = stats_of(compiler).memory_size;
  xgr_compiler_destroy(compiler);
  options.cache_limit = (size_t)(4 * one + one / 2);
  compiler = compiler_with(&options);
  for (i = 0; i < 20; ++i) {
    sprintf(text, "{\"const\":%d}", 100 + i);
    CHECK(compile(compiler, text, NULL, 0) == XGR_OK);
    CHECK(compile(compiler, "{\"const\":100}", NULL, 0) == XGR_OK); /* stays young */
    stats = stats_of(compiler);
    CHECK(stats.memory_size <= stats.memory_limit);
  }
  stats = stats_of(compiler);
  CHECK(stats.entries == 4 && stats.misses == 20 && stats.hits == 20);
  CHECK(stats.evictions == 16);
  xgr_compiler_destroy(compiler);
  options.cache_limit = 1; /* nothing fits */
  compiler = compiler_with(&options);
  CHECK(compile(compiler, "true", NULL, 0) == XGR_OK);
  CHECK(stats_of(compiler).entries == 0 && stats_of(compiler).memory_size == 0);
  xgr_compiler_destroy(compiler);
}

static void grammars_that_grow_count(void) {
  xgr_compiler_t* compiler = compiler_with(NULL);
  xgr_grammar_t* grammar = compile_schema(compiler, "{\"type\":\"object\"}");
  const uint64_t before = stats_of(compiler).memory_size;
  CHECK(matches(grammar, "{\"a\": [1, true, {\"b\": null}]}"));
  CHECK(stats_of(compiler).memory_size >= before);
  CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_FULL, NULL) == XGR_OK);
  CHECK(stats_of(compiler).memory_size > before);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void wrong_arguments_are_refused(void) {
  xgr_compiler_t* compiler = compiler_with(NULL);
  xgr_cache_stats_t stats = XGR_CACHE_STATS_INIT;
  CHECK(xgr_compiler_cache_stats(NULL, &stats) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_compiler_cache_stats(compiler, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  stats.struct_size = 3;
  CHECK(xgr_compiler_cache_stats(compiler, &stats) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_compiler_clear_cache(NULL);
  xgr_compiler_destroy(compiler);
}

int main(void) {
  the_same_request_is_compiled_once();
  lasting_failures_are_kept();
  a_compiler_may_have_no_cache();
  schemas_may_be_compared_as_json();
  the_limit_is_held_and_the_oldest_go_first();
  grammars_that_grow_count();
  wrong_arguments_are_refused();
  return check_result();
}
