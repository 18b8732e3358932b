/* All or nothing when memory runs out: an allocation fails at every place of whole outputs.
 *
 * A script (masks, tokens, bytes, rollback, clones, captures) runs once with enough memory, and
 * everything that can be seen of the matcher is written down after each call. Then it runs again from
 * the compiler on, once for every allocation, which fails. A call that says OUT_OF_MEMORY must have
 * changed nothing that can be seen and nothing that it would have written to; done again, it and all
 * later calls must answer as in the run that never failed. A word on the command line runs the subjects
 * with such names, and each of their allocations. Needs glibc; skipped (77) elsewhere and under sanitizers, which replace malloc
 * themselves. */
#include "check.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
int main(void) { return 77; }
#else

#include "failing_memory.h"

enum { MOST_CALLS = 400, MOST_RUNS = 1500, FEW_STOP = 4 };

typedef enum { JSON_SCHEMA, EBNF, REGEX, LARK, JSON, COMPOSED } language_t;

typedef enum { USUAL, WHOLE_TOKENS /* bytes cannot write the output */, BY_JOB } way_t;

typedef struct {
  const char* name;
  language_t language;
  const char* text;   /* of the source */
  const char* output; /* that the script writes */
  int few_tokens;     /* not every text has tokens then */
  int lenient, any_order, unique_names;
  way_t way;
} subject_t;

static const subject_t subjects[] = {
    {"object", JSON_SCHEMA,
     "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":9},\"list\":"
     "{\"type\":\"array\",\"items\":{\"enum\":[\"red\",7]}}},\"required\":[\"name\"]}",
     "{\"name\": \"ab\",\"list\":[7]}", 0, 0, 0, 0, USUAL},
    {"permutation", JSON_SCHEMA,
     "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"null\"},\"b\":{},\"c\":true},"
     "\"minProperties\":2,\"additionalProperties\":false}",
     "{\"c\":true,\"a\":null}", 0, 0, 1, 0, USUAL},
    {"unique items", JSON_SCHEMA,
     "{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"boolean\",\"array\"]},"
     "\"uniqueItems\":true}",
     "[1,12,true,[1],21]", 0, 0, 0, 0, USUAL},
    {"unique enum", JSON_SCHEMA,
     "{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"ab\",1]},\"uniqueItems\":true,\"minItems\":"
     "3}",
     "[\"a\",1,\"ab\"]", 0, 0, 0, 0, USUAL},
    {"unique names", JSON_SCHEMA, "{\"type\":\"object\",\"minProperties\":2}",
     "{\"a\":1,\"ab\":{}}", 0, 0, 0, 1, USUAL},
    {"lenient", JSON_SCHEMA,
     "{\"items\":{\"not\":{\"uniqueItems\":true}},\"type\":\"array\",\"maxItems\":2}", "[[1],2]", 0,
     1, 0, 0, USUAL},
    {"one of", JSON_SCHEMA,
     "{\"oneOf\":[{\"type\":\"string\",\"pattern\":\"^a+$\"},{\"type\":\"string\",\"maxLength\":2}]"
     "}",
     "\"aaa\"", 0, 0, 0, 0, USUAL},
    {"sum", EBNF,
     "root ::= sum\nsum ::= sum \"+\" item | item\nitem ::= [0-9]{1,3} | \"(\" sum \")\"",
     "1+(22+3)", 0, 0, 0, 0, USUAL},
    {"attributes", EBNF,
     "root ::= \"<\" word \">\" tail\nword[capture] ::= [a-z]+\n"
     "tail[capture, max_tokens=3] ::= [a-z]*",
     "<ab>xyz", 0, 0, 0, 0, USUAL},
    {"budget", EBNF,
     "root ::= \"<\" inner \">\" inner \"!\"\ninner[capture=\"i\", max_tokens=2] ::= [a-z]* part?\n"
     "part[capture, max_tokens=1] ::= \"-\" [a-z]*",
     "<ab>-!", 0, 0, 0, 0, USUAL},
    {"tags", EBNF,
     "root ::= TagDispatch((\"<a>\", x), (\"<b>\", y), excludes=(\"no\",))\n"
     "x[capture] ::= [0-9]+\ny ::= \"y\" | \"\"",
     "t<a>12<b>y n", 0, 0, 0, 0, USUAL},
    {"whole tokens", EBNF, "root ::= (Token(256) | \"t\" [a-z]*) ExcludeToken(65) \".\"", "tab.", 0,
     0, 0, 0, WHOLE_TOKENS},
    {"unspellable", EBNF, "root ::= (\"aa\" | \"aaa\" | \"b\")* \"c\"?", "aabaa", 1, 0, 0, 0,
     USUAL},
    {"counters", REGEX, "(a{2,300}b){2,40}c?", "aabaaab", 0, 0, 0, 0, USUAL},
    {"lark", LARK,
     "start: thought answer\nthought[max_tokens=6, suffix=\"!\", capture]: TEXT\n"
     "answer[capture=\"a\"]: /[0-9]+/\nTEXT: /(\\n|.)*/",
     "ab!12", 0, 0, 0, 0, USUAL},
    {"job", EBNF, "root ::= \"a\" root \"b\" | \"c\"", "aacbb", 0, 0, 0, 0, BY_JOB},
    {"json", JSON, "", "{\"a\":[1.5e3,\"\\u00e9\"]}", 0, 0, 0, 0, USUAL},
    {"composed", COMPOSED, "", "(12)1+", 0, 0, 0, 0, USUAL},
};

