// Lenient mode and the report on a schema's keywords.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <tuple>

#include "../../core_helpers.h"
#include "frontend/frontend.h"
#include "frontend/source_notes.h"
#include "support/bounded.h"

namespace xgr::core {
namespace {

constexpr const char* kMarks = "+.~!";  // by outcome

// One mark and pointer an entry.
std::string report(std::string_view schema, const JsonSchemaOptions& options = {}) {
  Result<std::vector<KeywordReport>> entries = check_json_schema(schema, options, Limits{});
  if (!entries.ok()) return entries.error().message;
  std::string out;
  for (const KeywordReport& e : entries.value()) {
    CHECK(e.pointer.ends_with("/" + e.keyword));
    CHECK(e.reason.empty() == (e.outcome == KeywordOutcome::kEnforced));
    out += kMarks[static_cast<int>(e.outcome)] + e.pointer + " ";
  }
  return out;
}

JsonSchemaOptions lenient(bool strict = false) {
  JsonSchemaOptions options;
  options.lenient = true;
  options.strict = strict;
  return options;
}

bool matches(std::string_view schema, std::string_view document, bool strict = false) {
  Result<Grammar> grammar = parse_json_schema(schema, lenient(strict), Limits{});
  REQUIRE(grammar.ok());
  return test::accepts(*test::make_automaton(std::move(grammar).value()), document);
}

TEST_CASE("every keyword on the way of a document has an entry, in order") {
  CHECK(report(R"({"title": "t", "type": "object", "properties": {"a": {"minimum": 1}},
                   "$defs": {"unused": {"pattern": "(x)\\1"}}})") ==
        "+/type +/properties +/properties/a/minimum ");
  CHECK(
      report(R"({"$ref": "#/x~1y", "x/y": {"pattern": "(x)\\1", "items": [{"type": "null"}]}})") ==
      "+/$ref !/x~1y/pattern +/x~1y/items +/x~1y/items/0/type ");
  CHECK(report("true").empty());
}

TEST_CASE("what asserts nothing is ignored") {
  CHECK(report(R"({"format": "colour", "then": {"type": "null"}, "maxContains": 1})") ==
        "./format ./then ./maxContains ");
  CHECK(report(R"({"$schema": "http://json-schema.org/draft-07/schema#", "maxLength": 1,
                   "$ref": "#/definitions/a", "definitions": {"a": {"prefixItems": []}}})") ==
        "./maxLength +/$ref ./definitions/a/prefixItems ");
  JsonSchemaOptions options;
  options.formats = FormatPolicy::kIgnore;
  CHECK(report(R"({"format": "date"})", options) == "./format ");
  options.formats = FormatPolicy::kRefuseUnknown;
  CHECK(report(R"({"format": "colour"})", options) == "!/format ");
}

TEST_CASE("names that are no keywords are ignored, each with a reason") {
  CHECK(report(R"({"maxLenght": 1, "nullable": true, "discriminator": {}, "x-a": 1, "title": "t",
                   "items": {"requird": [], "examples": [1]}, "": 1})") ==
        "./maxLenght ./nullable ./discriminator ./x-a +/items ./items/requird ./ ");
  CHECK(report(R"({"$schema": "http://x.test/none", "$defs": {"a": {"nullable": true}}})") ==
        "./$schema ");
  CHECK(report(R"({"$schema": "https://json-schema.org/draft/2020-12/schema"})").empty());
  CHECK(report(R"({"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://x.test/a",
                   "$id": "b", "$anchor": "c", "writeOnly": true})") == "./$id ./$anchor ");
  CHECK(report(R"({"$id": "http://x.test/a", "id": "b", "allOf": [{"$schema": "c"}]})") ==
        "./id +/allOf ./allOf/0/$schema ");
  CHECK(report(R"({"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/a",
                   "titel": "", "description": "", "definitions": {"a": {"nullable": 1}}})") ==
        "+/$ref ./titel ./definitions/a/nullable ");
}

TEST_CASE("names of definitions that references lead to are no keywords") {
  CHECK(report(R"({"$ref": "#/components/a", "components": {"a": {"type": "null", "b": {}}}})") ==
        "+/$ref +/components/a/type ./components/a/b ");
  CHECK(report(R"({"$ref": "#/a", "a": {"a": 1}})") == "+/$ref ./a/a ");
}

TEST_CASE("unknown keywords can be refused: the report lists all of them") {
  JsonSchemaOptions options;
  options.unknown_keywords = UnknownKeywords::kRefuse;
  const char* schema = R"({"maxLenght": 1, "x-a": 1, "format": "colour", "then": {}, "items": {
                           "nullable": true}})";
  CHECK(report(schema, options) == "!/maxLenght ./x-a ./format ./then +/items !/items/nullable ");
  for (bool is_lenient : {false, true}) {
    options.lenient = is_lenient;
    Result<Grammar> grammar = parse_json_schema(schema, options, Limits{});
    REQUIRE(!grammar.ok());
    CHECK(grammar.error().code == Status::kInvalidSource);
    CHECK(grammar.error().json_pointer == "/maxLenght");
    CHECK(grammar.error().message.ends_with("did you mean \"maxLength\"?"));
  }
}

TEST_CASE("what a compiled schema notices are the entries that are not enforced") {
  for (const char* schema :
       {R"({"maxLenght": 1, "properties": {"a": {"$ref": "#/$defs/a"}, "b": {"format": "x"}},
            "$defs": {"a": {"nullable": true}, "b": {"nullable": true}}, "then": {"titel": 1}})",
        R"({"not": {"uniqueItems": true}, "if": {"nullable": 1}, "then": true, "x-a": 1})",
        R"({"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/a", "maxLength": 1,
            "a": {"prefixItems": [], "contentMediaType": "text/plain"}})",
        R"({"$id": "http://x.test/strict", "$dynamicAnchor": "n", "$ref": "tree", "$defs": {
            "tree": {"$id": "tree", "$dynamicAnchor": "n", "nullable": 1, "properties": {
            "c": {"$dynamicRef": "#n"}}}}})"}) {
    CAPTURE(schema);
    SourceNotes notes(nullptr);
    JsonSchemaOptions options = lenient();
    options.notes = &notes;
    CHECK(parse_json_schema(schema, options, Limits{}).ok());
    Result<std::vector<KeywordReport>> entries = check_json_schema(schema, options, Limits{});
    REQUIRE(entries.ok());
    std::string wanted, found;
    for (const KeywordReport& e : entries.value()) {
      if (e.outcome != KeywordOutcome::kEnforced) wanted += e.pointer + " " + e.reason + "\n";
    }
    for (const Diagnostic& d : notes.take())
      found += d.json_pointer + d.message.substr(d.message.find(": ") + 1) + "\n";
    CHECK(found == wanted);
  }
}

