// What may come next and why not: matcher/explanation.cc, frontend/json_schema/schema_refusal.cc,
// frontend/rule_refusal.cc.
#include "matcher/explanation.h"

#include "../mask/mask_helpers.h"
#include "compiler/grammar_source.h"
#include "frontend/json_schema/open_values.h"
#include "matcher/matcher.h"
#include "support/json_reader.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

constexpr int32_t kStop = 257;

std::shared_ptr<const CompiledGrammar> compiled(const Result<SourcePtr>& source) {
  REQUIRE(source.ok());
  auto compiler = Compiler::create(make_tokenizer(with_bytes({"true", "</s>"}), {kStop}), {});
  REQUIRE(compiler.ok());
  Compiled out = compiler.value()->compile_source(source.value());
  REQUIRE(out.ok());
  return out.value();
}

std::shared_ptr<const CompiledGrammar> schema(std::string_view text,
                                              JsonSchemaOptions options = {}) {
  return compiled(GrammarSource::json_schema(text, options, {}));
}

Explanation explain(const std::shared_ptr<const CompiledGrammar>& grammar, std::string_view output,
                    const ExplainedInput& input) {
  Result<std::unique_ptr<Matcher>> m = Matcher::create(grammar, {});
  REQUIRE(m.ok());
  bool accepted = false;
  if (!output.empty()) {
    REQUIRE(m.value()->accept_bytes(output, &accepted) == Status::kOk);
    REQUIRE(accepted);
  }
  Result<Explanation> e = m.value()->explain(output, input);
  REQUIRE(e.ok());
  CHECK(JsonDocument::parse(e.value().json, {}).ok());
  return e.value();
}

// "pointer@instance" of each cause, a space between.
std::string causes(const Explanation& e) {
  JsonDocument doc = JsonDocument::parse(e.json, {}).value();
  std::string out;
  for (JsonId c : doc.children(doc.find(0, "causes"))) {
    const std::string_view pointer = doc.text(doc.find(c, "pointer"));
    out += (out.empty() ? "" : " ") +
           std::string(pointer.empty() ? doc.text(doc.find(c, "keyword")) : pointer) + "@" +
           std::string(doc.text(doc.find(c, "instance")));
  }
  return out;
}

struct RefusalRow {
  const char *schema, *output, *next, *causes;
};

}  // namespace

TEST_CASE("explain: the keyword of a schema that refuses a text") {
  const RefusalRow rows[] = {
      {R"({"properties":{"a":{"type":"integer","minimum":0}}})", R"({"a":-)", "1",
       "/properties/a/minimum@/a"},
      {R"({"properties":{"a":{"maxLength":2}}})", R"({"a":"xy)", "z", "/properties/a/maxLength@/a"},
      {R"({"type":"object","required":["a","b"]})", R"({"a":1)", "}", "/required@"},
      {R"({"properties":{"a":true},"additionalProperties":false})", R"({")", "b",
       "/additionalProperties@"},
      {R"({"items":{"type":"string"}})", R"(["x",)", "1", "/items/type@/1"},
      {R"({"prefixItems":[true,{"enum":[1,2]}]})", R"([0,)", "3", "/prefixItems/1/enum@/1"},
      {R"({"maxItems":2})", R"([0,1)", ",", "/maxItems@"},
      {R"({"uniqueItems":true,"maxItems":2})", R"([0,0)", "]", "/uniqueItems@"},
      {R"({"$ref":"#/$defs/a~1b","$defs":{"a/b":{"const":7}}})", "", "8", "/$defs/a~1b/const@"},
      {R"({"$id":"http://x.test/a","$schema":"http://json-schema.org/draft-07/schema#",)"
       R"("allOf":[{"$ref":"#/definitions/n"}],"definitions":{"n":{"pattern":"^a"}}})",
       "\"", "b", "/definitions/n/pattern@"},
      {R"({"anyOf":[{"type":"null"},{"minimum":5,"maximum":9,"type":"number"}]})", "", "t",
       "/anyOf@ /anyOf/0/type@ /anyOf/1/type@"},
      {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1)", "}",
       "/then/required@"},
      {R"({"patternProperties":{"^x":{"type":"null"}}})", R"({"xy":)", "1",
       "/patternProperties/^x/type@/xy"},
      {R"({"type":"integer","minimum":100,"maximum":599})", "", "9", "/minimum@ /maximum@"},
      {R"({"properties":{"a":true,"b":true}})", R"({"b":1,"a)", "\"", "order@"},
      {R"({"properties":{"n":{"$ref":"#"},"v":{"type":"null"}}})", R"({"n":{"n":{"v":)", "1",
       "/properties/v/type@/n/n/v"},
      {"true", "{", "]", "JSON@"},
  };
  for (const RefusalRow& row : rows) {
    CAPTURE(row.schema);
    CHECK(causes(explain(schema(row.schema), row.output, {row.next})) == row.causes);
  }
}

