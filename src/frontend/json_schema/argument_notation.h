// How the arguments of a tool call are written, as data: a family of models is a value of
// ArgumentNotation, not code.
//
//   parameters   open (before_key KEY after_key ARGUMENT separator ...)* close
//   ARGUMENT     mark before_value VALUE after_value after_end
//
// VALUE is JSON inside of arrays and objects, unless `nests`: then these are elements themselves.
#pragma once

#include <string>
#include <vector>

#include "frontend/json_schema/shape.h"

namespace xgr::core {

// How characters of a name are written.
enum class KeyForm : uint8_t {
  kPlain,      // as they are; names with the first character of what ends them cannot be written
  kAttribute,  // & and " as entities
  kMarkup,     // & < > " as entities
  kPython,     // as in a Python string
};

enum class StringForm : uint8_t {
  kUntilEnd,  // as they are, until after_value
  kBetween,   // as they are, between string_open and string_close
  kPython,    // as Python literals in either quote
};

// Text that tells the type of a value.
struct TypeMark {
  TypeSet types;
  std::string text;
};

struct ObjectNotation {
  std::string open, close, separator;
  bool gaps = true;  // any white space may stand around members, and around the colon
  std::string before_key, after_key;
  std::string colon;
  bool gap_after_key = false;  // white space may follow after_key even without a colon
  KeyForm key = KeyForm::kPlain;
  // Of a member, once its value has ended: </KEY>. Such objects cannot have undeclared members.
  std::string before_end_key, after_end_key;
  bool ends_with_key() const { return !before_end_key.empty() || !after_end_key.empty(); }
};

struct ArrayNotation {
  std::string open, close, separator;
  bool gaps = true;
  std::string before_item, after_item;
};

struct ArgumentNotation {
  ObjectNotation root;
  bool nests = false;
  ObjectNotation nested;  // of objects inside
  ArrayNotation array;
  bool identifiers = true;  // undeclared names are [A-Za-z_][A-Za-z0-9_]*

  std::vector<TypeMark> marks;      // the first that has the type; none: the types look alike
  std::vector<TypeMark> any_marks;  // further ones, of values that the schema says nothing about
  std::string before_value, after_value, after_end;
  bool value_gaps = true;    // white space may stand around values that are no strings
  bool string_gaps = false;  // and around strings of which not all are allowed
  StringForm string = StringForm::kUntilEnd;
  std::string string_open, string_close;
  bool cdata = false;  // with kUntilEnd: also <![CDATA[ ... ]]>
  std::vector<std::string> nulls = {"null"}, trues = {"true"}, falses = {"false"};
};

}  // namespace xgr::core
