// SpelledTokens: the tokens that texts are made of, some of them left out.
//
//   SpelledTokens tokens(tokenizer, {stop});      // without the tokens in {stop}, which are no text
#pragma once

#include <cstdint>
#include <vector>

#include "mask/spelling_table.h"
#include "mask/token_edges.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

class SpelledTokens : public SpellingTokens {
 public:
  SpelledTokens(const Tokenizer& tokenizer, std::vector<int32_t> stops);
  const Tokenizer& tokenizer() const { return tokenizer_; }
  // Of a grammar that names tokens by their ids; they outlive this.
  void set_edges(const TokenEdges* edges) { edges_ = edges; }
  const TokenEdges* edges() const { return edges_; }
  bool is_stop(int32_t token) const;
  bool whole(int32_t token) const { return edges_ && edges_->possible(token) && !is_stop(token); }
  bool loses_tokens() const { return !stops_.empty(); }
  // Whether a token that a grammar might name is a stop.
  bool loses_whole_tokens() const;

  const TokenTrie& trie() const override { return tokenizer_.trie(); }
  bool ends_at(uint32_t node) const override;
  void after_whole_tokens(State* s, Work* work, std::vector<State*>* out) const override;
  // The state behind a whole token, from that behind the mark of tokens; null: it does not come there.
  static State* after_whole_token(State* marked, int32_t token, Work* work);

 private:
  const Tokenizer& tokenizer_;
  const std::vector<int32_t> stops_;
  const TokenEdges* edges_ = nullptr;
};

}  // namespace xgr::core
