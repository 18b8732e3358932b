// Ends that are not consumed: what follows begins with them.
#include "tag_checks.h"

using namespace xgr::core;
using test::check_refused_tag;
using test::tag_of;
using test::TagLanguage;

namespace {

// Reasoning that ends with "</t>", or where a call begins.
constexpr const char* kThink = R"({"begin": "<t>", "content": {"type": "any_text"},
    "end": ["</t>", {"implicit": true, "end": "<c>"}]})";
constexpr const char* kCalls = R"({"type": "triggered_tags", "triggers": ["<c>"], "tags": [
    {"begin": "<c>", "content": {"type": "regex", "pattern": "[0-9]+"}, "end": "</c>"}]})";

std::string all_of(std::initializer_list<std::string> elements) {
  std::string out;
  for (const std::string& e : elements) out += (out.empty() ? "" : ", ") + e;
  return R"({"type": "sequence", "elements": [)" + out + "]}";
}

TEST_CASE("structural tags: an implicit end is what follows") {
  TagLanguage reply(all_of({kThink, kCalls}));
  CHECK(reply("<t>x</t>"));
  CHECK(reply("<t>x</t>y<c>1</c>"));
  CHECK(reply("<t>x<c>1</c>"));
  CHECK(reply("<t><c>1</c>y"));
  CHECK_FALSE(reply("<t>x"));
  CHECK_FALSE(reply("<t>x<c>"));
  CHECK_FALSE(reply("<t>x<c>a</c>"));
  CHECK_FALSE(reply("<t>x<c>1</c></t>y<c>"));
}

TEST_CASE("structural tags: what follows an implicit end may be shorter than it") {
  const std::string parts = R"({"type": "optional", "content": {"value": "<"}}, {"value": "c>"})";
  TagLanguage text(all_of({kThink, parts}));
  CHECK(text("<t>x<c>"));
  CHECK(text("<t>x</t>c>"));
  CHECK_FALSE(text("<t>xc>"));
  TagLanguage nested(all_of({all_of({kThink, R"({"type": "optional", "content": {"value": "<"}})"}),
                             R"({"value": "c>"})"}));
  CHECK(nested("<t>x<c>"));
  CHECK(nested("<t>x</t><c>"));
  CHECK_FALSE(nested("<t>xc>"));
}

TEST_CASE("structural tags: an implicit end in an optional part and in a choice") {
  const std::string maybe = std::string(R"({"type": "optional", "content": )") + kThink + "}";
  TagLanguage reply(
      all_of({maybe, R"({"type": "or", "elements": [{"value": "<c>1"}, {"value": "2"}]})"}));
  CHECK((reply("<c>1") && reply("2") && reply("<t>x<c>1") && reply("<t></t>2")));
  CHECK_FALSE(reply("<t>x2"));
}

TEST_CASE("structural tags: an implicit end in a loop") {
  const std::string item =
      R"({"begin": "* ", "content": {"type": "any_text"}, "end": [".", {"implicit": true, "end": "* "}]})";
  TagLanguage list(R"({"type": "plus", "content": )" + item + "}");
  for (const char* good : {"* a.", "* a* b.", "* a* b* c.", "* a.* b."}) CHECK(list(good));
  for (const char* bad : {"", "* a", "* a* b", "* a.b."}) CHECK_FALSE(list(bad));
  TagLanguage two(R"({"type": "repeat", "min": 1, "max": 2, "content": )" + item + "}");
  CHECK((two("* a.") && two("* a* b.") && !two("* a* b* c.")));
  TagLanguage before(
      all_of({R"({"type": "star", "content": )" + item + "}", R"({"value": "* end"})"}));
  CHECK((before("* end") && before("* a* end") && before("* a* b* end") && before("* a.* end")));
  CHECK_FALSE(before("* a end"));
  TagLanguage tags(R"({"type": "tags_with_separator", "separator": "", "tags": [)" + item + "]}");
  CHECK((tags("") && tags("* a* b.") && !tags("* a* b")));
}

