// Where references lead: frontend/json_schema/{schema_source,schema_index,dynamic_scopes,uri}.cc.
#include "frontend/json_schema/schema_source.h"

#include <doctest/doctest.h>

#include <string>

#include "frontend/json_schema/meta_schemas.h"
#include "frontend/json_schema/uri.h"
#include "support/bounded.h"

namespace xgr::core {
namespace {

SchemaSource read(std::string_view text, const JsonSchemaOptions& options = {}) {
  Result<SchemaSource> s = SchemaSource::read(text, options, Limits{});
  REQUIRE(s.ok());
  return std::move(s).value();
}

// Place of what the reference at `at` leads to, or the error's status name.
std::string target(SchemaSource& s, const char* at, JsonId from = 0) {
  Result<JsonId> id = s.resolve(s.doc().resolve(from, at));
  if (!id.ok()) return id.error().code == Status::kUnsupported ? "outside" : "nowhere";
  return s.error(Status::kInternal, "", id.value()).json_pointer;
}

TEST_CASE("references resolve against the resource they stand in") {
  SchemaSource s = read(R"({"$id": "http://x.test/dir/root.json", "$defs": {
    "a": {"$id": "a.json", "$defs": {"n": {"$anchor": "in"}, "r": {"$ref": "#/$defs/n"}, "t": {"$ref": "#in"}}},
    "b": {"$ref": "a.json"}, "c": {"$ref": "/dir/a.json#/$defs/n"}, "d": {"$ref": "#/$defs/a/$defs/n"},
    "e": {"$ref": "http://x.test/dir/root.json"}, "f": {"$ref": "#in"}, "g": {"$ref": "other.json"},
    "h": {"$ref": "#/$defs/zz"}}})");
  CHECK(target(s, "/$defs/a/$defs/r/$ref") == "/$defs/a/$defs/n");
  CHECK(target(s, "/$defs/a/$defs/t/$ref") == "/$defs/a/$defs/n");
  CHECK(target(s, "/$defs/b/$ref") == "/$defs/a");
  CHECK(target(s, "/$defs/c/$ref") == "/$defs/a/$defs/n");
  CHECK(target(s, "/$defs/d/$ref") == "/$defs/a/$defs/n");
  CHECK(target(s, "/$defs/e/$ref") == "");
  CHECK(target(s, "/$defs/f/$ref") == "nowhere");
  CHECK(target(s, "/$defs/g/$ref") == "outside");
  CHECK(target(s, "/$defs/h/$ref") == "nowhere");
  CHECK(s.is_target(s.doc().resolve(0, "/$defs/a")));
  CHECK(!s.is_target(s.doc().resolve(0, "/$defs/b")));
}

TEST_CASE("what looks like an $id in data is none") {
  SchemaSource s = read(R"({"enum": [{"$id": "http://x.test/e"}], "default": {"$anchor": "d"},
    "properties": {"default": {"$anchor": "p"}}, "allOf": [{"$ref": "#p"}, {"$ref": "#d"},
    {"$ref": "http://x.test/e"}]})");
  CHECK(target(s, "/allOf/0/$ref") == "/properties/default");
  CHECK(target(s, "/allOf/1/$ref") == "nowhere");
  CHECK(target(s, "/allOf/2/$ref") == "outside");
}

