/* A limit is a failure that says so, never another mask: outputs under every small number of states. */
#include "check.h"

enum { MOST_STEPS = 64, MOST_STATES = 400 };

typedef struct {
  const char* schema; /* or else ebnf */
  const char* ebnf;
  const char* output;
} subject_t;

static const subject_t subjects[] = {
    {"{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"string\",\"boolean\"]},"
     "\"uniqueItems\":true}",
     NULL, "[1,12,true,\"a\",\"b\"]"},
    {"{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"ab\",[1],2]},\"uniqueItems\":true}", NULL,
     "[[1],\"ab\",\"a\",2]"},
    {"{\"oneOf\":[{\"type\":\"string\",\"pattern\":\"^a+$\"},{\"type\":\"string\",\"maxLength\":2}]"
     "}",
     NULL, "\"aaa\""},
    {NULL,
     "root ::= \"<\" inner \">\" inner \"!\"\ninner[capture=\"i\", max_tokens=2] ::= [a-z]* part?\n"
     "part[capture, max_tokens=1] ::= \"-\" [a-z]*",
     "<ab>-!"},
    {NULL, "root ::= sum\nsum ::= sum \"+\" item | item\nitem ::= [0-9]{1,3} | \"(\" sum \")\"",
     "1+(22+3)"},
    {NULL, "root ::= (Token(256) | \"t\" [a-z]*) ExcludeToken(65) \".\"", "tab."},
};

static uint32_t masks[MOST_STEPS][MASK_WORDS];

static xgr_status_t compile(const subject_t* s, size_t max_states, xgr_grammar_t** grammar) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  xgr_status_t status;
  options.max_states = max_states;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, &options, &compiler, NULL) == XGR_OK);
  xgr_tokenizer_destroy(tokenizer);
  status = s->schema ? xgr_compiler_compile_json_schema(compiler, s->schema, strlen(s->schema),
                                                        NULL, NULL, NULL, grammar, NULL)
                     : xgr_compiler_compile_ebnf(compiler, s->ebnf, strlen(s->ebnf), NULL, NULL,
                                                 grammar, NULL);
  xgr_compiler_destroy(compiler);
  return status;
}

/* Whether the output was written to its end. Masks are written down, or else compared. */
static int write_output(const subject_t* s, size_t max_states, int is_reference) {
  xgr_grammar_t* grammar = NULL;
  xgr_matcher_t* matcher = NULL;
  size_t i, size = strlen(s->output);
  xgr_status_t status = compile(s, max_states, &grammar);
  CHECK(status == XGR_OK || status == XGR_ERROR_LIMIT_EXCEEDED);
  if (status != XGR_OK) return 0;
  CHECK(xgr_matcher_create(grammar, NULL, &matcher, NULL) == XGR_OK);
  xgr_grammar_destroy(grammar);
  for (i = 0; i < size; ++i) {
    uint32_t mask[MASK_WORDS];
    int32_t accepted = 0;
    status = xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, NULL);
    CHECK(status == XGR_OK || status == XGR_ERROR_LIMIT_EXCEEDED);
    if (is_reference) memcpy(masks[i], mask, sizeof mask);
    if (status == XGR_OK && memcmp(masks[i], mask, sizeof mask) != 0) {
      ++check_failures;
      fprintf(stderr, "%s, %zu states, step %zu: another mask\n", s->schema ? s->schema : s->ebnf,
              max_states, i);
    }
    status = xgr_matcher_accept_token(matcher, s->output[i], &accepted);
    CHECK(status == XGR_OK ? accepted == 1 : status == XGR_ERROR_LIMIT_EXCEEDED);
    if (status != XGR_OK) break;
  }
  xgr_matcher_destroy(matcher);
  return i == size;
}

int main(void) {
  size_t i;
  for (i = 0; i < sizeof subjects / sizeof *subjects; ++i) {
    size_t states, whole = 0;
    CHECK(write_output(&subjects[i], 0, 1));
    for (states = 1; states <= MOST_STATES && whole < 50; ++states)
      whole += (size_t)write_output(&subjects[i], states, 0);
    CHECK(states > 52 && whole > 0);
  }
  return check_result();
}
