// Whether the two forms of each example grammar, EBNF and Lark, are one language.
//
//   same_language FOLDER [--only NAME] [--seed N] [--rounds N]
//
// Both forms are compiled for a vocabulary of single bytes and read the same texts side by side:
// the documents, all short texts over the letters that are most frequent in them, texts drawn from
// the masks of one form or the other, and documents with random changes. Before every byte both
// masks have to be the same, which says more than that both take the text: no text that goes on in
// any way is a string of one form only.
//
// Tests: this is one; .github and `sh tests/run.sh grammars` run it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/compiler.h"
#include "example_files.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using grammars::Example;

namespace {

constexpr int32_t kStop = 256;
constexpr size_t kWords = 9;           // of a mask over the bytes and the stop token
constexpr size_t kLetters = 12;        // of all short texts
constexpr size_t kShortTexts = 6000;   // at most, of one length
constexpr size_t kLongestDrawn = 300;  // bytes

using Mask = std::array<uint32_t, kWords>;

bool has(const Mask& mask, int32_t token) {
  return mask[static_cast<size_t>(token) / 32] >> (token % 32) & 1;
}

std::shared_ptr<const Tokenizer> byte_tokenizer() {
  static std::array<char, 256> bytes;
  std::iota(bytes.begin(), bytes.end(), char{0});
  TokenizerInput input;
  for (const char& b : bytes) input.tokens.push_back({&b, 1});
  input.tokens.push_back({});
  input.stop_tokens = {kStop};
  return Tokenizer::create(input).value();
}

std::string shown(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') out += "\\n";
    if (c == '\r') out += "\\r";
    if (c != '\n' && c != '\r') out += c;
  }
  return out;
}

// The two forms of one grammar after the same text.
struct Pair {
  std::unique_ptr<Matcher> ebnf, lark;

  Pair clone() const { return {ebnf->clone(), lark->clone()}; }
  void accept(int32_t token) {
    bool accepted;
    ebnf->accept_token(token, &accepted);
    lark->accept_token(token, &accepted);
  }
};

class Comparison {
 public:
  Comparison(const Example& example, uint32_t seed) : example_(example), random_(seed) {}

  // Prints what is wrong; whether nothing is.
  bool run(int rounds) {
    if (!compile()) return false;
    for (const std::string& s : example_.accepted) check_document(s, true);
    for (const std::string& s : example_.refused) check_document(s, false);
    if (failures_ == 0) compare_short_texts();
    for (int i = 0; i < rounds && failures_ == 0; ++i) {
      draw();
      read(changed(example_.accepted));
      read(changed(example_.refused));
    }
    std::printf("%-11s %3zu accepted, %3zu refused, %8zu places compared%s\n",
                example_.name.c_str(), example_.accepted.size(), example_.refused.size(), places_,
                failures_ ? ", FAILED" : "");
    return failures_ == 0;
  }

 private:
  bool compile() {
    compiler_ = std::move(Compiler::create(byte_tokenizer(), {})).value();
    Compiler::Compiled ebnf = compiler_->compile_ebnf(example_.ebnf, "root");
    Compiler::Compiled lark = compiler_->compile(parse_lark(example_.lark, {}, Limits()));
    for (const auto& [form, compiled] : {std::pair("ebnf", &ebnf), std::pair("lark", &lark)}) {
      if (compiled->ok()) continue;
      const Error& e = compiled->error();
      std::printf("%s.%s:%d:%d: %s\n", example_.name.c_str(), form, e.line, e.column,
                  e.message.c_str());
    }
    if (!ebnf.ok() || !lark.ok()) return false;
    start_ = {std::move(Matcher::create(ebnf.value(), {})).value(),
              std::move(Matcher::create(lark.value(), {})).value()};
    return true;
  }

  void fail(const std::string& what, std::string_view text) {
    if (++failures_ <= 20) {
      std::printf("%s: %s: %s\n", example_.name.c_str(), what.c_str(), shown(text).c_str());
    }
  }

  // The mask, which has to be that of both forms.
  Mask mask_of(const Pair& pair, std::string_view text) {
    Mask ebnf{}, lark{};
    MaskKind kind;
    ++places_;
    Status x = pair.ebnf->fill_bitmask(ebnf.data(), kWords, &kind);
    Status y = pair.lark->fill_bitmask(lark.data(), kWords, &kind);
    if (x != Status::kOk || y != Status::kOk) fail("a limit is exceeded after", text);
    for (int32_t t = 0; t <= kStop && ebnf != lark; ++t) {
      if (has(ebnf, t) == has(lark, t)) continue;
      const std::string next = t == kStop ? "the end" : shown(std::string(1, static_cast<char>(t)));
      fail(std::string("only ") + (has(ebnf, t) ? "EBNF" : "Lark") + " allows " + next + " after",
           text);
      break;
    }
    return ebnf;
  }

