// xgr/matcher.h: one output being generated, and helpers for bitmasks.
//
// Entry points: the functions of the header. These run once a token, so they do nothing but check
// for NULL, call the Matcher and hand over what it answered.
//
//   xgr_matcher_fill_bitmask(matcher, mask, words, &kind);
//   xgr_matcher_accept_token(matcher, token, &accepted);
//
// Tests: tests/capi/matcher_test.c.
#include "matcher/matcher.h"

#include <xgr/matcher.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "capi/guard.h"
#include "capi/handles.h"
#include "capi/start_reader.h"

namespace xgr::core {
namespace {

constexpr bool same(MaskKind ours, int32_t theirs) { return static_cast<int32_t>(ours) == theirs; }
static_assert(same(MaskKind::kSome, XGR_MASK_KIND_SOME));
static_assert(same(MaskKind::kAll, XGR_MASK_KIND_ALL));
static_assert(same(MaskKind::kTerminated, XGR_MASK_KIND_TERMINATED));
static_assert(same(MaskKind::kNone, XGR_MASK_KIND_NONE));

// Hands over an answer only when there is one.
Status give(Status status, bool answer, int32_t* out) {
  if (status == Status::kOk) *out = answer ? 1 : 0;
  return status;
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_matcher_create(const xgr_grammar_t* grammar, const xgr_matcher_options_t* options,
                                xgr_matcher_t** out_matcher, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(grammar);
    XGR_REQUIRE(out_matcher);
    xgr_matcher_options_t own;
    if (MaybeError error = read_options(options, "xgr_matcher_options_t", &own)) return error;
    MatcherOptions core;
    if (own.stop_token_count > 0) {
      if (own.stop_tokens == nullptr)
        return invalid_argument("stop_tokens is NULL but stop_token_count is " +
                                std::to_string(own.stop_token_count));
      core.has_stop_tokens = true;
      core.stop_tokens.assign(own.stop_tokens, own.stop_tokens + own.stop_token_count);
    }
    if (own.prefix_size > 0) {
      if (own.prefix == nullptr)
        return invalid_argument("prefix is NULL but prefix_size is " +
                                std::to_string(own.prefix_size));
      core.prefix.assign(reinterpret_cast<const char*>(own.prefix), own.prefix_size);
    }
    if (MaybeError error = read_start(own, &core.start)) return error;
    core.terminate_without_stop_token = own.terminate_without_stop_token != 0;
    core.prefetch = own.prefetch != 0;
    core.check_token_ids = own.check_token_ids != 0;
    if (own.has_default_temperature != 0) {
      if (!std::isfinite(own.default_temperature) || own.default_temperature < 0)
        return invalid_argument("default_temperature is " +
                                std::to_string(own.default_temperature) +
                                "; expected a finite number, 0 or more");
      core.default_temperature = own.default_temperature;
    }
    auto matcher = Matcher::create(grammar->grammar, core);
    if (!matcher.ok()) return std::move(matcher.error());
    *out_matcher = as_handle(std::move(matcher).value().release());
    return std::nullopt;
  });
}

void xgr_matcher_destroy(xgr_matcher_t* matcher) { delete as_matcher(matcher); }

xgr_status_t xgr_matcher_clone(const xgr_matcher_t* matcher, xgr_matcher_t** out_matcher) {
  return guard_status([&] {
    if (matcher == nullptr || out_matcher == nullptr) return Status::kInvalidArgument;
    *out_matcher = as_handle(as_matcher(matcher)->clone().release());
    return Status::kOk;
  });
}

xgr_status_t xgr_matcher_accept_token(xgr_matcher_t* matcher, int32_t token,
                                      int32_t* out_accepted) {
  return guard_status([&] {
    if (matcher == nullptr || out_accepted == nullptr) return Status::kInvalidArgument;
    bool accepted = false;
    const Status status = as_matcher(matcher)->accept_token(token, &accepted);
    return give(status, accepted, out_accepted);
  });
}

xgr_status_t xgr_matcher_accept_tokens(xgr_matcher_t* matcher, const int32_t* tokens,
                                       size_t token_count, size_t* out_accepted_count) {
  return guard_status([&] {
    if (matcher == nullptr || out_accepted_count == nullptr ||
        (tokens == nullptr && token_count > 0))
      return Status::kInvalidArgument;
    size_t count = 0;
    const Status status = as_matcher(matcher)->accept_tokens({tokens, token_count}, &count);
    if (status == Status::kOk) *out_accepted_count = count;
    return status;
  });
}

xgr_status_t xgr_matcher_validate_tokens(const xgr_matcher_t* matcher, const int32_t* tokens,
                                         size_t token_count, size_t* out_valid_count) {
  return guard_status([&] {
    if (matcher == nullptr || out_valid_count == nullptr || (tokens == nullptr && token_count > 0))
      return Status::kInvalidArgument;
    size_t count = 0;
    const Status status = as_matcher(matcher)->validate_tokens({tokens, token_count}, &count);
    if (status == Status::kOk) *out_valid_count = count;
    return status;
  });
}

xgr_status_t xgr_matcher_set_filter(xgr_matcher_t* matcher, const uint32_t* mask,
                                    size_t mask_words) {
  return guard_status([&] {
    if (matcher == nullptr || (mask == nullptr) != (mask_words == 0))
      return Status::kInvalidArgument;
    return as_matcher(matcher)->set_filter({mask, mask_words});
  });
}

xgr_status_t xgr_matcher_accept_bytes(xgr_matcher_t* matcher, const uint8_t* bytes,
                                      size_t byte_count, int32_t* out_accepted) {
  return guard_status([&] {
    if (matcher == nullptr || out_accepted == nullptr) return Status::kInvalidArgument;
    if (bytes == nullptr && byte_count > 0) return Status::kInvalidArgument;
    const std::string_view text(reinterpret_cast<const char*>(bytes), byte_count);
    bool accepted = false;
    const Status status = as_matcher(matcher)->accept_bytes(text, &accepted);
    return give(status, accepted, out_accepted);
  });
}

xgr_status_t xgr_matcher_is_token_allowed(const xgr_matcher_t* matcher, int32_t token,
                                          int32_t* out_allowed) {
  return guard_status([&] {
    if (matcher == nullptr || out_allowed == nullptr) return Status::kInvalidArgument;
    bool allowed = false;
    const Status status = as_matcher(matcher)->is_token_allowed(token, &allowed);
    return give(status, allowed, out_allowed);
  });
}

xgr_status_t xgr_matcher_fill_bitmask(const xgr_matcher_t* matcher, uint32_t* mask,
                                      size_t mask_words, xgr_mask_kind_t* out_kind) {
  return guard_status([&] {
    if (matcher == nullptr || mask == nullptr) return Status::kInvalidArgument;
    MaskKind kind = MaskKind::kSome;
    const Status status = as_matcher(matcher)->fill_bitmask(mask, mask_words, &kind);
    if (status == Status::kOk && out_kind != nullptr)
      *out_kind = static_cast<xgr_mask_kind_t>(kind);
    return status;
  });
}

xgr_status_t xgr_matcher_lend_bitmask(xgr_matcher_t* matcher, const uint32_t** out_mask,
                                      size_t* out_mask_words, xgr_mask_kind_t* out_kind) {
  return guard_status([&] {
    if (matcher == nullptr || out_mask == nullptr || out_mask_words == nullptr)
      return Status::kInvalidArgument;
    const uint32_t* words = nullptr;
    MaskKind kind = MaskKind::kSome;
    const Status status = as_matcher(matcher)->lend_bitmask(&words, &kind);
    if (status != Status::kOk) return status;
    *out_mask = words;
    *out_mask_words = words == nullptr ? 0 : xgr_matcher_mask_words(matcher);
    if (out_kind != nullptr) *out_kind = static_cast<xgr_mask_kind_t>(kind);
    return status;
  });
}

xgr_status_t xgr_matcher_rollback(xgr_matcher_t* matcher, size_t step_count) {
  return guard_status([&] {
    if (matcher == nullptr) return Status::kInvalidArgument;
    return as_matcher(matcher)->rollback(step_count);
  });
}

xgr_status_t xgr_matcher_reset(xgr_matcher_t* matcher) {
  return guard_status([&] {
    if (matcher == nullptr) return Status::kInvalidArgument;
    as_matcher(matcher)->reset();
    return Status::kOk;
  });
}

xgr_status_t xgr_matcher_set_token_limit(xgr_matcher_t* matcher, int64_t tokens) {
  return guard_status([&] {
    if (matcher == nullptr) return Status::kInvalidArgument;
    std::optional<size_t> limit;
    if (tokens >= 0)
      limit = static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(tokens), SIZE_MAX));
    as_matcher(matcher)->set_token_limit(limit);
    return Status::kOk;
  });
}

