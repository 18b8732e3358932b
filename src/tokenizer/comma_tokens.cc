// Entry point: the constructor, one pass over the texts of all tokens.
//
//   `",`  ->  all, after_quote;    `[],`  ->  all, after_bracket;    ` the`  ->  none
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "tokenizer/comma_tokens.h"

namespace xgr::core {

CommaTokens::CommaTokens(const Tokenizer& tokenizer) {
  for (int32_t id : tokenizer.trie().ids()) {
    const std::string_view text = tokenizer.token_bytes(id);
    const size_t comma = text.rfind(',');
    if (comma == std::string_view::npos) continue;
    all.push_back(id);
    if (text.find('"') < comma) after_quote.push_back(id);
    if (text.find_first_of("[{") < comma) after_bracket.push_back(id);
  }
}

}  // namespace xgr::core
