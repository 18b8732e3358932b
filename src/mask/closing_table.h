// ClosingTable: where tokens lead inside one fragment, as far as somebody asks.
//
// A spot is a state of a fragment and a node of the token trie, the text since the last token that
// ended. Reading the rest of a token costs that token; text without the end of one costs nothing.
//
//   ClosingTable t(tokens);  uint32_t s = t.spot(state, 0);  t.expand(s, &work);
//   t.behind(s)   // spots behind one token more
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "mask/spelling_table.h"
#include "parser/automaton.h"
#include "support/byte_set.h"
#include "support/hash.h"
#include "support/work.h"

namespace xgr::core {

class ClosingTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // A rule that is called, at no cost, and where the call returns to.
  struct Call {
    uint32_t callee;  // spot
    State* ret;
  };

  // `all_tokens`: every token of the trie is text, so that subtrees may be taken as a whole.
  ClosingTable(const SpellingTokens& tokens, bool all_tokens)
      : tokens_(tokens), all_tokens_(all_tokens) {}
  uint32_t spot(State* state, uint32_t node, Work* work);
  // As spot, but kNone where no token goes on.
  uint32_t live_spot(State* state, uint32_t node, Work* work);
  // What the spot leads to becomes known: the three below.
  void expand(uint32_t spot, Work* work);
  // Spots at the root of the trie that one token leads to; those left out are no better than others.
  std::span<const uint32_t> behind(uint32_t spot) const {
    return part(behind_, spots_[spot].behind);
  }
  // Calls on the way, at no cost.
  std::span<const Call> calls(uint32_t spot) const { return part(calls_, spots_[spot].calls); }
  // Nodes at which the fragment may be left, at no cost; 0 for the spot's own at the root.
  std::span<const uint32_t> ends(uint32_t spot) const { return part(ends_, spots_[spot].ends); }
  // Whether all tokens below the node lead from the state back to it, or nowhere.
  bool stays(State* s, uint32_t node, Work* work);
  size_t size() const {
    return spots_.size() + ids_.size() + behind_.size() + calls_.size() + ends_.size();
  }
  size_t memory_bytes() const;

 private:
  struct Part {
    uint32_t begin = 0, count = 0;
  };
  struct Spot {
    State* state;
    uint32_t node;
    bool expanded = false;
    Part behind{}, calls{}, ends{};
  };
  // Characters that a state reads without getting any nearer to its end.
  struct Idle {
    ByteSet same;   // the state behind them is the same one
    ByteSet fewer;  // it has no strings that the state has not
  };
  class Walk;
  template <typename T>
  static std::span<const T> part(const std::vector<T>& all, Part p) {
    return {all.data() + p.begin, p.count};
  }
  bool leads_on(State* state, uint32_t node, Work* work);
  const Idle& idle(State* s, Work* work);
  Idle find_idle(State* s, Work* work);
  bool returns_to(State* s, State* behind_lead, bool* same, Work* work);

  const SpellingTokens& tokens_;
  const bool all_tokens_;
  std::vector<Spot> spots_;
  std::vector<uint32_t> behind_, ends_;
  std::vector<Call> calls_;
  std::unordered_map<TokenPlace, uint32_t, TokenPlaceHash> ids_;
  std::unordered_map<const State*, Idle> idle_;
};

}  // namespace xgr::core
