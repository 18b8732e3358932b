/* xgr_json_schema_report_t: what becomes of each keyword of a JSON Schema, without compiling it. */
#ifndef XGR_JSON_SCHEMA_H
#define XGR_JSON_SCHEMA_H

#include <xgr/base.h>
#include <xgr/error.h>
#include <xgr/grammar_source.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What becomes of a keyword.
 *
 * @since 0.1
 */
typedef int32_t xgr_keyword_outcome_t;
enum xgr_keyword_outcome {
  XGR_KEYWORD_OUTCOME_ENFORCED = 0,     /**< It holds in every output. */
  XGR_KEYWORD_OUTCOME_IGNORED = 1,      /**< It asserts nothing where it stands. */
  XGR_KEYWORD_OUTCOME_APPROXIMATED = 2, /**< Left out: outputs may violate it. */
  XGR_KEYWORD_OUTCOME_REFUSED = 3       /**< The schema is not compiled because of it. */
};

/**
 * What becomes of the keywords of a schema.
 *
 * Created by xgr_json_schema_check, destroyed by xgr_json_schema_report_destroy. Immutable.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_json_schema_report xgr_json_schema_report_t;

/**
 * What becomes of one keyword. Its texts are borrowed until the report is destroyed.
 *
 * @since 0.1
 */
typedef struct xgr_json_schema_entry {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (length=keyword_size) Name of the keyword. */
  const char* keyword;
  /** Length of keyword in bytes. */
  size_t keyword_size;
  /** (length=pointer_size) Place of the keyword as a JSON Pointer; in a schema that a reference led
      to, its URI, "#" and the pointer there. */
  const char* pointer;
  /** Length of pointer in bytes. */
  size_t pointer_size;
  /** (length=reason_size) Why the keyword is not enforced, and what to write instead where that is
      known; "" when it is enforced. */
  const char* reason;
  /** Length of reason in bytes. */
  size_t reason_size;
  /** What becomes of it. */
  xgr_keyword_outcome_t outcome;
  /** 0. */
  int32_t reserved;
} xgr_json_schema_entry_t;
#define XGR_JSON_SCHEMA_ENTRY_INIT \
  {sizeof(xgr_json_schema_entry_t), NULL, 0, NULL, 0, NULL, 0, 0, 0}

/**
 * Find out what becomes of each keyword of a JSON Schema.
 *
 * With the option `lenient` what cannot be enforced is approximated, without it refused. Entries
 * stand in the order of the document. Every name in a schema that documents are compared with has
 * one, also if no draft defines it; annotations that a draft defines and definitions that no
 * reference leads to do not. Limits are those of a compiler
 * with default options. Costs about as much as compiling, for each keyword that is not enforced.
 *
 * @param schema            (length=schema_size) (copied) schema, JSON in UTF-8
 * @param schema_size       length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_report   (owned, destroy with xgr_json_schema_report_destroy) new report
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    not JSON, not a schema, or a schema that no document satisfies
 * @error UNSUPPORTED       a draft or vocabulary that is not supported
 * @error LIMIT_EXCEEDED    a limit was hit, or more than 1,000 keywords cannot be enforced
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_json_schema_check(const char* schema, size_t schema_size,
                                           const xgr_json_schema_options_t* options,
                                           xgr_json_schema_report_t** out_report,
                                           xgr_error_t** out_error);

/**
 * Get the number of entries of a report.
 *
 * @param report         (nullable) report to ask
 * @return number of entries; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API size_t xgr_json_schema_report_size(const xgr_json_schema_report_t* report);

/**
 * Get an entry of a report. Its texts are borrowed until the report is destroyed.
 *
 * @param report                report to ask
 * @param index                 number of the entry, the first is 0
 * @param[in,out] out_entry     struct with its struct_size set; members that the library does not
 *                              know become 0
 * @error INVALID_ARGUMENT      a NULL where none is allowed; no such entry; a struct_size out of
 *                              range
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_json_schema_report_entry(const xgr_json_schema_report_t* report,
                                                  size_t index, xgr_json_schema_entry_t* out_entry);

/**
 * Destroy a report.
 *
 * @param report         (nullable) report to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_json_schema_report_destroy(xgr_json_schema_report_t* report);

#ifdef __cplusplus
}
#endif

#endif /* XGR_JSON_SCHEMA_H */
