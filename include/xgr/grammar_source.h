/* xgr_grammar_source_t: a language as a value, before any tokenizer. Sources are made from texts and
   from other sources, printed, and compiled. */
#ifndef XGR_GRAMMAR_SOURCE_H
#define XGR_GRAMMAR_SOURCE_H

#include <xgr/base.h>
#include <xgr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Where a JSON text has white space.
 *
 * @since 0.1
 */
typedef int32_t xgr_json_layout_t;
enum xgr_json_layout {
  XGR_JSON_LAYOUT_FREE = 0,  /**< Any white space between the parts of a document. */
  XGR_JSON_LAYOUT_LINE = 1,  /**< One line, only the separators between the parts. */
  XGR_JSON_LAYOUT_INDENT = 2 /**< Every member and item on its own line, indented. */
};

/**
 * Which escapes the strings of a JSON text have.
 *
 * @since 0.1
 */
typedef int32_t xgr_json_escapes_t;
enum xgr_json_escapes {
  XGR_JSON_ESCAPES_ANY = 0,    /**< All that RFC 8259 has: "/", "\/" and "\u002F" are one string. */
  XGR_JSON_ESCAPES_MINIMAL = 1 /**< Those that RFC 8259 requires, \n-like ones where there are, else
                                    \u001f in lower case: every string has one spelling. */
};

/**
 * What becomes of names in a schema that its draft gives no meaning.
 *
 * @since 0.1
 */
typedef int32_t xgr_unknown_keywords_t;
enum xgr_unknown_keywords {
  XGR_UNKNOWN_KEYWORDS_IGNORE = 0, /**< They assert nothing; xgr_json_schema_check and
                                        xgr_grammar_diagnostics list them. */
  XGR_UNKNOWN_KEYWORDS_REFUSE = 1  /**< They are errors, but for names that begin with "x-". */
};

/**
 * What `format` in a JSON Schema means.
 *
 * @since 0.1
 */
typedef int32_t xgr_formats_t;
enum xgr_formats {
  XGR_FORMATS_ENFORCE = 0,        /**< Those of the standard hold; other names are ignored. */
  XGR_FORMATS_REFUSE_UNKNOWN = 1, /**< Those of the standard hold; other names are refused. */
  XGR_FORMATS_IGNORE = 2          /**< Nothing: all are annotations. */
};

/**
 * Which notation a grammar in EBNF is written in.
 *
 * @since 0.1
 */
typedef int32_t xgr_ebnf_dialect_t;
enum xgr_ebnf_dialect {
  XGR_EBNF_DIALECT_AUTO = 0, /**< GBNF where only GBNF can be meant, else EBNF. */
  XGR_EBNF_DIALECT_EBNF = 1, /**< EBNF with macros and attributes of rules. */
  XGR_EBNF_DIALECT_GBNF = 2  /**< GBNF as llama.cpp reads it. */
};

/**
 * Whose regular expressions a pattern is one of; see docs/regex.md.
 *
 * @since 0.1
 */
typedef int32_t xgr_regex_dialect_t;
enum xgr_regex_dialect {
  XGR_REGEX_DIALECT_PCRE = 0, /**< The regular part of PCRE2; a dot matches line ends too. */
  XGR_REGEX_DIALECT_ECMA = 1  /**< ECMA-262 with the flag u, as in JSON Schema. */
};

/**
 * How a pattern is read; a pattern may switch these itself, as in (?i).
 *
 * @since 0.1
 */
typedef int32_t xgr_regex_flags_t;
enum xgr_regex_flags {
  XGR_REGEX_CASELESS = 1,  /**< i: letters match whatever their case. */
  XGR_REGEX_MULTILINE = 2, /**< m: ^ and $ match at line ends inside the text. */
  XGR_REGEX_EXTENDED = 4,  /**< x: white space and # comments do not count. */
  XGR_REGEX_DOT_STOPS = 8  /**< A dot matches no line end. */
};

