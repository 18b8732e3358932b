// Closing stacks: the graph of a parse's stacks, with nodes that do not depend on memory.
//
// Entry points: of, push. Nodes are numbered from the bottom up, on a list, by a hash of their edges.
//
//   two items of an array: one stack each in memory, one number
//
// Tests: tests/unit/mask/closing_test.cc.
#include "mask/closing_stacks.h"

#include <algorithm>

#include "support/hash.h"

namespace xgr::core {
namespace {

constexpr uint64_t kEdgeSteps = 8;  // memory counts

}  // namespace

uint32_t ClosingStacks::of(const StackNode* stack, Work* work) {
  if (!stack) return 0;
  std::vector<const StackNode*> open{stack};
  while (!open.empty()) {
    const StackNode* n = open.back();
    if (by_node_.count(n)) {
      open.pop_back();
      continue;
    }
    const size_t before = open.size();
    for (const StackEdge& e : *n) {
      if (e.parent && !by_node_.count(e.parent)) open.push_back(e.parent);
    }
    if (open.size() > before) continue;
    std::vector<Edge> edges;
    for (const StackEdge& e : *n) edges.push_back({e.ret, e.parent ? by_node_[e.parent] : 0});
    const uint32_t id = intern(std::move(edges), work);
    by_node_[n] = id;
    open.pop_back();
  }
  return by_node_[stack];
}

uint32_t ClosingStacks::push(State* ret, uint32_t below, Work* work) {
  return intern({{ret, below}}, work);
}

uint32_t ClosingStacks::intern(std::vector<Edge> edges, Work* work) {
  std::sort(edges.begin(), edges.end(), [](const Edge& x, const Edge& y) {
    return x.below != y.below ? x.below < y.below : x.ret < y.ret;
  });
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  charge(work, kEdgeSteps * edges.size());
  uint64_t hash = edges.size();
  for (const Edge& e : edges) hash = mix(mix(hash, reinterpret_cast<uintptr_t>(e.ret)), e.below);
  for (auto [it, end] = by_edges_.equal_range(hash); it != end; ++it) {
    if (stacks_[it->second] == edges) return it->second;
  }
  const auto id = static_cast<uint32_t>(stacks_.size());
  stacks_.push_back(std::move(edges));
  by_edges_.emplace(hash, id);
  return id;
}

size_t ClosingStacks::memory_bytes() const {
  constexpr size_t kEntry = 48;  // of a table, about
  return (by_node_.size() + by_edges_.size()) * kEntry +
         stacks_.size() * (sizeof(std::vector<Edge>) + sizeof(Edge));
}

}  // namespace xgr::core
