// The whole of libxgr in one page: tokenizer, compiler, grammar, matcher, and the loop of masks and
// tokens. The "model" is a stand-in that likes the highest token id; the mask makes it write JSON.
//
//   c++ -std=c++17 minimal.cc $(pkg-config --cflags --libs xgr) -o minimal && ./minimal
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>
#include <xgr/xgr.hpp>

namespace {

constexpr std::int32_t kStop = 256;
using Mask = std::array<std::uint32_t, 9>;  // one bit for each of 257 tokens

std::int32_t choose_token(const Mask& mask) {
  std::int32_t token = kStop;
  while ((mask[token / 32] >> token % 32 & 1) == 0) --token;
  return token;
}

void run() {
  // A vocabulary of the 256 single bytes and one stop token.
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  std::vector<std::string_view> texts;
  for (int i = 0; i < 256; ++i) texts.push_back(std::string_view(bytes).substr(i, 1));
  texts.emplace_back();
  const std::vector<std::int32_t> stop = {kStop};
  xgr::TokenizerOptions vocabulary;
  vocabulary.stop_tokens = stop;
  xgr::JsonFormat format;
  format.layout = xgr::JsonLayout::Line;

  const xgr::Tokenizer tokenizer(texts, vocabulary);
  xgr::Compiler compiler(tokenizer);
  const xgr::Grammar grammar = compiler.compile_json_schema(R"({
      "type": "object",
      "properties": {"city": {"enum": ["Oslo", "Rome"]},
                     "days": {"type": "integer", "minimum": 1, "maximum": 14}},
      "required": ["city", "days"], "additionalProperties": false})",
                                                            format);
  xgr::Matcher matcher(grammar);
  Mask mask;
  while (!matcher.is_terminated()) {
    matcher.fill_bitmask(mask);
    const std::int32_t token = choose_token(mask);
    matcher.accept_token(token);
    if (token != kStop) std::cout.put(static_cast<char>(token));
  }
  std::cout << '\n';
}

}  // namespace

int main() {
  try {
    run();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
