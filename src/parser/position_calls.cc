// Calls at one position, merged over all parses.
//
// Entry points: add for every parse, then stack for the calls that can read the byte at hand. Edges name
// their caller, another call of the position or the parse itself; nodes are made callers first (left
// recursion is gone, so there is no cycle).
//
//   two parses before "(" both call expr: one node, two edges
//
// Tests: tests/unit/parser/stepper_test.cc.
#include "parser/position_calls.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr size_t kFewEdges = 16;  // more are not compared

}  // namespace

uint32_t PositionCalls::call_of(State* start) {
  uint32_t i = 0;
  while (i < calls_.size() && calls_[i].start != start) ++i;
  if (i == calls_.size()) calls_.push_back({start, {}, {}, nullptr});
  return i;
}

// Of parses, there may be many; the last ones are looked at.
void PositionCalls::add_edge(const Edge& edge, std::vector<Edge>* edges) {
  auto begin = edges->begin();
  if (edge.caller == kBase && edges->size() > kFewEdges) begin = edges->end() - kFewEdges;
  if (std::find(begin, edges->end(), edge) == edges->end()) edges->push_back(edge);
}

void PositionCalls::add(const Config& config, const Closure& closure) {
  ids_.assign(closure.entry_count, kBase);
  for (uint32_t k = 1; k < closure.entry_count; ++k) {  // callers come first
    ids_[k] = call_of(closure.entries[k].state);
    const ClosureEntry& e = closure.entries[k];
    for (uint32_t x = 0; x < e.edge_count; ++x) {
      const ClosureEdge& edge = closure.edges[e.edge_begin + x];
      uint32_t caller = ids_[edge.parent];
      Edge wanted{edge.ret, caller, caller == kBase ? config.stack : nullptr};
      Call& call = calls_[ids_[k]];
      add_edge(wanted, caller == kBase ? &call.bases : &call.edges);
    }
  }
}

// Whether none of the edges covers `edge`; it takes the place of one that it covers.
bool PositionCalls::is_new(const StackEdge& edge) {
  if (edges_.size() > kFewEdges) return true;
  for (StackEdge& known : edges_) {
    if (known.ret != edge.ret) continue;
    if (StackNode::covers(known.parent, edge.parent)) return false;
    if (!StackNode::covers(edge.parent, known.parent)) continue;
    known = edge;
    return false;
  }
  return true;
}

void PositionCalls::make_node(Call* call, const Place& place, Arena* arena) {
  edges_.clear();
  auto push = [&](const StackEdge& edge) {
    if (is_new(edge)) edges_.push_back(edge);
  };
  for (const Edge& e : call->bases) push({e.ret, e.base});
  for (const Edge& e : call->edges) push({e.ret, calls_[e.caller].node});
  call->node = StackNode::make_call(edges_, *call->start, place, arena);
}

const StackNode* PositionCalls::stack(size_t call, const Place& place, Arena* arena) {
  work_.assign(1, static_cast<uint32_t>(call));
  while (!work_.empty()) {
    Call& top = calls_[work_.back()];
    bool ready = true;
    for (const Edge& e : top.edges) {
      if (top.node || calls_[e.caller].node) continue;
      work_.push_back(e.caller);
      ready = false;
      break;
    }
    if (!ready) continue;
    if (!top.node) make_node(&top, place, arena);
    work_.pop_back();
  }
  return calls_[call].node;
}

}  // namespace xgr::core
