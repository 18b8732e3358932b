// SpellingTable: how fragments can end when their text is cut into tokens.
//
// A spot is a state of a fragment and a node of the token trie, the text since the last token that
// ended. The ends of a spot are the nodes at which the fragment can be left from there.
//
//   SpellingTable t(rules);  uint32_t s = t.spot(state, 0);  t.expand(s, &work);  t.ends(s)
#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parser/automaton.h"
#include "support/hash.h"
#include "support/work.h"
#include "tokenizer/token_trie.h"

namespace xgr::core {

// The state behind a byte that `s` reads. A limit of the automaton that is hit is WorkStopped.
State* step_or_stop(State* s, uint8_t byte, Work* work);

// What the table asks of the vocabulary.
class SpellingTokens {
 public:
  virtual ~SpellingTokens() = default;
  virtual const TokenTrie& trie() const = 0;
  // Whether a token that is text ends at the node.
  virtual bool ends_at(uint32_t node) const = 0;
  // The states behind all tokens that may be taken as a whole from the state.
  virtual void after_whole_tokens(State* s, Work* work, std::vector<State*>* out) const = 0;
};

// A state of a fragment and a node of the token trie, the text since the last token that ended.
struct TokenPlace {
  const State* state;
  uint32_t node;
  bool operator==(const TokenPlace&) const = default;
};
struct TokenPlaceHash {
  size_t operator()(const TokenPlace& p) const {
    return mix(mix(1, reinterpret_cast<uintptr_t>(p.state)), p.node);
  }
};

class SpellingTable {
 public:
  explicit SpellingTable(const SpellingTokens& tokens) : tokens_(tokens) {}
  uint32_t spot(State* state, uint32_t node, Work* work);
  bool expanded(uint32_t spot) const { return spots_[spot].expanded; }
  // What the spot leads to becomes known.
  void expand(uint32_t spot, Work* work);
  // Every spot that it leads to is expanded, so its ends are all that there are.
  bool closed(uint32_t spot) const { return spots_[spot].closed; }
  void close(uint32_t spot) { spots_[spot].closed = true; }
  template <typename F>
  void for_each_end(uint32_t spot, F&& f) const {
    for (uint32_t i = spots_[spot].ends; i != kNone; i = lists_[i].next) f(lists_[i].value);
  }
  template <typename F>
  void for_each_next(uint32_t spot, F&& f) const {
    for (uint32_t i = spots_[spot].nexts; i != kNone; i = lists_[i].next) f(lists_[i].value);
  }
  uint32_t node(uint32_t spot) const { return spots_[spot].node; }
  size_t size() const { return spots_.size() + lists_.size(); }
  bool changing = false;  // the user's
  size_t memory_bytes() const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Spot {
    State* state;
    uint32_t node;
    uint32_t ends = kNone, nexts = kNone, users = kNone;  // lists
    bool expanded = false, closed = false;
  };
  struct Item {
    uint32_t value, next;
  };
  // Whose ends depend on those of a spot: `spot` has them too, or, behind a call, those that its
  // caller then has in `ret`.
  struct User {
    uint32_t spot;
    State* ret;
    uint32_t next;
  };
  void read_bytes(uint32_t spot, Work* work);
  void add_calls(uint32_t spot, Work* work);
  void add_next(uint32_t spot, State* state, uint32_t node, Work* work);
  void add_user(uint32_t spot, uint32_t user, State* ret, Work* work);
  void add_end(uint32_t spot, uint32_t node, Work* work);
  void spread(Work* work);
  void tell(const User& user, uint32_t end, Work* work);

  const SpellingTokens& tokens_;
  std::vector<Spot> spots_;
  std::vector<Item> lists_;
  std::vector<User> users_;
  std::unordered_map<TokenPlace, uint32_t, TokenPlaceHash> ids_;
  std::unordered_set<uint64_t> known_ends_, known_nexts_, known_callees_;
  std::vector<std::pair<uint32_t, uint32_t>> fresh_;  // ends to be told to users
};

}  // namespace xgr::core
