// Recursive groups of rules, and their structure in a form that all grammars have in common.
//
//   RuleGroups groups(grammar);
//   groups.collect(rule, &order);            // what `rule` needs, callees first
//   groups.structure(order[0], numbers);     // equal texts mean equal groups
#pragma once

#include <string>
#include <vector>

#include "grammar/grammar.h"

namespace xgr::core {

class RuleGroups {
 public:
  using Group = std::vector<RuleId>;  // rules that need one another, ascending

  // The rules of `grammar` must not change while this is in use.
  explicit RuleGroups(const Grammar& grammar);

  // Appends the groups that `rule` needs, its own last; those of earlier calls are left out.
  void collect(RuleId rule, std::vector<Group>* out);
  // The bodies of a group as text. `numbers`: by rule, what stands for callees outside the group.
  // Neither the order of alternatives nor the numbering of expressions shows in it.
  std::string structure(const Group& group, const std::vector<RuleId>& numbers);

 private:
  struct Frame {
    RuleId rule;
    std::vector<RuleId> callees;
  };
  void enter(RuleId rule, std::vector<Frame>* path);
  void close(RuleId rule, std::vector<Group>* out);
  // Every expression of the bodies, ascending: what stands below an expression precedes it.
  std::vector<Expr> expressions(const Group& group);
  uint64_t hash(Expr e) const;
  void write(Expr e, std::string* out, std::vector<Expr>* work) const;
  std::vector<Expr> sorted_children(Expr e) const;

  const Grammar& grammar_;
  const ExprPool& pool_;
  // By rule: order of discovery, least such number reached; 0: not seen, kClosed: in a group.
  std::vector<uint32_t> index_, low_;
  std::vector<RuleId> open_;
  uint32_t next_index_ = 0;
  std::vector<uint32_t> seen_;  // by expression: last walk that met it
  uint32_t walk_ = 0;
  // Of the group being written.
  std::vector<uint32_t> call_number_;  // by rule
  std::vector<uint64_t> hashes_;       // by expression
  std::vector<uint32_t> numbers_;      // by expression: place in the text + 1; 0: not written
};

}  // namespace xgr::core
