// Schemas as shapes: merged keywords, branches, negation: frontend/json_schema/expansion.cc.
#include "frontend/json_schema/expansion.h"

#include <doctest/doctest.h>

#include <string>

#include "frontend/json_schema/schema_model.h"

namespace xgr::core {
namespace {

// A schema and the answers of its model.
struct Fixture {
  explicit Fixture(const char* text)
      : source(SchemaSource::read(text, {}, limits).value()), model(source, grammar, {}, limits) {}
  const Expansion& root() {
    Goal goal{positive(0)};
    REQUIRE(model.expander().normalise(&goal));
    Result<const Expansion*> e = model.expansion(model.intern(goal));
    REQUIRE(e.ok());
    return *e.value();
  }
  Limits limits;
  SchemaSource source;
  Grammar grammar;
  SchemaModel model;
};

TEST_CASE("alternatives that share references are as many as there are schemas") {
  std::string defs = R"("V0": {"const": "x"}, "V1": {"type": "integer"})";
  for (int i = 2; i < 60; ++i) {
    auto ref = [](int k) { return R"({"$ref": "#/$defs/V)" + std::to_string(k) + "\"}"; };
    defs +=
        ", \"V" + std::to_string(i) + R"(": {"anyOf": [)" + ref(i - 1) + ", " + ref(i - 2) + "]}";
  }
  Fixture f((R"({"$ref": "#/$defs/V59", "$defs": {)" + defs + "}}").c_str());
  CHECK(f.root().shapes.size() == 2);
  // What else holds there is not left out.
  Fixture g(
      R"({"$defs": {"A": {"type": "string"}, "B": {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]}},
                "anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B", "maxLength": 3},
                          {"allOf": [{"$ref": "#/$defs/B"}, {"minLength": 2}]}]})");
  REQUIRE(g.root().shapes.size() == 5);
  size_t bounded = 0;
  for (const Shape& s : g.root().shapes) bounded += s.max_length == 3 || s.min_length == 2;
  CHECK(bounded == 4);
}

TEST_CASE("an alternative that is the schema itself adds nothing") {
  Fixture f(R"({"$defs": {"V": {"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/W"}]},
                          "W": {"anyOf": [{"$ref": "#/$defs/V"}, {"type": "string"}]}},
                "$ref": "#/$defs/V"})");
  CHECK(f.root().shapes.size() == 2);
}

TEST_CASE("constraints of one schema gather in one shape") {
  Fixture f(
      R"({"type": ["integer", "string"], "minimum": 3, "allOf": [{"maximum": 9}, {"minimum": 5}],
                "maxLength": 4})");
  REQUIRE(f.root().shapes.size() == 1);
  const Shape& s = f.root().shapes[0];
  CHECK(s.types == (kIntegerBit | kStringBit));
  CHECK(s.lower.value.plain() == "5");
  CHECK(s.upper.value.plain() == "9");
  CHECK(s.max_length == 4);
}

TEST_CASE("contradictory choices disappear") {
  Fixture f(R"({"type": "object", "anyOf": [{"type": "string"}, {"required": ["a"]}, false],
                "not": {"required": ["b"]}})");
  REQUIRE(f.root().shapes.size() == 1);
  CHECK(f.root().shapes[0].required == std::vector<std::string_view>{"a"});
  CHECK(f.root().shapes[0].absent == std::vector<std::string_view>{"b"});
}

TEST_CASE("the negation of a conjunction is a choice of violations") {
  Fixture f(R"({"not": {"type": "string", "maxLength": 3}})");
  REQUIRE(f.root().shapes.size() == 2);
  CHECK(f.root().shapes[0].types == (kAllTypes & ~kStringBit));
  CHECK(f.root().shapes[1].types == kStringBit);
  CHECK(f.root().shapes[1].min_length == 4);
}

