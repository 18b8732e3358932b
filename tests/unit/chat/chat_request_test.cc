#include "chat/chat_request.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

const std::string kTwoTools =
    R"("tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
                 {"type": "function", "name": "g"}, {"type": "browser", "name": "web"}])";

ChatRequest request(const std::string& text) {
  Result<ChatRequest> r = read_chat_request(text, Limits{});
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message));
  return std::move(r).value();
}

std::string names(const ChatRequest& r) {
  std::string out;
  for (const ChatTool& tool : r.tools) out += tool.name + ";";
  return out;
}

void refused(const std::string& text, std::string_view pointer, std::string_view says) {
  Result<ChatRequest> r = read_chat_request(text, Limits{});
  REQUIRE_MESSAGE(!r.ok(), text);
  CHECK_MESSAGE(r.error().json_pointer == pointer, text);
  CHECK_MESSAGE(r.error().message.find(says) != std::string::npos, r.error().message);
}

TEST_CASE("requests: tools in each shape") {
  ChatRequest r = request("{" + kTwoTools + R"(, "model": "m", "temperature": 1})");
  CHECK(names(r) == "f;g;web;");
  CHECK(r.tools[0].schema == R"({"type":"object"})");
  CHECK(r.tools[1].schema == R"({"type":"object","additionalProperties":true})");
  CHECK(r.tools[2].builtin);
  CHECK(!r.call_required);
  CHECK(r.parallel);
  r = request(R"({"tools": [{"function": {"name": "f", "parameters": null, "strict": null}},
                  {"function": {"name": "h", "parameters": {"a": 1}, "strict": false}},
                  {"type": "code", "parameters": false}], "tool_choice": null})");
  CHECK(r.tools[1].schema == R"({"type":"object","additionalProperties":true})");
  CHECK(r.tools[2].name == "code");
  CHECK(r.tools[2].schema == "false");
}

TEST_CASE("requests: tool_choice says which tools are left") {
  auto with = [](const std::string& choice) {
    return request("{" + kTwoTools + R"(, "tool_choice": )" + choice + "}");
  };
  CHECK(names(with(R"("auto")")) == "f;g;web;");
  CHECK(names(with(R"("none")")).empty());
  CHECK(with(R"("required")").call_required);
  ChatRequest forced = with(R"({"type": "function", "function": {"name": "g"}})");
  CHECK(names(forced) == "g;");
  CHECK(forced.call_forced);
  CHECK(names(with(R"({"type": "function", "name": "f"})")) == "f;");
  CHECK(names(with(R"({"type": "browser"})")) == "web;");
  ChatRequest some = with(R"({"type": "allowed_tools", "allowed_tools": {"mode": "required",
      "tools": [{"type": "browser"}, {"type": "function", "function": {"name": "f"}}]}})");
  CHECK(names(some) == "f;web;");
  CHECK(some.call_required);
  CHECK(!some.call_forced);
  CHECK(names(with(R"({"type": "allowed_tools", "mode": "auto", "tools": []})")).empty());
}

TEST_CASE("requests: reasoning, answer, markers and the rest") {
  ChatRequest r = request(R"({"reasoning": {"mode": "auto", "budget": 7, "in_prompt": true},
      "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": true}},
      "parallel_tool_calls": false, "token_markers": ["<a>"], "stop_tokens": ["<|call|>"],
      "marker_suffix": ":x", "any_order": true, "max_whitespace": 2})");
  CHECK(r.reasoning == ReasoningMode::kAuto);
  CHECK(r.reasoning_budget == 7);
  CHECK(r.reasoning_in_prompt == true);
  CHECK(r.answer == "true");
  CHECK(!r.parallel);
  CHECK(r.token_markers == TokenMarkers::kListed);
  CHECK(r.listed_markers[0] == "<a>");
  CHECK(r.stop_tokens[0] == "<|call|>");
  CHECK(r.marker_suffix == ":x");
  CHECK(r.any_order);
  CHECK(r.max_whitespace == 2);
  CHECK(request(R"({"reasoning": "off"})").reasoning == ReasoningMode::kOff);
  CHECK(request(R"({"reasoning": true})").reasoning == ReasoningMode::kOn);
  CHECK(!request(R"({"response_format": {"type": "text"}})").answer);
  CHECK(request(R"({"response_format": {"type": "json_object"}})").answer);
  CHECK(request(R"({"response_format": {"type": "json_schema", "schema": {}}})").answer == "{}");
  CHECK(request(R"({"token_markers": true})").token_markers == TokenMarkers::kAll);
}

