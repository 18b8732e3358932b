#include "support/json_reader.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

JsonDocument read(std::string_view text) {
  Result<JsonDocument> r = JsonDocument::parse(text, Limits{});
  REQUIRE(r.ok());
  return std::move(r).value();
}

Error fail(std::string_view text) {
  Result<JsonDocument> r = JsonDocument::parse(text, Limits{});
  REQUIRE(!r.ok());
  return r.error();
}

TEST_CASE("json reader keeps key order, raw numbers and decoded strings") {
  JsonDocument d = read(R"({"z": [1.50e+3, -0], "a": "x\u00e9\ud83d\ude00\u0000y", "": null})");
  REQUIRE(d.is(0, JsonType::kObject));
  std::string keys;
  for (JsonId c : d.children(0)) keys.append(d.key(c)).append(";");
  CHECK(keys == "z;a;;");
  JsonId z = d.find(0, "z");
  CHECK(d.count(z) == 2);
  CHECK(d.text(z + 1) == "1.50e+3");
  CHECK(d.text(z + 2) == "-0");
  CHECK(d.text(d.find(0, "a")) == std::string_view("x\xC3\xA9\xF0\x9F\x98\x80\0y", 9));
  CHECK(d.is(d.find(0, ""), JsonType::kNull));
  CHECK(d.find(0, "b") == kNoJson);
}

TEST_CASE("json reader: pointers lead there and back") {
  JsonDocument d = read(R"({"a/b": {"~": [true, {"x": 1}]}, "": 2})");
  for (JsonId id = 0; id < d.size(); ++id) CHECK(d.resolve(0, d.pointer(id)) == id);
  CHECK(d.pointer(d.resolve(0, "/a~1b/~0/1/x")) == "/a~1b/~0/1/x");
  CHECK(d.resolve(0, "/a~1b/~0/2") == kNoJson);
  CHECK(d.resolve(0, "/a~1b/~0/01") == kNoJson);
  CHECK(d.resolve(0, "a~1b") == kNoJson);
}

TEST_CASE("json reader reports where the text is wrong") {
  Error e = fail("{\n  \"a\": tru\n}");
  CHECK(e.code == Status::kInvalidSource);
  CHECK(e.line == 2);
  e = fail(R"({"a": {"k": 1, "b": 2, "k": 3}})");
  CHECK(e.json_pointer == "/a/k");
  for (const char* bad : {"", "[1,]", "{} x", "[01]", "\"\\ud800\"", "\"\\udc00\"", "\"\xC0\xAF\"",
                          "\"\xED\xA0\x80\"", "\"\x01\"", "[1", "nul", "+1", "1.", "NaN"}) {
    CAPTURE(bad);
    fail(bad);
  }
  fail(std::string_view("{}\0", 3));
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  CHECK(fail(many + "\"k7\":1}").json_pointer == "/k7");
}

TEST_CASE("json reader: depth costs heap and is limited") {
  std::string deep = std::string(90000, '[') + std::string(90000, ']');
  CHECK(read(deep).size() == 90000);
  std::string deeper = std::string(200000, '[') + std::string(200000, ']');
  CHECK(fail(deeper).code == Status::kLimitExceeded);
  Limits small;
  small.max_source_bytes = 3;
  CHECK(!JsonDocument::parse("[1,2]", small).ok());
}

TEST_CASE("json documents stand behind each other") {
  JsonDocument d = read(R"({"a": 1})");
  Result<JsonId> second = d.append(R"([{"b": "x"}])", Limits{});
  REQUIRE(second.ok());
  CHECK(second.value() == 2);
  CHECK(d.parent(2) == kNoJson);
  CHECK(d.pointer(2) == "");
  CHECK(d.end(2) == 5);
  CHECK(d.text(d.resolve(2, "/0/b")) == "x");
  CHECK(d.pointer(4) == "/0/b");
  CHECK(!d.append("[1, {", Limits{}).ok());
  CHECK(d.size() == 5);
  CHECK(d.append("null", Limits{}).value() == 5);
  Limits small;
  small.max_source_bytes = 4;
  CHECK(!d.append("1", small).ok());
}

TEST_CASE("json copies are like their originals, which they know") {
  JsonDocument d = read(R"({"a": [{"b": {"c": 1}}, 2]})");
  JsonId b = d.resolve(0, "/a/0/b"), copy = d.copy(d.resolve(0, "/a/0")), again = d.copy(copy);
  CHECK(copy == 6);
  CHECK(d.size() == 12);
  CHECK(d.text(d.resolve(again, "/b/c")) == "1");
  CHECK(d.parent(d.resolve(again, "/b")) == again);
  CHECK(d.end(again) == 12);
  CHECK(d.origin(d.resolve(again, "/b")) == b);
  CHECK(d.origin(b) == b);
  CHECK(d.pointer(d.resolve(again, "/b/c")) == "/a/0/b/c");
}

TEST_CASE("json subtrees as documents of their own, and as text") {
  const JsonDocument d =
      read(R"({"x": "before", "a": [{"b": {"c": 1.50}, "": "\u00e9\""}, true], "y": 2})");
  const JsonId b = d.resolve(0, "/a/0");
  const JsonDocument own = d.extract(b);
  CHECK(own.size() == 4);
  CHECK(own.key(0) == "");
  CHECK(own.parent(0) == kNoJson);
  CHECK(own.pointer(own.resolve(0, "/b/c")) == "/b/c");
  CHECK(own.text(own.resolve(0, "/b/c")) == "1.50");
  CHECK(json_text(own, 0) == "{\"b\":{\"c\":1.50},\"\":\"\xC3\xA9\\\"\"}");
  CHECK(json_text(d, b) == json_text(own, 0));
  CHECK(json_text(d.extract(d.resolve(0, "/a/1")), 0) == "true");
  CHECK(json_text(read("[[], {}, [1, [2]]]"), 0) == "[[],{},[1,[2]]]");
}

TEST_CASE("hidden json keys are left to pointers") {
  JsonDocument d = read(R"({"a": {"b": 1}, "c": 2})");
  JsonId a = d.resolve(0, "/a");
  d.hide_key(a);
  d.hide_key(a);
  CHECK(d.key(a) == "");
  CHECK(d.find(0, "a") == kNoJson);
  CHECK(d.written_key(a) == "a");
  CHECK(d.written_key(d.find(0, "c")) == "c");
  CHECK(d.pointer(d.resolve(0, "/a/b")) == "/a/b");
  JsonId copy = d.copy(0);
  CHECK(d.key(copy + 1) == "");
  CHECK(d.written_key(copy + 1) == "a");
}

TEST_CASE("json quoting escapes only what must be") {
  CHECK(json_quote("a\"\\\n\x01\x7F/\xC3\xA9") == "\"a\\\"\\\\\\n\\u0001\x7F/\xC3\xA9\"");
}

}  // namespace
}  // namespace xgr::core
