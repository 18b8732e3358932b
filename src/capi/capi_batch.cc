// xgr/batch.h: threads that serve many matchers at once.
//
// Entry points: the functions of the header. Whatever is wrong with a call as a whole is found before
// any matcher is touched.
//
//   xgr_batch_fill_bitmask(batch, matchers, n, masks, n * words, words, NULL, kinds, statuses);
//
// Tests: tests/capi/batch_test.c.
#include <xgr/batch.h>

#include <algorithm>
#include <span>
#include <string>
#include <thread>

#include "capi/apply_rows.h"
#include "capi/guard.h"
#include "capi/handles.h"
#include "matcher/batch.h"

namespace xgr::core {
namespace {

constexpr int32_t kMaxThreads = 256;

int default_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2);
}

// A handle is the Matcher itself.
Matcher* const* as_matchers(xgr_matcher_t* const* handles) {
  return reinterpret_cast<Matcher* const*>(handles);
}

bool all_there(xgr_matcher_t* const* handles, size_t count) {
  return handles != nullptr && std::all_of(handles, handles + count, [](auto* h) { return h; });
}

// Runs a call about matchers, which `batch` and `outs` are needed for.
template <typename Body>
xgr_status_t serve(xgr_batch_t* batch, xgr_matcher_t* const* handles, size_t count,
                   std::initializer_list<const void*> needed, Body body) {
  return guard_status([&]() -> Status {
    if (batch == nullptr) return Status::kInvalidArgument;
    if (count == 0) return Status::kOk;
    if (!all_there(handles, count)) return Status::kInvalidArgument;
    for (const void* p : needed) {
      if (p == nullptr) return Status::kInvalidArgument;
    }
    return body(batch->batch, Batch::Matchers(as_matchers(handles), count));
  });
}

template <typename... Arguments>
xgr_status_t apply_in(xgr_batch_t* batch, Arguments... arguments) {
  return guard_status([&] {
    if (batch == nullptr) return Status::kInvalidArgument;
    auto divided = [&](size_t count, auto body) { batch->batch.run(count, body); };
    return apply_rows(divided, arguments...);
  });
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_batch_create(const xgr_batch_options_t* options, xgr_batch_t** out_batch,
                              xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_batch);
    xgr_batch_options_t own;
    if (MaybeError error = read_options(options, "xgr_batch_options_t", &own)) return error;
    if (own.threads < 0 || own.threads > kMaxThreads)
      return invalid_argument("threads is " + std::to_string(own.threads) + "; expected 0 to " +
                              std::to_string(kMaxThreads));
    if (own.threads != 0 && own.no_threads != 0)
      return invalid_argument("threads is " + std::to_string(own.threads) +
                              " but no_threads is set; expected one of the two");
    const int threads = own.no_threads != 0 ? 0
                        : own.threads != 0  ? own.threads
                                            : default_threads();
    *out_batch = new xgr_batch(threads);
    return std::nullopt;
  });
}

void xgr_batch_destroy(xgr_batch_t* batch) { delete batch; }

int32_t xgr_batch_threads(const xgr_batch_t* batch) {
  return batch == nullptr ? 0 : batch->batch.threads();
}

xgr_status_t xgr_batch_set_cancel(xgr_batch_t* batch, const xgr_cancel_t* cancel) {
  return guard_status([&] {
    if (batch == nullptr) return Status::kInvalidArgument;
    batch->batch.set_cancel(cancel == nullptr ? nullptr : cancel->cancel);
    return Status::kOk;
  });
}

xgr_status_t xgr_batch_fill_bitmask(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                    size_t matcher_count, uint32_t* masks, size_t mask_count,
                                    size_t mask_words, const int32_t* rows, xgr_mask_kind_t* kinds,
                                    xgr_status_t* statuses) {
  return serve(
      batch, matchers, matcher_count, {masks, statuses}, [&](Batch& core, Batch::Matchers all) {
        if (mask_words == 0) return Status::kInvalidArgument;
        return core.fill(all, {masks, mask_words, mask_count / mask_words, rows}, kinds, statuses);
      });
}

xgr_status_t xgr_batch_accept_token(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                    size_t matcher_count, const int32_t* tokens, int32_t* accepted,
                                    xgr_status_t* statuses) {
  return serve(batch, matchers, matcher_count, {tokens, accepted, statuses},
               [&](Batch& core, Batch::Matchers all) {
                 return core.accept_token(all, tokens, accepted, statuses);
               });
}

xgr_status_t xgr_batch_accept_bytes(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                    size_t matcher_count, const uint8_t* bytes, size_t byte_count,
                                    const size_t* sizes, int32_t* accepted,
                                    xgr_status_t* statuses) {
  return serve(batch, matchers, matcher_count, {sizes, accepted, statuses},
               [&](Batch& core, Batch::Matchers all) {
                 if (bytes == nullptr && byte_count > 0) return Status::kInvalidArgument;
                 const std::string_view text(reinterpret_cast<const char*>(bytes), byte_count);
                 return core.accept_bytes(all, text, sizes, accepted, statuses);
               });
}

xgr_status_t xgr_batch_rollback(xgr_batch_t* batch, xgr_matcher_t* const* matchers,
                                size_t matcher_count, const size_t* step_counts,
                                xgr_status_t* statuses) {
  return serve(
      batch, matchers, matcher_count, {step_counts, statuses},
      [&](Batch& core, Batch::Matchers all) { return core.rollback(all, step_counts, statuses); });
}

xgr_status_t xgr_batch_apply_f32(xgr_batch_t* batch, float* logits, size_t logit_count,
                                 const uint32_t* masks, size_t mask_count,
                                 const xgr_apply_options_t* options) {
  return apply_in(batch, logits, logit_count, masks, mask_count, options);
}

xgr_status_t xgr_batch_apply_f16(xgr_batch_t* batch, uint16_t* logits, size_t logit_count,
                                 const uint32_t* masks, size_t mask_count,
                                 const xgr_apply_options_t* options) {
  return apply_in(batch, logits, logit_count, masks, mask_count, options, kLowFloat16);
}

xgr_status_t xgr_batch_apply_bf16(xgr_batch_t* batch, uint16_t* logits, size_t logit_count,
                                  const uint32_t* masks, size_t mask_count,
                                  const xgr_apply_options_t* options) {
  return apply_in(batch, logits, logit_count, masks, mask_count, options, kLowBfloat16);
}
