// Splits Lark text into tokens.
//
// Entry point: lex_lark. Strings, regular expressions, special tokens and JSON values are one token
// each, so that nothing inside them can be taken for syntax; what they contain is decoded later
// (lark_literals.cc). Brackets are matched here, on a stack of their own: the parser can then jump
// over a nested grammar, and line ends inside brackets, which mean nothing, are not even tokens.
//
//   a: "x" /y/i+  ->  name colon string regex plus end
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include "frontend/lark/lark_lexer.h"

#include "frontend/source_text.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

bool name_start(char c) { return is_letter(c) || c == '_'; }
bool name_part(char c) { return name_start(c) || is_digit(c) || c == '-'; }

class LarkLexer {
 public:
  explicit LarkLexer(std::string_view text) : text_(text) {}

  Result<std::vector<LarkToken>> run() {
    while (true) {
      bool new_line = skip_blanks();
      if (new_line && lines_count()) push_newline();
      if (pos_ >= text_.size()) break;
      if (MaybeError e = next()) return *std::move(e);
    }
    if (!open_.empty()) {
      return malformed(tokens_[open_.back()].begin,
                       "the bracket " + show_character(text_, tokens_[open_.back()].begin) +
                           " that begins here is not closed");
    }
    push(LarkTokenKind::kEnd, pos_);
    return std::move(tokens_);
  }

