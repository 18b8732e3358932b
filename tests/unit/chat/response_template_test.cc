#include "chat/response_template.h"

#include <doctest/doctest.h>

#include <string>

#include "chat/family_tag.h"
#include "chat/template_pattern.h"

namespace xgr::core {
namespace {

// A marker at a glance: texts, and the other parts in brackets.
std::string shown(const FamilyMarker& marker) {
  constexpr const char* kNames[] = {"", "name", "arguments", "index", "id", "space", "opt", "one"};
  std::string out;
  for (const FamilyPart& part : marker) {
    if (part.kind == PartKind::kText) {
      out += part.text;
      continue;
    }
    out += std::string("[") + kNames[static_cast<size_t>(part.kind)];
    if (part.kind == PartKind::kId || part.kind == PartKind::kArguments) out += " " + part.text;
    for (const FamilyMarker& inner : part.of) out += "|" + shown(inner);
    out += "]";
  }
  return out;
}

Family family(const std::string& text) {
  Result<Family> r = read_family(text, Limits{});
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message + " " + r.error().json_pointer));
  return std::move(r).value();
}

std::string with_calls(const std::string& members) {
  return R"j({"fields": {"tool_calls": {)j" + members + "}}}";
}

void refused(const std::string& text, std::string_view pointer, std::string_view says) {
  Result<Family> r = read_family(text, Limits{});
  REQUIRE_MESSAGE(!r.ok(), text);
  CHECK_MESSAGE(r.error().json_pointer == pointer, text);
  CHECK_MESSAGE(r.error().message.find(says) != std::string::npos, r.error().message);
}

const std::string kNamed =
    R"j("transform": {"type": "function", "function": {"name": "{name}", "arguments": "{content}"}})j";

TEST_CASE("response templates: JSON calls in text") {
  Family f = family(R"j({"version": 1, "defaults": {"role": "assistant"}, "fields": {
      "thinking": {"open": "<think>", "close": "</think>", "content": "text"},
      "tool_calls": {"open": "<tool_call>", "close": "</tool_call>", "repeats": true,
                     "content": "json",
                     "transform": {"type": "function", "function": "{content}"}},
      "content": {"close": ["<|im_end|>", "</s>"]}}})j");
  CHECK(f.layout == FamilyLayout::kInline);
  CHECK(shown(f.reasoning->begin) == "<think>");
  CHECK(f.reasoning->ends[0].text == "</think>");
  CHECK(shown(f.call) ==
        R"j(<tool_call>[space]{[space]"name"[space]:[space][name][space],[space]"arguments")j"
        R"j([space]:[space][arguments json][space]}[space]</tool_call>)j");
  CHECK(!f.one_call);
  CHECK(f.texts[0].ends.empty());
  CHECK(f.stop == std::vector<std::string>{"<|im_end|>", "</s>"});
  CHECK(f.markers ==
        std::vector<std::string>{"<think>", "</think>", "<tool_call>", "</tool_call>"});
  // The same as the member of a tokenizer's configuration.
  CHECK(family(R"j({"model_max_length": 1, "response_template": {"fields": {}}})j").call.empty());
}

TEST_CASE("response templates: XML parameters") {
  Family f = family(with_calls(
      R"j("open_pattern": "\\s*<tool_call>\\s*<function=(?P<name>[^>\\n]+)>",
         "close_pattern": "</function>\\s*</tool_call>", "repeats": true, "content": "xml-inline",
         "content_args": {"tag_pattern":
             "<parameter=(?P<key>[^>\\n]+)>\\s*(?P<value>.*?)\\s*</parameter>"}, )j" +
      kNamed));
  CHECK(shown(f.call) ==
        "[space]<tool_call>[space]<function=[name]>[space][arguments qwen_xml]"
        "[space]</function>[space]</tool_call>");
  // An element that only the opening marker knows is closed.
  Family open = family(with_calls(
      R"j("open_pattern": "<tool_call>\\s*<function=(?P<name>\\w+)>", "close": "</tool_call>",
         "content": "xml-inline", "content_args": {"tag_pattern":
             "<parameter=(?P<key>\\w+)>\\s*(?P<value>.*?)\\s*</parameter>"}, )j" +
      kNamed));
  CHECK(shown(open.call) ==
        "<tool_call>[space]<function=[name]>[space][arguments qwen_xml]"
        "[space][opt|</function>[space]]</tool_call>");
  CHECK(open.one_call);
}

