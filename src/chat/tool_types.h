// What the schemas of tools say about the types of arguments: enough to tell the string "12" from
// the number 12 where a style writes both alike.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "frontend/json_schema/shape.h"
#include "support/json_reader.h"

namespace xgr::core {

class ToolTypes {
 public:
  // A schema; the default knows nothing.
  struct Place {
    const JsonDocument* doc = nullptr;
    JsonId schema = kNoJson;
    bool known() const { return doc != nullptr; }
  };

  MaybeError add(std::string_view tool, std::string_view schema, const Limits& limits);
  Place arguments(std::string_view tool) const;

  // Types of the values that may be valid; never none.
  static TypeSet types(Place place);
  // Of a member of an object, an item of an array.
  static Place member(Place place, std::string_view key);
  static Place item(Place place, size_t index);
  // Whether strings are listed, and whether `text` is one of them.
  static bool lists_strings(Place place);
  static bool lists(Place place, std::string_view text);
  // Whether the length or the characters of strings are limited.
  static bool limits_strings(Place place);
  static uint64_t min_length(Place place);

 private:
  std::deque<JsonDocument> documents_;
  std::unordered_map<std::string, const JsonDocument*> tools_;
};

}  // namespace xgr::core
