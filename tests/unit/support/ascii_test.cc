// Kinds of ASCII characters, compared with their lists over every byte.
#include "support/ascii.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace xgr::core;

TEST_CASE("letters and digits are the ASCII ones, bytes of UTF-8 are neither") {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view kDigits = "0123456789";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    CHECK(is_letter(c) == (kLetters.find(c) != kLetters.npos));
    CHECK(is_digit(c) == (kDigits.find(c) != kDigits.npos));
    CHECK(is_letter_or_digit(c) == (is_letter(c) || is_digit(c)));
  }
}

TEST_CASE("a hexadecimal digit of either case has its value, all else has none") {
  constexpr std::string_view kLower = "0123456789abcdef", kUpper = "0123456789ABCDEF";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const size_t at = kLower.find(c) != kLower.npos ? kLower.find(c) : kUpper.find(c);
    CHECK(hex_value(c) == (at == kLower.npos ? -1 : static_cast<int>(at)));
  }
  CHECK(hex_value(0xFF11) == -1);  // a digit, but not an ASCII one
}
