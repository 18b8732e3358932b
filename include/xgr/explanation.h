/* xgr_explanation_t: what may come next in an output, and why something may not. */
#ifndef XGR_EXPLANATION_H
#define XGR_EXPLANATION_H

#include <xgr/base.h>
#include <xgr/error.h>
#include <xgr/matcher.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What may come next at a place of an output, and why an input is refused there.
 *
 * Created by the xgr_matcher_explain functions, destroyed by xgr_explanation_destroy. Immutable.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_explanation xgr_explanation_t;

/**
 * Explain what may come next, and why bytes may not.
 *
 * Tells at which of the bytes the output cannot go on, what was read before it, what would be
 * accepted there instead (literals, classes of characters, how many tokens and examples of them,
 * whether the output may end), and which part of the source is to blame: keywords of a JSON Schema
 * with their JSON Pointers, rules of a grammar with line and column. A keyword is to blame when it
 * refuses the text by itself, as a schema of its own; a rule, when the text could go on if the rule
 * stood for any text. For that the source is compiled anew, many times, within the limits of one
 * compile; where these are hit the explanation says that it is not complete. So it takes
 * milliseconds to seconds. Does not change the state.
 *
 * A matcher does not keep the bytes of its output, so they are given. Without them, where the matcher
 * has options about what comes before the text, and where the source has more than 64 KiB, it is left
 * aside.
 *
 * @param matcher              matcher to ask
 * @param output               (nullable) (length=output_size) (copied) all bytes of the output so
 *                             far; NULL: unknown, or none
 * @param output_size          how many bytes that are
 * @param bytes                (nullable) (length=byte_count) (copied) bytes that might come next;
 *                             NULL only if none: what may come next
 * @param byte_count           number of bytes
 * @param[out] out_explanation (owned, destroy with xgr_explanation_destroy) new explanation
 * @param[out] out_error       (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an output that the grammar refuses
 * @error LIMIT_EXCEEDED    the mask or a step needs more than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_explain_bytes(const xgr_matcher_t* matcher, const uint8_t* output,
                                               size_t output_size, const uint8_t* bytes,
                                               size_t byte_count,
                                               xgr_explanation_t** out_explanation,
                                               xgr_error_t** out_error);

/**
 * Explain why a token may not come next.
 *
 * As xgr_matcher_explain_bytes for the bytes of the token. A stop token is explained as the end of
 * the output: which parts of the source it still lacks. Of a token that is no text, and of one that
 * only a filter, a limit of tokens or the vocabulary forbids, that is told.
 *
 * @param matcher              matcher to ask
 * @param output               (nullable) (length=output_size) (copied) all bytes of the output so
 *                             far; NULL: unknown, or none
 * @param output_size          how many bytes that are
 * @param token                token id, any value
 * @param[out] out_explanation (owned, destroy with xgr_explanation_destroy) new explanation
 * @param[out] out_error       (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an output that the grammar refuses
 * @error LIMIT_EXCEEDED    the mask or a step needs more than max_work_per_call
 * @error CANCELLED         the matcher's request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads readers
 * @since 0.1
 */
XGR_API xgr_status_t xgr_matcher_explain_token(const xgr_matcher_t* matcher, const uint8_t* output,
                                               size_t output_size, int32_t token,
                                               xgr_explanation_t** out_explanation,
                                               xgr_error_t** out_error);

/**
 * Get an explanation as text for people, some lines of it.
 *
 * Each line has a name and a colon; its wording may change. Bytes that are no UTF-8 show as U+FFFD.
 *
 * @param explanation    (nullable) explanation to ask
 * @param[out] out_size  (nullable) length of the text in bytes, without its final NUL
 * @return (borrowed until explanation is destroyed) UTF-8 text; "" for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_explanation_text(const xgr_explanation_t* explanation, size_t* out_size);

/**
 * Get an explanation as a JSON object.
 *
 * Its members are `output_size`, `input` (the bytes as text), `token` (or null), `allowed`,
 * `byte_offset` and `refused` (the first refused byte of the input; null where there is none),
 * `reason` (of a token that is refused for another reason; else null), `read` (the end of what was
 * read before), `expected` (a list of texts), `byte_count` and `token_count` (how many may follow),
 * `examples` (`token` and `text` of some), `may_end`, `ended`, `causes` and `complete`. A cause has
 * `keyword` (of the schema; "rule" in grammars; "order", "strict" and "format" for what an option
 * asks, "JSON" for what no document has, "false" for that schema), `pointer` (of the keyword, or
 * the name of the rule), `value` (of the keyword, its beginning), `instance` (JSON Pointer of the
 * value that it refuses), `line` and `column` (of a rule, from 1 on; 0: unknown), `branch_of` (index
 * of the anyOf or oneOf whose branch it is in, or null) and `together` (it refuses only with the
 * other causes of its place). `causes` is null where the source was left aside.
 *
 * @param explanation    (nullable) explanation to ask
 * @param[out] out_size  (nullable) length of the text in bytes, without its final NUL
 * @return (borrowed until explanation is destroyed) JSON in UTF-8; "" for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_explanation_json(const xgr_explanation_t* explanation, size_t* out_size);

/**
 * Destroy an explanation.
 *
 * @param explanation    (nullable) explanation to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_explanation_destroy(xgr_explanation_t* explanation);

#ifdef __cplusplus
}
#endif

#endif /* XGR_EXPLANATION_H */