/* What can be seen of a matcher. */
typedef struct {
  size_t history;
  int32_t accepting, terminated;
  xgr_mask_kind_t kind;
  uint32_t mask[MASK_WORDS];
  size_t capture_count[2];
  char captures[2][200];
} view_t;

typedef struct {
  const subject_t* subject;
  int is_reference; /* views are written down, not compared */
  int failed;       /* a call of this run has */
  size_t calls;     /* of the script, so far */
  xgr_tokenizer_t* tokenizer;
  xgr_compiler_t* compiler;
  xgr_grammar_t* grammar;
  xgr_matcher_t* matcher;
  const uint32_t* lent;
  uint32_t lent_words[MASK_WORDS];
} run_t;

static view_t before_all;        /* of the matcher when it is new */
static view_t views[MOST_CALLS]; /* after each call of the script */
static uint32_t fills[MOST_CALLS][MASK_WORDS];

static void look_at_captures(xgr_matcher_t* matcher, int all, view_t* view) {
  xgr_captures_t* captures = NULL;
  char* to = view->captures[all];
  size_t used = 0, i;
  CHECK(xgr_matcher_captures(matcher, all, &captures) == XGR_OK);
  view->capture_count[all] = xgr_captures_size(captures);
  for (i = 0; i < view->capture_count[all]; ++i) {
    xgr_capture_t c = XGR_CAPTURE_INIT;
    CHECK(xgr_captures_get(captures, i, &c) == XGR_OK);
    if (used + c.name_size + c.text_size + 2 > sizeof view->captures[all]) break;
    memcpy(to + used, c.name, c.name_size);
    used += c.name_size;
    to[used++] = '=';
    memcpy(to + used, c.text, c.text_size);
    used += c.text_size;
    to[used++] = ';';
  }
  xgr_captures_destroy(captures);
}

static void look(xgr_matcher_t* matcher, view_t* view) {
  memset(view, 0, sizeof *view);
  view->history = xgr_matcher_history_size(matcher);
  view->accepting = xgr_matcher_is_accepting(matcher);
  view->terminated = xgr_matcher_is_terminated(matcher);
  CHECK(xgr_matcher_fill_bitmask(matcher, view->mask, MASK_WORDS, &view->kind) == XGR_OK);
  look_at_captures(matcher, 0, view);
  look_at_captures(matcher, 1, view);
}

/* The view after the calls of the script so far. */
static view_t* expected(run_t* run) {
  return run->calls == 0 ? &before_all : &views[run->calls - 1];
}

static void compare(run_t* run, const char* when) {
  view_t now;
  look(run->matcher, &now);
  if (memcmp(&now, expected(run), sizeof now) == 0) return;
  ++check_failures;
  fprintf(stderr, "%s, %s call %zu: another state; history %zu, expected %zu; captures %s, %s\n",
          run->subject->name, when, run->calls, now.history, expected(run)->history,
          now.captures[1], expected(run)->captures[1]);
}

static void check_lent(const run_t* run) {
  CHECK(!run->lent || memcmp(run->lent, run->lent_words, sizeof run->lent_words) == 0);
}

