// Closures: breadth-first over the calls that are possible before any byte.
//
// Entry point: ClosureBuilder. Each rule is entered once; a second call of it only adds an edge, so
// the stacks form a graph and ambiguity costs no more entries than there are rules. Left recursion is
// gone from the grammar, so the edges never form a cycle.
//
//   value after "[": entry 0, entry 1 = start(value) with (rest of array -> entry 0) on its stack
//
// Tests: tests/unit/parser/automaton_test.cc.
#include "parser/closure_builder.h"

#include <algorithm>
#include <new>

#include "support/status.h"

namespace xgr::core {

uint32_t ClosureBuilder::entry_of(State* start) {
  uint32_t i = 1;
  while (i < entries_.size() && entries_[i].state != start) ++i;
  if (i == entries_.size()) entries_.push_back({start, {}});
  return i;
}

void ClosureBuilder::add_edge(uint32_t to, ClosureEdge edge) {
  std::vector<ClosureEdge>& edges = entries_[to].edges;
  if (std::find(edges.begin(), edges.end(), edge) == edges.end()) edges.push_back(edge);
}

void ClosureBuilder::add_call(uint32_t from, State* start, State* ret) {
  add_edge(entry_of(start), {ret, from});
}

void ClosureBuilder::take_over(uint32_t at, const Closure& inner) {
  for (uint32_t k = 1; k < inner.entry_count; ++k) {
    const ClosureEntry& e = inner.entries[k];
    for (uint32_t x = 0; x < e.edge_count; ++x) {
      const ClosureEdge& edge = inner.edges[e.edge_begin + x];
      uint32_t parent = edge.parent == 0 ? at : entry_of(inner.entries[edge.parent].state);
      add_edge(entry_of(e.state), {edge.ret, parent});
    }
  }
}

// Topological order (Kahn): an entry follows all entries it was called from.
std::vector<uint32_t> ClosureBuilder::callers_first() const {
  std::vector<uint32_t> missing(entries_.size(), 0), order{0};
  std::vector<std::vector<uint32_t>> callees(entries_.size());
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    for (const ClosureEdge& edge : entries_[i].edges) {
      ++missing[i];
      callees[edge.parent].push_back(i);
    }
  }
  for (size_t k = 0; k < order.size(); ++k) {
    for (uint32_t i : callees[order[k]]) {
      if (--missing[i] == 0) order.push_back(i);
    }
  }
  XGR_CHECK(order.size() == entries_.size());  // no left recursion is left
  return order;
}

const Closure* ClosureBuilder::store(Arena* arena) const {
  std::vector<uint32_t> order = callers_first(), position(order.size());
  size_t edge_count = 0;
  for (uint32_t k = 0; k < order.size(); ++k) {
    position[order[k]] = k;
    edge_count += entries_[k].edges.size();
  }
  Closure* c = new (arena->allocate(sizeof(Closure))) Closure;
  ClosureEntry* list = arena->array<ClosureEntry>(entries_.size());
  ClosureEdge* edges = arena->array<ClosureEdge>(edge_count);
  uint32_t at = 0;
  for (uint32_t k = 0; k < order.size(); ++k) {
    const Entry& e = entries_[order[k]];
    list[k] = {e.state, at, static_cast<uint32_t>(e.edges.size())};
    for (const ClosureEdge& edge : e.edges) edges[at++] = {edge.ret, position[edge.parent]};
    c->live |= e.state->classes->live;
  }
  c->entry_count = entry_count();
  c->entries = list;
  c->edges = edges;
  return c;
}

}  // namespace xgr::core
