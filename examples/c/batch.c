/* Six outputs under four languages, in one buffer of masks: sources put together, a matcher cloned
 * in the middle of its output, steps undone, and what an error tells. The "model" draws from a
 * linear congruential generator. The same program exists in every language and writes the same.
 *
 *   cc batch.c $(pkg-config --cflags --libs xgr) -o batch && ./batch
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xgr/xgr.h>

enum { kTokens = 96, kStop = 95, kWords = 3, kGrammars = 4, kRows = 6, kSteps = 48 };

typedef struct row {
  xgr_matcher_t* matcher;
  char text[kSteps + 1];
  int steps;
  int done;
} row_t;

/* Ends the program with the message of what failed. */
static void check(xgr_status_t status, xgr_error_t* error) {
  if (status == XGR_OK) return;
  const char* message = xgr_error_message(error, NULL);
  fprintf(stderr, "%s\n", *message ? message : xgr_status_message(status));
  exit(1);
}

/* A vocabulary of the printable characters of ASCII and one stop token. */
static xgr_tokenizer_t* make_tokenizer(void) {
  uint8_t bytes[kStop];
  uint32_t sizes[kTokens];
  for (int i = 0; i < kStop; ++i) bytes[i] = (uint8_t)(0x20 + i);
  for (int i = 0; i < kTokens; ++i) sizes[i] = i != kStop;
  const int32_t stop = kStop;
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.stop_tokens = &stop;
  options.stop_token_count = 1;
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_error_t* error = NULL;
  check(xgr_tokenizer_create(bytes, sizeof(bytes), sizes, kTokens, &options, &tokenizer, &error),
        error);
  return tokenizer;
}

/* Either one of three words, or two digits. */
static xgr_grammar_source_t* make_source(void) {
  static const char words[] = "yesnomaybe", digits[] = "[0-9]{2}";
  static const uint32_t sizes[] = {3, 2, 5};
  xgr_grammar_source_t* parts[2] = {NULL, NULL};
  xgr_grammar_source_t* source = NULL;
  xgr_error_t* error = NULL;
  check(xgr_grammar_source_from_choices(words, strlen(words), sizes, 3, &parts[0], &error), error);
  check(xgr_grammar_source_from_regex(digits, strlen(digits), NULL, &parts[1], &error), error);
  check(xgr_grammar_source_union(parts, 2, &source, &error), error);
  xgr_grammar_source_destroy(parts[0]);
  xgr_grammar_source_destroy(parts[1]);
  return source;
}

static void compile(xgr_compiler_t* compiler, xgr_grammar_t* grammars[kGrammars]) {
  static const char schema[] =
      "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\",\"minimum\":1,"
      "\"maximum\":999},\"ok\":{\"type\":\"boolean\"}},\"required\":[\"id\",\"ok\"],"
      "\"additionalProperties\":false}";
  static const char regex[] = "[a-f]{3}-[0-9]{2,4}";
  static const char ebnf[] =
      "root ::= term (\" + \" term)*\n"
      "term ::= [0-9] | \"(\" root \")\"";
  xgr_json_format_t format = XGR_JSON_FORMAT_INIT;
  format.layout = XGR_JSON_LAYOUT_LINE;
  xgr_grammar_source_t* source = make_source();
  xgr_error_t* error = NULL;
  check(xgr_compiler_compile_json_schema(compiler, schema, strlen(schema), &format, NULL, NULL,
                                         &grammars[0], &error),
        error);
  check(
      xgr_compiler_compile_regex(compiler, regex, strlen(regex), NULL, NULL, &grammars[1], &error),
      error);
  check(xgr_compiler_compile_ebnf(compiler, ebnf, strlen(ebnf), NULL, NULL, &grammars[2], &error),
        error);
  check(xgr_compiler_compile_source(compiler, source, NULL, &grammars[3], &error), error);
  xgr_grammar_source_destroy(source);
}

static int is_allowed(const uint32_t* mask, int32_t token) {
  return (int)(mask[token / 32] >> token % 32 & 1);
}

/* Any of the allowed tokens. */
static int32_t choose_token(const uint32_t* mask, uint32_t* state) {
  uint32_t count = 0;
  for (int32_t token = 0; token < kTokens; ++token) count += (uint32_t)is_allowed(mask, token);
  *state = (*state * 1103515245u + 12345u) & 0x7FFFFFFFu;
  uint32_t skipped = *state / 65536 % count;
  int32_t token = 0;
  while (!is_allowed(mask, token) || skipped-- > 0) ++token;
  return token;
}

static void step(row_t* row, uint32_t* mask, uint32_t* state) {
  int32_t accepted = 0;
  check(xgr_matcher_fill_bitmask(row->matcher, mask, kWords, NULL), NULL);
  const int32_t token = choose_token(mask, state);
  check(xgr_matcher_accept_token(row->matcher, token, &accepted), NULL);
  if (accepted && token != kStop) row->text[strlen(row->text)] = (char)(0x20 + token);
  ++row->steps;
  row->done = xgr_matcher_is_terminated(row->matcher);
}

static void run(row_t rows[kRows]) {
  uint32_t masks[kRows * kWords];
  uint32_t state = 42;
  for (int t = 0; t < kSteps; ++t) {
    for (int r = 0; r < kRows; ++r) {
      if (rows[r].matcher && !rows[r].done) step(&rows[r], masks + r * kWords, &state);
    }
    if (!rows[4].matcher && rows[0].steps == 3) {
      rows[4] = rows[0];
      check(xgr_matcher_clone(rows[0].matcher, &rows[4].matcher), NULL);
    }
  }
}

static void report(xgr_compiler_t* compiler, row_t rows[kRows]) {
  for (int r = 0; r < kRows; ++r) {
    printf("row %d: %s (%s)\n", r, rows[r].text, rows[r].done ? "done" : "cut");
  }
  const size_t history = xgr_matcher_history_size(rows[2].matcher);
  check(xgr_matcher_rollback(rows[2].matcher, history < 2 ? history : 2), NULL);
  printf("rolled back: %zu\n", xgr_matcher_history_size(rows[2].matcher));
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  const xgr_status_t status =
      xgr_compiler_compile_regex(compiler, "(a", 2, NULL, NULL, &grammar, &error);
  printf("error %d at byte %lld: %s\n", (int)status, (long long)xgr_error_byte_offset(error),
         xgr_error_message(error, NULL));
  xgr_error_destroy(error);
}

int main(void) {
  static const int grammar_of_row[kRows] = {0, 1, 2, 3, -1, 1};
  xgr_tokenizer_t* tokenizer = make_tokenizer();
  xgr_compiler_t* compiler = NULL;
  xgr_error_t* error = NULL;
  check(xgr_compiler_create(tokenizer, NULL, &compiler, &error), error);
  xgr_grammar_t* grammars[kGrammars] = {NULL, NULL, NULL, NULL};
  compile(compiler, grammars);
  row_t rows[kRows] = {{0}};
  for (int r = 0; r < kRows; ++r) {
    if (grammar_of_row[r] < 0) continue;
    check(xgr_matcher_create(grammars[grammar_of_row[r]], NULL, &rows[r].matcher, &error), error);
  }
  run(rows);
  report(compiler, rows);
  for (int r = 0; r < kRows; ++r) xgr_matcher_destroy(rows[r].matcher);
  for (int g = 0; g < kGrammars; ++g) xgr_grammar_destroy(grammars[g]);
  xgr_compiler_destroy(compiler);
  xgr_tokenizer_destroy(tokenizer);
  return 0;
}
