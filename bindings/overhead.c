/* What a call costs in C, for comparison with bindings that make the same calls (overhead.sh of Rust, run.sh
 * of C# in tests/overhead). Prints "NAME NANOSECONDS" a line, the least of many short runs: others use the
 * machine, too. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <xgr/xgr.h>

enum { kTokens = 97, kWords = (kTokens + 31) / 32, kCalls = 10000, kRuns = 2000 };

static uint32_t mask[kWords];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The least time of a run of kCalls times `call`, for one of them. */
#define MEASURE(name, call)                         \
  do {                                              \
    double best = 1e30;                             \
    for (int run = 0; run < kRuns; ++run) {         \
      const double start = now();                   \
      for (int i = 0; i < kCalls; ++i) call;        \
      const double took = (now() - start) / kCalls; \
      if (took < best) best = took;                 \
    }                                               \
    printf("%s %.2f\n", name, best);                \
  } while (0)

int main(void) {
  uint8_t bytes[kTokens - 2];
  uint32_t sizes[kTokens] = {0};
  for (int i = 0; i < kTokens - 2; ++i) bytes[i] = (uint8_t)(0x20 + i), sizes[i] = 1;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher = NULL;
  const int32_t stop = kTokens - 1;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.stop_tokens = &stop;
  options.stop_token_count = 1;
  if (xgr_tokenizer_create(bytes, sizeof(bytes), sizes, kTokens, &options, &tokenizer, NULL) ||
      xgr_compiler_create(tokenizer, NULL, &compiler, NULL) ||
      xgr_compiler_compile_regex(compiler, "[a-z]*", 6, NULL, NULL, &grammar, NULL) ||
      xgr_matcher_create(grammar, NULL, &matcher, NULL)) {
    return EXIT_FAILURE;
  }
  xgr_mask_kind_t kind = 0;
  int32_t accepted = 0;
  xgr_status_t failed = 0;
  size_t words = 0;
  MEASURE("fill", failed |= xgr_matcher_fill_bitmask(matcher, mask, kWords, &kind));
  MEASURE("accept+rollback", (failed |= xgr_matcher_accept_token(matcher, 'a' - 0x20, &accepted),
                              failed |= xgr_matcher_rollback(matcher, 1)));
  MEASURE("mask_words", words += xgr_matcher_mask_words(matcher));
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
  return failed || !words ? EXIT_FAILURE : EXIT_SUCCESS;
}
