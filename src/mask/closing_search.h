// ClosingSearch: the fewest tokens that complete an output.
//
//   ClosingSearch search(tokens, &stacks, true);
//   const ClosingBounds b = search.find(parses, {.budget = 1 << 20}, &work);   // b.least == b.most: exact
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "mask/closing_ends.h"
#include "mask/closing_stacks.h"
#include "mask/closing_table.h"

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
    uint32_t known = kNoClosing;   // so many are enough, as somebody has found out
    uint64_t budget = UINT64_MAX;  // steps of the work
    bool answered_by(uint32_t most) const { return enough != kNoClosing && most <= enough; }
  };
  ClosingSearch(const SpellingTokens& tokens, ClosingStacks* stacks, bool all_tokens)
      : stacks_(*stacks), table_(tokens, all_tokens), ends_(&table_) {}
  // Work that is stopped leaves what is known as it was. Afterwards either the bounds meet, or most <= enough < kNoClosing, or least > enough, or the budget
  // is spent.
  ClosingBounds find(std::span<const Config> parses, const Question& question, Work* work);
  // Whether all tokens below the node lead from the state back to it, or nowhere.
  bool stays(State* s, uint32_t node, Work* work) { return table_.stays(s, node, work); }
  size_t size() const { return table_.size() + ends_.size() + known_.size(); }
  size_t memory_bytes() const;

 private:
  struct Visit {
    uint64_t from = kStart;  // place before it
    uint32_t cost;           // so far
    uint32_t total;          // at least, of a completion that comes by
    bool done;               // with that cost
  };
  // A call on the way: its callee ends with every token more in more ways.
  struct Call {
    uint32_t entry, stack;
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
  static uint64_t place_of(uint32_t stack, uint32_t spot) { return uint64_t{stack} << 32 | spot; }
  ClosingStacks& stacks_;
  ClosingTable table_;
  ClosingEnds ends_;
  std::unordered_map<uint64_t, ClosingBounds> known_;  // by place
};

}  // namespace xgr::core
