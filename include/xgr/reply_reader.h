/* xgr_reply_reader_t: reads the replies of a family of chat models back, as they come in. */
#ifndef XGR_REPLY_READER_H
#define XGR_REPLY_READER_H

#include <xgr/base.h>
#include <xgr/error.h>
#include <xgr/tokenizer.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a reader found in a reply.
 *
 * @since 0.1
 */
typedef int32_t xgr_reply_event_kind_t;
enum xgr_reply_event_kind {
  XGR_REPLY_EVENT_NONE = 0,       /**< Nothing until more bytes come. */
  XGR_REPLY_EVENT_REASONING = 1,  /**< More text of the reasoning. */
  XGR_REPLY_EVENT_TEXT = 2,       /**< More text for the user. */
  XGR_REPLY_EVENT_CALL_BEGIN = 3, /**< A call: text is the name of the function, id what the model
                                       gave it as an id or number. */
  XGR_REPLY_EVENT_ARGUMENTS = 4,  /**< More of the arguments of the call, a JSON object. */
  XGR_REPLY_EVENT_CALL_END = 5,   /**< The call is whole. */
  XGR_REPLY_EVENT_MALFORMED = 6, /**< The call is none: text is what stands there, and problem, with
                                       the first event of a call, why. */
  XGR_REPLY_EVENT_END = 7        /**< The reply is over: problem is what it lacks, or "". */
};

/**
 * Where a reply begins.
 *
 * @since 0.1
 */
typedef int32_t xgr_reply_begin_t;
enum xgr_reply_begin {
  XGR_REPLY_BEGIN_AUTO = 0,      /**< As the request and the family say. */
  XGR_REPLY_BEGIN_REASONING = 1, /**< Inside of the reasoning. */
  XGR_REPLY_BEGIN_OUTSIDE = 2    /**< Outside of it. */
};

/**
 * A reader of one reply.
 *
 * Created by xgr_reply_reader_create, destroyed by xgr_reply_reader_destroy. Bytes go in, cut
 * anywhere, and events come out as soon as they are certain. Needs neither a grammar nor a matcher.
 *
 * @threads confined
 * @since 0.1
 */
typedef struct xgr_reply_reader xgr_reply_reader_t;

/**
 * Options of a reader.
 *
 * @since 0.1
 */
typedef struct xgr_reply_reader_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** Where the reply begins. */
  xgr_reply_begin_t begin;
  /** 0. */
  int32_t reserved;
} xgr_reply_reader_options_t;
#define XGR_REPLY_READER_OPTIONS_INIT {sizeof(xgr_reply_reader_options_t), 0, 0}

/**
 * One event. Its texts are borrowed until the next call with the reader; a NUL follows each.
 *
 * @since 0.1
 */
typedef struct xgr_reply_event {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (length=text_size) Text of the event. It never ends inside of a character that goes on. */
  const char* text;
  /** Length of text in bytes. */
  size_t text_size;
  /** (length=id_size) Id of a call that begins, "" when it has none. */
  const char* id;
  /** Length of id in bytes. */
  size_t id_size;
  /** (length=problem_size) One line: what is wrong or missing; "" when nothing is. */
  const char* problem;
  /** Length of problem in bytes. */
  size_t problem_size;
  /** Place in the reply as a distance from its start in bytes; where a call is malformed, of the
      first byte that does not fit. */
  uint64_t byte_offset;
  /** What was found. */
  xgr_reply_event_kind_t kind;
  /** Number of the call, the first is 0; 0 for events of other kinds. */
  int32_t call;
} xgr_reply_event_t;
#define XGR_REPLY_EVENT_INIT {sizeof(xgr_reply_event_t), NULL, 0, NULL, 0, NULL, 0, 0, 0, 0}

/**
 * Make a reader of a reply.
 *
 * The request tells whether the reply begins inside of the reasoning, and by its tools the types of
 * arguments where the family does not write them: whether 12 is a number or a string. Without a
 * request every name is one of a function, and such arguments are strings, arrays or objects.
 *
 * @param family            (length=family_size) (copied) name or alias of a family of the library,
 *                          the text of a family file, or a response template: the member
 *                          `response_template` of a tokenizer_config.json, or that whole file
 * @param family_size       length in bytes
 * @param request           (nullable) (length=request_size) (copied) the request that is answered,
 *                          JSON in UTF-8; NULL: it is not known
 * @param request_size      length in bytes
 * @param tokenizer         (nullable) tells the suffix of markers where a family has one
 * @param options           (nullable) (copied) NULL means defaults
 * @param[out] out_reader   (owned, destroy with xgr_reply_reader_destroy) new reader
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; no family has the name; an option out of
 *                          range
 * @error INVALID_SOURCE    the family or the request is malformed
 * @error UNSUPPORTED       a response template says what no family can express
 * @error LIMIT_EXCEEDED    a limit was hit
 * @error OUT_OF_MEMORY     memory ran out
 * @threads any
 * @since 0.1
 */
XGR_API xgr_status_t xgr_reply_reader_create(const char* family, size_t family_size,
                                             const char* request, size_t request_size,
                                             const xgr_tokenizer_t* tokenizer,
                                             const xgr_reply_reader_options_t* options,
                                             xgr_reply_reader_t** out_reader,
                                             xgr_error_t** out_error);

/**
 * Give a reader the next bytes of its reply.
 *
 * They may end anywhere. Special tokens count with the text of their names; tokens that end the
 * reply may be left out. What may still become a marker is held back; events of all else are ready
 * when this returns. Takes time linear in the bytes. After OUT_OF_MEMORY a reader can only be
 * destroyed.
 *
 * @param reader            reader to use
 * @param bytes             (nullable) (length=bytes_size) (copied) bytes; NULL only if there are none
 * @param bytes_size        how many
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error INVALID_STATE     the reply is over
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_reply_reader_feed(xgr_reply_reader_t* reader, const uint8_t* bytes,
                                           size_t bytes_size);

/**
 * Tell a reader that its reply is over. Its last event will be XGR_REPLY_EVENT_END.
 *
 * @param reader            reader to use
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error INVALID_STATE     the reply is over already
 * @error OUT_OF_MEMORY     memory ran out
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_reply_reader_finish(xgr_reply_reader_t* reader);

/**
 * Take the next event of a reader; XGR_REPLY_EVENT_NONE when there is none.
 *
 * @param reader             reader to ask
 * @param[in,out] out_event  struct with its struct_size set; members that the library does not know
 *                           become 0
 * @error INVALID_ARGUMENT   a NULL where none is allowed; a struct_size out of range
 * @threads confined
 * @since 0.1
 */
XGR_API xgr_status_t xgr_reply_reader_next_event(xgr_reply_reader_t* reader,
                                                 xgr_reply_event_t* out_event);

/**
 * Destroy a reader.
 *
 * @param reader         (nullable) reader to destroy
 * @threads confined
 * @since 0.1
 */
XGR_API void xgr_reply_reader_destroy(xgr_reply_reader_t* reader);

#ifdef __cplusplus
}
#endif

#endif /* XGR_REPLY_READER_H */
