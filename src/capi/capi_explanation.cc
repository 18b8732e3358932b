// xgr/explanation.h: what may come next, and why something may not.
//
// Entry points: the functions of the header. An explanation is two texts, lent until it is destroyed.
//
//   xgr_matcher_explain_bytes(matcher, "{\"age\": ", 8, "-1", 2, &explanation, NULL);
//   xgr_explanation_text(explanation, NULL)   // ... because: "minimum": 0 at /properties/age/minimum
//
// Tests: tests/capi/explanation_test.c.
#include <xgr/explanation.h>

#include "capi/guard.h"
#include "capi/handles.h"

namespace xgr::core {
namespace {

MaybeError explain_into(const xgr_matcher_t* matcher, std::string_view output,
                        const ExplainedInput& input, xgr_explanation_t** out) {
  Result<Explanation> explained = as_matcher(matcher)->explain(output, input);
  if (!explained.ok()) return std::move(explained.error());
  *out = new xgr_explanation{std::move(explained).value()};
  return std::nullopt;
}

std::string_view bytes_of(const uint8_t* bytes, size_t size) {
  return bytes == nullptr ? std::string_view()
                          : std::string_view(reinterpret_cast<const char*>(bytes), size);
}

const char* give_explained(const std::string& text, size_t* out_size) {
  if (out_size != nullptr) *out_size = text.size();
  return text.c_str();
}

const char* give_nothing(size_t* out_size) {
  if (out_size != nullptr) *out_size = 0;
  return "";
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_matcher_explain_bytes(const xgr_matcher_t* matcher, const uint8_t* output,
                                       size_t output_size, const uint8_t* bytes, size_t byte_count,
                                       xgr_explanation_t** out_explanation,
                                       xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(matcher);
    XGR_REQUIRE(out_explanation);
    if (output_size > 0) XGR_REQUIRE(output);
    if (byte_count > 0) XGR_REQUIRE(bytes);
    return explain_into(matcher, bytes_of(output, output_size), {bytes_of(bytes, byte_count)},
                        out_explanation);
  });
}

xgr_status_t xgr_matcher_explain_token(const xgr_matcher_t* matcher, const uint8_t* output,
                                       size_t output_size, int32_t token,
                                       xgr_explanation_t** out_explanation,
                                       xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(matcher);
    XGR_REQUIRE(out_explanation);
    if (output_size > 0) XGR_REQUIRE(output);
    return explain_into(matcher, bytes_of(output, output_size), {{}, token}, out_explanation);
  });
}

const char* xgr_explanation_text(const xgr_explanation_t* explanation, size_t* out_size) {
  if (explanation == nullptr) return give_nothing(out_size);
  return give_explained(explanation->explanation.text, out_size);
}

const char* xgr_explanation_json(const xgr_explanation_t* explanation, size_t* out_size) {
  if (explanation == nullptr) return give_nothing(out_size);
  return give_explained(explanation->explanation.json, out_size);
}

void xgr_explanation_destroy(xgr_explanation_t* explanation) { delete explanation; }