TEST_CASE("oneOf negates only what can overlap") {
  Fixture apart(R"({"oneOf": [{"properties": {"k": {"const": 1}}, "required": ["k"]},
                              {"properties": {"k": {"const": 2}}, "required": ["k"]}], "type": "object"})");
  CHECK(apart.root().shapes.size() == 2);
  Fixture overlap(R"({"oneOf": [{"minimum": 3}, {"maximum": 5}], "type": "integer"})");
  REQUIRE(overlap.root().shapes.size() == 2);
  CHECK(overlap.root().shapes[0].lower.value.plain() == "5");
  CHECK(overlap.root().shapes[0].lower.exclusive);
}

TEST_CASE("properties keep the order in which a reader meets them") {
  Fixture f(R"({"allOf": [{"properties": {"a": true}}], "properties": {"b": true},
                "$ref": "#/$defs/c", "$defs": {"c": {"properties": {"c": true}}}})");
  const Shape& s = f.root().shapes.at(0);
  std::string order;
  ObjectPlan plan = f.model.objects().plan(s).value();
  for (const ObjectPlan::Member& m : plan.members) order += m.name;
  CHECK(order == "abc");
  CHECK(f.root().by_reference);
}

TEST_CASE("names fall into classes by the patterns they match") {
  Fixture f(R"({"patternProperties": {"^a": {"minimum": 1}, "^b": {"minimum": 2}, "b$": true},
                "additionalProperties": false})");
  ObjectPlan plan = f.model.objects().plan(f.root().shapes.at(0)).value();
  // ^a; ^b; b$ alone, whose values are free; names that match nothing are forbidden.
  CHECK(plan.undeclared.size() == 3);
}

TEST_CASE("required properties tell branches apart several levels down") {
  Fixture f(R"({"$defs": {
    "x": {"properties": {"m": {"properties": {"k": {"const": "x"}}, "required": ["k"]}}, "required": ["m"],
          "type": "object"},
    "y": {"properties": {"m": {"properties": {"k": {"const": "y"}}, "required": ["k"], "type": "object"}}}}})");
  const JsonDocument& doc = f.source.doc();
  Goal both{positive(doc.resolve(0, "/$defs/x")), positive(doc.resolve(0, "/$defs/y"))};
  CHECK(f.model.provably_empty(both));
  CHECK(!f.model.provably_empty({both[0]}));
}

TEST_CASE("listed values are checked against everything beside them") {
  Fixture f(
      R"({"$defs": {"s": {"properties": {"a": {"items": {"multipleOf": 0.5}, "uniqueItems": true}},
                                "minProperties": 1, "propertyNames": {"pattern": "^a"}}},
                "v": [{"a": [1, 2.5]}, {"a": [1, 1.0]}, {"a": [0.3]}, {}, {"b": 1}, {"a": "s", "a2": null}]})");
  const JsonDocument& doc = f.source.doc();
  Goal goal{positive(doc.resolve(0, "/$defs/s"))};
  std::string answers;
  for (JsonId v : doc.children(doc.find(0, "v")))
    answers += f.model.accepts(goal, v).value() ? 'y' : 'n';
  CHECK(answers == "ynnnny");
}

TEST_CASE("too many combinations are too much work") {
  std::string any =
      R"("anyOf": [{"minLength": 1}, {"maxLength": 9}, {"pattern": "a"}, {"pattern": "b"}])";
  std::string text = "{\"allOf\": [";
  for (int i = 0; i < 12; ++i) text += (i ? ",{" : "{") + any + "}";
  text += "]}";
  Result<SchemaSource> source = SchemaSource::read(text, {}, Limits{});
  Grammar g;
  Limits limits;
  Work work(compile_bounds(limits));
  limits.work = &work;
  SchemaModel model(source.value(), g, {}, limits);
  CHECK_THROWS_AS(model.expansion(model.intern({positive(0)})), WorkStopped);
}

}  // namespace
}  // namespace xgr::core
