// Regular expressions of terminals, rewritten for the regex front end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/status.h"

namespace xgr::core {

// A terminal is a piece of a text whose surroundings are not known: ^ and $ say nothing there, and
// what would look around it is refused. The flag i is for ASCII letters.
class LarkPattern {
 public:
  struct Flags {
    bool any_case = false, dot_all = false;
  };
  LarkPattern(std::string_view pattern, Flags flags) : in_(pattern), flags_(flags) {}

  MaybeError rewrite();  // errors are at offsets of the pattern
  const std::string& text() const { return out_; }
  // Where in the pattern an offset of text() comes from.
  size_t source_offset(size_t offset) const;

 private:
  struct Edit {
    size_t out, in;
  };
  struct Member {
    bool single = false;  // one character, `value`
    char32_t value = 0;
  };
  Error refuse(std::string message) const;
  char peek(size_t ahead = 0) const { return pos_ + ahead < in_.size() ? in_[pos_ + ahead] : '\0'; }
  void copy(size_t bytes);
  void copy_through(char last);
  void replace(size_t bytes, std::string_view by);
  void character(size_t bytes, char32_t c);
  MaybeError next();
  MaybeError escape();
  void quoted();
  MaybeError group();
  MaybeError bracket();
  MaybeError member(Member* out, std::string* others);
  bool number(size_t* bytes, char32_t* value) const;

  std::string_view in_;
  Flags flags_;
  size_t pos_ = 0;
  std::string out_;
  std::vector<Edit> edits_;
};

}  // namespace xgr::core
