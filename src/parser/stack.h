// Stacks of return states, as a persistent graph.
//
// A node stands for a set of stacks: each edge is one possible top (where to return to) over the
// stacks of its parent. A push shares the parent, so one live derivation costs one small node a call
// and ambiguous ones share what they have in common. The empty stack is a null pointer. Nodes live in an
// Arena and are never changed once they are made.
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
  uint32_t count : 31;
  uint32_t opens_unique : 1;  // the frame of a rule with Rule::unique
  uint32_t unique;  // 1 + where the innermost such rule, of this frame or below it, begins; 0: none
  const StackEdge* begin() const { return reinterpret_cast<const StackEdge*>(this + 1); }
  const StackEdge* end() const { return begin() + count; }

  static StackNode* make(std::span<const StackEdge> edges, Arena* arena) {
    void* memory = arena->allocate(sizeof(StackNode) + edges.size_bytes());
    StackNode* n = new (memory) StackNode{static_cast<uint32_t>(edges.size()), 0, 0};
    StackEdge* out = reinterpret_cast<StackEdge*>(n + 1);
    for (size_t i = 0; i < edges.size(); ++i) {
      new (out + i) StackEdge(edges[i]);
      if (edges[i].parent && edges[i].parent->unique > n->unique) n->unique = edges[i].parent->unique;
    }
    return n;
  }
  // The frame of a rule that begins at `offset` of the output with the state `start`.
  static const StackNode* make_call(std::span<const StackEdge> edges, const State& start,
                                    uint32_t offset, Arena* arena) {
    StackNode* n = make(edges, arena);
    if (start.opens_unique) {
      n->opens_unique = 1;
      n->unique = offset + 1;
    }
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
