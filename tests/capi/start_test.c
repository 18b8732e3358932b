/* Deferred starts: the text of an output begins behind, or with, one of several sequences. */
#include "check.h"

static xgr_start_sequence_t text(const char* bytes, int32_t implicit) {
  xgr_start_sequence_t s = XGR_START_SEQUENCE_INIT;
  s.bytes = (const uint8_t*)bytes;
  s.byte_count = strlen(bytes);
  s.is_implicit = implicit;
  return s;
}

static xgr_start_sequence_t ids(const int32_t* tokens, size_t count, int32_t implicit) {
  xgr_start_sequence_t s = XGR_START_SEQUENCE_INIT;
  s.tokens = tokens;
  s.token_count = count;
  s.is_implicit = implicit;
  return s;
}

static xgr_status_t create(const char* ebnf, const xgr_matcher_options_t* options,
                           xgr_matcher_t** out_matcher, const char* named) {
  xgr_compiler_t* compiler = make_compiler();
  xgr_grammar_t* grammar = compile_ebnf(compiler, ebnf);
  xgr_error_t* error = NULL;
  xgr_status_t status;
  status = xgr_matcher_create(grammar, options, out_matcher, &error);
  CHECK(strstr(xgr_error_message(error, NULL), named) != NULL);
  xgr_error_destroy(error);
  xgr_grammar_destroy(grammar);
  xgr_compiler_destroy(compiler);
  return status;
}

static xgr_matcher_t* waits(const char* ebnf, const xgr_matcher_options_t* options) {
  xgr_matcher_t* matcher = NULL;
  CHECK(create(ebnf, options, &matcher, "") == XGR_OK);
  return matcher;
}

/* The number of tokens that may come next; every call agrees with the mask. */
static size_t allows(xgr_matcher_t* matcher, uint32_t* mask) {
  const uint32_t* lent = NULL;
  size_t words = 0, valid = 0;
  int32_t token;
  xgr_mask_kind_t kind = -1, lent_kind = -1;
  CHECK(xgr_matcher_fill_bitmask(matcher, mask, MASK_WORDS, &kind) == XGR_OK);
  CHECK(xgr_matcher_lend_bitmask(matcher, &lent, &words, &lent_kind) == XGR_OK);
  CHECK(kind == lent_kind && words == MASK_WORDS && memcmp(lent, mask, 4 * MASK_WORDS) == 0);
  for (token = 0; token < VOCAB_SIZE; ++token) {
    xgr_matcher_t* clone = NULL;
    int32_t allowed = -1;
    CHECK(xgr_matcher_is_token_allowed(matcher, token, &allowed) == XGR_OK);
    CHECK(allowed == has_bit(mask, token));
    CHECK(xgr_matcher_validate_tokens(matcher, &token, 1, &valid) == XGR_OK);
    CHECK((int)valid == allowed);
    CHECK(xgr_matcher_clone(matcher, &clone) == XGR_OK && takes(clone, token) == allowed);
    xgr_matcher_destroy(clone);
  }
  return xgr_bitmask_count(mask, MASK_WORDS);
}

/* Bytes end the thinking; all used tokens are allowed before but the stop token, and what the grammar
   refuses behind the end. */
static void thinking_ends(void) {
  static const int32_t forbidden[] = {'x', 'y'};
  const xgr_start_sequence_t ends[] = {text("</t>", 0), text("tru", 0)};
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_matcher_t* matcher;
  uint32_t mask[MASK_WORDS];
  options.starts = ends;
  options.start_count = 2;
  options.forbidden_tokens = forbidden;
  options.forbidden_token_count = 2;
  matcher = waits("root ::= \"{\" [a-z]", &options);
  /* 256 bytes but two, `{"` and the control token; `true` ends with an `e` too much. */
  CHECK(allows(matcher, mask) == 256 - 2 + 2);
  CHECK(!has_bit(mask, TOKEN_TRUE) && !has_bit(mask, TOKEN_STOP) && has_bit(mask, TOKEN_CONTROL));
  CHECK(takes(matcher, 'a') && !takes(matcher, 'x') && accepts(matcher, "b</") &&
        takes(matcher, 't'));
  CHECK(xgr_matcher_is_waiting(matcher) && !xgr_matcher_is_accepting(matcher));
  CHECK(takes(matcher, '>') && !xgr_matcher_is_waiting(matcher));
  CHECK(allows(matcher, mask) == 1 && has_bit(mask, '{'));
  CHECK(accepts(matcher, "{x") && xgr_matcher_is_accepting(matcher) && takes(matcher, TOKEN_STOP));
  CHECK(xgr_matcher_rollback(matcher, 4) == XGR_OK && xgr_matcher_is_waiting(matcher));
  CHECK(takes(matcher, 't') && !accepts(matcher, ">x") && accepts(matcher, "ru{"));
  CHECK(xgr_matcher_reset(matcher) == XGR_OK && xgr_matcher_is_waiting(matcher));
  CHECK(allows(matcher, mask) == 256);
  xgr_matcher_destroy(matcher);
}

