// What Analysis finds out about the rules of one grammar; read by the derivatives.
#pragma once

#include <cstdint>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// First steps of an expression: by a byte, or by calling a rule. `next` is what remains after it.
struct ByteEdge {
  uint8_t lo, hi;
  Expr next;
};
struct CallEdge {
  RuleId rule;
  Expr next;
};
struct LinearForm {
  std::vector<ByteEdge> bytes;
  std::vector<CallEdge> calls;
  void clear() { bytes.clear(), calls.clear(); }
};

struct RuleFacts {
  bool is_call = false;   // executed by call and return; else expanded in place
  bool shared = false;    // RuleUse::kShare: never expanded in place
  int32_t left_scc = -1;  // index into Facts::left_sccs when left-recursive
};

// Rules that call one another at their left end. `raw[i]` are the first steps of members[i] in which
// calls of members are kept as calls; `reach[i]` tells which members can follow from it (see
// derivatives.cc on left recursion).
struct LeftScc {
  std::vector<RuleId> members;
  std::vector<LinearForm> raw;
  std::vector<std::vector<bool>> reach;
};

struct Facts {
  std::vector<RuleFacts> rules;
  std::vector<LeftScc> left_sccs;
};

}  // namespace xgr::core
