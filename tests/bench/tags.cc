// What many tools cost: a structural tag with free text and a trigger for each of 500 calls.
//
//   tags                          on the made-up vocabulary
//   tags --vocabulary FILE|-      see vocabulary.h
//   tags --tools N --rounds N
//
// Prints, of the quickest of some rounds with a new compiler each: compile, first mask, and the
// percentiles of masks in free text and in calls, all in microseconds of processor time.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "compiler/grammar_source.h"
#include "vocabulary.h"
#include "walk.h"

using namespace xgr::core;
using namespace xgr::core::bench;

namespace {

constexpr const char* kWords[] = {"query", "limit", "path",  "recursive", "language", "country",
                                  "since", "until", "price", "currency",  "labels",   "owner"};

std::string word(size_t i) { return kWords[i % std::size(kWords)]; }

// Five properties, no two tools alike.
std::string schema_of(size_t tool) {
  std::string out = R"({"type": "object", "properties": {)";
  const std::string types[] = {
      R"({"type": "string", "description": "What to look for."})",
      R"({"type": "integer", "minimum": 0, "maximum": )" + std::to_string(10 + tool) + "}",
      R"({"type": "string", "enum": ["asc", "desc", "order_)" + std::to_string(tool) + R"("]})",
      R"({"type": "array", "items": {"type": "string"}, "maxItems": 8})",
      R"({"type": "object", "properties": {"unit": {"type": "string"}, "on": {"type": "boolean"}},
          "required": ["unit"]})"};
  for (size_t i = 0; i < 5; ++i) {
    out += (i == 0 ? "\"" : ", \"") + word(tool + i * 3 + tool / 12) + "_" + std::to_string(i) +
           "\": " + types[(tool + i) % 5];
  }
  return out + R"(}, "required": [")" + word(tool + tool / 12) + R"(_0"]})";
}

std::string tool_name(size_t tool) { return word(tool) + "_tool_" + std::to_string(tool); }

// With one trigger for all calls, or one for each.
std::string tag_of(size_t tools, bool own_triggers) {
  std::string triggers, tags;
  for (size_t i = 0; i < tools; ++i) {
    const std::string begin = "<function=" + tool_name(i) + ">";
    if (i > 0) tags += ", ";
    tags += R"({"type": "tag", "begin": ")" + begin +
            R"(", "content": {"type": "json_schema", "json_schema": )" + schema_of(i) +
            R"(}, "end": "</function>"})";
    if (own_triggers) triggers += (i == 0 ? "\"" : ", \"") + begin + "\"";
  }
  if (!own_triggers) triggers = "\"<function=\"";
  return R"({"type": "structural_tag", "format": {"type": "triggered_tags", "triggers": [)" +
         triggers + R"(], "tags": [)" + tags + "]}}";
}

const char* const kFree =
    "Let me have a look at that. First I shall find out what there is, and then compare: the\n"
    "numbers (1 < 2, 3 > 2) tell little; <b>functions</b> do more. Été, naïve, 你好, Привет!\n";

// A call of the tool 0, whose first property is a text.
std::string call_text() {
  return "<function=" + tool_name(0) + ">{\"" + word(0) +
         "_0\": \"what is the \\\"best\\\" way to \\u00e9 that\"}</function>";
}

struct Times {
  double compile_us = 1e18, first_us = 1e18;
  std::vector<double> free_us, call_us;  // quickest, by step
};

void keep_least(const std::vector<double>& now, std::vector<double>* best) {
  if (best->empty()) *best = now;
  for (size_t i = 0; i < now.size(); ++i) (*best)[i] = std::min((*best)[i], now[i]);
}

double percentile(std::vector<double> v, double p) {
  std::sort(v.begin(), v.end());
  return v[std::min(v.size() - 1, static_cast<size_t>(p * static_cast<double>(v.size())))];
}

bool run(const std::shared_ptr<const Tokenizer>& tokenizer, size_t tools, bool own, int rounds) {
  const std::string text = tag_of(tools, own);
  const std::vector<int32_t> free = tokenize(*tokenizer, kFree);
  const std::vector<int32_t> call = tokenize(*tokenizer, call_text());
  std::vector<int32_t> all;
  for (const auto* part : {&free, &call, &free, &call})
    all.insert(all.end(), part->begin(), part->end());
  Times best;
  for (int round = 0; round < rounds; ++round) {
    auto compiler = Compiler::create(tokenizer, {});
    const double before = cpu_us();
    const auto source = GrammarSource::structural_tag(text, StructuralTagOptions().json, {},
                                                      GrammarSource::Reading::kDeferred);
    const Compiler::Compiled grammar = compiler.value()->compile(source);
    const double compiled = cpu_us();
    if (!grammar.ok()) {
      std::fprintf(stderr, "%s\n", grammar.error().message.c_str());
      return false;
    }
    Walk walk;
    walk_tokens(*compiler.value(), grammar.value(), all, &walk);
    if (!walk.error.empty()) {
      std::fprintf(stderr, "%s\n", walk.error.c_str());
      return false;
    }
    best.compile_us = std::min(best.compile_us, compiled - before);
    best.first_us = std::min(best.first_us, walk.steps[0].mask_us);
    std::vector<double> free_us, call_us;
    for (size_t i = 0; i < walk.steps.size(); ++i) {
      const size_t at = i % (free.size() + call.size());
      (at < free.size() ? free_us : call_us).push_back(walk.steps[i].mask_us);
    }
    keep_least(free_us, &best.free_us);
    keep_least(call_us, &best.call_us);
  }
  std::printf(
      "%zu tools, %s: %zu bytes, compile %.0f, first mask %.0f; free text p50 %.1f p99 %.1f "
      "max %.1f; calls p50 %.1f p99 %.1f max %.1f us\n",
      tools, own ? "a trigger each" : "one trigger", text.size(), best.compile_us, best.first_us,
      percentile(best.free_us, 0.5), percentile(best.free_us, 0.99), percentile(best.free_us, 1),
      percentile(best.call_us, 0.5), percentile(best.call_us, 0.99), percentile(best.call_us, 1));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::string vocabulary;
  size_t tools = 500;
  int rounds = 5;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--vocabulary") == 0) vocabulary = argv[i + 1];
    if (std::strcmp(argv[i], "--tools") == 0) tools = static_cast<size_t>(std::atoi(argv[i + 1]));
    if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::atoi(argv[i + 1]);
  }
  const auto tokenizer =
      (vocabulary.empty() ? make_vocabulary(131072) : read_vocabulary(vocabulary)).tokenizer();
  bool good = run(tokenizer, tools, false, rounds);
  good = run(tokenizer, tools, true, rounds) && good;
  return good ? 0 : 1;
}
