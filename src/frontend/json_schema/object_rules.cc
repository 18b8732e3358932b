// Properties: declared names, pattern names and the rest.
//
// Entry points: ObjectRules::property_goal, plan. Every schema of a conjunction that has
// properties, patternProperties or additionalProperties is one rule; a property must meet what each
// rule says of its name. Names nobody declared fall into classes by the patterns they match;
// classes without names are dropped, so n disjoint patterns give n + 1 classes, not 2^n.
//
//   {"properties": {"a": A}, "patternProperties": {"^x": X}, "additionalProperties": R}
//   ->  members a: A; undeclared ^x: X, not ^x: R
//
// Tests: tests/cases/json_schema/{object,pattern_properties}.case.
#include "frontend/json_schema/object_rules.h"

#include <algorithm>
#include <unordered_map>

#include "frontend/json_schema/object_generator.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxKeyClasses = 64;
constexpr uint64_t kRuleSteps = 4, kMembersOfStep = 8;

}  // namespace

MaybeError ObjectRules::read_rule(const PropertyRule& rule, Rule* out) const {
  out->opened = source_.is_opened(rule.schema);
  for (JsonId member : doc_.children(rule.schema)) {
    std::string_view key = doc_.key(member);
    bool table = key == "properties" || key == "patternProperties";
    if (table && !doc_.is(member, JsonType::kObject)) {
      return source_.error(Status::kInvalidSource,
                           "malformed schema: \"" + std::string(key) + "\" must be an object",
                           member);
    }
    if (key == "properties") out->properties = member;
    if (key == "patternProperties") out->patterns = member;
    if (key == "additionalProperties") out->rest = member;
  }
  return std::nullopt;
}

MaybeError ObjectRules::read_rules(const Shape& shape, Rules* out) const {
  for (const PropertyRule& rule : shape.property_rules) {
    charge(work_, kRuleSteps + doc_.count(rule.schema) / 2);
    if (MaybeError e = read_rule(rule, &out->table.emplace_back())) return e;
  }
  for (const UnevaluatedProperties& u : shape.unevaluated_properties) {
    Unevaluated& r = out->unevaluated.emplace_back(Unevaluated{u.node, {}});
    for (size_t i = 0; i < shape.property_rules.size(); ++i) {
      JsonId schema = shape.property_rules[i].schema;
      if (std::find(u.evaluators.begin(), u.evaluators.end(), schema) != u.evaluators.end()) {
        r.evaluators.push_back(i);
      }
    }
  }
  return std::nullopt;
}

Result<PropertyGoal> ObjectRules::property_goal(const Shape& shape, std::string_view name) {
  Rules rules;
  if (MaybeError e = read_rules(shape, &rules)) return *e;
  return goal_of(shape, rules, name);
}

// `closed`: strict mode, and nothing opened the object for this name.
void ObjectRules::finish(Goal goal, bool closed, PropertyGoal* out) {
  out->possible = !closed && expander_.normalise(&goal);
  out->goal = std::move(goal);
}

// What properties and patternProperties of one rule say of the name; whether they say anything.
Result<bool> ObjectRules::add_own(const Rule& r, std::string_view name, Goal* goal) {
  bool matched = false;
  if (r.properties != kNoJson) charge(work_, 1 + doc_.count(r.properties) / kMembersOfStep);
  JsonId own = r.properties == kNoJson ? kNoJson : doc_.find(r.properties, name);
  if (own != kNoJson) goal->push_back(positive(own)), matched = true;
  if (r.patterns == kNoJson) return matched;
  for (JsonId p : doc_.children(r.patterns)) {
    Result<Expr> language = patterns_.pattern(doc_.key(p), p);
    if (!language.ok()) return language.error();
    if (!patterns_.matches(language.value(), name)) continue;
    goal->push_back(positive(p));
    matched = true;
  }
  return matched;
}

// What the rules say of a name that the tables of the rules in `matched` know; whether that, or the
// tables, open the object for the name.
bool ObjectRules::add_rest(const Rules& rules, const std::vector<bool>& matched, Goal* goal) const {
  bool opened = false;
  for (size_t i = 0; i < rules.table.size(); ++i) {
    bool rest = !matched[i] && rules.table[i].rest != kNoJson;
    if (rest) goal->push_back(positive(rules.table[i].rest));
    opened = opened || matched[i] || rest || rules.table[i].opened;
  }
  for (const Unevaluated& u : rules.unevaluated) {
    if (std::any_of(u.evaluators.begin(), u.evaluators.end(), [&](size_t i) { return matched[i]; }))
      continue;
    goal->push_back(positive(u.rest));
    opened = true;
  }
  return opened;
}

