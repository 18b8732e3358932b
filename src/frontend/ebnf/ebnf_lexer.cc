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

#include <algorithm>

#include "support/ascii.h"

namespace xgr::core {
namespace {

bool identifier_part(char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; }

class EbnfLexer {
 public:
  EbnfLexer(std::string_view text, bool gbnf) : text_(text), gbnf_(gbnf) {}

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
    if (identifier_part(c)) return identifier();
    if (c == '"') return delimited(EbnfTokenKind::kString, '"', "string", "\"");
    if (c == '[' && attributes()) return std::nullopt;
    if ((c == '<' || text_.substr(pos_, 2) == "!<") && token_literal()) return std::nullopt;
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

  // [...] and then ::=, behind a name. Strings inside may contain brackets.
  bool attributes() {
    if (tokens_.empty() || tokens_.back().kind != EbnfTokenKind::kIdentifier) return false;
    size_t end = pos_ + 1;
    bool quoted = false;
    for (; end < text_.size() && (quoted || text_[end] != ']'); ++end) {
      if (text_[end] == '\n') return false;
      if (quoted && text_[end] == '\\')
        ++end;
      else if (text_[end] == '"')
        quoted = !quoted;
    }
    if (end >= text_.size()) return false;
    size_t after = end + 1;
    skip_ebnf_blanks(text_, &after);
    if (text_.substr(after, 3) != "::=") return false;
    push(EbnfTokenKind::kAttributes, pos_, end + 1);
    return true;
  }

  bool token_literal() {
    size_t end = pos_ + (text_[pos_] == '!' ? 2 : 1);
    const size_t begin = end;
    end = std::min(text_.find_first_of("<>\n", begin), text_.size());
    if (end == text_.size() || text_[end] != '>' || end == begin) return false;
    push(EbnfTokenKind::kTokenLiteral, pos_, end + 1);
    return true;
  }

  bool ends_line(size_t at) const { return !gbnf_ && (text_[at] == '\n' || text_[at] == '\r'); }

  // A string or a class: up to its closing character, on one line.
  MaybeError delimited(EbnfTokenKind kind, char close, const char* what, const char* shown) {
    size_t end = pos_ + 1;
    while (end < text_.size() && !ends_line(end)) {
      if (text_[end] == close) {
        push(kind, pos_, end + 1);
        return std::nullopt;
      }
      // The character after a backslash never closes, but a line end still ends the line.
      bool escape = text_[end] == '\\' && end + 1 < text_.size() && !ends_line(end + 1);
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
  bool gbnf_;
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

Result<std::vector<EbnfToken>> lex_ebnf(std::string_view text, bool gbnf) {
  return EbnfLexer(text, gbnf).run();
}

}  // namespace xgr::core
