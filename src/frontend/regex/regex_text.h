// The pattern being scanned, and its rewriting into the syntax that PCRE2 checks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "automata/char_set.h"
#include "frontend/frontend.h"
#include "support/status.h"

namespace xgr::core {

// What holds between two characters.
enum class RegexAssertion : uint8_t {
  kStart,      // ^ \A \G
  kEnd,        // $ \z
  kLineStart,  // ^ with m
  kLineEnd,    // $ with m
  kFinalEnd,   // \Z
  kWord,       // \b
  kNotWord,    // \B
};

// A cursor over the pattern. Everything it passes is either kept for PCRE2 as it stands or replaced
// there by an equivalent, and offsets into the rewritten pattern can be turned back.
class RegexText {
 public:
  RegexText(std::string_view text, RegexDialect dialect) : text_(text), dialect_(dialect) {}

  std::string_view text() const { return text_; }
  bool ecma() const { return dialect_ == RegexDialect::kEcma; }
  size_t pos() const { return pos_; }
  bool at_end() const { return pos_ >= text_.size(); }
  // '\0' beyond the end.
  char peek(size_t ahead = 0) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }
  std::string_view rest() const { return text_.substr(pos_); }
  bool looking_at(std::string_view s) const { return rest().starts_with(s); }

  void keep(size_t bytes) {
    checked_.append(text_.substr(pos_, bytes));
    pos_ = std::min(pos_ + bytes, text_.size());
  }
  void replace(size_t bytes, std::string_view by) {
    edits_.push_back({checked_.size(), pos_});
    checked_.append(by);
    pos_ += bytes;
    edits_.push_back({checked_.size(), pos_});
  }
  char32_t keep_character();

  // The set that an item such as \d, \p{Han} or [:alpha:] stands for; the same object each time.
  // Null when there is none.
  std::shared_ptr<const CharSet> named_set(const std::string& item);
  size_t named_set_count() const { return named_sets_.size(); }

  const std::string& checked() const { return checked_; }
  size_t source_offset(size_t checked_offset) const;

  Error malformed(size_t at, std::string message) const {
    return error_at(Status::kInvalidSource, std::move(message), text_, at);
  }
  Error unsupported(size_t at, std::string message) const {
    return error_at(Status::kUnsupported, std::move(message), text_, at);
  }

 private:
  struct Edit {
    size_t checked, source;
  };
  std::string_view text_;
  RegexDialect dialect_;
  size_t pos_ = 0;
  std::string checked_;
  std::vector<Edit> edits_;
  std::map<std::string, std::shared_ptr<const CharSet>> named_sets_;
};

struct RegexEscape {
  enum Kind : uint8_t { kCharacter, kSet, kAssert, kLineBreak, kQuote, kNothing };
  Kind kind = kNothing;
  RegexAssertion assertion = RegexAssertion::kStart;
  char32_t character = 0;
  std::shared_ptr<const CharSet> set;
};

// At a backslash: passes over the escape. An error with Status::kUnsupported has passed over it too
// and scanning may go on; any other has not.
Result<RegexEscape> scan_regex_escape(RegexText& text, bool in_class);

// What (?i) and the like switch.
struct RegexFlags {
  bool caseless = false;        // i
  bool multiline = false;       // m
  bool dot_all = false;         // s
  bool extended = false;        // x
  bool spaced_classes = false;  // xx: spaces and tabs in a class count for nothing
  bool ungreedy = false;        // U
};

// At '[': passes over the class.
Result<CharSet> scan_regex_class(RegexText& text, RegexFlags flags);

struct RegexGroup {
  enum Kind : uint8_t {
    kGroup,
    kAhead,
    kNotAhead,
    kBehind,
    kNotBehind,
    kAtomic,
    kFlags,    // flags that hold up to the end of the group it stands in
    kNothing,  // a comment
  };
  Kind kind = kGroup;
  RegexFlags flags;  // inside
};

// At '(': passes over the parenthesis and what says which group it opens. An error has not passed it.
Result<RegexGroup> scan_regex_group(RegexText& text, RegexFlags flags);

// The characters of `.` without (?s), and of \d \w \s.
CharSet regex_dot(bool ecma);
CharSet regex_shorthand(char letter, bool ecma);

// ECMA-262 property name as PCRE2 writes the item: ("Letter", false) -> \p{L}.
std::string pcre2_property(std::string_view name, bool negated);

}  // namespace xgr::core
