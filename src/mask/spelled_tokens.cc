// Spelled tokens: the token trie without tokens that are stops.
//
// Entry points: ends_at, after_whole_tokens. A token that a grammar names by its id is read as a mark and
// its digits; states behind several of them are often one.
//
//   tokens "a", "a" and "b" without the first: a token still ends at node a
//
// Tests: tests/unit/mask/spelling_test.cc, tests/unit/matcher/dead_ends_test.cc.
#include "mask/spelled_tokens.h"

#include <algorithm>
#include <unordered_set>

#include "grammar/token_ids.h"

namespace xgr::core {

SpelledTokens::SpelledTokens(const Tokenizer& tokenizer, std::vector<int32_t> stops)
    : tokenizer_(tokenizer), stops_(std::move(stops)) {}

bool SpelledTokens::is_stop(int32_t token) const {
  return std::binary_search(stops_.begin(), stops_.end(), token);
}

bool SpelledTokens::loses_whole_tokens() const {
  return edges_ &&
         std::any_of(stops_.begin(), stops_.end(), [&](int32_t t) { return edges_->possible(t); });
}

bool SpelledTokens::ends_at(uint32_t node) const {
  const TokenTrie& t = trie();
  uint32_t r = t.first_rank(node);
  while (r < t.first_rank(node + 1) && is_stop(t.id(r))) ++r;
  return r < t.first_rank(node + 1);
}

State* SpelledTokens::after_whole_token(State* marked, int32_t token, Work* work) {
  State* s = marked;
  for (uint8_t digit : token_digits(static_cast<uint32_t>(token))) {
    if (!s->classes->of[digit]) return nullptr;
    s = step_or_stop(s, digit, work);
  }
  return s;
}

void SpelledTokens::after_whole_tokens(State* s, Work* work, std::vector<State*>* out) const {
  if (!edges_) return;
  State* marked = step_or_stop(s, kTokenMark, work);
  std::unordered_set<State*> seen;
  for (int32_t id = 0; id < tokenizer_.vocab_size(); ++id) {
    charge(work, 1);
    if (!whole(id)) continue;
    State* t = after_whole_token(marked, id, work);
    if (t && seen.insert(t).second) out->push_back(t);
  }
}

}  // namespace xgr::core
