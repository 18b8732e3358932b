// The language of each type of format.
#include "tag_checks.h"

using namespace xgr::core;
using test::TagLanguage;

namespace {

constexpr const char* kNumber =
    R"({"type": "json_schema", "json_schema": {"type": "integer", "minimum": 0}})";

std::string tag_text(const std::string& name) {
  return R"({"begin": "<)" + name + R"(>", "content": )" + kNumber + R"(, "end": "</)" + name +
         R"(>"})";
}

TEST_CASE("structural tags: constant texts, sequences and choices") {
  TagLanguage empty(R"({"type": "const_string", "value": ""})");
  CHECK(empty(""));
  CHECK_FALSE(empty("x"));
  TagLanguage text(R"({"value": "a\"ü"})");
  CHECK(text("a\"ü"));
  CHECK_FALSE(text("a\"u"));
  TagLanguage both(R"({"elements": [{"value": "a"}, {"type": "or", "elements":
                       [{"value": "b"}, {"value": ""}]}, {"value": "c"}]})");
  CHECK(both("abc"));
  CHECK(both("ac"));
  CHECK_FALSE(both("ab"));
}

TEST_CASE("structural tags: repetitions") {
  const std::string x = R"({"type": "const_string", "value": "x"})";
  TagLanguage optional(R"({"type": "optional", "content": )" + x + "}");
  CHECK((optional("") && optional("x") && !optional("xx")));
  TagLanguage plus(R"({"type": "plus", "content": )" + x + "}");
  CHECK((!plus("") && plus("x") && plus("xxx")));
  TagLanguage star(R"({"type": "star", "content": )" + x + "}");
  CHECK((star("") && star("xxx") && !star("y")));
  TagLanguage some(R"({"type": "repeat", "min": 2, "max": 3, "content": )" + x + "}");
  CHECK((!some("x") && some("xx") && some("xxx") && !some("xxxx")));
  TagLanguage many(R"({"min": 2, "max": -1, "content": )" + x + "}");
  CHECK((!many("x") && many("xx") && many("xxxxx")));
  TagLanguage huge(R"({"type": "repeat", "min": 0, "max": 99999999999, "content": )" + x + "}");
  CHECK((huge("") && huge("xxxxx")));
}

TEST_CASE("structural tags: schemas, grammars and patterns") {
  TagLanguage schema(R"({"json_schema": {"type": "object", "properties": {"a": {"type": "boolean"},
                         "b": {}}, "required": ["a"]}})");
  CHECK(schema(R"({"a": true})"));
  CHECK(schema(R"({ "a":false,"b":[] })"));
  CHECK_FALSE(schema(R"({"b": 1, "a": true})"));
  CHECK_FALSE(schema(R"({"a": true, "c": 1})"));
  TagLanguage any_order(R"({"type": "json_schema", "any_order": true, "json_schema":
      {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["a", "b"]}})");
  CHECK(any_order(R"({"b": 1, "a": 2})"));
  CHECK_FALSE(any_order(R"({"b": 1})"));
  TagLanguage spaced(R"({"json_schema": {"const": [1]}, "max_whitespace_cnt": 1})");
  CHECK(spaced("[ 1 ]"));
  CHECK_FALSE(spaced("[  1]"));
  TagLanguage ebnf(R"({"type": "grammar", "grammar": "root ::= \"a\" rest\nrest ::= [0-9]+"})");
  CHECK((ebnf("a12") && !ebnf("a")));
  TagLanguage lark(R"({"type": "grammar", "syntax": "lark", "grammar": "start: \"a\" /[0-9]+/"})");
  CHECK((lark("a12") && !lark("a")));
  TagLanguage regex(R"({"type": "regex", "pattern": "a.c"})");
  CHECK((regex("abc") && regex("a\nc") && !regex("xabc")));
}

TEST_CASE("structural tags: free text ends where the tag does") {
  TagLanguage any(R"({"type": "any_text"})");
  CHECK((any("") && any("a\n<b>")));
  TagLanguage without(R"({"type": "any_text", "excludes": ["ab", "ü"]})");
  CHECK((without("a b") && !without("xaby") && !without("ü")));
  TagLanguage tag(R"({"begin": "<a>", "content": {"type": "any_text"}, "end": ["</a>", "</b>"]})");
  CHECK((tag("<a></a>") && tag("<a>x</b>") && tag("<a></</b>")));
  CHECK_FALSE(tag("<a>x</a>y</a>"));
  TagLanguage inner(R"({"begin": "<", "end": ">", "content": {"begin": "[", "end": "]",
                        "content": {"type": "any_text"}}})");
  CHECK((inner("<[]>") && inner("<[>]>") && !inner("<[]]>") && !inner("[]>")));
}

TEST_CASE("structural tags: text within a budget of characters") {
  TagLanguage few(R"({"type": "any_text", "max_chars": 2})");
  CHECK((few("") && few("üü") && !few("abc")));
  TagLanguage tag(R"({"begin": "<", "content": {"type": "any_text", "max_chars": 3}, "end": ">"})");
  CHECK((tag("<abc>") && tag("<>") && !tag("<abcd>") && !tag("<a>b>")));
  TagLanguage none(
      R"({"begin": "<", "content": {"type": "any_text", "max_chars": 0}, "end": ">"})");
  CHECK((none("<>") && !none("<a>")));
  TagLanguage no_token(R"({"type": "any_text", "max_tokens": 0})");
  CHECK((no_token("") && !no_token("a")));
}

