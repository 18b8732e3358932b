#include "chat/tool_types.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

TypeSet types_of(const std::string& schema, std::string_view member = "a") {
  ToolTypes tools;
  REQUIRE_FALSE(tools
                    .add("f",
                         R"({"properties": {"a": )" + schema +
                             R"(}, "$defs": {"n": {"type": "number"},
                                       "loop": {"$ref": "#/$defs/loop"}},
                                       "additionalProperties": {"type": "boolean"}})",
                         Limits{})
                    .has_value());
  return ToolTypes::types(ToolTypes::member(tools.arguments("f"), member));
}

TEST_CASE("tool types: what a schema says about types") {
  CHECK(types_of(R"({"type": "string"})") == kStringBit);
  CHECK(types_of(R"({"type": ["integer", "null"]})") == (kIntegerBit | kNullBit));
  CHECK(types_of(R"({"enum": ["a", 1, true]})") == (kStringBit | kNumberBits | kTrueBit));
  CHECK(types_of(R"({"const": null})") == kNullBit);
  CHECK(types_of(R"({"$ref": "#/$defs/n"})") == kNumberBits);
  CHECK(types_of(R"({"anyOf": [{"type": "object"}, {"$ref": "#/$defs/n"}]})") ==
        (kObjectBit | kNumberBits));
  CHECK(types_of(R"({"allOf": [{"type": ["string", "array"]}, {"type": "array"}]})") == kArrayBit);
  CHECK(types_of(R"({"minLength": 3})") == kAllTypes);
  CHECK(types_of("true") == kAllTypes);
  CHECK(types_of(R"({"type": "string"})", "other") == kBooleanBits);
  CHECK(ToolTypes::types({}) == kAllTypes);
}

TEST_CASE("tool types: schemas without end, and those that contradict themselves") {
  CHECK(types_of(R"({"$ref": "#/$defs/loop"})") == kAllTypes);
  CHECK(types_of(R"({"type": "string", "const": 1})") == kAllTypes);
  CHECK(types_of(R"({"$ref": "#/$defs/none", "type": 3})") == kAllTypes);
  std::string wide = R"({"anyOf": [)";
  for (int i = 0; i < 3000; ++i) wide += R"({"$ref": "#/properties/a"},)";
  CHECK(types_of(wide + R"({"type": "null"}]})") == kAllTypes);
}

TEST_CASE("tool types: members and items, listed and limited strings") {
  ToolTypes tools;
  REQUIRE_FALSE(tools
                    .add("f", R"({"allOf": [{"$ref": "#/$defs/o"}], "$defs": {"o": {"properties": {
      "list": {"prefixItems": [{"type": "null"}], "items": {"type": "string"}},
      "unit": {"enum": ["C", "F"]}, "code": {"type": "string", "minLength": 3}}}}})",
                         Limits{})
                    .has_value());
  const ToolTypes::Place f = tools.arguments("f");
  const ToolTypes::Place list = ToolTypes::member(f, "list");
  CHECK(ToolTypes::types(ToolTypes::item(list, 0)) == kNullBit);
  CHECK(ToolTypes::types(ToolTypes::item(list, 1)) == kStringBit);
  CHECK(ToolTypes::lists_strings(ToolTypes::member(f, "unit")));
  CHECK(ToolTypes::lists(ToolTypes::member(f, "unit"), "F"));
  CHECK_FALSE(ToolTypes::lists(ToolTypes::member(f, "unit"), "G"));
  CHECK(ToolTypes::limits_strings(ToolTypes::member(f, "code")));
  CHECK(ToolTypes::min_length(ToolTypes::member(f, "code")) == 3);
  CHECK_FALSE(tools.arguments("g").known());
}

}  // namespace
}  // namespace xgr::core
