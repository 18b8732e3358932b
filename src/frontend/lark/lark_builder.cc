// Builds a grammar from Lark definitions.
//
// Entry points: lark_expr, parse_lark, lark_to_ebnf (frontend.h). Rules wait in a queue until what
// refers to them is built, so no depth of references is a depth of calls. Terminals have no text to
// skip inside; in rules, %ignore may follow each lexeme. Settings of rules are applied at the end.
//
//   start: "a" B      ->  start ::= "a" skip B skip      B ::= ...
//   %ignore " "           skip ::= " "*
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include "frontend/lark/lark_builder.h"

#include "frontend/lark/lark_notes.h"
#include "frontend/macros/tag_dispatch.h"
#include "frontend/source_text.h"
#include "grammar/printer.h"
#include "support/error_text.h"

namespace xgr::core {

namespace {
// Instances of templates; one that makes ever larger arguments for itself would never end.
constexpr size_t kMaxInstances = 10000;
}  // namespace

Result<Expr> LarkBuilder::run() {
  Result<Expr> start = scope_expr(0);
  if (!start.ok()) return start;
  if (MaybeError e = build_all()) return *std::move(e);
  if (MaybeError e = build_unused()) return *std::move(e);
  if (MaybeError e = settle()) return *std::move(e);
  return start;
}

Result<Expr> LarkBuilder::skip(uint32_t scope) {
  if (skips_[scope] != kNoExpr) return skips_[scope];
  std::vector<Expr> ways;
  for (uint32_t definition : source_.scopes[scope].ignored) {
    Result<Expr> e = terminals_.expr(definition);
    if (!e.ok()) return e;
    ways.push_back(e.value());
  }
  skips_[scope] =
      ways.empty() ? grammar_.pool.epsilon() : grammar_.pool.star(grammar_.pool.alt(ways));
  return skips_[scope];
}

// The language of a scope: its rule start, and what may be skipped around it.
Result<Expr> LarkBuilder::scope_expr(uint32_t scope) {
  if (scopes_[scope] != kNoExpr) return scopes_[scope];
  const LarkScope& s = source_.scopes[scope];
  auto it = s.names.find("start");
  if (it == s.names.end()) {
    return source_.error(Status::kInvalidSource,
                         "the grammar has no rule start; it begins there, write start: ...", scope,
                         s.offset);
  }
  Result<Expr> skipped = skip(scope);
  if (!skipped.ok()) return skipped;
  Expr whole = grammar_.pool.call(rule_of(it->second));
  const LarkDefinition& start = source_.definitions[it->second];
  if (start.attributes && start.attributes->whole())
    whole = grammar_.pool.seq(whole, skipped.value());
  if (s.initial_skip) whole = grammar_.pool.seq(skipped.value(), whole);
  scopes_[scope] = whole;
  return whole;
}

// The rule of a rule; its body is built later.
RuleId LarkBuilder::rule_of(uint32_t definition) {
  if (rules_[definition] != kNoRule) return rules_[definition];
  const LarkDefinition& d = source_.definitions[definition];
  rules_[definition] = grammar_.add_rule(d.name);
  jobs_.push_back({definition, rules_[definition], {}});
  return rules_[definition];
}

Result<RuleId> LarkBuilder::instance(uint32_t scope, const LarkNode& node,
                                     std::vector<Expr> arguments) {
  const LarkScope& s = source_.scopes[scope];
  std::string_view name = s.text.substr(node.a, node.b - node.a);
  Result<uint32_t> found = terminals_.find(scope, node, name);
  if (!found.ok()) return found;
  const LarkDefinition& d = source_.definitions[found.value()];
  auto refuse = [&](std::string message) {
    return source_.error(Status::kInvalidSource, std::move(message), scope, node.begin);
  };
  if (d.kind != LarkDefinitionKind::kTemplate) {
    return refuse(show_text(name) + " is no template; a template is defined as " + show_text(name) +
                  "{x}: ...");
  }
  if (d.parameters.size() != arguments.size()) {
    return refuse("the template " + show_text(name) + " has " +
                  std::to_string(d.parameters.size()) + " parameters, not " +
                  std::to_string(arguments.size()));
  }
  auto [it, fresh] = instances_.try_emplace({found.value(), arguments}, kNoRule);
  if (!fresh) return it->second;
  if (instances_.size() > kMaxInstances) {
    return source_.error(Status::kLimitExceeded,
                         "templates make more than " + std::to_string(kMaxInstances) +
                             " rules; is there one that uses itself with larger arguments?",
                         scope, node.begin);
  }
  it->second = grammar_.add_rule(name);
  jobs_.push_back({found.value(), it->second, std::move(arguments)});
  return it->second;
}

Error LarkBuilder::too_large(uint32_t scope, uint32_t offset) const {
  return source_.error(
      Status::kLimitExceeded,
      "the grammar needs more nodes than " +
          limit_text("max_expressions", limits_.max_expressions, "split the grammar"),
      scope, offset);
}

MaybeError LarkBuilder::build_all() {
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const Job job = std::move(jobs_[i]);
    if (MaybeError e = build(job)) return e;
  }
  jobs_.clear();
  return std::nullopt;
}

