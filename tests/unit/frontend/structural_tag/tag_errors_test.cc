// What is refused, where, and what the message says.
#include "tag_checks.h"

using namespace xgr::core;
using test::check_refused_tag;
using test::tag_of;

namespace {

void check_format(const std::string& format, const std::string& pointer, const std::string& part) {
  check_refused_tag(tag_of(format), "/format" + pointer, part);
}

TEST_CASE("structural tags: what is no structural tag") {
  Error e = test::refused_tag("{\"format\": ");
  CHECK(e.byte_offset >= 0);
  check_refused_tag("[]", "", "a structural tag is an object");
  check_refused_tag(R"({"type": "x", "format": {}})", "/type", "\"structural_tag\"");
  check_refused_tag(R"({"type": 1, "format": {}})", "/type", "a string, found a number");
  check_refused_tag("{}", "", "\"format\" is missing");
  check_refused_tag(R"({"format": "x"})", "/format", "a format must be an object, found a string");
}

TEST_CASE("structural tags: types") {
  check_format(
      R"({"type": "wish"})", "/type",
      "no format has the type \"wish\"; expected one of \"const_string\", \"json_schema\"");
  check_format(R"({"type": 3})", "/type", "\"type\" must be a string, found a number");
  check_format(R"({"color": "red"})", "", "the format has no \"type\"");
  check_format(
      R"({"type": "sequence", "elements": [{"type": "or", "elements": [{"type": "no"}]}]})",
      "/elements/0/elements/0/type", "no format has the type \"no\"");
}

TEST_CASE("structural tags: members that are missing or of another type") {
  check_format(R"({"type": "const_string"})", "", "\"value\" is missing in \"const_string\"");
  check_format(R"({"value": null})", "/value", "\"value\" must be a string, found null");
  check_format(R"({"type": "json_schema"})", "", "\"json_schema\" is missing");
  check_format(R"({"json_schema": "x"})", "/json_schema", "an object or a boolean, found a string");
  check_format(R"({"json_schema": {}, "style": "x"})", "/style", "expected one of \"json\"");
  check_format(R"({"json_schema": {}, "any_order": 1})", "/any_order", "true or false");
  check_format(R"({"json_schema": {}, "max_whitespace_cnt": 0})", "/max_whitespace_cnt", "from 1");
  check_format(R"({"json_schema": {}, "excludes": [""]})", "/excludes/0", "is empty");
  check_format(R"({"type": "sequence"})", "", "\"elements\" is missing");
  check_format(R"({"elements": {}})", "/elements", "a list of formats, found an object");
  check_format(R"({"type": "or", "elements": []})", "/elements", "\"elements\" is empty");
  check_format(R"({"type": "star"})", "", "\"content\" is missing in \"star\"");
  check_format(R"({"type": "star", "content": []})", "/content", "a format must be an object");
  check_format(R"({"type": "any_text", "excludes": "x"})", "/excludes", "a list of strings");
  check_format(R"({"type": "any_text", "max_chars": -1})", "/max_chars", "from 0 to 2147483647");
  check_format(R"({"type": "any_text", "max_tokens": 1.5})", "/max_tokens", "found 1.5");
  check_format(R"({"type": "any_text", "max_tokens": "x"})", "/max_tokens", "found a string");
  check_format(R"({"type": "any_text", "max_chars": 2147483648})", "/max_chars",
               "found 2147483648");
  check_format(R"({"type": "repeat", "min": -1, "max": 1, "content": {"value": ""}})", "/min",
               "from 0");
  check_format(R"({"type": "repeat", "min": 2, "max": 1, "content": {"value": ""}})", "/max",
               "less than \"min\", 2");
  check_format(R"({"type": "repeat", "max": 1, "content": {"value": ""}})", "",
               "\"min\" is missing");
  check_format(R"({"type": "regex", "pattern": ""})", "/pattern", "is empty");
  check_format(R"({"type": "grammar", "grammar": ""})", "/grammar", "is empty");
  check_format(R"({"type": "grammar", "grammar": "x", "syntax": "bnf"})", "/syntax", "\"lark\"");
}

TEST_CASE("structural tags: tags") {
  const std::string content = R"("content": {"type": "const_string", "value": "x"})";
  check_format(R"({"type": "tag", )" + content + R"(, "end": ""})", "", "\"begin\" is missing");
  check_format(R"({"begin": 1, )" + content + R"(, "end": ""})", "/begin", "found a number");
  check_format(R"({"type": "tag", "begin": "", "end": ""})", "", "\"content\" is missing");
  check_format(R"({"type": "tag", "begin": "", )" + content + "}", "", "\"end\" is missing");
  check_format(R"({"begin": "", "end": [], )" + content + "}", "/end", "\"end\" is empty");
  check_format(R"({"begin": "", "end": ["a", 1], )" + content + "}", "/end/1", "an end of a tag");
  check_format(R"({"begin": "", "end": {"implicit": true}, )" + content + "}", "/end",
               "\"end\" is missing in an end");
  check_format(R"({"begin": "", "end": [{"implicit": true, "end": ""}], )" + content + "}",
               "/end/0/end", "an implicit end is empty");
  check_format(R"({"begin": "<a>", "end": "", "content": {"type": "any_text"}})", "/end",
               "the end is empty, but the content has none of its own");
  check_format(R"({"begin": "<a>", "end": ["", ""], "content": {"type": "star",
                   "content": {"value": "a"}}})",
               "/end/0", "the end is empty");
  test::TagLanguage excluded(R"({"begin": "<a>", "end": "", "content": {"excludes": ["b"]}})");
  CHECK((excluded("<a>xyz") && !excluded("<a>b")));
}

