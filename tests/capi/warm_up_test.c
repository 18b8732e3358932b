/* Warm-up, prefetching, lent masks and statistics: nothing of it changes a mask. */
#include "check.h"

static const char* const kSchema =
    "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"on\":{\"type\":"
    "\"boolean\"}},\"required\":[\"id\",\"on\"],\"additionalProperties\":false}";
static const char* const kDocument = "{\"id\": 12, \"on\": true}";

static xgr_compiler_t* make_warm_compiler(xgr_warm_up_t level, int32_t threads) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  options.warm_up = level;
  options.threads = threads;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, &options, &compiler, NULL) == XGR_OK);
  xgr_tokenizer_destroy(tokenizer);
  return compiler;
}

static xgr_matcher_stats_t stats_of(const xgr_matcher_t* matcher) {
  xgr_matcher_stats_t stats = XGR_MATCHER_STATS_INIT;
  CHECK(xgr_matcher_stats(matcher, &stats) == XGR_OK);
  return stats;
}

static xgr_compiled_stats_t stats_of_grammar(const xgr_grammar_t* grammar) {
  xgr_compiled_stats_t stats = XGR_COMPILED_STATS_INIT;
  CHECK(xgr_grammar_stats(grammar, &stats) == XGR_OK);
  return stats;
}

static xgr_compiled_stats_t stats_of_compiler(const xgr_compiler_t* compiler) {
  xgr_compiled_stats_t stats = XGR_COMPILED_STATS_INIT;
  CHECK(xgr_compiler_stats(compiler, &stats) == XGR_OK);
  return stats;
}

/* All masks on the way through the document, one after the other; filled and lent alike. */
static void masks_of(const xgr_grammar_t* grammar, int prefetch, uint32_t* masks) {
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_matcher_t* matcher = NULL;
  size_t i;
  options.prefetch = prefetch;
  CHECK(xgr_matcher_create(grammar, &options, &matcher, NULL) == XGR_OK);
  for (i = 0; i <= strlen(kDocument); ++i, masks += MASK_WORDS) {
    const uint32_t* lent = NULL;
    size_t words = 0;
    xgr_mask_kind_t kind = -1, lent_kind = -1;
    CHECK(xgr_matcher_lend_bitmask(matcher, &lent, &words, &lent_kind) == XGR_OK);
    CHECK(xgr_matcher_fill_bitmask(matcher, masks, MASK_WORDS, &kind) == XGR_OK);
    CHECK(words == MASK_WORDS && kind == lent_kind);
    CHECK(lent != NULL && memcmp(lent, masks, MASK_WORDS * sizeof *masks) == 0);
    if (kDocument[i] != '\0') CHECK(takes(matcher, kDocument[i]));
  }
  CHECK(stats_of(matcher).fills == 2 * i && stats_of(matcher).hits >= i);
  xgr_matcher_destroy(matcher);
}

static void masks_are_the_same_in_every_way(void) {
  static uint32_t expected[64 * MASK_WORDS], got[64 * MASK_WORDS];
  xgr_compiler_t* plain = make_compiler();
  xgr_grammar_t* reference = compile_schema(plain, kSchema);
  xgr_warm_up_t level;
  int32_t threads;
  masks_of(reference, 0, expected);
  for (level = XGR_WARM_UP_NONE; level <= XGR_WARM_UP_FULL; ++level) {
    for (threads = 1; threads <= 4; threads += 3) {
      xgr_compiler_t* compiler = make_warm_compiler(level, threads);
      xgr_grammar_t* grammar = compile_schema(compiler, kSchema);
      memset(got, 0, sizeof got);
      masks_of(grammar, 1, got);
      CHECK(memcmp(expected, got, sizeof got) == 0);
      CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_FULL, NULL) == XGR_OK);
      masks_of(grammar, 0, got);
      CHECK(memcmp(expected, got, sizeof got) == 0);
      xgr_grammar_destroy(grammar);
      xgr_compiler_destroy(compiler);
    }
  }
  xgr_grammar_destroy(reference);
  xgr_compiler_destroy(plain);
}