// What nothing refers to has to be right as well.
MaybeError LarkBuilder::build_unused() {
  for (uint32_t i = 0; i < source_.definitions.size(); ++i) {
    const LarkDefinition& d = source_.definitions[i];
    if (source_.scopes[d.scope].library || rules_[i] != kNoRule || consumed_[i]) continue;
    if (d.kind == LarkDefinitionKind::kTerminal) {
      Result<Expr> e = terminals_.expr(i);
      if (!e.ok()) return std::move(e.error());
    } else if (d.kind == LarkDefinitionKind::kRule) {
      if (Result<Expr> e = skip(d.scope); !e.ok()) return std::move(e.error());
      rule_of(i);
      if (MaybeError e = build_all()) return e;
    }
  }
  return std::nullopt;
}

MaybeError LarkBuilder::build(const Job& job) {
  const LarkDefinition& d = source_.definitions[job.definition];
  RuleSettings settings;
  Origin origin{d.scope, d.offset};
  const bool whole = d.attributes && d.attributes->whole();
  Result<Expr> e = whole ? whole_body(job, &settings, &origin) : body(job);
  if (!e.ok()) return std::move(e.error());
  grammar_.define(job.rule, e.value());
  if (!d.attributes) return std::nullopt;
  const LarkAttributes& a = *d.attributes;
  if (a.max_tokens != 0) settings.max_tokens = a.max_tokens;
  if (a.max_chars >= 0) settings.max_chars = static_cast<uint32_t>(a.max_chars);
  settings.capture = a.capture;
  settings.temperature = a.temperature;
  settings.hide_marker = a.marker_kind == LarkMarker::kStop;
  settings.stop_capture = a.stop_capture;
  settings_.push_back({job.rule, std::move(settings)});
  origins_.emplace(job.rule, origin);
  return std::nullopt;
}

Result<Expr> LarkBuilder::body(const Job& job) {
  const LarkDefinition& d = source_.definitions[job.definition];
  Result<LarkDispatch> found = dispatch_.find(job.definition);
  if (!found.ok()) return std::move(found.error());
  if (!found.value().tools.empty()) return dispatch_body(job, found.value());
  Result<std::vector<Value>> values = evaluate(job, {});
  if (!values.ok()) return std::move(values.error());
  return closed(d.scope, values.value().back());
}

