// Recognises free text with tools in it.
//
// Entry points: LarkDispatchFinder::find, trigger. Written as a plain rule, "any text, then a tool,
// again and again, then any text" says nothing, for any text contains everything; what is meant is
// that a trigger in the text must be followed by its tool. Any text is one of a few terminals that
// everybody writes for it.
//
//   start: tool* TEXT      head[lazy]: TEXT "<call>"      tool: head JSON "</call>"
//   TEXT: /(\n|.)*/        ->  a dispatch with the trigger "<call>" and the payload JSON "</call>"
//
// Tests: tests/cases/lark/dispatch.case, tests/unit/frontend/lark_test.cc.
#include "frontend/lark/lark_dispatch.h"

#include "frontend/lark/lark_any_text.h"
#include "frontend/source_text.h"

namespace xgr::core {

uint32_t LarkDispatchFinder::definition_of(uint32_t scope, uint32_t i) const {
  if (node(i).kind != LarkNodeKind::kName) return kNoLark;
  const LarkScope& s = source_.scopes[scope];
  auto it = s.names.find(source_.spelling(s, node(i)));
  return it == s.names.end() ? kNoLark : it->second;
}

// The node behind names of definitions that are no more than another node.
uint32_t LarkDispatchFinder::follow(uint32_t scope, uint32_t i) const {
  for (size_t steps = 0; steps <= source_.definitions.size(); ++steps) {
    uint32_t d = definition_of(scope, i);
    if (d == kNoLark) return i;
    const LarkDefinition& definition = source_.definitions[d];
    if (definition.attributes || definition.scope != scope) return i;
    i = definition.last;
  }
  return i;  // names in a circle
}

bool LarkDispatchFinder::any_text(uint32_t scope, uint32_t i) const {
  i = follow(scope, i);
  if (node(i).kind != LarkNodeKind::kRegex) return false;
  return is_any_text(source_.scopes[scope].text, node(i).begin, node(i).end);
}

Result<LarkTrigger> LarkDispatchFinder::literal(uint32_t scope, uint32_t i) const {
  i = follow(scope, i);
  LarkTrigger out;
  if (node(i).kind != LarkNodeKind::kString) return out;
  Result<LarkString> s = decode_lark_string(source_.scopes[scope].text, node(i).begin, node(i).end);
  if (!s.ok())
    return source_.error(s.error().code, s.error().message, scope,
                         static_cast<size_t>(s.error().byte_offset));
  if (s.value().any_case || s.value().text.empty()) return out;
  out.kind = LarkTrigger::kText;
  out.text = std::move(s).value().text;
  return out;
}

Result<LarkTrigger> LarkDispatchFinder::special(uint32_t scope, uint32_t i) const {
  LarkTrigger out;
  if (node(i).kind != LarkNodeKind::kSpecial && node(i).kind != LarkNodeKind::kTokenIds) return out;
  std::string_view written = source_.spelling(source_.scopes[scope], node(i));
  if (node(i).kind == LarkNodeKind::kTokenIds &&
      (written.starts_with("<[^") || written == "<[*]>")) {
    return source_.error(Status::kUnsupported,
                         "what ends free text is a token or a list of tokens, not all others",
                         scope, node(i).begin);
  }
  out.kind = LarkTrigger::kTokens;
  out.node = i;
  return out;
}

// any-text "text"   any-text <token>   /any-text text/
Result<LarkTrigger> LarkDispatchFinder::lazy_trigger(const LarkDefinition& d) const {
  const LarkNode& whole = node(d.last);
  if (whole.kind == LarkNodeKind::kRegex) {
    LarkTrigger out;
    std::optional<std::string> text =
        text_after_any(source_.scopes[d.scope].text, whole.begin, whole.end);
    if (text) {
      out.kind = LarkTrigger::kText;
      out.text = *text;
    }
    return out;
  }
  if (whole.kind != LarkNodeKind::kSequence || whole.count != 2) return LarkTrigger{};
  if (!any_text(d.scope, operand(d.last, 0))) return LarkTrigger{};
  const uint32_t second = operand(d.last, 1);
  if (node(second).kind == LarkNodeKind::kString) return literal(d.scope, second);
  return special(d.scope, second);
}

Result<LarkTrigger> LarkDispatchFinder::marker_trigger(const LarkDefinition& d) const {
  const LarkDefinition& marker = source_.definitions[d.attributes->marker];
  if (d.attributes->lazy || !any_text(d.scope, d.last)) return LarkTrigger{};
  return literal(marker.scope, marker.last);
}

Result<LarkTrigger> LarkDispatchFinder::trigger(uint32_t definition) const {
  const LarkDefinition& d = source_.definitions[definition];
  if (d.kind != LarkDefinitionKind::kRule || !d.attributes) return LarkTrigger{};
  if (d.attributes->marker_kind != LarkMarker::kNone) return marker_trigger(d);
  return d.attributes->lazy ? lazy_trigger(d) : LarkTrigger{};
}

bool LarkDispatchFinder::is_single_regex_head(uint32_t definition) const {
  const LarkDefinition& d = source_.definitions[definition];
  return d.attributes && d.attributes->lazy && d.attributes->marker_kind == LarkMarker::kNone &&
         node(d.last).kind == LarkNodeKind::kRegex;
}

MaybeError LarkDispatchFinder::add_branch(uint32_t definition, uint32_t branch, LarkDispatch* out,
                                          size_t* heads, size_t* others) const {
  const uint32_t scope = source_.definitions[definition].scope;
  const bool sequence = node(branch).kind == LarkNodeKind::kSequence && node(branch).count > 0;
  const uint32_t first = sequence ? operand(branch, 0) : branch;
  LarkTool tool;
  tool.tool = definition;
  tool.branch = branch;
  tool.head = definition_of(scope, first);
  tool.cut = {first};
  Result<LarkTrigger> trigger = LarkTrigger{};
  if (tool.head != kNoLark) trigger = this->trigger(tool.head);
  if (trigger.ok() && trigger.value().kind == LarkTrigger::kNone && sequence &&
      node(branch).count > 1 && any_text(scope, first)) {
    tool.head = kNoLark;
    tool.cut.push_back(operand(branch, 1));
    trigger = special(scope, operand(branch, 1));
  }
  if (!trigger.ok()) return std::move(trigger.error());
  tool.trigger = std::move(trigger).value();
  ++(tool.trigger.kind == LarkTrigger::kNone ? *others : *heads);
  out->tools.push_back(std::move(tool));
  return std::nullopt;
}

MaybeError LarkDispatchFinder::add_tool(uint32_t definition, LarkDispatch* out, size_t* heads,
                                        size_t* others) const {
  const LarkDefinition& d = source_.definitions[definition];
  if (d.kind != LarkDefinitionKind::kRule || (d.attributes && d.attributes->whole())) {
    ++*others;
    return std::nullopt;
  }
  if (node(d.last).kind != LarkNodeKind::kChoice)
    return add_branch(definition, d.last, out, heads, others);
  for (uint32_t k = 0; k < node(d.last).count; ++k) {
    if (MaybeError e = add_branch(definition, operand(d.last, k), out, heads, others)) return e;
  }
  return std::nullopt;
}

Result<LarkDispatch> LarkDispatchFinder::find(uint32_t definition) const {
  const LarkDefinition& d = source_.definitions[definition];
  LarkDispatch out;
  if (d.kind != LarkDefinitionKind::kRule || node(d.last).kind != LarkNodeKind::kSequence ||
      node(d.last).count != 2) {
    return out;
  }
  const uint32_t loop = operand(d.last, 0);
  if (node(loop).kind != LarkNodeKind::kRepeat || node(loop).a != 0 || node(loop).b != kUnbounded ||
      !any_text(d.scope, operand(d.last, 1))) {
    return out;
  }
  const uint32_t inside = operand(loop, 0);
  const bool choice = node(inside).kind == LarkNodeKind::kChoice;
  size_t heads = 0, others = 0;
  for (uint32_t k = 0; k < (choice ? node(inside).count : 1); ++k) {
    const uint32_t tool = definition_of(d.scope, choice ? operand(inside, k) : inside);
    if (tool == kNoLark) {
      ++others;
    } else if (MaybeError e = add_tool(tool, &out, &heads, &others)) {
      return *std::move(e);
    }
  }
  if (heads == 0) return LarkDispatch{};
  if (others > 0) {
    return source_.error(Status::kUnsupported,
                         "some of these tools begin with free text and a trigger, others do not; "
                         "begin each with a lazy rule such as head[lazy]: TEXT \"<tool>\"",
                         d.scope, d.offset);
  }
  if (MaybeError e = check(out, definition)) return *std::move(e);
  for (const LarkTool& tool : out.tools) {
    const LarkAttributes* a =
        tool.head == kNoLark ? nullptr : source_.definitions[tool.head].attributes.get();
    if (a && (!a->stop_capture.empty() || a->marker_kind == LarkMarker::kStop)) out.marked = true;
  }
  return out;
}

// Triggers are of one kind, and the rules that dissolve in the dispatch ask for nothing more.
MaybeError LarkDispatchFinder::check(const LarkDispatch& dispatch, uint32_t definition) const {
  const LarkDefinition& d = source_.definitions[definition];
  auto refuse = [&](const LarkDefinition& rule, const char* what) {
    return source_.error(Status::kUnsupported,
                         "the rule " + show_text(rule.name) + " is free text with a trigger; " +
                             what + " cannot be had for it, only for a rule behind the trigger",
                         rule.scope, rule.attributes->offset);
  };
  for (const LarkTool& tool : dispatch.tools) {
    if (tool.trigger.kind != dispatch.tools[0].trigger.kind) {
      return source_.error(Status::kUnsupported,
                           "the triggers of tools are all text or all special tokens", d.scope,
                           d.offset);
    }
    for (uint32_t i : {tool.tool, tool.head}) {
      if (i == kNoLark || !source_.definitions[i].attributes) continue;
      const LarkDefinition& rule = source_.definitions[i];
      if (!rule.attributes->capture.empty()) return refuse(rule, "a capture");
      if (rule.attributes->max_tokens != 0) return refuse(rule, "max_tokens");
      if (rule.attributes->temperature >= 0) return refuse(rule, "a temperature");
      if (i == tool.head && rule.attributes->max_chars >= 0) return refuse(rule, "max_chars");
    }
  }
  return std::nullopt;
}

}  // namespace xgr::core
