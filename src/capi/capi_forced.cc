// xgr/forced.h: what an output has to go on with.
//
// Entry points: the functions of the header.
//
//   xgr_matcher_forced_bytes(matcher, 1, bytes, sizeof bytes, &size);
//
// Tests: tests/capi/forced_test.c.
#include <xgr/forced.h>

#include "capi/guard.h"
#include "capi/handles.h"
#include "matcher/matcher.h"

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_matcher_forced_bytes(const xgr_matcher_t* matcher, int32_t whole_characters,
                                      uint8_t* bytes, size_t byte_capacity, size_t* out_size) {
  return guard_status([&] {
    if (matcher == nullptr || out_size == nullptr || (bytes == nullptr && byte_capacity > 0))
      return Status::kInvalidArgument;
    size_t size = 0;
    const Status status =
        as_matcher(matcher)->forced_bytes(whole_characters != 0, {bytes, byte_capacity}, &size);
    if (status == Status::kOk) *out_size = size;
    return status;
  });
}

xgr_status_t xgr_matcher_forced_tokens(const xgr_matcher_t* matcher, const int32_t* tokens,
                                       size_t token_count, int32_t* forced, size_t token_capacity,
                                       size_t* out_count) {
  return guard_status([&] {
    if (matcher == nullptr || out_count == nullptr || (forced == nullptr && token_capacity > 0) ||
        (tokens == nullptr && token_count > 0))
      return Status::kInvalidArgument;
    const std::span<const int32_t> spelled(tokens, token_count);
    size_t count = 0;
    const Status status = as_matcher(matcher)->forced_tokens(tokens == nullptr ? nullptr : &spelled,
                                                             {forced, token_capacity}, &count);
    if (status == Status::kOk) *out_count = count;
    return status;
  });
}