/* Does a call of the script; when memory runs out, looks at the matcher and does it again. `untouched`
 * says whether the call wrote nothing. */
#define SCRIPT_CALL(call, untouched)                      \
  do {                                                    \
    xgr_status_t status_ = (call);                        \
    if (status_ == XGR_ERROR_OUT_OF_MEMORY) {             \
      fail_from = 0;                                      \
      run->failed = 1;                                    \
      CHECK(untouched);                                   \
      check_lent(run);                                    \
      if (run->matcher) compare(run, "after the failed"); \
      status_ = (call);                                   \
      CHECK(status_ == XGR_OK);                           \
      done(run, 1);                                       \
    } else {                                              \
      CHECK(status_ == XGR_OK);                           \
      done(run, 0);                                       \
    }                                                     \
  } while (0)

/* A call of the script has succeeded. */
static void done(run_t* run, int again) {
  CHECK(run->calls < MOST_CALLS);
  ++run->calls;
  if (run->is_reference) {
    look(run->matcher, expected(run));
  } else if (again) {
    compare(run, "after the repeated");
  }
}

static void fill(run_t* run) {
  uint32_t* to = fills[run->calls];
  uint32_t mask[MASK_WORDS];
  xgr_mask_kind_t kind = 77;
  SCRIPT_CALL(xgr_matcher_fill_bitmask(run->matcher, mask, MASK_WORDS, &kind), kind == 77);
  if (run->is_reference) memcpy(to, mask, sizeof mask);
  CHECK(memcmp(to, mask, sizeof mask) == 0);
}

static void lend(run_t* run) {
  const uint32_t* mask = NULL;
  size_t words = 77;
  SCRIPT_CALL(xgr_matcher_lend_bitmask(run->matcher, &mask, &words, NULL),
              mask == NULL && words == 77);
  run->lent = mask;
  if (mask) memcpy(run->lent_words, mask, sizeof run->lent_words);
  CHECK(!mask || memcmp(mask, expected(run)->mask, sizeof run->lent_words) == 0);
}

static void ask(run_t* run, int32_t token) {
  int32_t allowed = 77;
  SCRIPT_CALL(xgr_matcher_is_token_allowed(run->matcher, token, &allowed), allowed == 77);
  CHECK(allowed == has_bit(expected(run)->mask, token));
}

static void accept(run_t* run, int32_t token, int32_t answer) {
  int32_t accepted = 77;
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_accept_token(run->matcher, token, &accepted), accepted == 77);
  CHECK(accepted == answer);
}

static void accept_text(run_t* run, const char* text) {
  int32_t accepted = 77;
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_accept_bytes(run->matcher, (const uint8_t*)text, strlen(text), &accepted),
              accepted == 77);
  CHECK(accepted == 1);
}

static void go_back(run_t* run, size_t steps) {
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_rollback(run->matcher, steps), 1);
}

static void start_again(run_t* run) {
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_reset(run->matcher), 1);
}

/* Goes on with a clone; the other one goes its own way until it is destroyed. */
static void go_on_with_clone(run_t* run) {
  xgr_matcher_t *clone = NULL, *other = run->matcher;
  int32_t accepted;
  SCRIPT_CALL(xgr_matcher_clone(run->matcher, &clone), clone == NULL);
  run->matcher = clone;
  run->lent = NULL;
  if (xgr_matcher_accept_token(other, 'a', &accepted) == XGR_ERROR_OUT_OF_MEMORY) run->failed = 1;
  xgr_matcher_destroy(other);
}

static void captures(run_t* run, int all) {
  xgr_captures_t* found = NULL;
  SCRIPT_CALL(xgr_matcher_captures(run->matcher, all, &found), found == NULL);
  CHECK(xgr_captures_size(found) == expected(run)->capture_count[all]);
  xgr_captures_destroy(found);
}