Result<PropertyGoal> ObjectRules::goal_of(const Shape& shape, const Rules& rules,
                                          std::string_view name) {
  Goal goal;
  std::vector<bool> matched(rules.table.size());
  for (size_t i = 0; i < matched.size(); ++i) {
    Result<bool> own = add_own(rules.table[i], name, &goal);
    if (!own.ok()) return own.error();
    matched[i] = own.value();
  }
  bool opened = add_rest(rules, matched, &goal) || !shape.describes_object;
  for (const NamedLiteral& n : shape.named) {
    if (n.name == name) goal.push_back(n.schema);
  }
  // A name that the schema itself requires is as good as declared.
  opened = opened ||
           std::find(shape.required.begin(), shape.required.end(), name) != shape.required.end();
  PropertyGoal out;
  finish(std::move(goal), strict_ && !opened, &out);
  if (std::find(shape.absent.begin(), shape.absent.end(), name) != shape.absent.end())
    out.possible = false;
  return out;
}

Result<ObjectPlan> ObjectRules::plan(const Shape& shape) {
  Rules rules;
  if (MaybeError e = read_rules(shape, &rules)) return *e;
  ObjectPlan out;
  if (MaybeError e = add_members(shape, rules, &out)) return *e;
  if (MaybeError e = add_undeclared(shape, rules, &out)) return *e;
  if (MaybeError e = add_breakers(shape, &out)) return *e;
  return out;
}

Expr common_names(ExprPool& pool, Expr a, Expr b) {
  return a == kNoExpr ? b : b == kNoExpr ? a : pool.intersect(a, b);
}

Result<bool> ObjectRules::concerns(const BrokenRule& rule, std::string_view name) {
  if (rule.kind == BrokenRule::kPattern) {
    Result<Expr> language = patterns_.pattern(doc_.key(rule.node), rule.node);
    if (!language.ok()) return language.error();
    return patterns_.matches(language.value(), name);
  }
  for (JsonId schema : rule.evaluators) {
    JsonId properties = doc_.find(schema, "properties"),
           patterns = doc_.find(schema, "patternProperties");
    if (properties != kNoJson && doc_.find(properties, name) != kNoJson) return false;
    if (patterns == kNoJson || !doc_.is(patterns, JsonType::kObject)) continue;
    for (JsonId p : doc_.children(patterns)) {
      Result<bool> match = concerns({BrokenRule::kPattern, p}, name);
      if (!match.ok()) return match;
      if (match.value()) return false;
    }
  }
  return true;
}

// The names that a rule concerns, and how their values break it.
Result<ObjectPlan::Breaker> ObjectRules::breaker_of(const BrokenRule& rule) {
  ExprPool& pool = grammar_.pool;
  ObjectPlan::Breaker out;
  std::vector<JsonId> patterns;
  if (rule.kind == BrokenRule::kPattern) patterns.push_back(rule.node);
  for (JsonId schema : rule.evaluators) {
    JsonId table = doc_.find(schema, "properties"), other = doc_.find(schema, "patternProperties");
    if (table != kNoJson) {
      for (JsonId p : doc_.children(table)) out.excluded.push_back(doc_.key(p));
    }
    if (other != kNoJson) {
      for (JsonId p : doc_.children(other)) patterns.push_back(p);
    }
  }
  for (JsonId p : patterns) {
    Result<Expr> language = patterns_.pattern(doc_.key(p), p);
    if (!language.ok()) return language.error();
    bool inside = rule.kind == BrokenRule::kPattern;
    out.names = common_names(pool, out.names,
                             inside ? language.value() : pool.complement(language.value()));
  }
  if (rule.kind != BrokenRule::kNames) out.value.goal.push_back(negation(positive(rule.node)));
  return out;
}

// Every class of undeclared names, breaking every set of rules at once.
void ObjectRules::add_breakers_of(std::span<const ObjectPlan::Breaker> single, ObjectPlan* out) {
  for (const ObjectPlan::KeyClass& k : out->undeclared) {
    for (uint32_t rules = 1; rules < 1u << single.size(); ++rules) {
      ObjectPlan::Breaker all{rules, k.names, {}, {true, k.goal}};
      for (size_t i = 0; i < single.size(); ++i) {
        if (!(rules >> i & 1)) continue;
        const ObjectPlan::Breaker& one = single[i];
        all.names = common_names(grammar_.pool, all.names, one.names);
        all.excluded.insert(all.excluded.end(), one.excluded.begin(), one.excluded.end());
        all.value.goal.insert(all.value.goal.end(), one.value.goal.begin(), one.value.goal.end());
      }
      all.value.possible = expander_.normalise(&all.value.goal);
      if (all.value.possible) out->breakers.push_back(std::move(all));
    }
  }
}

MaybeError ObjectRules::add_breakers(const Shape& shape, ObjectPlan* out) {
  std::vector<ObjectPlan::Breaker> single;
  for (const BrokenRule& rule : shape.broken_by_other) {
    Result<ObjectPlan::Breaker> one = breaker_of(rule);
    if (!one.ok()) return one.error();
    single.push_back(std::move(one).value());
  }
  if (single.size() <= kMaxWantedRules) add_breakers_of(single, out);
  return std::nullopt;
}

