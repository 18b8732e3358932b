#include "tokenizer/encoding.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace xgr::core {
namespace {

std::shared_ptr<const Tokenizer> make(std::vector<std::string_view> tokens,
                                      std::vector<uint8_t> kinds = {}) {
  TokenizerInput in;
  in.tokens = std::move(tokens);
  in.kinds = std::move(kinds);
  auto made = Tokenizer::create(in);
  REQUIRE(made.ok());
  return std::move(made).value();
}

std::vector<int32_t> encode(const Tokenizer& tokenizer, std::string_view text) {
  size_t count = 0;
  REQUIRE(!encode_longest(tokenizer, text, {}, &count));
  std::vector<int32_t> tokens(count);
  REQUIRE(!encode_longest(tokenizer, text, tokens, &count));
  return tokens;
}

std::string decode(const Tokenizer& tokenizer, const std::vector<int32_t>& tokens, bool names) {
  size_t size = 0;
  REQUIRE(!decode_tokens(tokenizer, tokens, names, {}, &size));
  std::vector<uint8_t> bytes(size);
  REQUIRE(!decode_tokens(tokenizer, tokens, names, bytes, &size));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("encoding: each token is the longest that fits") {
  const auto t = make({"a", "ab", "c", "abcd", "ab"});
  CHECK(encode(*t, "abc") == std::vector<int32_t>{1, 2});
  CHECK(encode(*t, "abcda") == std::vector<int32_t>{3, 0});
  CHECK(encode(*t, "").empty());
}

TEST_CASE("encoding: a text that the longest tokens do not spell") {
  const auto t = make({"a", "ab", "c"});
  size_t count = 77;
  const MaybeError error = encode_longest(*t, "cabb", {}, &count);
  REQUIRE(error);
  CHECK(error->code == Status::kInvalidData);
  CHECK(error->message.find("byte 3") != std::string::npos);
  CHECK(count == 77);
}

TEST_CASE("encoding: special tokens are no text, and have names") {
  const auto t = make({"a", "<|x|>", "</s>", "b"}, {0, 1, 2, 0});
  CHECK(decode(*t, {0, 1, 3, 2}, false) == "ab");
  CHECK(decode(*t, {0, 1, 3, 2}, true) == "a<|x|>b</s>");
  size_t count = 0;
  CHECK(encode_longest(*t, "<|x|>", {}, &count).has_value());
}

TEST_CASE("encoding: ids outside the vocabulary, too little room") {
  const auto t = make({"a", "bb"});
  size_t size = 0;
  const std::vector<int32_t> wrong = {0, 2};
  const MaybeError error = decode_tokens(*t, wrong, false, {}, &size);
  REQUIRE(error);
  CHECK(error->code == Status::kInvalidArgument);
  CHECK(error->message.find("token 2 at index 1") != std::string::npos);
  const std::vector<int32_t> tokens = {1, 0};
  std::vector<uint8_t> two(2, 'x');
  CHECK(!decode_tokens(*t, tokens, false, two, &size));
  CHECK(size == 3);
  CHECK(two == std::vector<uint8_t>(2, 'x'));
}

TEST_CASE("encoding: what is encoded is decoded to the same bytes") {
  std::mt19937 random(5);
  std::vector<std::string> texts;
  for (char c = 'a'; c <= 'd'; ++c) texts.emplace_back(1, c);
  const auto word = [&](size_t longest) {
    std::string text(random() % longest, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 4);
    return text;
  };
  for (int i = 0; i < 60; ++i) texts.push_back(word(6));
  const auto t = make({texts.begin(), texts.end()});
  for (int i = 0; i < 500; ++i) {
    const std::string text = word(40);
    CHECK(decode(*t, encode(*t, text), i % 2 == 0) == text);
  }
}

}  // namespace xgr::core