TEST_CASE("explain: what an option asks is told as such") {
  JsonSchemaOptions options;
  options.strict = true;
  CHECK(causes(explain(schema(R"({"properties":{"a":true}})", options), R"({")", {"b"})) ==
        "strict@");
  options = {};
  options.format.any_whitespace = false;
  CHECK(causes(explain(schema(R"({"type":"object"})", options), R"({)", {" "})) == "format@");
}

TEST_CASE("explain: the innermost rules of a grammar, with their lines") {
  const char* text = "root ::= \"a\" item+\nitem ::= \"(\" item \")\" | word\nword ::= [a-c]";
  const auto grammar = compiled(GrammarSource::ebnf(text, "root", EbnfDialect::kAuto, {}));
  Explanation e = explain(grammar, "a(", {"x"});
  CHECK(causes(e) == "word@");
  CHECK(e.text.find("rule word, at line 3, column 1") != std::string::npos);
  CHECK(causes(explain(grammar, "", {"b"})) == "root@");
  const auto lark = compiled(GrammarSource::lark("start: A B\nA: \"a\"\nB: /[0-9]/", {}, {}));
  e = explain(lark, "a", {"x"});
  CHECK(e.text.find("line 3") != std::string::npos);
}

TEST_CASE("explain: what may come next is told as literals, classes and tokens") {
  const auto grammar = schema(R"({"properties":{"name":{"enum":["red","blue"]},"on":)"
                              R"({"type":"boolean"}},"additionalProperties":false})");
  std::string text = explain(grammar, R"({")", {}).text;
  CHECK(text.find(R"(expected: "name\"", "on\"")") != std::string::npos);
  text = explain(grammar, R"({"on":)", {}).text;
  CHECK(text.find(R"("false", "true", white space)") != std::string::npos);
  CHECK(text.find("256 \"true\"") == std::string::npos);  // "t" is an example of that beginning
  text = explain(grammar, R"({"on":true})", {}).text;
  CHECK(text.find("may end here") != std::string::npos);
  text = explain(schema(R"({"type":"string"})"), "\"\xC3", {}).text;
  CHECK(text.find("the rest of a character") != std::string::npos);
}

TEST_CASE("explain: tokens that are refused for what they are") {
  const auto grammar = schema(R"({"type":"object","required":["a"]})");
  Explanation e = explain(grammar, "{", {{}, kStop});
  CHECK(e.text.find("the stop token, and the output is not complete") != std::string::npos);
  CHECK(e.text.find("the JSON document is not complete") != std::string::npos);
  e = explain(grammar, "{", {{}, 100000});
  CHECK(e.text.find("no token of the vocabulary") != std::string::npos);
  e = explain(grammar, "{", {{}, 256});
  CHECK(e.text.find("at its byte 0") != std::string::npos);
}

TEST_CASE("explain: an output that is unknown or wrong") {
  const auto grammar = schema(R"({"type":"object","required":["a"]})");
  auto m = Matcher::create(grammar, {}).value();
  bool accepted = false;
  REQUIRE(m->accept_bytes("{", &accepted) == Status::kOk);
  Result<Explanation> e = m->explain("", {"}"});
  REQUIRE(e.ok());
  CHECK(e.value().json.find("\"causes\": null") != std::string::npos);
  CHECK(m->explain("[", {"}"}).error().code == Status::kInvalidArgument);
  CHECK(m->history_size() == 1);
}

TEST_CASE("explain: trials stay within the limits of a compile") {
  std::string text = R"({"allOf":[{"type":"string"})";
  for (int i = 0; i < 2000; ++i) text += R"(,{"pattern":"^x"})";
  const Explanation e = explain(schema(text + "]}"), "\"", {"y"});
  CHECK(e.json.find("\"complete\": false") != std::string::npos);
}

TEST_CASE("explain: a source that is too long is not kept") {
  const std::string text = R"({"type":"string","title":")" + std::string(70000, 'x') + "\"}";
  const Explanation e = explain(schema(text), "", {"1"});
  CHECK(e.json.find("\"causes\": null") != std::string::npos);
  CHECK(e.json.find("\"refused\"") != std::string::npos);
}

TEST_CASE("open_values: what is open where a text was cut") {
  const auto pointer = [](std::string_view text) {
    const std::vector<OpenValue> values = open_values(text);
    return value_pointer(values, values.empty() ? 0 : values.size() - 1);
  };
  CHECK(pointer("") == "");
  CHECK(pointer(R"({"a": [1, {"x~y": ")") == "/a/1/x~0y");
  CHECK(pointer(R"({"a\"b": [[], "]",)") == "/a\"b/2");
  CHECK(open_values("{\"a\"").size() == 1);
  CHECK(open_values("[1 ").size() == 1);
  CHECK(open_values("[]").empty());
}
