// Byte decoding of token spellings. Entry point: append_token_bytes.
//
// Three spellings exist. Raw tokens are their bytes. Byte-fallback vocabularies (SentencePiece)
// write a lone byte as `<0x0A>` and a space as U+2581. Byte-level vocabularies (GPT-2) write every
// byte as one printable character: 33-126, 161-172 and 174-255 stand for themselves, the other 68
// bytes for U+0100, U+0101, ... in order. A token with any other character is not byte-level text
// (added tokens, mostly) and keeps its bytes.
//
//   std::vector<char> out;
//   append_token_bytes(VocabType::kByteLevel, "\u0120a", &out);   // " a"
//
// Tests: tests/unit/tokenizer/byte_decoding_test.cc.
#include "tokenizer/byte_decoding.h"

#include <array>

#include "support/ascii.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

constexpr int kAlphabetEnd = 0x100 + 68;

constexpr std::array<int16_t, kAlphabetEnd> make_byte_level_table() {
  std::array<int16_t, kAlphabetEnd> table{};
  for (int16_t& value : table) value = -1;
  int16_t next = 0x100;
  for (int16_t byte = 0; byte < 256; ++byte) {
    const bool itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173);
    table[static_cast<size_t>(itself ? byte : next++)] = byte;
  }
  return table;
}

constexpr std::array<int16_t, kAlphabetEnd> kByteLevelTable = make_byte_level_table();

void append_raw(std::string_view token, std::vector<char>* out) {
  out->insert(out->end(), token.begin(), token.end());
}

void append_byte_fallback(std::string_view token, std::vector<char>* out) {
  uint8_t byte = 0;
  if (parse_byte_piece(token, &byte)) {
    out->push_back(static_cast<char>(byte));
    return;
  }
  append_with_spaces(token, out);
}

void append_byte_level(std::string_view token, std::vector<char>* out) {
  const size_t start = out->size();
  for (size_t pos = 0; pos < token.size();) {
    const int byte = read_byte_level(token, &pos);
    if (byte < 0) {
      out->resize(start);
      return append_raw(token, out);
    }
    out->push_back(static_cast<char>(byte));
  }
}

}  // namespace

int byte_level_value(char32_t code_point) {
  return code_point < kAlphabetEnd ? kByteLevelTable[code_point] : -1;
}

// The alphabet ends below U+0144, so its characters take one or two bytes.
int read_byte_level(std::string_view token, size_t* pos) {
  const size_t length = utf8_char_length(token, *pos);
  if (length != 1 && length != 2) return -1;
  char32_t c = static_cast<uint8_t>(token[*pos]);
  if (length == 2) c = (c & 0x1F) << 6 | (static_cast<uint8_t>(token[*pos + 1]) & 0x3F);
  const int byte = byte_level_value(c);
  if (byte >= 0) *pos += length;
  return byte;
}

bool parse_byte_piece(std::string_view token, uint8_t* byte) {
  if (token.size() != 6 || token.substr(0, 3) != "<0x" || token[5] != '>') return false;
  const int high = hex_value(token[3]);
  const int low = hex_value(token[4]);
  if (high < 0 || low < 0) return false;
  *byte = static_cast<uint8_t>(high * 16 + low);
  return true;
}

void append_token_bytes(VocabType type, std::string_view token, std::vector<char>* out) {
  switch (type) {
    case VocabType::kRaw:
      return append_raw(token, out);
    case VocabType::kByteFallback:
      return append_byte_fallback(token, out);
    case VocabType::kByteLevel:
      return append_byte_level(token, out);
  }
}

}  // namespace xgr::core
