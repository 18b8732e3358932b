// The text of an error, the same for every language.
//
// Entry points: error_text, for what a caller reads and for an error that another one quotes;
// path_hint, for those who pass the name of a file in place of what it holds. A JSON Pointer comes
// first, as it is what a reader of a schema looks for; a position beside it is that in the string
// there, a pattern for one.
//
//   {"expected ')'", line 2, column 3}  ->  "expected ')', at line 2, column 3"
//   {"a minimum is a number", /properties/a/minimum}
//       ->  "a minimum is a number, at /properties/a/minimum"
//
// Tests: tests/unit/support/error_text_test.cc.
#include "support/error_text.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr size_t kLongestPath = 300;

std::string position_text(const Error& e) {
  if (e.line > 0) {
    return "line " + std::to_string(e.line) + ", column " + std::to_string(e.column);
  }
  return e.byte_offset < 0 ? "" : "byte " + std::to_string(e.byte_offset);
}

bool names(const Error& e, const std::string& what) {
  return !what.empty() && e.message.find(what) != std::string::npos;
}

bool ends_like_a_file(std::string_view text) {
  for (std::string_view end : {".json", ".ebnf", ".gbnf", ".lark", ".txt", ".regex", ".model"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

std::string place_text(const Error& error) {
  std::string place = position_text(error);
  if (!error.has_json_pointer) return place.empty() ? "" : "at " + place;
  const std::string pointer = error.json_pointer.empty() ? "the root" : error.json_pointer;
  return "at " + pointer + (place.empty() ? "" : ", " + place);
}

std::string error_text(const Error& error) {
  std::string place = place_text(error);
  if (place.empty() || names(error, place)) return error.message;
  const bool whole = error.has_json_pointer && error.json_pointer.empty();
  if (error.byte_offset < 0 && names(error, whole ? "the document" : error.json_pointer))
    return error.message;
  return error.message + ", " + place;
}

std::string limit_text(std::string_view option, size_t value, std::string_view otherwise) {
  const std::string name(option);
  return name + " = " + std::to_string(value) + "; raise " + name + ", or " +
         std::string(otherwise);
}

std::string path_hint(std::string_view text, std::string_view wanted) {
  const bool one_word =
      text.size() <= kLongestPath && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '{' || c == '<';
      });
  if (!one_word || !ends_like_a_file(text)) return "";
  return "; \"" + std::string(text) + "\" looks like the name of a file: read the file and pass " +
         std::string(wanted);
}

}  // namespace xgr::core
