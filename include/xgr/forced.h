/* Forced text: what an output has to go on with, so that no model need be asked (jump-forward). */
#ifndef XGR_FORCED_H
#define XGR_FORCED_H

#include <xgr/base.h>
#include <xgr/matcher.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get the bytes that every continuation of the output begins with.
 *
 * They end where there is a choice, where the output may end, where a token is named by its id, and
 * where there is no more room. What only the values so far forbid (unique items, budgets of tokens)
 * counts as a choice. Does not change the state.
 *
 * @param matcher           matcher to ask
 * @param whole_characters  not 0: the bytes end at the end of a UTF-8 character
 * @param[out] bytes        (nullable) (length=byte_capacity) the bytes; NULL only without room
 * @param byte_capacity     how many bytes are wanted at most
 * @param[out] out_size     how many were written
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error LIMIT_EXCEEDED    the call needs more steps than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_forced_bytes(const xgr_matcher_t* matcher,
                                              int32_t whole_characters, uint8_t* bytes,
                                              size_t byte_capacity, size_t* out_size);

/**
 * Get the tokens that an output goes on with where the grammar forces its bytes.
 *
 * These are the tokens of the forced bytes as the model's tokenizer would write them, up to the last
 * place that text behind them cannot change: from there on some ordinary token begins with all that
 * is left and is longer. Without a tokenization of the caller, each is the longest token that fits.
 * Where the mask allows one token only, and that is no stop token, it is forced. All of them are accepted in this order.
 * Does not change the state.
 *
 * @param matcher           matcher to ask
 * @param tokens            (nullable) (length=token_count) (copied) the caller's tokenization of the
 *                          bytes that xgr_matcher_forced_bytes gives, whole characters or not; NULL:
 *                          the longest tokens
 * @param token_count       how many tokens there are
 * @param[out] forced       (nullable) (length=token_capacity) token ids; NULL only without room
 * @param token_capacity    how many are wanted at most
 * @param[out] out_count    how many were written
 * @error INVALID_ARGUMENT  a NULL where none is allowed; the tokens do not spell a beginning of the
 *                          forced bytes
 * @error LIMIT_EXCEEDED    the call needs more steps than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_forced_tokens(const xgr_matcher_t* matcher, const int32_t* tokens,
                                               size_t token_count, int32_t* forced,
                                               size_t token_capacity, size_t* out_count);

#ifdef __cplusplus
}
#endif

#endif /* XGR_FORCED_H */