/* What follows from here, of which the output is one way: nothing of it changes the matcher. */
static void look_ahead(run_t* run, const char* text) {
  uint32_t masks[4 * MASK_WORDS];
  xgr_mask_kind_t kinds[4];
  const int32_t tokens[3] = {text[0], text[1], text[1] ? text[2] : 0}, parents[3] = {-1, 0, 0};
  const size_t count = text[1] == 0 ? 1 : text[2] == 0 ? 2 : 3;
  size_t valid = 77, again = 77, size = 77;
  uint8_t bytes[8];
  xgr_draft_tree_t tree = XGR_DRAFT_TREE_INIT;
  SCRIPT_CALL(xgr_matcher_validate_tokens(run->matcher, tokens, count, &valid), valid == 77);
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_fill_draft(run->matcher, tokens, count, masks, 4 * MASK_WORDS, MASK_WORDS,
                                     kinds, 4, &again),
              again == 77);
  CHECK(again == valid && memcmp(masks, expected(run)->mask, sizeof expected(run)->mask) == 0);
  tree.tokens = tokens;
  tree.node_count = count;
  tree.parents = parents;
  SCRIPT_CALL(xgr_matcher_fill_draft_tree(run->matcher, masks, 4 * MASK_WORDS, MASK_WORDS, NULL,
                                          NULL, 0, &tree),
              1);
  SCRIPT_CALL(xgr_matcher_forced_bytes(run->matcher, 0, bytes, 8, &size), size == 77);
  CHECK(size > strlen(text) || memcmp(text, bytes, size) == 0);
  size = 77;
  {
    int32_t forced[4];
    SCRIPT_CALL(xgr_matcher_forced_tokens(run->matcher, NULL, 0, forced, 4, &size), size == 77);
  }
}

/* One token and its mask in a batch: what runs out of memory is told by matcher. */
static xgr_status_t in_batch(run_t* run, int32_t token, int32_t* accepted) {
  xgr_batch_options_t options = XGR_BATCH_OPTIONS_INIT;
  xgr_batch_t* batch = NULL;
  uint32_t mask[MASK_WORDS];
  xgr_status_t each = XGR_OK, all;
  options.no_threads = 1;
  all = xgr_batch_create(&options, &batch, NULL);
  if (all == XGR_OK)
    all = xgr_batch_fill_bitmask(batch, &run->matcher, 1, mask, MASK_WORDS, MASK_WORDS, NULL, NULL,
                                 &each);
  if (all == XGR_OK && each == XGR_OK)
    all = xgr_batch_accept_token(batch, &run->matcher, 1, &token, accepted, &each);
  xgr_batch_destroy(batch);
  return all == XGR_OK ? each : all;
}

static void accept_in_batch(run_t* run, int32_t token) {
  int32_t accepted = 0;
  run->lent = NULL;
  SCRIPT_CALL(in_batch(run, token, &accepted), accepted == 0);
  CHECK(accepted == 1);
}

static void accept_both(run_t* run, const char* text) {
  const int32_t tokens[2] = {text[0], text[1]};
  size_t count = 77;
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_accept_tokens(run->matcher, tokens, 2, &count), count == 77);
  CHECK(count == 2);
}

/* A filter with every token changes no mask. */
static void lay_filter(run_t* run) {
  uint32_t filter[MASK_WORDS];
  CHECK(xgr_bitmask_reset(filter, MASK_WORDS) == XGR_OK);
  run->lent = NULL;
  SCRIPT_CALL(xgr_matcher_set_filter(run->matcher, filter, MASK_WORDS), 1);
}

static void write_output(run_t* run) {
  const char* text = run->subject->output;
  const size_t size = strlen(text);
  size_t i;
  for (i = 0; i < size; ++i) {
    if (i % 3 == 1) {
      lend(run);
    } else {
      fill(run);
    }
    ask(run, text[i]);
    ask(run, 'a' + (int32_t)(i % 5));
    accept(run, TOKEN_EMPTY, 0);
    if (run->subject->few_tokens) {
      accept_text(run, i + 1 < size && text[i] == 'a' ? "aa" : "b");
      i += i + 1 < size && text[i] == 'a';
    } else if (i == 2 && i + 1 < size) {
      look_ahead(run, text + i);
      accept_both(run, text + i);
      ++i;
    } else if (i == 4) {
      accept_in_batch(run, text[i]);
      lay_filter(run);
    } else {
      accept(run, text[i], 1);
    }
    if (i == size / 2) go_on_with_clone(run);
    if (i == size / 2 + 1) captures(run, 1);
  }
}