MaybeError ObjectRules::add_members(const Shape& shape, const Rules& all, ObjectPlan* out) {
  const std::vector<Rule>& rules = all.table;
  std::unordered_map<std::string_view, size_t> known;
  auto add = [&](std::string_view name) -> ObjectPlan::Member& {
    auto [it, fresh] = known.try_emplace(name, out->members.size());
    if (fresh) out->members.push_back({name, false, {}});
    return out->members[it->second];
  };
  for (const Rule& r : rules) {
    if (r.properties == kNoJson) continue;
    for (JsonId p : doc_.children(r.properties)) add(doc_.key(p));
  }
  for (std::string_view name : shape.required) add(name).required = true;
  for (const NamedLiteral& n : shape.named) add(n.name);
  for (std::string_view name : shape.absent) add(name);
  bool simple = rules.size() == 1 && rules[0].patterns == kNoJson && shape.named.empty() &&
                shape.absent.empty() && all.unevaluated.empty();
  JsonId next = simple && rules[0].properties != kNoJson ? rules[0].properties + 1 : kNoJson;
  for (ObjectPlan::Member& m : out->members) {
    if (next != kNoJson &&
        next < doc_.end(rules[0].properties)) {  // members follow the table itself
      finish({positive(next)}, false, &m.value);
      next = doc_.end(next);
      continue;
    }
    Result<PropertyGoal> value = goal_of(shape, all, m.name);
    if (!value.ok()) return value.error();
    m.value = std::move(value).value();
  }
  return std::nullopt;
}

MaybeError ObjectRules::collect_patterns(std::span<const Rule> rules, std::vector<Pattern>* out) {
  for (const Rule& r : rules) {
    if (r.patterns == kNoJson) continue;
    for (JsonId p : doc_.children(r.patterns)) {
      bool known = std::any_of(out->begin(), out->end(),
                               [&](const Pattern& q) { return q.text == doc_.key(p); });
      if (known) continue;
      Result<Expr> language = patterns_.pattern(doc_.key(p), p);
      if (!language.ok()) return language.error();
      out->push_back({doc_.key(p), p, language.value()});
    }
  }
  return std::nullopt;
}

// The classes of names by the patterns that match them, without the empty ones.
MaybeError ObjectRules::split(std::span<const Pattern> patterns, JsonId at,
                              std::vector<std::pair<Expr, std::vector<bool>>>* out) {
  ExprPool& pool = grammar_.pool;
  Expr all = patterns_.any_text();
  out->push_back({all, {}});
  for (const Pattern& p : patterns) {
    std::vector<std::pair<Expr, std::vector<bool>>> finer;
    for (auto& [names, matched] : *out) {
      Expr inside = names == all ? p.language : pool.intersect(names, p.language);
      Expr outside = pool.intersect(names, pool.complement(p.language));
      for (bool match : {true, false}) {
        Expr part = match ? inside : outside;
        if (patterns_.is_empty(part)) continue;
        finer.push_back({part, matched});
        finer.back().second.push_back(match);
      }
    }
    *out = std::move(finer);
    if (out->size() > kMaxKeyClasses) {
      return source_.error(Status::kUnsupported, "the patterns overlap in more than 64 ways", at);
    }
  }
  return std::nullopt;
}

PropertyGoal ObjectRules::undeclared_goal(const Shape& shape, const Rules& rules,
                                          std::span<const Pattern> patterns,
                                          const std::vector<bool>& matched) {
  Goal goal;
  std::vector<bool> known(rules.table.size());
  for (size_t r = 0; r < known.size(); ++r) {
    if (rules.table[r].patterns == kNoJson) continue;
    for (size_t i = 0; i < patterns.size(); ++i) {
      JsonId schema = matched[i] ? doc_.find(rules.table[r].patterns, patterns[i].text) : kNoJson;
      if (schema != kNoJson) goal.push_back(positive(schema)), known[r] = true;
    }
  }
  bool opened = add_rest(rules, known, &goal) || !shape.describes_object;
  PropertyGoal out;
  finish(std::move(goal), strict_ && !opened, &out);
  return out;
}

MaybeError ObjectRules::add_undeclared(const Shape& shape, const Rules& rules, ObjectPlan* out) {
  std::vector<Pattern> patterns;
  if (MaybeError e = collect_patterns(rules.table, &patterns)) return e;
  std::vector<std::pair<Expr, std::vector<bool>>> classes;
  JsonId at = patterns.empty() ? 0 : doc_.parent(patterns[0].node);
  if (MaybeError e = split(patterns, at, &classes)) return e;
  size_t possible = 0;
  for (auto& [names, matched] : classes) {
    PropertyGoal value = undeclared_goal(shape, rules, patterns, matched);
    if (!value.possible) continue;
    ++possible;
    auto same = std::find_if(out->undeclared.begin(), out->undeclared.end(),
                             [&](const ObjectPlan::KeyClass& k) { return k.goal == value.goal; });
    if (same == out->undeclared.end()) {
      out->undeclared.push_back({names, std::move(value.goal)});
    } else {
      same->names = grammar_.pool.alt(same->names, names);
    }
  }
  bool everything = out->undeclared.size() == 1 && possible == classes.size();
  if (everything) out->undeclared[0].names = kNoExpr;
  return std::nullopt;
}

}  // namespace xgr::core
