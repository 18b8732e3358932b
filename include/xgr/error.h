/* xgr_error_t: what was wrong with a source or an argument, and where. */
#ifndef XGR_ERROR_H
#define XGR_ERROR_H

#include <xgr/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Why a call failed: status, message and, for source texts, the position.
 *
 * Created by functions whose last parameter is out_error, destroyed by xgr_error_destroy. Those
 * functions write it only when they fail; it is NULL then if there is no memory for it.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_error xgr_error_t;

/**
 * Destroy an error.
 *
 * @param error          (nullable) error to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_error_destroy(xgr_error_t* error);

/**
 * Get the status that the failed call returned.
 *
 * @param error          (nullable) error to ask
 * @return status; XGR_OK for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_error_status(const xgr_error_t* error);

/**
 * Get the message: one line that says what was wrong, where, and what would be accepted.
 *
 * It holds the place that the other functions tell: "..., at /properties/age/minimum", or "..., at
 * line 3, column 7". Show it as it is; its wording may change.
 *
 * @param error          (nullable) error to ask
 * @param[out] out_size  (nullable) length of the text in bytes, without its final NUL
 * @return (borrowed until error is destroyed) UTF-8 text; "" for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_error_message(const xgr_error_t* error, size_t* out_size);

/**
 * Get the place in the source text as a distance from its start.
 *
 * Of a pattern inside a JSON Schema it is the place in that pattern, as written without the escapes
 * of JSON; xgr_error_json_pointer says which pattern. So are line and column.
 *
 * @param error          (nullable) error to ask
 * @return offset in bytes; -1 when unknown
 * @threads shared
 * @since 0.1
 */
XGR_API int64_t xgr_error_byte_offset(const xgr_error_t* error);

/**
 * Get the line of the place in the source text.
 *
 * @param error          (nullable) error to ask
 * @return line number, the first is 1; 0 when unknown
 * @threads shared
 * @since 0.1
 */
XGR_API int32_t xgr_error_line(const xgr_error_t* error);

/**
 * Get the column of the place in the source text, in code points.
 *
 * @param error          (nullable) error to ask
 * @return column number, the first is 1; 0 when unknown
 * @threads shared
 * @since 0.1
 */
XGR_API int32_t xgr_error_column(const xgr_error_t* error);

/**
 * Get the place inside a JSON source as a JSON Pointer (RFC 6901).
 *
 * The pointer of the document itself is the empty string, which is not NULL. A place in a schema
 * that a reference led to is its URI, "#" and the pointer there.
 *
 * @param error          (nullable) error to ask
 * @param[out] out_size  (nullable) length of the text in bytes, without its final NUL
 * @return (nullable) (borrowed until error is destroyed) UTF-8 text; NULL when there is none
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_error_json_pointer(const xgr_error_t* error, size_t* out_size);

#ifdef __cplusplus
}
#endif

#endif /* XGR_ERROR_H */
