/* xgr/batch.h: many matchers at once do what each would do alone. */
#include "check.h"

enum { COUNT = 9, ROWS = 12, STRIDE = MASK_WORDS + 1 };

static xgr_batch_t* make_batch(int32_t threads) {
  xgr_batch_options_t options = XGR_BATCH_OPTIONS_INIT;
  xgr_batch_t* batch = NULL;
  options.threads = threads;
  options.no_threads = threads == 0;
  CHECK(xgr_batch_create(&options, &batch, NULL) == XGR_OK);
  CHECK(xgr_batch_threads(batch) == threads);
  return batch;
}

static void make_all(xgr_matcher_t** out) {
  static const char* const texts[] = {"root ::= \"{\\\"\" [a-c]+ \"\\\"}\"", "root ::= [0-9]{1,9}",
                                      "root ::= \"true\" | \"tree\"", "root ::= [^x]*"};
  size_t i;
  for (i = 0; i < COUNT; ++i) out[i] = matcher_for(texts[i % 4]);
}

static void destroy_all(xgr_matcher_t** matchers) {
  size_t i;
  for (i = 0; i < COUNT; ++i) xgr_matcher_destroy(matchers[i]);
}

/* Fills into rows from behind, and compares each with the mask that the matcher fills alone. */
static void compare_masks(xgr_batch_t* batch, xgr_matcher_t** matchers) {
  uint32_t masks[ROWS * STRIDE], alone[MASK_WORDS];
  int32_t rows[COUNT];
  xgr_mask_kind_t kinds[COUNT], kind;
  xgr_status_t statuses[COUNT];
  size_t i;
  memset(masks, 0xA5, sizeof masks);
  for (i = 0; i < COUNT; ++i) rows[i] = (int32_t)(ROWS - 1 - i);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, STRIDE, rows, kinds,
                               statuses) == XGR_OK);
  for (i = 0; i < COUNT; ++i) {
    const uint32_t* row = masks + (size_t)rows[i] * STRIDE;
    CHECK(xgr_matcher_fill_bitmask(matchers[i], alone, MASK_WORDS, &kind) == XGR_OK);
    CHECK(statuses[i] == XGR_OK && kinds[i] == kind);
    CHECK(memcmp(row, alone, sizeof alone) == 0 && row[MASK_WORDS] == 0xA5A5A5A5u);
  }
  CHECK(masks[0] == 0xA5A5A5A5u); /* nobody's row */
  memset(masks, 0, sizeof masks);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, COUNT * STRIDE, STRIDE, NULL, NULL,
                               statuses) == XGR_OK);
  CHECK(memcmp(masks + (COUNT - 1) * STRIDE, alone, sizeof alone) == 0);
}

static void batches_do_what_matchers_do(int32_t threads) {
  static const int32_t tokens[COUNT] = {TOKEN_OPEN, '7',        'x', 'a', TOKEN_OPEN,
                                        TOKEN_STOP, TOKEN_TRUE, -1,  '{'};
  static const int32_t expected[COUNT] = {1, 1, 0, 1, 1, 0, 1, 0, 1};
  static const size_t sizes[COUNT] = {1, 2, 4, 0, 1, 3, 0, 1, 2}; /* "b" "12" "tree" ... */
  static const char text[] = "b12treea123!{\"";
  static const int32_t takes_text[COUNT] = {1, 1, 1, 1, 1, 1, 1, 1, 0};
  static const size_t undone[COUNT] = {1, 2, 9, 1, 0, 1, 1, 1, 1};
  xgr_batch_t* batch = make_batch(threads);
  xgr_matcher_t* matchers[COUNT];
  int32_t accepted[COUNT];
  xgr_status_t statuses[COUNT];
  size_t i;
  make_all(matchers);
  compare_masks(batch, matchers);
  CHECK(xgr_batch_accept_token(batch, matchers, COUNT, tokens, accepted, statuses) == XGR_OK);
  for (i = 0; i < COUNT; ++i) CHECK(statuses[i] == XGR_OK && accepted[i] == expected[i]);
  compare_masks(batch, matchers);
  CHECK(xgr_batch_accept_bytes(batch, matchers, COUNT, (const uint8_t*)text, sizeof text - 1, sizes,
                               accepted, statuses) == XGR_OK);
  for (i = 0; i < COUNT; ++i) {
    CHECK(statuses[i] == XGR_OK && accepted[i] == takes_text[i]);
    CHECK(xgr_matcher_history_size(matchers[i]) == (size_t)(expected[i] + takes_text[i]));
  }
  compare_masks(batch, matchers);
  CHECK(xgr_batch_rollback(batch, matchers, COUNT, undone, statuses) == XGR_OK);
  for (i = 0; i < COUNT; ++i) {
    const size_t before = (size_t)(expected[i] + takes_text[i]);
    const int fits = undone[i] <= before;
    CHECK(statuses[i] == (fits ? XGR_OK : XGR_ERROR_INVALID_ARGUMENT));
    CHECK(xgr_matcher_history_size(matchers[i]) == before - (fits ? undone[i] : 0));
  }
  compare_masks(batch, matchers);
  destroy_all(matchers);
  xgr_batch_destroy(batch);
}