xgr_status_t xgr_matcher_set_closing(xgr_matcher_t* matcher, int32_t closing) {
  return guard_status([&] {
    if (matcher == nullptr || (closing != 0 && closing != 1)) return Status::kInvalidArgument;
    as_matcher(matcher)->set_closing(closing == 1);
    return Status::kOk;
  });
}

xgr_status_t xgr_matcher_min_tokens_to_finish(const xgr_matcher_t* matcher, uint64_t* out_tokens,
                                              int32_t* out_exact) {
  return guard_status([&] {
    if (matcher == nullptr || out_tokens == nullptr || out_exact == nullptr)
      return Status::kInvalidArgument;
    size_t tokens = 0;
    bool exact = false;
    const Status status = as_matcher(matcher)->min_tokens_to_finish(&tokens, &exact);
    *out_tokens = tokens;
    *out_exact = exact ? 1 : 0;
    return status;
  });
}

xgr_status_t xgr_matcher_set_cancel(xgr_matcher_t* matcher, const xgr_cancel_t* cancel) {
  return guard_status([&] {
    if (matcher == nullptr) return Status::kInvalidArgument;
    as_matcher(matcher)->set_cancel(cancel == nullptr ? nullptr : cancel->cancel);
    return Status::kOk;
  });
}

int32_t xgr_matcher_is_terminated(const xgr_matcher_t* matcher) {
  if (matcher == nullptr) return 0;
  return guard_value(0, [&] { return as_matcher(matcher)->is_terminated() ? 1 : 0; });
}

