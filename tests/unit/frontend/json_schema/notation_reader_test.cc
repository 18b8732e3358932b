// Notations of arguments given as JSON: frontend/json_schema/notation_reader.cc.
#include "frontend/json_schema/notation_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "../naive_match.h"
#include "frontend/frontend.h"

namespace xgr::core {
namespace {

constexpr std::string_view kArguments = R"({"properties": {"s": {"type": "string"},
    "l": {"type": "array", "items": {"type": "integer"}}}, "additionalProperties": false})";

NaiveMatcher with_notation(std::string_view notation) {
  JsonSchemaOptions options;
  options.notation = notation;
  Result<Grammar> g = parse_json_schema(kArguments, options, {});
  REQUIRE_MESSAGE(g.ok(), g.error().message);
  return NaiveMatcher(std::move(g).value());
}

}  // namespace

TEST_CASE("a notation of arguments may be given as JSON") {
  NaiveMatcher own =
      with_notation(R"({"before_key": "<x n='", "after_key": "' t=", "after_value": "</x>",
      "marks": [{"types": ["string"], "text": "s>"}, {"types": ["any"], "text": "j>"}]})");
  CHECK(own.accepts("<x n='s' t=s>a</x>\n<x n='l' t=j> [1] </x>"));
  CHECK(!own.accepts("<x n='s' t=j>a</x>"));
  NaiveMatcher like = with_notation(R"({"like": "minimax_xml", "before_key": "<m:p name=\"",
      "after_value": "</m:p>"})");
  CHECK(like.accepts("<m:p name=\"s\">a</m:p>"));
  NaiveMatcher nested = with_notation(R"({"open": "<<", "close": ">>", "separator": ";",
      "after_key": "=", "string": "between", "string_open": "`", "string_close": "`",
      "value_gaps": false,
      "nested": {"open": "<<", "close": ">>", "separator": ";", "after_key": "="},
      "array": {"open": "<", "close": ">", "separator": ";"}})");
  CHECK(nested.accepts("<<s=`a`;l=<1;2>>>"));
  CHECK(!nested.accepts("<<s=`a`;l=[1]>>"));
  NaiveMatcher style = with_notation("\"gemma\"");
  CHECK(style.accepts("{l:[1]}"));
}

TEST_CASE("notations of arguments that cannot be") {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"[]", "an object"},
      {"{\"before_kee\": \"\"}", "before_kee"},
      {"{\"like\": \"json\"}", "json"},
      {"{\"like\": \"xml\"}", "qwen_xml"},
      {"{\"after_key\": \">\"}", "after_value"},
      {"{\"after_value\": \"<\"}", "after_key"},
      {"{\"after_key\": 1}", "a text"},
      {"{\"after_key\": \">\", \"after_value\": \"aba\"}", "ends as it begins"},
      {"{\"like\": \"gemma\", \"string_open\": \"\"}", "string_open"},
      {"{\"like\": \"gemma\", \"array\": {\"open\": \"\"}}", "before_item"},
      {"{\"like\": \"qwen_xml\", \"key\": \"python\"}", "nested"},
      {"{\"like\": \"qwen_xml\", \"string\": \"raw\"}", "until_end"},
      {"{\"like\": \"qwen_xml\", \"gaps\": 1}", "true or false"},
      {"{\"like\": \"qwen_xml\", \"nulls\": []}", "at least one"},
      {"{\"like\": \"qwen_xml\", \"marks\": [1]}", "types"},
      {"{\"like\": \"qwen_xml\", \"before_end_key\": \"</\"}", "after_end_key"},
  };
  for (const auto& [notation, word] : table) {
    CAPTURE(notation);
    MaybeError e = check_argument_notation(notation, {});
    REQUIRE(e);
    CHECK_MESSAGE(e->message.find(word) != std::string::npos, e->message);
  }
}

}  // namespace xgr::core
