// xgr/matcher.h: the texts of rules with names.
//
// Entry point: xgr_matcher_captures. Names and texts are copied, so that captures need nothing
// else.
//
//   xgr_matcher_captures(matcher, 0, &captures);
//   xgr_captures_get(captures, 0, &capture);   // capture.name, capture.text
//
// Tests: tests/capi/captures_test.c.
#include "matcher/captures.h"

#include <xgr/matcher.h>

#include "capi/guard.h"
#include "capi/handles.h"

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_matcher_captures(xgr_matcher_t* matcher, int32_t all_events,
                                  xgr_captures_t** out_captures) {
  return guard_status([&] {
    if (matcher == nullptr || out_captures == nullptr) return Status::kInvalidArgument;
    std::vector<Capture> found;
    const Status status = as_matcher(matcher)->find_captures(all_events != 0, &found);
    if (status != Status::kOk) return status;
    auto captures = std::make_unique<xgr_captures>();
    for (Capture& c : found) captures->entries.push_back({std::string(c.name), std::move(c.text)});
    *out_captures = captures.release();
    return status;
  });
}

size_t xgr_captures_size(const xgr_captures_t* captures) {
  return captures == nullptr ? 0 : captures->entries.size();
}

xgr_status_t xgr_captures_get(const xgr_captures_t* captures, size_t index,
                              xgr_capture_t* out_capture) {
  return guard_status([&] {
    if (captures == nullptr || index >= captures->entries.size()) return Status::kInvalidArgument;
    const xgr_captures::Entry& entry = captures->entries[index];
    xgr_capture_t own = XGR_CAPTURE_INIT;
    own.name = entry.name.c_str();
    own.name_size = entry.name.size();
    own.text = reinterpret_cast<const uint8_t*>(entry.text.data());
    own.text_size = entry.text.size();
    return give_stats(own, out_capture);
  });
}

void xgr_captures_destroy(xgr_captures_t* captures) { delete captures; }
