// Formats of structural tags, written as JSON text.
//
//   tag_sequence({tag_const("<a>"), tag_const("</a>")})
//     // {"type":"sequence","elements":[{"type":"const_string","value":"<a>"}, ...]}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

// A piece of what is written: a text, a token by its name, or a format.
struct MarkerPiece {
  enum class Kind : uint8_t { kText, kToken, kFormat };
  Kind kind = Kind::kText;
  std::string text;
};
using MarkerPieces = std::vector<MarkerPiece>;

// Puts a piece behind others; texts that meet become one.
void add_piece(MarkerPiece piece, MarkerPieces* pieces);
void add_pieces(const MarkerPieces& more, MarkerPieces* pieces);

std::string tag_strings(const std::vector<std::string>& strings);  // of strings
std::string tag_const(std::string_view text);                      // const_string
std::string tag_any_text(const std::vector<std::string>& excludes,
                         std::optional<int32_t> max_tokens);
std::string tag_regex(std::string_view pattern);
std::string tag_of(std::string_view type, const std::string& content);  // optional, plus, star
std::string tag_sequence(const std::vector<std::string>& elements);
std::string tag_or(const std::vector<std::string>& elements);
std::string tag_piece(const MarkerPiece& piece);
std::string tag_pieces(const MarkerPieces& pieces);  // their sequence
// The same as a tag: what it begins and ends with are its first and last text or token.
std::string tag_around_pieces(const MarkerPieces& pieces);
std::string tag_triggered(const std::vector<std::string>& triggers,
                          const std::vector<std::string>& tags,
                          const std::vector<std::string>& excludes, bool at_least_one,
                          bool stop_after_first);
std::string tag_separated(const std::vector<std::string>& tags, std::string_view separator,
                          bool stop_after_first);

}  // namespace xgr::core
