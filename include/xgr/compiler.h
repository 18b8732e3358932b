/* xgr_compiler_t turns sources into xgr_grammar_t: a language compiled for one tokenizer. */
#ifndef XGR_COMPILER_H
#define XGR_COMPILER_H

#include <xgr/base.h>
#include <xgr/cancel.h>
#include <xgr/error.h>
#include <xgr/grammar_source.h>
#include <xgr/tokenizer.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How much of what masks consist of is computed before anybody asks. No mask depends on it.
 *
 * @since 0.1
 */
typedef int32_t xgr_warm_up_t;
enum xgr_warm_up {
  XGR_WARM_UP_NONE = 0,    /**< Nothing: masks are computed when first asked for. */
  XGR_WARM_UP_BOUNDED = 1, /**< The likeliest 256 positions of an output, or 8 MiB. */
  XGR_WARM_UP_FULL = 2     /**< All positions, up to 65,536 of them and to the memory budget. */
};

/**
 * One tokenizer's workshop: compiles sources and owns what the grammars share.
 *
 * Created by xgr_compiler_create, destroyed by xgr_compiler_destroy.
 *
 * @threads synchronised
 * @since 0.1
 */
typedef struct xgr_compiler xgr_compiler_t;

/**
 * A language, compiled for one tokenizer.
 *
 * Created by the xgr_compiler_compile functions, destroyed by xgr_grammar_destroy. Immutable; any
 * number of matchers share it.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_grammar xgr_grammar_t;

/**
 * Options of xgr_compiler_create. Zero in any field means its default.
 *
 * Going over a limit is XGR_ERROR_LIMIT_EXCEEDED, never a wrong mask.
 *
 * @since 0.1
 */
typedef struct xgr_compiler_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Bytes that automata and masks of all grammars of the compiler may take; default 512 MiB. Masks
      beyond that are evicted, unused ones first, and computed again when needed; automata only
      count. */
  size_t memory_budget;
  /** Limit: size of one source in bytes; default 64 MiB. */
  size_t max_source_size;
  /** Limit: nesting of groups in a grammar, levels in a schema; default 100,000. */
  size_t max_nesting;
  /** Limit: expressions of one grammar; default 33,554,432. */
  size_t max_expressions;
  /** Limit: automaton states of one grammar; default 4,194,304. */
  size_t max_states;
  /** Limit: elementary steps of one fill or accept; default 8,388,608. */
  size_t max_work_per_call;
  /** Limit: elementary steps of one compile; default 16,777,216. */
  size_t max_compile_work;
  /** Limit: bytes of expressions that one compile adds; default 256 MiB. */
  size_t max_compile_memory;
  /** Bytes that grammars in the compile cache may keep alive, with all that they hold; default
      256 MiB. The least recently used ones are evicted first; what else uses them keeps them. */
  size_t cache_limit;
  /** Threads that may work at once, the calling one included; default 1. */
  int32_t threads;
  /** Warm-up of every grammar that is compiled. With more than one thread compiling does not wait
      for it; with one it is part of compiling. Default XGR_WARM_UP_NONE. */
  xgr_warm_up_t warm_up;
  /** Not 0: no grammar is kept for later requests. Default: they are; see xgr_compile_options_t. */
  int32_t no_cache;
  /** Not 0: JSON Schemas that differ only in white space and in how strings are escaped are one to
      the cache. Default: every byte counts. */
  int32_t canonical_schemas;
  /** Must be 0. */
  uint64_t reserved;
} xgr_compiler_options_t;
#define XGR_COMPILER_OPTIONS_INIT \
  {sizeof(xgr_compiler_options_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * What a compiler or a grammar holds, and what that has cost.
 *
 * @since 0.1
 */
typedef struct xgr_compiled_stats {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Automaton states. */
  uint64_t states;
  /** Mask parts: token sets that masks are composed of, kept for all matchers. */
  uint64_t mask_parts;
  /** Mask parts that were computed so far, by fills, warm-up and prefetching. */
  uint64_t parts_built;
  /** Nodes of the token trie that were visited for that. */
  uint64_t nodes_visited;
  /** Nanoseconds that took, all threads together. */
  uint64_t walk_nanoseconds;
  /** Memory in bytes, as the memory_size function tells it. */
  uint64_t memory_size;
  /** Bytes that automata and masks of all grammars of the compiler may take. */
  uint64_t memory_budget;
  /** Mask parts that were evicted to stay inside the budget. */
  uint64_t evictions;
} xgr_compiled_stats_t;
#define XGR_COMPILED_STATS_INIT {sizeof(xgr_compiled_stats_t), 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * How one compile goes about it. Zero in any field means its default.
 *
 * A compiler keeps what it has compiled, within cache_limit: the same source with the same options
 * is compiled once, also for callers that ask at the same time. A compile goes on for as long as
 * one of them waits, so that the request to stop or the timeout of one does not fail the others.
 * That a source is malformed or unsupported is kept, too; other failures are not.
 *
 * @since 0.1
 */
typedef struct xgr_compile_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) Request that stops the compile for this caller; default none. */
  const xgr_cancel_t* cancel;
  /** Milliseconds after which this caller gives up with XGR_ERROR_LIMIT_EXCEEDED; default none. */
  uint64_t timeout_milliseconds;
  /** Not 0: neither takes the grammar from the cache nor leaves it there. Default: both. */
  int32_t bypass_cache;
  /** Must be 0. */
  int32_t reserved;
} xgr_compile_options_t;
#define XGR_COMPILE_OPTIONS_INIT {sizeof(xgr_compile_options_t), 0, 0, 0, 0}

