// Names under which the vocabularies of well-known models have their stop tokens.
//
//   std::vector<int32_t> ids = find_stop_tokens(input);   // of a vocabulary that does not say
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace xgr::core {

// How sure it is that a token is no text, the surest first.
enum class StopTier : uint8_t {
  kSpecial = 0,  // the vocabulary marks it as special
  kAdded = 1,    // it stands beside the vocabulary, without that mark
  kPiece = 2,    // nothing is known but its text
};

struct StopCandidate {
  int32_t id;
  StopTier tier;
  std::string_view text;  // as the vocabulary spells it
};

// The candidates, in their order, that have a well-known name and are of the surest tier with any. Below
// kSpecial, names that a text may contain as well (`</s>` is HTML) count only when no other does.
std::vector<int32_t> find_stop_tokens(std::span<const StopCandidate> candidates);

// The same for a vocabulary without stop tokens. With kinds, only control tokens are candidates: the
// caller says that the others are text.
std::vector<int32_t> find_stop_tokens(const TokenizerInput& input);

}  // namespace xgr::core
