/* xgr/compile_job.h: compiles that run while the caller does something else, and ways to end them. */
#include "check.h"

static xgr_compiler_t* compiler_with(int32_t threads) {
  xgr_tokenizer_t* tokenizer = NULL;
  xgr_compiler_t* compiler = NULL;
  xgr_compiler_options_t options = XGR_COMPILER_OPTIONS_INIT;
  options.threads = threads;
  CHECK(make_tokenizer(&tokenizer, NULL) == XGR_OK);
  CHECK(xgr_compiler_create(tokenizer, &options, &compiler, NULL) == XGR_OK);
  xgr_tokenizer_destroy(tokenizer);
  return compiler;
}

static xgr_grammar_source_t* ebnf_source(const char* text, int32_t deferred) {
  xgr_grammar_source_t* source = NULL;
  xgr_ebnf_options_t options = XGR_EBNF_OPTIONS_INIT;
  options.deferred = deferred;
  CHECK(xgr_grammar_source_from_ebnf(text, strlen(text), &options, &source, NULL) == XGR_OK);
  return source;
}

static xgr_compile_job_t* start(xgr_compiler_t* compiler, const char* text) {
  xgr_compile_job_t* job = NULL;
  xgr_grammar_source_t* source = ebnf_source(text, 1);
  CHECK(xgr_compiler_start_job(compiler, source, NULL, &job, NULL) == XGR_OK);
  xgr_grammar_source_destroy(source);
  return job;
}

static void a_job_gives_its_grammar(int32_t threads) {
  xgr_compiler_t* compiler = compiler_with(threads);
  xgr_compile_job_t* job = start(compiler, "root ::= \"ab\"*");
  xgr_grammar_t *first = NULL, *second = NULL;
  CHECK(xgr_compile_job_wait(job, -1) == 1);
  CHECK(xgr_compile_job_is_done(job) == 1 && xgr_compile_job_wait(job, 0) == 1);
  CHECK(xgr_compile_job_result(job, &first, NULL) == XGR_OK);
  CHECK(xgr_compile_job_result(job, &second, NULL) == XGR_OK);
  xgr_compile_job_cancel(job); /* too late */
  xgr_compile_job_destroy(job);
  xgr_compiler_destroy(compiler);
  CHECK(first != second && matches(first, "abab") && matches(second, "ab"));
  xgr_grammar_destroy(first);
  xgr_grammar_destroy(second);
}

static void many_jobs_wait_for_their_turn(void) {
  enum { COUNT = 40 };
  xgr_compiler_t* compiler = compiler_with(3);
  xgr_compile_job_t* jobs[COUNT];
  char text[40];
  int i;
  for (i = 0; i < COUNT; ++i) {
    sprintf(text, "root ::= \"a\"{%d}", i / 2 + 1); /* each twice */
    jobs[i] = start(compiler, text);
  }
  xgr_compiler_destroy(compiler); /* the jobs go on */
  for (i = 0; i < COUNT; ++i) {
    xgr_grammar_t* grammar = NULL;
    CHECK(xgr_compile_job_wait(jobs[i], 60000) == 1);
    CHECK(xgr_compile_job_result(jobs[i], &grammar, NULL) == XGR_OK);
    xgr_grammar_destroy(grammar);
    xgr_compile_job_destroy(jobs[i]);
  }
}

static void what_is_wrong_is_the_result(void) {
  xgr_compiler_t* compiler = compiler_with(1);
  xgr_compile_job_t* job = start(compiler, "root ::= \"a\"\nb ::= )");
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_compile_job_wait(job, -1) == 1);
  CHECK(xgr_compile_job_result(job, &grammar, &error) == XGR_ERROR_INVALID_SOURCE);
  CHECK(grammar == NULL && xgr_error_line(error) == 2);
  xgr_error_destroy(error);
  xgr_compile_job_destroy(job);
  xgr_compiler_destroy(compiler);
}

static void a_cancelled_job_is_done(void) {
  xgr_compiler_t* compiler = compiler_with(1);
  xgr_compile_options_t options = XGR_COMPILE_OPTIONS_INIT;
  xgr_grammar_source_t* source = ebnf_source("root ::= \"a\"", 0);
  xgr_compile_job_t* job = NULL;
  xgr_cancel_t* cancel = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_cancel_create(&cancel) == XGR_OK);
  options.cancel = cancel;
  xgr_cancel_request(cancel);
  CHECK(xgr_compiler_start_job(compiler, source, &options, &job, NULL) == XGR_OK);
  CHECK(xgr_compile_job_is_done(job) == 1);
  CHECK(xgr_compile_job_result(job, &grammar, &error) == XGR_ERROR_CANCELLED);
  CHECK(xgr_error_status(error) == XGR_ERROR_CANCELLED && grammar == NULL);
  xgr_error_destroy(error);
  error = NULL;
  CHECK(xgr_compiler_compile_source(compiler, source, &options, &grammar, &error) ==
        XGR_ERROR_CANCELLED);
  xgr_error_destroy(error);
  xgr_cancel_destroy(cancel);
  xgr_compile_job_destroy(job);
  xgr_grammar_source_destroy(source);
  xgr_compiler_destroy(compiler);
}

