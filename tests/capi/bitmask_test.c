/* xgr/bitmask.h: masks, lists of tokens, logits. */
#include <math.h>

#include "check.h"

static void masks_are_counted_listed_and_combined(void) {
  uint32_t mask[3] = {0x80000001u, 0, 5u}, other[3] = {1u, 2u, 4u}, copy[3];
  int32_t tokens[4] = {7, 7, 7, 7};
  size_t count = 0;
  CHECK(xgr_bitmask_words(65) == 3 && xgr_bitmask_words(-1) == 0);
  CHECK(xgr_bitmask_count(mask, 3) == 4 && xgr_bitmask_count(NULL, 3) == 0);
  CHECK(xgr_bitmask_tokens(mask, 3, NULL, 0, &count) == XGR_OK && count == 4);
  CHECK(xgr_bitmask_tokens(mask, 3, tokens, 2, &count) == XGR_OK && count == 4);
  CHECK(tokens[0] == 0 && tokens[1] == 31 && tokens[2] == 7);
  CHECK(xgr_bitmask_tokens(mask, 3, tokens, 4, &count) == XGR_OK);
  CHECK(tokens[2] == 64 && tokens[3] == 66);
  memcpy(copy, mask, sizeof mask);
  CHECK(xgr_bitmask_and(copy, other, 3) == XGR_OK && copy[0] == 1 && copy[1] == 0 && copy[2] == 4);
  memcpy(copy, mask, sizeof mask);
  CHECK(xgr_bitmask_or(copy, other, 3) == XGR_OK && copy[1] == 2 && copy[2] == 5);
  memcpy(copy, mask, sizeof mask);
  CHECK(xgr_bitmask_and_not(copy, other, 3) == XGR_OK && copy[0] == 0x80000000u && copy[2] == 1);
  CHECK(xgr_bitmask_and_not(copy, copy, 3) == XGR_OK && xgr_bitmask_count(copy, 3) == 0);
  CHECK(xgr_bitmask_reset(copy, 3) == XGR_OK && xgr_bitmask_count(copy, 3) == 96);
}

