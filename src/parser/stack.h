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

namespace xgr::core {

struct StackNode;

struct StackEdge {
  State* ret;
  const StackNode* parent;
  bool operator==(const StackEdge&) const = default;
};

// A place in the output: before a byte.
struct Place {
  uint32_t offset = 0;
  uint32_t token = 0;  // how many tokens were accepted before the one that the byte is of
};

// One use of a rule with attributes: which, and where it begins.
struct Occurrence {
  uint32_t rule;
  Place begin;
};

struct StackNode {
  uint32_t count : 30;
  uint32_t opens_unique : 1;    // the frame of a rule with Rule::unique
  uint32_t has_occurrence : 1;  // the frame of a rule with attributes
  uint32_t
      unique;  // 1 + where the innermost unique rule, of this frame or below it, begins; 0: none
  const StackEdge* begin() const { return reinterpret_cast<const StackEdge*>(this + 1); }
  const StackEdge* end() const { return begin() + count; }
  // Null for frames of other rules.
  const Occurrence* occurrence() const {
    return has_occurrence ? reinterpret_cast<const Occurrence*>(end()) : nullptr;
  }

  static StackNode* make(std::span<const StackEdge> edges, Arena* arena,
                         const Occurrence* occurrence = nullptr) {
    const size_t size = sizeof(StackNode) + edges.size_bytes();
    void* memory = arena->allocate(occurrence ? size + sizeof(Occurrence) : size);
    StackNode* n = new (memory) StackNode{static_cast<uint32_t>(edges.size()), 0, 0, 0};
    StackEdge* out = reinterpret_cast<StackEdge*>(n + 1);
    for (size_t i = 0; i < edges.size(); ++i) {
      new (out + i) StackEdge(edges[i]);
      if (edges[i].parent && edges[i].parent->unique > n->unique)
        n->unique = edges[i].parent->unique;
    }
    if (occurrence) {
      n->has_occurrence = 1;
      new (out + edges.size()) Occurrence(*occurrence);
    }
    return n;
  }
  // The frame of a rule that begins at `place` with the state `start`.
  static const StackNode* make_call(std::span<const StackEdge> edges, const State& start,
                                    const Place& place, Arena* arena) {
    if (start.needs_frame()) return make_special_call(edges, start, place, arena);
    return make(edges, arena);
  }
  static const StackNode* make_special_call(std::span<const StackEdge> edges, const State& start,
                                            const Place& place, Arena* arena) {
    const Occurrence occurrence{start.attributed_rule - 1, place};
    StackNode* n = make(edges, arena, start.attributed_rule != 0 ? &occurrence : nullptr);
    if (start.opens_unique) {
      n->opens_unique = 1;
      n->unique = place.offset + 1;
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

}  // namespace xgr::core