/**
 * A language that is not tied to a tokenizer: made from a text or from other sources.
 *
 * Created by the xgr_grammar_source_from functions, xgr_grammar_source_union,
 * xgr_grammar_source_concat, xgr_grammar_source_repeat and xgr_grammar_source_intersection,
 * destroyed by xgr_grammar_source_destroy. Immutable. A source keeps what it is
 * made from, so handles may be destroyed in any order. Texts are read when the source is made, or
 * later where the options defer it, within the default limits of xgr_compiler_options_t. What was
 * read then is kept, and not read again to compile or print it.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_grammar_source xgr_grammar_source_t;

/**
 * How JSON documents are laid out. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_json_format {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=item_separator_size) UTF-8 text between items and between members; default
      ", " on one line, "," with indentation. Must be NULL with XGR_JSON_LAYOUT_FREE. */
  const char* item_separator;
  /** Length of item_separator in bytes. */
  size_t item_separator_size;
  /** (nullable) (length=key_separator_size) UTF-8 text between key and value; default ": ". Must be
      NULL with XGR_JSON_LAYOUT_FREE. */
  const char* key_separator;
  /** Length of key_separator in bytes. */
  size_t key_separator_size;
  /** Where white space stands; default XGR_JSON_LAYOUT_FREE. */
  xgr_json_layout_t layout;
  /** With XGR_JSON_LAYOUT_INDENT: spaces a level, default 0. Must be 0 with other layouts. */
  int32_t indent;
  /** With XGR_JSON_LAYOUT_FREE: most white-space characters in one place; default no bound. Must
      be 0 with other layouts. */
  int32_t max_whitespace;
  /** Most digits in a row of numbers that the schema does not list, so that no number goes on for
      ever; no limit for numbers with a bound of as many digits. Default no bound. */
  int32_t max_digits;
  /** Which escapes strings and names have; default XGR_JSON_ESCAPES_ANY. */
  xgr_json_escapes_t escapes;
  /** Must be 0. */
  int32_t reserved;
} xgr_json_format_t;
#define XGR_JSON_FORMAT_INIT {sizeof(xgr_json_format_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * A schema that references in another schema may lead to.
 *
 * @since 0.1
 */
typedef struct xgr_remote_schema {
  /** Size of this struct as the caller knows it; the same for all elements of an array. */
  size_t struct_size;
  /** (length=uri_size) URI that references name it by; a fragment is ignored. */
  const char* uri;
  /** Length of uri in bytes. */
  size_t uri_size;
  /** (length=text_size) Schema, JSON in UTF-8; read when a reference leads to it. */
  const char* text;
  /** Length of text in bytes. */
  size_t text_size;
} xgr_remote_schema_t;
#define XGR_REMOTE_SCHEMA_INIT {sizeof(xgr_remote_schema_t), 0, 0, 0, 0}

/**
 * How a JSON Schema is read. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_json_schema_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=remote_count) Schemas outside the document that references may lead to.
      Nothing is ever fetched; the standard meta-schemas are known without being listed. Default:
      none. */
  const xgr_remote_schema_t* remotes;
  /** Number of remotes. */
  size_t remote_count;
  /** Not 0: objects and arrays have only the members and items that the schema describes, unless
      it opens them itself. Default: as the standard says. */
  int32_t strict;
  /** What `format` means. Default: XGR_FORMATS_ENFORCE. */
  xgr_formats_t formats;
  /** Draft of schemas without $schema: 4, 6, 7, 2019 or 2020. Default: 2020, and keywords of other
      drafts count as well. */
  int32_t draft;
  /** Not 0: the properties of an object come in any order, each declared one at most once.
      Default: as the schema declares them, then all others. */
  int32_t any_order;
  /** Not 0: keywords that cannot be enforced are left out. Outputs may then violate those, and
      only those, which xgr_json_schema_check lists. Default: they are refused. */
  int32_t lenient;
  /** Not 0: undeclared names of an object differ from each other, too, also in objects that the
      schema does not describe. Where they count (minProperties) they always do. Default: they may
      repeat. */
  int32_t unique_names;
  /** Whether names that no draft defines, keywords of other drafts and a $schema that names no known
      draft are refused. Default: XGR_UNKNOWN_KEYWORDS_IGNORE. */
  xgr_unknown_keywords_t unknown_keywords;
  /** Not 0: the text is read when the source is compiled, checked, printed or intersected, and what
      is wrong with it shows there. Default: when the source is made. For sources only. */
  int32_t deferred;
  /** Must be 0. */
  uint64_t reserved;
} xgr_json_schema_options_t;
#define XGR_JSON_SCHEMA_OPTIONS_INIT \
  {sizeof(xgr_json_schema_options_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * How a grammar in EBNF is read. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_ebnf_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=root_rule_size) Name of the rule to match; default "root". */
  const char* root_rule;
  /** Length of root_rule in bytes. */
  size_t root_rule_size;
  /** Notation; default XGR_EBNF_DIALECT_AUTO. */
  xgr_ebnf_dialect_t dialect;
  /** Not 0: the text is read when the source is compiled, checked, printed or intersected, and what
      is wrong with it shows there. Default: when the source is made. For sources only. */
  int32_t deferred;
  /** Must be 0. */
  uint64_t reserved;
} xgr_ebnf_options_t;
#define XGR_EBNF_OPTIONS_INIT {sizeof(xgr_ebnf_options_t), 0, 0, 0, 0, 0}

