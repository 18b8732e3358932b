// Dispatches as grammars.
//
// Entry point: LarkBuilder::dispatch_body (lark_builder.h). Where nobody asks for the triggers, the
// whole is a tag dispatch. Where a trigger is reported or hidden from captures, or the whole has a
// budget of characters, heads are rules of their own, text up to the first trigger, and the tail is
// text without a trigger: the same language.
//
//   {"<a>": x, "<b>": y}  ->  free text in which "<a>" x and "<b>" y stand
//
// Tests: tests/cases/lark/dispatch.case.
#include <unordered_map>
#include <unordered_set>

#include "frontend/lark/lark_builder.h"
#include "frontend/macros/tag_dispatch.h"

namespace xgr::core {

// What follows the triggers, each a rule named like its tool.
Result<std::vector<Expr>> LarkBuilder::payloads(const LarkDispatch& dispatch) {
  std::unordered_set<uint32_t> cut;
  for (const LarkTool& tool : dispatch.tools) cut.insert(tool.cut.begin(), tool.cut.end());
  std::unordered_map<uint32_t, std::vector<Value>> known;
  std::vector<Expr> out;
  for (const LarkTool& tool : dispatch.tools) {
    const LarkDefinition& d = source_.definitions[tool.tool];
    auto [values, fresh] = known.try_emplace(tool.tool);
    if (fresh) {
      Result<std::vector<Value>> all = evaluate({tool.tool, kNoRule, {}}, cut);
      if (!all.ok()) return std::move(all.error());
      values->second = std::move(all).value();
    }
    Expr body = closed(d.scope, values->second[tool.branch - d.first]);
    RuleId rule = grammar_.add_rule(d.name);
    grammar_.define(rule, grammar_.pool.seq(skips_[d.scope], body));
    out.push_back(grammar_.pool.call(rule));
    if (d.attributes && d.attributes->max_chars >= 0) {
      RuleSettings settings;
      settings.max_chars = static_cast<uint32_t>(d.attributes->max_chars);
      settings_.push_back({rule, std::move(settings)});
      origins_.emplace(rule, Origin{d.scope, d.offset});
    }
    consumed_[tool.tool] = 1;
    if (tool.head != kNoLark) consumed_[tool.head] = 1;
  }
  return out;
}

Result<Expr> LarkBuilder::dispatch_body(const Job& job, const LarkDispatch& dispatch) {
  const uint32_t scope = source_.definitions[job.definition].scope;
  Result<std::vector<Expr>> bodies = payloads(dispatch);
  if (!bodies.ok()) return std::move(bodies.error());
  if (dispatch.tools[0].trigger.kind == LarkTrigger::kTokens) {
    TokenTagDispatch tokens;
    for (size_t i = 0; i < dispatch.tools.size(); ++i) {
      Result<TokenIds> ids = token_ids(scope, source_.nodes[dispatch.tools[i].trigger.node]);
      if (!ids.ok()) return std::move(ids.error());
      tokens.tags.push_back({ids.value(), bodies.value()[i]});
    }
    return token_tag_dispatch(grammar_, tokens);
  }
  const LarkAttributes* own = source_.definitions[job.definition].attributes.get();
  if (dispatch.marked || (own != nullptr && own->max_chars >= 0))
    return marked_dispatch(dispatch, bodies.value());
  TagDispatch tags;
  for (size_t i = 0; i < dispatch.tools.size(); ++i)
    tags.tags.push_back({dispatch.tools[i].trigger.text, bodies.value()[i]});
  Result<Expr> e = tag_dispatch(grammar_, tags);
  if (e.ok()) return e;
  return source_.error(e.error().code, e.error().message, scope,
                       source_.definitions[job.definition].offset);
}

Result<Expr> LarkBuilder::marked_dispatch(const LarkDispatch& dispatch,
                                          const std::vector<Expr>& payloads) {
  ExprPool& pool = grammar_.pool;
  const Expr any = pool.star(pool.char_class(CharSet::all()));
  std::vector<Expr> texts;
  for (const LarkTool& tool : dispatch.tools) texts.push_back(pool.literal(tool.trigger.text));
  const Expr trigger = pool.alt(texts);
  const Expr first = pool.shortest(pool.seq(any, trigger));
  std::vector<Expr> tools;
  for (size_t i = 0; i < dispatch.tools.size(); ++i) {
    const LarkDefinition& head = source_.definitions[dispatch.tools[i].head];
    RuleId rule = grammar_.add_rule(head.name);
    const Expr own = pool.seq(any, texts[i]);
    grammar_.define(rule, trigger == texts[i] ? first : pool.intersect(first, own));
    if (head.attributes->marker_kind != LarkMarker::kNone) {
      RuleAttributes a;
      a.content = any;
      a.marker = texts[i];
      a.hide_marker = head.attributes->marker_kind == LarkMarker::kStop;
      a.stop_capture = head.attributes->stop_capture;
      grammar_.rules[rule].attributes = std::make_shared<const RuleAttributes>(std::move(a));
    }
    tools.push_back(pool.seq(pool.call(rule), payloads[i]));
  }
  const Expr tail = pool.complement(pool.seq({any, trigger, any}));
  return pool.seq(pool.star(pool.alt(tools)), tail);
}

}  // namespace xgr::core