// The body of a rule that is one lexeme.
Result<Expr> LarkBuilder::whole_body(const Job& job, RuleSettings* settings, Origin* origin) {
  const LarkDefinition& d = source_.definitions[job.definition];
  const LarkAttributes& a = *d.attributes;
  Result<LarkTrigger> trigger = dispatch_.trigger(job.definition);
  if (!trigger.ok()) return std::move(trigger.error());
  const LarkTrigger& t = trigger.value();
  ExprPool& pool = grammar_.pool;
  // A regular expression says that the trigger has to come.
  if (t.kind == LarkTrigger::kText && !dispatch_.is_single_regex_head(job.definition)) {
    if (a.marker_kind != LarkMarker::kNone) origin->marker = pool.literal(t.text);
    origin->hide_marker = a.marker_kind == LarkMarker::kStop;
    return tag_dispatch(grammar_, {{{t.text, pool.epsilon()}}, {}, false});
  }
  if (t.kind == LarkTrigger::kTokens) {
    Result<TokenIds> ids = token_ids(d.scope, source_.nodes[t.node]);
    if (!ids.ok()) return std::move(ids.error());
    return token_tag_dispatch(grammar_, {{{ids.value(), pool.epsilon()}}, {}, false});
  }
  settings->lazy = a.lazy;
  if (a.marker_kind != LarkMarker::kNone) {
    Result<Expr> marker = terminals_.expr(a.marker);
    if (!marker.ok()) return marker;
    settings->marker = marker.value();
  }
  const LarkNode& last = source_.nodes[d.last];
  bool other = last.kind == LarkNodeKind::kJson || last.kind == LarkNodeKind::kScope ||
               last.kind == LarkNodeKind::kNamed;
  if (!other || a.lazy || a.marker_kind != LarkMarker::kNone)
    return terminals_.expr(job.definition);
  Result<Value> v = element(d.scope, last);
  if (!v.ok()) return std::move(v.error());
  return v.value().expr;
}

// Settings, once all rules are there; a marker that may be missing is only reported.
MaybeError LarkBuilder::settle() {
  RuleId failed = 0;
  if (MaybeError e = apply_settings(grammar_, settings_, limits_, &failed)) {
    auto it = origins_.find(failed);
    if (it == origins_.end()) return e;
    return source_.error(e->code, e->message, it->second.scope, it->second.offset);
  }
  for (const auto& [rule, origin] : origins_) {
    const auto& known = grammar_.rules[rule].attributes;
    if (origin.marker == kNoExpr || (!known && !origin.hide_marker)) continue;
    RuleAttributes changed = known ? *known : RuleAttributes();
    changed.hide_marker = origin.hide_marker;
    changed.content = grammar_.pool.star(grammar_.pool.char_class(CharSet::all()));
    changed.marker = origin.marker;
    grammar_.rules[rule].attributes = std::make_shared<const RuleAttributes>(std::move(changed));
  }
  return std::nullopt;
}

Result<Expr> lark_expr(Grammar& grammar, std::string_view text, const LarkOptions& options,
                       const Limits& limits) {
  const ChargedPool charged(&grammar.pool, limits.work);
  Result<LarkSource> source = read_lark(text, options, limits);
  if (!source.ok()) {
    source.error().message += path_hint(text, "the grammar that it holds");
    return std::move(source.error());
  }
  if (options.notes != nullptr) note_lark_texts(source.value(), options.notes);
  return LarkBuilder(grammar, source.value(), options, limits).run();
}

Result<Grammar> parse_lark(std::string_view text, const LarkOptions& options,
                           const Limits& limits) {
  Grammar grammar;
  RuleId root = grammar.add_rule("root");
  Result<Expr> start = lark_expr(grammar, text, options, limits);
  if (!start.ok()) return std::move(start.error());
  grammar.define(root, start.value());
  grammar.root = root;
  return grammar;
}

Result<std::string> lark_to_ebnf(std::string_view text, const LarkOptions& options,
                                 const Limits& limits) {
  Result<Grammar> grammar = parse_lark(text, options, limits);
  if (!grammar.ok()) return std::move(grammar.error());
  return print_ebnf(grammar.value(), limits);
}

}  // namespace xgr::core
