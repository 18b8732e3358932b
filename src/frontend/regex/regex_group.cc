// What stands behind an opening parenthesis of a regular expression.
//
// Entry point: scan_regex_group (regex_text.h). Groups that make no difference to a language are one
// kind; look-arounds and atomic groups have a name in letters as well; options come back as the
// flags that hold from there on. Look-behinds of ECMA-262 may be of any length, so PCRE2 is shown
// look-aheads in their place.
//
//   (?<year>  -> a group        (*nlb:  -> a negative look-behind        (?i-s)  -> flags
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include <array>

#include "frontend/regex/regex_text.h"

#include "support/ascii.h"

namespace xgr::core {
namespace {

struct NamedGroup {
  std::string_view name;
  RegexGroup::Kind kind;
};

constexpr std::array<NamedGroup, 14> kNamedGroups = {{
    {"atomic", RegexGroup::Kind::kAtomic},
    {"napla", RegexGroup::Kind::kAhead},
    {"naplb", RegexGroup::Kind::kBehind},
    {"negative_lookahead", RegexGroup::Kind::kNotAhead},
    {"negative_lookbehind", RegexGroup::Kind::kNotBehind},
    {"nla", RegexGroup::Kind::kNotAhead},
    {"nlb", RegexGroup::Kind::kNotBehind},
    {"non_atomic_positive_lookahead", RegexGroup::Kind::kAhead},
    {"non_atomic_positive_lookbehind", RegexGroup::Kind::kBehind},
    {"pla", RegexGroup::Kind::kAhead},
    {"plb", RegexGroup::Kind::kBehind},
    {"positive_lookahead", RegexGroup::Kind::kAhead},
    {"positive_lookbehind", RegexGroup::Kind::kBehind},
    {"", RegexGroup::Kind::kGroup},
}};

class GroupScanner {
 public:
  GroupScanner(RegexText& text, RegexFlags flags) : t_(text), at_(text.pos()) {
    out_.flags = flags;
  }

  Result<RegexGroup> run() {
    if (t_.peek(1) == '*') return worded();
    if (t_.peek(1) != '?') return open(RegexGroup::Kind::kGroup, 1);
    switch (t_.peek(2)) {
      case ':':
      case '|':
        return open(RegexGroup::Kind::kGroup, 3);
      case '=':
        return open(RegexGroup::Kind::kAhead, 3);
      case '!':
        return open(RegexGroup::Kind::kNotAhead, 3);
      case '*':
        return t_.ecma() ? refuse("the look-ahead (?*") : open(RegexGroup::Kind::kAhead, 3);
      case '>':
        return t_.ecma() ? refuse("the atomic group (?>") : open(RegexGroup::Kind::kAtomic, 3);
      case '<':
        return angle();
      case '\'':
        return named(3, '\'');
      case 'P':
        if (t_.peek(3) == '<') return named(4, '>');
        return refuse(t_.peek(3) == '=' ? "the back-reference (?P=" : "the recursion (?P>");
      case '#':
        return comment();
      case '(':
        return refuse("the conditional group (?(");
      case 'C':
        return refuse("the callout (?C");
      case '&':
      case 'R':
      case '+':
        return refuse("the recursion (?R), (?1) or (?&name)");
      default:
        break;
    }
    char c = t_.peek(2);
    bool number = is_digit(c) || (c == '-' && is_digit(t_.peek(3)));
    return number ? refuse("the recursion (?R), (?1) or (?&name)") : options();
  }

 private:
  Result<RegexGroup> open(RegexGroup::Kind kind, size_t bytes) {
    bool behind = kind == RegexGroup::Kind::kBehind || kind == RegexGroup::Kind::kNotBehind;
    if (behind && t_.ecma()) {
      t_.replace(bytes, kind == RegexGroup::Kind::kBehind ? "(?=" : "(?!");
    } else {
      t_.keep(bytes);
    }
    out_.kind = kind;
    return out_;
  }

  // Not passed over: what follows it may have a syntax of its own.
  Error refuse(const std::string& what) const {
    return t_.unsupported(at_, what + " is not supported");
  }

  // (*pla:...) and the like; what else begins so is a verb.
  Result<RegexGroup> worded() {
    size_t colon = t_.rest().find_first_of(":)");
    if (!t_.ecma() && colon != std::string_view::npos && t_.peek(colon) == ':') {
      std::string_view name = t_.rest().substr(2, colon - 2);
      for (const NamedGroup& g : kNamedGroups) {
        if (!name.empty() && g.name == name) return open(g.kind, colon + 1);
      }
    }
    return refuse("(*...), a verb or a script run,");
  }

  Result<RegexGroup> angle() {
    if (t_.peek(3) == '=') return open(RegexGroup::Kind::kBehind, 4);
    if (t_.peek(3) == '!') return open(RegexGroup::Kind::kNotBehind, 4);
    if (t_.peek(3) == '*') {
      return t_.ecma() ? refuse("the look-behind (?<*") : open(RegexGroup::Kind::kBehind, 4);
    }
    return named(3, '>');
  }

  Result<RegexGroup> named(size_t prefix, char close) {
    size_t end = t_.rest().find(close, prefix);
    if (end == std::string_view::npos) return t_.malformed(at_, "the group's name is not closed");
    return open(RegexGroup::Kind::kGroup, end + 1);
  }

  Result<RegexGroup> comment() {
    size_t end = t_.rest().find(')');
    if (end == std::string_view::npos) {
      return t_.malformed(at_, "the comment that begins here is not closed by ')'");
    }
    return open(RegexGroup::Kind::kNothing, end + 1);
  }

  // (?i) (?s-m) (?x:...) (?^): J and n, about names and numbers of groups, change nothing here.
  Result<RegexGroup> options() {
    size_t i = 2;
    bool on = true;
    for (;; ++i) {
      char c = t_.peek(i);
      if (c == '^') {
        reset();
      } else if (c == '-') {
        on = false;
      } else if (c == 'x') {
        out_.flags.extended = on;
        out_.flags.spaced_classes = on && t_.peek(i + 1) == 'x';
        if (t_.peek(i + 1) == 'x') ++i;
      } else if (bool* flag = flag_of(c)) {
        *flag = on;
      } else if (c != 'J' && c != 'n') {
        break;
      }
    }
    char end = t_.peek(i);
    if (end == ':') return open(RegexGroup::Kind::kGroup, i + 1);
    if (end == ')') return open(RegexGroup::Kind::kFlags, i + 1);
    if (is_letter(end)) {
      return refuse(std::string("the option (?") + end + ")");
    }
    return t_.malformed(at_,
                        "unknown kind of group; known are (...) (?:...) (?<name>...) (?=...) "
                        "(?!...) (?<=...) (?<!...) (?>...) (?ims-x:...) and (?#...)");
  }

  void reset() {
    out_.flags.caseless = out_.flags.multiline = out_.flags.dot_all = false;
    out_.flags.extended = out_.flags.spaced_classes = false;
  }

  bool* flag_of(char c) {
    switch (c) {
      case 'i':
        return &out_.flags.caseless;
      case 'm':
        return &out_.flags.multiline;
      case 's':
        return &out_.flags.dot_all;
      case 'U':
        return t_.ecma() ? nullptr : &out_.flags.ungreedy;
      default:
        return nullptr;
    }
  }

  RegexText& t_;
  size_t at_;
  RegexGroup out_;
};

}  // namespace

Result<RegexGroup> scan_regex_group(RegexText& text, RegexFlags flags) {
  return GroupScanner(text, flags).run();
}

}  // namespace xgr::core
