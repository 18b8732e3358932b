/* Version, export marks and status codes. Include xgr/xgr.h for everything. */
#ifndef XGR_BASE_H
#define XGR_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(XGR_STATIC)
#define XGR_API
#elif defined(_WIN32)
#if defined(XGR_BUILDING)
#define XGR_API __declspec(dllexport)
#else
#define XGR_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define XGR_API __attribute__((visibility("default")))
#else
#define XGR_API
#endif

/** Version of this header; the build reads its number from here. */
#define XGR_VERSION_MAJOR 0
#define XGR_VERSION_MINOR 1
#define XGR_VERSION_PATCH 0

/* One number that grows with the version: 1002003 is 1.2.3. */
#define XGR_VERSION_NUMBER(major, minor, patch) ((major) * 1000000 + (minor) * 1000 + (patch))
#define XGR_VERSION XGR_VERSION_NUMBER(XGR_VERSION_MAJOR, XGR_VERSION_MINOR, XGR_VERSION_PATCH)
/* True when this header is of the given version or newer. */
#define XGR_VERSION_ATLEAST(major, minor, patch) \
  (XGR_VERSION >= XGR_VERSION_NUMBER(major, minor, patch))

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a call came to. 0 is success; the numbers never change and are never reused.
 *
 * @since 0.1
 */
typedef int32_t xgr_status_t;
enum xgr_status {
  XGR_OK = 0,                     /**< Done. */
  XGR_ERROR_INVALID_ARGUMENT = 1, /**< An argument is NULL, out of range or of a wrong size. */
  XGR_ERROR_OUT_OF_MEMORY = 2,    /**< Memory ran out; nothing has changed. */
  XGR_ERROR_INVALID_SOURCE = 3,   /**< The schema, grammar or pattern is malformed or has no
                                       string at all. */
  XGR_ERROR_UNSUPPORTED = 4,      /**< The source is valid but uses something that is not
                                       supported; the message names it. */
  XGR_ERROR_LIMIT_EXCEEDED = 5,   /**< A limit was hit; the message names it and its value. */
  XGR_ERROR_INVALID_STATE = 6,    /**< The object cannot do this in its present state. */
  XGR_ERROR_INVALID_DATA = 7,     /**< Data other than a source (tokenizer.json) is malformed. */
  XGR_ERROR_INTERNAL = 8,         /**< A defect of the library. Please report it. */
  XGR_ERROR_CANCELLED = 9         /**< A request to stop was made; nothing has changed. */
};

/**
 * Get the version of the library that is loaded.
 *
 * Same form as XGR_VERSION: 1002003 is 1.2.3. A client built against one version of the headers
 * works with every library of the same major and the same or a newer minor number.
 *
 * @return version number
 * @threads any
 * @since 0.1
 */
XGR_API int32_t xgr_version(void);

/**
 * Get a short English sentence for a status code.
 *
 * @param status         any status code, also an unknown one
 * @return (borrowed for ever) text, never NULL
 * @threads any
 * @since 0.1
 */
XGR_API const char* xgr_status_message(xgr_status_t status);

#ifdef __cplusplus
}
#endif

#endif /* XGR_BASE_H */
