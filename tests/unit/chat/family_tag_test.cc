#include "chat/family_tag.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/json_reader.h"

namespace xgr::core {
namespace {

const std::string kTool =
    R"({"function": {"name": "f", "parameters": {"properties": {"a": {"type": "string"}}}}})";

std::string request(const std::string& more = "") {
  return R"({"tools": [)" + kTool + "]" + (more.empty() ? "" : ", ") + more + "}";
}

Result<std::string> try_tag(std::string_view family, const std::string& request,
                            const Tokenizer* tokenizer = nullptr) {
  Result<Family> f = find_family(family, Limits{});
  REQUIRE_MESSAGE(f.ok(), (f.ok() ? "" : f.error().message));
  return family_structural_tag(f.value(), request, tokenizer, Limits{});
}

std::string tag(std::string_view family, const std::string& request,
                const Tokenizer* tokenizer = nullptr) {
  Result<std::string> r = try_tag(family, request, tokenizer);
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message));
  Result<JsonDocument> doc = JsonDocument::parse(r.value(), Limits{});
  REQUIRE(doc.ok());
  return std::move(r).value();
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

size_t times(const std::string& text, std::string_view part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

std::shared_ptr<const Tokenizer> tokenizer(const std::vector<std::string>& control,
                                           const std::vector<std::string>& stop,
                                           const std::vector<std::string>& text) {
  TokenizerInput in;
  for (const std::string& s : text) in.tokens.push_back(s), in.kinds.push_back(0);
  for (const std::string& s : control) in.tokens.push_back(s), in.kinds.push_back(1);
  for (const std::string& s : stop) in.tokens.push_back(s), in.kinds.push_back(2);
  Result<std::shared_ptr<const Tokenizer>> t = Tokenizer::create(in);
  REQUIRE(t.ok());
  return std::move(t).value();
}

TEST_CASE("structural tags of families: one that can be read at a glance") {
  CHECK(tag("exaone", request(R"("reasoning": "off")")) ==
        R"({"type":"structural_tag","format":{"type":"triggered_tags","triggers":["<tool_call>"],)"
        R"("tags":[{"type":"tag","begin":"<tool_call>{\"name\": \"f\", \"arguments\": ","content":)"
        R"({"type":"json_schema","json_schema":{"properties":{"a":{"type":"string"}}},)"
        R"("style":"json","excludes":["</tool_call>"]},"end":"}</tool_call>"}],)"
        R"("excludes":["<think>","</think>","</tool_call>"],"at_least_one":false,)"
        R"("stop_after_first":false}})");
}

TEST_CASE("structural tags of families: every family makes one of every kind of request") {
  const std::string kRequests[] = {
      "{}",
      request(),
      request(R"("tool_choice": "none")"),
      request(R"("tool_choice": "required", "parallel_tool_calls": false)"),
      request(R"("tool_choice": {"type": "function", "function": {"name": "f"}})"),
      request(R"("reasoning": "on")"),
      request(R"("reasoning": "off")"),
      request(R"("reasoning": {"mode": "auto", "budget": 9})"),
      request(R"("reasoning": {"in_prompt": true})"),
      request(R"("response_format": {"type": "json_object"})"),
      request(R"("token_markers": true, "any_order": true, "max_whitespace": 2)"),
      R"({"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}})",
      R"({"tools": [{"type": "browser"}]})",
  };
  for (const FamilyFile& file : family_files()) {
    for (const std::string& text : kRequests) {
      INFO(file.name << " " << text);
      CHECK(tag(file.name, text).size() > 60);
    }
  }
}

