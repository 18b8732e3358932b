// Six outputs under four languages, in one buffer of masks: sources put together, a matcher cloned
// in the middle of its output, steps undone, and what an error tells. The "model" draws from a
// linear congruential generator. The same program exists in every language and writes the same.
//
//   c++ -std=c++17 batch.cc $(pkg-config --cflags --libs xgr) -o batch && ./batch
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xgr/xgr.hpp>

namespace {

constexpr std::int32_t kTokens = 96;
constexpr std::int32_t kStop = 95;
constexpr int kRows = 6;
constexpr int kSteps = 48;

struct Row {
  std::optional<xgr::Matcher> matcher;
  std::string text;
  int steps = 0;
};

// A vocabulary of the printable characters of ASCII and one stop token.
xgr::Tokenizer make_tokenizer() {
  std::string bytes;
  for (int i = 0; i < kStop; ++i) bytes.push_back(static_cast<char>(0x20 + i));
  std::vector<std::string_view> texts;
  for (int i = 0; i < kStop; ++i) texts.push_back(std::string_view(bytes).substr(i, 1));
  texts.emplace_back();
  const std::vector<std::int32_t> stop = {kStop};
  xgr::TokenizerOptions options;
  options.stop_tokens = stop;
  return xgr::Tokenizer(texts, options);
}

std::vector<xgr::Grammar> compile(xgr::Compiler& compiler) {
  xgr::JsonFormat format;
  format.layout = xgr::JsonLayout::Line;
  const auto words = xgr::GrammarSource::from_choices({"yes", "no", "maybe"});
  const auto digits = xgr::GrammarSource::from_regex("[0-9]{2}");
  std::vector<xgr::Grammar> grammars;
  grammars.push_back(compiler.compile_json_schema(
      R"({"type":"object","properties":{"id":{"type":"integer","minimum":1,"maximum":999},)"
      R"("ok":{"type":"boolean"}},"required":["id","ok"],"additionalProperties":false})",
      format));
  grammars.push_back(compiler.compile_regex("[a-f]{3}-[0-9]{2,4}"));
  grammars.push_back(
      compiler.compile_ebnf("root ::= term (\" + \" term)*\n"
                            "term ::= [0-9] | \"(\" root \")\""));
  grammars.push_back(compiler.compile_source(xgr::GrammarSource::union_of({&words, &digits})));
  return grammars;
}

bool is_allowed(xgr::Span<const std::uint32_t> mask, std::int32_t token) {
  return (mask[token / 32] >> token % 32 & 1) != 0;
}

// Any of the allowed tokens.
std::int32_t choose_token(xgr::Span<const std::uint32_t> mask, std::uint32_t& state) {
  std::vector<std::int32_t> allowed;
  for (std::int32_t token = 0; token < kTokens; ++token) {
    if (is_allowed(mask, token)) allowed.push_back(token);
  }
  state = (state * 1103515245u + 12345u) & 0x7FFFFFFFu;
  return allowed[state / 65536 % allowed.size()];
}

void step(Row& row, xgr::Span<std::uint32_t> mask, std::uint32_t& state) {
  row.matcher->fill_bitmask(mask);
  const std::int32_t token = choose_token({mask.data(), mask.size()}, state);
  if (row.matcher->accept_token(token) && token != kStop) {
    row.text.push_back(static_cast<char>(0x20 + token));
  }
  ++row.steps;
}

void generate(std::vector<Row>& rows, std::size_t words) {
  std::vector<std::uint32_t> masks(kRows * words);
  std::uint32_t state = 42;
  for (int t = 0; t < kSteps; ++t) {
    for (int r = 0; r < kRows; ++r) {
      Row& row = rows[r];
      if (!row.matcher || row.matcher->is_terminated()) continue;
      step(row, {masks.data() + r * words, words}, state);
    }
    if (!rows[4].matcher && rows[0].steps == 3) {
      rows[4] = Row{rows[0].matcher->clone(), rows[0].text, rows[0].steps};
    }
  }
}

void report(xgr::Compiler& compiler, std::vector<Row>& rows) {
  for (int r = 0; r < kRows; ++r) {
    std::cout << "row " << r << ": " << rows[r].text
              << (rows[r].matcher->is_terminated() ? " (done)\n" : " (cut)\n");
  }
  xgr::Matcher& matcher = *rows[2].matcher;
  matcher.rollback(std::min<std::size_t>(2, matcher.history_size()));
  std::cout << "rolled back: " << matcher.history_size() << '\n';
  try {
    compiler.compile_regex("(a");
  } catch (const xgr::Error& error) {
    std::cout << "error " << static_cast<int>(error.code()) << " at byte " << error.byte_offset()
              << ": " << error.what() << '\n';
  }
}

}  // namespace

int main() {
  try {
    const xgr::Tokenizer tokenizer = make_tokenizer();
    xgr::Compiler compiler(tokenizer);
    const std::vector<xgr::Grammar> grammars = compile(compiler);
    std::vector<Row> rows(kRows);
    for (int r : {0, 1, 2, 3}) rows[r].matcher.emplace(grammars[r]);
    rows[5].matcher.emplace(grammars[1]);
    generate(rows, tokenizer.mask_words());
    report(compiler, rows);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
