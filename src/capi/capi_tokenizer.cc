// xgr/tokenizer.h: vocabularies from arrays and from tokenizer.json, and what they tell.
//
// Entry points: xgr_tokenizer_create, xgr_tokenizer_create_from_json. Both gather a TokenizerInput
// that borrows the caller's texts for the call and hand it to Tokenizer::create, which checks it.
//
//   const char bytes[] = "ab</s>";  uint32_t sizes[] = {1, 1, 4};
//   xgr_tokenizer_create(bytes, 6, sizes, 3, NULL, &tokenizer, &error);
//
// Tests: tests/capi/tokenizer_test.c.
#include <xgr/tokenizer.h>

#include <algorithm>
#include <string_view>

#include "capi/guard.h"
#include "capi/handles.h"
#include "tokenizer/stop_names.h"
#include "tokenizer/tokenizer_json.h"

namespace xgr::core {
namespace {

constexpr bool same(VocabType ours, int32_t theirs) { return static_cast<int32_t>(ours) == theirs; }
static_assert(same(VocabType::kRaw, XGR_VOCAB_TYPE_RAW));
static_assert(same(VocabType::kByteFallback, XGR_VOCAB_TYPE_BYTE_FALLBACK));
static_assert(same(VocabType::kByteLevel, XGR_VOCAB_TYPE_BYTE_LEVEL));
constexpr bool same(TokenKind ours, int32_t theirs) { return static_cast<int32_t>(ours) == theirs; }
static_assert(same(TokenKind::kNormal, XGR_TOKEN_KIND_NORMAL));
static_assert(same(TokenKind::kControl, XGR_TOKEN_KIND_CONTROL));
static_assert(same(TokenKind::kStop, XGR_TOKEN_KIND_STOP));
static_assert(same(TokenKind::kUnused, XGR_TOKEN_KIND_UNUSED));

MaybeError read_stop_tokens(const int32_t* tokens, size_t count, std::vector<int32_t>* out) {
  if (count == 0) return std::nullopt;
  if (tokens == nullptr)
    return invalid_argument("stop_tokens is NULL but stop_token_count is " + std::to_string(count));
  out->assign(tokens, tokens + count);
  return std::nullopt;
}

bool says_stop_tokens(const TokenizerInput& input) {
  const auto stop = static_cast<uint8_t>(TokenKind::kStop);
  return !input.stop_tokens.empty() ||
         std::find(input.kinds.begin(), input.kinds.end(), stop) != input.kinds.end();
}

MaybeError split_tokens(const uint8_t* bytes, size_t size, const uint32_t* sizes, size_t count,
                        std::vector<std::string_view>* out) {
  if (count > Tokenizer::kMaxTokens) {
    Error error = invalid_argument("token_count is " + std::to_string(count) + "; at most " +
                                   std::to_string(Tokenizer::kMaxTokens) + " tokens are supported");
    error.code = Status::kLimitExceeded;
    return error;
  }
  const char* text = reinterpret_cast<const char*>(bytes);
  size_t used = 0;
  out->reserve(count);
  for (size_t i = 0; i < count; ++i) {
    if (sizes[i] > size - used)
      return invalid_argument("token " + std::to_string(i) + " ends beyond token_bytes_size = " +
                              std::to_string(size) + "; expected the sum of all sizes");
    out->emplace_back(text + used, sizes[i]);
    used += sizes[i];
  }
  if (used != size)
    return invalid_argument("token_sizes add up to " + std::to_string(used) +
                            " bytes but token_bytes_size is " + std::to_string(size) +
                            "; expected the sum of all sizes");
  return std::nullopt;
}

MaybeError create(const TokenizerInput& input, TokenizerSource source, xgr_tokenizer_t** out) {
  auto tokenizer = Tokenizer::create(input);
  if (!tokenizer.ok()) return std::move(tokenizer.error());
  auto shared_source = std::make_shared<const TokenizerSource>(std::move(source));
  *out = new xgr_tokenizer{std::move(tokenizer).value(), std::move(shared_source)};
  return std::nullopt;
}

MaybeError create_from_json(const TokenizerJson& json, const xgr_tokenizer_json_options_t& own,
                            xgr_tokenizer_t** out) {
  TokenizerInput input = json.input();
  input.vocab_size = own.vocab_size;
  if (own.no_stop_detection != 0) input.stop_tokens.clear();
  if (own.stop_token_count > 0) {
    if (MaybeError error =
            read_stop_tokens(own.stop_tokens, own.stop_token_count, &input.stop_tokens))
      return error;
  }
  return create(input, {json.model_type, json.detected_by}, out);
}

const uint8_t* give(const Tokenizer* tokenizer, int32_t token, std::string_view text,
                    size_t* out_size) {
  static constexpr uint8_t kNoBytes = 0;
  const bool known = tokenizer != nullptr && token >= 0 && token < tokenizer->vocab_size();
  if (out_size != nullptr) *out_size = known ? text.size() : 0;
  if (!known) return nullptr;
  return text.empty() ? &kNoBytes : reinterpret_cast<const uint8_t*>(text.data());
}

const Tokenizer* core(const xgr_tokenizer_t* handle) {
  return handle == nullptr ? nullptr : handle->tokenizer.get();
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_tokenizer_create(const uint8_t* token_bytes, size_t token_bytes_size,
                                  const uint32_t* token_sizes, size_t token_count,
                                  const xgr_tokenizer_options_t* options,
                                  xgr_tokenizer_t** out_tokenizer, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    if (token_bytes_size > 0) XGR_REQUIRE(token_bytes);
    if (token_count > 0) XGR_REQUIRE(token_sizes);
    XGR_REQUIRE(out_tokenizer);
    xgr_tokenizer_options_t own;
    if (MaybeError error = read_options(options, "xgr_tokenizer_options_t", &own)) return error;
    TokenizerInput input;
    if (MaybeError error =
            split_tokens(token_bytes, token_bytes_size, token_sizes, token_count, &input.tokens))
      return error;
    if (own.token_kind_count > 0) {
      if (own.token_kinds == nullptr)
        return invalid_argument("token_kinds is NULL but has a count");
      input.kinds.assign(own.token_kinds, own.token_kinds + own.token_kind_count);
    }
    if (MaybeError error =
            read_stop_tokens(own.stop_tokens, own.stop_token_count, &input.stop_tokens))
      return error;
    input.vocab_type = static_cast<VocabType>(own.vocab_type);
    input.vocab_size = own.vocab_size;
    input.add_prefix_space = own.add_prefix_space != 0;
    if (own.no_stop_detection == 0 && !says_stop_tokens(input))
      input.stop_tokens = find_stop_tokens(input);
    return create(input, {}, out_tokenizer);
  });
}

xgr_status_t xgr_tokenizer_create_from_json(const char* text, size_t text_size,
                                            const xgr_tokenizer_json_options_t* options,
                                            xgr_tokenizer_t** out_tokenizer,
                                            xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_tokenizer);
    xgr_tokenizer_json_options_t own;
    if (MaybeError error = read_options(options, "xgr_tokenizer_json_options_t", &own))
      return error;
    auto json = read_tokenizer_json(std::string_view(text, text_size));
    if (!json.ok()) return std::move(json.error());
    return create_from_json(json.value(), own, out_tokenizer);
  });
}

