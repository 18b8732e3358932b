// Free text that goes over to tools: the shape of Lark text that is read as a dispatch.
#pragma once

#include <string>
#include <vector>

#include "frontend/lark/lark_source.h"

namespace xgr::core {

// What ends free text and begins something else.
struct LarkTrigger {
  enum Kind : uint8_t { kNone, kText, kTokens } kind = kNone;
  std::string text;
  uint32_t node = kNoLark;  // of the special token
};

struct LarkTool {
  LarkTrigger trigger;
  uint32_t head = kNoLark;  // the definition that ends with the trigger; none: written in the tool
  uint32_t tool = kNoLark;  // the definition of the tool
  uint32_t branch = kNoLark;  // the node of the alternative
  std::vector<uint32_t> cut;  // nodes of it that are free text and trigger
};

struct LarkDispatch {
  std::vector<LarkTool> tools;
  bool marked = false;  // some trigger is reported or hidden, so heads are rules of their own
};

class LarkDispatchFinder {
 public:
  explicit LarkDispatchFinder(const LarkSource& source) : source_(source) {}

  // (tool | ...)* tail as the body of a rule; no tools: it is something else.
  Result<LarkDispatch> find(uint32_t definition) const;
  // The trigger of a rule that is any text and then it.
  Result<LarkTrigger> trigger(uint32_t definition) const;
  // Whether `definition` is lazy and its regular expression is any text and then fixed text.
  bool is_single_regex_head(uint32_t definition) const;

 private:
  bool any_text(uint32_t scope, uint32_t node) const;
  uint32_t follow(uint32_t scope, uint32_t node) const;
  Result<LarkTrigger> lazy_trigger(const LarkDefinition& d) const;
  Result<LarkTrigger> marker_trigger(const LarkDefinition& d) const;
  Result<LarkTrigger> literal(uint32_t scope, uint32_t node) const;
  Result<LarkTrigger> special(uint32_t scope, uint32_t node) const;
  MaybeError add_tool(uint32_t definition, LarkDispatch* out, size_t* heads, size_t* others) const;
  MaybeError add_branch(uint32_t definition, uint32_t branch, LarkDispatch* out, size_t* heads,
                        size_t* others) const;
  MaybeError check(const LarkDispatch& dispatch, uint32_t definition) const;
  uint32_t definition_of(uint32_t scope, uint32_t node) const;
  const LarkNode& node(uint32_t i) const { return source_.nodes[i]; }
  uint32_t operand(uint32_t i, uint32_t k) const {
    return source_.operands[source_.nodes[i].first + k];
  }

  const LarkSource& source_;
};

}  // namespace xgr::core
