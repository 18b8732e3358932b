// Examples: what the example grammars cost, each in both of its forms.
//
//   examples FOLDER [--vocabulary FILE|-] [--only NAME]
//
// Prints CSV: the least of five compilations, states, and percentiles of the masks along all
// accepted documents, first as they come, then once more when all is known. Times are of the
// processor, in microseconds but for the compilation, and those of the first walk come with the
// trie nodes visited.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "../grammars/example_files.h"
#include "mask/engine.h"
#include "vocabulary.h"
#include "walk.h"

using namespace xgr::core;
using namespace xgr::core::bench;

namespace {

constexpr int kCompilations = 5;

using Compile = Compiler::Compiled (*)(Compiler*, const grammars::Example&);
constexpr std::pair<const char*, Compile> kForms[] = {
    {"ebnf",
     [](Compiler* c, const grammars::Example& e) { return c->compile_ebnf(e.ebnf, "root"); }},
    {"lark", [](Compiler* c, const grammars::Example& e) {
       return c->compile(parse_lark(e.lark, {}, Limits()));
     }}};

// What masks cost, one number a mask.
struct Costs {
  std::vector<double> times, visits;
};

std::string percentiles(std::vector<double> times, int digits) {
  std::sort(times.begin(), times.end());
  std::string out;
  for (double p : {0.5, 0.9, 0.99, 1.0}) {
    const size_t at = static_cast<size_t>(p * static_cast<double>(times.size()));
    char text[32];
    std::snprintf(text, sizeof text, ",%.*f", digits, times[std::min(at, times.size() - 1)]);
    out += text;
  }
  return out;
}

// The masks along all documents; ends the program when one of them is refused.
Costs mask_costs(const Compiler& compiler, const std::shared_ptr<const CompiledGrammar>& grammar,
                 const grammars::Example& example) {
  Costs costs;
  for (const std::string& document : example.accepted) {
    Walk walk;
    walk_tokens(compiler, grammar, tokenize(*grammar->tokenizer(), document), &walk);
    for (const Step& step : walk.steps) {
      costs.times.push_back(step.mask_cpu_us);
      costs.visits.push_back(static_cast<double>(step.visits));
    }
    if (walk.error.empty()) continue;
    std::fprintf(stderr, "%s: %s\n", example.name.c_str(), walk.error.c_str());
    std::exit(1);
  }
  return costs;
}

void measure(const std::shared_ptr<const Tokenizer>& tokenizer, const grammars::Example& example,
             const char* form, Compile compile) {
  double compile_us = 1e18;
  for (int i = 0; i < kCompilations; ++i) {
    auto compiler = std::move(Compiler::create(tokenizer, {})).value();
    const double begin = cpu_us();
    Compiler::Compiled grammar = compile(compiler.get(), example);
    compile_us = std::min(compile_us, cpu_us() - begin);
    if (!grammar.ok()) {
      std::fprintf(stderr, "%s.%s: %s\n", example.name.c_str(), form,
                   grammar.error().message.c_str());
      std::exit(1);
    }
    if (i + 1 < kCompilations) continue;
    const Costs cold = mask_costs(*compiler, grammar.value(), example);
    const Costs warm = mask_costs(*compiler, grammar.value(), example);
    std::printf("%s,%s,%.2f,%zu,%zu%s%s%s\n", example.name.c_str(), form, compile_us / 1000,
                totals_of(*compiler, *grammar.value()).states, cold.times.size(),
                percentiles(cold.times, 1).c_str(), percentiles(cold.visits, 0).c_str(),
                percentiles(warm.times, 1).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "examples FOLDER [--vocabulary FILE|-] [--only NAME]\n");
    return 2;
  }
  std::string vocabulary, only;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--vocabulary") == 0) vocabulary = argv[i + 1];
    if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
  }
  const Vocabulary v = vocabulary.empty() ? make_vocabulary(131072) : read_vocabulary(vocabulary);
  const std::shared_ptr<const Tokenizer> tokenizer = v.tokenizer();
  std::puts(
      "grammar,form,compile_ms,states,masks,cold_p50,cold_p90,cold_p99,cold_max,visits_p50,"
      "visits_p90,visits_p99,visits_max,warm_p50,warm_p90,warm_p99,warm_max");
  for (const grammars::Example& e : grammars::read_examples(argv[1])) {
    if (!only.empty() && e.name != only) continue;
    for (const auto& [form, compile] : kForms) measure(tokenizer, e, form, compile);
  }
}
