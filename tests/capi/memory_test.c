/* Memory that runs out: at every allocation of a whole life, once or from there on.
 *
 * Replaces malloc, which the library calls too. Whatever fails has to say OUT_OF_MEMORY, leave its
 * objects as they were, and work when tried again; and nothing may leak. Needs glibc; skipped (77)
 * elsewhere and under sanitizers, which replace malloc themselves. */
#include "check.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
int main(void) { return 77; }
#else

#include "failing_memory.h"

static int failed; /* in this life */

/* Does a call, and once more with enough memory when it ran out of it. */
#define CALL(call)                                  \
  do {                                              \
    xgr_status_t status_ = (call);                  \
    if (status_ == XGR_ERROR_OUT_OF_MEMORY) {       \
      failed = 1;                                   \
      fail_from = 0;                                \
      status_ = (call);                             \
    }                                               \
    CHECK(status_ == XGR_OK);                       \
    if (status_ != XGR_OK) {                        \
      fprintf(stderr, "status %d\n", (int)status_); \
      return;                                       \
    }                                               \
  } while (0)

static const char schema[] =
    "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":9},"
    "\"list\":{\"type\":\"array\",\"items\":{\"enum\":[\"red\",\"green\",7]}}},"
    "\"required\":[\"name\"],\"additionalProperties\":false}";
static const char refused[] = "{\"not\":{\"uniqueItems\":true},\"pattern\":\"(x)\\\\1\"}";
static const char ebnf[] =
    "root ::= sum\nsum ::= sum \"+\" item | item\nitem ::= [0-9]{1,3} | \"(\" sum \")\"";
static const char regex[] = "[a-c]+(x|yz)?";
static const char unique[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"uniqueItems\":true}";
static const char attributes[] =
    "root ::= \"<\" word \">\" tail\nword[capture] ::= [a-z]+\ntail[capture, max_tokens=3] ::= "
    "[a-z]*";

/* Takes a token. Where memory runs out meanwhile the matcher is as it was, mask included. */
static void take(xgr_matcher_t* matcher, int32_t token, const uint32_t* mask) {
  uint32_t again[MASK_WORDS];
  const size_t steps = xgr_matcher_history_size(matcher);
  int32_t answer = 0;
  xgr_status_t status = xgr_matcher_accept_token(matcher, token, &answer);
  if (status == XGR_ERROR_OUT_OF_MEMORY) {
    failed = 1;
    fail_from = 0;
    CHECK(xgr_matcher_history_size(matcher) == steps);
    CHECK(xgr_matcher_fill_bitmask(matcher, again, MASK_WORDS, NULL) == XGR_OK);
    CHECK(memcmp(mask, again, sizeof again) == 0);
    status = xgr_matcher_accept_token(matcher, token, &answer);
  }
  CHECK(status == XGR_OK && answer == 1 && xgr_matcher_history_size(matcher) == steps + 1);
}

static void live_with(xgr_grammar_t* grammar, const char* text) {
  uint32_t mask[MASK_WORDS], again[MASK_WORDS];
  const uint32_t* lent = NULL;
  size_t words = 0;
  xgr_matcher_t *matcher = NULL, *clone = NULL;
  xgr_captures_t* captures = NULL;
  xgr_mask_kind_t kind = 0;
  size_t i, size = strlen(text);
  int32_t answer = 0;
  long from;
  CALL(xgr_matcher_create(grammar, NULL, &matcher, NULL));
  for (i = 0; i < size; ++i) {
    CALL(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind));
    CHECK(has_bit(mask, text[i]));
    CALL(xgr_matcher_is_token_allowed(matcher, text[i], &answer));
    CHECK(answer == 1);
    take(matcher, text[i], mask);
  }
  CALL(xgr_matcher_captures(matcher, 0, &captures));
  xgr_captures_destroy(captures);
  CALL(xgr_matcher_clone(matcher, &clone));
  CALL(xgr_matcher_rollback(matcher, size));
  CALL(xgr_matcher_accept_bytes(matcher, (const uint8_t*)text, size, &answer));
  from = fail_from; /* a getter cannot say that memory ran out */
  fail_from = 0;
  CHECK(answer == 1 && xgr_matcher_is_accepting(matcher) && xgr_matcher_is_accepting(clone));
  fail_from = from;
  CALL(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, NULL));
  CALL(xgr_matcher_fill_bitmask(clone, again, MASK_WORDS, NULL));
  CHECK(memcmp(mask, again, sizeof mask) == 0 && has_bit(mask, TOKEN_STOP));
  CALL(xgr_matcher_lend_bitmask(matcher, &lent, &words, NULL));
  CHECK(words == MASK_WORDS && memcmp(mask, lent, sizeof mask) == 0);
  CALL(xgr_matcher_reset(matcher));
  xgr_matcher_destroy(matcher);
  xgr_matcher_destroy(clone);
}

static void one_diagnostic(xgr_compiler_t* compiler) {
  static const char text[] = "root ::= \"a</s>\" | \"<|im_start|>\"";
  xgr_grammar_t* grammar = NULL;
  xgr_diagnostics_t* diagnostics = NULL;
  xgr_diagnostic_t found = XGR_DIAGNOSTIC_INIT;
  CALL(xgr_compiler_compile_ebnf(compiler, text, sizeof text - 1, NULL, NULL, &grammar, NULL));
  CALL(xgr_grammar_diagnostics(grammar, &diagnostics));
  CALL(xgr_diagnostics_get(diagnostics, 1, &found));
  CHECK(found.line == 1 && xgr_diagnostics_size(diagnostics) == 2);
  xgr_diagnostics_destroy(diagnostics);
  xgr_grammar_destroy(grammar);
}