TEST_CASE("structural tags: a budget of tokens is one of a rule") {
  Grammar g = test::parse_tag(test::tag_of(R"({"elements": [
      {"type": "any_text", "excludes": ["x"], "max_tokens": 7},
      {"type": "any_text", "excludes": ["x"], "max_tokens": 7}]})"));
  int budgets = 0;
  for (const Rule& r : g.rules) budgets += r.attributes && r.attributes->max_tokens == 7;
  CHECK(budgets == 1);
}

TEST_CASE("structural tags: triggers lead to the tags that begin with them") {
  const std::string tags =
      R"("triggers": ["<"], "tags": [)" + tag_text("a") + ", " + tag_text("b") + "]";
  TagLanguage text(R"({"type": "triggered_tags", )" + tags + "}");
  for (const char* good : {"", "free", "<a>1</a>", "x<b>2</b>y<a>3</a>"}) CHECK(text(good));
  for (const char* bad : {"<", "<c", "<a>x</a>", "<a>1</b>", "1 < 2"}) CHECK_FALSE(text(bad));
  TagLanguage first(R"({"type": "triggered_tags", "at_least_one": true, )" + tags + "}");
  CHECK((first("<a>1</a>") && first("<a>1</a>x<b>2</b>") && !first("") && !first("x<a>1</a>")));
  TagLanguage one(R"({"type": "triggered_tags", "stop_after_first": true, )" + tags + "}");
  CHECK((one("x") && one("x<a>1</a>") && !one("<a>1</a>x") && !one("<a>1</a><a>1</a>")));
  TagLanguage only(R"({"at_least_one": true, "stop_after_first": true, )" + tags + "}");
  CHECK((only("<a>1</a>") && !only("") && !only("<a>1</a>x")));
  TagLanguage without(R"({"excludes": ["x"], )" + tags + "}");
  CHECK((without("y<a>1</a>z") && !without("x") && !without("<a>1</a>x")));
}

TEST_CASE("structural tags: tags with a separator") {
  const std::string tags = R"("tags": [)" + tag_text("a") + ", " + tag_text("b") + "]";
  TagLanguage list(R"({"separator": ", ", )" + tags + "}");
  for (const char* good : {"", "<a>1</a>", "<a>1</a>, <b>2</b>, <a>1</a>"}) CHECK(list(good));
  for (const char* bad : {"<a>1</a>, ", "<a>1</a><b>2</b>", "x"}) CHECK_FALSE(list(bad));
  TagLanguage some(R"({"separator": "", "at_least_one": true, )" + tags + "}");
  CHECK((some("<a>1</a><b>2</b>") && !some("")));
  TagLanguage one(R"({"separator": ",", "stop_after_first": true, )" + tags + "}");
  CHECK((one("") && one("<a>1</a>") && !one("<a>1</a>,<a>1</a>")));
}

TEST_CASE("structural tags: a dispatch") {
  const std::string rules = R"("rules": [["a:", {"value": "1"}], ["b:", {"value": "2"}]])";
  TagLanguage loop(R"({"type": "dispatch", )" + rules + "}");
  CHECK((loop("xa:1yb:2") && loop("") && !loop("a:2") && !loop("a:")));
  TagLanguage once(R"({"loop": false, )" + rules + "}");
  CHECK((once("xa:1") && !once("a:1x")));
  TagLanguage without(R"({"type": "dispatch", "excludes": ["x"], )" + rules + "}");
  CHECK((without("ya:1") && !without("xa:1")));
}

TEST_CASE("structural tags: the older form") {
  Grammar g = test::parse_tag(R"({"triggers": ["<f"], "tags": [
      {"begin": "<f=a>", "schema": {"type": "integer"}, "end": "</f>"},
      {"begin": "<f=b>", "schema": "{\"type\": \"boolean\"}", "end": "</f>"}]})");
  const auto is = [&](std::string_view text) { return test::NaiveMatcher(g).accepts(text); };
  CHECK((is("") && is("x<f=a>1</f>y<f=b>true</f>")));
  CHECK_FALSE(is("<f=a>true</f>"));
  CHECK_FALSE(is("<f=c>1</f>"));
}

TEST_CASE("structural tags: equal parts are built once") {
  const std::string schema =
      R"({"json_schema": {"type": "object", "properties": {"a": {"type": "string"}}}})";
  const size_t once = test::parse_tag(test::tag_of(schema)).rules.size();
  Grammar twice =
      test::parse_tag(test::tag_of(R"({"elements": [)" + schema + ", " + schema + "]}"));
  CHECK(twice.rules.size() == once);
}

TEST_CASE("structural tags: depth does not matter") {
  std::string deep = R"({"value": "x"})";
  for (int i = 0; i < 20000; ++i) deep = R"({"type": "optional", "content": )" + deep + "}";
  TagLanguage language(deep);
  CHECK((language("") && language("x")));
}

}  // namespace
