// Curves: what a token costs, by how many went before it, as CSV.
//
//   curves [--vocabulary FILE|-] >curves.csv      plotted by plot.py
//
// Of each series the medians of forty stretches: of masks when nothing is known beforehand, of
// masks and of accepting when all is known. The bytes are the matcher's at the end.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "vocabulary.h"
#include "walk.h"

using namespace xgr::core;
using namespace xgr::core::bench;

namespace {

constexpr size_t kStretches = 40;

std::string repeat(const std::string& text, size_t times, const char* between = "") {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += (i > 0 ? between : "") + text;
  return out;
}

struct Series {
  std::string name;
  Case source;
};

std::vector<Series> all_series() {
  auto schema = [](std::string source, std::string text) {
    return Case{Language::kJsonSchema, std::move(source), {std::move(text)}, {}, {}};
  };
  Case objects = random_schema(3);
  objects.source = "{\"type\":\"array\",\"items\":" + objects.source + "}";
  objects.texts[0] = "[" + repeat(objects.texts[0], 2000, ", ") + "]";
  Case json = schema(
      "{}", "[" + repeat(R"({"a": [1, 2.5, true], "b": {"c": "some text"}})", 4800, ", ") + "]");
  return {{"objects", objects},
          {"any JSON", json},
          {"array of 20", array_of_strings(20)},
          {"array of 2000", array_of_strings(2000)},
          {"maxLength 64", string_of_length(64)},
          {"maxLength 400", string_of_length(400)},
          {"maxLength 4000", string_of_length(4000)}};
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

bool print(const Series& series, const std::shared_ptr<const Tokenizer>& tokenizer) {
  std::unique_ptr<Compiler> compiler = std::move(Compiler::create(tokenizer, {})).value();
  Compiler::Compiled grammar = compile(compiler.get(), series.source);
  Walk cold, warm;
  cold.error = grammar.ok() ? "" : grammar.error().message;
  std::vector<int32_t> tokens = tokenize(*tokenizer, series.source.texts[0]);
  if (cold.error.empty()) walk_tokens(*compiler, grammar.value(), tokens, &cold);
  if (!cold.error.empty()) {
    std::fprintf(stderr, "%s: %s\n", series.name.c_str(), cold.error.c_str());
    return false;
  }
  walk_tokens(*compiler, grammar.value(), tokens, &warm);
  const size_t count = std::min(kStretches, tokens.size());
  for (size_t i = 0; i < count; ++i) {
    std::vector<double> cold_mask, mask, accept;
    for (size_t k = tokens.size() * i / count; k < tokens.size() * (i + 1) / count; ++k) {
      cold_mask.push_back(cold.steps[k].mask_us);
      mask.push_back(warm.steps[k].mask_us);
      accept.push_back(warm.steps[k].accept_us);
    }
    std::printf("%s,%zu,%.3f,%.3f,%.3f,%zu\n", series.name.c_str(), tokens.size() * i / count,
                median(cold_mask), median(mask), median(accept), warm.matcher_bytes);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const bool named = argc == 3 && std::strcmp(argv[1], "--vocabulary") == 0;
  if (argc != 1 && !named) {
    std::fprintf(stderr, "usage: curves [--vocabulary FILE|-] >curves.csv\n");
    return 2;
  }
  std::shared_ptr<const Tokenizer> tokenizer =
      (named ? read_vocabulary(argv[2]) : make_vocabulary(131072)).tokenizer();
  std::puts("series,tokens,cold_mask_us,mask_us,accept_us,matcher_bytes");
  for (const Series& s : all_series()) {
    if (!print(s, tokenizer)) return 1;
  }
  return 0;
}
