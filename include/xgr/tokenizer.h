/* xgr_tokenizer_t: the vocabulary of a model. */
#ifndef XGR_TOKENIZER_H
#define XGR_TOKENIZER_H

#include <xgr/base.h>
#include <xgr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How the texts of a vocabulary spell the bytes of the output.
 *
 * @since 0.1
 */
typedef int32_t xgr_vocab_type_t;
enum xgr_vocab_type {
  XGR_VOCAB_TYPE_RAW = 0,           /**< Token texts are the bytes themselves. */
  XGR_VOCAB_TYPE_BYTE_FALLBACK = 1, /**< SentencePiece: "<0x0A>" is one byte, U+2581 a space. */
  XGR_VOCAB_TYPE_BYTE_LEVEL = 2     /**< GPT-2: every byte is written as a printable character. */
};

/**
 * What a token is for.
 *
 * @since 0.1
 */
typedef int32_t xgr_token_kind_t;
enum xgr_token_kind {
  XGR_TOKEN_KIND_NORMAL = 0,  /**< Text of the output. */
  XGR_TOKEN_KIND_CONTROL = 1, /**< Never text, never allowed. */
  XGR_TOKEN_KIND_STOP = 2,    /**< Ends the output; never text. */
  XGR_TOKEN_KIND_UNUSED = 3   /**< Hole in the vocabulary or padding; never allowed. */
};

/**
 * A vocabulary, decoded and indexed for fast masks.
 *
 * Created by xgr_tokenizer_create, xgr_tokenizer_open, xgr_tokenizer_create_from_json, xgr_tokenizer_create_from_file and
 * xgr_grammar_tokenizer, destroyed by xgr_tokenizer_destroy. Immutable.
 *
 * @threads shared
 * @since 0.1
 */
typedef struct xgr_tokenizer xgr_tokenizer_t;

/**
 * Options of xgr_tokenizer_create. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_tokenizer_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=token_kind_count) XGR_TOKEN_KIND_* by token id; NULL: all are normal. */
  const uint8_t* token_kinds;
  /** How many kinds there are: as many as tokens. */
  size_t token_kind_count;
  /** (nullable) (length=stop_token_count) Stop tokens beside those of that kind; any order.
      Default without either: tokens with a well-known name, see no_stop_detection. */
  const int32_t* stop_tokens;
  /** How many stop tokens there are. */
  size_t stop_token_count;
  /** How the token texts spell bytes; default XGR_VOCAB_TYPE_RAW. */
  xgr_vocab_type_t vocab_type;
  /** Size of the logits; default the number of tokens. Ids beyond the tokens are unused. */
  int32_t vocab_size;
  /** Not 0: the tokenizer puts a space before the text it encodes. Reported, not used. */
  int32_t add_prefix_space;
  /** Not 0: without stop tokens there are none. Default: a token whose whole text is the name of a
      well-known stop token, such as "<|im_end|>" or "<eos>", becomes one. With token_kinds only
      control tokens do. Names that a text may contain as well, such as "</s>" in HTML, count only
      where no other name is found. */
  int32_t no_stop_detection;
  /** Not 0: tokens with ids of vocab_size or more are left out, as the model never writes them. Default:
      they are refused. */
  int32_t cut_excess_tokens;
  /** Must be 0. */
  int32_t reserved;
} xgr_tokenizer_options_t;
#define XGR_TOKENIZER_OPTIONS_INIT {sizeof(xgr_tokenizer_options_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/**
 * Options of xgr_tokenizer_create_from_json. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_tokenizer_json_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=stop_token_count) Stop tokens; NULL: those with a well-known name, special
      tokens before others. */
  const int32_t* stop_tokens;
  /** How many stop tokens there are. */
  size_t stop_token_count;
  /** Size of the logits; default the greatest token id plus one. */
  int32_t vocab_size;
  /** Not 0: without stop_tokens there are none. Default: they are found by their names. */
  int32_t no_stop_detection;
  /** Not 0: tokens with ids of vocab_size or more are left out, as the model never writes them. Default:
      they are refused. */
  int32_t cut_excess_tokens;
  /** Must be 0. */
  int32_t reserved;
} xgr_tokenizer_json_options_t;
#define XGR_TOKENIZER_JSON_OPTIONS_INIT {sizeof(xgr_tokenizer_json_options_t), 0, 0, 0, 0, 0, 0}

