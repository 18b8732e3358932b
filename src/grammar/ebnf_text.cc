// Writes what an expression is made of in EBNF syntax.
//
// Entry points: append_ebnf_string, append_ebnf_class, append_ebnf_tokens, ebnf_attributes. What a
// reader can see is written as it is, the rest as an escape: controls, formatting characters,
// private use and noncharacters.
//
//   a"b<newline>  ->  "a\"b\n"           all but a..c  ->  [^a-c]
//
// Tests: tests/unit/grammar/printer_test.cc.
#include "grammar/ebnf_text.h"

#include <cstdio>

namespace xgr::core {
namespace {

bool visible(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD) return false;
  if (c < 0x300) return true;
  if (c <= 0x36F || (c >= 0x200B && c <= 0x200F)) return false;
  if ((c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F)) return false;
  if ((c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF) return false;
  if (c >= 0xFFF0 && c <= 0x1FFFF) return c >= 0x10000 && c <= 0x1FAFF;
  return c < 0x30000;
}

char short_escape(char32_t c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\\':
      return '\\';
    default:
      return 0;
  }
}

void append_character(char32_t c, std::string_view escaped, std::string* out) {
  if (char letter = short_escape(c)) {
    *out += '\\';
    *out += letter;
  } else if (c < 0x80 && escaped.find(static_cast<char>(c)) != std::string_view::npos) {
    *out += '\\';
    *out += static_cast<char>(c);
  } else if (visible(c)) {
    append_utf8(c, out);
  } else {
    char text[16];
    std::snprintf(text, sizeof text, c < 0x10000 ? "\\u%04X" : "\\U%08X", static_cast<unsigned>(c));
    *out += text;
  }
}

uint64_t count(const TokenIds& set) {
  uint64_t n = 0;
  for (const TokenRange& r : set.ranges()) n += uint64_t{r.hi} - r.lo + 1;
  return n;
}

}  // namespace

void append_ebnf_string(std::string_view utf8, std::string* out) {
  *out += '"';
  size_t pos = 0;
  char32_t c = 0;
  while (decode_utf8(utf8, &pos, &c)) append_character(c, "\"", out);
  *out += '"';
}

void append_ebnf_class(const CharSet& set, std::string* out) {
  bool negate = set.contains(0x10FFFF);
  const CharSet shown = negate ? set.negated() : set;
  *out += negate ? "[^" : "[";
  for (const CharRange& r : shown.ranges()) {
    append_character(r.lo, "^-[]", out);
    if (r.hi > r.lo + 1) *out += '-';
    if (r.hi > r.lo) append_character(r.hi, "^-[]", out);
  }
  *out += ']';
}

void append_ebnf_tokens(const TokenIds& set, std::string* out) {
  const TokenIds others = set.complement();
  const bool exclude = count(others) < count(set);
  *out += exclude ? "ExcludeToken(" : "Token(";
  const char* separator = "";
  for (const TokenRange& r : (exclude ? others : set).ranges()) {
    for (uint32_t id = r.lo; id <= r.hi; ++id) {
      *out += separator + std::to_string(id);
      separator = ", ";
    }
  }
  *out += ')';
}

std::string ebnf_attributes(const RuleAttributes& a) {
  std::string out;
  auto add = [&](std::string_view name) {
    if (!out.empty()) out += ", ";
    out += name;
  };
  if (a.max_tokens != RuleAttributes::kNoBudget) {
    add("max_tokens=" + std::to_string(a.max_tokens));
  }
  if (a.temperature >= 0) {
    char text[32];
    std::snprintf(text, sizeof text, "temperature=%.9g", static_cast<double>(a.temperature));
    add(text);
  }
  if (!a.capture.empty()) {
    add("capture=");
    append_ebnf_string(a.capture, &out);
  }
  if (!a.stop_capture.empty()) {
    add("stop_capture=");
    append_ebnf_string(a.stop_capture, &out);
  }
  return out;
}

}  // namespace xgr::core
