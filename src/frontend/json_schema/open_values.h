// The values that are open where a JSON text was cut.
//
//   open_values(R"({"a": [1, "x)")   ->  the object, in "a"; the array, at 1; the string
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

struct OpenValue {
  enum class Kind : uint8_t { kObject, kArray, kString, kScalar, kNone };  // kNone: it is to begin
  enum class Phase : uint8_t { kName, kColon, kValue, kBehind };  // of an object or an array
  size_t begin;                                                   // in the text
  Kind kind;
  Phase phase = Phase::kValue;
  size_t index = 0;    // of the member or item at hand
  std::string name{};  // of the member at hand, once it is complete

  bool is_container() const { return kind == Kind::kObject || kind == Kind::kArray; }
};

// From the document inwards. A value that may begin at the end of the text is the last.
std::vector<OpenValue> open_values(std::string_view text);

// JSON Pointer of the value at `depth` of the list.
std::string value_pointer(const std::vector<OpenValue>& values, size_t depth);

}  // namespace xgr::core
