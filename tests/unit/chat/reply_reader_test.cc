#include "chat/reply_reader.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "support/json_reader.h"

namespace xgr::core {
namespace {

const std::string kWeather =
    R"({"tools": [{"type": "function", "function": {"name": "weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}}]})";

std::unique_ptr<ReplyReader> reader_of(std::string_view family, ReplyReaderOptions options = {}) {
  Result<Family> f = find_family(family, Limits{});
  REQUIRE_MESSAGE(f.ok(), (f.ok() ? "" : f.error().message));
  auto r = ReplyReader::create(f.value(), options, Limits{});
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message));
  return std::move(r).value();
}

// All that is read, in order: r(easoning) t(ext) n(ame) a(rguments) . (call ends) ! malformed $ end
std::string taken(ReplyReader& reader) {
  std::string out;
  char last = 0;
  for (ReplyEvent e; reader.next(&e);) {
    const char kind = "rtna.!$"[static_cast<size_t>(e.kind)];
    if (kind != last || !e.problem.empty()) out += std::string(out.empty() ? "" : " ") + kind;
    if (kind == 'n' && !e.id.empty()) out += "#" + std::string(e.id) + ":";
    CHECK(e.text.data()[e.text.size()] == '\0');
    CHECK(e.id.data()[e.id.size()] == '\0');
    const bool ends = e.kind == ReplyEventKind::kEnd;
    if (!e.problem.empty() && !ends) out += std::to_string(e.offset) + ":";
    out += ends ? e.problem : e.text;
    last = kind;
  }
  return out;
}

std::string read(std::string_view family, std::string_view text, ReplyReaderOptions options = {},
                 size_t chunk = 0) {
  auto reader = reader_of(family, options);
  std::string out;
  for (size_t at = 0; at < text.size(); at += chunk ? chunk : text.size())
    reader->feed(text.substr(at, chunk ? chunk : text.size()));
  reader->finish();
  return taken(*reader);
}

TEST_CASE("replies: text, reasoning and calls, as they come in") {
  auto reader = reader_of("hermes", {"", false});
  reader->feed("Hi <b>! <tool_c");
  CHECK(taken(*reader) == "tHi <b>! ");
  reader->feed("all>\n{\"name\": \"weather\", \"argu");
  CHECK(taken(*reader) == "");
  reader->feed("ments\": {\"city\": \"Be");
  CHECK(taken(*reader) == "nweather a{\"city\": \"Be");
  reader->feed("rn\"}");
  CHECK(taken(*reader) == "arn\"}");
  reader->feed("}\n</tool_call>\n");
  CHECK(taken(*reader) == ".");
  reader->feed("<tool_call>{\"name\":\"\\u0066\",\"arguments\":{}}</tool_call>");
  CHECK(taken(*reader) == "nf a{} .");
  reader->finish();
  CHECK(taken(*reader) == "$");
  reader->feed("x");
  CHECK(taken(*reader) == "");
}

TEST_CASE("replies: where they begin") {
  CHECK(read("hermes", "hm</think>\n\nHi") == "rhm tHi $");
  CHECK(read("hermes", "<think>hm</think>Hi") == "rhm tHi $");
  CHECK(read("hermes", "Hi", {"", false}) == "tHi $");
  CHECK(read("hermes", "\n<think>hm</think>Hi", {"", false}) == "rhm tHi $");
  CHECK(read("hermes", "Hi", {R"({"reasoning": "off"})", std::nullopt}) == "tHi $");
  CHECK(read("hermes", "Hi", {R"({"reasoning": "auto"})", std::nullopt}) == "tHi $");
  CHECK(read("minimax_m2", "\n</think>\n\nHi", {R"({"reasoning": "off"})", std::nullopt}) ==
        "tHi $");
  CHECK(read("kimi_k3", "Hi<|close|>response<|sep|><|close|>message<|sep|>",
             {R"({"reasoning": "off"})", std::nullopt}) == "tHi $");
}

