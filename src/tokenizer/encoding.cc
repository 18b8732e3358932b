// Text as tokens, and back. Entry points: encode_longest, decode_tokens.
//
// The longest match needs the trie alone, so every vocabulary has it. It spells the text, but mostly not as the
// model's own tokenizer would, which merges by rank or weighs by score. Both count first and write then, so
// nothing is written where not all of it fits, and no memory is needed.
//
//   tokens "a", "ab", "c"; encode_longest of "abc": "ab", "c"; of "abb": no token fits at byte 2
//
// Tests: tests/unit/tokenizer/encoding_test.cc.
#include "tokenizer/encoding.h"

#include <algorithm>
#include <string>

namespace xgr::core {
namespace {

Error no_token_fits(std::string_view text, size_t at) {
  const uint8_t byte = static_cast<uint8_t>(text[at]);
  return make_error(Status::kInvalidData, "no token fits at byte " + std::to_string(at) +
                                              " of the text, which is " + std::to_string(byte) +
                                              "; expected a text that the tokens can spell");
}

// What the token adds to the bytes, or its name.
std::string_view written_text(const Tokenizer& tokenizer, int32_t token, bool names) {
  return tokenizer.kind(token) == TokenKind::kNormal ? tokenizer.token_bytes(token)
         : names                                     ? tokenizer.special_name(token)
                                                     : std::string_view();
}

}  // namespace

int32_t longest_token(const TokenTrie& trie, std::string_view text, size_t* size) {
  uint32_t node = 0;
  int32_t found = -1;
  for (size_t i = 0; i < text.size(); ++i) {
    node = trie.child(node, static_cast<uint8_t>(text[i]));
    if (node == TokenTrie::kNone) break;
    if (!trie.has_token(node)) continue;
    found = trie.id(trie.first_rank(node));
    *size = i + 1;
  }
  return found;
}

MaybeError encode_longest(const Tokenizer& tokenizer, std::string_view text,
                          std::span<int32_t> tokens, size_t* count) {
  const auto each_token = [&](auto take) -> MaybeError {
    size_t size = 0;
    for (size_t at = 0; at < text.size(); at += size) {
      const int32_t token = longest_token(tokenizer.trie(), text.substr(at), &size);
      if (token < 0) return no_token_fits(text, at);
      take(token);
    }
    return std::nullopt;
  };
  size_t needed = 0;
  if (MaybeError error = each_token([&](int32_t) { ++needed; })) return error;
  *count = needed;
  if (needed > tokens.size()) return std::nullopt;
  size_t used = 0;
  return each_token([&](int32_t token) { tokens[used++] = token; });
}

MaybeError decode_tokens(const Tokenizer& tokenizer, std::span<const int32_t> tokens, bool names,
                         std::span<uint8_t> bytes, size_t* size) {
  size_t needed = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] < 0 || tokens[i] >= tokenizer.vocab_size())
      return make_error(Status::kInvalidArgument,
                        "token " + std::to_string(tokens[i]) + " at index " + std::to_string(i) +
                            " is outside the vocabulary; expected an id from 0 to " +
                            std::to_string(tokenizer.vocab_size() - 1));
    needed += written_text(tokenizer, tokens[i], names).size();
  }
  *size = needed;
  if (needed > bytes.size()) return std::nullopt;
  auto out = bytes.begin();
  for (const int32_t token : tokens)
    out = std::ranges::copy(written_text(tokenizer, token, names), out).out;
  return std::nullopt;
}

}  // namespace xgr::core
