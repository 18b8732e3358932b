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
  uint32_t count : 27;
  uint32_t opens_unique : 1;    // the frame of a rule with Rule::unique
  uint32_t has_occurrence : 1;  // the frame of a rule with attributes
  uint32_t has_special : 1;     // one of them is this frame or below it
  uint32_t finishes : 1;        // all frames of some stack may end without reading
  uint32_t in_loop : 1;         // see loop_end
  uint32_t
      unique;  // 1 + where the innermost unique rule, of this frame or below it, begins; 0: none
  const StackEdge* begin() const { return reinterpret_cast<const StackEdge*>(this + 1); }
  const StackEdge* end() const { return begin() + count; }
  // Null for frames of other rules.
  const Occurrence* occurrence() const {
    return has_occurrence ? reinterpret_cast<const Occurrence*>(end()) : nullptr;
  }

  // A rule that calls itself and may then end leaves a row of frames that return to one state, which
  // may end as well. What can be read after some of these returns can be read after the first. So of
  // the row only its end matters: the stack below the last of them. Only if in_loop.
  const StackNode* loop_end() const { return *reinterpret_cast<const StackNode* const*>(end()); }
  // Whether a parse may be in its state over `below` because it may be over this one and return: then
  // it adds nothing. An answer "no" may be wrong.
  static bool covers(const StackNode* above, const StackNode* below) {
    int edges = 64;  // to look at, at most
    return covers(above, below, 6, &edges);
  }

  static StackNode* make(std::span<const StackEdge> edges, Arena* arena,
                         const Occurrence* occurrence = nullptr) {
    const StackEdge& first = edges[0];
    const StackNode* parent = first.parent;
    const bool in_loop = edges.size() == 1 && parent && parent->count == 1 && !occurrence &&
                         !parent->has_special && parent->begin()->ret == first.ret &&
                         first.ret->nullable;
    const size_t more = occurrence ? sizeof(Occurrence) : in_loop ? sizeof(StackNode*) : 0;
    void* memory = arena->allocate(sizeof(StackNode) + edges.size_bytes() + more);
    StackNode* n = new (memory) StackNode{static_cast<uint32_t>(edges.size()), 0, 0, 0, 0, 0, 0};
    StackEdge* out = reinterpret_cast<StackEdge*>(n + 1);
    for (size_t i = 0; i < edges.size(); ++i) {
      new (out + i) StackEdge(edges[i]);
      n->add_flags_of(edges[i]);
    }
    if (occurrence) {
      n->has_occurrence = n->has_special = 1;
      new (out + edges.size()) Occurrence(*occurrence);
    } else if (in_loop) {
      n->in_loop = 1;
      new (out + 1)
          const StackNode*(parent->in_loop ? parent->loop_end() : parent->begin()->parent);
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
    if (start.opens_unique) n->open_unique(place.offset + 1);
    return n;
  }
  void open_unique(uint32_t begin) {
    opens_unique = has_special = 1;
    in_loop = 0;
    unique = begin;
  }

 private:
  static bool covers(const StackNode* above, const StackNode* below, int depth, int* edges);
  void add_flags_of(const StackEdge& e) {
    const StackNode* p = e.parent;
    if (e.ret->nullable && (!p || p->finishes)) finishes = 1;
    if (!p) return;
    has_special |= p->has_special;
    if (p->unique > unique) unique = p->unique;
  }
};

inline bool StackNode::covers(const StackNode* above, const StackNode* below, int depth,
                              int* edges) {
  if (!above || above->has_special) return false;
  if (above->in_loop && above->loop_end() == below) return true;
  for (const StackEdge& e : *above) {
    if (--*edges < 0) return false;
    if (e.ret->nullable && e.parent == below) return true;
  }
  for (const StackEdge& e : *above) {
    if (e.ret->nullable && depth > 1 && covers(e.parent, below, depth - 1, edges)) return true;
  }
  return false;
}

// One live parse: in `state` of some fragment, with `stack` below it.
struct Config {
  State* state;
  const StackNode* stack;
  bool operator==(const Config&) const = default;
};

}  // namespace xgr::core
