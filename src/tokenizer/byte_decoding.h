// How vocabularies spell bytes: turns a token as written into the bytes it adds to the output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace xgr::core {

// How the given token texts spell bytes (numbers are those of the C API).
enum class VocabType : int32_t { kRaw = 0, kByteFallback = 1, kByteLevel = 2 };

// Appends the bytes that `token` stands for. Never more bytes than the token has.
void append_token_bytes(VocabType type, std::string_view token, std::vector<char>* out);

// What SentencePiece writes for a space.
inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581

// Appends a piece with spaces for their marks, to a std::string or a std::vector<char>.
template <typename Bytes>
void append_with_spaces(std::string_view piece, Bytes* out) {
  for (size_t pos = 0; pos < piece.size();) {
    const bool mark = piece.substr(pos, kSpaceMark.size()) == kSpaceMark;
    out->push_back(mark ? ' ' : piece[pos]);
    pos += mark ? kSpaceMark.size() : 1;
  }
}

// Whether `token` is a byte-fallback piece, `<0x0A>`; *byte is then its value.
bool parse_byte_piece(std::string_view token, uint8_t* byte);

// The byte that the byte-level alphabet writes as `code_point`, or -1 outside the alphabet.
int byte_level_value(char32_t code_point);

// The byte that the character at token[*pos] writes, or -1; moves *pos behind it on success.
int read_byte_level(std::string_view token, size_t* pos);

}  // namespace xgr::core
