// SequenceSearch: finds the first of many sequences in a stream of symbols (Aho-Corasick).
//
// A state is a number: the longest end of what was read that a sequence begins with. Symbols are bytes
// or ids of tokens.
//
//   SequenceSearch search({{{'a', 'b'}, 0}, {{'b'}, 1}});
//   uint32_t s = search.step(search.step(0, 'a'), 'b');  search.found(s) == 0    // the longest one
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/work.h"

namespace xgr::core {

class SequenceSearch {
 public:
  static constexpr uint32_t kRoot = 0;  // nothing was read
  static constexpr int32_t kNone = -1;
  struct Sequence {
    std::vector<uint32_t> symbols;  // at least one
    int32_t number;                 // what found says; of equal sequences the first one's
  };
  struct Edge {
    uint32_t symbol, to;
  };

  SequenceSearch() : SequenceSearch({}, nullptr) {}
  // Work is proportional to all symbols.
  SequenceSearch(std::vector<Sequence> sequences, Work* work);

  uint32_t step(uint32_t state, uint32_t symbol, Work* work) const {
    for (;;) {
      const uint32_t next = child(state, symbol);
      if (next != kNoState) return next;
      if (state == kRoot) return kRoot;
      charge(work, 1);
      state = shorter_[state];
    }
  }
  // The number of the longest sequence that ends here, or kNone.
  int32_t found(uint32_t state) const { return found_[state]; }
  uint32_t states() const { return static_cast<uint32_t>(found_.size()); }
  // The longest shorter end of what was read; of the root the root.
  uint32_t shorter(uint32_t state) const { return shorter_[state]; }
  // States that are one symbol longer, by symbol.
  std::span<const Edge> longer(uint32_t state) const {
    return std::span(edges_).subspan(first_[state], first_[state + 1] - first_[state]);
  }
  // By state: how many symbols of `sequence`, one of those searched for, end there, counting only the
  // numbers that are allowed (allowed.size() is that of the sequence, allowed[0] is true).
  std::vector<uint32_t> progress(std::span<const uint32_t> sequence,
                                 const std::vector<bool>& allowed) const;
  size_t memory_bytes() const;

 private:
  static constexpr uint32_t kNoState = UINT32_MAX;
  uint32_t child(uint32_t state, uint32_t symbol) const;
  void link(const std::vector<uint32_t>& parents, const std::vector<uint32_t>& symbols);
  void find_shorter(Work* work);

  std::vector<int32_t> found_;
  std::vector<uint32_t> first_;    // of a state's edges; one more than there are states
  std::vector<Edge> edges_;        // those of a state ascending
  std::vector<uint32_t> shorter_;  // by state
  std::vector<uint32_t> order_;    // states, short ones first
};

}  // namespace xgr::core