static void after_a_warm_up_every_fill_is_a_hit(void) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_schema(compiler, kSchema);
  xgr_matcher_t* matcher = make_matcher(grammar);
  uint32_t mask[MASK_WORDS];
  size_t i;
  CHECK(stats_of_grammar(grammar).parts_built == 0);
  CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_NONE, NULL) == XGR_OK);
  CHECK(stats_of_grammar(grammar).parts_built == 0);
  CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_BOUNDED, NULL) == XGR_OK);
  CHECK(stats_of_grammar(grammar).parts_built > 0);
  for (i = 0; i < strlen(kDocument); ++i) {
    CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, NULL) == XGR_OK);
    CHECK(takes(matcher, kDocument[i]));
  }
  CHECK(stats_of(matcher).fills == i && stats_of(matcher).hits == i);
  CHECK(stats_of(matcher).parts_built == 0 && stats_of(matcher).prefetches == 0);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void unknown_levels_are_refused(void) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = make_compiler();
  xgr_compiler_t* none = NULL;
  xgr_grammar_t* grammar = compile_ebnf(compiler, "root ::= \"a\"");
  xgr_error_t* error = NULL;
  CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_FULL + 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_grammar_warm_up(grammar, -1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  options.warm_up = 3;
  CHECK(xgr_compiler_create(tokenizer, &options, &none, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(xgr_error_message(error, NULL), "warm_up is 3") != NULL);
  xgr_error_destroy(error);
  xgr_tokenizer_destroy(tokenizer);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void nothing_is_lent_after_the_end(void) {
  xgr_matcher_t* matcher = matcher_for("root ::= \"ab\"?");
  const uint32_t* mask = (const uint32_t*)kSchema;
  size_t words = 99;
  xgr_mask_kind_t kind = -1;
  CHECK(takes(matcher, TOKEN_STOP));
  CHECK(xgr_matcher_lend_bitmask(matcher, &mask, &words, &kind) == XGR_OK);
  CHECK(mask == NULL && words == 0 && kind == XGR_MASK_KIND_TERMINATED);
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK);
  CHECK(xgr_matcher_lend_bitmask(matcher, &mask, &words, NULL) == XGR_OK);
  CHECK(mask != NULL && words == MASK_WORDS);
  CHECK(has_bit(mask, 'a') && has_bit(mask, TOKEN_STOP) && !has_bit(mask, 'b'));
  xgr_matcher_destroy(matcher);
}

/* A struct that is shorter than the library's gets what it has room for, a longer one zeros. */
static void statistics_fit_every_header(void) {
  struct {
    xgr_compiled_stats_t known;
    uint64_t unknown[2];
  } newer;
  xgr_compiled_stats_t older;
  xgr_matcher_stats_t unset = XGR_MATCHER_STATS_INIT;
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_schema(compiler, kSchema);
  xgr_matcher_t* matcher = make_matcher(grammar);
  memset(&newer, 0xA5, sizeof newer);
  newer.known.struct_size = sizeof newer;
  CHECK(xgr_grammar_stats(grammar, &newer.known) == XGR_OK);
  CHECK(newer.known.struct_size == sizeof newer && newer.known.states > 0);
  CHECK(newer.unknown[0] == 0 && newer.unknown[1] == 0);
  memset(&older, 0xA5, sizeof older);
  older.struct_size = offsetof(xgr_compiled_stats_t, mask_parts);
  CHECK(xgr_compiler_stats(compiler, &older) == XGR_OK);
  CHECK(older.states >= newer.known.states && older.mask_parts == 0xA5A5A5A5A5A5A5A5u);
  unset.struct_size = 0;
  CHECK(xgr_matcher_stats(matcher, &unset) == XGR_ERROR_INVALID_ARGUMENT);
  unset.struct_size = SIZE_MAX;
  CHECK(xgr_matcher_stats(matcher, &unset) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
}

static void a_compiler_counts_its_living_grammars(void) {
  xgr_compiler_t* compiler = make_compiler();
  const xgr_compiled_stats_t empty = stats_of_compiler(compiler);
  xgr_grammar_t* grammar = compile_schema(compiler, kSchema);
  xgr_compiled_stats_t with;
  CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_FULL, NULL) == XGR_OK);
  with = stats_of_compiler(compiler);
  CHECK(empty.memory_budget == (uint64_t)512 << 20 && with.memory_budget == empty.memory_budget);
  CHECK(with.states > empty.states && with.mask_parts > empty.mask_parts);
  CHECK(with.memory_size >= empty.memory_size + stats_of_grammar(grammar).memory_size);
  CHECK(with.memory_size == xgr_compiler_memory_size(compiler));
  CHECK(with.nodes_visited > 0 && with.walk_nanoseconds > 0 && with.evictions == 0);
  xgr_grammar_destroy(grammar);
  CHECK(stats_of_compiler(compiler).memory_size >= with.memory_size); /* the cache keeps it */
  xgr_compiler_clear_cache(compiler);
  CHECK(stats_of_compiler(compiler).memory_size < with.memory_size);
  xgr_compiler_destroy(compiler);
}

/* What cannot be computed within the budget is not computed ahead. */
static void a_warm_up_keeps_to_the_budget(void) {
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar;
  options.memory_budget = 1;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, &options, &compiler, NULL) == XGR_OK);
  grammar = compile_schema(compiler, kSchema);
  CHECK(xgr_grammar_warm_up(grammar, XGR_WARM_UP_FULL, NULL) == XGR_OK);
  CHECK(stats_of_grammar(grammar).parts_built == 0);
  CHECK(stats_of_grammar(grammar).memory_budget == 1);
  CHECK(matches(grammar, kDocument));
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
}

int main(void) {
  masks_are_the_same_in_every_way();
  after_a_warm_up_every_fill_is_a_hit();
  unknown_levels_are_refused();
  nothing_is_lent_after_the_end();
  statistics_fit_every_header();
  a_compiler_counts_its_living_grammars();
  a_warm_up_keeps_to_the_budget();
  return check_result();
}
