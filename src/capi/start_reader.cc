// Reading what xgr_matcher_options_t says of starts.
//
// Entry point: read_start. Elements of `starts` lie as far apart as the first one says it is long, so
// that a caller with a later header can pass longer ones. What they say is checked by DeferredStart.
//
//   {.starts = {{.bytes = "</think>"}}, .may_end_waiting = 1}  ->  StartOptions with one sequence
//
// Tests: tests/capi/start_test.c.
#include "capi/start_reader.h"

#include <string>

#include "capi/guard.h"

namespace xgr::core {
namespace {

MaybeError null_with_count(const std::string& name, size_t count) {
  return invalid_argument(name + " is NULL but its count is " + std::to_string(count));
}

MaybeError read_sequences(const xgr_matcher_options_t& own, std::vector<StartSequence>* out) {
  const char* element = reinterpret_cast<const char*>(own.starts);
  for (size_t i = 0; i < own.start_count; ++i) {
    const auto* given = reinterpret_cast<const xgr_start_sequence_t*>(element);
    const std::string name = "xgr_start_sequence_t [" + std::to_string(i) + "]";
    xgr_start_sequence_t s;
    if (MaybeError error = read_options(given, name.c_str(), &s)) return error;
    if (s.struct_size != own.starts->struct_size || s.struct_size < sizeof(s))
      return invalid_argument(name + ": struct_size is " + std::to_string(s.struct_size) +
                              "; expected the size of the struct, the same for all elements");
    if (s.bytes == nullptr && s.byte_count != 0)
      return null_with_count(name + ": bytes", s.byte_count);
    if (s.tokens == nullptr && s.token_count != 0)
      return null_with_count(name + ": tokens", s.token_count);
    StartSequence& made = out->emplace_back();
    if (s.byte_count > 0) made.bytes.assign(reinterpret_cast<const char*>(s.bytes), s.byte_count);
    if (s.token_count > 0) made.tokens.assign(s.tokens, s.tokens + s.token_count);
    made.implicit = s.is_implicit != 0;
    element += s.struct_size;
  }
  return std::nullopt;
}

}  // namespace

MaybeError read_start(const xgr_matcher_options_t& own, std::optional<StartOptions>* out) {
  const std::string name = "xgr_matcher_options_t: ";
  if (own.starts == nullptr && own.start_count != 0)
    return null_with_count(name + "starts", own.start_count);
  if (own.forbidden_tokens == nullptr && own.forbidden_token_count != 0)
    return null_with_count(name + "forbidden_tokens", own.forbidden_token_count);
  if (own.start_count == 0) {
    // Nothing is waited for, so that no wish is dropped silently.
    const bool waits = own.forbidden_token_count != 0 || own.may_end_waiting != 0 ||
                       own.has_max_waiting_tokens != 0;
    if (!waits) return std::nullopt;
    return invalid_argument(name +
                            "forbidden_tokens, may_end_waiting and has_max_waiting_tokens need "
                            "starts, which are what an output waits for");
  }
  StartOptions& made = out->emplace();
  if (own.forbidden_token_count > 0)
    made.forbidden.assign(own.forbidden_tokens, own.forbidden_tokens + own.forbidden_token_count);
  made.may_end = own.may_end_waiting != 0;
  if (own.has_max_waiting_tokens != 0) made.max_tokens = own.max_waiting_tokens;
  made.forced = own.forced_start;
  return read_sequences(own, &made.sequences);
}

}  // namespace xgr::core
