// Collects the closure of a state: which rules it is in without reading, and with what on the stack.
#pragma once

#include <vector>

#include "parser/state.h"
#include "support/arena.h"

namespace xgr::core {

class ClosureBuilder {
 public:
  explicit ClosureBuilder(State* s) : entries_{{s, {}}} {}
  uint32_t entry_count() const { return static_cast<uint32_t>(entries_.size()); }
  State* entry_state(uint32_t i) const { return entries_[i].state; }
  // Entry `from` calls the rule that begins in `start` and returns to `ret`.
  void add_call(uint32_t from, State* start, State* ret);
  // Entry `at` belongs to another automaton, which computed its closure.
  void take_over(uint32_t at, const Closure& inner);
  const Closure* store(Arena* arena) const;

 private:
  struct Entry {
    State* state;
    std::vector<ClosureEdge> edges;
  };
  uint32_t entry_of(State* start);
  std::vector<uint32_t> callers_first() const;
  void add_edge(uint32_t to, ClosureEdge edge);
  std::vector<Entry> entries_;
};

}  // namespace xgr::core
