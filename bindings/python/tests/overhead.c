/* The loops of overhead.py in C: "NAME NANOSECONDS" for each call, the least of many short runs. CALLS and
 * RUNS come from there. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <time.h>
#include <xgr/xgr.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

#define LEAST(name, call)                     \
  do {                                        \
    double least = 1e18;                      \
    for (int run = 0; run < RUNS; ++run) {    \
      const double start = now();             \
      for (int i = 0; i < CALLS; ++i) call;   \
      const double took = now() - start;      \
      if (took < least) least = took;         \
    }                                         \
    printf("%s %.1f\n", name, least / CALLS); \
  } while (0)

int main(void) {
  const uint8_t bytes[] = "ab";
  const uint32_t sizes[] = {1, 1};
  const int32_t stop = 1;
  const char text[] = "root ::= [a]*";
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher = NULL;
  uint32_t mask[1];
  int32_t answer;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.stop_tokens = &stop;
  options.stop_token_count = 1;
  xgr_tokenizer_create(bytes, 2, sizes, 2, &options, &tokenizer, NULL);
  xgr_compiler_create(tokenizer, NULL, &compiler, NULL);
  xgr_compiler_compile_ebnf(compiler, text, sizeof(text) - 1, NULL, NULL, &grammar, NULL);
  if (xgr_matcher_create(grammar, NULL, &matcher, NULL)) return 1;
  LEAST("fill", xgr_matcher_fill_bitmask(matcher, mask, 1, &answer));
  LEAST("is_token_allowed", xgr_matcher_is_token_allowed(matcher, 0, &answer));
  LEAST("refused", xgr_matcher_accept_token(matcher, 1, &answer));
  return 0;
}