/**
 * Format of a tokenizer's file.
 *
 * @since 0.1
 */
typedef int32_t xgr_tokenizer_format_t;
enum xgr_tokenizer_format {
  XGR_TOKENIZER_FORMAT_DETECT = 0,        /**< The contents tell. */
  XGR_TOKENIZER_FORMAT_JSON = 1,          /**< tokenizer.json of Hugging Face. */
  XGR_TOKENIZER_FORMAT_TIKTOKEN = 2,      /**< Lines of base64 and rank. */
  XGR_TOKENIZER_FORMAT_TEKKEN = 3,        /**< tekken.json of Mistral. */
  XGR_TOKENIZER_FORMAT_SENTENCEPIECE = 4, /**< tokenizer.model of SentencePiece. */
  XGR_TOKENIZER_FORMAT_GGUF = 5           /**< Model file of llama.cpp; not read yet. */
};

/**
 * Options of xgr_tokenizer_create_from_file. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_tokenizer_file_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=stop_token_count) Stop tokens; NULL: those that the file names, else those with a
      well-known name, special tokens before others. */
  const int32_t* stop_tokens;
  /** How many stop tokens there are. */
  size_t stop_token_count;
  /** Format of the file; default XGR_TOKENIZER_FORMAT_DETECT. */
  xgr_tokenizer_format_t format;
  /** Size of the logits; default the greatest token id plus one. */
  int32_t vocab_size;
  /** Not 0: without stop_tokens there are none. Default: they are found in the file. */
  int32_t no_stop_detection;
  /** Not 0: tokens with ids of vocab_size or more are left out, as the model never writes them. Default:
      they are refused. */
  int32_t cut_excess_tokens;
  /** Must be 0. */
  uint64_t reserved;
} xgr_tokenizer_file_options_t;
#define XGR_TOKENIZER_FILE_OPTIONS_INIT {sizeof(xgr_tokenizer_file_options_t), 0, 0, 0, 0, 0, 0, 0}

/**
 * Options of xgr_tokenizer_open and xgr_tokenizer_create_from_saved. Zero in any field means its default.
 *
 * @since 0.1
 */
typedef struct xgr_tokenizer_saved_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Not 0: the data of xgr_tokenizer_create_from_saved is used where it lies, and not copied. It begins at
      a multiple of 64 and stays there unchanged until the tokenizer and all that was made from it are
      destroyed. xgr_tokenizer_open never copies. */
  int32_t borrow;
  /** Not 0: also check that the tables are those of the tokens, at the cost of creating the tokenizer.
      Default: only that they can do no harm, which is enough for files of one's own. */
  int32_t verify;
  /** Must be 0. */
  uint64_t reserved;
} xgr_tokenizer_saved_options_t;
#define XGR_TOKENIZER_SAVED_OPTIONS_INIT {sizeof(xgr_tokenizer_saved_options_t), 0, 0, 0}

