// Stacks of return states, as a persistent graph.
//
// A node stands for a set of stacks: each edge is one possible top (where to return to) over the
// stacks of its parent. A push shares the parent, so one live derivation costs one small node a call
// and ambiguous ones share what they have in common. The empty stack is a null pointer. Nodes live in an
// Arena and are never changed.
#pragma once

#include <cstdint>
#include <span>

#include "parser/state.h"
#include "support/arena.h"

namespace xgr {

struct StackNode;

struct StackEdge {
  State* ret;
  const StackNode* parent;
  bool operator==(const StackEdge&) const = default;
};

struct StackNode {
  size_t count;
  const StackEdge* begin() const { return reinterpret_cast<const StackEdge*>(this + 1); }
  const StackEdge* end() const { return begin() + count; }

  static const StackNode* make(std::span<const StackEdge> edges, Arena* arena) {
    void* memory = arena->allocate(sizeof(StackNode) + edges.size_bytes());
    StackNode* n = new (memory) StackNode{edges.size()};
    StackEdge* out = reinterpret_cast<StackEdge*>(n + 1);
    for (size_t i = 0; i < edges.size(); ++i) new (out + i) StackEdge(edges[i]);
    return n;
  }
};

// One live parse: in `state` of some fragment, with `stack` below it.
struct Config {
  State* state;
  const StackNode* stack;
  bool operator==(const Config&) const = default;
};

}  // namespace xgr