TEST_CASE("structural tags: an implicit end of a tag in free text") {
  TagLanguage text(R"({"type": "triggered_tags", "triggers": ["<c>"], "tags": [{"begin": "<c>",
      "content": {"type": "regex", "pattern": "[0-9]+"}, "end": [";", {"implicit": true, "end": "<c>"}]}]})");
  for (const char* good : {"", "x", "x<c>1;y", "<c>1<c>2;", "x<c>1<c>2<c>3;y"}) CHECK(text(good));
  for (const char* bad : {"<c>1", "<c>1<c>", "<c>1<c>2", "<c>1 <c>2;"}) CHECK_FALSE(text(bad));
}

TEST_CASE("structural tags: an implicit end in front of a schema and a grammar") {
  const std::string think = R"({"begin": "<t>", "content": {"type": "any_text"},
      "end": {"implicit": true, "end": "{\""}})";
  TagLanguage schema(all_of({think, R"({"json_schema": {"type": "object", "properties": {
      "a": {"type": "integer"}}, "required": ["a"]}})"}));
  CHECK((schema("<t>x{\"a\": 1}") && !schema("<t>x{ \"a\": 1}") && !schema("<t>x")));
  TagLanguage grammar(all_of({think, R"({"type": "grammar",
      "grammar": "root ::= open rest | \"x\"\nopen ::= \"{\"\nrest ::= \"\\\"\" rest | \"}\""})"}));
  CHECK(
      (grammar("<t>y{\"}") && grammar("<t>y{\"\"\"}") && !grammar("<t>y{}") && !grammar("<t>yx")));
}

TEST_CASE("structural tags: an implicit end that is a token, and a list of both") {
  Grammar g = test::parse_tag(tag_of(all_of(
      {R"({"begin": "a", "content": {"value": "b"}, "end": [{"implicit": true, "end": {"token": 7}}, "c"]})",
       R"({"type": "star", "content": {"type": "token", "token": 7}})"})));
  CHECK(print_ebnf(g, Limits()).value() ==
        "root ::= \"a\" \"b\" \"c\" root_1 | \"a\" \"b\" Token(7) root_1\nroot_1 ::= Token(7)*\n");
}

TEST_CASE("structural tags: an implicit end with nothing behind it") {
  check_refused_tag(tag_of(R"({"begin": "", "content": {"type": "any_text"},
      "end": {"implicit": true, "end": "x"}})"),
                    "/format", "nothing follows");
  check_refused_tag(tag_of(R"({"type": "repeat", "min": 0, "max": 1000, "content": {"begin": "a",
      "content": {"value": ""}, "end": {"implicit": true, "end": "a"}}})"),
                    "/format", "64 rounds");
  check_refused_tag(
      tag_of(all_of({kThink, R"({"type": "grammar", "grammar": "root ::= root \"a\" | \"b\""})"})),
      "/format", "calls itself");
}

StructuralTagOptions with_stop(uint32_t id) {
  StructuralTagOptions options;
  options.stop_tokens.add(id, id);
  return options;
}

TEST_CASE("structural tags: a stop token is an end behind all of the output") {
  const std::string item = R"({"begin": "<", "content": {"type": "any_text"},
      "end": [">", {"token": 9}]})";
  TagLanguage one(item, with_stop(9));
  CHECK((one("<a>") && one("<a") && !one("<a>b") && !one("a")));
  TagLanguage followed(all_of({item, R"({"value": "x"})"}), with_stop(9));
  CHECK((followed("<a>x") && !followed("<a") && !followed("<ax")));
  TagLanguage many(R"({"type": "star", "content": )" + item + "}", with_stop(9));
  CHECK((many("") && many("<a><b") && many("<a>") && !many("<a>b")));
  const std::string call =
      R"({"type": "triggered_tags", "triggers": ["<c>"], "tags": [{"begin": "<c>",
      "content": {"type": "regex", "pattern": "[0-9]+"}, "end": [";", {"token": 9}]}]})";
  TagLanguage text(call, with_stop(9));
  CHECK((text("x<c>1;y") && text("x<c>1;y<c>2") && !text("<c>1y") && !text("<c>")));
  TagLanguage inside(all_of({call, R"({"type": "token", "token": 9})"}), with_stop(9));
  CHECK((inside("x<c>1;y") && inside("<c>2") && !inside("<c>1y")));
}

}  // namespace
