// xgr/cancel.h: requests to stop.
//
// Entry points: the xgr_cancel functions. A handle shares the request with the calls and objects
// that were given it.
//
//   xgr_cancel_create(&cancel);  ...  xgr_cancel_request(cancel);   // from any thread
//
// Tests: tests/capi/cancel_test.c.
#include <xgr/cancel.h>

#include "capi/guard.h"
#include "capi/handles.h"

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_cancel_create(xgr_cancel_t** out_cancel) {
  return guard_status([&] {
    if (out_cancel == nullptr) return Status::kInvalidArgument;
    *out_cancel = new xgr_cancel{std::make_shared<Cancel>()};
    return Status::kOk;
  });
}

void xgr_cancel_request(xgr_cancel_t* cancel) {
  if (cancel == nullptr) return;
  guard_void([&] { cancel->cancel->request(); });
}

int32_t xgr_cancel_is_requested(const xgr_cancel_t* cancel) {
  return cancel != nullptr && cancel->cancel->requested() ? 1 : 0;
}

void xgr_cancel_destroy(xgr_cancel_t* cancel) { delete cancel; }
