// Tokens by id and by text, and the formats that are made of them.
#include "grammar/printer.h"
#include "tag_checks.h"

using namespace xgr::core;
using test::check_refused_tag;
using test::tag_of;

namespace {

// A vocabulary with the tokens "<a>", 5, and "<b>", 6 and 7.
StructuralTagOptions with_names() {
  StructuralTagOptions options;
  options.token_count = 10;
  options.special_token = [](std::string_view text) -> Result<TokenIds> {
    TokenIds ids;
    if (text == "<a>") ids.add(5, 5);
    if (text == "<b>") ids.add(6, 7);
    if (!ids.empty()) return ids;
    return make_error(Status::kInvalidSource, "no such token");
  };
  return options;
}

// The format as EBNF.
std::string printed(const std::string& format) {
  Grammar g = test::parse_tag(tag_of(format), with_names());
  Result<std::string> text = print_ebnf(g, Limits());
  REQUIRE(text.ok());
  return text.value();
}

bool same(const std::string& format, const std::string& other) {
  return printed(format) == printed(other);
}

TEST_CASE("structural tags: a token by id, by text and as an object") {
  CHECK(printed(R"({"type": "token", "token": 5})") == "root ::= Token(5)\n");
  CHECK(same(R"({"type": "token", "token": "<a>"})", R"({"type": "token", "token": 5})"));
  CHECK(printed(R"({"type": "token", "token": "<b>"})") == "root ::= Token(6, 7)\n");
  CHECK(printed(
            R"({"type": "exclude_token", "exclude_tokens": [1, {"type": "token", "token": 3}]})") ==
        "root ::= ExcludeToken(1, 3)\n");
}

TEST_CASE("structural tags: tokens that a tag ends with end free tokens in it") {
  const std::string tag = printed(R"({"begin": {"token": "<a>"}, "end": {"token": "<b>"},
                                      "content": {"type": "any_tokens", "exclude_tokens": [1]}})");
  CHECK(tag == "root ::= Token(5) ExcludeToken(1, 6, 7)* Token(6, 7)\n");
  // Texts are another level.
  CHECK(printed(R"({"begin": "", "end": {"token": 5}, "content": {"begin": "", "end": "x",
                    "content": {"type": "any_tokens", "max_tokens": 3}}})") ==
        "root ::= ExcludeToken(5){0,3} \"x\" Token(5)\n");
  // What they exclude themselves may end them, too.
  CHECK(printed(R"({"begin": {"token": "<a>"}, "end": "",
                    "content": {"type": "any_tokens", "exclude_tokens": [1]}})") ==
        "root ::= Token(5) ExcludeToken(1)*\n");
}

TEST_CASE("structural tags: tags behind trigger tokens") {
  const std::string tags = R"("trigger_tokens": ["<a>"], "tags": [
      {"begin": {"token": "<a>"}, "content": {"value": "x"}, "end": {"token": 6}}])";
  CHECK(same(R"({"type": "token_triggered_tags", )" + tags + "}",
             R"({"type": "token_dispatch", "rules": [[5, {"elements": [{"value": "x"},
                 {"type": "token", "token": 6}]}]]})"));
  CHECK(printed(
            R"({"type": "token_triggered_tags", "at_least_one": true, "stop_after_first": true, )" +
            tags + "}") == "root ::= Token(5) \"x\" Token(6)\n");
  CHECK(printed(R"({"type": "token_dispatch", "loop": false, "exclude_tokens": [4],
                    "rules": [[5, {"value": "x"}]]})") ==
        "root ::= ExcludeToken(4, 5)* (Token(5) \"x\")?\n");
}

TEST_CASE("structural tags: markers of argument styles as tokens") {
  auto argument = [](const std::string& texts, const std::string& tokens) {
    return R"({"type": "json_schema", "style": {"like": "glm_xml", "gaps": false, "before_value": "",
               "value_gaps": false, )" +
           texts + R"(}, "token_markers": )" + tokens +
           R"(, "json_schema": {"type": "object", "required": ["k", "key"], "additionalProperties":
               false, "properties": {"k": {"type": "null"}, "key": {"const": true}}}})";
  };
  auto holds = [](const std::string& text, const std::string& part) {
    CAPTURE(text);
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  };
  // In front of names, behind them, and around values; one name may begin another.
  const std::string both = printed(argument(
      R"("before_key": "<a>n=", "after_key": "<b>", "after_value": ";<a>")", R"(["<a>", "<b>"])"));
  holds(both, "root_1_1 ::= Token(5) root_1_2\n");
  holds(both, "\"n=\" \"k\" Token(6, 7) [\\t\\n\\r ]* \"null\" \";\" Token(5) ");
  holds(both, "\"n=\" \"key\" Token(6, 7) [\\t\\n\\r ]* \"true\" \";\" Token(5) ");
  // Only those that are listed.
  holds(printed(argument(R"("before_key": "<a>", "after_key": "<b>=", "after_value": "<b>")",
                         R"(["<b>"])")),
        "\"<a>\" \"k\" Token(6, 7) \"=\" [\\t\\n\\r ]* \"null\" Token(6, 7) ");
  check_refused_tag(tag_of(argument(R"("before_key": "x")", R"(["<c>"])")),
                    "/format/token_markers/0", "no such token", with_names());
}

TEST_CASE("structural tags: tokens that are none") {
  const auto refused = [](const std::string& format, const std::string& pointer,
                          const std::string& part) {
    check_refused_tag(tag_of(format), "/format" + pointer, part, with_names());
  };
  refused(R"({"type": "token"})", "", "\"token\" is missing");
  refused(R"({"type": "token", "token": 10})", "/token", "from 0 to 9, found 10");
  refused(R"({"type": "token", "token": 3.5})", "/token", "found 3.5");
  refused(R"({"type": "token", "token": -1})", "/token", "found -1");
  refused(R"({"type": "token", "token": ""})", "/token", "is empty");
  refused(R"({"type": "token", "token": "<c>"})", "/token", "no such token");
  refused(R"({"type": "token", "token": [1]})", "/token", "found a list");
  refused(R"({"type": "exclude_token", "exclude_tokens": "x"})", "/exclude_tokens", "a list");
  refused(R"({"type": "any_tokens", "exclude_tokens": [{"type": "tok", "token": 1}]})",
          "/exclude_tokens/0", "found the type \"tok\"");
  refused(R"({"type": "token_triggered_tags", "tags": []})", "", "\"trigger_tokens\" is missing");
  refused(R"({"type": "token_triggered_tags", "trigger_tokens": [1]})", "", "\"tags\" is missing");
  const std::string tag =
      R"("tags": [{"begin": {"token": 1}, "content": {"value": "x"}, "end": ""}])";
  refused(R"({"type": "token_triggered_tags", "trigger_tokens": [2], )" + tag + "}",
          "/tags/0/begin", "none of the trigger tokens");
  refused(R"({"type": "token_triggered_tags", "trigger_tokens": [1], "exclude_tokens": [1], )" +
              tag + "}",
          "/trigger_tokens/0", "among the excluded tokens");
  refused(R"({"type": "token_triggered_tags", "trigger_tokens": [1], "tags": [{"begin": "x",
              "content": {"value": "x"}, "end": ""}]})",
          "/tags/0/begin", "with a token");
  check_refused_tag(tag_of(R"({"type": "token", "token": "<a>"})"), "/format/token",
                    "needs a tokenizer");
}

}  // namespace