/**
 * How a regular expression is read. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_regex_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Not 0: texts that contain a match. Default: the whole text is one. */
  int32_t search;
  /** Dialect; default XGR_REGEX_DIALECT_PCRE. */
  xgr_regex_dialect_t dialect;
  /** XGR_REGEX_ flags, combined by |; default none. */
  xgr_regex_flags_t flags;
  /** Not 0: the text is read when the source is compiled, checked, printed or intersected, and what
      is wrong with it shows there. Default: when the source is made. For sources only. */
  int32_t deferred;
  /** Must be 0. */
  uint64_t reserved;
} xgr_regex_options_t;
#define XGR_REGEX_OPTIONS_INIT {sizeof(xgr_regex_options_t), 0, 0, 0, 0, 0}

/**
 * A grammar that a Lark text may name: @name. Either a text or a source.
 *
 * @since 0.1
 */
typedef struct xgr_named_grammar {
  /** Size of this struct as the caller knows it; the same for all elements of an array. */
  size_t struct_size;
  /** (length=name_size) Name, without @. */
  const char* name;
  /** Length of name in bytes. */
  size_t name_size;
  /** (nullable) (length=text_size) Lark text, UTF-8; it may name others of the array. */
  const char* text;
  /** Length of text in bytes. */
  size_t text_size;
  /** (nullable) Source, when there is no text. */
  const xgr_grammar_source_t* source;
} xgr_named_grammar_t;
#define XGR_NAMED_GRAMMAR_INIT {sizeof(xgr_named_grammar_t), 0, 0, 0, 0, 0}

/**
 * How a Lark text is read. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_lark_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=named_count) Grammars that the text may name; default none. */
  const xgr_named_grammar_t* named;
  /** Number of named grammars. */
  size_t named_count;
  /** Not 0: the text is read when the source is compiled, checked, printed or intersected, and what
      is wrong with it shows there. Default: when the source is made. For sources only. */
  int32_t deferred;
  /** Must be 0. */
  int32_t reserved;
} xgr_lark_options_t;
#define XGR_LARK_OPTIONS_INIT {sizeof(xgr_lark_options_t), 0, 0, 0, 0}

/**
 * How a structural tag is read. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_structural_tag_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Not 0: objects and arrays of the schemas inside are open as the standard says. Default: they
      have only the members and items that a schema describes, unless it opens them itself. */
  int32_t open_schemas;
  /** What `format` means in the schemas inside. Default: XGR_FORMATS_ENFORCE. */
  xgr_formats_t formats;
  /** Not 0: keywords of the schemas inside that cannot be enforced are left out. Default: they are
      refused. */
  int32_t lenient;
  /** Not 0: the text is read when the source is compiled, checked, printed or intersected, and what
      is wrong with it shows there. Default: when the source is made. For sources only. */
  int32_t deferred;
  /** Must be 0. */
  uint64_t reserved;
} xgr_structural_tag_options_t;
#define XGR_STRUCTURAL_TAG_OPTIONS_INIT {sizeof(xgr_structural_tag_options_t), 0, 0, 0, 0, 0}