TEST_CASE("the draft comes from $schema, or from the option") {
  CHECK(read("{}").dialect(0).draft == Draft::k2020);
  CHECK_FALSE(read("{}").dialect(0).stated);
  CHECK(read(R"({"$schema": "http://json-schema.org/draft-04/schema#"})").dialect(0).draft ==
        Draft::k4);
  JsonSchemaOptions options;
  options.draft = 7;
  CHECK(read("{}", options).dialect(0).ref_stands_alone());
  CHECK(read(R"({"$schema": "https://json-schema.org/draft/2019-09/schema"})", options)
            .dialect(0)
            .draft == Draft::k2019);
  CHECK(read(R"({"$schema": "http://example.test/my-draft-07-meta"})").dialect(0).draft ==
        Draft::k2020);
}

TEST_CASE("supplied documents are read when a reference leads to them") {
  JsonSchemaOptions options;
  options.remotes = {{"http://x.test/a#", R"({"$ref": "b", "items": {"$ref": "#/$defs/c"},
                                             "$defs": {"c": {}}})"},
                     {"http://x.test/b", R"({"$id": "http://y.test/", "not": {"$ref": "a"}})"},
                     {"http://x.test/c", "{"}};
  SchemaSource s =
      read(R"({"$ref": "http://x.test/a", "not": {"$ref": "http://x.test/c"}})", options);
  CHECK(target(s, "/$ref") == "http://x.test/a#");
  JsonId a = s.resolve(s.doc().resolve(0, "/$ref")).value();
  CHECK(target(s, "/$ref", a) == "http://x.test/b#");
  CHECK(target(s, "/items/$ref", a) == "http://x.test/a#/$defs/c");
  JsonId b = s.resolve(s.doc().resolve(a, "/$ref")).value();
  CHECK(target(s, "/not/$ref", b) == "outside");  // http://y.test/a
  Result<JsonId> c = s.resolve(s.doc().resolve(0, "/not/$ref"));
  REQUIRE(!c.ok());
  CHECK(c.error().code == Status::kInvalidSource);
  CHECK(c.error().json_pointer == "/not/$ref");
  CHECK(c.error().message.find("http://x.test/c") != std::string::npos);
}

TEST_CASE("every standard meta-schema can be read") {
  for (const char* uri :
       {"http://json-schema.org/draft-04/schema", "http://json-schema.org/draft-06/schema",
        "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema"}) {
    CAPTURE(uri);
    Result<JsonDocument> doc = JsonDocument::parse(standard_meta_schema(uri), Limits{});
    REQUIRE(doc.ok());
    SchemaSource s = read(std::string(R"({"$ref": ")") + uri + "\"}");
    REQUIRE(s.resolve(1).ok());
    size_t references = 0;
    for (JsonId n = 0; n < s.doc().size(); ++n) {
      std::string_view key = s.doc().key(n);
      bool reference = key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef";
      if (!reference || !s.doc().is(n, JsonType::kString)) continue;
      CHECK(s.resolve(n).ok());
      ++references;
      if (references > 1000) break;  // resolving copies resources
    }
    CHECK(references > 10);
  }
  CHECK(standard_meta_schema("http://json-schema.org/draft-05/schema").empty());
}

TEST_CASE("a resource has a meaning for each scope it is entered under") {
  SchemaSource s =
      read(R"({"$id": "http://x.test/root", "allOf": [{"$ref": "list"}, {"$ref": "numbers"},
    {"$ref": "numbers"}, {"$ref": "list"}], "$defs": {
    "list": {"$id": "list", "items": {"$dynamicRef": "#item"}, "$defs": {"item": {"$dynamicAnchor": "item"}}},
    "numbers": {"$id": "numbers", "$ref": "list", "$defs": {"item": {"$dynamicAnchor": "item"}}}}})");
  auto at = [&](JsonId from, const char* pointer) {
    return s.resolve(s.doc().resolve(from, pointer)).value();
  };
  JsonId list = at(0, "/allOf/0/$ref"), numbers = at(0, "/allOf/1/$ref");
  CHECK(at(0, "/allOf/2/$ref") == numbers);
  CHECK(at(0, "/allOf/3/$ref") == list);
  JsonId list_of_numbers = at(numbers, "/$ref");
  CHECK(list_of_numbers != list);
  CHECK(s.doc().origin(list_of_numbers) == s.doc().origin(list));
  CHECK(target(s, "/items/$dynamicRef", list) == "/$defs/list/$defs/item");
  CHECK(target(s, "/items/$dynamicRef", list_of_numbers) == "/$defs/numbers/$defs/item");
  CHECK(s.is_target(at(list_of_numbers, "/items/$dynamicRef")));
}

TEST_CASE("scopes that multiply are refused, not followed") {
  // Entering xN or yN settles the name aN; each then leads to both of the next level.
  std::string text = R"({"$id": "http://x.test/root", "$ref": "x0", "$defs": {)";
  const int levels = 20;
  for (int i = 0; i < levels; ++i) {
    for (const char* side : {"x", "y"}) {
      std::string n = std::to_string(i), next = std::to_string(i + 1), name = side + n;
      text += "\"" + name + "\": {\"$id\": \"" + name + "\", \"$dynamicAnchor\": \"a" + n +
              "\", \"properties\": {\"x\": {\"$ref\": \"x" + next + "\"}, \"y\": {\"$ref\": \"y" +
              next + "\"}}},";
    }
  }
  std::string last = std::to_string(levels);
  for (const char* side : {"x", "y"}) {
    text += std::string("\"") + side + last + "\": {\"$id\": \"" + side + last +
            "\", \"$dynamicRef\": \"x0#a0\"},";
  }
  text += "\"end\": {}}}";
  Result<Grammar> g = bounded(Limits{}, nullptr,
                              [&](const Limits& own) { return parse_json_schema(text, {}, own); });
  REQUIRE(!g.ok());
  CHECK(g.error().code == Status::kLimitExceeded);
  CHECK(g.error().message.find("max_compile_work") != std::string::npos);
}

TEST_CASE("long chains and long references end") {
  std::string text = "{\"$defs\": {";
  const int length = 10000;
  for (int i = 0; i < length; ++i) {
    text +=
        "\"d" + std::to_string(i) + "\": {\"$ref\": \"#/$defs/d" + std::to_string(i + 1) + "\"},";
  }
  text += "\"d" + std::to_string(length) + "\": {\"type\": \"null\"}}, \"$ref\": \"#/$defs/d0\"}";
  CHECK(parse_json_schema(text, {}, Limits{}).ok());

  std::string fragment(1 << 20, '/');
  CHECK(!parse_json_schema("{\"$ref\": \"#" + fragment + "\"}", {}, Limits{}).ok());
  CHECK(!parse_json_schema("{\"$ref\": \"" + fragment + "%41../#a\"}", {}, Limits{}).ok());

  std::vector<std::string> uris, texts;
  for (int i = 0; i <= length; ++i) {
    uris.push_back("http://x.test/" + std::to_string(i));
    texts.push_back("{\"properties\": {\"a\": {\"$ref\": \"" + std::to_string(i + 1) + "\"}}}");
  }
  texts.back() = "{\"properties\": {\"a\": {\"$ref\": \"0\"}}}";
  JsonSchemaOptions options;
  for (int i = 0; i <= length; ++i) options.remotes.push_back({uris[i], texts[i]});
  CHECK(parse_json_schema(R"({"$ref": "http://x.test/0"})", options, Limits{}).ok());
}

TEST_CASE("identifiers below each other do not grow without bound") {
  std::string text, end;
  for (int i = 0; i < 20000; ++i) {
    text += "{\"$id\": \"aaaaaaaa/\", \"not\": ";
    end += "}";
  }
  Result<Grammar> g = parse_json_schema(text + "{}" + end, {}, Limits{});
  REQUIRE(!g.ok());
  CHECK(g.error().code == Status::kLimitExceeded);
}

TEST_CASE("uri references follow RFC 3986") {
  const char* base = "http://a/b/c/d;p?q";
  CHECK(resolve_uri(base, "g") == "http://a/b/c/g");
  CHECK(resolve_uri(base, "./g") == "http://a/b/c/g");
  CHECK(resolve_uri(base, "../../g") == "http://a/g");
  CHECK(resolve_uri(base, "/g?y#s") == "http://a/g?y");
  CHECK(resolve_uri(base, "//g") == "http://g");
  CHECK(resolve_uri(base, "?y") == "http://a/b/c/d;p?y");
  CHECK(resolve_uri(base, "") == "http://a/b/c/d;p?q");
  CHECK(resolve_uri(base, "urn:x:y#f") == "urn:x:y");
  CHECK(resolve_uri("", "a.json") == "a.json");
  CHECK(percent_decoded("%41%4g%") == "A%4g%");
}

}  // namespace
}  // namespace xgr::core