void xgr_tokenizer_destroy(xgr_tokenizer_t* tokenizer) { delete tokenizer; }

int32_t xgr_tokenizer_vocab_size(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? 0 : tokenizer->tokenizer->vocab_size();
}

int32_t xgr_tokenizer_token_count(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? 0 : tokenizer->tokenizer->token_count();
}

size_t xgr_tokenizer_mask_words(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? 0 : tokenizer->tokenizer->mask_words();
}

const uint8_t* xgr_tokenizer_token_bytes(const xgr_tokenizer_t* tokenizer, int32_t token,
                                         size_t* out_size) {
  const Tokenizer* t = core(tokenizer);
  return give(t, token, t == nullptr ? std::string_view() : t->token_bytes(token), out_size);
}

const uint8_t* xgr_tokenizer_token_name(const xgr_tokenizer_t* tokenizer, int32_t token,
                                        size_t* out_size) {
  const Tokenizer* t = core(tokenizer);
  return give(t, token, t == nullptr ? std::string_view() : t->special_name(token), out_size);
}

xgr_token_kind_t xgr_tokenizer_token_kind(const xgr_tokenizer_t* tokenizer, int32_t token) {
  if (tokenizer == nullptr) return XGR_TOKEN_KIND_UNUSED;
  return static_cast<xgr_token_kind_t>(tokenizer->tokenizer->kind(token));
}

const int32_t* xgr_tokenizer_stop_tokens(const xgr_tokenizer_t* tokenizer, size_t* out_count) {
  std::span<const int32_t> tokens;
  if (tokenizer != nullptr) tokens = tokenizer->tokenizer->stop_tokens();
  if (out_count != nullptr) *out_count = tokens.size();
  return tokens.empty() ? nullptr : tokens.data();
}

xgr_vocab_type_t xgr_tokenizer_vocab_type(const xgr_tokenizer_t* tokenizer) {
  if (tokenizer == nullptr) return XGR_VOCAB_TYPE_RAW;
  return static_cast<xgr_vocab_type_t>(tokenizer->tokenizer->vocab_type());
}

int32_t xgr_tokenizer_add_prefix_space(const xgr_tokenizer_t* tokenizer) {
  return tokenizer != nullptr && tokenizer->tokenizer->add_prefix_space() ? 1 : 0;
}

const char* xgr_tokenizer_model_type(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? "" : tokenizer->source->model_type.c_str();
}

const char* xgr_tokenizer_detected_by(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? "" : tokenizer->source->detected_by.c_str();
}

size_t xgr_tokenizer_memory_size(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? 0 : tokenizer->tokenizer->memory_bytes();
}
