// Computes terminals: one pass over the nodes of a definition, other terminals first.
//
// Entry point: LarkTerminals::expr. Terminals that use each other are on a stack of ours, so no
// depth of use is a depth of calls; one that is met while it is open would contain itself.
//
//   SIGN: "+" | "-"     NUMBER: SIGN? /[0-9]+/     ->  ([+-] | "") [0-9]+
//   SHORT: /.{1,9}/ & ~NUMBER                      ->  an intersection with a complement
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include "frontend/lark/lark_terminals.h"

#include "frontend/source_text.h"
#include "grammar/call_free.h"
#include "support/error_text.h"

namespace xgr::core {

Result<uint32_t> LarkTerminals::find(uint32_t scope, const LarkNode& node,
                                     std::string_view name) const {
  const LarkScope& s = source_.scopes[scope];
  auto it = s.names.find(name);
  if (it != s.names.end()) return it->second;
  if (s.declared.contains(name)) {
    return source_.error(Status::kUnsupported,
                         "the terminal " + show_text(name) +
                             " is only declared, so it has no text; define it: " + show_text(name) +
                             ": ...",
                         scope, node.begin);
  }
  return source_.error(Status::kInvalidSource,
                       show_text(name) + " is not defined; add a line " + show_text(name) + ": ...",
                       scope, node.begin);
}

Error LarkTerminals::refused(const Frame& frame, const LarkNode& node,
                             const std::string& what) const {
  const LarkDefinition& d = source_.definitions[frame.definition];
  std::string where = d.kind == LarkDefinitionKind::kTerminal
                          ? "a terminal"
                          : "a rule that is lazy or has suffix, stop or temperature";
  return source_.error(Status::kUnsupported,
                       what + " cannot stand in " + where +
                           ", which is made of strings, regular "
                           "expressions and terminals",
                       d.scope, node.begin);
}

Error LarkTerminals::circle(uint32_t definition, const LarkNode& node, const Frame& frame) const {
  std::vector<std::string_view> names;
  bool inside = false;
  for (const Frame& f : frames_) {
    inside = inside || f.definition == definition;
    if (inside) names.push_back(source_.definitions[f.definition].name);
  }
  names.push_back(source_.definitions[definition].name);
  return source_.error(Status::kInvalidSource,
                       "a terminal cannot contain itself: " + show_chain(names) +
                           "; make it a rule, in small letters",
                       source_.definitions[frame.definition].scope, node.begin);
}

Result<Expr> LarkTerminals::expr(uint32_t definition) {
  if (exprs_[definition] != kNoExpr) return exprs_[definition];
  frames_.clear();
  frames_.push_back({definition, source_.definitions[definition].first, {}});
  open_[definition] = 1;
  while (!frames_.empty()) {
    Frame& top = frames_.back();
    if (top.at <= source_.definitions[top.definition].last) {
      Result<bool> moved = step(top);  // may push a frame
      if (!moved.ok()) return std::move(moved.error());
      continue;
    }
    exprs_[top.definition] = top.values.back();
    open_[top.definition] = 0;
    frames_.pop_back();
  }
  return exprs_[definition];
}

// Computes the next node, or begins what it needs.
Result<bool> LarkTerminals::step(Frame& frame) {
  const LarkNode& node = source_.nodes[frame.at];
  uint32_t needed = kNoLark;
  Result<Expr> value = grammar_.pool.empty();
  switch (node.kind) {
    case LarkNodeKind::kString:
    case LarkNodeKind::kRange:
    case LarkNodeKind::kRegex:
    case LarkNodeKind::kSubstring:
      value = leaf(source_.definitions[frame.definition].scope, node);
      break;
    case LarkNodeKind::kName:
      value = name(frame, node, &needed);
      break;
    case LarkNodeKind::kEmpty:
    case LarkNodeKind::kSequence:
    case LarkNodeKind::kChoice:
    case LarkNodeKind::kRepeat:
      value = combine(frame, node);
      break;
    case LarkNodeKind::kBoth:
    case LarkNodeKind::kNot:
      value = compare(frame, node);
      break;
    case LarkNodeKind::kTemplate:
      return refused(frame, node, "a template");
    case LarkNodeKind::kJson:
      return refused(frame, node, "%json");
    case LarkNodeKind::kScope:
    case LarkNodeKind::kNamed:
      return refused(frame, node, "another grammar");
    case LarkNodeKind::kSpecial:
    case LarkNodeKind::kTokenIds:
      return refused(frame, node, "a special token");
  }
  if (!value.ok()) return std::move(value.error());
  if (grammar_.pool.size() > limits_.max_expressions) {
    return source_.error(
        Status::kLimitExceeded,
        "the grammar needs more nodes than " +
            limit_text("max_expressions", limits_.max_expressions, "split the grammar"),
        source_.definitions[frame.definition].scope, node.begin);
  }
  if (needed == kNoLark) {
    frame.values.push_back(value.value());
    ++frame.at;
    return true;
  }
  open_[needed] = 1;
  frames_.push_back({needed, source_.definitions[needed].first, {}});
  return false;
}

Result<Expr> LarkTerminals::name(const Frame& frame, const LarkNode& node, uint32_t* needed) {
  const uint32_t scope = source_.definitions[frame.definition].scope;
  std::string_view name = source_.spelling(source_.scopes[scope], node);
  Result<uint32_t> found = find(scope, node, name);
  if (!found.ok()) return std::move(found.error());
  if (source_.definitions[found.value()].kind != LarkDefinitionKind::kTerminal)
    return refused(frame, node, "the rule " + show_text(name));
  if (exprs_[found.value()] != kNoExpr) return used(found.value());
  if (open_[found.value()]) return circle(found.value(), node, frame);
  *needed = found.value();
  return grammar_.pool.empty();
}

Result<Expr> LarkTerminals::call(uint32_t definition) {
  Result<Expr> e = expr(definition);
  if (!e.ok() || rules_[definition] != kNoExpr) return e.ok() ? rules_[definition] : e;
  RuleId rule = grammar_.add_rule(source_.definitions[definition].name);
  grammar_.define(rule, e.value());
  return rules_[definition] = grammar_.pool.call(rule);
}

// A terminal inside another. What would grow when it is put in sequences and alternatives is
// called.
Expr LarkTerminals::used(uint32_t definition) {
  const ExprKind kind = grammar_.pool.node(exprs_[definition]).kind;
  if (kind != ExprKind::kSeq && kind != ExprKind::kAlt) return exprs_[definition];
  return call(definition).value();  // it is known already
}

Expr LarkTerminals::combine(const Frame& frame, const LarkNode& node) {
  const uint32_t first = source_.definitions[frame.definition].first;
  std::vector<Expr> parts;
  for (uint32_t i = 0; i < node.count; ++i)
    parts.push_back(frame.values[source_.operands[node.first + i] - first]);
  if (node.kind == LarkNodeKind::kRepeat) return grammar_.pool.repeat(parts[0], node.a, node.b);
  return node.kind == LarkNodeKind::kChoice ? grammar_.pool.alt(parts) : grammar_.pool.seq(parts);
}

// Operands of '&' and '~' hold no calls. Pairs are met first, so that many operands are not deep.
Result<Expr> LarkTerminals::compare(const Frame& frame, const LarkNode& node) {
  const LarkDefinition& d = source_.definitions[frame.definition];
  ExprPool& pool = grammar_.pool;
  std::vector<Expr> parts;
  for (uint32_t i = 0; i < node.count; ++i) {
    Result<Expr> e = frame.values[source_.operands[node.first + i] - d.first];
    if (!compared_.contains(e.value())) e = call_free(grammar_, e.value(), limits_);
    if (!e.ok()) return source_.error(e.error().code, e.error().message, d.scope, node.begin);
    parts.push_back(e.value());
  }
  if (node.kind == LarkNodeKind::kNot) parts[0] = pool.complement(parts[0]);
  for (; parts.size() > 1; parts.resize((parts.size() + 1) / 2)) {
    for (size_t i = 0; 2 * i < parts.size(); ++i) {
      const bool pair = 2 * i + 1 < parts.size();
      parts[i] = pair ? pool.intersect(parts[2 * i], parts[2 * i + 1]) : parts[2 * i];
    }
  }
  compared_.insert(parts[0]);
  return parts[0];
}

}  // namespace xgr::core
