// ClosingEnds: what it costs to leave a fragment, by the place in a token at which it is left.
//
// Found level by level, a token a level, and as far as somebody asks. It says nothing of callers, so it
// is found once for all outputs. Work that is stopped leaves all as it was.
//
//   ClosingEnds ends(&table);  uint32_t e = ends.entry(spot);
//   ends.explore(e, 2, &work);      // ends.of(e): all that cost two tokens or fewer
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mask/closing_table.h"

namespace xgr::core {

class ClosingEnds {
 public:
  struct End {
    uint32_t node;  // of the token trie
    uint32_t cost;  // tokens
  };
  explicit ClosingEnds(ClosingTable* table) : table_(*table) {}
  uint32_t entry(uint32_t spot);
  // All ends of at most `cost` tokens become known.
  void explore(uint32_t entry, uint32_t cost, Work* work);
  // Cheapest first, each node once.
  std::span<const End> of(uint32_t entry) const { return entries_[entry].ends; }
  // Those that are known are all.
  bool complete(uint32_t entry) const { return entries_[entry].complete; }
  size_t size() const { return size_; }
  size_t memory_bytes() const;

 private:
  struct Call {
    uint32_t entry;
    uint32_t cost;  // when it begins
    State* ret;
    uint32_t taken = 0;  // of its ends
  };
  struct Entry {
    uint32_t spot;
    uint32_t done = 0;  // levels
    bool complete = false, begun = false;
    std::vector<std::vector<uint32_t>> open;  // spots by cost
    std::unordered_set<uint32_t> seen, seen_ends;
    std::vector<Call> calls;
    std::vector<End> ends;
  };
  struct Demand {
    uint32_t entry, cost;
    bool operator==(const Demand&) const = default;
  };
  bool knows(const Demand& d) const {
    return entries_[d.entry].complete || entries_[d.entry].done > d.cost;
  }
  bool advance(uint32_t entry, Demand* missing, Work* work);
  void visit(uint32_t entry, uint32_t spot, Work* work);
  bool take_ends(uint32_t entry, Call* call, Demand* missing, Work* work);
  void open(Entry* e, uint32_t cost, uint32_t spot);

  ClosingTable& table_;
  std::vector<Entry> entries_;
  std::unordered_map<uint32_t, uint32_t> ids_;  // by spot
  size_t size_ = 0;
};

}  // namespace xgr::core
