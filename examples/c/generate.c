/* The main job on an embedded vocabulary: compiles the JSON Schema of a tool call and writes one
 * document that conforms to it, token by token, with random choices instead of a model.
 *
 *   generate [SEED]
 *
 * Every line of the output is one step: its number, how many of the tokens the mask forbids, what
 * the mask cost, and the document so far. The last line is the summary; the exit status is 0 if the
 * document is complete and valid. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xgr/xgr.h>

#include "../vocabulary/vocabulary.h"

static const char kSchema[] =
    "{\"type\": \"object\", "
    "\"properties\": {"
    "\"name\": {\"const\": \"book_flight\"}, "
    "\"arguments\": {"
    "\"type\": \"object\", "
    "\"properties\": {"
    "\"from\": {\"$ref\": \"#/$defs/airport\"}, "
    "\"to\": {\"$ref\": \"#/$defs/airport\"}, "
    "\"departure\": {\"type\": \"string\", \"format\": \"date\"}, "
    "\"cabin\": {\"enum\": [\"economy\", \"premium\", \"business\"]}, "
    "\"passengers\": {"
    "\"type\": \"array\", \"minItems\": 1, \"maxItems\": 3, "
    "\"items\": {"
    "\"type\": \"object\", "
    "\"properties\": {"
    "\"name\": {\"type\": \"string\", \"pattern\": \"^[A-Z][a-z]{1,9}( "
    "[A-Z][a-z]{1,9})?$\"}, "
    "\"age\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 120}, "
    "\"seat\": {\"anyOf\": [{\"type\": \"null\"}, "
    "{\"type\": \"string\", \"pattern\": \"^[1-3]?[1-9][A-F]$\"}]}}, "
    "\"required\": [\"name\", \"age\"], \"additionalProperties\": false}}, "
    "\"max_price\": {\"type\": \"number\", \"exclusiveMinimum\": 0, \"maximum\": 5000}, "
    "\"note\": {\"type\": \"string\", \"maxLength\": 60}, "
    "\"nonstop\": {\"type\": \"boolean\"}}, "
    "\"required\": [\"from\", \"to\", \"departure\", \"passengers\", \"nonstop\"], "
    "\"additionalProperties\": false}}, "
    "\"required\": [\"name\", \"arguments\"], \"additionalProperties\": false, "
    "\"$defs\": {\"airport\": {\"type\": \"string\", \"pattern\": \"^[A-Z]{3}$\"}}}";

enum { kMaxTokens = 400, kMaxText = 4096, kPatience = 40 };

typedef struct objects {
  xgr_tokenizer_t* tokenizer;
  xgr_compiler_t* compiler;
  xgr_grammar_t* grammar;
  xgr_matcher_t* matcher;
  xgr_error_t* error;
} objects_t;

typedef struct generation {
  char text[kMaxText];
  size_t text_size;
  double mask_times[kMaxTokens]; /* microseconds */
  int32_t token_count;
  uint64_t random;
} generation_t;

static double now_in_microseconds(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* xorshift64*: the same seed gives the same document everywhere. */
static double random_below(uint64_t* state, double limit) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return (double)(*state * 2685821657736338717u >> 11) / 9007199254740992.0 * limit;
}

static bool is_allowed(const uint32_t* mask, int32_t token) {
  return mask[token / 32] >> token % 32 & 1;
}

/* The stand-in for a model's probability: long tokens rather than short ones, plain ASCII rather
 * than other bytes, and, the longer the document already is, the more it likes to close what is
 * open. */
static double weight_of(const xgr_tokenizer_t* tokenizer, int32_t token, int32_t step) {
  size_t size = 0;
  const uint8_t* bytes = xgr_tokenizer_token_bytes(tokenizer, token, &size);
  if (size == 0) return 1000.0; /* the stop token */
  bool closes = false;
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] < ' ' || bytes[i] > '~' || bytes[i] == '\\') return 1e-4;
    closes = closes || strchr("\",}]", bytes[i]) != NULL;
  }
  const double weight = (double)(size * size);
  return closes ? weight + (double)step * (step > kPatience ? 20.0 : 1.0) : weight;
}

static int32_t sample(const xgr_tokenizer_t* tokenizer, const uint32_t* mask, int32_t step,
                      uint64_t* random, int32_t* out_allowed_count) {
  const int32_t vocab_size = xgr_tokenizer_vocab_size(tokenizer);
  double total = 0;
  *out_allowed_count = 0;
  for (int32_t token = 0; token < vocab_size; ++token) {
    if (!is_allowed(mask, token)) continue;
    ++*out_allowed_count;
    total += weight_of(tokenizer, token, step);
  }
  double rest = random_below(random, total);
  int32_t chosen = -1;
  for (int32_t token = 0; token < vocab_size && rest >= 0; ++token) {
    if (!is_allowed(mask, token)) continue;
    chosen = token;
    rest -= weight_of(tokenizer, token, step);
  }
  return chosen;
}

