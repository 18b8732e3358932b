// Closing texts: the ways out of all fragments of a stack, put together and cut into tokens.
//
// Entry points: bytes_left, tokens_left. A way out (byte_ways.h) says what is first done in a state, whatever
// brought the output there; so the text of a place ends like that of the place behind its first byte, and
// the fewest tokens for it are found from the end backwards, once for every place that some text has passed.
//
//   `"x":0}}` with tokens `"x`, `":`, `0`, `}}`: 4, and 3 behind the first
//
// Tests: tests/unit/mask/closing_texts_test.cc.
#include "mask/closing_texts.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr uint64_t kTextSpotSteps = 8;  // memory counts

uint32_t bytes_of_both(uint32_t x, uint32_t y) {
  constexpr uint32_t kMost = ClosingTexts::kNone - 1;
  if (x == ClosingTexts::kNone || y == ClosingTexts::kNone) return ClosingTexts::kNone;
  return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{x} + y, kMost));
}

}  // namespace

uint32_t ClosingTexts::bytes_left(State* state, uint32_t stack, Work* work) {
  const uint32_t own = ways_.of(state, work).bytes;
  return own == kNone ? kNone : bytes_of_both(own, lowest(stack, work).bytes);
}

// From the bottom up, on a list.
const ClosingTexts::Return& ClosingTexts::lowest(uint32_t stack, Work* work) {
  lowest_.try_emplace(0, Return{0, 0});
  std::vector<uint32_t> open{stack};
  while (!open.empty()) {
    const uint32_t top = open.back();
    if (lowest_.count(top)) {
      open.pop_back();
      continue;
    }
    const std::span<const ClosingStacks::Edge> edges = stacks_.edges(top);
    const size_t before = open.size();
    for (const ClosingStacks::Edge& e : edges) {
      if (!lowest_.count(e.below)) open.push_back(e.below);
    }
    if (open.size() > before) continue;
    charge(work, kTextSpotSteps * edges.size());
    Return best{0, kNone};
    for (uint32_t i = 0; i < edges.size(); ++i) {
      const uint32_t bytes =
          bytes_of_both(ways_.of(edges[i].ret, work).bytes, lowest_[edges[i].below].bytes);
      if (bytes < best.bytes) best = {i, bytes};
    }
    lowest_[top] = best;
    open.pop_back();
  }
  return lowest_[stack];
}

// Past what is done without reading.
uint32_t ClosingTexts::spot_of(State* state, uint32_t stack, Work* work) {
  for (;;) {
    charge(work, 1);
    const ByteWays::Way& way = ways_.of(state, work);
    if (way.kind == ByteWays::Way::kByte || way.kind == ByteWays::Way::kToken) {
      const auto [it, fresh] =
          ids_.try_emplace({state, stack}, static_cast<uint32_t>(spots_.size()));
      if (fresh) {
        charge(work, kTextSpotSteps);
        spots_.push_back({state, stack, way.byte, way.token});
      }
      return it->second;
    }
    if (way.kind == ByteWays::Way::kCall) {
      stack = stacks_.push(way.ret, stack, work);
      state = way.next;
    } else if (stack == 0) {
      return kDone;
    } else {
      const ClosingStacks::Edge e = stacks_.edges(stack)[lowest(stack, work).edge];
      state = e.ret;
      stack = e.below;
    }
  }
}

uint32_t ClosingTexts::next_of(uint32_t spot, Work* work) {
  if (spots_[spot].next == kNone) {
    const Spot s = spots_[spot];
    const uint32_t next = spot_of(ways_.of(s.state, work).next, s.stack, work);
    spots_[spot].next = next;
  }
  return spots_[spot].next;
}

uint32_t ClosingTexts::tokens_left(State* state, uint32_t stack, Work* work) {
  if (bytes_left(state, stack, work) == kNone) return kNone;
  const uint32_t first = spot_of(state, stack, work);
  std::vector<uint32_t> open;
  for (uint32_t s = first; spots_[s].tokens == kNone; s = next_of(s, work)) open.push_back(s);
  for (; !open.empty(); open.pop_back()) count(open.back(), work);
  return spots_[first].tokens;
}

// All behind it are counted. Of equal numbers, the longest token.
void ClosingTexts::count(uint32_t spot, Work* work) {
  if (spots_[spot].whole >= 0) {
    spots_[spot].tokens = 1 + spots_[spots_[spot].next].tokens;
    return;
  }
  const TokenTrie& trie = tokens_.trie();
  uint32_t node = 0, best = kNone;
  for (uint32_t at = spot; at != kDone && spots_[at].whole < 0;) {
    charge(work, 2);
    node = trie.child(node, spots_[at].byte);
    if (node == TokenTrie::kNone) break;
    at = next_of(at, work);
    if (spots_[at].tokens > best || !tokens_.ends_at(node)) continue;
    best = spots_[at].tokens;
    spots_[spot].node = node;
    spots_[spot].behind = at;
  }
  spots_[spot].tokens = best + 1;
}

std::vector<int32_t> ClosingTexts::spell(State* state, uint32_t stack, Work* work) {
  std::vector<int32_t> out;
  if (tokens_left(state, stack, work) == kNone) return out;
  const TokenTrie& trie = tokens_.trie();
  for (uint32_t s = spot_of(state, stack, work); s != kDone;) {
    const Spot& spot = spots_[s];
    uint32_t rank = trie.first_rank(spot.node);
    while (spot.whole < 0 && tokens_.is_stop(trie.id(rank))) ++rank;
    out.push_back(spot.whole < 0 ? trie.id(rank) : spot.whole);
    s = spot.whole < 0 ? spot.behind : spot.next;
  }
  return out;
}

size_t ClosingTexts::memory_bytes() const {
  constexpr size_t kEntry = 40;  // of a table, about
  return ways_.memory_bytes() + lowest_.size() * kEntry + ids_.size() * kEntry +
         spots_.capacity() * sizeof(Spot);
}

}  // namespace xgr::core