  // Whether both forms take the text.
  bool read(std::string_view text) {
    Pair pair = start_.clone();
    for (size_t i = 0; i < text.size(); ++i) {
      const int32_t byte = static_cast<uint8_t>(text[i]);
      if (!has(mask_of(pair, text.substr(0, i)), byte)) return false;
      pair.accept(byte);
    }
    return has(mask_of(pair, text), kStop);
  }

  void check_document(const std::string& text, bool wanted) {
    if (read(text) != wanted) fail(wanted ? "is refused" : "is accepted", text);
  }

  std::string frequent_letters() const {
    std::map<char, size_t> counts;
    for (const std::string& s : example_.accepted) {
      for (char c : s) ++counts[c];
    }
    std::vector<std::pair<size_t, char>> sorted;
    for (auto [c, n] : counts) sorted.push_back({n, c});
    std::sort(sorted.rbegin(), sorted.rend());
    std::string letters;
    for (size_t i = 0; i < std::min(kLetters, sorted.size()); ++i) letters += sorted[i].second;
    return letters;
  }

  // Length after length, as long as there are not too many texts that can go on.
  void compare_short_texts() {
    const std::string letters = frequent_letters();
    std::vector<std::pair<std::string, Pair>> texts, longer;
    texts.push_back({"", start_.clone()});
    while (!texts.empty() && texts.size() <= kShortTexts && failures_ == 0) {
      longer.clear();
      for (const auto& [text, pair] : texts) {
        const Mask mask = mask_of(pair, text);
        for (char c : letters) {
          const int32_t byte = static_cast<uint8_t>(c);
          if (!has(mask, byte) || longer.size() > kShortTexts) continue;
          longer.push_back({text + c, pair.clone()});
          longer.back().second.accept(byte);
        }
      }
      texts.swap(longer);
    }
  }

  uint32_t below(size_t n) { return static_cast<uint32_t>(random_() % n); }

  // A text that both forms allow, byte for byte, and mostly of what the documents are made of.
  void draw() {
    const std::string& model = example_.accepted[below(example_.accepted.size())];
    Pair pair = start_.clone();
    std::string text;
    while (text.size() < kLongestDrawn && failures_ == 0) {
      const Mask mask = mask_of(pair, text);
      if (has(mask, kStop) && below(40) == 0) return;
      std::vector<int32_t> choices;
      const bool as_model = below(4) > 0;
      for (int32_t t = 0; t < kStop; ++t) {
        const bool plain = t < 0x80 || below(20) == 0;
        const bool known = model.find(static_cast<char>(t)) != std::string::npos;
        if (has(mask, t) && (as_model ? known : plain)) choices.push_back(t);
      }
      for (int32_t t = 0; t < kStop && choices.empty(); ++t) {
        if (has(mask, t)) choices.assign(1, t);
      }
      if (choices.empty()) return;
      const int32_t byte = choices[below(choices.size())];
      pair.accept(byte);
      text += static_cast<char>(byte);
    }
  }

  // A document with one to three pieces removed, repeated, or taken from another one.
  std::string changed(const std::vector<std::string>& documents) {
    std::string text = documents[below(documents.size())];
    for (uint32_t n = 1 + below(3); n > 0; --n) {
      const std::string& other = example_.accepted[below(example_.accepted.size())];
      const size_t at = below(text.size() + 1), length = below(4);
      const size_t from = below(other.size() + 1);
      switch (below(4)) {
        case 0:
          text.erase(at, length + 1);
          break;
        case 1:
          text.insert(at, text.substr(at, length + 1));
          break;
        case 2:
          text.insert(at, other.substr(from, length + 1));
          break;
        default:
          text.replace(at, length, other.substr(from, below(8)));
      }
    }
    return text;
  }

  const Example& example_;
  std::mt19937 random_;
  std::unique_ptr<Compiler> compiler_;
  Pair start_;
  size_t failures_ = 0, places_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  std::string only;
  uint32_t seed = 1;
  int rounds = 300;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
    if (std::strcmp(argv[i], "--seed") == 0) seed = static_cast<uint32_t>(std::atoi(argv[i + 1]));
    if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::atoi(argv[i + 1]);
  }
  if (argc < 2) {
    std::fprintf(stderr, "same_language FOLDER [--only NAME] [--seed N] [--rounds N]\n");
    return 2;
  }
  int compared = 0, failed = 0;
  for (const Example& e : grammars::read_examples(argv[1])) {
    if (!only.empty() && e.name != only) continue;
    ++compared;
    failed += !Comparison(e, seed).run(rounds);
  }
  return failed > 0 || compared == 0;
}
