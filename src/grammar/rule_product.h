// The product of a grammar and an automaton: rules for the strings that lead from state to state.
//
//   RuleProduct product(&grammar, automaton, limits);
//   Result<Expr> both = product.make(start);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "grammar/alphabets.h"
#include "grammar/char_automaton.h"
#include "grammar/grammar.h"
#include "grammar/path_generator.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

class RuleProduct {
 public:
  RuleProduct(Grammar* grammar, std::shared_ptr<const CharAutomaton> automaton,
              const Limits& limits);

  // The strings of `e` that the automaton accepts.
  Result<Expr> make(Expr e);

 private:
  using NodeId = uint32_t;
  // An expression, begun in a state.
  struct Node {
    Expr e;
    uint32_t from;
    bool stays = false;  // all its characters lead back to `from`
    bool queued = false;
    std::vector<uint32_t> ends;  // states that its strings lead to, ascending
    std::vector<NodeId> users;   // nodes whose ends depend on these
  };
  // A node with one of its ends.
  struct Piece {
    NodeId node;
    uint32_t to;
  };

  // rule_product.cc: which ends there are
  NodeId node(Expr e, uint32_t from);
  MaybeError find_ends();
  MaybeError update(NodeId id);
  void add_ends(NodeId user, Expr e, uint32_t from, std::vector<uint32_t>* out);
  MaybeError ends_of(NodeId id, std::vector<uint32_t>* out);
  void ends_of_class(Expr e, uint32_t from, std::vector<uint32_t>* out) const;
  void ends_of_switch(NodeId id, std::vector<uint32_t>* out);
  MaybeError ends_of_regular(Expr e, uint32_t from, std::vector<uint32_t>* out);
  Expr unfolded(Expr lazy);
  Expr one_less(Expr repeat);
  MaybeError over_limit() const;
  bool is_too_much() const { return nodes_.size() + made_.size() > limits_.max_states; }

  // product_rules.cc: expressions for them
  static uint64_t key(Piece p) { return uint64_t{p.node} << 32 | p.to; }
  NodeId known(Expr e, uint32_t from) const;
  bool leads(Expr e, uint32_t from, uint32_t to) const;
  Expr expr_of(Piece p);
  void parts_of(Piece p, std::vector<Piece>* out);
  Expr assembled(Piece p);
  Expr assembled_switch(Piece p);
  Expr assembled_steps(Expr first, Expr rest, Piece p);
  Expr class_to(Expr e, uint32_t from, uint32_t to);
  Expr called(Piece p);
  Expr body_of(Piece p);
  bool repeats_in_place(const Node& n) const;
  bool becomes_rule(const Node& n);

  Grammar& grammar_;
  ExprPool& pool_;
  std::shared_ptr<const CharAutomaton> automaton_;
  const Limits& limits_;
  std::optional<Alphabets> alphabets_;
  PathGenerator* paths_;
  std::vector<CharSet> loops_;  // by state
  std::vector<Node> nodes_;
  std::unordered_map<uint64_t, NodeId> ids_;          // by expression and state
  std::unordered_set<uint64_t> uses_;                 // user and used
  std::unordered_map<Expr, Expr> unfolded_;           // of lazy expressions with calls
  std::unordered_map<Expr, CharAutomaton> automata_;  // of expressions without calls
  // Smaller expressions first: they are what greater ones are made of.
  using Waiting = std::pair<Expr, NodeId>;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
  size_t work_ = 0;
  std::unordered_map<uint64_t, Expr> made_;
  std::unordered_map<uint64_t, RuleId> rules_;
  std::vector<std::pair<Piece, RuleId>> rules_to_do_;
};

}  // namespace xgr::core
