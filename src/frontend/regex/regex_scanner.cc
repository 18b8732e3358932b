// Turns a regular expression into tokens, and has PCRE2 check it.
//
// Entry point: scan_regex. One pass recognises everything either dialect can write, meanwhile
// rewriting the pattern for PCRE2 where it would read it differently (regex_text.h); counts become
// `*` there, because PCRE2 would unroll them. Then PCRE2 speaks first: its error and offset are
// reported when it has one, only then what this library does not support.
//
//   a(?:b|\d){2,3}  ->  'a' open 'b' bar set close repeat(2,3);   PCRE2 sees a(?:b|\d)*
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include "frontend/regex/regex_scanner.h"

#include "frontend/regex/pcre2_check.h"

namespace xgr {
namespace {

// PCRE2 compiles groups recursively; this many fit a small thread stack.
constexpr size_t kMaxGroups = 250;

// PCRE2's numbers for what is no fault of the pattern.
constexpr int kLookbehindNotFixed = 125;
constexpr int kPatternTooLarge = 120;
constexpr int kTooManyCaptures = 197;

class RegexScanner {
 public:
  RegexScanner(std::string_view pattern, RegexDialect dialect, ExprPool& pool)
      : t_(pattern, dialect), pool_(pool), all_(!t_.ecma()) {
    dot_all_.push_back(all_);
  }

  Result<std::vector<RegexToken>> run() {
    MaybeError stopped;
    while (!t_.at_end() && !stopped) {
      start_ = t_.pos();
      stopped = next();
      if (stopped && stopped->code == Status::kUnsupported && t_.pos() > start_) {
        note(*std::move(stopped));
        stopped.reset();
      }
    }
    if (stopped && (stopped->code == Status::kLimitExceeded || t_.ecma())) {
      return refused_ && refused_->byte_offset < stopped->byte_offset ? *refused_ : *stopped;
    }
    if (stopped) t_.keep(t_.rest().size());
    if (MaybeError e = ask_pcre2()) return *std::move(e);
    if (refused_) return *std::move(refused_);
    if (stopped) return *std::move(stopped);
    return std::move(tokens_);
  }

 private:
  void note(Error e) {
    if (!refused_) refused_ = std::move(e);
  }

  MaybeError ask_pcre2() const {
    std::optional<PatternError> e = pcre2_check(t_.checked(), t_.ecma());
    if (!e || e->code == kPatternTooLarge || e->code == kTooManyCaptures) return std::nullopt;
    if (e->code == kLookbehindNotFixed && refused_) return std::nullopt;
    return t_.malformed(t_.source_offset(e->offset), e->message);
  }

  void push(RegexTokenKind kind, uint32_t a = 0, uint32_t b = 0) {
    tokens_.push_back({kind, a, b, static_cast<uint32_t>(start_)});
  }
  MaybeError take(RegexTokenKind kind, size_t bytes) {
    t_.keep(bytes);
    push(kind);
    return std::nullopt;
  }
  MaybeError take_set(const CharSet& set) {
    push(RegexTokenKind::kSet, pool_.char_class(set));
    return std::nullopt;
  }

  MaybeError next() {
    if (quoting_) return quoted();
    switch (t_.peek()) {
      case '\\':
        return escape();
      case '[':
        return bracket();
      case '.': {
        t_.keep(1);
        return take_set(dot_all_.back() ? CharSet::all() : regex_dot(t_.ecma()));
      }
      case '^':
        return take(RegexTokenKind::kStart, 1);
      case '$':
        return take(RegexTokenKind::kEnd, 1);
      case '|':
        return take(RegexTokenKind::kBar, 1);
      case '(':
        return group();
      case ')':
        if (dot_all_.size() > 1) dot_all_.pop_back();
        return take(RegexTokenKind::kClose, 1);
      case '*':
        t_.keep(1);
        return quantifier(0, kUnbounded);
      case '+':
        t_.keep(1);
        return quantifier(1, kUnbounded);
      case '?':
        t_.keep(1);
        return quantifier(0, 1);
      case '{':
        return brace();
      default:
        push(RegexTokenKind::kCharacter, t_.keep_character());
        return std::nullopt;
    }
  }

