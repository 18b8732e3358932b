// ReferenceWalk: the tokens of a state from those of another parse that soon behaves the same.
//
//   ReferenceWalk walk(tokenizer, &scratch);
//   walk.run(key_state, {string_state, stack}, tokens, exits);
//   TokenSet set = walk.tokens(); ExitSet left = walk.exits();
#pragma once

#include <vector>

#include "mask/trie_walk.h"

namespace xgr::core {

class ReferenceWalk {
 public:
  ReferenceWalk(const Tokenizer& tokenizer, WalkScratch* scratch, const ByteSet& cover,
                Work* work = nullptr);
  // Tokens of `q`, callers unknown. `like` is a parse over at most one return state, whose tokens
  // are the union of `like_tokens`; `like_exits` are where they leave that return state's fragment.
  void run(State* q, const Config& like, std::span<const TokenSet* const> like_tokens,
           const ExitSet& like_exits);
  // Before run: texts of at most so many characters are known to be the same for both.
  void set_slack(uint32_t chars) { slack_ = chars; }
  // Before run: tokens inside the other parse's loop, `unbounded`, live iff they are in `counted`.
  void set_loop(std::shared_ptr<const LoopTokens> counted,
                std::shared_ptr<const LoopTokens> unbounded) {
    counted_ = std::move(counted);
    unbounded_ = std::move(unbounded);
  }
  TokenSet tokens() const;
  ExitSet exits();
  bool failed() const { return s_.stepper.failed(); }
  uint64_t visited() const { return visited_; }

 private:
  using Level = WalkScratch::PairLevel;
  struct Range {
    size_t begin, end;
    bool empty() const { return begin == end; }
  };
  bool same(const Range& x, const Range& y) const;
  bool equivalent(const Range& x, const Range& y, int depth);
  void load(std::span<const TokenSet* const> like_tokens);
  void push_level(uint32_t node, const Range& ours, const Range& like, Arena::Mark mark);
  ByteSet worth_visiting(const Level& level, const ChildTable& table);
  bool leads_to_same(const Level& level, uint8_t byte);
  void visit(uint32_t child);
  void visit_leaf(const Level& level, uint32_t leaf);
  bool within_slack(const Level& level, uint32_t child) const;
  void note_exit(const Level& level, uint32_t child, bool equal);
  void set(uint32_t first_rank, uint32_t last_rank);
  void clear(uint32_t first_rank, uint32_t last_rank);

  const Tokenizer& tokenizer_;
  const TokenTrie& trie_;
  WalkScratch& s_;
  ByteSet cover_;
  const TokenSet* base_ = nullptr;  // the largest set of the reference
  const ExitSet* like_exits_ = nullptr;
  bool any_exit_ = false;
  bool many_differences_ = false;  // from the base's bitmask
  uint32_t slack_ = 0;
  std::shared_ptr<const LoopTokens> counted_, unbounded_;
  uint64_t visited_ = 0;
};

}  // namespace xgr::core