TEST_CASE("many names that are no keywords: a bounded list, and each can be refused") {
  std::string schema = "{\"anyOf\": [";
  for (int i = 0; i < 3000; ++i) schema += "{\"type\": \"null\", \"x-a\": 1},";
  schema += "{\"type\": \"string\", \"nullable\": true}]}";
  SourceNotes notes(nullptr);
  JsonSchemaOptions options;
  options.notes = &notes;
  CHECK(parse_json_schema(schema, options, Limits{}).ok());
  const std::vector<Diagnostic> found = notes.take();
  REQUIRE(found.size() == SourceNotes::kMaxNotes);
  CHECK(found.back().code == DiagnosticCode::kMore);
  CHECK(found.back().message.starts_with(std::to_string(3001 - 999) + " more "));
  options.unknown_keywords = UnknownKeywords::kRefuse;
  Result<Grammar> refused = parse_json_schema(schema, options, Limits{});
  REQUIRE(!refused.ok());
  CHECK(refused.error().json_pointer == "/anyOf/3000/nullable");
}

TEST_CASE("all refused keywords are listed, and left out in lenient mode") {
  const char* schema = R"({"properties": {"pattern": {"type": "string", "pattern": "(x)\\1"},
                                          "b": {"$ref": "http://elsewhere.test/"}},
                           "required": ["pattern"]})";
  CHECK(report(schema) ==
        "+/properties +/properties/pattern/type !/properties/pattern/pattern "
        "!/properties/b/$ref +/required ");
  CHECK(report(schema, lenient()).find("~/properties/pattern/pattern ~/properties/b/$ref") !=
        std::string::npos);
  CHECK(!parse_json_schema(schema, {}, Limits{}).ok());
  CHECK(matches(schema, R"({"pattern":"y","b":1})"));
  CHECK(!matches(schema, R"({"b":1})"));
}

TEST_CASE("no valid document is lost below not, oneOf and if") {
  const char* negated = R"({"type": "array", "not": {"uniqueItems": true}})";
  CHECK(report(negated, lenient()) == "+/type +/not ~/not/uniqueItems ");
  CHECK(matches(negated, "[1,1]"));
  CHECK(!matches(negated, "1"));
  const char* one = R"({"oneOf": [{"pattern": "(x)\\1"}, {"maxLength": 2}, {"type": "null"}]})";
  CHECK(matches(one, "\"abc\""));
  CHECK(matches(one, "\"a\""));
  const char* conditional =
      R"({"if": {"pattern": "(x)\\1"}, "then": {"minLength": 3}, "else": {"maxLength": 1}})";
  CHECK(matches(conditional, "\"a\""));
  CHECK(matches(conditional, "\"abc\""));
  CHECK(!matches(conditional, "\"ab\""));
}

TEST_CASE("what depends on a keyword that is left out is left out too") {
  const char* names = R"({"patternProperties": {"(x)\\1": {"type": "null"}},
                          "additionalProperties": false, "type": "object"})";
  CHECK(report(names, lenient()) == "~/patternProperties ~/additionalProperties +/type ");
  CHECK(matches(names, R"({"x":null})"));
  CHECK(matches(names, R"({"x":null})", true));
  const char* unevaluated = R"({"allOf": [{"$ref": "http://elsewhere.test/"}],
                                "unevaluatedProperties": false, "properties": {"a": true}})";
  CHECK(report(unevaluated, lenient()) ==
        "+/allOf ~/allOf/0/$ref ~/unevaluatedProperties +/properties ");
  CHECK(matches(unevaluated, R"({"a":1,"b":2})"));
  CHECK(matches(unevaluated, R"({"a":1,"b":2})", true));
}

