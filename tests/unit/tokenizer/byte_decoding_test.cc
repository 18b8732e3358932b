// Covers src/tokenizer/byte_decoding.cc.
#include "tokenizer/byte_decoding.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

std::string decode(VocabType type, std::string_view token) {
  std::vector<char> out = {'>'};
  append_token_bytes(type, token, &out);
  REQUIRE(out.at(0) == '>');
  return std::string(out.begin() + 1, out.end());
}

}  // namespace

TEST_CASE("byte decoding: raw tokens are their bytes") {
  const std::string broken("\xE4\xBD\0<0x0A>", 9);
  CHECK(decode(VocabType::kRaw, broken) == broken);
  CHECK(decode(VocabType::kRaw, "▁") == "▁");
}

TEST_CASE("byte decoding: byte fallback") {
  CHECK(decode(VocabType::kByteFallback, "<0x0A>") == "\n");
  CHECK(decode(VocabType::kByteFallback, "<0xfF>") == "\xFF");
  CHECK(decode(VocabType::kByteFallback, "<0x00>") == std::string(1, '\0'));
  for (const char* text : {"<0x0G>", "<0x0A", "<0x0A>>", "<0X0A>", "a<0x0A>", "<0x>"})
    CHECK(decode(VocabType::kByteFallback, text) == text);
  CHECK(decode(VocabType::kByteFallback, "▁the▁▁") == " the  ");
  CHECK(decode(VocabType::kByteFallback, "\xE2\x96") == "\xE2\x96");
  CHECK(decode(VocabType::kByteFallback, "\xE2\xE2\x96\x81") == "\xE2 ");
}

TEST_CASE("byte decoding: the byte-level alphabet is a bijection") {
  std::vector<int> seen(256, 0);
  for (char32_t c = 0; c < 0x400; ++c) {
    const int byte = byte_level_value(c);
    if (byte >= 0) ++seen[static_cast<size_t>(byte)];
  }
  CHECK(seen == std::vector<int>(256, 1));
  CHECK(byte_level_value('!') == '!');
  CHECK(byte_level_value(0x100) == 0);
  CHECK(byte_level_value(0x120) == ' ');
  CHECK(byte_level_value(0x121) == 0x7F);
  CHECK(byte_level_value(0x143) == 0xAD);
  CHECK(byte_level_value(0x144) == -1);
  CHECK(byte_level_value(' ') == -1);
}

TEST_CASE("byte decoding: byte-level tokens") {
  CHECK(decode(VocabType::kByteLevel, "Ġthe") == " the");
  CHECK(decode(VocabType::kByteLevel, "Ċ") == "\n");
  CHECK(decode(VocabType::kByteLevel, "ä½ł") == "\xE4\xBD\xA0");
  CHECK(decode(VocabType::kByteLevel, "Ń") == "\xAD");
  // Outside the alphabet: the whole token stays as it is.
  for (const char* text : {"<| end |>", "Ġ你", "a\n", "Ġ\xFF", "Ġ\xC4", "Ġ\xC0\xA1"})
    CHECK(decode(VocabType::kByteLevel, text) == text);
}

}  // namespace xgr::core
