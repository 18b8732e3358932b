// Grammar of objects, given the expressions of what they contain.
//
// Entry point: SchemaBuilder::object_of. Objects are unfolded by a generator, which is told the
// declared members in order, and the languages of all other names with their values.
//
//   {"properties": {"a": A}, "additionalProperties": B}  ->  member a: A, others: any name but a: B
//
// Tests: tests/cases/json_schema/{object,pattern_properties}.case.
#include <algorithm>
#include <memory>

#include "frontend/json_schema/object_generator.h"
#include "frontend/json_schema/schema_builder.h"
#include "frontend/json_schema/undeclared_names.h"
#include "frontend/json_schema/unique_rule.h"

namespace xgr::core {

Result<Expr> SchemaBuilder::names_language(Goal goal,
                                           std::optional<std::vector<std::string_view>>* listed) {
  if (!model_.expander().normalise(&goal)) return pool_.empty();
  if (goal.empty()) return kNoExpr;
  Result<const Expansion*> e = model_.expansion(model_.intern(std::move(goal)));
  if (!e.ok()) return e.error();
  std::vector<Expr> languages;
  std::vector<std::string_view> texts;
  bool only_listed = true;
  for (const Shape& name : e.value()->shapes) {
    if (!(name.types & kStringBit)) continue;
    if (MaybeError error = check_refusals(name)) return *error;
    if (name.has_values) {
      for (JsonId v : name.values) {
        if (!doc_.is(v, JsonType::kString)) continue;
        Result<bool> fits = model_.accepts_text(name, doc_.text(v));
        if (!fits.ok()) return fits.error();
        if (!fits.value()) continue;
        texts.push_back(doc_.text(v));
        languages.push_back(pool_.literal(doc_.text(v)));
      }
      continue;
    }
    only_listed = false;
    Result<Expr> language = string_language(name);
    if (!language.ok()) return language;
    languages.push_back(language.value());
  }
  if (only_listed) *listed = std::move(texts);
  Expr all = pool_.alt(languages);
  return all == model_.patterns().any_text() ? kNoExpr : all;
}

MaybeError SchemaBuilder::add_members(const Shape&, const ObjectPlan& plan, uint32_t level,
                                      ObjectSpec* spec) {
  for (const ObjectPlan::Member& m : plan.members) {
    Expr value = value_of(m.value, level);
    if (value == pool_.empty() && !m.required) continue;  // its name stays taken
    spec->members.push_back({json_quote(m.name), m.required, value});
    if (spec->members.back().key.size() > kMaxKeyBytes || spec->members.size() > kMaxMembers) {
      return model_.source().error(
          Status::kUnsupported,
          "a property name of 65535 bytes or more, or an object of 16777215 or more", 0);
    }
  }
  return std::nullopt;
}

// What follows the opening quote of a name in `names` that is not in `taken`.
Expr SchemaBuilder::other_name(Expr names, const std::vector<std::string>& taken) {
  if (names == kNoExpr) {
    if (taken.empty()) return json_.spelling().tail();
    auto generator = std::make_unique<UndeclaredNames>(taken, json_.spelling().tail(),
                                                       json_.spelling().escapes());
    UndeclaredNames* raw = generator.get();
    uint32_t id = pool_.add_generator(std::move(generator));
    raw->set_id(id);
    return pool_.lazy(id, {0, 0, 0});
  }
  std::vector<Expr> clashes;
  for (const std::string& name : taken) {
    if (model_.patterns().matches(names, name)) clashes.push_back(pool_.literal(name));
  }
  if (!clashes.empty()) names = pool_.intersect(names, pool_.complement(pool_.alt(clashes)));
  return pool_.seq(json_.spelling().preimage(names), pool_.literal("\""));
}

MaybeError SchemaBuilder::add_other_names(const Shape& s, const ObjectPlan& plan, uint32_t level,
                                          ObjectSpec* spec) {
  std::vector<std::string> taken;
  for (const ObjectPlan::Member& m : plan.members) taken.emplace_back(m.name);
  std::optional<std::vector<std::string_view>> listed;
  Expr allowed = kNoExpr;
  if (!s.name_rules.empty()) {
    Result<Expr> names = names_language(Goal(s.name_rules.begin(), s.name_rules.end()), &listed);
    if (!names.ok()) return names.error();
    allowed = names.value();
    for (ObjectSpec::Member& m : spec->members) {  // declared names must obey too
      for (const ObjectPlan::Member& declared : plan.members) {
        if (allowed == kNoExpr || json_quote(declared.name) != m.key) continue;
        if (!model_.patterns().matches(allowed, declared.name)) m.value = pool_.empty();
      }
    }
  }
  if (MaybeError e = add_wanted(s, plan, allowed, level, spec)) return e;
  for (const ObjectPlan::KeyClass& k : plan.undeclared) {
    Expr value = value_of({true, k.goal}, level);
    if (value == pool_.empty() || allowed == pool_.empty()) continue;
    if (listed) {  // finitely many names: as optional members after the declared ones
      for (std::string_view name : *listed) {
        bool here = k.names == kNoExpr || model_.patterns().matches(k.names, name);
        bool known = std::find(taken.begin(), taken.end(), name) != taken.end();
        if (!here || known) continue;
        taken.emplace_back(name);
        spec->members.push_back({json_quote(name), false, value});
      }
      continue;
    }
    const Expr names = common_names(pool_, k.names, allowed);
    spec->others.push_back({other_name(names, taken), value, count_names(names, taken, spec->min)});
  }
  return std::nullopt;
}

// At least so many names, `enough` at most, are in `names` and not in `taken`.
uint32_t SchemaBuilder::count_names(Expr names, const std::vector<std::string>& taken,
                                    uint32_t enough) {
  if (names == kNoExpr || enough == 0) return kUnbounded;
  const uint32_t out = static_cast<uint32_t>(taken.size());
  const uint32_t all = model_.count_strings(names, enough + out);
  return all - std::min(all, out);
}

// Undeclared properties that break what the shape asks to be broken.
MaybeError SchemaBuilder::add_wanted(const Shape& s, const ObjectPlan& plan, Expr allowed,
                                     uint32_t level, ObjectSpec* spec) {
  std::vector<Expr> breaking;  // names that break a propertyNames
  for (const BrokenRule& rule : s.broken_by_other) {
    breaking.push_back(kNoExpr);
    if (rule.kind != BrokenRule::kNames) continue;
    std::optional<std::vector<std::string_view>> listed;
    Result<Expr> names = names_language({negation(positive(rule.node))}, &listed);
    if (!names.ok()) return names.error();
    breaking.back() = names.value();
  }
  spec->rules = static_cast<uint32_t>(breaking.size());
  for (const ObjectPlan::Breaker& b : plan.breakers) {
    Expr value = value_of(b.value, level);
    if (value == pool_.empty()) continue;
    std::vector<std::string> taken(b.excluded.begin(), b.excluded.end());
    for (const ObjectPlan::Member& m : plan.members) taken.emplace_back(m.name);
    Expr names = common_names(pool_, b.names, allowed);
    for (size_t i = 0; i < breaking.size(); ++i) {
      if (b.rules >> i & 1) names = common_names(pool_, names, breaking[i]);
    }
    if (names == pool_.empty()) continue;
    spec->wanted.push_back({{other_name(names, taken), value}, b.rules});
  }
  return std::nullopt;
}

Result<Expr> SchemaBuilder::object_of(const Shape& s, const ObjectPlan& plan, uint32_t level) {
  if (s.broken_by_other.size() > kMaxWantedRules) {
    return refuse(s.broken_by_other.back().node,
                  "cannot be negated together with more than 3 other such keywords; negate fewer");
  }
  bool open = plan.members.empty() && plan.breakers.empty() && s.broken_by_other.empty() &&
              plan.undeclared.size() == 1 && plan.undeclared[0].names == kNoExpr &&
              plan.undeclared[0].goal.empty() && s.name_rules.empty();
  if (open && s.min_properties == 0 && s.max_properties == UINT32_MAX) return json_.any_object();
  ObjectSpec spec;
  spec.layout = json_.layout(level);
  spec.any_order = json_.any_order();
  spec.min = s.min_properties;
  spec.max = s.max_properties;
  if (spec.min > kMaxMembers || (spec.max != kUnbounded && spec.max > kMaxMembers)) {
    return model_.source().error(Status::kUnsupported, "a count of more than 16777215 properties",
                                 s.property_rules.empty() ? 0 : s.property_rules[0].schema);
  }
  if (MaybeError e = add_members(s, plan, deeper(level), &spec)) return *e;
  if (MaybeError e = add_other_names(s, plan, deeper(level), &spec)) return *e;
  for (const ObjectSpec::Member& m : spec.members) {
    if (m.required && m.value == pool_.empty()) return pool_.empty();
  }
  JsonId counted = s.min_properties_node;
  if (counted == kNoJson) counted = s.property_rules.empty() ? 0 : s.property_rules[0].schema;
  return differing_names(std::move(spec), counted);
}

// Where undeclared names count towards a minimum or break a rule, or the caller asks for it, they
// have to differ.
Result<Expr> SchemaBuilder::differing_names(ObjectSpec spec, JsonId at) {
  uint64_t required = 0, others = 0, members = 0;
  for (const ObjectSpec::Member& m : spec.members) {
    required += m.required;
    members += m.value != pool_.empty();
  }
  for (const ObjectSpec::OtherNames& o : spec.others) others = std::max<uint64_t>(others, o.count);
  const bool open = !spec.others.empty() || !spec.wanted.empty();
  const bool counted = open && spec.min > required;
  if (counted && spec.wanted.empty() && members + others < spec.min) {
    return model_.source().error(
        Status::kUnsupported,
        "\"minProperties\" is not supported here: whether there are enough "
        "different names cannot be told",
        at);
  }
  const bool unique = counted || !spec.wanted.empty() || (open && model_.unique_names());
  const Expr object = add_object(pool_, std::move(spec));
  return unique && object != pool_.empty() ? unique_rule(json_.grammar(), object) : object;
}

}  // namespace xgr::core
