// Tokens in which one item of a JSON array may end and the next begin.
//
//   CommaTokens commas(tokenizer);   // once a vocabulary; a few thousand tokens at most have a comma
#pragma once

#include <cstdint>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace xgr::core {

struct CommaTokens {
  explicit CommaTokens(const Tokenizer& tokenizer);
  std::vector<int32_t> all;            // tokens with a comma
  std::vector<int32_t> after_quote;    // of these, those with a quote before some comma
  std::vector<int32_t> after_bracket;  // and those with an opening bracket before some comma
};

}  // namespace xgr::core
