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

Error SchemaBuilder::unwritable_name(const Shape& s, std::string_view name) const {
  JsonId at = schema_at(s);
  for (const PropertyRule& rule : s.property_rules) {
    const JsonId table = doc_.find(rule.schema, "properties");
    const JsonId own = table == kNoJson ? kNoJson : doc_.find(table, name);
    if (own != kNoJson) at = own;
  }
  return model_.source().error(Status::kUnsupported,
                               "the property name " + json_quote(name) +
                                   " cannot be written: it contains an exclude or what ends a name",
                               at);
}

MaybeError SchemaBuilder::add_members(const Shape& s, const ObjectPlan& plan, Spot at,
                                      const ObjectNotation* form, ObjectSpec* spec) {
  for (const ObjectPlan::Member& m : plan.members) {
    Expr value = value_of(m.value, notation_.inside(at));
    if (value == pool_.empty() && !m.required) continue;  // its name stays taken
    std::optional<std::string> key = notation_.key(form, m.name);
    if (!key && !m.required && notation_.excluded(m.name)) continue;
    if (!key) return unwritable_name(s, m.name);
    if (form != nullptr) value = pool_.seq(value, notation_.member_end(form, m.name));
    spec->members.push_back({*std::move(key), m.required, value});
    if (spec->members.back().key.size() > kMaxKeyBytes || spec->members.size() > kMaxMembers) {
      return model_.source().error(
          Status::kUnsupported,
          "a property name of 65535 bytes or more, or an object of 16777215 or more", 0);
    }
  }
  return std::nullopt;
}

// What follows the opening quote of a name in `names` that is not in `taken`.
Expr SchemaBuilder::other_name(const ObjectNotation* form, Expr names,
                               const std::vector<std::string>& taken) {
  if (names == kNoExpr && (form != nullptr || json_.spelling().avoids()))
    return notation_.other_names(form, names, pool_.string_set(taken));
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
  return notation_.other_names(form, names, pool_.alt(clashes));
}

MaybeError SchemaBuilder::add_other_names(const Shape& s, const ObjectPlan& plan, Spot at,
                                          const ObjectNotation* form, ObjectSpec* spec) {
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
        if (allowed == kNoExpr || notation_.key(form, declared.name) != m.key) continue;
        if (!model_.patterns().matches(allowed, declared.name)) m.value = pool_.empty();
      }
    }
  }
  if (MaybeError e = add_wanted(s, plan, allowed, at, form, spec)) return e;
  for (const ObjectPlan::KeyClass& k : plan.undeclared) {
    Expr value = value_of({true, k.goal}, notation_.inside(at));
    if (value == pool_.empty() || allowed == pool_.empty()) continue;
    if (form != nullptr && form->ends_with_key() && !listed)
      return unwritable(schema_at(s), "names that the schema does not list");
    if (listed) {  // finitely many names: as optional members after the declared ones
      for (std::string_view name : *listed) {
        bool here = k.names == kNoExpr || model_.patterns().matches(k.names, name);
        bool known = std::find(taken.begin(), taken.end(), name) != taken.end();
        if (!here || known) continue;
        taken.emplace_back(name);
        std::optional<std::string> key = notation_.key(form, name);
        if (!key) return unwritable_name(s, name);
        const Expr all =
            form == nullptr ? value : pool_.seq(value, notation_.member_end(form, name));
        spec->members.push_back({*std::move(key), false, all});
      }
      continue;
    }
    const Expr names = common_names(pool_, k.names, allowed);
    spec->others.push_back(
        {other_name(form, names, taken), value, count_names(names, taken, spec->min)});
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
MaybeError SchemaBuilder::add_wanted(const Shape& s, const ObjectPlan& plan, Expr allowed, Spot at,
                                     const ObjectNotation* form, ObjectSpec* spec) {
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
    Expr value = value_of(b.value, notation_.inside(at));
    if (value == pool_.empty()) continue;
    std::vector<std::string> taken(b.excluded.begin(), b.excluded.end());
    for (const ObjectPlan::Member& m : plan.members) taken.emplace_back(m.name);
    Expr names = common_names(pool_, b.names, allowed);
    for (size_t i = 0; i < breaking.size(); ++i) {
      if (b.rules >> i & 1) names = common_names(pool_, names, breaking[i]);
    }
    if (names == pool_.empty()) continue;
    spec->wanted.push_back({{other_name(form, names, taken), value}, b.rules});
  }
  return std::nullopt;
}

Result<Expr> SchemaBuilder::object_of(const Shape& s, const ObjectPlan& plan, Spot at) {
  if (s.broken_by_other.size() > kMaxWantedRules) {
    return refuse(s.broken_by_other.back().node,
                  "cannot be negated together with more than 3 other such keywords; negate fewer");
  }
  bool open = plan.members.empty() && plan.breakers.empty() && s.broken_by_other.empty() &&
              plan.undeclared.size() == 1 && plan.undeclared[0].names == kNoExpr &&
              plan.undeclared[0].goal.empty() && s.name_rules.empty();
  if (open && s.min_properties == 0 && s.max_properties == UINT32_MAX) {
    if (!notation_.can_write_any(at.site))
      return unwritable(schema_at(s), "an object of any names");
    return notation_.any_object(at);
  }
  std::vector<Expr> ways;
  for (const ObjectNotation* form : notation_.object_forms(at.site)) {
    Result<Expr> way = object_in(s, plan, at, form);
    if (!way.ok()) return way;
    ways.push_back(way.value());
  }
  return pool_.alt(ways);
}

Result<Expr> SchemaBuilder::object_in(const Shape& s, const ObjectPlan& plan, Spot at,
                                      const ObjectNotation* form) {
  ObjectSpec spec;
  spec.layout = notation_.object_layout(at, form);
  spec.key_open = notation_.key_open(form);
  spec.any_order = json_.any_order();
  spec.min = s.min_properties;
  spec.max = s.max_properties;
  if (spec.min > kMaxMembers || (spec.max != kUnbounded && spec.max > kMaxMembers)) {
    return model_.source().error(Status::kUnsupported, "a count of more than 16777215 properties",
                                 schema_at(s));
  }
  if (MaybeError e = add_members(s, plan, at, form, &spec)) return *e;
  if (MaybeError e = add_other_names(s, plan, at, form, &spec)) return *e;
  for (const ObjectSpec::Member& m : spec.members) {
    if (m.required && m.value == pool_.empty()) return pool_.empty();
  }
  JsonId counted = s.min_properties_node;
  if (counted == kNoJson) counted = schema_at(s);
  return differing_names(std::move(spec), counted, at.site);
}

// Where undeclared names count towards a minimum or break a rule, or the caller asks for it, they
// have to differ.
Result<Expr> SchemaBuilder::differing_names(ObjectSpec spec, JsonId at, Site site) {
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
  if (unique && !notation_.json_inside(site)) {
    return model_.source().error(
        Status::kUnsupported,
        "undeclared names that must differ are not supported in this argument style; declare them, "
        "or leave out the keyword or option that asks for it",
        at);
  }
  const Expr object = add_object(pool_, std::move(spec));
  return unique && object != pool_.empty() ? unique_rule(json_.grammar(), object) : object;
}

}  // namespace xgr::core