TEST_CASE("replies: ends that belong to what follows") {
  CHECK(read("kimi_k2",
             "hm<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0"
             "<|tool_call_argument_begin|>{\"city\": "
             "\"x\"}<|tool_call_end|><|tool_calls_section_end|>") ==
        "rhm n#0:weather a{\"city\": \"x\"} . $");
  CHECK(read("qwen_3_coder", "hm<tool_call>\n<function=weather>\n</function>\n</tool_call>") ==
        "rhm nweather a{} . $");
}

TEST_CASE("replies: messages, and stop tokens that are left out") {
  const std::string call =
      "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary "
      "to=functions.weather <|constrain|>json<|message|>{\"city\": \"x\"}";
  CHECK(read("harmony", call + "<|call|>") == "rhm nweather a{\"city\": \"x\"} . $");
  CHECK(read("harmony", call) == "rhm nweather a{\"city\": \"x\"} . $");
  CHECK(read("harmony", "<|channel|>final<|message|>Hi<|return|>") == "tHi $");
  CHECK(read("harmony", "<|channel|>final<|message|>Hi") == "tHi $");
  CHECK(read("hermes", "Hi<|im_end|>", {"", false}) == "tHi $");
  CHECK(read("hermes", "Hi<|im_end|> there", {"", false}, 1) == "tHi<|im_end|> there $");
}

TEST_CASE("replies: what is incomplete") {
  CHECK(read("hermes", "hm") == "rhm $the reply ends inside of its reasoning");
  CHECK(read("hermes", "a<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1", {"", false}) ==
        "ta nf a{\"a\": 1 !46:<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1 "
        "$the reply ends inside of a call");
  CHECK(read("hermes", "a<tool_ca", {"", false}) == "ta<tool_ca $");
  CHECK(read("hermes", "a<tool_call>{\"na", {"", false}) ==
        "ta !16:<tool_call>{\"na $the reply ends inside of a call");
  CHECK(read("kimi_k2", "<|tool_calls_section_begin|>", {"", false}) ==
        "$the reply ends between calls");
  CHECK(read("kimi_k3", "<|open|>response<|sep|>Hi", {"", false}) ==
        "tHi $the reply ends inside of its text");
}

TEST_CASE("replies: calls that are none") {
  CHECK(read("hermes",
             "a<tool_call>{\"name\": 1}</tool_call>b<tool_call>{\"name\": \"f\", "
             "\"arguments\": {}}</tool_call>",
             {"", false}) == "ta !21:<tool_call>{\"name\": 1}</tool_call> tb nf a{} . $");
  CHECK(
      read("hermes", "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": x}}</tool_call>b",
           {"", false}) ==
      "nf a{\"a\":  !44:<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": x}}</tool_call> tb $");
  // No call of its own name, no call at all.
  CHECK(read("llama_3", "{\"name\": \"Bob\"}") == "!14:{\"name\": \"Bob\"} $");
  CHECK(read("llama_3", "{\"name\": \"Bob\"}", {"{}", std::nullopt}) == "t{\"name\": \"Bob\"} $");
  CHECK(read("llama_3", "{\"named\": 1}") == "t{\"named\": 1} $");
  CHECK(read("llama_4", "[1] and [weather] and [weather(city='x')]", {kWeather, std::nullopt}) ==
        "t[1] and [weather] and  nweather a{\"city\":\"x\"} . $");
  CHECK(read("llama_4", "[other(city='x')]", {kWeather, std::nullopt}) == "t[other(city='x')] $");
}

TEST_CASE("replies: types of the request's tools") {
  const std::string call =
      "<tool_call>\n<function=weather>\n<parameter=city>\n12\n</parameter>\n<parameter=days>\n12\n"
      "</parameter>\n</function>\n</tool_call>";
  CHECK(read("qwen_3_coder", call, {kWeather, false}) ==
        "nweather a{\"city\":\"12\",\"days\":12} . $");
  CHECK(read("qwen_3_coder", call, {"", false}) ==
        "nweather a{\"city\":\"12\",\"days\":\"12\"} . $");
}