/* Takes about a second to read, so that what ends it early shows. */
static xgr_grammar_source_t* slow_source(char** out_text) {
  enum { RULES = 60000 };
  char* text = malloc(RULES * 64);
  size_t used = (size_t)sprintf(text, "root ::= r0\n");
  int i;
  for (i = 0; i < RULES; ++i)
    used += (size_t)sprintf(text + used, "r%d ::= \"a%d\" r%d | \"x\" | [a-z%d]\n", i, i,
                            i + 1 < RULES ? i + 1 : 0, i % 10);
  *out_text = text;
  return ebnf_source(text, 1);
}

static void a_compile_ends_early(void) {
  xgr_compiler_t* compiler = compiler_with(1);
  xgr_compile_options_t options = XGR_COMPILE_OPTIONS_INIT;
  char* text = NULL;
  xgr_grammar_source_t* source = slow_source(&text);
  xgr_compile_job_t *job = NULL, *other = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_error_t* error = NULL;
  options.timeout_milliseconds = 1;
  CHECK(xgr_compiler_compile_source(compiler, source, &options, &grammar, &error) ==
        XGR_ERROR_LIMIT_EXCEEDED);
  CHECK(error != NULL && strstr(xgr_error_message(error, NULL), "timeout_milliseconds = 1"));
  xgr_error_destroy(error);
  error = NULL;
  CHECK(xgr_compiler_start_job(compiler, source, NULL, &job, NULL) == XGR_OK);
  CHECK(xgr_compiler_start_job(compiler, source, NULL, &other, NULL) == XGR_OK);
  CHECK(xgr_compile_job_is_done(job) == 0 && xgr_compile_job_wait(job, 1) == 0);
  CHECK(xgr_compile_job_result(job, &grammar, &error) == XGR_ERROR_INVALID_STATE);
  xgr_error_destroy(error);
  xgr_compile_job_cancel(job);
  CHECK(xgr_compile_job_is_done(job) == 1);
  CHECK(xgr_compile_job_result(job, &grammar, NULL) == XGR_ERROR_CANCELLED);
  xgr_compile_job_destroy(job);
  CHECK(xgr_compile_job_wait(other, -1) == 1); /* who waits on gets the grammar */
  CHECK(xgr_compile_job_result(other, &grammar, NULL) == XGR_OK && grammar != NULL);
  xgr_compile_job_destroy(other);
  xgr_grammar_destroy(grammar);
  xgr_grammar_source_destroy(source);
  xgr_compiler_destroy(compiler);
  free(text);
}

static void a_running_job_may_be_destroyed(void) {
  xgr_compiler_t* compiler = compiler_with(1);
  char* text = NULL;
  xgr_grammar_source_t* source = slow_source(&text);
  xgr_compile_job_t* job = NULL;
  CHECK(xgr_compiler_start_job(compiler, source, NULL, &job, NULL) == XGR_OK);
  xgr_compile_job_destroy(job);
  xgr_grammar_source_destroy(source);
  free(text);
  job = start(compiler, "root ::= \"a\"");
  xgr_compile_job_destroy(job);
  xgr_compiler_destroy(compiler);
}

static void null_is_refused_or_harmless(void) {
  xgr_compiler_t* compiler = compiler_with(1);
  xgr_grammar_source_t* source = ebnf_source("root ::= \"a\"", 0);
  xgr_compile_job_t* job = NULL;
  xgr_grammar_t* grammar = NULL;
  xgr_compile_options_t options = XGR_COMPILE_OPTIONS_INIT;
  CHECK(xgr_compiler_start_job(NULL, source, NULL, &job, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_compiler_start_job(compiler, NULL, NULL, &job, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_compiler_start_job(compiler, source, NULL, NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  options.reserved = 1;
  CHECK(xgr_compiler_start_job(compiler, source, &options, &job, NULL) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(job == NULL);
  CHECK(xgr_compile_job_is_done(NULL) == 1 && xgr_compile_job_wait(NULL, 5) == 1);
  CHECK(xgr_compile_job_result(NULL, &grammar, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_compile_job_cancel(NULL);
  xgr_compile_job_destroy(NULL);
  job = start(compiler, "root ::= \"a\"");
  CHECK(xgr_compile_job_result(job, NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_compile_job_destroy(job);
  xgr_grammar_source_destroy(source);
  xgr_compiler_destroy(compiler);
}

int main(void) {
  a_job_gives_its_grammar(1);
  a_job_gives_its_grammar(4);
  many_jobs_wait_for_their_turn();
  what_is_wrong_is_the_result();
  a_cancelled_job_is_done();
  a_compile_ends_early();
  a_running_job_may_be_destroyed();
  null_is_refused_or_harmless();
  return check_result();
}
