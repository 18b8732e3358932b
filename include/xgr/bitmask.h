/* Bitmasks over tokens, and what they do to logits. */
#ifndef XGR_BITMASK_H
#define XGR_BITMASK_H

#include <xgr/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get the number of 32-bit words of a mask for a number of tokens.
 *
 * @param vocab_size     size of the logits
 * @return number of words; 0 when vocab_size is negative
 * @threads any
 * @since 0.1
 */
XGR_API size_t xgr_bitmask_words(int32_t vocab_size);

/**
 * Set all bits of a mask to 1, so that it allows every token.
 *
 * @param[out] mask         (length=mask_words) caller's memory
 * @param mask_words        its size in words
 * @error INVALID_ARGUMENT  mask is NULL
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_reset(uint32_t* mask, size_t mask_words);

/**
 * Get how many tokens a mask allows.
 *
 * @param mask           (nullable) (length=mask_words) (copied) mask
 * @param mask_words     its size in words
 * @return number of bits that are 1; 0 for NULL
 * @threads any
 * @since 0.1
 */
XGR_API size_t xgr_bitmask_count(const uint32_t* mask, size_t mask_words);

/**
 * List the tokens that a mask allows, ascending.
 *
 * Writes as many as there is room for and tells how many there are, so a call without room says how
 * much is needed.
 *
 * @param mask              (length=mask_words) (copied) mask
 * @param mask_words        its size in words, at most 67108864, so that every bit has an id
 * @param[out] tokens       (nullable) (length=token_capacity) token ids; NULL only without room
 * @param token_capacity    how many ids there is room for
 * @param[out] out_count    number of tokens that the mask allows
 * @error INVALID_ARGUMENT  a NULL where none is allowed, or mask_words is larger
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_tokens(const uint32_t* mask, size_t mask_words, int32_t* tokens,
                                        size_t token_capacity, size_t* out_count);

/**
 * Set the bits of some tokens in a mask.
 *
 * @param[in,out] mask      (length=mask_words) mask to change
 * @param mask_words        its size in words
 * @param tokens            (nullable) (length=token_count) (copied) token ids; NULL only if none
 * @param token_count       number of ids
 * @param allowed           not 0: the bits become 1, else 0
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an id that the mask has no bit for: nothing
 *                          has changed
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_set_tokens(uint32_t* mask, size_t mask_words,
                                            const int32_t* tokens, size_t token_count,
                                            int32_t allowed);

/**
 * Keep of a list of tokens those that a mask allows, in their order.
 *
 * Ids that the mask has no bit for, negative ones too, are dropped.
 *
 * @param mask              (length=mask_words) (copied) mask
 * @param mask_words        its size in words
 * @param[in,out] tokens    (nullable) (length=token_count) token ids; the first *out_count are those
 *                          that are kept; NULL only if none
 * @param token_count       number of ids
 * @param[out] out_count    how many are kept
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_filter_tokens(const uint32_t* mask, size_t mask_words,
                                               int32_t* tokens, size_t token_count,
                                               size_t* out_count);

/**
 * Keep in a mask the tokens that another one allows too.
 *
 * @param[in,out] mask      (length=mask_words) mask to change
 * @param other             (length=mask_words) (copied) the other mask; may be the same
 * @param mask_words        size of each in words
 * @error INVALID_ARGUMENT  a mask is NULL
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_and(uint32_t* mask, const uint32_t* other, size_t mask_words);

/**
 * Add to a mask the tokens that another one allows.
 *
 * @param[in,out] mask      (length=mask_words) mask to change
 * @param other             (length=mask_words) (copied) the other mask; may be the same
 * @param mask_words        size of each in words
 * @error INVALID_ARGUMENT  a mask is NULL
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_or(uint32_t* mask, const uint32_t* other, size_t mask_words);

/**
 * Take out of a mask the tokens that another one allows.
 *
 * @param[in,out] mask      (length=mask_words) mask to change
 * @param other             (length=mask_words) (copied) the other mask; may be the same
 * @param mask_words        size of each in words
 * @error INVALID_ARGUMENT  a mask is NULL
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_and_not(uint32_t* mask, const uint32_t* other, size_t mask_words);

/**
 * How rows of logits and of masks lie in memory, and which belong together.
 *
 * Zero in any field means its default; NULL instead of the struct: one row of each.
 *
 * @since 0.1
 */
