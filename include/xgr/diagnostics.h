/* xgr_diagnostics_t: what the author of a source may want to know although it compiles. */
#ifndef XGR_DIAGNOSTICS_H
#define XGR_DIAGNOSTICS_H

#include <xgr/base.h>
#include <xgr/compiler.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a diagnostic is about.
 *
 * @since 0.1
 */
typedef int32_t xgr_diagnostic_code_t;
enum xgr_diagnostic_code {
  XGR_DIAGNOSTIC_IGNORED_KEYWORD = 1,       /**< A keyword of a schema asserts nothing. */
  XGR_DIAGNOSTIC_APPROXIMATED_KEYWORD = 2,  /**< Left out, in lenient mode. */
  XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT = 3, /**< A quoted text has the name of a special token,
                                                 which the text never is. */
  XGR_DIAGNOSTIC_MORE = 4                   /**< Last of a long list: how many are left out. */
};

/**
 * The diagnostics of a grammar. They are no errors: the grammar is exactly what its source says.
 *
 * Created by xgr_grammar_diagnostics, destroyed by xgr_diagnostics_destroy. Immutable.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_diagnostics xgr_diagnostics_t;

/**
 * One diagnostic. Its texts are borrowed until the diagnostics are destroyed.
 *
 * @since 0.1
 */
typedef struct xgr_diagnostic {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (length=message_size) One line: what does not do what it seems to, and what to write instead. */
  const char* message;
  /** Length of message in bytes. */
  size_t message_size;
  /** (length=subject_size) Keyword or special token that it is about; "" for
      XGR_DIAGNOSTIC_MORE. */
  const char* subject;
  /** Length of subject in bytes. */
  size_t subject_size;
  /** (nullable) (length=pointer_size) Place in a JSON source as a JSON Pointer, in a schema that a
      reference led to after its URI and "#"; NULL when there is none. */
  const char* pointer;
  /** Length of pointer in bytes. */
  size_t pointer_size;
  /** Place in the source text as a distance from its start in bytes; -1 when unknown. */
  int64_t byte_offset;
  /** Line of the place, the first is 1; 0 when unknown. */
  int32_t line;
  /** Column of the place in code points, the first is 1; 0 when unknown. */
  int32_t column;
  /** What it is about. */
  xgr_diagnostic_code_t code;
  /** 0. */
  int32_t reserved;
} xgr_diagnostic_t;
#define XGR_DIAGNOSTIC_INIT {sizeof(xgr_diagnostic_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * Get what compiling a grammar has noticed. Most grammars have no diagnostics.
 *
 * They were found when the grammar was compiled, and stand in the order of the source. At most 1,000
 * are kept; then the last is XGR_DIAGNOSTIC_MORE. Where a grammar was composed of several
 * sources, each place is one in its own.
 *
 * @param grammar               grammar to ask
 * @param[out] out_diagnostics  (owned, destroy with xgr_diagnostics_destroy) diagnostics
 * @error INVALID_ARGUMENT      a NULL where none is allowed
 * @error OUT_OF_MEMORY         memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_diagnostics(const xgr_grammar_t* grammar,
                                             xgr_diagnostics_t** out_diagnostics);

/**
 * Get the number of diagnostics.
 *
 * @param diagnostics    (nullable) diagnostics to ask
 * @return number of diagnostics; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API size_t xgr_diagnostics_size(const xgr_diagnostics_t* diagnostics);

/**
 * Get one of the diagnostics. Its texts are borrowed until the diagnostics are destroyed.
 *
 * @param diagnostics              diagnostics to ask
 * @param index                    number of the diagnostic, the first is 0
 * @param[in,out] out_diagnostic   struct with its struct_size set; members that the library does
 *                                 not know become 0
 * @error INVALID_ARGUMENT         a NULL where none is allowed; no such diagnostic; a struct_size
 *                                 out of range
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_diagnostics_get(const xgr_diagnostics_t* diagnostics, size_t index,
                                         xgr_diagnostic_t* out_diagnostic);

/**
 * Destroy diagnostics.
 *
 * @param diagnostics    (nullable) diagnostics to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_diagnostics_destroy(xgr_diagnostics_t* diagnostics);

#ifdef __cplusplus
}
#endif

#endif /* XGR_DIAGNOSTICS_H */
