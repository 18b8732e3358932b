// What Analysis finds out about the rules of one grammar; read by the derivatives.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// First steps of an expression: by a byte, or by calling a rule. `next` is what remains after it.
struct ByteEdge {
  uint8_t lo, hi;
  Expr next;
  auto operator<=>(const ByteEdge&) const = default;
};
struct CallEdge {
  RuleId rule;
  Expr next;
  auto operator<=>(const CallEdge&) const = default;
};
struct LinearForm {
  std::vector<ByteEdge> bytes;
  std::vector<CallEdge> calls;
  void clear() { bytes.clear(), calls.clear(); }
};

struct RuleFacts {
  bool is_call = false;      // executed by call and return; else expanded in place
  bool shared = false;       // RuleUse::kShare: never expanded in place
  int32_t left_scc = -1;     // index into Facts::left_sccs when left-recursive
  uint32_t left_member = 0;  // there, index into its members
  RuleId same_as = kItself;  // has the same strings and is taken instead
  static constexpr RuleId kItself = UINT32_MAX;
};

// What follows a member at its left end in the body of another, or its own.
struct LeftStep {
  uint32_t to;  // the other member
  Expr next;
};

// Rules that call one another at their left end; of rules with the same strings one. By member: `raw`
// are its first steps in which calls of members are kept as calls; `steps` lead on from it;
// `reach[i][k]` tells whether any of them lead from i to k; `empty_reach` lists where empty ones lead (see
// derivatives.cc on left recursion).
struct LeftScc {
  std::vector<RuleId> members;
  std::vector<LinearForm> raw;
  std::vector<std::vector<LeftStep>> steps;
  std::vector<std::vector<bool>> reach;
  std::vector<std::vector<uint32_t>> empty_reach;
};

struct Facts {
  std::vector<RuleFacts> rules;
  std::vector<LeftScc> left_sccs;
};

}  // namespace xgr::core