static void one_report(void) {
  xgr_json_schema_report_t* report = NULL;
  CALL(xgr_json_schema_check(refused, strlen(refused), NULL, &report, NULL));
  CHECK(xgr_json_schema_report_size(report) == 3);
  xgr_json_schema_report_destroy(report);
}

static void one_source(xgr_compiler_t* compiler) {
  static const uint32_t sizes[] = {1, 2};
  xgr_grammar_source_t *parts[2] = {NULL, NULL}, *both = NULL, *all = NULL;
  xgr_grammar_t* grammar = NULL;
  size_t size = 0;
  CALL(xgr_grammar_source_from_ebnf(ebnf, strlen(ebnf), NULL, &parts[0], NULL));
  CALL(xgr_grammar_source_from_choices("+1+", 3, sizes, 2, &parts[1], NULL));
  CALL(xgr_grammar_source_from_regex(".{0,4}", 6, NULL, &both, NULL));
  CALL(xgr_grammar_source_intersection(parts[0], both, &all, NULL));
  xgr_grammar_source_destroy(both);
  xgr_grammar_source_destroy(parts[0]);
  parts[0] = all;
  all = NULL;
  CALL(xgr_grammar_source_concat(parts, 2, &all, NULL));
  CALL(xgr_grammar_source_print(all, 1, NULL, 0, &size, NULL));
  CALL(xgr_compiler_compile_source(compiler, all, NULL, &grammar, NULL));
  xgr_grammar_source_destroy(parts[0]);
  xgr_grammar_source_destroy(parts[1]);
  xgr_grammar_source_destroy(all);
  live_with(grammar, "(12)1+");
  xgr_grammar_destroy(grammar);
}

static void one_life(void) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t *from_schema = NULL, *from_ebnf = NULL, *from_regex = NULL, *none = NULL;
  xgr_grammar_t *of_unique = NULL, *of_attributes = NULL;
  xgr_error_t* error = NULL;
  xgr_compiled_stats_t stats = XGR_COMPILED_STATS_INIT;
  size_t size = 0;
  CALL(make_tokenizer(&tokenizer, NULL));
  CALL(xgr_compiler_create(tokenizer, NULL, &compiler, NULL));
  xgr_tokenizer_destroy(tokenizer);
  CALL(xgr_compiler_compile_json_schema(compiler, schema, strlen(schema), NULL, NULL, NULL,
                                        &from_schema, NULL));
  CALL(xgr_compiler_compile_ebnf(compiler, ebnf, strlen(ebnf), NULL, NULL, &from_ebnf, NULL));
  CALL(xgr_compiler_compile_regex(compiler, regex, strlen(regex), NULL, NULL, &from_regex, NULL));
  CALL(xgr_compiler_compile_json_schema(compiler, unique, strlen(unique), NULL, NULL, NULL,
                                        &of_unique, NULL));
  CALL(xgr_compiler_compile_ebnf(compiler, attributes, strlen(attributes), NULL, NULL,
                                 &of_attributes, NULL));
  if (xgr_compiler_compile_regex(compiler, "(", 1, NULL, NULL, &none, &error) ==
      XGR_ERROR_OUT_OF_MEMORY)
    failed = 1;
  xgr_error_destroy(error);
  CALL(xgr_grammar_warm_up(from_ebnf, XGR_WARM_UP_BOUNDED, NULL));
  CALL(xgr_compiler_stats(compiler, &stats));
  live_with(from_schema, "{\"name\": \"abc\",\n\"list\": [\"red\",7]}");
  live_with(from_ebnf, "1+(22+3)+444");
  live_with(from_regex, "abcyz");
  live_with(of_unique, "[1,12,21,\n2]");
  live_with(of_attributes, "<ab>xy");
  CALL(xgr_grammar_print_ebnf(from_schema, NULL, 0, &size, NULL));
  one_diagnostic(compiler);
  one_report();
  one_source(compiler);
  xgr_grammar_destroy(from_schema);
  xgr_grammar_destroy(from_ebnf);
  xgr_grammar_destroy(from_regex);
  xgr_grammar_destroy(of_unique);
  xgr_grammar_destroy(of_attributes);
  xgr_compiler_destroy(compiler);
}

static void run(long n, int for_ever, long live_before) {
  failed = 0;
  calls = 0;
  fail_for_ever = for_ever;
  fail_from = n;
  one_life();
  fail_from = 0;
  CHECK(live == live_before);
  if (check_failures > 0) fprintf(stderr, "allocation %ld fails, for ever: %d\n", n, for_ever);
}

int main(void) {
  long total, n, live_before, step;
  one_life(); /* fills what is kept for the whole process */
  calls = 0;
  live_before = live;
  one_life();
  total = calls;
  CHECK(live == live_before && total > 100);
  step = total / 2000 + 1; /* all of them, unless there are very many */
  for (n = 1; n <= total + step && check_failures == 0; n += step) {
    run(n, 0, live_before);
    if (check_failures == 0) run(n, 1, live_before);
  }
  printf("%ld allocations, every %ld. one failed\n", total, step);
  return check_result();
}
#endif
