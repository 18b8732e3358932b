// Tells regular expressions for any text from others.
//
// Entry points: is_any_text, text_after_any. There are few spellings in use, and blanks in them do
// not count; what follows may use escapes of single characters, but nothing that repeats or
// chooses.
//
//   /(\n|.)*<call>/  ->  "<call>"        /.*END\./s  ->  "END."        /.*[0-9]/s  ->  none
//
// Tests: tests/cases/lark/dispatch.case.
#include "frontend/lark/lark_any_text.h"

#include <array>

#include "frontend/lark/lark_lexer.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr std::array<std::string_view, 6> kAnyText = {R"((.|\n)*)",   R"((\n|.)*)", R"((?:.|\n)*)",
                                                      R"((?:\n|.)*)", R"([\s\S]*)", R"((?s:.*))"};

// Passes over one of the spellings; npos when there is none.
size_t skip_any_text(std::string_view pattern, bool dot_all) {
  for (size_t k = 0; k <= kAnyText.size(); ++k) {
    std::string_view wanted = k < kAnyText.size() ? kAnyText[k] : ".*";
    if (k == kAnyText.size() && !dot_all) break;
    size_t i = 0, matched = 0;
    for (; i < pattern.size() && matched < wanted.size(); ++i) {
      if (pattern[i] == wanted[matched])
        ++matched;
      else if (pattern[i] != ' ')
        break;
    }
    if (matched == wanted.size()) return i;
  }
  return std::string_view::npos;
}

struct Parts {
  std::string_view pattern;
  size_t rest = std::string_view::npos;  // behind any text
};

Parts split(std::string_view text, size_t begin, size_t end) {
  Result<LarkRegex> r =
      decode_lark_regex(text, static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  Parts out;
  if (!r.ok() || r.value().any_case) return out;
  out.pattern = text.substr(r.value().begin, r.value().end - r.value().begin);
  out.rest = skip_any_text(out.pattern, r.value().dot_all);
  return out;
}

}  // namespace

bool is_any_text(std::string_view text, size_t begin, size_t end) {
  const Parts p = split(text, begin, end);
  return p.rest != std::string_view::npos &&
         p.pattern.find_first_not_of(' ', p.rest) == std::string_view::npos;
}

std::optional<std::string> text_after_any(std::string_view text, size_t begin, size_t end) {
  static constexpr std::string_view kLetters = "nrtfave", kMeanings = "\n\r\t\f\a\v\x1B";
  const Parts p = split(text, begin, end);
  if (p.rest == std::string_view::npos) return std::nullopt;
  std::string out;
  for (size_t i = p.rest; i < p.pattern.size(); ++i) {
    char c = p.pattern[i];
    if (std::string_view("^$.*+?()[]{}|").find(c) != std::string_view::npos) return std::nullopt;
    if (c == '\\') {
      if (++i >= p.pattern.size()) return std::nullopt;
      c = p.pattern[i];
      bool word = is_letter_or_digit(c);
      size_t known = kLetters.find(c);
      if (word && known == std::string_view::npos) return std::nullopt;
      if (word) c = kMeanings[known];
    }
    out += c;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace xgr::core
