// xgr/base.h: version and status messages.
//
// Nothing to decide here; the asserts keep the status numbers of the core and of the C API equal.
//
//   xgr_status_message(XGR_ERROR_UNSUPPORTED)  ->  "not supported"
//
// Tests: tests/capi/base_test.c.
#include <xgr/base.h>

#include "support/status.h"

namespace {

using xgr::core::Status;
constexpr bool same(Status ours, int32_t theirs) { return static_cast<int32_t>(ours) == theirs; }
static_assert(same(Status::kOk, XGR_OK));
static_assert(same(Status::kInvalidArgument, XGR_ERROR_INVALID_ARGUMENT));
static_assert(same(Status::kOutOfMemory, XGR_ERROR_OUT_OF_MEMORY));
static_assert(same(Status::kInvalidSource, XGR_ERROR_INVALID_SOURCE));
static_assert(same(Status::kUnsupported, XGR_ERROR_UNSUPPORTED));
static_assert(same(Status::kLimitExceeded, XGR_ERROR_LIMIT_EXCEEDED));
static_assert(same(Status::kInvalidState, XGR_ERROR_INVALID_STATE));
static_assert(same(Status::kInvalidData, XGR_ERROR_INVALID_DATA));
static_assert(same(Status::kInternal, XGR_ERROR_INTERNAL));
static_assert(same(Status::kCancelled, XGR_ERROR_CANCELLED));

}  // namespace

int32_t xgr_version(void) { return XGR_VERSION; }

const char* xgr_status_message(xgr_status_t status) {
  switch (status) {
    case XGR_OK:
      return "success";
    case XGR_ERROR_INVALID_ARGUMENT:
      return "invalid argument";
    case XGR_ERROR_OUT_OF_MEMORY:
      return "memory ran out";
    case XGR_ERROR_INVALID_SOURCE:
      return "the source is malformed or has no string";
    case XGR_ERROR_UNSUPPORTED:
      return "not supported";
    case XGR_ERROR_LIMIT_EXCEEDED:
      return "a limit was exceeded";
    case XGR_ERROR_INVALID_STATE:
      return "not possible in this state";
    case XGR_ERROR_INVALID_DATA:
      return "malformed data";
    case XGR_ERROR_INTERNAL:
      return "internal error";
    case XGR_ERROR_CANCELLED:
      return "cancelled";
    default:
      return "unknown status";
  }
}