/**
 * What the compile cache of a compiler holds, and what it has saved.
 *
 * @since 0.1
 */
typedef struct xgr_cache_stats {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Grammars and remembered failures. */
  uint64_t entries;
  /** Bytes that they keep alive: sources, grammars, automata and masks. */
  uint64_t memory_size;
  /** Bytes that they may keep alive. */
  uint64_t memory_limit;
  /** Requests that were answered from the cache. */
  uint64_t hits;
  /** Requests that waited for a compile that another one had begun. */
  uint64_t shared;
  /** Requests that began a compile. */
  uint64_t misses;
  /** Entries that were given up to stay inside the limit. */
  uint64_t evictions;
  /** Nanoseconds that compiling took, all threads together. */
  uint64_t compile_nanoseconds;
} xgr_cache_stats_t;
#define XGR_CACHE_STATS_INIT {sizeof(xgr_cache_stats_t), 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * Create a compiler.
 *
 * @param tokenizer         tokenizer to compile for; the compiler keeps it alive
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_compiler (owned, destroy with xgr_compiler_destroy) new compiler
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_create(const xgr_tokenizer_t* tokenizer,
                                         const xgr_compiler_options_t* options,
                                         xgr_compiler_t** out_compiler, xgr_error_t** out_error);

/**
 * Destroy a compiler. Its grammars stay valid.
 *
 * No other thread may be inside a call with it.
 *
 * @param compiler       (nullable) compiler to destroy
 * @threads confined
 * @since 0.1
 */
XGR_API void xgr_compiler_destroy(xgr_compiler_t* compiler);

