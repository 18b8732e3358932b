// Text as tokens by longest match, and tokens as text.
//
//   encode_longest(tokenizer, "abc", {}, &count)     // how many; again with room for them
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// The longest token of the trie that `text` begins with, and its size; -1: none. Of equal ones the first.
int32_t longest_token(const TokenTrie& trie, std::string_view text, size_t* size);

// How many tokens the text takes, each the longest that fits; written if there is room for all.
// Status::kInvalidData where no token fits.
MaybeError encode_longest(const Tokenizer& tokenizer, std::string_view text,
                          std::span<int32_t> tokens, size_t* count);

// How many bytes the tokens add to an output; written if there is room for all. `names`: those of
// control and stop tokens too. Status::kInvalidArgument for an id outside the vocabulary.
MaybeError decode_tokens(const Tokenizer& tokenizer, std::span<const int32_t> tokens, bool names,
                         std::span<uint8_t> bytes, size_t* size);

}  // namespace xgr::core