TEST_CASE("response templates: fields with opening markers are messages") {
  Family f = family(R"j({"start_anchor": "<|start|>assistant", "fields": {
      "thinking": {"open": "<|channel|>analysis<|message|>", "close": "<|end|>"},
      "content": {"open": "<|channel|>final<|message|>", "close": "<|end|>"},
      "tool_calls": {"open_pattern":
            "<\\|channel\\|>commentary to=functions\\.(?P<name>\\w+).*?<\\|message\\|>",
          "close": "<|call|>", "repeats": true, "content": "json", )j" +
                    kNamed + "}}}");
  CHECK(f.layout == FamilyLayout::kMessages);
  CHECK(shown(f.texts[0].begin) == "[space][opt|<|start|>assistant]<|channel|>final<|message|>");
  CHECK(
      shown(f.call) ==
      "[space][opt|<|start|>assistant]<|channel|>commentary to=functions.[name]"
      R"j([id (?:[^\<]|\<(?!\|message\|\>)){0,64}]<|message|>[space][arguments json][space]<|call|>)j");
}

TEST_CASE("response templates: lists of calls, paths, and the prompt that opened the block") {
  Family f = family(R"j({"fields": {
      "thinking": {"open_pattern": "(?:^|<think>\\s*)", "close": "</think>"},
      "content": {"open": "<response>\n", "close_pattern": "\\n?</response>"},
      "tool_calls": {
  "open" : "<acts>",
           "close" : "</acts>",
                     "content" : "json",
                                 "transform_each" : true,
                                                    "transform" : {
    "type" : "function", "function" : {"name" : "{fn.name}", "arguments" : "{fn.args}"}
  }
}
}
})j");
  CHECK(f.reasoning->in_prompt);
  CHECK(shown(f.reasoning->begin) == "[space]<think>[space]");
  REQUIRE(f.texts[0].ends.size() == 2);
  CHECK(f.texts[0].ends[0].text == "</response>");
  CHECK(f.texts[0].ends[1].text == "\n</response>");
  CHECK(shown(f.sections[0].begin) == "[space]<acts>[space][[space]");
  CHECK(shown(f.sections[0].separator) == ",[space]");
  CHECK(shown(f.sections[0].end) == "[space]][space]</acts>");
  CHECK(shown(f.call) ==
        R"j({[space]"fn"[space]:[space]{[space]"name"[space]:[space][name][space],[space]"args")j"
        R"j([space]:[space][arguments json][space]}[space]})j");
}

TEST_CASE("response templates: other spellings of strings are argument styles") {
  Family f = family(with_calls(
      R"j("open_pattern": "<\\|tool_call>call:(?P<name>\\w+)", "close": "<tool_call|>",
         "repeats": true, "content": "json", "content_args": {"unquoted_keys": true,
         "string_delims": [["<|\"|>", "<|\"|>"]]}, )j" +
      kNamed));
  CHECK(shown(f.call) == "<|tool_call>call:[name][arguments gemma]<tool_call|>");
}

TEST_CASE("response templates: a request makes a structural tag") {
  Family f = family(with_calls(R"j("open": "<f>", "close": "</f>", "content": "json")j"));
  Result<std::string> tag =
      family_structural_tag(f, R"j({"tools": [{"function": {"name": "g"}}]})j", nullptr, Limits{});
  REQUIRE(tag.ok());
  CHECK(tag.value().find(R"j("triggers":["<f>"])j") != std::string::npos);
  CHECK(tag.value().find(R"j("stop_after_first":true)j") != std::string::npos);
}