TEST_CASE("requests: what is wrong is said with a pointer") {
  refused("[]", "", "\"tools\"");
  refused("{", "", "");
  refused(R"({"tools": {}})", "/tools", "an array");
  refused(R"({"tools": [1]})", "/tools/0", "an object");
  refused(R"({"tools": [{}]})", "/tools/0", "\"function\"");
  refused(R"({"tools": [{"type": "function"}]})", "/tools/0", "\"function\"");
  refused(R"({"tools": [{"type": "x", "function": {"name": "f"}}]})", "/tools/0/type", "function");
  refused(R"({"tools": [{"function": {}}]})", "/tools/0/function", "\"name\"");
  refused(R"({"tools": [{"function": 1}]})", "/tools/0/function", "an object");
  refused(R"({"tools": [{"function": {"name": ""}}]})", "/tools/0/function/name", "not empty");
  refused(R"({"tools": [{"function": {"name": "f", "parameters": 1}}]})",
          "/tools/0/function/parameters", "JSON Schema");
  refused(R"({"tools": [{"function": {"name": "f", "strict": 1}}]})", "/tools/0/function/strict",
          "true or false");
  refused(R"({"tools": [{"function": {"name": "f"}}, {"type": "b", "name": "f"}]})",
          "/tools/1/name", "/tools/0/function/name");
  refused(R"({"tool_choice": "required"})", "/tool_choice", "at least one");
  refused(R"({"tool_choice": "some"})", "/tool_choice", "\"required\"");
  auto choice = [](const std::string& text) {
    return "{" + kTwoTools + R"(, "tool_choice": )" + text + "}";
  };
  refused(choice("{}"), "/tool_choice", "\"type\"");
  refused(choice(R"({"type": "function"})"), "/tool_choice", "name");
  refused(choice(R"({"type": "function", "function": {"name": "x"}})"), "/tool_choice", "\"x\"");
  refused(choice(R"({"type": "python"})"), "/tool_choice", "\"python\"");
  refused(choice(R"({"type": "allowed_tools"})"), "/tool_choice", "\"tools\"");
  refused(choice(R"({"type": "allowed_tools", "mode": "x", "tools": []})"), "/tool_choice/mode",
          "\"required\"");
  refused(choice(R"({"type": "allowed_tools", "mode": "required", "tools": []})"), "/tool_choice",
          "at least one");
  refused(choice(R"({"type": "allowed_tools", "tools": [{"type": "function", "name": "y"}]})"),
          "/tool_choice/tools/0", "\"y\"");
  refused(R"({"tools": [{"type": "b", "name": "x"}, {"type": "b", "name": "y"}],
              "tool_choice": {"type": "b"}})",
          "/tool_choice", "more than one");
  refused(R"({"reasoning": "maybe"})", "/reasoning", "\"auto\"");
  refused(R"({"reasoning": {"budget": -1}})", "/reasoning/budget", "from 0");
  refused(R"({"reasoning": {"budget": 1.5}})", "/reasoning/budget", "whole number");
  refused(R"({"response_format": {"type": "xml"}})", "/response_format/type", "\"json_object\"");
  refused(R"({"response_format": {"type": "json_schema"}})", "/response_format", "\"schema\"");
  refused(R"({"token_markers": 1})", "/token_markers", "array");
  refused(R"({"stop_tokens": "x"})", "/stop_tokens", "array");
  refused(R"({"max_whitespace": 0})", "/max_whitespace", "from 1");
}

}  // namespace
}  // namespace xgr::core