static void end_output(run_t* run) {
  const char* text = run->subject->output;
  const size_t steps = xgr_matcher_history_size(run->matcher);
  captures(run, 0);
  lend(run);
  go_back(run, 2);
  captures(run, 1);
  fill(run);
  go_back(run, steps / 2 - 1);
  start_again(run);
  if (run->subject->way == WHOLE_TOKENS) {
    for (; *text; ++text) accept(run, *text, 1);
  } else {
    accept_text(run, text);
  }
  fill(run);
  captures(run, 0);
  go_on_with_clone(run);
  accept(run, run->subject->few_tokens ? FEW_STOP : TOKEN_STOP, expected(run)->accepting);
  captures(run, 1);
  go_back(run, 1);
  fill(run);
}

/* The memory of the tokenizer is there: it is made once. */
static xgr_tokenizer_t *all_bytes, *few_tokens;

static void make_few_tokens(void) {
  static const char text[] = "aabbc</s>";
  static const uint32_t sizes[] = {2, 1, 1, 1, 4};
  static const uint8_t kinds[] = {0, 0, 0, 0, XGR_TOKEN_KIND_STOP};
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.token_kinds = kinds;
  options.token_kind_count = 5;
  options.vocab_size = VOCAB_SIZE;
  CHECK(xgr_tokenizer_create((const uint8_t*)text, sizeof text - 1, sizes, 5, &options, &few_tokens,
                             NULL) == XGR_OK);
}

/* Does a call that has no matcher yet, and again when memory ran out. */
static xgr_status_t once_more(run_t* run, xgr_status_t (*call)(run_t*)) {
  xgr_status_t status = call(run);
  if (status != XGR_OK && status != XGR_ERROR_OUT_OF_MEMORY)
    fprintf(stderr, "%s: status %d\n", run->subject->name, (int)status);
  if (status != XGR_ERROR_OUT_OF_MEMORY) return status;
  fail_from = 0;
  run->failed = 1;
  CHECK(run->matcher == NULL);
  return call(run);
}

static xgr_status_t make_compiler_call(run_t* run) {
  return xgr_compiler_create(run->subject->few_tokens ? few_tokens : all_bytes, NULL,
                             &run->compiler, NULL);
}

static xgr_status_t compile_composed(run_t* run) {
  static const char ebnf[] =
      "root ::= sum\nsum ::= sum \"+\" item | item\n"
      "item ::= [0-9]{1,3} | \"(\" sum \")\"";
  static const uint32_t sizes[] = {1, 2};
  xgr_grammar_source_t *parts[2] = {NULL, NULL}, *both = NULL, *all = NULL, *whole = NULL;
  xgr_status_t s = xgr_grammar_source_from_ebnf(ebnf, sizeof ebnf - 1, NULL, &parts[0], NULL);
  if (s == XGR_OK) s = xgr_grammar_source_from_regex(".{0,4}", 6, NULL, &both, NULL);
  if (s == XGR_OK) s = xgr_grammar_source_intersection(parts[0], both, &all, NULL);
  xgr_grammar_source_destroy(parts[0]);
  parts[0] = all;
  if (s == XGR_OK) s = xgr_grammar_source_from_choices("+1+", 3, sizes, 2, &parts[1], NULL);
  if (s == XGR_OK) s = xgr_grammar_source_concat(parts, 2, &whole, NULL);
  if (s == XGR_OK) s = xgr_compiler_compile_source(run->compiler, whole, NULL, &run->grammar, NULL);
  xgr_grammar_source_destroy(both);
  xgr_grammar_source_destroy(parts[0]);
  xgr_grammar_source_destroy(parts[1]);
  xgr_grammar_source_destroy(whole);
  return s;
}

static xgr_status_t compile_by_job(run_t* run) {
  const char* text = run->subject->text;
  xgr_grammar_source_t* source = NULL;
  xgr_compile_job_t* job = NULL;
  xgr_status_t s = xgr_grammar_source_from_ebnf(text, strlen(text), NULL, &source, NULL);
  if (s == XGR_OK) s = xgr_compiler_start_job(run->compiler, source, NULL, &job, NULL);
  if (s == XGR_ERROR_LIMIT_EXCEEDED) s = XGR_ERROR_OUT_OF_MEMORY; /* no memory for a thread */
  if (s == XGR_OK) {
    CHECK(xgr_compile_job_wait(job, 60000) == 1);
    s = xgr_compile_job_result(job, &run->grammar, NULL);
  }
  xgr_compile_job_destroy(job);
  xgr_grammar_source_destroy(source);
  return s;
}