  MaybeError quoted() {
    if (t_.looking_at("\\E")) {
      t_.keep(2);
      quoting_ = false;
      return std::nullopt;
    }
    push(RegexTokenKind::kCharacter, t_.keep_character());
    return std::nullopt;
  }

  MaybeError escape() {
    Result<RegexEscape> e = scan_regex_escape(t_, false);
    if (!e.ok()) return std::move(e.error());
    switch (e.value().kind) {
      case RegexEscape::kCharacter:
        push(RegexTokenKind::kCharacter, e.value().character);
        break;
      case RegexEscape::kSet:
        return take_set(*e.value().set);
      case RegexEscape::kStart:
        push(RegexTokenKind::kStart);
        break;
      case RegexEscape::kEnd:
        push(RegexTokenKind::kEnd);
        break;
      case RegexEscape::kQuote:
        quoting_ = true;
        break;
      case RegexEscape::kNothing:
        break;
    }
    return std::nullopt;
  }

  MaybeError bracket() {
    Result<CharSet> set = scan_regex_class(t_);
    if (!set.ok()) return std::move(set.error());
    return take_set(set.value());
  }

  // What may follow a quantifier: ? (lazy) changes no language, + (possessive) may.
  MaybeError quantifier(uint32_t min, uint32_t max) {
    push(RegexTokenKind::kRepeat, min, max);
    if (t_.peek() == '?') {
      t_.keep(1);
    } else if (t_.peek() == '+') {
      t_.keep(1);
      return t_.unsupported(start_, "the possessive quantifier " +
                                        std::string(t_.text().substr(start_, t_.pos() - start_)) +
                                        " is not supported; leave out the last +");
    }
    return std::nullopt;
  }

  // A count, or a brace that stands for itself.
  MaybeError brace() {
    std::string_view rest = t_.rest();
    size_t i = 1;
    uint64_t min = 0, max = 0;
    bool has_min = read_number(rest, &i, &min);
    bool comma = has_min && i < rest.size() && rest[i] == ',';
    if (comma) ++i;
    bool has_max = comma && read_number(rest, &i, &max);
    if (!has_min || i >= rest.size() || rest[i] != '}') return plain_brace();
    if (!comma) max = min;
    if (min >= kUnbounded || max >= kUnbounded) {
      return error_at(Status::kLimitExceeded, "a repetition count is at most 4294967294", t_.text(),
                      start_);
    }
    if (comma && !has_max) max = kUnbounded;
    if (min > max) {
      return t_.malformed(start_, "the repetition " + std::string(rest.substr(0, i + 1)) +
                                      " has a least count above its greatest");
    }
    t_.replace(i + 1, "*");
    return quantifier(static_cast<uint32_t>(min), static_cast<uint32_t>(max));
  }

  static bool read_number(std::string_view s, size_t* i, uint64_t* value) {
    size_t begin = *i;
    while (*i < s.size() && s[*i] >= '0' && s[*i] <= '9') {
      if (*value < kUnbounded) *value = *value * 10 + static_cast<uint64_t>(s[*i] - '0');
      ++*i;
    }
    return *i > begin;
  }

  // Some versions of PCRE2 take {,3} and { 2 } for counts and some for text: neither is guessed.
  MaybeError plain_brace() {
    std::string_view rest = t_.rest();
    size_t end = rest.find_first_not_of("0123456789, \t", 1);
    std::string_view shown = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    if (shown.back() == '}' && shown.find_first_of("0123456789") != std::string_view::npos) {
      return t_.malformed(start_, std::string(shown) +
                                      " is not a repetition; write {2} {2,} {0,3}, or "
                                      "\\{ for a brace");
    }
    t_.replace(1, "\\{");
    push(RegexTokenKind::kCharacter, '{');
    return std::nullopt;
  }

  MaybeError open(size_t bytes, RegexTokenKind kind = RegexTokenKind::kOpen) {
    if (dot_all_.size() > kMaxGroups) {
      return error_at(
          Status::kLimitExceeded,
          "groups of a regular expression are nested deeper than " + std::to_string(kMaxGroups),
          t_.text(), start_);
    }
    dot_all_.push_back(dot_all_.back());
    return take(kind, bytes);
  }

