// The rules called at one position of the input, each once, with everybody who called it.
#pragma once

#include <vector>

#include "parser/stack.h"

namespace xgr::core {

// Parses at one position that call the same rule share its stack node: what the rule reads does not
// depend on the caller (Scott and Johnstone, GLL parsing, 2010). So a position costs at most one node a
// rule, however ambiguous the grammar.
class PositionCalls {
 public:
  void clear() { calls_.clear(); }
  // All calls that `config` can make before reading.
  void add(const Config& config, const Closure& closure);
  size_t size() const { return calls_.size(); }
  State* start(size_t call) const { return calls_[call].start; }
  // The stack of a call, made on first use together with those of its callers; the byte at hand is
  // the one at `place`.
  const StackNode* stack(size_t call, const Place& place, Arena* arena);

 private:
  struct Edge {
    State* ret;
    uint32_t caller;        // a call, or kBase
    const StackNode* base;  // the stack of the parse itself
    bool operator==(const Edge&) const = default;
  };
  struct Call {
    State* start;
    std::vector<Edge> edges;  // from calls of the position
    std::vector<Edge> bases;  // from parses
    const StackNode* node;
  };
  static constexpr uint32_t kBase = UINT32_MAX;
  static void add_edge(const Edge& edge, std::vector<Edge>* edges);
  uint32_t call_of(State* start);
  bool is_new(const StackEdge& edge);
  void make_node(Call* call, const Place& place, Arena* arena);

  std::vector<Call> calls_;
  std::vector<uint32_t> ids_;     // scratch: call of each closure entry
  std::vector<uint32_t> work_;    // scratch
  std::vector<StackEdge> edges_;  // scratch
};

}  // namespace xgr::core
