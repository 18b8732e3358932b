// Splits EBNF text into tokens.
//
// Entry point: lex_ebnf. Strings, classes and counts are one token each, so that nothing inside
// them can be taken for syntax; what they contain is decoded later (ebnf_characters.cc), when the
// parser knows that they are wanted. A character without a meaning becomes a token as well: the
// parser can then say what it belongs to (a macro, a look-ahead) instead of "unexpected ','".
//
//   a ::= "x" [0-9]{2,}  ->  identifier define string class count end
//
// Tests: tests/unit/frontend/ebnf_test.cc, tests/cases/ebnf/.
#include "frontend/ebnf/ebnf_lexer.h"

#include <cstdio>

namespace xgr {
namespace {

bool identifier_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
}

bool identifier_part(char c) { return identifier_start(c) || (c >= '0' && c <= '9'); }

class EbnfLexer {
 public:
  explicit EbnfLexer(std::string_view text) : text_(text) {}

  Result<std::vector<EbnfToken>> run() {
    while (true) {
      size_t before = pos_;
      skip_ebnf_blanks(text_, &pos_);
      if (text_.substr(before, pos_ - before).find('\n') != std::string_view::npos) fresh_ = true;
      if (pos_ >= text_.size()) break;
      if (MaybeError e = next()) return *std::move(e);
      fresh_ = false;
    }
    push(EbnfTokenKind::kEnd, pos_, pos_);
    return std::move(tokens_);
  }

 private:
  void push(EbnfTokenKind kind, size_t begin, size_t end) {
    tokens_.push_back({kind, fresh_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    pos_ = end;
  }

  MaybeError next() {
    char c = text_[pos_];
    if (identifier_start(c)) return identifier();
    if (c == '"') return delimited(EbnfTokenKind::kString, '"', "string", "\"");
    if (c == '[') return delimited(EbnfTokenKind::kClass, ']', "character class", "]");
    if (c == '{') return count();
    if (text_.substr(pos_, 3) == "::=") {
      push(EbnfTokenKind::kDefine, pos_, pos_ + 3);
      return std::nullopt;
    }
    push(punctuation(c), pos_, pos_ + character_size());
    return std::nullopt;
  }

  static EbnfTokenKind punctuation(char c) {
    switch (c) {
      case '|':
        return EbnfTokenKind::kBar;
      case '(':
        return EbnfTokenKind::kOpen;
      case ')':
        return EbnfTokenKind::kClose;
      case '*':
        return EbnfTokenKind::kStar;
      case '+':
        return EbnfTokenKind::kPlus;
      case '?':
        return EbnfTokenKind::kQuestion;
      default:
        return EbnfTokenKind::kOther;
    }
  }

  size_t character_size() const {
    size_t end = pos_;
    char32_t c;
    decode_utf8(text_, &end, &c);
    return end - pos_;
  }

  MaybeError identifier() {
    size_t end = pos_;
    while (end < text_.size() && identifier_part(text_[end])) ++end;
    push(EbnfTokenKind::kIdentifier, pos_, end);
    return std::nullopt;
  }

  // A string or a class: up to its closing character, on one line.
  MaybeError delimited(EbnfTokenKind kind, char close, const char* what, const char* shown) {
    size_t end = pos_ + 1;
    while (end < text_.size() && text_[end] != '\n' && text_[end] != '\r') {
      if (text_[end] == close) {
        push(kind, pos_, end + 1);
        return std::nullopt;
      }
      // The character after a backslash never closes, but a line end still ends the line.
      bool escape = text_[end] == '\\' && end + 1 < text_.size() && text_[end + 1] != '\n' &&
                    text_[end + 1] != '\r';
      end += escape ? 2 : 1;
    }
    std::string message = "the " + std::string(what) + " that begins here is not closed by " +
                          shown + " before the end of its line";
    if (end < text_.size()) message += " (a line break inside is written \\n)";
    return error_at(Status::kInvalidSource, std::move(message), text_, pos_);
  }

  MaybeError count() {
    size_t end = pos_;
    Result<EbnfCount> c = decode_ebnf_count(text_, &end);
    if (!c.ok()) return std::move(c.error());
    push(EbnfTokenKind::kCount, pos_, end);
    return std::nullopt;
  }

  std::string_view text_;
  size_t pos_ = 0;
  bool fresh_ = true;  // nothing but blanks so far on this line
  std::vector<EbnfToken> tokens_;
};

}  // namespace

void skip_ebnf_blanks(std::string_view text, size_t* pos) {
  size_t i = *pos;
  while (i < text.size()) {
    char c = text[i];
    if (c == '#') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
    } else {
      break;
    }
  }
  *pos = i;
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
  char hex[16];
  std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(c));
  return hex;
}

Result<std::vector<EbnfToken>> lex_ebnf(std::string_view text) { return EbnfLexer(text).run(); }

}  // namespace xgr
