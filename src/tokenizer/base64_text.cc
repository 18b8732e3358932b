// Reading of base64. Entry point: append_base64.
//
// Four characters are three bytes. Bits that the padding leaves over are zero, as encoders write them,
// so that texts are equal only where their bytes are.
//
//   "IGE="  ->  " a"        "IGF=" (a bit left over), "IGE", "I GE="  ->  false
//
// Tests: tests/unit/tokenizer/tiktoken_file_test.cc.
#include "tokenizer/base64_text.h"

#include <cstdint>

namespace xgr::core {
namespace {

// 64 for what is no digit.
uint32_t base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0') + 52;
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

}  // namespace

bool append_base64(std::string_view text, std::string* out) {
  if (text.size() % 4 != 0) return false;
  while (!text.empty()) {
    const bool last = text.size() == 4;
    const size_t padding = !last || text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; ++i) {
      const uint32_t digit = i < 4 - padding ? base64_digit(text[i]) : 0;
      if (digit > 63) return false;
      bits = bits << 6 | digit;
    }
    const uint32_t left_over = padding == 0 ? 0 : padding == 1 ? 0xFF : 0xFFFF;
    if ((bits & left_over) != 0) return false;
    for (size_t i = 0; i < 3 - padding; ++i)
      out->push_back(static_cast<char>(bits >> (16 - 8 * i) & 0xFF));
    text.remove_prefix(4);
  }
  return true;
}

}  // namespace xgr::core