static xgr_status_t prepare(objects_t* xgr) {
  xgr_tokenizer_options_t vocabulary = XGR_TOKENIZER_OPTIONS_INIT;
  vocabulary.token_kinds = example_token_kinds;
  xgr_json_format_t format = XGR_JSON_FORMAT_INIT;
  format.layout = XGR_JSON_LAYOUT_LINE;
  xgr_status_t status =
      xgr_tokenizer_create(example_token_bytes, example_token_bytes_size, example_token_sizes,
                           example_token_count, &vocabulary, &xgr->tokenizer, &xgr->error);
  if (!status) status = xgr_compiler_create(xgr->tokenizer, NULL, &xgr->compiler, &xgr->error);
  if (status) return status;
  const double start = now_in_microseconds();
  status = xgr_compiler_compile_json_schema(xgr->compiler, kSchema, sizeof(kSchema) - 1, &format,
                                            NULL, NULL, &xgr->grammar, &xgr->error);
  if (!status) status = xgr_matcher_create(xgr->grammar, NULL, &xgr->matcher, &xgr->error);
  if (status) return status;
  printf("vocabulary: %d tokens\nschema: %s\ncompiled in %.0f microseconds\n\n",
         xgr_tokenizer_vocab_size(xgr->tokenizer), kSchema, now_in_microseconds() - start);
  printf("step  forbidden  mask/us  document\n");
  return XGR_OK;
}

static void append_token(generation_t* g, const xgr_tokenizer_t* tokenizer, int32_t token) {
  size_t size = 0;
  const uint8_t* bytes = xgr_tokenizer_token_bytes(tokenizer, token, &size);
  if (g->text_size + size >= kMaxText) return;
  memcpy(g->text + g->text_size, bytes, size);
  g->text_size += size;
  g->text[g->text_size] = 0;
}

/* Writes tokens until the matcher says that the document has ended. */
static xgr_status_t generate(objects_t* xgr, generation_t* g, uint32_t* mask, size_t mask_words) {
  while (!xgr_matcher_is_terminated(xgr->matcher) && g->token_count < kMaxTokens) {
    const double start = now_in_microseconds();
    xgr_status_t status = xgr_matcher_fill_bitmask(xgr->matcher, mask, mask_words, NULL);
    if (status) return status;
    const double elapsed = now_in_microseconds() - start;
    int32_t allowed_count = 0, accepted = 0;
    const int32_t token = sample(xgr->tokenizer, mask, g->token_count, &g->random, &allowed_count);
    status = xgr_matcher_accept_token(xgr->matcher, token, &accepted);
    if (status) return status;
    if (!accepted) return XGR_ERROR_INTERNAL;
    append_token(g, xgr->tokenizer, token);
    g->mask_times[g->token_count++] = elapsed;
    const size_t shown = 72;
    const bool cut = g->text_size > shown;
    printf("%4d  %4d/%4d  %7.1f  %s%s\n", g->token_count,
           xgr_tokenizer_vocab_size(xgr->tokenizer) - allowed_count,
           xgr_tokenizer_vocab_size(xgr->tokenizer), elapsed, cut ? "..." : "",
           cut ? g->text + g->text_size - shown : g->text);
  }
  return XGR_OK;
}

/* Reads the document back with a fresh matcher, all its bytes at once. */
static bool is_valid(const objects_t* xgr, const generation_t* g) {
  xgr_matcher_t* matcher = NULL;
  int32_t accepted = 0;
  bool valid = xgr_matcher_is_terminated(xgr->matcher) &&
               !xgr_matcher_create(xgr->grammar, NULL, &matcher, NULL) &&
               !xgr_matcher_accept_bytes(matcher, (const uint8_t*)g->text, g->text_size, &accepted);
  valid = valid && accepted && xgr_matcher_is_accepting(matcher);
  xgr_matcher_destroy(matcher);
  return valid;
}

static int compare_doubles(const void* left, const void* right) {
  const double a = *(const double*)left, b = *(const double*)right;
  return (a > b) - (a < b);
}

static int summarise(const objects_t* xgr, generation_t* g) {
  const bool valid = is_valid(xgr, g);
  const int32_t count = g->token_count;
  qsort(g->mask_times, (size_t)count, sizeof(double), compare_doubles);
  printf("\ndocument: %s\n", g->text);
  printf("%s: %d tokens, %zu bytes; mask time: median %.1f, worst %.1f microseconds\n",
         valid ? "valid" : "NOT VALID", count, g->text_size, count ? g->mask_times[count / 2] : 0,
         count ? g->mask_times[count - 1] : 0);
  return valid ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char** argv) {
  objects_t xgr = {0};
  static generation_t generation;
  generation.random = argc > 1 ? strtoull(argv[1], NULL, 10) * 2 + 1 : 2025;
  int result = EXIT_FAILURE;
  xgr_status_t status = prepare(&xgr);
  const size_t mask_words = xgr_tokenizer_mask_words(xgr.tokenizer);
  uint32_t* mask = calloc(mask_words ? mask_words : 1, sizeof(uint32_t));
  if (!status && !mask) status = XGR_ERROR_OUT_OF_MEMORY;
  if (!status) status = generate(&xgr, &generation, mask, mask_words);
  if (!status) {
    result = summarise(&xgr, &generation);
  } else {
    printf("failed: %s\n",
           xgr.error ? xgr_error_message(xgr.error, NULL) : xgr_status_message(status));
  }
  free(mask);
  xgr_error_destroy(xgr.error);
  xgr_matcher_destroy(xgr.matcher);
  xgr_grammar_destroy(xgr.grammar);
  xgr_compiler_destroy(xgr.compiler);
  xgr_tokenizer_destroy(xgr.tokenizer);
  return result;
}
