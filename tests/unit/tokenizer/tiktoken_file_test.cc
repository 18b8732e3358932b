// Covers src/tokenizer/tiktoken_file.cc and base64_text.cc.
#include "tokenizer/tiktoken_file.h"

#include <doctest/doctest.h>

#include <string>

#include "tokenizer/base64_text.h"
#include "tokenizer/tokenizer_file.h"

namespace xgr::core {
namespace {

std::string refusal(const std::string& text) {
  const auto file = read_tiktoken_file(text);
  return file.ok() ? "" : file.error().message;
}

}  // namespace

TEST_CASE("tiktoken file: base64 has one spelling") {
  std::string out;
  CHECK(append_base64("IGE=", &out));
  CHECK(append_base64("/+8AYQ==", &out));
  CHECK(out == std::string(" a\xFF\xEF\0a", 6));
  for (const char* bad :
       {"IGF=", "IGE", "I GE=", "====", "IQ==IQ==", "IR==", "I===", "I=Q=", "_-8A"})
    CHECK_FALSE(append_base64(bad, &out));
}

TEST_CASE("tiktoken file: tokens, gaps and no stop tokens") {
  const auto file = read_tokenizer_file("IQ== 0\nIGE= 2\r\n\n/w== 3", TokenizerFormat::kDetect);
  REQUIRE(file.ok());
  CHECK(file.value().format == "tiktoken");
  CHECK(file.value().texts == std::vector<std::string>{"!", "", " a", "\xFF"});
  CHECK(file.value().kinds[1] == static_cast<uint8_t>(TokenKind::kUnused));
  CHECK(file.value().stop_tokens.empty());
  CHECK(file.value().findings.size() == 2);
}

TEST_CASE("tiktoken file: errors tell the line") {
  CHECK(refusal("") != "");
  CHECK(refusal("IQ== 0\nIg== 0\n").find("line 2 has a token id that is taken") == 0);
  CHECK(refusal("IQ== 0\nIQ== 1\n").find("line 2 has the token of line 1") == 0);
  CHECK(refusal("IQ== 0\nIg=1 1\n").find("line 2 has a token that is no base64") == 0);
  for (const char* bad : {"IQ==", "IQ== ", " 0", "IQ== -1", "IQ== 1 2", "IQ==  1", "IQ== x"})
    CHECK(refusal(bad).find("line 1 has no token and its id") == 0);
  CHECK(refusal("IQ== 99999999999999999999999").find("line 1 has a token id that is too") == 0);
  CHECK(refusal("IQ== 9999999").find("line 1 has a token id far behind") == 0);
}

TEST_CASE("tiktoken file: changed files are read or refused") {
  uint32_t random = 1;
  const auto next = [&] { return (random = random * 1664525 + 1013904223) >> 8; };
  for (int round = 0; round < 5000; ++round) {
    std::string text = "IQ== 0\nIGE= 2\n/w== 3\nAAAA 4\n";
    for (uint32_t changes = 1 + next() % 3; changes > 0; --changes)
      text[next() % text.size()] = "\n 0=A/9\xFF"[next() % 8];
    const auto file = read_tiktoken_file(text);
    if (!file.ok()) continue;
    CHECK(file.value().kinds.size() == file.value().texts.size());
    CHECK(Tokenizer::create(file.value().input()).ok());
  }
}

}  // namespace xgr::core
