// Covers src/tokenizer/tokenizer_file.cc and vocabulary_file.cc: formats, findings.
#include "tokenizer/tokenizer_file.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

constexpr const char* kFile = R"( {"decoder": {"type": "ByteLevel"}, "added_tokens": [
  {"id": 2, "content": "<|im_end|>", "special": true}],
  "model": {"type": "BPE", "vocab": {"a": 0, "\u0120b": 1}, "merges": []}})";

Status status_of(const std::string& contents, TokenizerFormat format) {
  const auto file = read_tokenizer_file(contents, format);
  return file.ok() ? Status::kOk : file.error().code;
}

}  // namespace

TEST_CASE("tokenizer file: the format is detected or named") {
  CHECK(status_of(kFile, TokenizerFormat::kDetect) == Status::kOk);
  CHECK(status_of(kFile, TokenizerFormat::kJson) == Status::kOk);
  CHECK(status_of("", TokenizerFormat::kDetect) == Status::kInvalidData);
  CHECK(status_of("[]", TokenizerFormat::kDetect) == Status::kInvalidData);
  CHECK(status_of("[]", TokenizerFormat::kJson) == Status::kInvalidData);
  CHECK(status_of(kFile, static_cast<TokenizerFormat>(6)) == Status::kInvalidArgument);
  CHECK(status_of(kFile, static_cast<TokenizerFormat>(-1)) == Status::kInvalidArgument);
}

TEST_CASE("tokenizer file: findings tell what was concluded and why") {
  const auto file = read_tokenizer_file(kFile, TokenizerFormat::kDetect);
  REQUIRE(file.ok());
  const auto tokenizer = Tokenizer::create(file.value().input());
  REQUIRE(tokenizer.ok());
  CHECK(
      findings_json(file.value(), *tokenizer.value()) ==
      R"({"format":"tokenizer.json","model":"BPE","detected_by":"decoder","decoder":["ByteLevel"],)"
      R"("vocab_type":"byte level","add_prefix_space":false,)"
      R"("stop_tokens":[{"id":2,"name":"<|im_end|>","reason":"well-known name"}],)"
      R"("tokens":{"normal":2,"control":0,"stop":1,"unused":0},"notes":[]})");
}

TEST_CASE("tokenizer file: tokens that the logits have no place for") {
  const auto file = read_tokenizer_file(kFile, TokenizerFormat::kJson);
  REQUIRE(file.ok());
  TokenizerInput input = file.value().input();
  input.vocab_size = 2;
  CHECK_FALSE(Tokenizer::create(input).ok());
  cut_excess_tokens(&input);
  const auto tokenizer = Tokenizer::create(input);
  REQUIRE(tokenizer.ok());
  CHECK(tokenizer.value()->token_count() == 2);
  CHECK(tokenizer.value()->token_bytes(1) == " b");
  CHECK(tokenizer.value()->stop_tokens().empty());
}

}  // namespace xgr::core
