// UTF-8 questions about token bytes. Tokens cut characters anywhere, so broken text is ordinary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xgr::core {

inline bool is_continuation_byte(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Length of the valid character (no overlong form, no surrogate) that starts at text[pos], or 0.
inline size_t utf8_char_length(std::string_view text, size_t pos) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(pos);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - pos < length) return 0;
  const uint8_t second = at(pos + 1);
  const uint8_t lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < lowest || second > highest) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (!is_continuation_byte(at(pos + i))) return 0;
  }
  return length;
}

// Whether all of `text` is valid UTF-8.
inline bool is_whole_utf8(std::string_view text) {
  for (size_t pos = 0; pos < text.size();) {
    const size_t length = utf8_char_length(text, pos);
    if (length == 0) return false;
    pos += length;
  }
  return true;
}

// Characters of `text`, counted as bytes that start one.
inline size_t count_chars(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += !is_continuation_byte(static_cast<uint8_t>(c));
  return count;
}

}  // namespace xgr::core
