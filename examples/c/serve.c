/* Continuous batching: 32 requests share 8 places of a batch, each with a grammar of its own. While the
 * "model" computes the logits of a step, the masks of that step are filled on the processor; so a step
 * takes as long as the slower of the two. The model is a device that is ready some time after it was
 * started, and its logits are random.
 *
 *   cc serve.c $(pkg-config --cflags --libs xgr) -o serve && ./serve [SVG_FILE]
 *
 * Writes one line a step, `m` where masks were filled and `.` where the program waited for the model; the
 * same as a picture; and the outputs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xgr/xgr.h>

enum {
  kTokens = 96, /* the printable characters of ASCII and a stop token */
  kStop = 95,
  kWords = (kTokens + 31) / 32,
  kRequests = 32,
  kPlaces = 8,
  kGrammars = 4,
  kMaxText = 64,
  kMaxSteps = 4096,
  kColumns = 40
};
static const double kForwardPass = 300e-6; /* seconds */

typedef struct request {
  xgr_matcher_t* matcher;
  char text[kMaxText + 1];
  size_t size;
} request_t;

typedef struct step {
  double begin, masks, end; /* seconds since the start: begin, masks filled, logits there */
  size_t places;
} step_t;

/* Ends the program with the message of what failed. */
static void check(xgr_status_t status, xgr_error_t* error) {
  if (status == XGR_OK) return;
  const char* message = xgr_error_message(error, NULL);
  fprintf(stderr, "%s\n", *message ? message : xgr_status_message(status));
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static xgr_compiler_t* make_compiler(void) {
  uint8_t bytes[kStop];
  uint32_t sizes[kTokens];
  const int32_t stop = kStop;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_error_t* error = NULL;
  for (int i = 0; i < kStop; ++i) bytes[i] = (uint8_t)(0x20 + i);
  for (int i = 0; i < kTokens; ++i) sizes[i] = i != kStop;
  options.stop_tokens = &stop;
  options.stop_token_count = 1;
  check(xgr_tokenizer_create(bytes, sizeof bytes, sizes, kTokens, &options, &tokenizer, &error),
        error);
  check(xgr_compiler_create(tokenizer, NULL, &compiler, &error), error);
  xgr_tokenizer_destroy(tokenizer);
  return compiler;
}

static void compile(xgr_compiler_t* compiler, xgr_grammar_t* grammars[kGrammars]) {
  static const char* const patterns[kGrammars] = {
      "\\{\"id\": [1-9][0-9]{0,5}, \"ok\": (true|false)\\}", "[a-f]{3}(-[0-9]{2}){1,4}",
      "(red|green|blue)(, (red|green|blue)){2,6}", "\"[A-Z][a-z ]{3,20}\\.\""};
  xgr_error_t* error = NULL;
  for (int i = 0; i < kGrammars; ++i) {
    check(xgr_compiler_compile_regex(compiler, patterns[i], strlen(patterns[i]), NULL, NULL,
                                     &grammars[i], &error),
          error);
  }
}

/* The logits of all places; the same in every run. */
static void compute_logits(float* logits, size_t count) {
  static uint32_t state = 42;
  for (size_t i = 0; i < count; ++i) {
    state = (state * 1103515245u + 12345u) & 0x7FFFFFFFu;
    logits[i] = (float)(state >> 8) / (1 << 20);
  }
}

static int32_t likeliest(const float* logits) {
  int32_t best = 0;
  for (int32_t t = 1; t < kTokens; ++t) {
    if (logits[t] > logits[best]) best = t;
  }
  return best;
}

/* One step of all places: start the model, fill masks, wait, apply, choose, accept. */
static step_t run_step(xgr_batch_t* batch, request_t* const places[kPlaces], size_t count) {
  static float logits[kPlaces * kTokens];
  static uint32_t masks[kPlaces * kWords];
  xgr_matcher_t* matchers[kPlaces];
  xgr_status_t statuses[kPlaces];
  int32_t tokens[kPlaces], accepted[kPlaces];
  xgr_apply_options_t rows = XGR_APPLY_OPTIONS_INIT;
  step_t step = {seconds(), 0, 0, count};
  for (size_t i = 0; i < count; ++i) matchers[i] = places[i]->matcher;
  check(xgr_batch_fill_bitmask(batch, matchers, count, masks, kPlaces * kWords, kWords, NULL, NULL,
                               statuses),
        NULL);
  for (size_t i = 0; i < count; ++i) check(statuses[i], NULL);
  step.masks = seconds();
  while (seconds() < step.begin + kForwardPass) continue; /* the device is at work */
  compute_logits(logits, count * kTokens);
  step.end = seconds();
  rows.row_count = count;
  check(xgr_batch_apply_f32(batch, logits, count * kTokens, masks, count * kWords, &rows), NULL);
  for (size_t i = 0; i < count; ++i) tokens[i] = likeliest(logits + i * kTokens);
  check(xgr_batch_accept_token(batch, matchers, count, tokens, accepted, statuses), NULL);
  for (size_t i = 0; i < count; ++i) {
    check(statuses[i], NULL);
    if (tokens[i] != kStop && places[i]->size < kMaxText)
      places[i]->text[places[i]->size++] = (char)(0x20 + tokens[i]);
  }
  return step;
}

/* Runs until all requests are done; places that become free are taken by those that wait. */
static size_t serve(xgr_batch_t* batch, request_t* requests, step_t* steps) {
  request_t* places[kPlaces];
  size_t count = 0, waiting = 0, made = 0;
  while (made < kMaxSteps) {
    while (count < kPlaces && waiting < kRequests) places[count++] = &requests[waiting++];
    if (count == 0) break;
    steps[made++] = run_step(batch, places, count);
    for (size_t i = count; i-- > 0;) {
      if (xgr_matcher_is_terminated(places[i]->matcher)) places[i] = places[--count];
    }
  }
  return made;
}

static void print_timeline(const step_t* steps, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const double whole = steps[i].end - steps[i].begin;
    const int filled = (int)((steps[i].masks - steps[i].begin) / whole * kColumns + 0.5);
    printf("step %3zu  %zu requests  ", i, steps[i].places);
    for (int c = 0; c < kColumns; ++c) putchar(c < filled ? 'm' : '.');
    printf("  masks %6.1f us of %6.1f us\n", 1e6 * (steps[i].masks - steps[i].begin), 1e6 * whole);
  }
}

