// Large schemas: compile time and memory must follow the size of the text.
#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "frontend/frontend.h"
#include "support/bounded.h"

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
}

// Seconds of this thread for a schema with `n` of something.
double seconds(std::string (*make)(int), int n) {
  const std::string text = make(n);
  const std::clock_t begin = std::clock();
  compile(text);
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

std::string nested(const std::string& open, const std::string& middle, const std::string& close,
                   int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += open;
  out += middle;
  for (int i = 0; i < n; ++i) out += close;
  return out;
}

std::string reference_chain(const std::string& beside, int n) {
  std::string text = "{\"$ref\": \"#/$defs/r0\", \"$defs\": {";
  for (int i = 0; i < n; ++i) {
    text += "\"r" + std::to_string(i) + "\": {" + beside + "\"$ref\": \"#/$defs/r" +
            std::to_string(i + 1) + "\"},";
  }
  return text + "\"r" + std::to_string(n) + "\": {\"type\": \"null\"}}}";
}

TEST_CASE("depth at one place costs linear time") {
  struct Row {
    const char* name;
    std::string (*make)(int);
    int n;
  };
  const Row rows[] = {
      {"not", [](int n) { return nested("{\"not\":", "{\"type\":\"null\"}", "}", n); }, 20000},
      {"allOf", [](int n) { return nested("{\"allOf\":[", "{\"type\":\"null\"}", "]}", n); },
       20000},
      {"anyOf", [](int n) { return nested("{\"anyOf\":[", "{\"type\":\"null\"}", "]}", n); },
       20000},
      {"allOf with properties",
       [](int n) { return nested("{\"properties\":{\"a\":{}},\"allOf\":[", "{}", "]}", n); }, 4000},
      {"const", [](int n) { return "{\"const\":" + nested("[", "", "]", n) + "}"; }, 20000},
      {"const of objects",
       [](int n) { return "{\"const\":" + nested("{\"a\":", "1", "}", n) + "}"; }, 10000},
      {"references", [](int n) { return reference_chain("", n); }, 25000},
      {"references with siblings", [](int n) { return reference_chain("\"minLength\":1,", n); },
       12500},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const double once = seconds(row.make, row.n), twice = seconds(row.make, 2 * row.n);
    CHECK(once < 2);
    CHECK(twice < 3.2 * once + 0.2);
  }
}

TEST_CASE("a deep constant is written with a fixed indent, too") {
  JsonSchemaOptions options;
  options.format.any_whitespace = false;
  options.format.indent = 2;
  const std::string text = "{\"const\":" + nested("[", "", "]", 20000) + "}";
  Result<Grammar> g = parse_json_schema(text, options, Limits{});
  REQUIRE(g.ok());
  CHECK(g.value().pool.memory_bytes() < size_t{64} << 20);
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

// Each of `n` pairs of properties has to be there with one of its names.
std::string pairs(int n) {
  std::string text;
  for (int i = 0; i < n; ++i) {
    const std::string number = std::to_string(i);
    text += (i ? "," : "") + ("{\"anyOf\":[{\"required\":[\"a" + number) +
            "\"]},{\"required\":[\"b" + number + "\"]}]}";
  }
  return "{\"properties\":{\"p\":{\"type\":\"object\",\"allOf\":[" + text + "]}}}";
}

TEST_CASE("combinations of alternatives are bounded by the work of a compile") {
  compile(pairs(13));  // 8,192 of them
  const std::string text = pairs(40);
  Result<Grammar> g = bounded(Limits{}, nullptr,
                              [&](const Limits& own) { return parse_json_schema(text, {}, own); });
  REQUIRE_FALSE(g.ok());
  CHECK(g.error().code == Status::kLimitExceeded);
  CHECK(g.error().message.find("max_compile_work = 16777216") != std::string::npos);
  CHECK(g.error().json_pointer == "/properties/p");
}

TEST_CASE("a string may have to meet hundreds of patterns") {
  std::string text = "{\"type\": \"string\", \"allOf\": [true";
  for (int i = 0; i < 600; ++i)
    text += ",{\"not\": {\"pattern\": \"x" + std::to_string(i) + "y\"}}";
  compile(text + "]}");
  // Too many states to find out whether there is such a string.
  const std::string tail = nested("[ab][abc]", "$", "", 12);
  const std::string contradictory =
      R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "allOf": [)"
      R"({"pattern": "^[ab]*a)" +
      tail + R"("}, {"pattern": "^[ab]*b)" + tail + R"("}]}}})";
  const std::string text_of_two = R"({"oneOf": [)" + contradictory + R"(, {"type": "object",
      "required": ["a"], "properties": {"a": {"type": "string"}}}]})";
  Result<Grammar> g = bounded(Limits{}, nullptr, [&](const Limits& own) {
    return parse_json_schema(text_of_two, {}, own);
  });
  REQUIRE_FALSE(g.ok());
  CHECK(g.error().code == Status::kLimitExceeded);
  CHECK(g.error().message.find("max_compile_work") != std::string::npos);
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
