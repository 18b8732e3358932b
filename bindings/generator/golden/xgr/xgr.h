/* A small API with one of everything, for the golden tests of the generator. */
#ifndef XGR_GOLDEN_H
#define XGR_GOLDEN_H
#include <stddef.h>
#include <stdint.h>
#define XGR_API
#define XGR_VERSION_MAJOR 1
#define XGR_VERSION_MINOR 2
#define XGR_VERSION_PATCH 3

/**
 * What a call came to.
 *
 * @since 1.0
 */
typedef int32_t xgr_status_t;
enum xgr_status {
  XGR_OK = 0,                    /**< Done. */
  XGR_ERROR_INVALID_ARGUMENT = 1 /**< An argument is wrong. */
};

/**
 * A box of words.
 *
 * Created by xgr_box_create, destroyed by xgr_box_destroy.
 *
 * @threads confined
 * @since 1.0
 */
typedef struct xgr_box xgr_box_t;

/**
 * Options of xgr_box_create.
 *
 * @since 1.0
 */
typedef struct xgr_box_options {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** (nullable) (length=label_size) Text on the box. */
  const char* label;
  /** Length of label in bytes. */
  size_t label_size;
  /** Number of words. */
  int32_t size;
  /** Must be 0. */
  int32_t reserved;
} xgr_box_options_t;
#define XGR_BOX_OPTIONS_INIT {sizeof(xgr_box_options_t), 0, 0, 0, 0}

/**
 * Create a box.
 *
 * Costs nothing.
 *
 * @param options        (nullable) (copied) NULL means defaults
 * @param[out] out_box   (owned, destroy with xgr_box_destroy) new box
 * @error INVALID_ARGUMENT  out_box is NULL
 * @threads any
 * @since 1.0
 */
XGR_API xgr_status_t xgr_box_create(const xgr_box_options_t* options, xgr_box_t** out_box);

/**
 * Destroy a box.
 *
 * @param box            (nullable) box to destroy
 * @threads confined
 * @since 1.0
 */
XGR_API void xgr_box_destroy(xgr_box_t* box);

/**
 * Get the words of a box.
 *
 * @param box            box to ask
 * @param[out] out_count (nullable) number of words
 * @return (borrowed until box is destroyed) words
 * @threads confined
 * @since 1.2
 */
XGR_API const uint32_t* xgr_box_words(const xgr_box_t* box, size_t* out_count);

/**
 * How a box was opened last; xgr_box_lend tells it.
 *
 * @since 1.2
 */
typedef int32_t xgr_box_lid_t;
enum xgr_box_lid {
  XGR_BOX_LID_SHUT = 0, /**< Not at all: "\/" is shut. */
  XGR_BOX_LID_OPEN = 1  /**< By xgr_box_words. */
};

/**
 * What may be in a box.
 *
 * @since 1.2
 */
typedef int32_t xgr_box_flags_t;
enum xgr_box_flags {
  XGR_BOX_HAS_WORDS = 1, /**< Words. */
  XGR_BOX_HAS_LABEL = 2  /**< A label. */
};

/**
 * What a box has seen.
 *
 * @since 1.2
 */
typedef struct xgr_box_stats {
  /** Size of this struct as the caller knows it. */
  size_t struct_size;
  /** How often it was opened. */
  uint64_t openings;
  /** How it was opened last. */
  xgr_box_lid_t lid;
  /** What was in it. */
  xgr_box_flags_t flags;
} xgr_box_stats_t;
#define XGR_BOX_STATS_INIT {sizeof(xgr_box_stats_t), 0, 0, 0}

/**
 * Lend the words of a box, and tell what it has seen.
 *
 * @param box               box to ask
 * @param[out] out_words    (borrowed until box is destroyed) (length=out_count) words
 * @param[out] out_count    number of words
 * @param[in,out] out_stats struct with its struct_size set
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @threads confined
 * @since 1.2
 */
XGR_API xgr_status_t xgr_box_lend(const xgr_box_t* box, const uint32_t** out_words,
                                  size_t* out_count, xgr_box_stats_t* out_stats);

#endif
