/* Families of chat models: how the replies of a model are written, as data. From a family and a
   request to the structural tag that constrains the reply. */
#ifndef XGR_FAMILY_H
#define XGR_FAMILY_H

#include <xgr/base.h>
#include <xgr/error.h>
#include <xgr/tokenizer.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get the number of families that are compiled into the library.
 *
 * @return number of families
 * @threads any
 * @since 0.1
 */
XGR_API size_t xgr_family_count(void);

/**
 * Get the name of a family of the library. Names ascend.
 *
 * @param index          less than xgr_family_count
 * @return (borrowed for ever) name, NULL if there is none
 * @threads any
 * @since 0.1
 */
XGR_API const char* xgr_family_name(size_t index);

/**
 * Get the file of a family of the library: JSON as share/xgr/families/family.schema.json describes
 * it. A changed copy can be given wherever a family is asked for.
 *
 * @param index          less than xgr_family_count
 * @return (borrowed for ever) JSON, NULL if there is none
 * @threads any
 * @since 0.1
 */
XGR_API const char* xgr_family_text(size_t index);

/**
 * Make the structural tag that constrains the reply to a request.
 *
 * The request is a JSON object in the shape of OpenAI's APIs. What counts are its members `tools`,
 * `tool_choice`, `parallel_tool_calls`, `response_format`, and those of docs/families.md, such as
 * `reasoning`; others are ignored. The structural tag is JSON for
 * xgr_compiler_compile_structural_tag.
 *
 * Always tells the size; writes the text and a final NUL only if they fit, that is if
 * text_capacity is greater than the size.
 *
 * @param family             (length=family_size) (copied) name or alias of a family of the library,
 *                           the text of a family file, or a response template: the member
 *                           `response_template` of a tokenizer_config.json, or that whole file
 * @param family_size        length in bytes
 * @param request            (length=request_size) (copied) request, JSON in UTF-8
 * @param request_size       length in bytes
 * @param tokenizer          (nullable) tells which markers are tokens, and the suffix of markers where
 *                           a family has one; NULL: all markers are text unless the request says
 *                           otherwise
 * @param[out] text          (nullable) (length=text_capacity) caller's memory
 * @param text_capacity      its size in bytes
 * @param[out] out_text_size size of the text in bytes, without its final NUL
 * @param[out] out_error     (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT   a NULL where none is allowed; no family has the name
 * @error INVALID_SOURCE     the family or the request is malformed; a tool is unknown, given twice or
 *                           missing
 * @error UNSUPPORTED        a response template says what no family can express
 * @error LIMIT_EXCEEDED     a limit was hit
 * @error OUT_OF_MEMORY      memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_family_structural_tag(const char* family, size_t family_size,
                                               const char* request, size_t request_size,
                                               const xgr_tokenizer_t* tokenizer, char* text,
                                               size_t text_capacity, size_t* out_text_size,
                                               xgr_error_t** out_error);

#ifdef __cplusplus
}
#endif

#endif /* XGR_FAMILY_H */
