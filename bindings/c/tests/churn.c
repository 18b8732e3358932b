/* Creates and destroys objects of every type in random order: churn [OBJECTS [KIB]]
 *
 * A round either makes an object in a free place, from whatever other objects there are, or destroys
 * the one that is there; so objects outlive what they were made from. Meant for a leak checker; by
 * itself it fails when the process grows by more than KIB KiB (8192) in the second half.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xgr/xgr.h>

enum { kPlaces = 64, kTokens = 97, kStop = 96 };

typedef enum kind {
  kTokenizer,
  kCompiler,
  kGrammar,
  kSource,
  kMatcher,
  kCaptures,
  kReport,
  kDiagnostics,
  kError,
  kKinds
} kind_t;

static void* places[kKinds][kPlaces];
static unsigned long created;

static uint32_t draw(uint32_t bound) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 33) % bound;
}

/* Any object of a kind, or NULL; the functions refuse NULL, which is worth trying too. */
static void* any(kind_t kind) { return places[kind][draw(kPlaces)]; }

static xgr_tokenizer_t* make_tokenizer(void) {
  uint8_t bytes[kTokens];
  uint32_t sizes[kTokens];
  for (int i = 0; i < kTokens; ++i) {
    bytes[i] = (uint8_t)(0x20 + i);
    sizes[i] = i != kStop;
  }
  const int32_t stop = kStop;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.stop_tokens = &stop;
  options.stop_token_count = 1;
  xgr_tokenizer_t* out = NULL;
  xgr_tokenizer_create(bytes, kStop, sizes, kTokens, &options, &out, NULL);
  return out;
}

static xgr_grammar_t* make_grammar(void) {
  static const char* const patterns[] = {"[a-z]+", "(a|b){2,4}", "(ab", "\\d{3}-\\d{4}"};
  xgr_compiler_t* compiler = any(kCompiler);
  xgr_grammar_t* out = NULL;
  xgr_error_t* error = NULL;
  const char* pattern = patterns[draw(4)];
  if (draw(2)) {
    xgr_compiler_compile_regex(compiler, pattern, strlen(pattern), NULL, NULL, &out, &error);
  } else {
    xgr_compiler_compile_source(compiler, any(kSource), NULL, &out, &error);
  }
  xgr_error_destroy(error);
  return out;
}

static xgr_grammar_source_t* make_source(void) {
  static const uint32_t sizes[] = {3, 2};
  xgr_grammar_source_t* both[2] = {any(kSource), any(kSource)};
  xgr_grammar_source_t* out = NULL;
  switch (draw(12)) {
    case 0:
      xgr_grammar_source_union(both, 2, &out, NULL);
      break;
    case 1:
      xgr_grammar_source_repeat(both[0], 0, 2, &out, NULL);
      break;
    case 2:
    case 3:
    case 4:
      xgr_grammar_source_from_ebnf("root ::= [a-c] \"x\"", 18, NULL, &out, NULL);
      break;
    default:
      xgr_grammar_source_from_choices("yesno", 5, sizes, 2, &out, NULL);
  }
  return out;
}

static xgr_matcher_t* make_matcher(void) {
  xgr_matcher_t* out = NULL;
  xgr_matcher_t* other = any(kMatcher);
  int32_t accepted = 0;
  if (other != NULL && draw(2)) {
    xgr_matcher_clone(other, &out);
  } else {
    xgr_matcher_create(any(kGrammar), NULL, &out, NULL);
  }
  xgr_matcher_accept_token(out, (int32_t)draw(kTokens), &accepted);
  return out;
}

static void* make(kind_t kind) {
  xgr_compiler_t* compiler = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_captures_t* captures = NULL;
  xgr_diagnostics_t* diagnostics = NULL;
  xgr_json_schema_report_t* report = NULL;
  xgr_error_t* error = NULL;
  switch (kind) {
    case kTokenizer:
      return make_tokenizer();
    case kCompiler:
      xgr_compiler_create(any(kTokenizer), NULL, &compiler, NULL);
      return compiler;
    case kGrammar:
      return make_grammar();
    case kSource:
      return make_source();
    case kMatcher:
      return make_matcher();
    case kCaptures:
      xgr_matcher_captures(any(kMatcher), 0, &captures);
      return captures;
    case kDiagnostics:
      xgr_grammar_diagnostics(any(kGrammar), &diagnostics);
      return diagnostics;
    case kReport:
      xgr_json_schema_check("{\"type\":\"null\"}", 15, NULL, &report, NULL);
      return report;
    default:
      xgr_compiler_compile_ebnf(any(kCompiler), "root ::= x", 10, NULL, NULL, &grammar, &error);
      return error;
  }
}

static void destroy(kind_t kind, void* object) {
  switch (kind) {
    case kTokenizer:
      xgr_tokenizer_destroy(object);
      break;
    case kCompiler:
      xgr_compiler_destroy(object);
      break;
    case kGrammar:
      xgr_grammar_destroy(object);
      break;
    case kSource:
      xgr_grammar_source_destroy(object);
      break;
    case kMatcher:
      xgr_matcher_destroy(object);
      break;
    case kCaptures:
      xgr_captures_destroy(object);
      break;
    case kDiagnostics:
      xgr_diagnostics_destroy(object);
      break;
    case kReport:
      xgr_json_schema_report_destroy(object);
      break;
    default:
      xgr_error_destroy(object);
  }
}

/* Matchers and captures come and go most often, as they do in an engine. */
static kind_t draw_kind(void) {
  static const kind_t often[] = {kMatcher, kMatcher, kMatcher, kCaptures, kError, kSource};
  return draw(20) ? often[draw(6)] : (kind_t)draw(kKinds);
}

static void round_of(kind_t kind) {
  void** place = &places[kind][draw(kPlaces)];
  if (*place != NULL) {
    destroy(kind, *place);
    *place = NULL;
  } else {
    *place = make(kind);
    created += *place != NULL;
  }
}

/* Memory of the process in KiB; 0 where the system does not tell. */
static long resident(void) {
  char line[128];
  long size = 0;
  FILE* file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
    if (strncmp(line, "VmRSS:", 6) == 0) size = atol(line + 6);
  }
  if (file != NULL) fclose(file);
  return size;
}

int main(int argc, char** argv) {
  const unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
  const char* growth = argc > 2 ? argv[2] : "8192";
  for (int i = 0; i < kPlaces; ++i) {
    for (int kind = 0; kind < kMatcher; ++kind) places[kind][i] = make((kind_t)kind);
  }
  long half = 0;
  while (created < wanted) {
    round_of(draw_kind());
    if (half == 0 && created >= wanted / 2) half = resident();
  }
  const long end = resident();
  for (int kind = 0; kind < kKinds; ++kind) {
    for (int i = 0; i < kPlaces; ++i) destroy((kind_t)kind, places[kind][i]);
  }
  printf("%lu objects; %ld KiB at half time, %ld KiB at the end\n", created, half, end);
  return end - half > atol(growth);
}