TEST_CASE("a refused keyword of a supplied schema is named by its URI") {
  JsonSchemaOptions options = lenient();
  options.remotes.push_back({"http://x.test/r", R"({"$defs": {"p": {"pattern": "(x)\\1"}},
                                                    "anyOf": [{"$ref": "#/$defs/p"}, {}]})"});
  CHECK(report(R"({"$ref": "http://x.test/r"})", options) ==
        "+/$ref ~http://x.test/r#/$defs/p/pattern +http://x.test/r#/anyOf "
        "+http://x.test/r#/anyOf/0/$ref ");
  CHECK(parse_json_schema(R"({"$ref": "http://x.test/r"})", options, Limits{}).ok());
}

TEST_CASE("one definition with several uses has one entry, also below dynamic references") {
  CHECK(report(R"({"$defs": {"p": {"pattern": "(x)\\1"}},
                   "anyOf": [{"$ref": "#/$defs/p"}, {"not": {"$ref": "#/$defs/p"}}]})") ==
        "!/$defs/p/pattern +/anyOf +/anyOf/0/$ref +/anyOf/1/not +/anyOf/1/not/$ref ");
  CHECK(report(R"({"$id": "http://x.test/strict", "$dynamicAnchor": "n", "$ref": "tree",
                   "unevaluatedProperties": false,
                   "$defs": {"tree": {"$id": "tree", "$dynamicAnchor": "n",
                     "properties": {"v": {"pattern": "(x)\\1"},
                                    "c": {"$dynamicRef": "#n"}}}}})",
               lenient()) ==
        "+/$ref +/unevaluatedProperties +/$defs/tree/properties "
        "~/$defs/tree/properties/v/pattern +/$defs/tree/properties/c/$dynamicRef ");
}

TEST_CASE("invalid schemas, contradictions and unknown drafts stay errors") {
  for (const char* schema :
       {"{", "7", "false", R"({"type": "nul"})", R"({"pattern": "(x)\\1", "type": []})",
        R"({"pattern": "(x)\\1", "type": "string", "enum": [1]})", R"({"$ref": "#/nowhere"})",
        R"({"$schema": "http://json-schema.org/draft-03/schema#"})"}) {
    CAPTURE(schema);
    CHECK(!check_json_schema(schema, {}, Limits{}).ok());
    CHECK(!check_json_schema(schema, lenient(), Limits{}).ok());
    CHECK(!parse_json_schema(schema, lenient(), Limits{}).ok());
  }
}

TEST_CASE("hundreds of keywords are left out in linear time") {
  auto schema = [](int n) {
    std::string text = "{\"type\": \"object\", \"properties\": {";
    for (int i = 0; i < n; ++i)
      text += "\"p" + std::to_string(i) +
              "\": {\"type\": \"array\", \"not\": {\"uniqueItems\": true}, \"allOf\": [{\"not\": "
              "{\"uniqueItems\": true}}]},";
    text.back() = '}';
    return text + "}";
  };
  auto seconds = [&](int n) {
    const std::string text = schema(n);
    const std::clock_t begin = std::clock();
    Result<std::vector<KeywordReport>> entries = check_json_schema(text, lenient(), Limits{});
    REQUIRE(entries.ok());
    CHECK(std::count_if(entries.value().begin(), entries.value().end(), [](const KeywordReport& k) {
            return k.outcome == KeywordOutcome::kApproximated;
          }) == 2 * n);
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  const double once = seconds(200), twice = seconds(400);
  CHECK(twice < 3 * once + 0.2);
  CHECK(twice < 2);
}

TEST_CASE("the number of keywords that are left out is bounded") {
  for (auto [count, work, fits] :
       {std::tuple{200, 0, true}, {2000, 0, true}, {2000, 100000, false}}) {
    std::string text = "{\"properties\": {";
    for (int i = 0; i < count; ++i)
      text +=
          "\"p" + std::to_string(i) + "\": {\"pattern\": \"(x)\\\\1" + std::to_string(i) + "\"},";
    text.back() = '}';
    text += "}";
    Limits limits;
    if (work > 0) limits.max_compile_work = static_cast<size_t>(work);
    Result<std::vector<KeywordReport>> entries = bounded(
        limits, nullptr, [&](const Limits& own) { return check_json_schema(text, {}, own); });
    CHECK(entries.ok() == fits);
    if (entries.ok()) continue;
    CHECK(entries.error().code == Status::kLimitExceeded);
    CHECK(entries.error().message.find("max_compile_work") != std::string::npos);
  }
  Limits small;
  small.max_source_bytes = 2000;  // the pointers of nested keywords add up
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += "{\"items\":";
  nested += "{\"type\": \"null\"}" + std::string(100, '}');
  CHECK(check_json_schema(nested, {}, Limits{}).ok());
  CHECK(check_json_schema(nested, {}, small).error().code == Status::kLimitExceeded);
}

}  // namespace
}  // namespace xgr::core
