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

#include <algorithm>
#include <cstdio>

#include "frontend/regex/pcre2_check.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

// PCRE2 compiles groups recursively; this many fit a small thread stack.
constexpr size_t kMaxGroups = 250;

// PCRE2's numbers for what is no fault of the pattern.
constexpr int kPatternTooLarge = 120;
constexpr int kTooManyCaptures = 197;

class RegexScanner {
 public:
  RegexScanner(std::string_view pattern, const RegexOptions& options, ExprPool& pool)
      : t_(pattern, options.dialect), pool_(pool), extended_(options.extended) {
    RegexFlags flags;
    flags.caseless = options.caseless;
    flags.multiline = options.multiline;
    flags.dot_all = options.dot_all;
    flags.extended = options.extended;
    groups_.push_back({flags, false});
  }

  Result<std::vector<RegexToken>> run() {
    MaybeError stopped;
    while (!t_.at_end() && !stopped) {
      start_ = t_.pos();
      shown_ = t_.checked().size();
      stopped = next();
      if (stopped && stopped->code == Status::kUnsupported && t_.pos() > start_) {
        if (!refused_) refused_ = std::move(stopped);
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
  struct Open {
    RegexFlags flags;
    bool behind;  // in a look-behind
  };
  RegexFlags& flags() { return groups_.back().flags; }

  MaybeError ask_pcre2() const {
    std::optional<PatternError> e = pcre2_check(t_.checked(), t_.ecma(), extended_);
    if (!e || e->code == kPatternTooLarge || e->code == kTooManyCaptures) return std::nullopt;
    return t_.malformed(t_.source_offset(e->offset), e->message);
  }

  void push(RegexTokenKind kind, uint32_t a = 0, uint32_t b = 0) {
    tokens_.push_back(
        {kind, RepeatMode::kGreedy, RegexAssertion::kStart, a, b, static_cast<uint32_t>(start_)});
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
  MaybeError take_assertion(RegexAssertion a) {
    push(RegexTokenKind::kAssert);
    tokens_.back().assertion = a;
    return std::nullopt;
  }
  MaybeError take_character(char32_t c) {
    if (flags().caseless) {
      char shown[24];
      std::snprintf(shown, sizeof shown, "[\\x{%X}]", static_cast<unsigned>(c));
      CharSet one;
      one.add(c);
      CharSet all = pcre2_caseless(shown, one, false);
      if (all.count() > 1) return take_set(all);
    }
    push(RegexTokenKind::kCharacter, c);
    return std::nullopt;
  }

  MaybeError next() {
    if (quoting_) return quoted();
    if (size_t ignored = extended_space()) {
      t_.keep(ignored);
      return std::nullopt;
    }
    switch (t_.peek()) {
      case '\\':
        return escape();
      case '[':
        return bracket();
      case '.':
        t_.keep(1);
        return take_set(flags().dot_all ? CharSet::all() : regex_dot(t_.ecma()));
      case '^':
        t_.keep(1);
        return take_assertion(flags().multiline ? RegexAssertion::kLineStart
                                                : RegexAssertion::kStart);
      case '$':
        t_.keep(1);
        return take_assertion(flags().multiline ? RegexAssertion::kLineEnd : RegexAssertion::kEnd);
      case '|':
        return take(RegexTokenKind::kBar, 1);
      case '(':
        return group();
      case ')':
        if (groups_.size() > 1) groups_.pop_back();
        return take(RegexTokenKind::kClose, 1);
      case '*':
        return quantifier(1, 0, kUnbounded);
      case '+':
        return quantifier(1, 1, kUnbounded);
      case '?':
        return quantifier(1, 0, 1);
      case '{':
        return brace();
      default:
        return take_character(t_.keep_character());
    }
  }

  // Length of white space or a comment at the cursor, where x says that they do not count.
  size_t extended_space() {
    if (!flags().extended) return 0;
    std::string_view rest = t_.rest();
    if (rest[0] == '#') return std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r')) return 1;
    static constexpr std::string_view kOthers[] = {"\xC2\x85", "\xE2\x80\x8E", "\xE2\x80\x8F",
                                                   "\xE2\x80\xA8", "\xE2\x80\xA9"};
    for (std::string_view s : kOthers) {
      if (rest.starts_with(s)) return s.size();
    }
    return 0;
  }

  MaybeError quoted() {
    if (t_.looking_at("\\E")) {
      t_.keep(2);
      quoting_ = false;
      return std::nullopt;
    }
    return take_character(t_.keep_character());
  }

  MaybeError escape() {
    Result<RegexEscape> e = scan_regex_escape(t_, false);
    if (!e.ok()) return std::move(e.error());
    switch (e.value().kind) {
      case RegexEscape::kCharacter:
        return take_character(e.value().character);
      case RegexEscape::kSet:
        return take_escaped_set(*e.value().set);
      case RegexEscape::kAssert:
        return take_assertion(e.value().assertion);
      case RegexEscape::kLineBreak:
        push(RegexTokenKind::kLineBreak);
        break;
      case RegexEscape::kQuote:
        quoting_ = true;
        break;
      case RegexEscape::kNothing:
        break;
    }
    return std::nullopt;
  }

  // \p{Lu} may mean more where case does not count.
  MaybeError take_escaped_set(const CharSet& set) {
    if (!flags().caseless) return take_set(set);
    std::string item = "[" + t_.checked().substr(shown_) + "]";
    return take_set(item[2] == 'N' ? set : pcre2_caseless(item, set, false));
  }

  MaybeError bracket() {
    Result<CharSet> set = scan_regex_class(t_, flags());
    if (!set.ok()) return std::move(set.error());
    return take_set(set.value());
  }

  // What may follow a quantifier, white space and comments between them: ? lazy, + possessive.
  MaybeError quantifier(size_t bytes, uint32_t min, uint32_t max) {
    t_.keep(bytes);
    push(RegexTokenKind::kRepeat, min, max);
    tokens_.back().mode = flags().ungreedy ? RepeatMode::kLazy : RepeatMode::kGreedy;
    while (size_t ignored = t_.at_end() ? 0 : between()) t_.keep(ignored);
    if (t_.peek() == '?') {
      t_.keep(1);
      tokens_.back().mode = flags().ungreedy ? RepeatMode::kGreedy : RepeatMode::kLazy;
    } else if (t_.peek() == '+') {
      t_.keep(1);
      tokens_.back().mode = RepeatMode::kPossessive;
      if (t_.ecma()) return t_.unsupported(start_, "a possessive quantifier is not supported");
    }
    return std::nullopt;
  }

  size_t between() {
    if (!t_.looking_at("(?#")) return extended_space();
    size_t end = t_.rest().find(')');
    return end == std::string_view::npos ? 0 : end + 1;
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
      return t_.malformed(start_,
                          "the repetition " + std::string(rest.substr(0, i + 1)) +
                              " has a least count above its greatest; write the smaller one first");
    }
    // PCRE2 measures what stands in a look-behind, and would unroll it elsewhere.
    if (groups_.back().behind && !t_.ecma()) {
      t_.keep(i + 1);
    } else {
      t_.replace(i + 1, "*");
    }
    return quantifier(0, static_cast<uint32_t>(min), static_cast<uint32_t>(max));
  }

  static bool read_number(std::string_view s, size_t* i, uint64_t* value) {
    size_t begin = *i;
    while (*i < s.size() && is_digit(s[*i])) {
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

  MaybeError group() {
    Result<RegexGroup> scanned = scan_regex_group(t_, flags());
    if (!scanned.ok()) return std::move(scanned.error());
    const RegexGroup& g = scanned.value();
    if (g.kind == RegexGroup::kNothing) return std::nullopt;
    if (g.kind == RegexGroup::kFlags) {
      flags() = g.flags;
      return std::nullopt;
    }
    if (groups_.size() > kMaxGroups) {
      return error_at(Status::kLimitExceeded,
                      "groups of a regular expression are nested deeper than " +
                          std::to_string(kMaxGroups) + "; nest fewer",
                      t_.text(), start_);
    }
    bool behind = g.kind == RegexGroup::kBehind || g.kind == RegexGroup::kNotBehind;
    groups_.push_back({g.flags, groups_.back().behind || behind});
    static constexpr RegexTokenKind kKinds[] = {
        RegexTokenKind::kOpen,   RegexTokenKind::kAhead,     RegexTokenKind::kNotAhead,
        RegexTokenKind::kBehind, RegexTokenKind::kNotBehind, RegexTokenKind::kAtomic};
    push(kKinds[g.kind]);
    return std::nullopt;
  }

  RegexText t_;
  ExprPool& pool_;
  bool extended_;
  size_t start_ = 0;              // of the current token
  size_t shown_ = 0;              // and in the rewriting
  bool quoting_ = false;          // between \Q and \E
  std::vector<Open> groups_;      // the pattern itself and all open groups
  std::optional<Error> refused_;  // the first construct that is not supported
  std::vector<RegexToken> tokens_;
};

}  // namespace

Result<std::vector<RegexToken>> scan_regex(std::string_view pattern, const RegexOptions& options,
                                           ExprPool& pool) {
  return RegexScanner(pattern, options, pool).run();
}

}  // namespace xgr::core