/**
 * Create a source from a grammar in EBNF or GBNF.
 *
 * Special tokens that it names are looked up when it is compiled.
 *
 * @param text              (length=text_size) (copied) grammar, UTF-8
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    malformed text, or an unknown or missing rule
 * @error UNSUPPORTED       a construct that is not supported
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_ebnf(const char* text, size_t text_size,
                                                  const xgr_ebnf_options_t* options,
                                                  xgr_grammar_source_t** out_source,
                                                  xgr_error_t** out_error);

/**
 * Create a source from a regular expression.
 *
 * @param pattern           (length=pattern_size) (copied) pattern, UTF-8
 * @param pattern_size      length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    malformed pattern
 * @error UNSUPPORTED       a construct that is not regular or not supported
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_regex(const char* pattern, size_t pattern_size,
                                                   const xgr_regex_options_t* options,
                                                   xgr_grammar_source_t** out_source,
                                                   xgr_error_t** out_error);

/**
 * Create a source from a Lark text; printing it gives EBNF of the same language.
 *
 * Special tokens that it names are looked up when it is compiled.
 *
 * @param text              (length=text_size) (copied) grammar, UTF-8; its start is the rule "start"
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    malformed text, an unknown name, or a rule that is missing
 * @error UNSUPPORTED       a construct that is not supported
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_lark(const char* text, size_t text_size,
                                                  const xgr_lark_options_t* options,
                                                  xgr_grammar_source_t** out_source,
                                                  xgr_error_t** out_error);

/**
 * Create a source from a JSON Schema; see xgr_compiler_compile_json_schema.
 *
 * @param schema            (length=schema_size) (copied) schema, JSON in UTF-8
 * @param schema_size       length in bytes
 * @param format            (nullable) (copied) layout of the documents; NULL means defaults
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    not JSON, not a schema, or a schema that no document satisfies
 * @error UNSUPPORTED       a keyword that cannot be enforced
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_json_schema(const char* schema, size_t schema_size,
                                                         const xgr_json_format_t* format,
                                                         const xgr_json_schema_options_t* options,
                                                         xgr_grammar_source_t** out_source,
                                                         xgr_error_t** out_error);

/**
 * Create a source from a structural tag: free text, and tags in it whose content has a grammar.
 *
 * Tokens that it names by their text are looked up when it is compiled.
 *
 * @param text              (length=text_size) (copied) structural tag, JSON in UTF-8
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error INVALID_SOURCE    not JSON, not a structural tag, or one that no output satisfies
 * @error UNSUPPORTED       a construct or a keyword of a schema that is not supported
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_structural_tag(
    const char* text, size_t text_size, const xgr_structural_tag_options_t* options,
    xgr_grammar_source_t** out_source, xgr_error_t** out_error);

/**
 * Create a source for all JSON documents (RFC 8259).
 *
 * @param format            (nullable) (copied) layout of the documents; NULL means defaults
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_json(const xgr_json_format_t* format,
                                                  xgr_grammar_source_t** out_source,
                                                  xgr_error_t** out_error);

/**
 * Create a source for the texts of a list; any order, repetitions count once.
 *
 * A list of a million texts takes some tenths of a second here, and about a millisecond when it is
 * compiled.
 *
 * @param texts             (length=texts_size) (copied) all texts end to end, each UTF-8
 * @param texts_size        sum of text_sizes
 * @param text_sizes        (length=text_count) (copied) length of each text in bytes
 * @param text_count        number of texts, at least one
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; no text; sizes that do not add up
 * @error INVALID_SOURCE    a text that is not UTF-8; the message tells which
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_choices(const char* texts, size_t texts_size,
                                                     const uint32_t* text_sizes, size_t text_count,
                                                     xgr_grammar_source_t** out_source,
                                                     xgr_error_t** out_error);

/**
 * Create a source for the parts of a text: any run of neighbouring chunks, and the empty text.
 *
 * With one chunk a character these are the substrings of the text, with one chunk a word its
 * quotations. Time and memory are linear in the text.
 *
 * @param chunks            (length=chunks_size) (copied) the text, UTF-8
 * @param chunks_size       sum of chunk_sizes
 * @param chunk_sizes       (length=chunk_count) (copied) length of each chunk in bytes; a chunk is
 *                          taken as a whole
 * @param chunk_count       number of chunks
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; sizes that do not add up
 * @error INVALID_SOURCE    a chunk that is not UTF-8; the message tells which
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_from_substring(const char* chunks, size_t chunks_size,
                                                       const uint32_t* chunk_sizes,
                                                       size_t chunk_count,
                                                       xgr_grammar_source_t** out_source,
                                                       xgr_error_t** out_error);

/**
 * Create a source for the texts that belong to at least one of several sources.
 *
 * Rules of the same name in two sources are two rules.
 *
 * @param sources           (length=source_count) at least one
 * @param source_count      number of sources
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; no source
 * @error OUT_OF_MEMORY     memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_union(xgr_grammar_source_t* const* sources,
                                              size_t source_count,
                                              xgr_grammar_source_t** out_source,
                                              xgr_error_t** out_error);

/**
 * Create a source for a text of the first source, then one of the second, and so on.
 *
 * @param sources           (length=source_count) at least one
 * @param source_count      number of sources
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; no source
 * @error OUT_OF_MEMORY     memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_concat(xgr_grammar_source_t* const* sources,
                                               size_t source_count,
                                               xgr_grammar_source_t** out_source,
                                               xgr_error_t** out_error);

/**
 * Create a source for some texts of a source, one behind the other; 0 and 1 make it optional.
 *
 * @param source            what is repeated
 * @param min               least number of times
 * @param max               greatest number of times; -1: no bound
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; min is negative or greater than max
 * @error OUT_OF_MEMORY     memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_repeat(const xgr_grammar_source_t* source, int32_t min,
                                               int32_t max, xgr_grammar_source_t** out_source,
                                               xgr_error_t** out_error);

/**
 * Create a source for the texts that belong to both of two sources.
 *
 * Exact where at least one of them is regular: needs no rule that calls itself, directly or through
 * others. What rules ask of matchers (captures, budgets) is kept on the other side. The result is
 * built once here, so that what is refused shows at once.
 *
 * @param first             one source
 * @param second            the other source
 * @param[out] out_source   (owned, destroy with xgr_grammar_source_destroy) new source
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error UNSUPPORTED       neither is regular; the message names a rule of each
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_intersection(const xgr_grammar_source_t* first,
                                                     const xgr_grammar_source_t* second,
                                                     xgr_grammar_source_t** out_source,
                                                     xgr_error_t** out_error);

/**
 * Destroy a source. What was made from it stays valid.
 *
 * @param source         (nullable) source to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_grammar_source_destroy(xgr_grammar_source_t* source);

/**
 * Find out whether a source can be compiled, without compiling it.
 *
 * A tokenizer whose tokens cannot spell every text may still refuse it.
 *
 * @param source            source to check
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error INVALID_SOURCE    it has no text at all
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_check(const xgr_grammar_source_t* source,
                                              xgr_error_t** out_error);

/**
 * Print a source as EBNF that compiles to the same language.
 *
 * Always tells the size; writes the text and a final NUL only if they fit, that is if
 * text_capacity is greater than the size. So call it first with NULL and 0 to learn the size.
 *
 * @param source             source to print
 * @param simplify           not 0: with fewer and shorter rules, where that is possible
 * @param[out] text          (nullable) (length=text_capacity) caller's memory
 * @param text_capacity      its size in bytes
 * @param[out] out_text_size size of the text in bytes, without its final NUL
 * @param[out] out_error     (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT   a NULL where none is allowed
 * @error UNSUPPORTED        the language has no EBNF text of reasonable size
 * @error LIMIT_EXCEEDED     a limit was hit
 * @error OUT_OF_MEMORY      memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_grammar_source_print(const xgr_grammar_source_t* source, int32_t simplify,
                                              char* text, size_t text_capacity,
                                              size_t* out_text_size, xgr_error_t** out_error);

#ifdef __cplusplus
}
#endif

#endif /* XGR_GRAMMAR_SOURCE_H */
