// Whether a counted repetition and another expression have a string in common, without counting.
//
//   CountedMeeting meeting(pool, [&](Expr e) { return derivatives.segments(e); });
//   meeting.has_string(e)     // e: .{1000000000} and (ab)*   ->  true
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

struct Segment;

class CountedMeeting {
 public:
  using Segments = std::function<std::vector<Segment>(Expr)>;

  CountedMeeting(ExprPool& pool, Segments segments) : pool_(pool), segments_(std::move(segments)) {}

  // Whether some operand of an intersection has to go at least so many rounds. Quick; operands far down
  // are not looked at.
  static bool counts(const ExprPool& pool, Expr e, uint32_t rounds);
  // Whether an intersection with a counted operand has a string. Nothing when the shape of its
  // operands, or their size, is beyond this.
  std::optional<bool> has_string(Expr e);

 private:
  // What is left of a round, then further rounds of `body`.
  struct Counted {
    Expr rest, body;
    uint32_t min, max;
  };
  using NodeSet = std::vector<uint64_t>;
  // Positions in rounds of one body, each with what the other side has yet to read. Between rounds
  // there are crossings.
  struct Graph {
    struct Node {
      Expr rest, other;
      bool expanded = false;
      uint32_t crossing = UINT32_MAX;  // its number, when nothing is left of a round
      std::vector<uint32_t> next;      // from a crossing: by a step that begins a round
    };
    Expr body;
    std::unordered_map<uint64_t, uint32_t> ids;  // rest, other -> node
    std::vector<Node> nodes;
    std::vector<uint32_t> crossings;  // nodes
    // Crossings one round behind each crossing; 2, 4, 8... rounds behind it, as far as asked for.
    std::vector<std::vector<NodeSet>> rounds;
    NodeSet accepting;
  };

  static bool operands(const ExprPool& pool, Expr e, std::vector<Expr>* out);
  std::optional<Counted> counted(Expr e) const;
  std::optional<Counted> counted_branches(Expr e) const;
  std::optional<Counted> counted_sequence(Expr e) const;
  Graph* graph_of(Expr body, Expr rest, Expr other);
  uint32_t node_of(Graph* g, Expr rest, Expr other) const;
  bool expand(Graph* g, uint32_t node);
  std::vector<uint32_t> next_crossings(const Graph& g, uint32_t from) const;
  void join_rounds(Graph* g) const;
  NodeSet step(const std::vector<NodeSet>& rounds, const NodeSet& from) const;
  NodeSet after_rounds(Graph* g, NodeSet from, uint32_t count) const;

  ExprPool& pool_;
  Segments segments_;
  std::unordered_map<Expr, std::unique_ptr<Graph>> graphs_;  // by body: the last one
  std::unordered_set<uint64_t> beyond_;                      // body, other side: no graph
};

}  // namespace xgr::core