/**
 * Create a tokenizer from the texts of its tokens.
 *
 * The texts lie one after the other in token_bytes, in the order of their ids, and may contain any
 * byte, NUL too. Tokens may be empty (then they are never allowed) and may have equal texts. Where
 * neither token_kinds nor stop_tokens name a stop token, those with a well-known name are taken;
 * xgr_tokenizer_stop_tokens reads back which. Costs some tens of milliseconds for 100,000 tokens.
 *
 * @param token_bytes       (length=token_bytes_size) (copied) all token texts, end to end
 * @param token_bytes_size  sum of token_sizes
 * @param token_sizes       (length=token_count) (copied) length of each text in bytes
 * @param token_count       number of tokens
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_tokenizer (owned, destroy with xgr_tokenizer_destroy) new tokenizer
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; the sizes do not add up; a kind, type or
 *                          stop token out of range; vocab_size below token_count
 * @error INVALID_DATA      a token text is malformed for its vocabulary type
 * @error LIMIT_EXCEEDED    more tokens or longer texts than any vocabulary has
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_create(const uint8_t* token_bytes, size_t token_bytes_size,
                                          const uint32_t* token_sizes, size_t token_count,
                                          const xgr_tokenizer_options_t* options,
                                          xgr_tokenizer_t** out_tokenizer, xgr_error_t** out_error);

/**
 * Create a tokenizer from the text of a Hugging Face tokenizer.json file: what
 * xgr_tokenizer_create_from_file does for XGR_TOKENIZER_FORMAT_JSON.
 *
 * Vocabulary type, stop tokens and prefix space are detected; the getters below read back what was
 * found.
 *
 * @param text              (length=text_size) (copied) contents of the file, UTF-8
 * @param text_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_tokenizer (owned, destroy with xgr_tokenizer_destroy) new tokenizer
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; a stop token or vocab_size out of range
 * @error INVALID_DATA      the text is not JSON or not a tokenizer
 * @error UNSUPPORTED       a kind of model that has no fixed token texts
 * @error LIMIT_EXCEEDED    more tokens or longer texts than any vocabulary has
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_create_from_json(const char* text, size_t text_size,
                                                    const xgr_tokenizer_json_options_t* options,
                                                    xgr_tokenizer_t** out_tokenizer,
                                                    xgr_error_t** out_error);

/**
 * Create a tokenizer from the contents of a tokenizer's file.
 *
 * Format, vocabulary type, stop tokens and prefix space are detected; xgr_tokenizer_findings reads back
 * what was found and why. The bytes of a token are those that it adds to an output behind other tokens.
 * What is not understood is an error that names it, never a guess.
 *
 * @param contents          (length=contents_size) (copied) contents of the file, not its name
 * @param contents_size     length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_tokenizer (owned, destroy with xgr_tokenizer_destroy) new tokenizer
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; a format, stop token or vocab_size out of range
 * @error INVALID_DATA      the contents are of no known format, or malformed
 * @error UNSUPPORTED       a model or decoder whose tokens have no fixed bytes, or that is not known
 * @error LIMIT_EXCEEDED    more tokens or longer texts than any vocabulary has
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_create_from_file(const uint8_t* contents, size_t contents_size,
                                                    const xgr_tokenizer_file_options_t* options,
                                                    xgr_tokenizer_t** out_tokenizer,
                                                    xgr_error_t** out_error);

/**
 * Save a tokenizer with all that creating it has computed, to be opened without that work.
 *
 * Always tells the size, which is some 120 bytes a token; writes only if data_capacity is at least the
 * size. So call it first with NULL and 0 to learn the size. Equal tokenizers are saved as equal bytes. They
 * are for little-endian machines, and for versions of the library that save alike.
 *
 * @param tokenizer         tokenizer to save
 * @param[out] data         (nullable) (length=data_capacity) caller's memory
 * @param data_capacity     its size in bytes
 * @param[out] out_data_size size of the saved tokenizer in bytes
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error UNSUPPORTED       a big-endian machine
 * @error OUT_OF_MEMORY     memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_save(const xgr_tokenizer_t* tokenizer, uint8_t* data,
                                        size_t data_capacity, size_t* out_data_size,
                                        xgr_error_t** out_error);

/**
 * Open a file that holds what xgr_tokenizer_save wrote, and use it where it lies.
 *
 * The file is mapped for reading: its pages are shared by all processes that open it, and may leave the
 * memory and come back. It must not be changed or shortened while it is open; another one may take its
 * name. Costs about two milliseconds for 130,000 tokens, most of it for the checksum. What it says is
 * checked, so that a damaged or forged file is refused or does no harm.
 *
 * @param path              (length=path_size) (copied) name of the file, UTF-8
 * @param path_size         length in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_tokenizer (owned, destroy with xgr_tokenizer_destroy) new tokenizer
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; the file cannot be opened
 * @error INVALID_DATA      no saved tokenizer, a damaged one, or one of another version
 * @error UNSUPPORTED       a big-endian machine
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_open(const char* path, size_t path_size,
                                        const xgr_tokenizer_saved_options_t* options,
                                        xgr_tokenizer_t** out_tokenizer, xgr_error_t** out_error);

/**
 * Create a tokenizer from what xgr_tokenizer_save wrote, in memory: what xgr_tokenizer_open does for a
 * file.
 *
 * @param data              (length=data_size) (copied) the saved tokenizer; with the option borrow
 *                          it has to stay until all that was made from it is destroyed
 * @param data_size         size in bytes
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_tokenizer (owned, destroy with xgr_tokenizer_destroy) new tokenizer
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; data to borrow is not aligned
 * @error INVALID_DATA      no saved tokenizer, a damaged one, or one of another version
 * @error UNSUPPORTED       a big-endian machine
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_create_from_saved(const uint8_t* data, size_t data_size,
                                                     const xgr_tokenizer_saved_options_t* options,
                                                     xgr_tokenizer_t** out_tokenizer,
                                                     xgr_error_t** out_error);

/**
 * Destroy a tokenizer. What was made from it stays valid.
 *
 * @param tokenizer      (nullable) tokenizer to destroy
 * @threads shared
 * @since 0.1
 */
