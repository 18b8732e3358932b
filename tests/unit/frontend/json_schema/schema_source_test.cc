// Where references lead: frontend/json_schema/schema_source.cc.
#include "frontend/json_schema/schema_source.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr {
namespace {

SchemaSource read(std::string_view text) {
  Result<SchemaSource> s = SchemaSource::read(text, Limits{});
  REQUIRE(s.ok());
  return std::move(s).value();
}

// Pointer of what the reference at `at` leads to, or the error's status name.
std::string target(SchemaSource& s, const char* at) {
  Result<JsonId> id = s.resolve(s.doc().resolve(0, at));
  if (!id.ok()) return id.error().code == Status::kUnsupported ? "outside" : "nowhere";
  return s.doc().pointer(id.value());
}

TEST_CASE("references resolve against the resource they stand in") {
  SchemaSource s = read(R"({"$id": "http://x.test/dir/root.json", "$defs": {
    "a": {"$id": "a.json", "$defs": {"n": {"$anchor": "in"}}, "r": {"$ref": "#/$defs/n"}, "t": {"$ref": "#in"}},
    "b": {"$ref": "a.json"}, "c": {"$ref": "/dir/a.json#/$defs/n"}, "d": {"$ref": "#/$defs/a/$defs/n"},
    "e": {"$ref": "http://x.test/dir/root.json"}, "f": {"$ref": "#in"}, "g": {"$ref": "other.json"},
    "h": {"$ref": "#/$defs/zz"}}})");
  CHECK(target(s, "/$defs/a/r/$ref") == "/$defs/a/$defs/n");
  CHECK(target(s, "/$defs/a/t/$ref") == "/$defs/a/$defs/n");
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
    "properties": {"default": {"$anchor": "p"}}, "a": {"$ref": "#p"}, "b": {"$ref": "#d"}})");
  CHECK(!s.has_embedded_resources());
  CHECK(target(s, "/a/$ref") == "/properties/default");
  CHECK(target(s, "/b/$ref") == "nowhere");
}

TEST_CASE("the draft comes from $schema") {
  CHECK(read("{}").draft() == Draft::k2020);
  CHECK(read(R"({"$schema": "http://json-schema.org/draft-04/schema#"})").draft() == Draft::k4);
  CHECK(read(R"({"$schema": "http://json-schema.org/draft-07/schema"})").ref_stands_alone());
  CHECK(!read(R"({"$schema": "https://json-schema.org/draft/2019-09/schema"})").ref_stands_alone());
  CHECK(read(R"({"$schema": "http://example.test/my-draft-07-meta"})").draft() == Draft::k2020);
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
}

}  // namespace
}  // namespace xgr
