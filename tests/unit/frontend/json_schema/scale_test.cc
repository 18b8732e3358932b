// Large schemas: compile time and memory must follow the size of the text.
#include <doctest/doctest.h>

#include <string>

#include "frontend/frontend.h"

namespace xgr::core {
namespace {

Grammar compile(const std::string& schema) {
  Result<Grammar> g = parse_json_schema(schema, {}, Limits{});
  REQUIRE(g.ok());
  return std::move(g).value();
}

TEST_CASE("nesting costs neither stack nor more than linear space") {
  const int depth = 20000;
  std::string text;
  for (int i = 0; i < depth; ++i) text += "{\"properties\": {\"a\": ";
  text += "{\"type\": \"null\"}";
  for (int i = 0; i < depth; ++i) text += "}}";
  CHECK(compile(text).pool.size() < size_t{40} * depth);
  std::string arrays;
  for (int i = 0; i < depth; ++i) arrays += "{\"items\": ";
  arrays += "{}";
  for (int i = 0; i < depth; ++i) arrays += "}";
  compile(arrays);
  std::string combined;
  for (int i = 0; i < 1000; ++i) combined += "{\"allOf\": [";
  combined += "{\"type\": \"null\"}";
  for (int i = 0; i < 1000; ++i) combined += "]}";
  compile(combined);
}

TEST_CASE("thousands of definitions and long enums stay small") {
  std::string text = "{\"$defs\": {";
  for (int i = 0; i < 3000; ++i) {
    text += "\"d" + std::to_string(i) +
            "\": {\"type\": \"object\", \"properties\": {\"next\": {\"$ref\": \"#/$defs/d" +
            std::to_string((i * 7 + 1) % 3000) + "\"}, \"v\": {\"type\": \"integer\"}}},";
  }
  text.back() = '}';
  text += ", \"$ref\": \"#/$defs/d0\"}";
  Grammar g = compile(text);
  CHECK(g.rules.size() <= 3010);
  CHECK(g.pool.size() < 40000);
  std::string names = "{\"enum\": [";
  for (int i = 0; i < 50000; ++i) names += "\"value " + std::to_string(i) + "\",";
  names.back() = ']';
  CHECK(compile(names + "}").pool.size() < 100);
}

TEST_CASE("limits on the source are named") {
  Limits small;
  small.max_nesting = 10;
  std::string text = std::string(20, '[') + std::string(20, ']');
  Result<Grammar> g = parse_json_schema(text, {}, small);
  REQUIRE(!g.ok());
  CHECK(g.error().code == Status::kLimitExceeded);
  CHECK(g.error().message.find("max_nesting") != std::string::npos);
}

}  // namespace
}  // namespace xgr::core