  MaybeError refused_open(size_t bytes, const char* what) {
    if (MaybeError e = open(bytes)) return e;
    return t_.unsupported(start_, std::string(what) + " is not supported");
  }

  // Not passed over: what follows it has a syntax of its own.
  MaybeError refused_group(const char* what) const {
    return t_.unsupported(start_, std::string(what) + " is not supported");
  }

  MaybeError group() {
    if (t_.peek(1) == '*') return refused_group("(*...), a verb or an assertion by name,");
    if (t_.peek(1) != '?') return open(1);
    switch (t_.peek(2)) {
      case ':':
      case '|':
        return open(3);
      case '=':
        return open(3, RegexTokenKind::kAhead);
      case '!':
        return open(3, RegexTokenKind::kNotAhead);
      case '*':
        return refused_open(3, "the look-ahead (?*");
      case '>':
        return refused_open(3, "the atomic group (?>");
      case '<':
        return angle();
      case '\'':
        return named(3, '\'');
      case 'P':
        if (t_.peek(3) == '<') return named(4, '>');
        return refused_group(t_.peek(3) == '=' ? "the back-reference (?P=" : "the recursion (?P>");
      case '#':
        return comment();
      case '(':
        return refused_group("the conditional group (?(");
      case 'C':
        return refused_group("the callout (?C");
      case '&':
      case 'R':
      case '+':
        return refused_group("the recursion (?R), (?1) or (?&name)");
      default:
        break;
    }
    char c = t_.peek(2), after = t_.peek(3);
    bool number = (c >= '0' && c <= '9') || (c == '-' && after >= '0' && after <= '9');
    return number ? refused_group("the recursion (?R), (?1) or (?&name)") : options();
  }

  MaybeError angle() {
    if (t_.peek(3) == '=') return refused_open(4, "the look-behind (?<=");
    if (t_.peek(3) == '!') return refused_open(4, "the look-behind (?<!");
    if (t_.peek(3) == '*') return refused_open(4, "the look-behind (?<*");
    return named(3, '>');
  }

  MaybeError named(size_t prefix, char close) {
    size_t end = t_.rest().find(close, prefix);
    if (end == std::string_view::npos)
      return t_.malformed(start_, "the group's name is not closed");
    return open(end + 1);
  }

  MaybeError comment() {
    size_t end = t_.rest().find(')');
    if (end == std::string_view::npos) {
      return t_.malformed(start_, "the comment that begins here is not closed by ')'");
    }
    t_.keep(end + 1);
    return std::nullopt;
  }

  // (?s) (?-s) (?s:...): only s, whether a dot matches a newline, is known.
  MaybeError options() {
    size_t i = 2;
    bool on = true, all = dot_all_.back();
    char other = 0;
    for (;; ++i) {
      char c = t_.peek(i);
      if (c == '^') {
        all = false;
      } else if (c == '-') {
        on = false;
      } else if (c == 's') {
        all = on;
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        if (on && other == 0) other = c;
      } else {
        break;
      }
    }
    char end = t_.peek(i);
    if (end != ':' && end != ')') {
      return t_.malformed(start_,
                          "unknown kind of group; known are (...) (?:...) (?<name>...) (?s) "
                          "(?-s) (?s:...) and (?#...)");
    }
    if (end == ':') {
      if (MaybeError e = open(i + 1)) return e;
    } else {
      t_.keep(i + 1);
    }
    dot_all_.back() = all;
    if (other != 0) {
      return t_.unsupported(start_, std::string("the option (?") + other + ") is not supported");
    }
    return std::nullopt;
  }

  RegexText t_;
  ExprPool& pool_;
  bool all_;
  size_t start_ = 0;              // of the current token
  bool quoting_ = false;          // between \Q and \E
  std::vector<char> dot_all_;     // by open group: a dot matches a newline
  std::optional<Error> refused_;  // the first construct that is not supported
  std::vector<RegexToken> tokens_;
};

}  // namespace

Result<std::vector<RegexToken>> scan_regex(std::string_view pattern, RegexDialect dialect,
                                           ExprPool& pool) {
  return RegexScanner(pattern, dialect, pool).run();
}

}  // namespace xgr
