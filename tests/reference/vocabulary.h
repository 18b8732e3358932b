// Small random vocabularies, made of what hurts: all bytes or only some, merges that cross every
// boundary of the grammar, duplicates, empty tokens, control and stop tokens, broken UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "random_source.h"

namespace reference {

enum class Kind { kNormal, kControl, kStop, kUnused };

enum class Spelling { kRaw, kByteLevel };  // how the vocabulary is handed to the library

struct Token {
  std::string bytes;
  Kind kind = Kind::kNormal;
};

struct Vocabulary {
  std::vector<Token> tokens;
  std::vector<int32_t> extra_stops;  // stop tokens that are named by id, not by kind
  int32_t logits_size = 0;           // at least tokens.size()
  Spelling spelling = Spelling::kRaw;

  bool is_stop(size_t id) const;
  bool is_text(size_t id) const;  // may be allowed in the middle of the output
  bool has_all_bytes() const;     // every byte is a token: no string is impossible to spell
};

// `samples` are strings of the grammars to come; merges are cut out of them.
Vocabulary random_vocabulary(RandomSource& random, const std::vector<std::string>& samples,
                             bool all_bytes);

// The texts of the tokens in the vocabulary's spelling.
std::string spelled(const Vocabulary& vocabulary, const std::string& bytes);

}  // namespace reference
