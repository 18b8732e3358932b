// xgr/tokenizer.h: vocabularies from arrays and from files, and what they tell.
//
// Entry points: xgr_tokenizer_create, xgr_tokenizer_create_from_file. Both gather a TokenizerInput
// that borrows the texts for the call and hand it to Tokenizer::create, which checks it.
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
#include "support/mapped_file.h"
#include "tokenizer/encoding.h"
#include "tokenizer/saved_tokenizer.h"
#include "tokenizer/stop_names.h"
#include "tokenizer/tokenizer_file.h"

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
constexpr bool same(TokenizerFormat ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(TokenizerFormat::kDetect, XGR_TOKENIZER_FORMAT_DETECT));
static_assert(same(TokenizerFormat::kJson, XGR_TOKENIZER_FORMAT_JSON));
static_assert(same(TokenizerFormat::kTiktoken, XGR_TOKENIZER_FORMAT_TIKTOKEN));
static_assert(same(TokenizerFormat::kTekken, XGR_TOKENIZER_FORMAT_TEKKEN));
static_assert(same(TokenizerFormat::kSentencePiece, XGR_TOKENIZER_FORMAT_SENTENCEPIECE));
static_assert(same(TokenizerFormat::kGguf, XGR_TOKENIZER_FORMAT_GGUF));

constexpr const char* kGivenByCaller = "given by the caller";

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

xgr_tokenizer_t* handle_of(std::shared_ptr<const Tokenizer> tokenizer, TokenizerSource source) {
  auto shared_source = std::make_shared<const TokenizerSource>(std::move(source));
  return new xgr_tokenizer{std::move(tokenizer), std::move(shared_source)};
}

// `file` says what is reported; its texts are not looked at.
MaybeError create(const TokenizerInput& input, const VocabularyFile& file, xgr_tokenizer_t** out) {
  auto tokenizer = Tokenizer::create(input);
  if (!tokenizer.ok()) return std::move(tokenizer.error());
  std::string findings = findings_json(file, *tokenizer.value());
  *out = handle_of(std::move(tokenizer).value(),
                   {file.model_type, file.detected_by, std::move(findings)});
  return std::nullopt;
}

MaybeError create_from_file(std::string_view contents, const xgr_tokenizer_file_options_t& own,
                            xgr_tokenizer_t** out) {
  auto file = read_tokenizer_file(contents, static_cast<TokenizerFormat>(own.format));
  if (!file.ok()) return std::move(file.error());
  TokenizerInput input = file.value().input();
  input.vocab_size = own.vocab_size;
  if (own.no_stop_detection != 0) input.stop_tokens.clear();
  if (own.cut_excess_tokens != 0) cut_excess_tokens(&input);
  if (own.stop_token_count > 0) {
    file.value().stop_reason = kGivenByCaller;
    if (MaybeError error =
            read_stop_tokens(own.stop_tokens, own.stop_token_count, &input.stop_tokens))
      return error;
  }
  return create(input, file.value(), out);
}

// The same options for a file of any format.
xgr_tokenizer_file_options_t as_file_options(const xgr_tokenizer_json_options_t& json) {
  xgr_tokenizer_file_options_t out = XGR_TOKENIZER_FILE_OPTIONS_INIT;
  out.stop_tokens = json.stop_tokens;
  out.stop_token_count = json.stop_token_count;
  out.format = XGR_TOKENIZER_FORMAT_JSON;
  out.vocab_size = json.vocab_size;
  out.no_stop_detection = json.no_stop_detection;
  out.cut_excess_tokens = json.cut_excess_tokens;
  return out;
}

MaybeError give_loaded(Result<LoadedTokenizer> loaded, xgr_tokenizer_t** out) {
  if (!loaded.ok()) return std::move(loaded.error());
  LoadedTokenizer own = std::move(loaded).value();
  *out = handle_of(std::move(own.tokenizer), {std::move(own.model_type), std::move(own.detected_by),
                                              std::move(own.findings)});
  return std::nullopt;
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
    input.vocab_type = static_cast<VocabType>(own.vocab_type);
    input.vocab_size = own.vocab_size;
    input.add_prefix_space = own.add_prefix_space != 0;
    if (own.cut_excess_tokens != 0) cut_excess_tokens(&input);
    if (MaybeError error =
            read_stop_tokens(own.stop_tokens, own.stop_token_count, &input.stop_tokens))
      return error;
    VocabularyFile said;
    said.format = "arrays";
    said.stop_reason = kGivenByCaller;
    if (own.no_stop_detection == 0 && !says_stop_tokens(input)) {
      input.stop_tokens = find_stop_tokens(input);
      said.stop_reason = "well-known name";
    }
    return create(input, said, out_tokenizer);
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
    return create_from_file({text, text_size}, as_file_options(own), out_tokenizer);
  });
}