 private:
  Error malformed(size_t at, std::string message) const {
    return error_at(Status::kInvalidSource, std::move(message), text_, at);
  }
  char peek(size_t ahead = 0) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }
  bool looking_at(std::string_view s) const { return text_.substr(pos_).starts_with(s); }

  void push(LarkTokenKind kind, size_t end) {
    tokens_.push_back({kind, static_cast<uint32_t>(pos_), static_cast<uint32_t>(end)});
    pos_ = end;
  }
  void push_newline() {
    if (!tokens_.empty() && tokens_.back().kind != LarkTokenKind::kNewline)
      push(LarkTokenKind::kNewline, pos_);
  }

  // A line end means something outside of brackets and directly inside %lark {...}.
  bool lines_count() const {
    return open_.empty() || (tokens_[open_.back()].kind == LarkTokenKind::kOpenBrace &&
                             open_.back() > 0 && directive(tokens_[open_.back() - 1]) == "%lark");
  }
  std::string_view directive(const LarkToken& t) const {
    return t.kind == LarkTokenKind::kDirective ? text_.substr(t.begin, t.end - t.begin) : "";
  }

  // Passes over white space and comments; whether there was a line end.
  bool skip_blanks() {
    bool new_line = false;
    for (; pos_ < text_.size(); ++pos_) {
      char c = text_[pos_];
      if (c == '#' || (c == '/' && peek(1) == '/')) {
        while (pos_ < text_.size() && text_[pos_] != '\n') ++pos_;
        if (pos_ >= text_.size()) break;
        c = '\n';
      }
      if (c == '\n') new_line = true;
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f') break;
    }
    return new_line;
  }

  MaybeError next() {
    char c = peek();
    if (name_start(c)) return push_name(LarkTokenKind::kName, 0);
    if (is_digit(c)) {
      size_t end = pos_;
      while (end < text_.size() && is_digit(text_[end])) ++end;
      push(LarkTokenKind::kNumber, end);
      return std::nullopt;
    }
    switch (c) {
      case '"':
        return string();
      case '/':
        return regex();
      case '<':
        return special();
      case '%':
        return percent();
      case '@':
        return push_name(LarkTokenKind::kNamed, 1);
      case '(':
      case '[':
      case '{':
        open_.push_back(static_cast<uint32_t>(tokens_.size()));
        push(punctuation(c), pos_ + 1);
        return std::nullopt;
      case ')':
      case ']':
      case '}':
        return close(c);
      default:
        break;
    }
    if (looking_at("->")) {
      push(LarkTokenKind::kArrow, pos_ + 2);
    } else if (looking_at("..")) {
      push(LarkTokenKind::kRange, pos_ + 2);
    } else {
      push(punctuation(c), pos_ + character_size());
    }
    return std::nullopt;
  }

  static LarkTokenKind punctuation(char c) {
    static constexpr std::string_view kMarks = ":|()[]{}*+?!~&.,=";
    static constexpr LarkTokenKind kKinds[] = {
        LarkTokenKind::kColon,     LarkTokenKind::kBar,        LarkTokenKind::kOpen,
        LarkTokenKind::kClose,     LarkTokenKind::kOpenSquare, LarkTokenKind::kCloseSquare,
        LarkTokenKind::kOpenBrace, LarkTokenKind::kCloseBrace, LarkTokenKind::kStar,
        LarkTokenKind::kPlus,      LarkTokenKind::kQuestion,   LarkTokenKind::kBang,
        LarkTokenKind::kTilde,     LarkTokenKind::kAmpersand,  LarkTokenKind::kDot,
        LarkTokenKind::kComma,     LarkTokenKind::kEquals};
    size_t i = kMarks.find(c);
    return i == std::string_view::npos ? LarkTokenKind::kOther : kKinds[i];
  }

  size_t character_size() const {
    size_t end = pos_;
    char32_t c;
    decode_utf8(text_, &end, &c);
    return end - pos_;
  }

  MaybeError close(char c) {
    static constexpr std::string_view kOpening = "([{", kClosing = ")]}";
    if (open_.empty()) return malformed(pos_, show_character(text_, pos_) + " closes nothing");
    LarkToken& open = tokens_[open_.back()];
    char wanted = kClosing[kOpening.find(text_[open.begin])];
    if (c != wanted) {
      Error begun = malformed(open.begin, "");
      return malformed(pos_, "expected '" + std::string(1, wanted) + "' for the bracket in line " +
                                 std::to_string(begun.line) + ", column " +
                                 std::to_string(begun.column) + ", found '" + c + "'");
    }
    open.match = static_cast<uint32_t>(tokens_.size());
    open_.pop_back();
    push(punctuation(c), pos_ + 1);
    return std::nullopt;
  }

  // The dash of an arrow behind a name is not the name's.
  MaybeError push_name(LarkTokenKind kind, size_t prefix) {
    size_t end = pos_ + prefix;
    while (end < text_.size() && name_part(text_[end]) &&
           !(text_[end] == '-' && text_.substr(end).starts_with("->"))) {
      ++end;
    }
    if (end == pos_ + prefix) {
      return malformed(pos_, "expected the name of a grammar behind @, such as @item; found " +
                                 show_character(text_, end));
    }
    push(kind, end);
    return std::nullopt;
  }

  // From the opening character to the same one, on one line, then letters: flags.
  MaybeError delimited(LarkTokenKind kind, const char* what) {
    char mark = text_[pos_];
    size_t end = pos_ + 1;
    while (end < text_.size() && text_[end] != mark && text_[end] != '\n') {
      bool escape = text_[end] == '\\' && end + 1 < text_.size() && text_[end + 1] != '\n';
      end += escape ? 2 : 1;
    }
    if (end >= text_.size() || text_[end] != mark) {
      return malformed(pos_, "the " + std::string(what) + " that begins here is not closed by " +
                                 mark + " on its line (a line end inside is written \\n)");
    }
    ++end;
    while (end < text_.size() && (name_start(text_[end]) || is_digit(text_[end]))) ++end;
    push(kind, end);
    return std::nullopt;
  }
  MaybeError string() { return delimited(LarkTokenKind::kString, "string"); }
  MaybeError regex() { return delimited(LarkTokenKind::kRegex, "regular expression"); }

  MaybeError special() {
    bool ids = peek(1) == '[';
    size_t end = pos_ + 1;
    while (end < text_.size() && static_cast<unsigned char>(text_[end]) > ' ' &&
           text_[end] != '>' && text_[end] != '<') {
      ++end;
    }
    if (end >= text_.size() || text_[end] != '>' || end == pos_ + 1) {
      return malformed(end < text_.size() ? end : pos_,
                       "expected a special token such as <|name|> or <[5]>, without blanks and "
                       "closed by '>'; found " +
                           show_character(text_, end));
    }
    push(ids ? LarkTokenKind::kTokenIds : LarkTokenKind::kSpecial, end + 1);
    return std::nullopt;
  }

  MaybeError percent() {
    size_t end = pos_ + 1;
    while (end < text_.size() && name_start(text_[end])) ++end;
    push(LarkTokenKind::kDirective, end);
    std::string_view name = directive(tokens_.back());
    bool json =
        name == "%json" || name == "%regex" || name == "%grammar_options" || name == "%llguidance";
    return json ? json_value(name) : std::nullopt;
  }

  // Only finds the end of the value; what is wrong inside is for the reader of JSON to say.
  MaybeError json_value(std::string_view directive) {
    skip_blanks();
    size_t begin = pos_, end = pos_, depth = 0;
    bool done = false;
    while (end < text_.size() && !done) {
      char c = text_[end];
      if (c == '"') {
        for (++end; end < text_.size() && text_[end] != '"'; ++end) end += text_[end] == '\\';
        if (end >= text_.size()) break;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) break;
        --depth;
      } else if (depth == 0) {
        if (!name_part(c) && c != '.' && c != '+') break;
        ++end;
        done = end >= text_.size() || (!name_part(text_[end]) && text_[end] != '.');
        continue;
      }
      ++end;
      done = depth == 0;
    }
    if (!done) {
      std::string what(directive);
      return malformed(
          begin, begin == end ? "expected a JSON value behind " + what + ", found " +
                                    show_character(text_, begin)
                              : "the JSON value of " + what + " that begins here is not closed");
    }
    push(LarkTokenKind::kJson, end);
    return std::nullopt;
  }

  std::string_view text_;
  size_t pos_ = 0;
  std::vector<uint32_t> open_;  // tokens that are brackets still to be closed
  std::vector<LarkToken> tokens_;
};

}  // namespace

Result<std::vector<LarkToken>> lex_lark(std::string_view text) { return LarkLexer(text).run(); }

}  // namespace xgr::core