XGR_API void xgr_tokenizer_destroy(xgr_tokenizer_t* tokenizer);

/**
 * Get the size of the logits, which is the number of bits of a mask.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return number of token ids, padding included; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API int32_t xgr_tokenizer_vocab_size(const xgr_tokenizer_t* tokenizer);

/**
 * Get the number of tokens that were given, without padding.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return number of tokens; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API int32_t xgr_tokenizer_token_count(const xgr_tokenizer_t* tokenizer);

/**
 * Get the number of 32-bit words of a mask.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return number of words; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API size_t xgr_tokenizer_mask_words(const xgr_tokenizer_t* tokenizer);

/**
 * Get the bytes that a token adds to the output.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @param token          token id
 * @param[out] out_size  (nullable) number of bytes; 0 for tokens that are not normal
 * @return (nullable) (borrowed until tokenizer is destroyed) bytes, not NUL-terminated; NULL when
 *         token is out of range
 * @threads shared
 * @since 0.1
 */
XGR_API const uint8_t* xgr_tokenizer_token_bytes(const xgr_tokenizer_t* tokenizer, int32_t token,
                                                 size_t* out_size);

/**
 * Get how the vocabulary spells a control or stop token, such as "<|im_end|>".
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @param token          token id
 * @param[out] out_size  (nullable) number of bytes; 0 for tokens of other kinds
 * @return (nullable) (borrowed until tokenizer is destroyed) bytes, not NUL-terminated; NULL when
 *         token is out of range
 * @threads shared
 * @since 0.1
 */
XGR_API const uint8_t* xgr_tokenizer_token_name(const xgr_tokenizer_t* tokenizer, int32_t token,
                                                size_t* out_size);

/**
 * Get what a token is for.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @param token          token id
 * @return kind; XGR_TOKEN_KIND_UNUSED when token is out of range
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_token_kind_t xgr_tokenizer_token_kind(const xgr_tokenizer_t* tokenizer, int32_t token);

/**
 * Get the stop tokens, ascending.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @param[out] out_count (nullable) number of stop tokens
 * @return (nullable) (borrowed until tokenizer is destroyed) token ids; NULL when there are none
 * @threads shared
 * @since 0.1
 */
XGR_API const int32_t* xgr_tokenizer_stop_tokens(const xgr_tokenizer_t* tokenizer,
                                                 size_t* out_count);