TEST_CASE("structural tags: triggers") {
  const std::string tags =
      R"("tags": [{"begin": "<a>", "content": {"value": "x"}, "end": "</a>"}])";
  const std::string type = R"({"type": "triggered_tags", )";
  check_format(type + tags + "}", "", "\"triggers\" is missing");
  check_format(type + tags + R"(, "triggers": []})", "/triggers", "\"triggers\" is empty");
  check_format(type + tags + R"(, "triggers": "<"})", "/triggers", "a list of strings");
  check_format(type + tags + R"(, "triggers": [1]})", "/triggers/0", "must be a string");
  check_format(type + tags + R"(, "triggers": ["<", ""]})", "/triggers/1", "is empty");
  check_format(type + tags + R"(, "triggers": ["<", "<"]})", "/triggers/1", "given twice");
  check_format(type + tags + R"(, "triggers": ["a"]})", "/tags/0/begin", "none of the triggers");
  check_format(type + tags + R"(, "triggers": ["<", "<a"]})", "/tags/0/begin",
               "the triggers \"<a\" and \"<\"");
  check_format(type + tags + R"(, "triggers": ["<", "x"]})", "/triggers/1", "no tag begins with");
  check_format(type + R"("triggers": ["<"]})", "", "\"tags\" is missing");
  check_format(type + R"("triggers": ["<"], "tags": []})", "/tags", "\"tags\" is empty");
  check_format(type + R"("triggers": ["<"], "tags": [{"type": "or"}]})", "/tags/0/type",
               "expected a tag");
  check_format(type + tags + R"(, "triggers": ["<"], "at_least_one": "x"})", "/at_least_one",
               "true or false");
  check_format(type + tags + R"(, "triggers": ["<"], "stop_after_first": 1})", "/stop_after_first",
               "true or false");
  check_format(type + tags + R"(, "triggers": ["<a"], "excludes": ["<"]})", "", "begins the tag");
  check_format(type + R"("triggers": ["<"], "tags": [{"begin": {"type": "token", "token": 7},
               "content": {"value": "x"}, "end": ""}]})",
               "/tags/0/begin", "with a string");
  check_format(R"({"type": "dispatch", "rules": []})", "/rules", "\"rules\" is empty");
  check_format(R"({"type": "dispatch", "rules": [["a"]]})", "/rules/0", "must be a pair");
  check_format(R"({"type": "dispatch", "rules": [[1, {"value": "a"}]]})", "/rules/0/0", "a string");
}

TEST_CASE("structural tags: a huge one is charged") {
  std::string elements = R"({"value": "a"})";
  for (int i = 0; i < 20000; ++i) elements += R"(, {"value": "a"})";
  const std::string text = tag_of(R"({"type": "or", "elements": [)" + elements + "]}");
  CHECK(parse_structural_tag(text, {}, Limits()).ok());
  for (const Work::Bounds& bounds :
       {Work::Bounds{.steps = 20000, .steps_option = "max_compile_work"},
        Work::Bounds{.bytes = 1 << 20, .bytes_option = "max_compile_memory"}}) {
    Work work(bounds);
    Limits limits;
    limits.work = &work;
    CHECK_THROWS_AS(static_cast<void>(parse_structural_tag(text, {}, limits)), WorkStopped);
  }
  Limits shallow;
  shallow.max_nesting = 10;
  std::string deep = R"({"value": "a"})";
  for (int i = 0; i < 20; ++i) deep = R"({"type": "star", "content": )" + deep + "}";
  CHECK(parse_structural_tag(tag_of(deep), {}, shallow).error().code == Status::kLimitExceeded);
}

}  // namespace
