// Grammars that mean harm to masks: states of many expressions, counters in counters, ambiguity. A
// mask or an accept takes bounded time in each of them.
#include <algorithm>
#include <ctime>

#include "attribute_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Hostile {
  const char* name;
  bool is_regex;
  std::string source;
  const char* output;  // repeated
};

template <typename F>
std::string joined(size_t n, F&& part) {
  std::string out;
  for (size_t i = 0; i < n; ++i) out += part(std::to_string(i), std::to_string(i + 1));
  return out;
}

std::string repeated(const std::string& s, size_t times) {
  return joined(times, [&](auto&&...) { return s; });
}

// Rules n0 .. whose bodies name others at random: `body(i, j, k, l)`.
template <typename F>
std::string random_rules(int count, F&& body) {
  std::mt19937 random(11);
  auto name = [&] { return "n" + std::to_string(random() % static_cast<uint32_t>(count)); };
  std::string out = "root ::= n0\n";
  for (int i = 0; i < count; ++i) {
    const std::string j = name(), k = name(), l = name();
    out += "n" + std::to_string(i) + " ::= " + body(std::to_string(i), j, k, l) + "\n";
  }
  return out;
}

std::vector<Hostile> hostile_grammars() {
  return {
      {"rules that all are one", false,
       random_rules(
           200, [](auto&&, auto&& j, auto&& k, auto&&) { return j + " " + k + " | \"x\" | \"\""; }),
       "x"},
      {"hidden left recursion", false,
       random_rules(35,
                    [](auto&& i, auto&& j, auto&& k, auto&& l) {
                      return "e" + i + " " + j + " \"c\" | e" + i + " " + k + " " + l +
                             " | \"x\"\ne" + i + " ::= \"a\"?";
                    }),
       "x"},
      {"one rule in many ways, itself among them", false,
       "root ::= a\na ::= [^\"] | (b-c a){0,4}\nb-c ::= root expr\nexpr ::= a | expr\n", "ab"},
      {"words that call the rule they are in", false,
       "root ::= TagDispatch((\"a\", x), (\"ab\", y), (\"b\", root))\n"
       "x ::= \"x\" root | \"\"\ny ::= \"y\" | \"\"\n",
       "ab"},
      {"loops side by side", true, repeated("a*", 4000), "a"},
      {"pairs of options", true, repeated("(a?b?)", 1000), "ab"},
      {"a chain of rules that may be skipped", false,
       "root ::= r0\n" +
           joined(2000,
                  [](const std::string& i, const std::string& next) {
                    return "r" + i + " ::= \"a\"? r" + next + "\n";
                  }) +
           "r2000 ::= \"b\"\n",
       "a"},
      {"counters in counters", true, "((((a{0,1000}){0,1000}){0,1000}){0,1000}){0,1000}", "a"},
      {"counters in counters, with something between", true,
       "((((a{0,1000}b?){0,1000}c?){3,1000}){0,1000}d?){0,1000}", "a"},
      {"counters side by side", false, "root ::= " + repeated("\"a\"{0,3} ", 7000), "a"},
  };
}

// Single bytes, and every text over a, b of 2 to 7 letters.
std::shared_ptr<const Tokenizer> sample_tokenizer() {
  std::vector<std::string> tokens;
  for (const std::string& s : all_strings("ab", 7)) {
    if (s.size() > 1) tokens.push_back(s);
  }
  tokens.push_back("<stop>");
  return make_tokenizer(with_bytes(tokens), {static_cast<int32_t>(255 + tokens.size())});
}

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// 250 ms where the build is optimised.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kMostSeconds = 5;
#elif defined(__OPTIMIZE__)
constexpr double kMostSeconds = 0.25;
#else
constexpr double kMostSeconds = 2;
#endif

}  // namespace

TEST_CASE("hostile masks: every mask and every accept takes bounded time") {
  const std::shared_ptr<const Tokenizer> tokenizer = sample_tokenizer();
  std::vector<uint32_t> words(tokenizer->mask_words());
  for (const Hostile& h : hostile_grammars()) {
    INFO(std::string(h.name));
    Result<Grammar> grammar =
        h.is_regex ? parse_regex(h.source, Limits()) : parse_ebnf(h.source, "root", Limits());
    REQUIRE(grammar.ok());
    std::unique_ptr<Matcher> m = start_matcher(std::move(grammar).value(), tokenizer);
    const std::string output = repeated(h.output, 50);
    double worst = 0;
    for (char c : output) {
      const double begin = processor_seconds();
      MaskKind kind = MaskKind::kSome;
      REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
      const double middle = processor_seconds();
      REQUIRE(take(m.get(), c));
      worst = std::max({worst, middle - begin, processor_seconds() - middle});
    }
    CHECK(worst < kMostSeconds);
  }
}