static void wrong_calls_change_nothing(void) {
  static const int32_t tokens[COUNT] = {0}, row_twice[COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 0};
  static const int32_t row_outside[COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, ROWS};
  static const size_t sizes[COUNT] = {1, 1, 1, 1, 1, 1, 1, 1, SIZE_MAX};
  uint32_t masks[ROWS * STRIDE];
  int32_t accepted[COUNT] = {7};
  xgr_status_t statuses[COUNT] = {77};
  xgr_batch_t* batch = make_batch(2);
  xgr_matcher_t *matchers[COUNT], *last;
  const uint8_t* bytes = (const uint8_t*)"0123456789";
  make_all(matchers);
  last = matchers[COUNT - 1];
  matchers[COUNT - 1] = matchers[0];
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, STRIDE, NULL, NULL,
                               statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_accept_token(batch, matchers, COUNT, tokens, accepted, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  matchers[COUNT - 1] = NULL;
  CHECK(xgr_batch_accept_token(batch, matchers, COUNT, tokens, accepted, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  matchers[COUNT - 1] = last;
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, MASK_WORDS - 1, NULL,
                               NULL, statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, 0, NULL, NULL,
                               statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, COUNT * STRIDE - 1, STRIDE, NULL,
                               NULL, statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, STRIDE, row_twice,
                               NULL, statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, STRIDE, row_outside,
                               NULL, statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_accept_bytes(batch, matchers, COUNT, bytes, 9, sizes, accepted, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_accept_bytes(batch, matchers, COUNT - 1, bytes, 9, sizes, accepted, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(NULL, matchers, COUNT, masks, 1, 1, NULL, NULL, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, NULL, 1, 1, NULL, NULL, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_fill_bitmask(batch, matchers, COUNT, masks, ROWS * STRIDE, STRIDE, NULL, NULL,
                               NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_accept_token(batch, matchers, COUNT, NULL, accepted, statuses) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_rollback(batch, matchers, COUNT, NULL, statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_rollback(batch, NULL, COUNT, sizes, statuses) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(statuses[0] == 77 && accepted[0] == 7 && xgr_matcher_history_size(matchers[0]) == 0);
  CHECK(xgr_batch_rollback(batch, NULL, 0, NULL, NULL) == XGR_OK);
  compare_masks(batch, matchers);
  destroy_all(matchers);
  xgr_batch_destroy(batch);
}

static void a_request_stops_what_is_left(void) {
  static const int32_t tokens[COUNT] = {TOKEN_OPEN};
  xgr_cancel_t* cancel = NULL;
  xgr_batch_t* batch = make_batch(1);
  xgr_matcher_t* matchers[COUNT];
  int32_t accepted[COUNT];
  xgr_status_t statuses[COUNT];
  size_t i;
  make_all(matchers);
  CHECK(xgr_cancel_create(&cancel) == XGR_OK);
  CHECK(xgr_batch_set_cancel(batch, cancel) == XGR_OK);
  compare_masks(batch, matchers);
  xgr_cancel_request(cancel);
  xgr_cancel_destroy(cancel);
  CHECK(xgr_batch_accept_token(batch, matchers, COUNT, tokens, accepted, statuses) == XGR_OK);
  for (i = 0; i < COUNT; ++i) {
    CHECK(statuses[i] == XGR_ERROR_CANCELLED && accepted[i] == 0);
    CHECK(xgr_matcher_history_size(matchers[i]) == 0);
  }
  CHECK(takes(matchers[0], TOKEN_OPEN)); /* the request was the batch's */
  CHECK(xgr_batch_set_cancel(batch, NULL) == XGR_OK);
  CHECK(xgr_batch_set_cancel(NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  compare_masks(batch, matchers);
  destroy_all(matchers);
  xgr_batch_destroy(batch);
}

static void rows_of_logits_are_divided(void) {
  enum { N = 40, COLUMNS = 70 };
  static float logits[N * COLUMNS];
  static uint16_t f16[N * COLUMNS], bf16[N * COLUMNS];
  uint32_t masks[N * 3];
  xgr_apply_options_t options = XGR_APPLY_OPTIONS_INIT;
  xgr_batch_t* batch = make_batch(3);
  size_t i;
  for (i = 0; i < N * 3; ++i) masks[i] = (uint32_t)(i * 0x9E3779B9u);
  options.row_count = N;
  CHECK(xgr_batch_apply_f32(batch, logits, N * COLUMNS, masks, N * 3, &options) == XGR_OK);
  CHECK(xgr_batch_apply_f16(batch, f16, N * COLUMNS, masks, N * 3, &options) == XGR_OK);
  CHECK(xgr_batch_apply_bf16(batch, bf16, N * COLUMNS, masks, N * 3, &options) == XGR_OK);
  for (i = 0; i < N * COLUMNS; ++i) {
    const int allowed = has_bit(masks + i / COLUMNS * 3, (int32_t)(i % COLUMNS));
    CHECK((logits[i] == 0) == allowed && f16[i] == (allowed ? 0 : 0xFC00));
    CHECK(bf16[i] == (allowed ? 0 : 0xFF80));
  }
  options.row_count = N + 1;
  options.columns = COLUMNS;
  CHECK(xgr_batch_apply_f32(batch, logits, N * COLUMNS, masks, N * 3, &options) ==
        XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_apply_f32(NULL, logits, 1, masks, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  xgr_batch_destroy(batch);
}

static void options_are_checked(void) {
  xgr_batch_options_t options = XGR_BATCH_OPTIONS_INIT;
  xgr_batch_t* batch = NULL;
  xgr_error_t* error = NULL;
  CHECK(xgr_batch_create(NULL, &batch, NULL) == XGR_OK && xgr_batch_threads(batch) >= 1);
  xgr_batch_destroy(batch);
  xgr_batch_destroy(NULL);
  CHECK(xgr_batch_threads(NULL) == 0);
  options.threads = 257;
  CHECK(xgr_batch_create(&options, &batch, &error) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(xgr_error_message(error, NULL), "threads is 257") != NULL);
  xgr_error_destroy(error);
  options.threads = 2;
  options.no_threads = 1;
  CHECK(xgr_batch_create(&options, &batch, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_batch_create(NULL, NULL, NULL) == XGR_ERROR_INVALID_ARGUMENT);
}

int main(void) {
  batches_do_what_matchers_do(0);
  batches_do_what_matchers_do(1);
  batches_do_what_matchers_do(5);
  wrong_calls_change_nothing();
  a_request_stops_what_is_left();
  rows_of_logits_are_divided();
  options_are_checked();
  return check_result();
}