/* Two lanes: the model above, the masks below; a millisecond is 100 pixels wide. */
static void draw_timeline(const char* path, const step_t* steps, size_t count) {
  FILE* file = fopen(path, "w");
  if (file == NULL) return;
  const double start = steps[0].begin, scale = 1e5;
  fprintf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"60\">\n",
          (steps[count - 1].end - start) * scale);
  for (size_t i = 0; i < count; ++i) {
    const double x = (steps[i].begin - start) * scale;
    fprintf(file, "<rect x=\"%.2f\" y=\"5\" width=\"%.2f\" height=\"20\" fill=\"#9bd\"/>\n", x,
            (steps[i].end - steps[i].begin) * scale);
    fprintf(file, "<rect x=\"%.2f\" y=\"30\" width=\"%.2f\" height=\"20\" fill=\"#d73\"/>\n", x,
            (steps[i].masks - steps[i].begin) * scale);
  }
  fprintf(file, "</svg>\n");
  fclose(file);
}

int main(int argc, char** argv) {
  static request_t requests[kRequests];
  static step_t steps[kMaxSteps];
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammars[kGrammars];
  xgr_batch_options_t options = XGR_BATCH_OPTIONS_INIT;
  xgr_batch_t* batch = NULL;
  xgr_error_t* error = NULL;
  compile(compiler, grammars);
  options.threads = 1; /* and the one that calls */
  check(xgr_batch_create(&options, &batch, &error), error);
  for (int i = 0; i < kRequests; ++i)
    check(xgr_matcher_create(grammars[i % kGrammars], NULL, &requests[i].matcher, &error), error);

  const size_t count = serve(batch, requests, steps);
  print_timeline(steps, count);
  if (argc > 1) draw_timeline(argv[1], steps, count);
  for (int i = 0; i < kRequests; ++i) {
    printf("request %2d  %s\n", i, requests[i].text);
    xgr_matcher_destroy(requests[i].matcher);
  }
  for (int i = 0; i < kGrammars; ++i) xgr_grammar_destroy(grammars[i]);
  xgr_batch_destroy(batch);
  xgr_compiler_destroy(compiler);
  return 0;
}