int32_t xgr_matcher_is_accepting(const xgr_matcher_t* matcher) {
  if (matcher == nullptr) return 0;
  return guard_value(0, [&] { return as_matcher(matcher)->is_accepting() ? 1 : 0; });
}

int32_t xgr_matcher_is_waiting(const xgr_matcher_t* matcher) {
  return matcher != nullptr && as_matcher(matcher)->is_waiting() ? 1 : 0;
}

size_t xgr_matcher_history_size(const xgr_matcher_t* matcher) {
  return matcher == nullptr ? 0 : as_matcher(matcher)->history_size();
}

const int32_t* xgr_matcher_stop_tokens(const xgr_matcher_t* matcher, size_t* out_count) {
  std::span<const int32_t> tokens;
  if (matcher != nullptr) tokens = as_matcher(matcher)->stop_tokens();
  if (out_count != nullptr) *out_count = tokens.size();
  return tokens.empty() ? nullptr : tokens.data();
}

size_t xgr_matcher_mask_words(const xgr_matcher_t* matcher) {
  return matcher == nullptr ? 0 : as_matcher(matcher)->grammar()->tokenizer()->mask_words();
}

int32_t xgr_matcher_vocab_size(const xgr_matcher_t* matcher) {
  return matcher == nullptr ? 0 : as_matcher(matcher)->grammar()->tokenizer()->vocab_size();
}

size_t xgr_matcher_memory_size(const xgr_matcher_t* matcher) {
  if (matcher == nullptr) return 0;
  return guard_value(size_t{0}, [&] { return as_matcher(matcher)->memory_bytes(); });
}

xgr_status_t xgr_matcher_temperature(const xgr_matcher_t* matcher, int32_t* out_known,
                                     float* out_temperature) {
  return guard_status([&] {
    if (matcher == nullptr || out_known == nullptr || out_temperature == nullptr)
      return Status::kInvalidArgument;
    const std::optional<float> temperature = as_matcher(matcher)->temperature();
    *out_known = temperature.has_value();
    *out_temperature = temperature.value_or(0);
    return Status::kOk;
  });
}

xgr_status_t xgr_matcher_stats(const xgr_matcher_t* matcher, xgr_matcher_stats_t* out_stats) {
  return guard_status([&] {
    if (matcher == nullptr) return Status::kInvalidArgument;
    const MatcherStats stats = as_matcher(matcher)->stats();
    xgr_matcher_stats_t own = XGR_MATCHER_STATS_INIT;
    own.fills = stats.fills;
    own.hits = stats.hits;
    own.parts_built = stats.parts_built;
    own.nodes_visited = stats.nodes_visited;
    own.walk_nanoseconds = stats.walk_nanoseconds;
    own.prefetches = stats.prefetches;
    return give_stats(own, out_stats);
  });
}
