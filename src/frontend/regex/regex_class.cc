// Bracketed character classes of regular expressions.
//
// Entry point: scan_regex_class (regex_text.h). The dialects differ in four places: an empty class,
// POSIX names, an opening bracket inside, and a hyphen beside a shorthand such as \w, which is an
// error in PCRE2 and a plain hyphen in ECMA-262 as browsers read it.
//
//   [^a-c\d]  ->  all characters but a b c 0..9        [\w-.]  ->  in ECMA: \w, '-' and '.'
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include <set>

#include "frontend/regex/pcre2_check.h"
#include "frontend/regex/regex_text.h"

namespace xgr::core {
namespace {

class ClassScanner {
 public:
  ClassScanner(RegexText& text, RegexFlags flags)
      : t_(text), flags_(flags), open_(text.pos()), checked_(text.checked().size()) {}

  Result<CharSet> run() {
    t_.keep(1);
    bool negated = t_.peek() == '^';
    if (negated) t_.keep(1);
    bool first = true;
    skip_spaces();
    while (first || t_.peek() != ']' || quoting_) {
      if (t_.peek() == ']' && first && t_.ecma()) break;
      if (t_.at_end()) return not_closed();
      if (MaybeError e = member()) return *std::move(e);
      first = false;
      skip_spaces();
    }
    t_.keep(1);
    for (const auto& s : sets_) {
      ranges_.insert(ranges_.end(), s->ranges().begin(), s->ranges().end());
    }
    CharSet set = CharSet::of(ranges_);
    if (negated) set = set.negated();
    if (!flags_.caseless) return set;
    std::string item =
        std::string(flags_.spaced_classes ? "(?xx)" : "") + t_.checked().substr(checked_);
    return pcre2_caseless(item, set, t_.ecma());
  }

 private:
  // One character or one set; neither for \E and the like.
  struct Atom {
    bool is_character = false, is_set = false;
    char32_t character = 0;
  };

  Error not_closed() const {
    return t_.malformed(open_, "the character class that begins here is not closed by ']'");
  }

  void skip_spaces() {
    while (flags_.spaced_classes && !quoting_ && (t_.peek() == ' ' || t_.peek() == '\t'))
      t_.keep(1);
  }

  MaybeError member() {
    if (t_.peek() == '-' && !quoting_) {  // not after a character: stands for itself
      plain_hyphen();
      return after_character('-', t_.pos() - 1);
    }
    size_t at = t_.pos();
    Result<Atom> atom = next();
    if (!atom.ok()) return std::move(atom.error());
    if (atom.value().is_set && t_.peek() == '-' && !t_.ecma() && t_.peek(1) != ']') {
      return t_.malformed(t_.pos(), "a hyphen after a set of characters must be written \\-");
    }
    if (!atom.value().is_character) return std::nullopt;
    return after_character(atom.value().character, at);
  }

  // After the character `lo`: a range, when a hyphen and a character follow.
  MaybeError after_character(char32_t lo, size_t at) {
    skip_spaces();
    if (!range_follows()) {
      ranges_.push_back({lo, lo});
      return std::nullopt;
    }
    t_.keep(1);
    skip_spaces();
    Result<Atom> end = next();
    while (end.ok() && !end.value().is_character && !end.value().is_set && !t_.at_end())
      end = next();
    if (!end.ok()) return std::move(end.error());
    if (t_.at_end()) return not_closed();
    if (!end.value().is_character) {
      return t_.malformed(at, "a range cannot end in a set of characters; write \\- for a hyphen");
    }
    if (end.value().character < lo) {
      return t_.malformed(at, "the range " + std::string(t_.text().substr(at, t_.pos() - at)) +
                                  " runs backwards; write the smaller character first");
    }
    ranges_.push_back({lo, end.value().character});
    return std::nullopt;
  }

  bool range_follows() const {
    if (quoting_ || t_.peek() != '-' || t_.peek(1) == ']' || t_.pos() + 1 >= t_.text().size()) {
      return false;
    }
    static constexpr std::string_view kSets = "dDwWsSpP";
    bool set_next = t_.peek(1) == '\\' && kSets.find(t_.peek(2)) != std::string_view::npos;
    return !(t_.ecma() && set_next);
  }

  void plain_hyphen() {
    if (t_.ecma()) {
      t_.replace(1, "\\-");
    } else {
      t_.keep(1);
    }
  }

  Result<Atom> next() {
    Atom atom;
    if (quoting_) {
      if (t_.looking_at("\\E")) {
        t_.keep(2);
        quoting_ = false;
        return atom;
      }
    } else if (t_.peek() == '\\') {
      return escape();
    } else if (t_.peek() == '[') {
      if (t_.ecma()) {
        t_.replace(1, "\\[");
        return Atom{true, false, '['};
      }
      if (size_t length = posix_length()) return posix(length);
    }
    return Atom{true, false, t_.keep_character()};
  }

  Result<Atom> escape() {
    Result<RegexEscape> e = scan_regex_escape(t_, true);
    if (!e.ok()) return std::move(e.error());
    Atom atom;
    switch (e.value().kind) {
      case RegexEscape::kCharacter:
        return Atom{true, false, e.value().character};
      case RegexEscape::kSet:
        sets_.insert(e.value().set);
        atom.is_set = true;
        break;
      case RegexEscape::kQuote:
        quoting_ = true;
        break;
      default:
        break;
    }
    return atom;
  }

  // Length of [:name:] (or [.x.] [=x=]) at the cursor; 0 where the bracket stands for itself.
  size_t posix_length() const {
    char mark = t_.peek(1);
    if (mark != ':' && mark != '.' && mark != '=') return 0;
    std::string_view rest = t_.rest();
    for (size_t i = 2; i + 1 < rest.size(); ++i) {
      if (rest[i] == '\\' && (rest[i + 1] == ']' || rest[i + 1] == '\\')) {
        ++i;
      } else if ((rest[i] == '[' && rest[i + 1] == mark) || rest[i] == ']') {
        return 0;
      } else if (rest[i] == mark && rest[i + 1] == ']') {
        return i + 2;
      }
    }
    return 0;
  }

  Result<Atom> posix(size_t length) {
    size_t at = t_.pos();
    std::string item(t_.rest().substr(0, length));
    std::shared_ptr<const CharSet> found = item[1] == ':' ? t_.named_set(item) : nullptr;
    if (!found) {
      return t_.malformed(at, item +
                                  " is not a POSIX class; known are [:alpha:] [:digit:] [:alnum:] "
                                  "[:upper:] [:lower:] [:space:] [:punct:] and their like");
    }
    t_.keep(length);
    sets_.insert(found);
    return Atom{false, true, 0};
  }

  RegexText& t_;
  RegexFlags flags_;
  size_t open_, checked_;  // where it begins, in the pattern and in its rewriting
  bool quoting_ = false;   // between \Q and \E
  std::vector<CharRange> ranges_;
  std::set<std::shared_ptr<const CharSet>> sets_;  // each once
};

}  // namespace

Result<CharSet> scan_regex_class(RegexText& text, RegexFlags flags) {
  return ClassScanner(text, flags).run();
}

}  // namespace xgr::core
