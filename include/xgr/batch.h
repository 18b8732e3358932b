/* xgr_batch_t: threads that serve many matchers at once. */
#ifndef XGR_BATCH_H
#define XGR_BATCH_H

#include <xgr/base.h>
#include <xgr/bitmask.h>
#include <xgr/cancel.h>
#include <xgr/error.h>
#include <xgr/matcher.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Threads that serve many matchers at once. It has no list of matchers: each call names those that it
 * is about, of any grammars and vocabularies.
 *
 * Created by xgr_batch_create, destroyed by xgr_batch_destroy. The thread that calls takes part in the
 * work; its own threads start with the first call that has work for them and sleep between calls.
 * While a call runs, its matchers are in use: nobody else may touch them.
 *
 * @threads confined
 * @since 0.1
 */
typedef struct xgr_batch xgr_batch_t;

/**
 * Options of xgr_batch_create. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_batch_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Threads beside the one that calls, at most 256; default: half as many as the machine has. */
  int32_t threads;
  /** Not 0: none, the thread that calls does all the work. */
  int32_t no_threads;
  /** Must be 0. */
  size_t reserved;
} xgr_batch_options_t;
#define XGR_BATCH_OPTIONS_INIT {sizeof(xgr_batch_options_t), 0, 0, 0}

/**
 * Create threads that serve many matchers; none is started yet.
 *
 * @param options           (nullable) (copied) options; NULL: all defaults
 * @param[out] out_batch    (owned, destroy with xgr_batch_destroy) new batch
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) what is wrong
 * @error INVALID_ARGUMENT  a NULL where none is allowed; threads is negative or more than 256, or
 *                          given together with no_threads; a struct_size out of range
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_create(const xgr_batch_options_t* options, xgr_batch_t** out_batch,
                                      xgr_error_t** out_error);

/**
 * Destroy a batch and end its threads. Matchers stay as they are.
 *
 * @param batch          (nullable) batch to destroy
 * @threads confined
 * @since 0.1
 */
XGR_API void xgr_batch_destroy(xgr_batch_t* batch);

/**
 * Get how many threads a batch may have beside the one that calls.
 *
 * @param batch          (nullable) batch to ask
 * @return number of threads; 0 for NULL
 * @threads confined
 * @since 0.1
 */
XGR_API int32_t xgr_batch_threads(const xgr_batch_t* batch);

