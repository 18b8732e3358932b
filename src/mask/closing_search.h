// ClosingSearch: the fewest tokens that complete an output.
//
//   ClosingSearch search(tokens, true);
//   const ClosingBounds b = search.find(parses, {.budget = 1 << 20}, &work);   // b.least == b.most: exact
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "mask/closing_ends.h"
#include "mask/closing_table.h"
#include "parser/stack.h"

namespace xgr::core {

// The fewest tokens are between these two. most: kNoClosing where no way to complete is known.
inline constexpr uint32_t kNoClosing = UINT32_MAX;
struct ClosingBounds {
  uint32_t least = 0;
  uint32_t most = kNoClosing;
  bool exact() const { return least == most; }
};

class ClosingSearch {
 public:
  struct Question {
    // More need not be told apart, and nothing below has to be exact.
    uint32_t enough = kNoClosing;
    uint64_t budget = UINT64_MAX;  // steps
    bool answered_by(uint32_t most) const { return enough != kNoClosing && most <= enough; }
  };
  ClosingSearch(const SpellingTokens& tokens, bool all_tokens)
      : table_(tokens, all_tokens), ends_(&table_) {}
  // Afterwards either the bounds meet, or most <= enough < kNoClosing, or least > enough, or the budget
  // is spent.
  ClosingBounds find(std::span<const Config> parses, const Question& question, Work* work);
  // Whether all tokens below the node lead from the state back to it, or nowhere.
  bool stays(State* s, uint32_t node, Work* work) { return table_.stays(s, node, work); }
  // Stacks that were asked about may be gone, and others may be where they were.
  void forget_stacks() { by_node_.clear(); }
  size_t size() const { return table_.size() + ends_.size() + known_.size() + contexts_.size(); }
  uint64_t spent() const { return table_.spent(); }
  size_t memory_bytes() const;
  bool changing = false;  // the user's

 private:
  // A stack: where the fragment returns to. Equal stacks are one; 0 is the empty one.
  struct Edge {
    State* ret;
    uint32_t context;
    bool operator==(const Edge&) const = default;
  };
  struct Context {
    std::vector<Edge> edges;
  };
  struct Visit {
    uint64_t from = kStart;  // place before it
    uint32_t cost;           // so far
    uint32_t total;          // at least, of a completion that comes by
    bool done;               // with that cost
  };
  // A call on the way: its callee ends with every token more in more ways.
  struct Call {
    uint32_t entry, context;
    State* ret;
    uint64_t from;
    uint32_t cost;
    uint32_t taken = 0;
  };
  struct Step {
    bool is_call;
    uint64_t id;  // place, or call
    uint32_t cost;
  };
  class Run;
  static constexpr uint64_t kStart = UINT64_MAX;
  static uint64_t place_of(uint32_t context, uint32_t spot) {
    return uint64_t{context} << 32 | spot;
  }
  uint32_t context_of(const StackNode* stack, Work* work);
  uint32_t intern(const StackNode& node, Work* work);

  ClosingTable table_;
  ClosingEnds ends_;
  std::vector<Context> contexts_{Context()};
  std::unordered_multimap<uint64_t, uint32_t> by_edges_;
  std::unordered_map<const StackNode*, uint32_t> by_node_;
  std::unordered_map<uint64_t, ClosingBounds> known_;  // by place
};

}  // namespace xgr::core