/* A token begins a call, which belongs to the text, or text does; or there is none. */
static void a_trigger_begins_a_call(void) {
  static const int32_t call[] = {TOKEN_OPEN}, control[] = {TOKEN_CONTROL};
  const xgr_start_sequence_t starts[] = {ids(call, 1, 1), ids(control, 1, 0), text("{'", 0)};
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_matcher_t* matcher;
  uint32_t mask[MASK_WORDS];
  options.starts = starts;
  options.start_count = 3;
  options.may_end_waiting = 1;
  matcher = waits("root ::= \"{\\\"\" [ab]", &options);
  CHECK(allows(matcher, mask) == 256 + 4);
  CHECK(xgr_matcher_is_accepting(matcher) && takes(matcher, 'q') && takes(matcher, TOKEN_STOP));
  CHECK(xgr_matcher_is_terminated(matcher) && xgr_matcher_is_waiting(matcher));
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK && takes(matcher, TOKEN_OPEN));
  CHECK(allows(matcher, mask) == 2 && has_bit(mask, 'a') && has_bit(mask, 'b'));
  CHECK(xgr_matcher_rollback(matcher, 1) == XGR_OK && takes(matcher, TOKEN_CONTROL));
  CHECK(allows(matcher, mask) == 2 && has_bit(mask, '{') && has_bit(mask, TOKEN_OPEN));
  xgr_matcher_destroy(matcher);
}

static void a_budget_forces_the_end(void) {
  const xgr_start_sequence_t end = text("{\"}", 0);
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_matcher_t* matcher;
  uint32_t mask[MASK_WORDS];
  uint8_t forced[8];
  size_t size = 0;
  options.starts = &end;
  options.start_count = 1;
  options.has_max_waiting_tokens = 1;
  options.max_waiting_tokens = 2;
  matcher = waits("root ::= \"ab\"", &options);
  CHECK(takes(matcher, 'q') && accepts(matcher, "bytes do not count") && takes(matcher, 'q'));
  CHECK(allows(matcher, mask) == 2 && has_bit(mask, '{') && has_bit(mask, TOKEN_OPEN));
  CHECK(xgr_matcher_forced_bytes(matcher, 0, forced, sizeof forced, &size) == XGR_OK);
  CHECK(size == 5 && memcmp(forced, "{\"}ab", 5) == 0);
  CHECK(takes(matcher, TOKEN_OPEN) && allows(matcher, mask) == 1 && takes(matcher, '}'));
  CHECK(accepts(matcher, "ab") && xgr_matcher_is_accepting(matcher));
  xgr_matcher_destroy(matcher);
}

static void what_is_no_start_is_refused(void) {
  static const int32_t stop[] = {TOKEN_STOP};
  struct {
    xgr_start_sequence_t known;
    size_t unknown;
  } newer[2];
  xgr_start_sequence_t s = text("a", 0);
  xgr_matcher_options_t options = XGR_MATCHER_OPTIONS_INIT;
  xgr_matcher_t* matcher = NULL;
  const char* ebnf = "root ::= \"a\"";
  options.may_end_waiting = 1;
  CHECK(create(ebnf, &options, &matcher, "need starts") == XGR_ERROR_INVALID_ARGUMENT);
  options.may_end_waiting = 0;
  options.start_count = 1;
  CHECK(create(ebnf, &options, &matcher, "starts is NULL") == XGR_ERROR_INVALID_ARGUMENT);
  options.starts = &s;
  options.forbidden_token_count = 1;
  CHECK(create(ebnf, &options, &matcher, "forbidden_tokens is NULL") == XGR_ERROR_INVALID_ARGUMENT);
  options.forbidden_token_count = 0;
  options.reserved = 1;
  CHECK(create(ebnf, &options, &matcher, "reserved") == XGR_ERROR_INVALID_ARGUMENT);
  options.reserved = 0;
  s.reserved = 1;
  CHECK(create(ebnf, &options, &matcher, "[0]: reserved") == XGR_ERROR_INVALID_ARGUMENT);
  s = text("a", 0);
  s.bytes = NULL;
  CHECK(create(ebnf, &options, &matcher, "[0]: bytes is NULL") == XGR_ERROR_INVALID_ARGUMENT);
  s = ids(NULL, 1, 0);
  CHECK(create(ebnf, &options, &matcher, "[0]: tokens is NULL") == XGR_ERROR_INVALID_ARGUMENT);
  s = ids(stop, 1, 0);
  CHECK(create(ebnf, &options, &matcher, "stop token") == XGR_ERROR_INVALID_ARGUMENT);
  s = text("b", 1);
  CHECK(create(ebnf, &options, &matcher, "no string of the grammar") == XGR_ERROR_INVALID_ARGUMENT);
  s = text("b", 0);
  s.struct_size = 8;
  CHECK(create(ebnf, &options, &matcher, "struct_size") == XGR_ERROR_INVALID_ARGUMENT);
  memset(newer, 0, sizeof newer);
  newer[0].known = newer[1].known = text("b", 0);
  newer[0].known.struct_size = newer[1].known.struct_size = sizeof newer[0];
  options.starts = &newer[0].known;
  options.start_count = 2;
  CHECK(create(ebnf, &options, &matcher, "") == XGR_OK);
  xgr_matcher_destroy(matcher);
  newer[1].unknown = 1;
  CHECK(create(ebnf, &options, &matcher, "[1]") == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_matcher_is_waiting(NULL) == 0);
}

int main(void) {
  thinking_ends();
  a_trigger_begins_a_call();
  a_budget_forces_the_end();
  what_is_no_start_is_refused();
  return check_result();
}
