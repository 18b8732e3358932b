// The simplification passes against the oracle: random grammars keep their language.
//
//   passes_test [--grammars N] [--seed N]
//
// Each grammar is put through every pass, and through all of them, and compiled for a vocabulary of
// single bytes. Beside it, the oracle reads the grammar as it was before: on short texts and on
// random walks the bytes that may follow, and whether the text may end, have to be the same. What
// was simplified is printed and read back now and then, and compared once more.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>

#include "compiler/compiler.h"
#include "earley.h"
#include "grammar/passes/passes.h"
#include "grammar/printer.h"
#include "grammar_generator.h"
#include "matcher/matcher.h"
#include "printer.h"

namespace {

using reference::ByteSet;
using reference::EarleyChart;
using reference::RandomSource;

constexpr int32_t kStop = 256;
constexpr size_t kWords = 9;        // of a mask over the bytes and the stop token
constexpr size_t kShortTexts = 60;  // a grammar and pass
constexpr int kWalks = 3;           // likewise
constexpr size_t kWalkLength = 24;  // bytes

struct NamedPass {
  const char* name;
  void (*run)(xgr::core::Grammar*);
};
constexpr std::array<NamedPass, 5> kPasses = {
    {{"remove_dead_rules", xgr::core::remove_dead_rules},
     {"inline_rules", xgr::core::inline_rules},
     {"merge_rules", xgr::core::merge_rules},
     {"fold_string_choices", xgr::core::fold_string_choices},
     {"simplify", xgr::core::simplify}}};

std::shared_ptr<const xgr::core::Tokenizer> byte_tokenizer() {
  static std::array<char, 256> bytes;
  std::iota(bytes.begin(), bytes.end(), char{0});
  xgr::core::TokenizerInput input;
  for (const char& b : bytes) input.tokens.push_back({&b, 1});
  input.tokens.push_back({});
  input.stop_tokens = {kStop};
  return xgr::core::Tokenizer::create(input).value();
}

class PassTest {
 public:
  explicit PassTest(uint64_t seed) : random_(seed), tokenizer_(byte_tokenizer()) {}

  // What is wrong, or "".
  std::string check(const std::string& text, EarleyChart* chart, const NamedPass& pass,
                    bool print) {
    xgr::core::Grammar grammar = xgr::core::parse_ebnf(text, "root", xgr::core::Limits()).value();
    pass.run(&grammar);
    if (print) {
      const std::string printed = xgr::core::print_ebnf(grammar, xgr::core::Limits()).value();
      xgr::core::Result<xgr::core::Grammar> back =
          xgr::core::parse_ebnf(printed, "root", xgr::core::Limits());
      if (!back.ok()) return "prints what is refused:\n" + printed;
      grammar = std::move(back).value();
    }
    auto compiler = std::move(xgr::core::Compiler::create(tokenizer_, {})).value();
    xgr::core::Compiler::Compiled compiled = compiler->compile(std::move(grammar));
    if (!chart->has_strings()) return compiled.ok() ? "has strings" : "";
    if (!compiled.ok()) return "is refused: " + compiled.error().message;
    auto matcher = std::move(xgr::core::Matcher::create(compiled.value(), {})).value();
    return compare(*matcher, chart);
  }

  size_t places() const { return places_; }
  RandomSource& random() { return random_; }

 private:
  std::string compare(xgr::core::Matcher& matcher, EarleyChart* chart) {
    std::string problem;
    std::vector<std::string> texts{""};
    for (size_t i = 0; i < texts.size() && problem.empty(); ++i) {
      go_to(texts[i], &matcher, chart);
      problem = compare_here(texts[i], matcher, *chart);
      for (int b = 0; b < 256 && texts.size() < kShortTexts; ++b) {
        const bool edge =
            b == 0 || !chart->next_bytes()[static_cast<size_t>(b - 1)] || random_.percent(5);
        if (chart->next_bytes()[static_cast<size_t>(b)] && edge)
          texts.push_back(texts[i] + static_cast<char>(b));
      }
    }
    for (int i = 0; i < kWalks && problem.empty(); ++i) problem = walk(matcher, chart);
    go_to("", &matcher, chart);
    return problem;
  }

  static void go_to(const std::string& text, xgr::core::Matcher* matcher, EarleyChart* chart) {
    while (chart->length() > 0) chart->pop();
    matcher->reset();
    bool accepted;
    for (char c : text) chart->push(static_cast<uint8_t>(c));
    matcher->accept_bytes(text, &accepted);
  }

  std::string walk(xgr::core::Matcher& matcher, EarleyChart* chart) {
    std::string text, problem;
    go_to(text, &matcher, chart);
    while (text.size() < kWalkLength && chart->next_bytes().any()) {
      size_t byte = random_.below(256);
      while (!chart->next_bytes()[byte]) byte = (byte + 1) % 256;
      bool accepted = false;
      chart->push(static_cast<uint8_t>(byte));
      matcher.accept_token(static_cast<int32_t>(byte), &accepted);
      text += static_cast<char>(byte);
      if (!accepted) return "refuses the end of " + reference::quote(text);
      problem = compare_here(text, matcher, *chart);
      if (!problem.empty()) break;
    }
    return problem;
  }

  std::string compare_here(const std::string& text, xgr::core::Matcher& matcher,
                           const EarleyChart& chart) {
    ++places_;
    std::array<uint32_t, kWords> mask{};
    xgr::core::MaskKind kind;
    if (matcher.fill_bitmask(mask.data(), kWords, &kind) != xgr::core::Status::kOk)
      return "hits a limit";
    ByteSet next;
    for (size_t b = 0; b < 256; ++b) next[b] = mask[b / 32] >> (b % 32) & 1;
    if (next != chart.next_bytes()) return "has other bytes after " + reference::quote(text);
    const bool complete = mask[kStop / 32] & 1;
    if (complete != chart.complete()) return "ends elsewhere: " + reference::quote(text);
    return "";
  }

  RandomSource random_;
  std::shared_ptr<const xgr::core::Tokenizer> tokenizer_;
  size_t places_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  int grammars = 400;
  uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--grammars") == 0) grammars = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  PassTest test(seed);
  int failed = 0;
  for (int i = 0; i < grammars && failed < 10; ++i) {
    RandomSource random(reference::mix_seed(seed, static_cast<uint64_t>(i)));
    const reference::Syntax syntax = reference::random_grammar(random);
    const std::string text = reference::print_ebnf(syntax);
    EarleyChart chart(reference::expand(syntax));
    for (const NamedPass& pass : kPasses) {
      const std::string problem = test.check(text, &chart, pass, i % 4 == 0);
      if (problem.empty()) continue;
      ++failed;
      std::printf("grammar %d after %s %s\n%s\n", i, pass.name, problem.c_str(), text.c_str());
    }
  }
  std::printf("%d grammars, %zu places compared, %d differ\n", grammars, test.places(), failed);
  return failed > 0;
}