/**
 * Give a batch a request that stops its calls.
 *
 * Once it is made, the matchers that a call has not served yet have the status XGR_ERROR_CANCELLED and
 * are as before, as if each had been given the request. NULL takes it back.
 *
 * @param batch              batch to give it to
 * @param cancel             (nullable) request; the batch keeps it alive
 * @error INVALID_ARGUMENT   batch is NULL
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_set_cancel(xgr_batch_t* batch, const xgr_cancel_t* cancel);

/**
 * Fill the masks of many matchers: xgr_matcher_fill_bitmask for each.
 *
 * What fails for one does not touch the others; XGR_OK only says that the call itself was right. When
 * it was not, nothing is written.
 *
 * @param batch                batch to use
 * @param matchers             (length=matcher_count) matchers, each of them once
 * @param matcher_count        number of matchers
 * @param[in,out] masks        (length=mask_count) rows of masks, one behind the other
 * @param mask_count           size of masks in words
 * @param mask_words           words from one row to the next, at least xgr_matcher_mask_words of each
 *                             matcher; what is behind that many in a row is not written
 * @param rows                 (nullable) (length=matcher_count) (copied) which row each matcher fills,
 *                             none of them twice; NULL: the first, the second and so on
 * @param[out] kinds           (nullable) (length=matcher_count) XGR_MASK_KIND_* of each mask; 0 where
 *                             it failed
 * @param[out] statuses        (length=matcher_count) XGR_OK, or why a matcher's mask was not filled:
 *                             XGR_ERROR_LIMIT_EXCEEDED, XGR_ERROR_CANCELLED, XGR_ERROR_OUT_OF_MEMORY;
 *                             its row is then unspecified
 * @error INVALID_ARGUMENT     a NULL where none is allowed; a matcher or a row twice; mask_words is too
 *                             small for a matcher; a row that is not within mask_count
 * @error OUT_OF_MEMORY        memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_fill_bitmask(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                            size_t matcher_count, uint32_t* masks,
                                            size_t mask_count, size_t mask_words,
                                            const int32_t* rows, xgr_mask_kind_t* kinds,
                                            xgr_status_t* statuses);

/**
 * Take one token with each of many matchers: xgr_matcher_accept_token for each.
 *
 * What fails for one does not touch the others; XGR_OK only says that the call itself was right. When
 * it was not, nothing is written.
 *
 * @param batch                batch to use
 * @param matchers             (length=matcher_count) matchers, each of them once
 * @param matcher_count        number of matchers
 * @param tokens               (length=matcher_count) (copied) token id for each, any values
 * @param[out] accepted        (length=matcher_count) 1 or 0 for each; 0 where it failed
 * @param[out] statuses        (length=matcher_count) what xgr_matcher_accept_token returns for each
 * @error INVALID_ARGUMENT     a NULL where none is allowed; a matcher twice
 * @error OUT_OF_MEMORY        memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_accept_token(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                            size_t matcher_count, const int32_t* tokens,
                                            int32_t* accepted, xgr_status_t* statuses);

/**
 * Take bytes with each of many matchers: xgr_matcher_accept_bytes for each.
 *
 * What fails for one does not touch the others; XGR_OK only says that the call itself was right. When
 * it was not, nothing is written.
 *
 * @param batch                batch to use
 * @param matchers             (length=matcher_count) matchers, each of them once
 * @param matcher_count        number of matchers
 * @param bytes                (nullable) (length=byte_count) (copied) the texts of all matchers, one
 *                             behind the other; NULL only if none
 * @param byte_count           their size together, the sum of sizes
 * @param sizes                (length=matcher_count) (copied) size of each text in bytes
 * @param[out] accepted        (length=matcher_count) 1 or 0 for each; 0 where it failed
 * @param[out] statuses        (length=matcher_count) what xgr_matcher_accept_bytes returns for each
 * @error INVALID_ARGUMENT     a NULL where none is allowed; a matcher twice; sizes that do not add up
 *                             to byte_count
 * @error OUT_OF_MEMORY        memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_accept_bytes(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                            size_t matcher_count, const uint8_t* bytes,
                                            size_t byte_count, const size_t* sizes,
                                            int32_t* accepted, xgr_status_t* statuses);

/**
 * Undo the last steps of each of many matchers: xgr_matcher_rollback for each.
 *
 * What fails for one does not touch the others; XGR_OK only says that the call itself was right. When
 * it was not, nothing is written.
 *
 * @param batch                batch to use
 * @param matchers             (length=matcher_count) matchers, each of them once
 * @param matcher_count        number of matchers
 * @param step_counts          (length=matcher_count) (copied) number of steps for each
 * @param[out] statuses        (length=matcher_count) what xgr_matcher_rollback returns for each
 * @error INVALID_ARGUMENT     a NULL where none is allowed; a matcher twice
 * @error OUT_OF_MEMORY        memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_rollback(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                        size_t matcher_count, const size_t* step_counts,
                                        xgr_status_t* statuses);

/**
 * The same as xgr_bitmask_apply_f32, with the rows divided among the threads.
 *
 * @param batch             batch to use
 * @param[in,out] logits    (length=logit_count) logits of all rows, IEEE 754 binary32
 * @param logit_count       how many there are
 * @param masks             (length=mask_count) (copied) all masks, one behind the other
 * @param mask_count        their size in words
 * @param options           (nullable) (copied) rows; NULL: one row of logits, one mask
 * @error INVALID_ARGUMENT  batch is NULL; else as for xgr_bitmask_apply_f32
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_apply_f32(xgr_batch_t* batch, float* logits, size_t logit_count,
                                         const uint32_t* masks, size_t mask_count,
                                         const xgr_apply_options_t* options);

/**
 * The same as xgr_bitmask_apply_f16, with the rows divided among the threads.
 *
 * @param batch             batch to use
 * @param[in,out] logits    (length=logit_count) logits of all rows, as the bits of each
 * @param logit_count       how many there are
 * @param masks             (length=mask_count) (copied) all masks, one behind the other
 * @param mask_count        their size in words
 * @param options           (nullable) (copied) rows; NULL: one row of logits, one mask
 * @error INVALID_ARGUMENT  batch is NULL; else as for xgr_bitmask_apply_f32
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_apply_f16(xgr_batch_t* batch, uint16_t* logits, size_t logit_count,
                                         const uint32_t* masks, size_t mask_count,
                                         const xgr_apply_options_t* options);

/**
 * The same as xgr_bitmask_apply_bf16, with the rows divided among the threads.
 *
 * @param batch             batch to use
 * @param[in,out] logits    (length=logit_count) logits of all rows, as the bits of each
 * @param logit_count       how many there are
 * @param masks             (length=mask_count) (copied) all masks, one behind the other
 * @param mask_count        their size in words
 * @param options           (nullable) (copied) rows; NULL: one row of logits, one mask
 * @error INVALID_ARGUMENT  batch is NULL; else as for xgr_bitmask_apply_f32
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_batch_apply_bf16(xgr_batch_t* batch, uint16_t* logits, size_t logit_count,
                                          const uint32_t* masks, size_t mask_count,
                                          const xgr_apply_options_t* options);

#ifdef __cplusplus
}
#endif

#endif /* XGR_BATCH_H */