/**
 * Get how the token texts spelled bytes: as given, or as detected.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return vocabulary type; XGR_VOCAB_TYPE_RAW for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_vocab_type_t xgr_tokenizer_vocab_type(const xgr_tokenizer_t* tokenizer);

/**
 * Get whether the tokenizer puts a space before the text it encodes: as given, or as detected.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return 1 or 0; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API int32_t xgr_tokenizer_add_prefix_space(const xgr_tokenizer_t* tokenizer);

/**
 * Get the kind of model that a tokenizer.json describes: "BPE", "Unigram", "WordPiece" or
 * "WordLevel".
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return (borrowed until tokenizer is destroyed) NUL-terminated text; "" when it was not created
 *         from JSON
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_tokenizer_model_type(const xgr_tokenizer_t* tokenizer);

/**
 * Get which part of a tokenizer.json decided the vocabulary type.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return (borrowed until tokenizer is destroyed) NUL-terminated text: "decoder", "vocabulary", or
 *         "" when it was not created from JSON
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_tokenizer_detected_by(const xgr_tokenizer_t* tokenizer);

/**
 * Tell what was found in a tokenizer's file and why, as JSON.
 *
 * An object with "format", "model", "detected_by", "decoder" (names of its parts in their order),
 * "vocab_type", "add_prefix_space", "stop_tokens" (objects with "id", "name" and "reason"), "tokens" (how
 * many there are of each kind) and "notes" (texts). For people and tests: the texts in it may change.
 * Always tells the size; writes the text and a final NUL only if they fit, that is if text_capacity is
 * greater than the size. So call it first with NULL and 0 to learn the size.
 *
 * @param tokenizer          tokenizer to ask
 * @param[out] text          (nullable) (length=text_capacity) caller's memory
 * @param text_capacity      its size in bytes
 * @param[out] out_text_size size of the text in bytes, without its final NUL
 * @param[out] out_error     (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT   a NULL where none is allowed
 * @error OUT_OF_MEMORY      memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_findings(const xgr_tokenizer_t* tokenizer, char* text,
                                            size_t text_capacity, size_t* out_text_size,
                                            xgr_error_t** out_error);

/**
 * Get what tells vocabularies apart: a SHA-256 of the sizes, texts and kinds of all tokens.
 *
 * Equal for equal vocabularies, on every machine and in every version, however they were created;
 * docs/tokenizers.md says of which bytes it is. How texts are encoded does not count. Found when it is first
 * asked for, which takes some milliseconds.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return (borrowed until tokenizer is destroyed) NUL-terminated text: 64 lowercase hexadecimal digits;
 *         "" for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API const char* xgr_tokenizer_fingerprint(const xgr_tokenizer_t* tokenizer);

/**
 * Write text as tokens, each the longest that fits.
 *
 * The tokens spell the text; the model's own tokenizer would mostly write it in others. Names of special
 * tokens are text like any other. Tokens with a byte 0xFF, which no UTF-8 has, are not used. Always tells the count; writes the tokens only if all of them fit. So call
 * it first with NULL and 0 to learn the count.
 *
 * @param tokenizer          tokenizer to ask
 * @param text               (nullable) (length=text_size) (copied) bytes; NULL only without any
 * @param text_size          how many bytes there are
 * @param[out] tokens        (nullable) (length=token_capacity) token ids; NULL only without room
 * @param token_capacity     how many there is room for
 * @param[out] out_count     how many tokens the text takes
 * @param[out] out_error     (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT   a NULL where none is allowed
 * @error INVALID_DATA       at some byte of the text no token fits; which is told
 * @error OUT_OF_MEMORY      memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_encode(const xgr_tokenizer_t* tokenizer, const uint8_t* text,
                                          size_t text_size, int32_t* tokens, size_t token_capacity,
                                          size_t* out_count, xgr_error_t** out_error);

/**
 * Write the bytes that tokens add to the output.
 *
 * Always tells the size; writes the bytes only if all of them fit. So call it first with NULL and 0 to learn the
 * size.
 *
 * @param tokenizer          tokenizer to ask
 * @param tokens             (nullable) (length=token_count) (copied) token ids; NULL only without any
 * @param token_count        how many tokens there are
 * @param special_names      not 0: control and stop tokens are written as their names; 0: they add nothing
 * @param[out] bytes         (nullable) (length=byte_capacity) the bytes; NULL only without room
 * @param byte_capacity      how many there is room for
 * @param[out] out_size      how many bytes the tokens add
 * @param[out] out_error     (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT   a NULL where none is allowed; a token outside the vocabulary
 * @error OUT_OF_MEMORY      memory ran out
 * @threads shared
 * @since 0.1
 */
XGR_API xgr_status_t xgr_tokenizer_decode(const xgr_tokenizer_t* tokenizer, const int32_t* tokens,
                                          size_t token_count, int32_t special_names, uint8_t* bytes,
                                          size_t byte_capacity, size_t* out_size,
                                          xgr_error_t** out_error);

/**
 * Get about how much memory a tokenizer occupies.
 *
 * @param tokenizer      (nullable) tokenizer to ask
 * @return size in bytes; 0 for NULL
 * @threads shared
 * @since 0.1
 */
XGR_API size_t xgr_tokenizer_memory_size(const xgr_tokenizer_t* tokenizer);

#ifdef __cplusplus
}
#endif

#endif /* XGR_TOKENIZER_H */