xgr_status_t xgr_tokenizer_create_from_file(const uint8_t* contents, size_t contents_size,
                                            const xgr_tokenizer_file_options_t* options,
                                            xgr_tokenizer_t** out_tokenizer,
                                            xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(contents);
    XGR_REQUIRE(out_tokenizer);
    xgr_tokenizer_file_options_t own;
    if (MaybeError error = read_options(options, "xgr_tokenizer_file_options_t", &own))
      return error;
    const char* data = reinterpret_cast<const char*>(contents);
    return create_from_file({data, contents_size}, own, out_tokenizer);
  });
}

xgr_status_t xgr_tokenizer_save(const xgr_tokenizer_t* tokenizer, uint8_t* data,
                                size_t data_capacity, size_t* out_data_size,
                                xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(tokenizer);
    if (data_capacity > 0) XGR_REQUIRE(data);
    XGR_REQUIRE(out_data_size);
    const TokenizerSource& s = *tokenizer->source;
    const TokenizerNotes notes{s.model_type, s.detected_by, s.findings};
    const size_t size = saved_size(*tokenizer->tokenizer, notes);
    if (size <= data_capacity) {
      if (MaybeError error = save_tokenizer(*tokenizer->tokenizer, notes, {data, size}))
        return error;
    }
    *out_data_size = size;
    return std::nullopt;
  });
}

xgr_status_t xgr_tokenizer_open(const char* path, size_t path_size,
                                const xgr_tokenizer_saved_options_t* options,
                                xgr_tokenizer_t** out_tokenizer, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(path);
    XGR_REQUIRE(out_tokenizer);
    xgr_tokenizer_saved_options_t own;
    if (MaybeError error = read_options(options, "xgr_tokenizer_saved_options_t", &own))
      return error;
    const std::string name(path, path_size);
    if (name.find('\0') != name.npos)
      return invalid_argument("path has a NUL; expected the name of a file");
    Result<MappedFile> file = map_file(name);
    if (!file.ok()) return std::move(file.error());
    return give_loaded(load_tokenizer(file.value().bytes, file.value().keeper, own.verify != 0),
                       out_tokenizer);
  });
}

xgr_status_t xgr_tokenizer_create_from_saved(const uint8_t* data, size_t data_size,
                                             const xgr_tokenizer_saved_options_t* options,
                                             xgr_tokenizer_t** out_tokenizer,
                                             xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(data);
    XGR_REQUIRE(out_tokenizer);
    xgr_tokenizer_saved_options_t own;
    if (MaybeError error = read_options(options, "xgr_tokenizer_saved_options_t", &own))
      return error;
    const std::span<const uint8_t> file(data, data_size);
    if (own.borrow == 0)
      return give_loaded(load_tokenizer_copy(file, own.verify != 0), out_tokenizer);
    if (reinterpret_cast<uintptr_t>(data) % kSavedAlignment != 0)
      return invalid_argument("data to borrow lies at no multiple of " +
                              std::to_string(kSavedAlignment) +
                              "; expected it there, or no borrow");
    return give_loaded(load_tokenizer(file, nullptr, own.verify != 0), out_tokenizer);
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

const char* xgr_tokenizer_fingerprint(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? "" : tokenizer->tokenizer->fingerprint().data();
}

xgr_status_t xgr_tokenizer_encode(const xgr_tokenizer_t* tokenizer, const uint8_t* text,
                                  size_t text_size, int32_t* tokens, size_t token_capacity,
                                  size_t* out_count, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(tokenizer);
    if (text_size > 0) XGR_REQUIRE(text);
    if (token_capacity > 0) XGR_REQUIRE(tokens);
    XGR_REQUIRE(out_count);
    return encode_longest(*tokenizer->tokenizer, {reinterpret_cast<const char*>(text), text_size},
                          {tokens, token_capacity}, out_count);
  });
}

xgr_status_t xgr_tokenizer_decode(const xgr_tokenizer_t* tokenizer, const int32_t* tokens,
                                  size_t token_count, int32_t special_names, uint8_t* bytes,
                                  size_t byte_capacity, size_t* out_size, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(tokenizer);
    if (token_count > 0) XGR_REQUIRE(tokens);
    if (byte_capacity > 0) XGR_REQUIRE(bytes);
    XGR_REQUIRE(out_size);
    return decode_tokens(*tokenizer->tokenizer, {tokens, token_count}, special_names != 0,
                         {bytes, byte_capacity}, out_size);
  });
}

xgr_status_t xgr_tokenizer_findings(const xgr_tokenizer_t* tokenizer, char* text,
                                    size_t text_capacity, size_t* out_text_size,
                                    xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(tokenizer);
    if (text_capacity > 0) XGR_REQUIRE(text);
    XGR_REQUIRE(out_text_size);
    give_text(tokenizer->source->findings, text, text_capacity, out_text_size);
    return std::nullopt;
  });
}

size_t xgr_tokenizer_memory_size(const xgr_tokenizer_t* tokenizer) {
  return tokenizer == nullptr ? 0 : tokenizer->tokenizer->memory_bytes();
}
