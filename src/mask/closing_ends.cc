// Closing ends: shortest ways out of fragments that call each other.
//
// Entry point: explore. This is Dijkstra's search with costs 0 and 1, one for every spot at which a
// rule is entered. A call waits for the ends of its callee as they become cheap enough; where these are
// not known yet, the callee comes first. Levels go up, and within a level calls that have read
// nothing of a token never lead back to themselves, since left recursion is gone. So nobody waits for
// himself.
//
//   value at the root: ends at node `1` (0 tokens), `"}` as far as `"` (1), the root (1), ...
//
// Tests: tests/unit/mask/closing_test.cc.
#include "mask/closing_ends.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr uint64_t kLevelSteps = 16;

}  // namespace

uint32_t ClosingEnds::entry(uint32_t spot) {
  auto [it, fresh] = ids_.try_emplace(spot, static_cast<uint32_t>(entries_.size()));
  if (fresh) {
    entries_.emplace_back();
    entries_.back().spot = spot;
  }
  return it->second;
}

void ClosingEnds::open(Entry* e, uint32_t cost, uint32_t spot) {
  if (e->seen.count(spot)) return;
  if (e->open.size() <= cost) e->open.resize(size_t{cost} + 1);
  e->open[cost].push_back(spot);
}

void ClosingEnds::explore(uint32_t entry, uint32_t cost, Work* work) {
  std::vector<Demand> waiting{{entry, cost}};
  while (!waiting.empty()) {
    const Demand top = waiting.back();
    Demand missing;
    if (knows(top)) {
      waiting.pop_back();
    } else if (!advance(top.entry, &missing, work)) {
      waiting.push_back(missing);
    }
  }
}

// One level more. False: another entry comes first.
bool ClosingEnds::advance(uint32_t entry, Demand* missing, Work* work) {
  if (!entries_[entry].begun) {
    entries_[entry].begun = true;
    open(&entries_[entry], 0, entries_[entry].spot);
  }
  const uint32_t level = entries_[entry].done;
  charge(work, kLevelSteps + entries_[entry].calls.size());
  for (bool more = true; more;) {
    more = false;
    for (;;) {
      std::vector<std::vector<uint32_t>>& by_cost = entries_[entry].open;
      if (by_cost.size() <= level || by_cost[level].empty()) break;
      visit(entry, by_cost[level].back(), work);
      entries_[entry].open[level].pop_back();
    }
    for (size_t i = 0; i < entries_[entry].calls.size(); ++i) {
      Call call = entries_[entry].calls[i];
      const bool known = take_ends(entry, &call, missing, work);
      entries_[entry].calls[i] = call;
      if (!known) return false;
    }
    const Entry& e = entries_[entry];
    more = e.open.size() > level && !e.open[level].empty();
  }
  Entry& e = entries_[entry];
  e.done = level + 1;
  e.complete =
      e.open.size() <= e.done && std::all_of(e.calls.begin(), e.calls.end(), [&](const Call& c) {
        return entries_[c.entry].complete && c.taken == entries_[c.entry].ends.size();
      });
  return true;
}

void ClosingEnds::visit(uint32_t entry, uint32_t spot, Work* work) {
  if (entries_[entry].seen.count(spot)) return;
  charge(work, 4);
  table_.expand(spot, work);
  entries_[entry].seen.insert(spot);
  const uint32_t level = entries_[entry].done;
  for (uint32_t next : table_.behind(spot)) open(&entries_[entry], level + 1, next);
  for (uint32_t node : table_.ends(spot)) {
    if (entries_[entry].seen_ends.insert(node).second) {
      entries_[entry].ends.push_back({node, level});
      ++size_;
    }
  }
  for (const ClosingTable::Call& c : table_.calls(spot)) {
    const uint32_t callee = this->entry(c.callee);
    entries_[entry].calls.push_back({callee, level, c.ret});
    ++size_;
  }
  size_ += 1;
}

// What the call leads to at the present level. False: its ends are not known that far.
bool ClosingEnds::take_ends(uint32_t entry, Call* call, Demand* missing, Work* work) {
  const uint32_t level = entries_[entry].done;
  *missing = {call->entry, level - call->cost};
  if (!knows(*missing)) return false;
  const std::vector<End>& ends = entries_[call->entry].ends;
  for (; call->taken < ends.size() && call->cost + ends[call->taken].cost <= level; ++call->taken) {
    charge(work, 2);
    const uint32_t spot = table_.live_spot(call->ret, ends[call->taken].node, work);
    if (spot != ClosingTable::kNone) open(&entries_[entry], level, spot);
  }
  return true;
}

size_t ClosingEnds::memory_bytes() const {
  return size_ * 48 + entries_.capacity() * sizeof(Entry);
}

}  // namespace xgr::core