TEST_CASE("replies: characters are not cut") {
  auto reader = reader_of("hermes", {"", false});
  for (char c : std::string("é€😀")) {
    reader->feed({&c, 1});
    for (ReplyEvent e; reader->next(&e);)
      CHECK(find_invalid_utf8(e.text) == std::string_view::npos);
  }
  reader->feed("\xE2\x82");
  reader->finish();
  CHECK(taken(*reader) == "t\xE2\x82 $");
}

TEST_CASE("replies: text alone comes out as it went in") {
  std::mt19937 random(7);
  const std::string parts[] = {"<",   "tool", "_call", ">",      "\n", " ", "think", "</",
                               "{\"", "name", "|",     "im_end", "é",  "[", "]",     "a"};
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (size_t n = random() % 30; n > 0; --n) text += parts[random() % std::size(parts)];
    if (text.find("<tool_call>") != text.npos || text.find("<think>") != text.npos) continue;
    auto reader = reader_of("hermes", {"", false});
    std::string out;
    for (size_t at = 0; at < text.size();) {
      const size_t size = random() % 4 + 1;
      reader->feed(std::string_view(text).substr(at, size));
      at += size;
      for (ReplyEvent e; reader->next(&e);) out += e.text;
    }
    reader->finish();
    for (ReplyEvent e; reader->next(&e);) out += e.text;
    CHECK(out == text);
  }
}

TEST_CASE("replies: nothing grows without bound") {
  const std::string unit[] = {
      "<",        " ", "\n",          "{",   "<tool_call>", "<tool_call>{\"name\": \"",
      "</think>", "[", "<|channel|>", "\xFF"};
  for (const char* family : {"hermes", "harmony", "llama_4", "llama_3", "gemma_4", "minimax_m3",
                             "qwen_3_coder", "xlam", "cohere_xml", "olmo_3"}) {
    for (const std::string& u : unit) {
      auto reader = reader_of(family, {"", false});
      std::string many;
      while (many.size() < 4096) many += u;
      size_t out = 0;
      for (int i = 0; i < 50; ++i) {
        reader->feed(many);
        for (ReplyEvent e; reader->next(&e);) out += e.text.size();
      }
      reader->finish();
      for (ReplyEvent e; reader->next(&e);) out += e.text.size();
      INFO(family << " " << u);
      CHECK(out >= many.size() * 50 / 2);  // what was given up comes out as well
    }
  }
}

TEST_CASE("replies: markers with the suffix of a vocabulary") {
  const std::string call =
      "<tool_calls:x><tool_call:x>weather<arg_key>city</arg_key><arg_value>1</arg_value>"
      "</tool_call:x></tool_calls:x>";
  TokenizerInput in;
  in.tokens = {"a", "<tool_calls:x>"};
  in.kinds = {0, 1};
  const std::shared_ptr<const Tokenizer> tokenizer = Tokenizer::create(in).value();
  const std::string by_request =
      R"({"marker_suffix": ":x", "tools": [)" +
      kWeather.substr(kWeather.find('[') + 1, kWeather.rfind(']') - kWeather.find('[')) + "}";
  for (const ReplyReaderOptions& options : {ReplyReaderOptions{"", false, tokenizer.get()},
                                            ReplyReaderOptions{by_request, false, nullptr}})
    CHECK(read("hunyuan_v4", call, options) == "nweather a{\"city\":\"1\"} . $");
}

TEST_CASE("replies: errors of creation") {
  const Family hermes = find_family("hermes", Limits{}).value();
  CHECK(ReplyReader::create(hermes, {"{", std::nullopt}, Limits{}).error().code ==
        Status::kInvalidSource);
  CHECK(ReplyReader::create(hermes, {R"({"tools": 1})", std::nullopt}, Limits{})
            .error()
            .json_pointer == "/tools");
  Result<Family> odd = find_family(
      R"({"family": "odd", "models": "", "call": ["<", {"is": "name"}, ">", {"is": "arguments", "style": "yaml"}, "<"]})",
      Limits{});
  if (odd.ok())
    CHECK(ReplyReader::create(odd.value(), {}, Limits{}).error().message.find("yaml") !=
          std::string::npos);
}

}  // namespace
}  // namespace xgr::core
