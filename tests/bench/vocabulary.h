// Vocabularies to measure with: one made up in code, the same on every machine, or one from a file.
//
// The made-up one is shaped like a real one: all bytes, runs of white space and of punctuation,
// numbers, words with and without a space before them, a dozen scripts, pieces of characters.
//
//   auto tokenizer = make_vocabulary(131072).tokenizer();
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace xgr::core::bench {

struct Vocabulary {
  std::string name;
  std::vector<std::string> tokens;
  std::vector<uint8_t> kinds;  // TokenKind

  std::shared_ptr<const Tokenizer> tokenizer() const;
};

// `size` tokens, of which the first 16 are control and stop tokens.
Vocabulary make_vocabulary(size_t size);

// One token a line, by id: a letter (N normal, B a single byte, C control, E stop, U unused), a
// space, the bytes in base64. "-" reads the standard input. Ends the program when it cannot.
Vocabulary read_vocabulary(const std::string& path);

// The text as the longest tokens that it begins with, one after the other.
std::vector<int32_t> tokenize(const Tokenizer& tokenizer, std::string_view text);
// The same, one token a byte.
std::vector<int32_t> tokenize_bytes(const Tokenizer& tokenizer, std::string_view text);

// Numbers that are the same on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next();
  uint32_t below(uint32_t n) { return static_cast<uint32_t>((next() >> 32) % n); }
  bool one_in(uint32_t n) { return below(n) == 0; }

 private:
  uint64_t state_;
};

}  // namespace xgr::core::bench
