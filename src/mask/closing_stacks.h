// ClosingStacks: stacks by number, equal ones having the same.
//
//   ClosingStacks stacks;  uint32_t s = stacks.of(config.stack, &work);     // 0: the empty one
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "parser/stack.h"
#include "support/work.h"

namespace xgr::core {

class ClosingStacks {
 public:
  // Where the fragment on top returns to, and the stack that is then left.
  struct Edge {
    State* ret;
    uint32_t below;
    bool operator==(const Edge&) const = default;
  };
  uint32_t of(const StackNode* stack, Work* work);
  // With a frame more.
  uint32_t push(State* ret, uint32_t below, Work* work);
  // Those below have smaller numbers. None for the empty stack.
  std::span<const Edge> edges(uint32_t stack) const { return stacks_[stack]; }
  // Nodes that were asked about may be gone, and others may be where they were.
  void forget_nodes() { by_node_.clear(); }
  size_t size() const { return stacks_.size(); }
  size_t memory_bytes() const;

 private:
  uint32_t intern(std::vector<Edge> edges, Work* work);

  std::vector<std::vector<Edge>> stacks_{{}};
  std::unordered_multimap<uint64_t, uint32_t> by_edges_;
  std::unordered_map<const StackNode*, uint32_t> by_node_;
};

}  // namespace xgr::core
