#ifndef XGR_BASE_H
#define XGR_BASE_H

#define XGR_VERSION_MAJOR 0
#define XGR_VERSION_MINOR 1
#define XGR_VERSION_PATCH 0

#if defined(__GNUC__)
#define XGR_API __attribute__((visibility("default")))
#else
#define XGR_API
#endif

#endif