/**
 * Compile a JSON Schema (drafts 4 to 2020-12).
 *
 * Property order is that of the schema. An assertion that cannot be enforced is refused, never
 * ignored, unless the options are lenient. A name that is no keyword asserts nothing:
 * xgr_grammar_diagnostics lists such names, and the option unknown_keywords refuses them. Costs
 * about a millisecond; masks are computed when first asked for.
 *
 * @param compiler          compiler to use
 * @param schema            (length=schema_size) (copied) schema, JSON in UTF-8
 * @param schema_size       length in bytes
 * @param format            (nullable) (copied) layout of the documents; NULL means defaults
 * @param options           (nullable) (copied) NULL means defaults
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    not JSON, not a schema, a schema that no document satisfies, or an
 *                          unknown keyword where the options refuse those
 * @error UNSUPPORTED       a keyword that cannot be enforced
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_json_schema(xgr_compiler_t* compiler, const char* schema,
                                                      size_t schema_size,
                                                      const xgr_json_format_t* format,
                                                      const xgr_json_schema_options_t* options,
                                                      const xgr_compile_options_t* compile_options,
                                                      xgr_grammar_t** out_grammar,
                                                      xgr_error_t** out_error);

/**
 * Compile the language of all JSON documents (RFC 8259).
 *
 * @param compiler          compiler to use
 * @param format            (nullable) (copied) layout of the documents; NULL means defaults
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    no token can spell any document
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_json(xgr_compiler_t* compiler,
                                               const xgr_json_format_t* format,
                                               const xgr_compile_options_t* compile_options,
                                               xgr_grammar_t** out_grammar,
                                               xgr_error_t** out_error);

/**
 * Compile a grammar in EBNF or GBNF.
 *
 * @param compiler          compiler to use
 * @param text              (length=text_size) (copied) grammar, UTF-8
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    malformed text, an unknown or missing rule, or a grammar without any
 *                          string that the tokens can spell
 * @error UNSUPPORTED       a construct that is not supported
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_ebnf(xgr_compiler_t* compiler, const char* text,
                                               size_t text_size, const xgr_ebnf_options_t* options,
                                               const xgr_compile_options_t* compile_options,
                                               xgr_grammar_t** out_grammar,
                                               xgr_error_t** out_error);

/**
 * Compile a regular expression; without options the whole output has to match it.
 *
 * @param compiler          compiler to use
 * @param pattern           (length=pattern_size) (copied) pattern, UTF-8
 * @param pattern_size      length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    malformed pattern, or one without any string that the tokens can spell
 * @error UNSUPPORTED       a construct that is not regular or not supported
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_regex(xgr_compiler_t* compiler, const char* pattern,
                                                size_t pattern_size,
                                                const xgr_regex_options_t* options,
                                                const xgr_compile_options_t* compile_options,
                                                xgr_grammar_t** out_grammar,
                                                xgr_error_t** out_error);

/**
 * Compile a grammar in Lark.
 *
 * @param compiler          compiler to use
 * @param text              (length=text_size) (copied) grammar, UTF-8
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    malformed text, an unknown or missing rule, or a grammar without any
 *                          string that the tokens can spell
 * @error UNSUPPORTED       a construct that is not supported
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_lark(xgr_compiler_t* compiler, const char* text,
                                               size_t text_size, const xgr_lark_options_t* options,
                                               const xgr_compile_options_t* compile_options,
                                               xgr_grammar_t** out_grammar,
                                               xgr_error_t** out_error);

/**
 * Compile a structural tag: free text, and tags in it whose content has a grammar.
 *
 * @param compiler          compiler to use
 * @param text              (length=text_size) (copied) structural tag, JSON in UTF-8
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    not JSON, not a structural tag, or one without any output that the tokens
 *                          can spell
 * @error UNSUPPORTED       a construct or a keyword of a schema that is not supported
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_structural_tag(
    xgr_compiler_t* compiler, const char* text, size_t text_size,
    const xgr_structural_tag_options_t* options, const xgr_compile_options_t* compile_options,
    xgr_grammar_t** out_grammar, xgr_error_t** out_error);

/**
 * Compile a source: what the other compile functions do with one that is made of their arguments.
 *
 * @param compiler          compiler to use
 * @param source            source to compile
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error INVALID_SOURCE    it has no text that the tokens can spell, or a deferred text is malformed
 * @error UNSUPPORTED       a deferred text uses what is not supported
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the request to stop was made
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_compile_source(xgr_compiler_t* compiler,
                                                 const xgr_grammar_source_t* source,
                                                 const xgr_compile_options_t* compile_options,
                                                 xgr_grammar_t** out_grammar,
                                                 xgr_error_t** out_error);

/**
 * Give up all that the compile cache holds.
 *
 * Grammars that somebody uses are not affected, nor are compiles that are on their way.
 *
 * @param compiler       (nullable) compiler whose cache to clear
 * @threads synchronised
 * @since 0.1
 */
XGR_API void xgr_compiler_clear_cache(xgr_compiler_t* compiler);

/**
 * Get what the compile cache holds, and what it has saved.
 *
 * @param compiler              compiler to ask
 * @param[in,out] out_stats     struct with its struct_size set; members that the library does not
 *                              know become 0
 * @error INVALID_ARGUMENT      a NULL where none is allowed; a struct_size out of range
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_cache_stats(const xgr_compiler_t* compiler,
                                              xgr_cache_stats_t* out_stats);

/**
 * Get about how much memory the caches of a compiler occupy, its grammars included.
 *
 * @param compiler       (nullable) compiler to ask
 * @return size in bytes; 0 for NULL
 * @threads synchronised
 * @since 0.1
 */