TEST_CASE("structural tags of families: a forced call is nothing but the call") {
  std::string forced = tag("deepseek_v3_2", request(R"("reasoning": "off", "tool_choice":
      {"type": "function", "function": {"name": "f"}})"));
  CHECK(!holds(forced, "any_text"));
  CHECK(!holds(forced, "triggered_tags"));
  CHECK(!holds(forced, "plus"));
}

TEST_CASE("structural tags of families: reasoning") {
  std::string on = tag("hermes", request(R"("reasoning": "on")"));
  CHECK(holds(on, R"("begin":"","content":{"type":"any_text")"));
  CHECK(holds(tag("hermes", request(R"("reasoning": {"budget": 12})")), R"("max_tokens":12)"));
  std::string own = tag("hermes", request(R"("reasoning": {"mode": "on", "in_prompt": false})"));
  CHECK(holds(own, R"("begin":"<think>")"));
  CHECK(!holds(own, R"("type":"optional","content":{"type":"sequence")"));
  CHECK(
      holds(tag("hermes", request(R"("reasoning": "auto")")),
            R"({"type":"optional","content":{"type":"sequence","elements":[{"type":"tag","begin":)"
            R"("<think>")"));
  CHECK(!holds(tag("hermes", request(R"("reasoning": "off")")), "</think>\"}"));
  // Where a call ends reasoning, there are two ways on.
  CHECK(times(tag("qwen_3_coder", request()), "<function=f>") == 2);
  CHECK(times(tag("qwen_3_coder", "{}"), "any_text") == 2);
  // What stands in place of reasoning.
  CHECK(holds(tag("minimax_m2", request(R"("reasoning": "off")")), R"(\n</think>\n\n)"));
}

TEST_CASE("structural tags of families: markers as tokens") {
  // A control token is never text.
  auto kimi =
      tokenizer({"<|tool_calls_section_begin|>", "<|tool_calls_section_end|>",
                 "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>"},
                {"<|im_end|>"}, {"a", "<think>"});
  std::string control = tag("kimi_k2", request(R"("reasoning": "off")"), kimi.get());
  CHECK(!holds(control, "triggered_tags"));
  CHECK(holds(control, R"("begin":{"type":"token","token":"<|tool_call_begin|>"})"));
  CHECK(holds(control, R"({"type":"const_string","value":"functions.f:"})"));
  CHECK(holds(control, R"({"type":"token","token":"<|tool_calls_section_begin|>"})"));
  auto gemma = tokenizer({"<|\"|>"}, {"<eos>"}, {"a"});
  CHECK(holds(tag("gemma_4", request(), gemma.get()), R"("token_markers":["<|\"|>"])"));
  CHECK(!holds(tag("gemma_4", request(), kimi.get()), "token_markers"));
  // Others are if the request says so: all, those of the vocabulary, those that are listed.
  CHECK(!holds(tag("kimi_k2", request(), kimi.get()), R"("token":"</think>")"));
  std::string own = R"("reasoning": {"in_prompt": false})";
  CHECK(
      holds(tag("kimi_k2", request(own + R"(, "token_markers": true)")), R"("token":"</think>")"));
  std::string known = tag("kimi_k2", request(own + R"(, "token_markers": true)"), kimi.get());
  CHECK(holds(known, R"("token":"<think>")"));
  CHECK(!holds(known, R"("token":"</think>")"));
  std::string listed = tag("kimi_k2", request(own + R"(, "token_markers": ["</think>"])"));
  CHECK(!holds(listed, R"("token":"<think>")"));
  CHECK(holds(listed, R"("token":"</think>")"));
}

TEST_CASE("structural tags of families: a stop token ends the reply") {
  std::string text = tag("harmony", request());
  CHECK(holds(text, R"({"type":"const_string","value":"<|call|>"})"));
  for (bool by_name : {false, true}) {
    auto gpt = tokenizer({"<|start|>"}, {"<|return|>", "<|call|>"}, {"a"});
    std::string stop = by_name
                           ? tag("harmony", request(R"("stop_tokens": ["<|return|>", "<|call|>"])"))
                           : tag("harmony", request(), gpt.get());
    CHECK(!holds(stop, R"("value":"<|call|>")"));
    CHECK(!holds(stop, R"("token":"<|call|>")"));
    CHECK(holds(stop, R"({"type":"const_string","value":""})"));
    CHECK(holds(stop, R"({"type":"const_string","value":"<|end|>"})"));
  }
  Result<std::string> inside = try_tag("harmony", request(R"("stop_tokens": ["<|message|>"])"));
  REQUIRE(!inside.ok());
  CHECK(holds(inside.error().message, "stop token"));
}

TEST_CASE("structural tags of families: the suffix of a vocabulary") {
  auto hunyuan = tokenizer({"<tool_calls:h4>"}, {"<eos>"}, {"a"});
  std::string made = tag("hunyuan_v4", request(), hunyuan.get());
  CHECK(holds(made, R"("token":"<tool_calls:h4>")"));
  CHECK(holds(made, "</think:h4>"));
  CHECK(!holds(made, "<tool_calls>"));
  std::string given = tag("hunyuan_v4", request(R"("marker_suffix": ":x")"));
  CHECK(holds(given, "<tool_call:x>f"));
}

TEST_CASE("structural tags of families: where only the name tells a call from text") {
  std::string made = tag("llama_4", request());
  CHECK(!holds(made, "triggered_tags"));
  CHECK(holds(made,
              R"("excludes":["<|python_start|>","<|python_end|>","<|python_start|>[f(","[f("])"));
}

TEST_CASE("structural tags of families: built-in tools") {
  const std::string tools = R"({"tools": [{"type": "browser", "name": "browser.search"}]})";
  CHECK(holds(tag("harmony", tools), "<|channel|>commentary to=browser.search"));
  CHECK(!holds(tag("harmony", tools), "functions."));
  CHECK(holds(tag("hermes", tools), R"(\"browser.search\")"));
}

TEST_CASE("structural tags of families: a damaged file is an error or another family") {
  uint32_t random = 7;
  auto next = [&](size_t below) {
    random = random * 1664525u + 1013904223u;
    return static_cast<size_t>(random >> 8) % below;
  };
  constexpr std::string_view kBytes = "{}[]\",: x1<>|";
  size_t read = 0;
  for (const FamilyFile& file : family_files()) {
    for (int round = 0; round < 60; ++round) {
      std::string text(file.text);
      for (size_t n = 1 + next(3); n > 0; --n) {
        const size_t at = next(text.size());
        if (next(2) == 0) {
          text.erase(at, 1 + next(4));
        } else {
          text[at] = kBytes[next(kBytes.size())];
        }
      }
      Result<Family> f = read_family(text, Limits{});
      if (!f.ok()) {
        CHECK(!f.error().message.empty());
        continue;
      }
      ++read;
      Result<std::string> made = family_structural_tag(f.value(), request(), nullptr, Limits{});
      if (made.ok()) CHECK(JsonDocument::parse(made.value(), Limits{}).ok());
    }
  }
  CHECK(read > 100);
}

TEST_CASE("structural tags of families: what cannot be is refused") {
  Result<std::string> name = try_tag("hermes", R"({"tools": [{"function": {"name": "<think>"}}]})");
  REQUIRE(!name.ok());
  CHECK(name.error().json_pointer == "/tools/0/function/name");
  Result<std::string> mute = try_tag(R"({"family": "f", "models": ""})", request());
  REQUIRE(!mute.ok());
  CHECK(mute.error().json_pointer == "/tools");
  Result<std::string> bare = try_tag(
      R"({"family": "f", "models": "", "call": [{"is": "name"}, {"is": "arguments", "style": "json"}]})",
      request());
  REQUIRE(!bare.ok());
  CHECK(holds(bare.error().message, "begin with a text"));
  // What an argument style writes cannot end the reply.
  auto stop = tokenizer({}, {"<|\"|>"}, {"a"});
  Result<std::string> marked = try_tag("gemma_4", request(), stop.get());
  REQUIRE(!marked.ok());
  CHECK(marked.error().code == Status::kUnsupported);
  CHECK(holds(marked.error().message, "stop token"));
  CHECK(try_tag("gemma_4", "{}", stop.get()).ok());
  Result<std::string> tools = try_tag("hermes", R"({"tools": 1})");
  REQUIRE(!tools.ok());
  CHECK(tools.error().json_pointer == "/tools");
}

}  // namespace
}  // namespace xgr::core
