// All passes together: grammar/passes/simplify.cc.
#include "pass_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("simplify: passes open the way for one another") {
  CHECK(after(simplify, "root ::= a | b\na ::= \"x\" \"1\"\nb ::= \"x\" \"1\"\nc ::= \"2\"\n") ==
        "root ::= \"x\" \"1\"\n");
  CHECK(after(simplify,
              "root ::= a \",\" b\na ::= \"read\" | \"reads\"\nb ::= \"read\" c | dead\n"
              "c ::= \"\" | \"s\"\ndead ::= \"x\" dead\n")
            .find("dead") == std::string::npos);
}

TEST_CASE("simplify: what is simple stays as it is") {
  const std::string text =
      "root ::= value\nvalue ::= \"x\" | \"[\" (value (\",\" value)*)? \"]\"\n";
  CHECK(after(simplify, text) == text);
  CHECK(after(simplify, after(simplify, text)) == text);
}

TEST_CASE("simplify: a JSON Schema keeps its documents") {
  const char* schema = R"({"type": "object", "additionalProperties": false, "required": ["b"],
    "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 120},
                   "b": {"enum": ["one", "ones", 2, null]}, "c": {"$ref": "#"}}})";
  JsonSchemaOptions options;
  options.format.any_whitespace = false;
  Grammar before = parse_json_schema(schema, options, Limits()).value();
  Grammar grammar = parse_json_schema(schema, options, Limits()).value();
  simplify(&grammar);
  std::vector<std::string> texts;
  for (const char* a : {"", R"("a": 7, )", R"("a": 121, )"}) {
    for (const char* b : {R"("b": "ones")", R"("b": 2)", R"("b": "x")"}) {
      for (const char* c : {"", R"(, "c": {"b": null})", R"(, "c": {})"}) {
        texts.push_back(std::string("{") + a + b + c + "}");
      }
    }
  }
  check_same(before, grammar, texts);
}

TEST_CASE("simplify: random grammars keep their language") {
  check_random_grammars(simplify, 5, 400);
}
