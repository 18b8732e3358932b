// Pieces of a source text as error messages show them.
//
// Entry points: show_text, show_chain, show_character. Messages stay one short line whatever the
// text contains.
//
//   a name of 10 MB  ->  its first 40 bytes and "..."        U+0007  ->  "U+0007"
//
// Tests: tests/unit/frontend/source_text_test.cc.
#include "frontend/source_text.h"

#include <cstdio>

#include "automata/char_set.h"

namespace xgr::core {

std::string show_text(std::string_view piece) {
  size_t cut = 40;
  if (piece.size() <= cut) return std::string(piece);
  while ((static_cast<unsigned char>(piece[cut]) & 0xC0) == 0x80) --cut;
  return std::string(piece.substr(0, cut)) + "...";
}

std::string show_chain(const std::vector<std::string_view>& names) {
  constexpr size_t kEnds = 4;
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    bool middle = i >= kEnds && i + kEnds < names.size();
    if (middle && i > kEnds) continue;
    if (i > 0) out += " -> ";
    out += middle ? "..." : show_text(names[i]);
  }
  return out;
}

std::string show_character(std::string_view text, size_t pos) {
  if (pos >= text.size()) return "end of text";
  size_t end = pos;
  char32_t c = 0;
  decode_utf8(text, &end, &c);
  if (c == '\n' || c == '\r') return "end of line";
  if (c > 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0)) {
    return "'" + std::string(text.substr(pos, end - pos)) + "'";
  }
  if (c == ' ') return "a blank";
  char hex[16];
  std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(c));
  return hex;
}

}  // namespace xgr::core