TEST_CASE("response templates: what a family cannot express is refused with the member") {
  refused(R"j({"fields": 1})j", "", "\"fields\"");
  refused(R"j({"version": 2, "fields": {}})j", "/version", "1");
  refused(R"j({"fields": {"images": {"open": "<i>"}}})j", "/fields/images", "\"tool_calls\"");
  refused(R"j({"fields": {"content": 1}})j", "/fields/content", "an object");
  refused(R"j({"fields": {"content": {"content": "kv-lines"}}})j", "/fields/content/content",
          "\"text\"");
  refused(R"j({"fields": {"thinking": {"open": "<t>"}}})j", "/fields/thinking", "close");
  refused(R"j({"fields": {"thinking": {"open": 1, "close": "x"}}})j", "/fields/thinking/open",
          "a string");
  refused(with_calls(R"j("close": "</f>", "content": "json")j"), "/fields/tool_calls", "open");
  refused(with_calls(R"j("open": "<f>", "content": "kv-lines")j"), "/fields/tool_calls/content",
          "xml-inline");
  refused(with_calls(R"j("open": "<f>", "content": "xml-inline")j"), "/fields/tool_calls/content",
          "name in the opening pattern");
  refused(with_calls(R"j("open_pattern": "<f (?P<name>x)>", "content": "xml-inline", )j" + kNamed),
          "/fields/tool_calls", "tag_pattern");
  refused(with_calls(R"j("open_pattern": "<f (?P<name>x)>", "content": "xml-inline",
              "content_args": {"tag_pattern": "(?P<key>.*)=(?P<value>.*)"
}, )j" + kNamed),
          "/fields/tool_calls/content_args/tag_pattern", "no argument style");
  refused(with_calls(R"j("open": "<f>", "content": "json", "transform": "x")j"),
          "/fields/tool_calls/transform", "a function");
  refused(with_calls(R"j("open": "<f>", "content": "json", "transform": {"function":
              {"name": "{a.name}", "arguments": "{b.args}"}})j"),
          "/fields/tool_calls/transform", "two members");
  refused(with_calls(R"j("open": "<f>", "content": "json",
              "content_args": {"string_delims": [["'", "'"]]})j"),
          "/fields/tool_calls/content_args/string_delims", "no argument style");
  refused(with_calls(R"j("open_pattern": "<f>(?=x)", "content": "json")j"),
          "/fields/tool_calls/open_pattern", "offset");
}

TEST_CASE("patterns of response templates as markers") {
  auto marker = [](std::string_view pattern) {
    Result<FamilyMarker> r = marker_of_pattern(pattern);
    REQUIRE_MESSAGE(r.ok(), pattern);
    return shown(r.value());
  };
  CHECK(marker("") == "");
  CHECK(marker(R"j(<\|a\|>\n?b)j") == "<|a|>[opt|\n]b");
  CHECK(marker(R"j(a\s+b\n*c)j") == "a[id [ \\t\\r\\n]+]b[space]c");
  CHECK(marker("(?:a|b(?:c)?)d") == "[one|a|b[opt|c]]d");
  CHECK(marker("x(?P<id>[0-9]+):[^<]*<") == "x[id [0-9]+]:[id [^<]*]<");
  CHECK(marker("a.*?") == "a[id [^\\n]{0,64}]");
  CHECK(marker("｜x") == "｜x");
  for (std::string_view bad : {"a+", "(", "a)j", "(?P<name", "(?P<name>a", "[a", "\\", "a{2",
                               "\\pL", "(?!x)j", "*", "((((((((a))))))))j"}) {
    CHECK_MESSAGE(!marker_of_pattern(bad).ok(), bad);
  }
  Result<FamilyMarker> many = marker_of_pattern("a?b?c?d?e?f?g?");
  REQUIRE(many.ok());
  CHECK(texts_of_marker(many.value()).empty());
}

}  // namespace
}  // namespace xgr::core
