// The expressions of the nodes of rules.
//
// Entry point: LarkBuilder::evaluate (lark_builder.h). One pass over the nodes of a definition.
// What may be skipped behind a lexeme is added as late as possible: behind a choice of lexemes it
// is written once.
//
//   ("a" | "b") C   with %ignore " "   ->   ("a" | "b") skip C skip
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include "frontend/lark/lark_builder.h"

#include "frontend/source_notes.h"
#include "frontend/source_text.h"
#include "support/error_text.h"

namespace xgr::core {

namespace {
// So many strings side by side are a set: cheaper than alternatives.
constexpr size_t kManyStrings = 16;
}  // namespace

Result<std::vector<LarkBuilder::Value>> LarkBuilder::evaluate(
    const Job& job, const std::unordered_set<uint32_t>& cut) {
  const LarkDefinition& d = source_.definitions[job.definition];
  std::vector<Value> values;
  values.reserve(d.last - d.first + 1);
  for (uint32_t i = d.first; i <= d.last; ++i) {
    const LarkNode& node = source_.nodes[i];
    if (cut.contains(i)) {
      values.push_back({grammar_.pool.epsilon()});
      continue;
    }
    Result<Value> v = value(job, values, node);
    if (!v.ok()) return std::move(v.error());
    values.push_back(v.value());
    if (grammar_.pool.size() > limits_.max_expressions) return too_large(d.scope, node.begin);
  }
  return values;
}

Result<LarkBuilder::Value> LarkBuilder::value(const Job& job, const std::vector<Value>& before,
                                              const LarkNode& node) {
  const LarkDefinition& d = source_.definitions[job.definition];
  switch (node.kind) {
    case LarkNodeKind::kName:
      return name(job, node);
    case LarkNodeKind::kTemplate: {
      std::vector<Expr> arguments;
      for (uint32_t k = 0; k < node.count; ++k)
        arguments.push_back(
            argument(closed(d.scope, before[source_.operands[node.first + k] - d.first])));
      Result<RuleId> rule = instance(d.scope, node, std::move(arguments));
      if (!rule.ok()) return std::move(rule.error());
      return Value{grammar_.pool.call(rule.value())};
    }
    case LarkNodeKind::kEmpty:
    case LarkNodeKind::kSequence:
    case LarkNodeKind::kChoice:
    case LarkNodeKind::kRepeat:
      return combine(job, before, node);
    case LarkNodeKind::kBoth:
    case LarkNodeKind::kNot:
      return source_.error(
          Status::kUnsupported,
          "'&' and '~' are for terminals, and this is a rule; give it a name in capital letters, "
          "as in NAME: A & ~B",
          d.scope, node.begin);
    default:
      return element(d.scope, node);
  }
}

// An argument as something that does not grow where it is used: large ones become rules.
Expr LarkBuilder::argument(Expr e) {
  const ExprKind kind = grammar_.pool.node(e).kind;
  if (kind != ExprKind::kSeq && kind != ExprKind::kAlt) return e;
  auto [it, fresh] = arguments_.try_emplace(e, kNoExpr);
  if (fresh) {
    RuleId rule = grammar_.add_rule("argument");
    grammar_.define(rule, e);
    it->second = grammar_.pool.call(rule);
  }
  return it->second;
}

Result<LarkBuilder::Value> LarkBuilder::name(const Job& job, const LarkNode& node) {
  const LarkDefinition& d = source_.definitions[job.definition];
  std::string_view name = source_.spelling(source_.scopes[d.scope], node);
  for (size_t k = 0; k < d.parameters.size(); ++k) {
    if (d.parameters[k] == name) return Value{job.arguments[k]};
  }
  Result<uint32_t> found = terminals_.find(d.scope, node, name);
  if (!found.ok()) return std::move(found.error());
  const LarkDefinition& other = source_.definitions[found.value()];
  if (other.kind == LarkDefinitionKind::kTemplate) {
    return source_.error(
        Status::kInvalidSource,
        "the template " + show_text(name) + " needs arguments: " + show_text(name) + "{...}",
        d.scope, node.begin);
  }
  if (other.kind == LarkDefinitionKind::kTerminal) {
    Result<Expr> terminal = terminals_.call(found.value());
    if (!terminal.ok()) return std::move(terminal.error());
    return Value{terminal.value(), true};
  }
  return Value{grammar_.pool.call(rule_of(found.value())),
               other.attributes && other.attributes->whole()};
}

// Tells what became of the keywords of a %json; the pointers are those inside of it.
void LarkBuilder::note_json(uint32_t scope, const LarkNode& node, std::vector<Diagnostic> found) {
  if (found.empty()) return;
  const Error at = source_.error(Status::kOk, "in %json: ", scope, node.begin);
  for (Diagnostic& d : found) {
    d.message = at.message + d.message;
    d.byte_offset = at.byte_offset;
    d.line = at.line;
    d.column = at.column;
    options_.notes->add_once(std::move(d));
  }
}

// What stands for itself.
Result<LarkBuilder::Value> LarkBuilder::element(uint32_t scope, const LarkNode& node) {
  Result<Expr> e = grammar_.pool.empty();
  std::string_view written = source_.spelling(source_.scopes[scope], node);
  if (node.kind == LarkNodeKind::kScope) {
    e = scope_expr(node.a);
  } else if (node.kind == LarkNodeKind::kSpecial || node.kind == LarkNodeKind::kTokenIds) {
    return tokens(scope, node);
  } else if (node.kind == LarkNodeKind::kJson) {
    SourceNotes inner(nullptr);
    JsonSchemaOptions json = options_.json;
    if (options_.notes != nullptr) json.notes = &inner;
    e = json_schema_expr(grammar_, written, json, limits_);
    if (options_.notes != nullptr) note_json(scope, node, inner.take());
    if (!e.ok()) {
      Error inner = std::move(e.error());
      // With a pointer the offset is one in the string there, not in the text of the schema.
      const bool offset = inner.byte_offset > 0 && !inner.has_json_pointer;
      size_t at = offset ? static_cast<size_t>(inner.byte_offset) : 0;
      std::string what = "in %json: " + inner.message;
      if (inner.byte_offset >= 0 && inner.has_json_pointer)
        what += ", at byte " + std::to_string(inner.byte_offset) + " of it";
      Error outer = source_.error(inner.code, std::move(what), scope, node.begin + at);
      outer.json_pointer = std::move(inner.json_pointer);
      outer.has_json_pointer = inner.has_json_pointer;
      return outer;
    }
  } else if (node.kind == LarkNodeKind::kNamed) {
    auto known = named_.find(std::string(written));
    if (known != named_.end()) return Value{known->second, true};
    if (!options_.named_grammar) {
      return source_.error(Status::kInvalidSource,
                           "no grammar is named " + show_text(written.substr(1)), scope,
                           node.begin);
    }
    e = options_.named_grammar(grammar_, written.substr(1));
    if (!e.ok()) {
      return source_.error(e.error().code,
                           "in " + show_text(written) + ": " + error_text(e.error()), scope,
                           node.begin);
    }
    named_.emplace(written, e.value());
  } else {
    e = terminals_.leaf(scope, node);
  }
  if (!e.ok()) return std::move(e.error());
  return Value{e.value(), e.value() != grammar_.pool.epsilon()};
}

Result<LarkBuilder::Value> LarkBuilder::tokens(uint32_t scope, const LarkNode& node) {
  Result<TokenIds> ids = token_ids(scope, node);
  if (!ids.ok()) return std::move(ids.error());
  return Value{grammar_.pool.tokens(ids.value()), true};
}

Result<TokenIds> LarkBuilder::token_ids(uint32_t scope, const LarkNode& node) {
  std::string written(source_.spelling(source_.scopes[scope], node));
  const bool by_id = node.kind == LarkNodeKind::kTokenIds;
  bool all = false;
  Result<TokenIds> ids = TokenIds();
  if (by_id) {
    ids = decode_lark_tokens(source_.scopes[scope].text, node.begin, node.end, &all);
    if (!ids.ok()) {
      const Error& e = ids.error();
      return source_.error(e.code, e.message, scope, static_cast<size_t>(e.byte_offset));
    }
  }
  if (by_id && !all) return ids;
  if (!options_.special_token) {
    return source_.error(
        Status::kInvalidSource,
        "the special token " + show_text(written) + " needs a tokenizer, and none is known", scope,
        node.begin);
  }
  if (all) return ids;
  ids = options_.special_token(written);
  if (!ids.ok()) return source_.error(ids.error().code, ids.error().message, scope, node.begin);
  if (ids.value().empty()) {
    return source_.error(Status::kInvalidSource,
                         "no token of the vocabulary is " + show_text(written), scope, node.begin);
  }
  return ids;
}

LarkBuilder::Value LarkBuilder::combine(const Job& job, const std::vector<Value>& before,
                                        const LarkNode& node) {
  const LarkDefinition& d = source_.definitions[job.definition];
  ExprPool& pool = grammar_.pool;
  auto operand = [&](uint32_t k) { return before[source_.operands[node.first + k] - d.first]; };
  if (node.kind == LarkNodeKind::kRepeat) {
    return {pool.repeat(closed(d.scope, operand(0)), node.a, node.b)};
  }
  std::vector<Expr> parts;
  if (node.kind != LarkNodeKind::kChoice) {
    // Behind the last part, what may be skipped can still wait.
    for (uint32_t k = 0; k + 1 < node.count; ++k) parts.push_back(closed(d.scope, operand(k)));
    if (node.count > 0) parts.push_back(operand(node.count - 1).expr);
    return {pool.seq(parts), node.count > 0 && operand(node.count - 1).lexeme};
  }
  bool lexemes = true;
  for (uint32_t k = 0; k < node.count; ++k) lexemes = lexemes && operand(k).lexeme;
  std::vector<std::string> strings;
  for (uint32_t k = 0; k < node.count; ++k) {
    parts.push_back(lexemes ? operand(k).expr : closed(d.scope, operand(k)));
    const ExprNode& n = pool.node(parts.back());
    if (n.kind == ExprKind::kLiteral) strings.emplace_back(pool.string(n.a).substr(n.b));
  }
  bool set = strings.size() == parts.size() && strings.size() >= kManyStrings;
  return {set ? pool.string_set(std::move(strings)) : pool.alt(parts), lexemes};
}

}  // namespace xgr::core