static void tokens_are_set_and_filtered(void) {
  static const int32_t set[] = {3, 40, 3}, foreign[] = {4, 64};
  uint32_t mask[2] = {0, 0};
  int32_t tokens[] = {40, -1, 3, 5, 63, 64, INT32_MAX, 40};
  size_t count = 9;
  CHECK(xgr_bitmask_set_tokens(mask, 2, set, 3, 1) == XGR_OK && mask[0] == 8 && mask[1] == 256);
  CHECK(xgr_bitmask_set_tokens(mask, 2, foreign, 2, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(mask[0] == 8);
  CHECK(xgr_bitmask_filter_tokens(mask, 2, tokens, 8, &count) == XGR_OK);
  CHECK(count == 3 && tokens[0] == 40 && tokens[1] == 3 && tokens[2] == 40);
  CHECK(xgr_bitmask_set_tokens(mask, 2, set, 1, 0) == XGR_OK && mask[0] == 0);
  CHECK(xgr_bitmask_set_tokens(mask, 2, NULL, 0, 0) == XGR_OK);
  CHECK(xgr_bitmask_filter_tokens(mask, 2, NULL, 0, &count) == XGR_OK && count == 0);
}

/* Everything that is not allowed is minus infinity; what is allowed keeps its bits. */
static void logits_of_every_type_are_masked(void) {
  enum { N = 77 };
  uint32_t mask[3], bits;
  float f32[N], before[N];
  uint16_t f16[N], bf16[N];
  int i;
  for (i = 0; i < 3; ++i) mask[i] = 0x9E3779B9u * (uint32_t)(i + 1);
  for (i = 0; i < N; ++i) {
    bits = i % 5 == 0 ? 0x7FC00001u + (uint32_t)i : i % 7 == 0 ? 0x7F800000u : 0x3F800000u;
    memcpy(&before[i], &bits, sizeof bits);
    f16[i] = (uint16_t)(0x3C00 + i);
    bf16[i] = (uint16_t)(0x3F80 + i);
  }
  memcpy(f32, before, sizeof f32);
  CHECK(xgr_bitmask_apply_f32(f32, N, mask, 3, NULL) == XGR_OK);
  CHECK(xgr_bitmask_apply_f16(f16, N, mask, 3, NULL) == XGR_OK);
  CHECK(xgr_bitmask_apply_bf16(bf16, N, mask, 3, NULL) == XGR_OK);
  for (i = 0; i < N; ++i) {
    if (has_bit(mask, i)) {
      CHECK(memcmp(&f32[i], &before[i], sizeof before[i]) == 0);
      CHECK(f16[i] == 0x3C00 + i && bf16[i] == 0x3F80 + i);
    } else {
      CHECK(isinf(f32[i]) && f32[i] < 0 && f16[i] == 0xFC00 && bf16[i] == 0xFF80);
    }
  }
}

static int low(float logit) { return isinf(logit) && logit < 0; }

static void rows_lie_as_the_options_say(void) {
  static const int32_t logit_rows[] = {2, 0}, mask_rows[] = {1, 1};
  xgr_apply_options_t options = XGR_APPLY_OPTIONS_INIT;
  uint32_t masks[4] = {0, 0, 0xFFFFFFFFu, 1u};
  float logits[3 * 40];
  size_t i;
  memset(logits, 0, sizeof logits);
  options.row_count = 3; /* of 40, but there are two masks only */
  CHECK(xgr_bitmask_apply_f32(logits, 120, masks, 2, &options) == XGR_OK); /* words: 2 / 3 = 0 */
  for (i = 0; i < 120; ++i) CHECK(low(logits[i]));
  memset(logits, 0, sizeof logits);
  options.row_count = 0;
  options.columns = 35;
  options.stride = 40;
  options.mask_words = 2;
  options.logit_rows = logit_rows;
  options.mask_rows = mask_rows;
  options.logit_row_count = options.mask_row_count = 2;
  CHECK(xgr_bitmask_apply_f32(logits, 115, masks, 4, &options) == XGR_OK);
  for (i = 0; i < 120; ++i) CHECK(low(logits[i]) == (i / 40 != 1 && i % 40 > 32 && i % 40 < 35));
  /* More logits than bits: the rest is not allowed. */
  memset(logits, 0, sizeof logits);
  CHECK(xgr_bitmask_apply_f32(logits, 40, masks + 2, 1, NULL) == XGR_OK);
  for (i = 0; i < 40; ++i) CHECK(low(logits[i]) == (i >= 32));
}

static void wrong_rows_change_nothing(void) {
  static const int32_t twice[] = {1, 1}, outside[] = {0, 3}, negative[] = {-1, 0};
  const int32_t* const bad[] = {twice, outside, negative};
  uint32_t masks[6] = {0};
  float logits[60] = {0};
  size_t i;
  for (i = 0; i < 9; ++i) {
    xgr_apply_options_t options = XGR_APPLY_OPTIONS_INIT;
    options.columns = 20;
    options.mask_words = 1;
    options.row_count = 2;
    options.logit_row_count = 2;
    if (i < 3) options.logit_rows = bad[i];
    if (i >= 3) options.logit_row_count = 0;
    if (i == 3) options.stride = 19;
    if (i == 4) options.row_count = 4;
    if (i == 5) options.mask_rows = outside;
    if (i == 6) options.stride = SIZE_MAX;
    if (i == 7) options.row_count = 7;
    if (i == 8) options.reserved = 1;
    CHECK(xgr_bitmask_apply_f32(logits, 60, masks, i == 7 ? 6 : 3, &options) ==
          XGR_ERROR_INVALID_ARGUMENT);
  }
  for (i = 0; i < 60; ++i) CHECK(logits[i] == 0);
}

typedef struct candidate {
  int32_t id;
  float logit, p;
} candidate;

static void candidates_are_masked(void) {
  candidate all[4] = {{3, 1, 9}, {-1, 1, 9}, {4, 1, 9}, {64, 1, 9}};
  const uint32_t mask[1] = {1u << 4};
  uint8_t* bytes = (uint8_t*)all;
  CHECK(xgr_bitmask_apply_candidates(mask, 1, bytes, sizeof all, 12, 0, 4) == XGR_OK);
  CHECK(low(all[0].logit) && low(all[1].logit) && all[2].logit == 1 && low(all[3].logit));
  CHECK(all[0].p == 9 && all[2].id == 4);
  CHECK(xgr_bitmask_apply_candidates(mask, 1, NULL, 0, 12, 0, 4) == XGR_OK);
  CHECK(xgr_bitmask_apply_candidates(mask, 1, bytes, 47, 12, 0, 4) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_candidates(mask, 1, bytes, 48, 0, 0, 4) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_candidates(mask, 1, bytes, 48, 12, 0, 3) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_candidates(mask, 1, bytes, 48, 12, 9, 0) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_candidates(mask, 1, bytes, 48, 12, SIZE_MAX, 0) ==
        XGR_ERROR_INVALID_ARGUMENT);
}

static void null_is_an_error(void) {
  uint32_t mask[1] = {0};
  float f32[1] = {0};
  uint16_t f16[1] = {0};
  int32_t token = 0;
  size_t count = 0;
  CHECK(xgr_bitmask_reset(NULL, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_tokens(NULL, 1, &token, 1, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_tokens(mask, 1, NULL, 1, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_tokens(mask, 1, &token, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_tokens(mask, (size_t)1 << 27, &token, 1, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_set_tokens(NULL, 1, &token, 1, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_set_tokens(mask, 1, NULL, 1, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_filter_tokens(NULL, 1, &token, 1, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_filter_tokens(mask, 1, NULL, 1, &count) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_and(NULL, mask, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_or(mask, NULL, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_and_not(NULL, NULL, 1) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_f32(NULL, 1, mask, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_f32(f32, 1, NULL, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_f16(f16, 1, NULL, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_bf16(NULL, 1, mask, 1, NULL) == XGR_ERROR_INVALID_ARGUMENT);
  CHECK(xgr_bitmask_apply_candidates(NULL, 1, NULL, 0, 12, 0, 4) == XGR_ERROR_INVALID_ARGUMENT);
}

int main(void) {
  masks_are_counted_listed_and_combined();
  tokens_are_set_and_filtered();
  logits_of_every_type_are_masked();
  rows_lie_as_the_options_say();
  wrong_rows_change_nothing();
  candidates_are_masked();
  null_is_an_error();
  return check_result();
}
