// Tokens that a grammar names by their ids: which of them may come next.
//
// To the automata such a token is the text of a mark and its digits (grammar/token_ids.h). The ids
// that a state reads behind the mark are its own, whoever called it, and are kept as a set.
//
//   TokenEdges edges(tokenizer, possible);
//   edges.find(parses, &sets);   // the mask is its text part and these sets
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "grammar/token_ids.h"
#include "mask/mask_part.h"
#include "parser/stack.h"
#include "parser/stepper.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// The tokens that outputs of the grammar can have as a whole: normal ones, and control tokens that
// it names itself. An error when it names an id that is none of the vocabulary's.
Result<PossibleTokens> possible_tokens(const Tokenizer& tokenizer, const ExprPool& pool);

// Whether the automata may read it as text.
inline bool is_text(std::string_view bytes) {
  return !bytes.empty() && bytes.find(static_cast<char>(kTokenMark)) == bytes.npos;
}
// What the automata read of a token as a whole.
std::string spelled_token(int32_t id);

class TokenEdges {
 public:
  using Sets = std::vector<std::shared_ptr<const TokenSet>>;

  TokenEdges(const Tokenizer& tokenizer, const TokenIds& possible);
  // Whether a grammar could ever allow the token as a whole.
  bool possible(int32_t id) const {
    return possible_words_[static_cast<size_t>(id) >> 5] >> (id & 31) & 1;
  }
  // The sets of tokens that `parses`, with all that they return to, allow as a whole. False when a
  // limit was hit. Charged to `work`.
  bool find(std::span<const Config> parses, Sets* sets, Work* work);
  size_t memory_bytes();

 private:
  std::shared_ptr<const TokenSet> set_of(State* marked, Work* work);
  bool add_set(State* s, Sets* sets, Work* work);

  static constexpr size_t kMaxSets = 256;  // kept; more are computed again
  const size_t mask_words_;
  std::vector<uint32_t> possible_words_;
  std::mutex mutex_;
  std::unordered_map<const State*, std::shared_ptr<const TokenSet>>
      sets_;  // by state behind the mark
};

}  // namespace xgr::core