typedef struct xgr_apply_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** How many pairs of a row of logits and a mask there are; default: as many as logit_rows or
      mask_rows has, else 1. */
  size_t row_count;
  /** Logits of a row, that is the size of the vocabulary as the model has it; default: as many as
      there are for row_count rows of equal size. */
  size_t columns;
  /** Logits from the start of a row to that of the next, at least columns; default columns. */
  size_t stride;
  /** Words from the start of a mask to that of the next; default: as many as there are for row_count
      masks of equal size. */
  size_t mask_words;
  /** (nullable) (length=logit_row_count) Which row of the logits each pair has, none of them twice;
      NULL: the first, the second and so on. Needs columns. */
  const int32_t* logit_rows;
  /** How many there are: none, or row_count. */
  size_t logit_row_count;
  /** (nullable) (length=mask_row_count) Which mask each pair has; NULL: the first, the second and so
      on. Needs mask_words. */
  const int32_t* mask_rows;
  /** How many there are: none, or row_count. */
  size_t mask_row_count;
  /** Must be 0. */
  size_t reserved;
} xgr_apply_options_t;
#define XGR_APPLY_OPTIONS_INIT {sizeof(xgr_apply_options_t), 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * Set the logits of all tokens that a mask does not allow to minus infinity.
 *
 * The others keep every bit, NaN and infinities too. Logits that the mask has no bit for count as not
 * allowed; bits behind the last logit count for nothing.
 *
 * @param[in,out] logits    (length=logit_count) logits of all rows, IEEE 754 binary32
 * @param logit_count       how many there are
 * @param masks             (length=mask_count) (copied) all masks, one behind the other
 * @param mask_count        their size in words
 * @param options           (nullable) (copied) rows; NULL: one row of logits, one mask
 * @error INVALID_ARGUMENT  a NULL where none is allowed; rows that are not within logits or masks; a
 *                          row of the logits twice; a struct_size out of range
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_apply_f32(float* logits, size_t logit_count, const uint32_t* masks,
                                           size_t mask_count, const xgr_apply_options_t* options);

/**
 * The same as xgr_bitmask_apply_f32 for logits of IEEE 754 binary16.
 *
 * @param[in,out] logits    (length=logit_count) logits of all rows, as the bits of each
 * @param logit_count       how many there are
 * @param masks             (length=mask_count) (copied) all masks, one behind the other
 * @param mask_count        their size in words
 * @param options           (nullable) (copied) rows; NULL: one row of logits, one mask
 * @error INVALID_ARGUMENT  as for xgr_bitmask_apply_f32
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_apply_f16(uint16_t* logits, size_t logit_count,
                                           const uint32_t* masks, size_t mask_count,
                                           const xgr_apply_options_t* options);

/**
 * The same as xgr_bitmask_apply_f32 for logits of bfloat16, the upper half of a binary32.
 *
 * @param[in,out] logits    (length=logit_count) logits of all rows, as the bits of each
 * @param logit_count       how many there are
 * @param masks             (length=mask_count) (copied) all masks, one behind the other
 * @param mask_count        their size in words
 * @param options           (nullable) (copied) rows; NULL: one row of logits, one mask
 * @error INVALID_ARGUMENT  as for xgr_bitmask_apply_f32
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_apply_bf16(uint16_t* logits, size_t logit_count,
                                            const uint32_t* masks, size_t mask_count,
                                            const xgr_apply_options_t* options);

/**
 * Set the logits of those candidates that a mask does not allow to minus infinity.
 *
 * A candidate is a struct with a token id (int32_t) and a logit (float) somewhere in it, such as
 * llama_token_data of llama.cpp, which is 12 bytes with the id at 0 and the logit at 4. Nothing else
 * of it is read or written. Ids that the mask has no bit for are not allowed.
 *
 * @param mask                   (length=mask_words) (copied) mask
 * @param mask_words             its size in words
 * @param[in,out] candidates     (nullable) (length=candidates_size) structs, one behind the other;
 *                               NULL only if none
 * @param candidates_size        their size in bytes, a multiple of candidate_size
 * @param candidate_size         size of one in bytes
 * @param id_offset              where in it the id begins
 * @param logit_offset           where in it the logit begins
 * @error INVALID_ARGUMENT       a NULL where none is allowed; candidate_size is 0 or does not divide
 *                               candidates_size; id or logit are not within a candidate, or overlap
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_bitmask_apply_candidates(const uint32_t* mask, size_t mask_words,
                                                  uint8_t* candidates, size_t candidates_size,
                                                  size_t candidate_size, size_t id_offset,
                                                  size_t logit_offset);

#ifdef __cplusplus
}
#endif

#endif /* XGR_BITMASK_H */
