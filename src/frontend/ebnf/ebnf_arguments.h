// The arguments of a macro call: Name(value, value, name=value).
#pragma once

#include <string>
#include <vector>

#include "frontend/ebnf/ebnf_source.h"

namespace xgr::core {

struct EbnfValue {
  enum Kind : uint8_t { kString, kInteger, kBoolean, kName, kTuple };
  Kind kind = kTuple;
  uint32_t offset = 0;
  std::string text;              // of strings and names
  std::vector<uint32_t> starts;  // of strings: the offset of each byte, and of the end
  int64_t integer = 0;
  bool boolean = false;
  std::vector<EbnfValue> items;  // of tuples
};

struct EbnfArgument {
  std::string name;  // empty: by position
  EbnfValue value;
};

// At '(': reads up to behind the matching ')'.
Result<std::vector<EbnfArgument>> parse_ebnf_arguments(EbnfSource& source);

// What a value is, for errors: "the string \"x\"".
const char* describe(EbnfValue::Kind kind);

}  // namespace xgr::core
