/* The loops of bindings/go/bench_test.go in C: nanoseconds a call, the least of several runs. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <xgr/xgr.h>

enum { kTokens = 257, kStop = 256, kWords = 9, kCalls = 5000, kRuns = 500 };

static uint32_t mask[kWords];

static void fill(xgr_matcher_t* matcher) {
  xgr_mask_kind_t kind;
  xgr_matcher_fill_bitmask(matcher, mask, kWords, &kind);
}

static void ask(xgr_matcher_t* matcher) {
  int32_t allowed;
  xgr_matcher_is_token_allowed(matcher, 'a', &allowed);
}

static void accept(xgr_matcher_t* matcher) {
  int32_t accepted;
  xgr_matcher_accept_token(matcher, 'a', &accepted);
  xgr_matcher_rollback(matcher, 1);
}

static void look(xgr_matcher_t* matcher) { xgr_matcher_is_terminated(matcher); }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(const char* name, void (*call)(xgr_matcher_t*), xgr_matcher_t* matcher) {
  double best = 1e18;
  for (int run = 0; run < kRuns; ++run) {
    const double begin = now();
    for (int i = 0; i < kCalls; ++i) call(matcher);
    const double took = (now() - begin) / kCalls;
    if (took < best) best = took;
  }
  printf("%s %.1f\n", name, best);
}

int main(void) {
  uint8_t bytes[256];
  uint32_t sizes[kTokens];
  for (int i = 0; i < 256; ++i) bytes[i] = (uint8_t)i;
  for (int i = 0; i < kTokens; ++i) sizes[i] = i != kStop;
  const int32_t stop = kStop;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.stop_tokens = &stop;
  options.stop_token_count = 1;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher = NULL;
  xgr_tokenizer_create(bytes, sizeof(bytes), sizes, kTokens, &options, &tokenizer, NULL);
  xgr_compiler_create(tokenizer, NULL, &compiler, NULL);
  xgr_compiler_compile_regex(compiler, "[a-z]*", 6, NULL, NULL, &grammar, NULL);
  if (xgr_matcher_create(grammar, NULL, &matcher, NULL) != XGR_OK) return 1;
  measure("FillBitmask", fill, matcher);
  measure("IsTokenAllowed", ask, matcher);
  measure("AcceptAndRollback", accept, matcher);
  measure("IsTerminated", look, matcher);
  xgr_matcher_destroy(matcher);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
  return 0;
}