static xgr_status_t compile(run_t* run) {
  const subject_t* s = run->subject;
  const size_t size = strlen(s->text);
  xgr_json_schema_options_t options = XGR_JSON_SCHEMA_OPTIONS_INIT;
  if (s->way == BY_JOB) return compile_by_job(run);
  switch (s->language) {
    case JSON_SCHEMA:
      options.lenient = s->lenient;
      options.any_order = s->any_order;
      options.unique_names = s->unique_names;
      return xgr_compiler_compile_json_schema(run->compiler, s->text, size, NULL, &options, NULL,
                                              &run->grammar, NULL);
    case EBNF:
      return xgr_compiler_compile_ebnf(run->compiler, s->text, size, NULL, NULL, &run->grammar,
                                       NULL);
    case REGEX:
      return xgr_compiler_compile_regex(run->compiler, s->text, size, NULL, NULL, &run->grammar,
                                        NULL);
    case LARK:
      return xgr_compiler_compile_lark(run->compiler, s->text, size, NULL, NULL, &run->grammar,
                                       NULL);
    case JSON:
      return xgr_compiler_compile_json(run->compiler, NULL, NULL, &run->grammar, NULL);
    default:
      return compile_composed(run);
  }
}

/* From the cache. */
static xgr_status_t compile_again(run_t* run) {
  xgr_grammar_t* first = run->grammar;
  xgr_status_t status;
  run->grammar = NULL;
  status = compile(run);
  CHECK(status == XGR_OK || run->grammar == NULL);
  xgr_grammar_destroy(run->grammar);
  run->grammar = first;
  return status;
}

static xgr_status_t create(run_t* run) {
  return xgr_matcher_create(run->grammar, NULL, &run->matcher, NULL);
}

static void end(run_t* run) {
  xgr_matcher_destroy(run->matcher);
  xgr_grammar_destroy(run->grammar);
  xgr_compiler_destroy(run->compiler);
}

/* From the compiler on; allocation `n` fails, 0: none. Tells whether a call has. */
static int life(const subject_t* subject, int is_reference, long n, int for_ever) {
  run_t all = {0}, *run = &all;
  all.subject = subject;
  all.is_reference = is_reference;
  calls = 0;
  fail_for_ever = for_ever;
  fail_from = n;
  CHECK(once_more(run, make_compiler_call) == XGR_OK);
  CHECK(once_more(run, compile) == XGR_OK);
  CHECK(once_more(run, compile_again) == XGR_OK);
  CHECK(once_more(run, create) == XGR_OK);
  if (check_failures == 0) {
    if (is_reference) look(run->matcher, &before_all);
    write_output(run);
    end_output(run);
    fail_from = 0;
    compare(run, "at the end, after");
  }
  fail_from = 0;
  end(run);
  return all.failed;
}

static void try_subject(const subject_t* subject, int each) {
  const long live_before = live;
  long total, n, step, tried = 0;
  life(subject, 1, 0, 0);
  life(subject, 0, 0, 0);
  total = calls;
  step = each ? 1 : total / MOST_RUNS + 1;
  for (n = 1; n <= total && check_failures == 0; n += step) {
    life(subject, 0, n, 0);
    if ((each || n % 4 == 0) && check_failures == 0) life(subject, 0, n, 1);
    CHECK(live == live_before);
    if (check_failures > 0)
      fprintf(stderr, "%s: allocation %ld fails; %ld blocks more\n", subject->name, n,
              live - live_before);
    ++tried;
  }
  printf("%s: %ld allocations, %ld of them failed\n", subject->name, total, tried);
}

int main(int count, char** words) {
  size_t i;
  setvbuf(stdout, NULL, _IOLBF, 0);
  CHECK(make_tokenizer(&all_bytes, NULL) == XGR_OK);
  make_few_tokens();
  for (i = 0; i < sizeof subjects / sizeof *subjects && check_failures == 0; ++i) {
    if (count > 1 && strstr(subjects[i].name, words[1]) == NULL) continue;
    life(&subjects[i], 1, 0, 0); /* fills what is kept for the whole process */
    try_subject(&subjects[i], count > 1);
  }
  xgr_tokenizer_destroy(all_bytes);
  xgr_tokenizer_destroy(few_tokens);
  return check_result();
}
#endif
