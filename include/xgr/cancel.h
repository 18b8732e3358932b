/* xgr_cancel_t: a request to stop, for one call or for many. */
#ifndef XGR_CANCEL_H
#define XGR_CANCEL_H

#include <xgr/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A request to stop, made from any thread and watched by the calls that were given it.
 *
 * Created by xgr_cancel_create, destroyed by xgr_cancel_destroy. Any number of calls may share one,
 * one after the other or at once; a request stays made, so a call that begins later stops at once.
 * A call that it stops returns XGR_ERROR_CANCELLED within milliseconds and leaves every object as
 * it was. What was given it keeps it alive, so the handle may be destroyed first.
 *
 * @threads synchronised
 * @since 0.1
 */
typedef struct xgr_cancel xgr_cancel_t;

/**
 * Create a request to stop that is not made yet.
 *
 * @param[out] out_cancel   (owned, destroy with xgr_cancel_destroy) new request
 * @error INVALID_ARGUMENT  out_cancel is NULL
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_cancel_create(xgr_cancel_t** out_cancel);

/**
 * Make the request: all calls that were given it stop.
 *
 * Does not wait for them. Making it again changes nothing; it cannot be taken back.
 *
 * @param cancel         (nullable) request to make
 * @threads synchronised
 * @since 0.1
 */
XGR_API void xgr_cancel_request(xgr_cancel_t* cancel);

/**
 * Tell whether the request was made.
 *
 * @param cancel         (nullable) request to ask
 * @return 1 when it was, 0 when not, and for NULL
 * @threads synchronised
 * @since 0.1
 */
XGR_API int32_t xgr_cancel_is_requested(const xgr_cancel_t* cancel);

/**
 * Destroy a handle of a request, made or not. Calls that were given it are not affected.
 *
 * @param cancel         (nullable) handle to destroy
 * @threads confined
 * @since 0.1
 */
XGR_API void xgr_cancel_destroy(xgr_cancel_t* cancel);

#ifdef __cplusplus
}
#endif

#endif /* XGR_CANCEL_H */