XGR_API size_t xgr_compiler_memory_size(const xgr_compiler_t* compiler);

/**
 * Get what a compiler and its living grammars hold, and what that has cost.
 *
 * Counts of destroyed grammars are gone when the cache has given them up, too. Counts that grow while this runs may be a little apart.
 *
 * @param compiler              compiler to ask
 * @param[in,out] out_stats     struct with its struct_size set; members that the library does not
 *                              know become 0
 * @error INVALID_ARGUMENT      a NULL where none is allowed; a struct_size out of range
 * @error OUT_OF_MEMORY         memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_stats(const xgr_compiler_t* compiler,
                                        xgr_compiled_stats_t* out_stats);

/**
 * Destroy a grammar. Its matchers stay valid.
 *
 * @param grammar        (nullable) grammar to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_grammar_destroy(xgr_grammar_t* grammar);

/**
 * Get the tokenizer that a grammar was compiled for.
 *
 * @param grammar            grammar to ask
 * @param[out] out_tokenizer (owned, destroy with xgr_tokenizer_destroy) further handle of the same
 *                           tokenizer
 * @error INVALID_ARGUMENT   a NULL where none is allowed
 * @error OUT_OF_MEMORY      memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_tokenizer(const xgr_grammar_t* grammar,
                                           xgr_tokenizer_t** out_tokenizer);

/**
 * Print a grammar as EBNF that compiles back to the same language.
 *
 * Always tells the size; writes the text and a final NUL only if they fit, that is if
 * text_capacity is greater than the size. So call it first with NULL and 0 to learn the size.
 *
 * @param grammar            grammar to print
 * @param[out] text          (nullable) (length=text_capacity) caller's memory
 * @param text_capacity      its size in bytes
 * @param[out] out_text_size size of the text in bytes, without its final NUL
 * @param[out] out_error     (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT   a NULL where none is allowed
 * @error UNSUPPORTED        the language has no EBNF text of reasonable size
 * @error LIMIT_EXCEEDED     a limit of the compiler was hit
 * @error OUT_OF_MEMORY      memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_print_ebnf(const xgr_grammar_t* grammar, char* text,
                                            size_t text_capacity, size_t* out_text_size,
                                            xgr_error_t** out_error);

/**
 * Get about how much memory a grammar occupies; it grows as masks are computed.
 *
 * @param grammar        (nullable) grammar to ask
 * @return size in bytes, the tokenizer not included; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API size_t xgr_grammar_memory_size(const xgr_grammar_t* grammar);

/**
 * Compute ahead what the masks of a grammar consist of, likely ones first.
 *
 * Returns when it is done; the threads of the compiler help. Changes no mask: it only takes the time
 * now that first visits would take later. It stops at the memory budget, and when a sixteenth of
 * max_states exists; the rest is left to outputs.
 *
 * @param grammar            grammar to warm up
 * @param level              XGR_WARM_UP_*
 * @param cancel             (nullable) request to stop; what was computed until then is kept
 * @error INVALID_ARGUMENT   grammar is NULL, or level is not one of the constants
 * @error CANCELLED          the request was made
 * @error OUT_OF_MEMORY      memory ran out; what was computed until then is kept
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_warm_up(const xgr_grammar_t* grammar, xgr_warm_up_t level,
                                         const xgr_cancel_t* cancel);

/**
 * Get what a grammar holds by itself, and what that has cost; what it shares with other grammars is
 * counted by xgr_compiler_stats.
 *
 * @param grammar               grammar to ask
 * @param[in,out] out_stats     struct with its struct_size set; members that the library does not
 *                              know become 0
 * @error INVALID_ARGUMENT      a NULL where none is allowed; a struct_size out of range
 * @error OUT_OF_MEMORY         memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_stats(const xgr_grammar_t* grammar,
                                       xgr_compiled_stats_t* out_stats);

#ifdef __cplusplus
}
#endif

#endif /* XGR_COMPILER_H */
