// Runs conformance cases that were made by the builders of another library against our families.
//
//   run_origins CASES.jsonl [EXCEPTIONS]
//
// A line holds the arguments that a builder was called with (`origin`), and texts that its structural
// tag accepts or rejects. The arguments are written as a request; the texts have to fare the same.
// What differs on purpose is listed with its reason in the file of exceptions, and has to differ.
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "chat/family.h"
#include "chat/family_tag.h"
#include "compiler/compiler.h"
#include "compiler/grammar_source.h"
#include "mask/engine.h"
#include "matcher/matcher.h"
#include "support/json_reader.h"

using namespace xgr::core;

namespace {

const std::map<std::string_view, const char*> kFamilies = {
    {"llama", "llama_3"},
    {"qwen_3", "hermes"},
    {"qwen_3_5", "qwen_3_coder"},
    {"qwen_3_coder", "qwen_3_coder"},
    {"kimi", "kimi_k2"},
    {"kimi_k3", "kimi_k3"},
    {"deepseek_r1", "deepseek_v3"},
    {"deepseek_v3_1", "deepseek_v3_1"},
    {"deepseek_v3_2", "deepseek_v3_2"},
    {"deepseek_v4", "deepseek_v4"},
    {"deepseek_v4_1", "deepseek_v4_1"},
    {"minimax", "minimax_m2"},
    {"minimax_m3", "minimax_m3"},
    {"harmony", "harmony"},
    {"glm_4_7", "glm_4_7"},
    {"cohere", "cohere_xml"},
    {"exaone", "exaone"},
    {"mimo", "mimo"},
};

std::string_view model_of(const JsonDocument& doc, JsonId origin) {
  if (JsonId model = doc.find(origin, "model"); model != kNoJson) return doc.text(model);
  std::string_view builder = doc.text(doc.find(origin, "builder"));  // get_X_structural_tag
  builder.remove_prefix(4);
  builder.remove_suffix(sizeof("_structural_tag") - 1);
  return builder;
}

std::string request_of(const JsonDocument& doc, JsonId origin) {
  std::string tools, out = "{";
  for (std::string_view key : {"tools", "builtin_tools"}) {
    JsonId list = doc.find(origin, key);
    if (list == kNoJson || !doc.is(list, JsonType::kArray)) continue;
    for (JsonId tool : doc.children(list))
      tools += (tools.empty() ? "" : ",") + json_text(doc, tool);
  }
  out += "\"tools\":[" + tools + "]";
  for (std::string_view key : {"tool_choice", "parallel_tool_calls", "any_order"}) {
    JsonId at = doc.find(origin, key);
    if (at == kNoJson) continue;
    std::string value = json_text(doc, at);
    if (value == "\"forced\"") value = json_text(doc, doc.find(origin, "tools") + 1);
    out += "," + json_quote(key) + ":" + value;
  }
  JsonId mode = doc.find(origin, "reasoning");
  const std::string wanted = mode == kNoJson ? "true" : json_text(doc, mode);
  const bool off = wanted == "false" || wanted == "\"disabled\"";
  out += std::string(",\"reasoning\":\"") +
         (off                    ? "off"
          : wanted == "\"auto\"" ? "auto"
                                 : "on") +
         "\"";
  return out + "}";
}

bool matches(const std::shared_ptr<const CompiledGrammar>& grammar, std::string_view text) {
  auto matcher = std::move(Matcher::create(grammar, {})).value();
  bool accepted = false;
  return matcher->accept_bytes(text, &accepted) == Status::kOk && accepted &&
         matcher->is_accepting();
}

// What is wrong, or "".
std::string run(Compiler& compiler, const JsonDocument& doc, JsonId origin, const char* name) {
  const std::string request = request_of(doc, origin);
  Result<std::string> tag =
      family_structural_tag(find_family(name, {}).value(), request, nullptr, {});
  if (!tag.ok()) return request + ": " + tag.error().message;
  Compiler::Compiled made = compiler.compile(GrammarSource::structural_tag(tag.value()));
  if (!made.ok()) return tag.value() + ": " + made.error().message;
  for (std::string_view key : {"accept", "reject"}) {
    JsonId texts = doc.find(0, key);
    if (texts == kNoJson) continue;
    for (JsonId text : doc.children(texts)) {
      if (matches(made.value(), doc.text(text)) != (key == "accept"))
        return "does not " + std::string(key) + " " + json_quote(doc.text(text));
    }
  }
  return "";
}

bool has_texts(const JsonDocument& doc, std::string_view key) {
  JsonId texts = doc.find(0, key);
  return texts != kNoJson && doc.count(texts) > 0;
}

std::map<std::string, std::string> read_exceptions(const char* path) {
  std::map<std::string, std::string> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const size_t blank = line.find(' ');
    if (!line.starts_with('#') && blank != std::string::npos)
      out[line.substr(0, blank)] = line.substr(blank + 1);
  }
  return out;
}

std::unique_ptr<Compiler> byte_compiler() {
  TokenizerInput in;
  std::vector<std::string> bytes;
  for (int b = 0; b < 256; ++b) bytes.push_back(std::string(1, static_cast<char>(b)));
  in.tokens.assign(bytes.begin(), bytes.end());
  in.tokens.push_back("<stop>");
  in.kinds.assign(257, 0);
  in.kinds[256] = 2;
  return std::move(Compiler::create(Tokenizer::create(in).value(), {})).value();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: run_origins CASES.jsonl [EXCEPTIONS]\n"), 2;
  std::ifstream file(argv[1]);
  auto exceptions = read_exceptions(argc > 2 ? argv[2] : "");
  std::unique_ptr<Compiler> compiler = byte_compiler();
  size_t cases = 0, failed = 0;
  for (std::string line; std::getline(file, line);) {
    Result<JsonDocument> doc = JsonDocument::parse(line, {});
    if (!doc.ok()) continue;
    const JsonDocument& d = doc.value();
    const JsonId origin = d.find(0, "origin");
    if (origin == kNoJson || !(has_texts(d, "accept") || has_texts(d, "reject"))) continue;
    auto family = kFamilies.find(model_of(d, origin));
    if (family == kFamilies.end()) continue;
    ++cases;
    const std::string id(d.text(d.find(0, "id")));
    const std::string wrong = run(*compiler, d, origin, family->second);
    if (wrong.empty() != exceptions.contains(id)) continue;
    ++failed;
    std::printf("%s (%s): %s\n", id.c_str(), family->second,
                wrong.empty() ? "is listed as an exception, but holds" : wrong.c_str());
  }
  std::printf("%zu cases, %zu exceptions, %zu failed\n", cases, exceptions.size(), failed);
  return failed > 0 || cases == 0;
}
