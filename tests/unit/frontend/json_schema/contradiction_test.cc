// Which keywords are blamed: frontend/json_schema/contradiction.cc. What is said of many schemas is
// in tests/cases/mistakes/contradictions.case; here are those too large to be written down.
#include <doctest/doctest.h>

#include <string>

#include "frontend/frontend.h"

using namespace xgr::core;

namespace {

// `count` required properties, of which `bad` has no value.
std::string wide_schema(int count, int bad) {
  std::string out = R"({"type": "object", "additionalProperties": false, "properties": {)";
  std::string required;
  for (int i = 0; i < count; ++i) {
    const std::string name = "\"p" + std::to_string(i) + "\"", comma = i > 0 ? ", " : "";
    const std::string maximum = i == bad ? "3" : "300";
    out += comma + name + R"(: {"type": "integer", "minimum": 5, "maximum": )" + maximum + "}";
    required += comma + name;
  }
  return out + R"(}, "required": [)" + required + "]}";
}

}  // namespace

TEST_CASE("one bad property among many") {
  for (int bad : {0, 37, 59}) {
    Result<Grammar> g = parse_json_schema(wide_schema(60, bad), {}, {});
    REQUIRE(!g.ok());
    CHECK(g.error().json_pointer == "/properties/p" + std::to_string(bad));
    CHECK(g.error().message.find("\"minimum\": 5 and \"maximum\": 3 contradict") !=
          std::string::npos);
  }
}

TEST_CASE("a large schema is explained less, in bounded time") {
  Result<Grammar> g = parse_json_schema(wide_schema(2000, 1999), {}, {});
  REQUIRE(!g.ok());
  CHECK(g.error().code == Status::kInvalidSource);
  CHECK(g.error().has_json_pointer);
  CHECK(g.error().message.find('\n') == std::string::npos);
  CHECK(g.error().message.size() < 1000);
}

TEST_CASE("long values are cut between characters") {
  std::string text = R"({"type": "integer", "enum": [")";
  for (int i = 0; i < 100; ++i) text += "é";
  Result<Grammar> g = parse_json_schema(text + "\"]}", {}, {});
  REQUIRE(!g.ok());
  CHECK(g.error().message.find("...") != std::string::npos);
  CHECK(g.error().message.size() < 200);
}

TEST_CASE("a schema explained after its automata were begun") {
  const std::string schema = R"({"type": "string", "pattern": "^a$", "minLength": 2})";
  Error first = make_error(Status::kInvalidSource, "no string");
  Error e = explain_no_valid_value(first, schema, {}, {});
  CHECK(e.message.find("\"minLength\": 2") != std::string::npos);
  CHECK(explain_no_valid_value(first, "{}", {}, {}).message == "no string");
}
