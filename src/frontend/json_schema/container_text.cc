// Grammar of objects and arrays, given the expressions of what they contain.
//
// Entry points: SchemaBuilder::object_of, array_of. Objects are unfolded by a generator; arrays are
// written out: the prefix item by item, the rest as a counted repetition.
//
//   {"prefixItems": [A], "items": B, "maxItems": 3}  ->  "[" ("]" | A ("," B){0,2} "]")
//
// Tests: tests/cases/json_schema/{object,array}.case.
#include <algorithm>
#include <memory>

#include "frontend/json_schema/object_generator.h"
#include "frontend/json_schema/schema_builder.h"
#include "frontend/json_schema/undeclared_names.h"
#include "frontend/json_schema/unique_array.h"

namespace xgr {
namespace {

constexpr uint32_t kMaxContainsBound = 64;

}  // namespace

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
          Status::kLimitExceeded,
          "a property name of 65535 bytes or more, or an object of 16777215 or more", 0);
    }
  }
  return std::nullopt;
}

// What follows the opening quote of a name in `names` that is not in `taken`.
Expr SchemaBuilder::other_name(Expr names, const std::vector<std::string>& taken) {
  if (names == kNoExpr) {
    if (taken.empty()) return json_.spelling().tail();
    auto generator = std::make_unique<UndeclaredNames>(taken, json_.spelling().tail());
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
    spec->others.push_back({other_name(common_names(pool_, k.names, allowed), taken), value});
  }
  return std::nullopt;
}

// Undeclared properties one of which the shape asks for.
MaybeError SchemaBuilder::add_wanted(const Shape& s, const ObjectPlan& plan, Expr allowed,
                                     uint32_t level, ObjectSpec* spec) {
  if (s.broken_by_other.empty()) return std::nullopt;
  const BrokenRule& rule = s.broken_by_other[0];
  Expr breaking = kNoExpr;
  if (rule.kind == BrokenRule::kNames) {
    std::optional<std::vector<std::string_view>> listed;
    Result<Expr> names = names_language({negation(positive(rule.node))}, &listed);
    if (!names.ok()) return names.error();
    breaking = names.value();
  }
  for (const ObjectPlan::Breaker& b : plan.breakers) {
    Expr value = value_of(b.value, level);
    if (value == pool_.empty()) continue;
    std::vector<std::string> taken(b.excluded.begin(), b.excluded.end());
    for (const ObjectPlan::Member& m : plan.members) taken.emplace_back(m.name);
    Expr names = common_names(pool_, common_names(pool_, b.names, allowed), breaking);
    if (names != pool_.empty()) spec->wanted.push_back({other_name(names, taken), value});
  }
  // An empty list would mean that nothing is wanted.
  if (spec->wanted.empty()) spec->wanted.push_back({pool_.empty(), pool_.empty()});
  return std::nullopt;
}

Result<Expr> SchemaBuilder::object_of(const Shape& s, const ObjectPlan& plan, uint32_t level) {
  if (s.broken_by_other.size() > 1) {
    return refuse(s.broken_by_other[1].node,
                  "cannot be negated together with another such keyword");
  }
  bool open = plan.members.empty() && plan.breakers.empty() && s.broken_by_other.empty() &&
              plan.undeclared.size() == 1 && plan.undeclared[0].names == kNoExpr &&
              plan.undeclared[0].goal.empty() && s.name_rules.empty();
  if (open && s.min_properties == 0 && s.max_properties == UINT32_MAX) return json_.any_object();
  ObjectSpec spec;
  spec.layout = json_.layout(level);
  spec.min = s.min_properties;
  spec.max = s.max_properties;
  if (spec.min > kMaxMembers || (spec.max != kUnbounded && spec.max > kMaxMembers)) {
    return model_.source().error(Status::kLimitExceeded, "a count of more than 16777215 properties",
                                 s.property_rules.empty() ? 0 : s.property_rules[0].schema);
  }
  if (MaybeError e = add_members(s, plan, deeper(level), &spec)) return *e;
  if (MaybeError e = add_other_names(s, plan, deeper(level), &spec)) return *e;
  for (const ObjectSpec::Member& m : spec.members) {
    if (m.required && m.value == pool_.empty()) return pool_.empty();
  }
  auto generator = std::make_unique<ObjectGenerator>(std::move(spec));
  ObjectGenerator* raw = generator.get();
  raw->set_id(pool_.add_generator(std::move(generator)));
  return raw->start(pool_);
}

// Whether an array of unique items can always be made long enough.
Result<bool> SchemaBuilder::enough_items(const Shape& s, const ArrayPlan& plan) {
  for (const ContainsTest& c : s.contains) {
    if (c.min > 1 || c.max != UINT32_MAX)
      return refuse(s.unique_items, "is not supported beside minContains or maxContains");
  }
  if (s.min_items <= 1) return true;
  bool possible = true;
  for (size_t i = 0; i <= plan.prefix.size() && i < s.min_items; ++i) {
    const PropertyGoal& item = i < plan.prefix.size() ? plan.prefix[i] : plan.rest;
    SchemaModel::ValueCount n = model_.count_values(item.goal, s.min_items);
    if (item.possible && n.count >= s.min_items) continue;
    possible = false;
    if (item.possible && (!n.exact || !plan.prefix.empty())) {
      return refuse(s.unique_items,
                    "is not supported here: whether there are \"minItems\" different items cannot "
                    "be told");
    }
  }
  return possible;
}

Result<Expr> SchemaBuilder::array_of(const Shape& s, const ArrayPlan& plan, uint32_t level) {
  const bool unique = s.unique_items != kNoJson && s.max_items > 1;
  if (unique) {
    Result<bool> enough = enough_items(s, plan);
    if (!enough.ok()) return enough.error();
    if (!enough.value()) return pool_.empty();
  }
  Result<Expr> array = plain_array(s, plan, level);
  if (!unique || !array.ok() || array.value() == pool_.empty()) return array;
  return unique_array(json_.grammar(), array.value());
}

Result<Expr> SchemaBuilder::plain_array(const Shape& s, const ArrayPlan& plan, uint32_t level) {
  if (!s.contains.empty()) return array_containing(s, plan, level);
  uint32_t inner = deeper(level), max = plan.max;
  std::vector<Expr> prefix;
  for (const PropertyGoal& item : plan.prefix) {
    Expr e = value_of(item, inner);
    if (e == pool_.empty()) {
      max = std::min<uint32_t>(max, static_cast<uint32_t>(prefix.size()));
      break;
    }
    prefix.push_back(e);
  }
  Expr rest = value_of(plan.rest, inner);
  const uint32_t k = static_cast<uint32_t>(prefix.size());
  if (rest == pool_.empty()) max = std::min(max, k);
  if (s.min_items > max) return pool_.empty();
  if (k == 0) {
    bool free = s.min_items == 0 && max == kUnbounded && plan.rest.goal.empty();
    return free ? json_.any_array() : json_.array_of(rest, s.min_items, max, level);
  }
  const Layout l = json_.layout(level);
  auto minus_k = [k](uint32_t n) { return n == kUnbounded ? kUnbounded : n > k ? n - k : 0; };
  Expr more =
      pool_.repeat(pool_.seq({l.separator, rest, l.lead}), minus_k(s.min_items), minus_k(max));
  Expr tail = pool_.seq(more, l.close_array);
  for (uint32_t i = k; i-- > 0;) {  // tail: what follows i + 1 elements
    if (i == 0) break;
    Expr close = i >= s.min_items ? l.close_array : pool_.empty();
    tail = pool_.alt(close, pool_.seq({l.separator, prefix[i], l.lead, tail}));
  }
  Expr none = s.min_items == 0 ? pool_.literal("]") : pool_.empty();
  Expr filled = pool_.seq({l.first, prefix[0], l.lead, tail});
  return pool_.seq({pool_.literal("["), l.after_open, pool_.alt(none, filled)});
}

// One `contains` over equal elements: the first match stands after a others.
Result<Expr> SchemaBuilder::array_containing(const Shape& s, const ArrayPlan& plan,
                                             uint32_t level) {
  const ContainsTest& test = s.contains[0];
  bool bounded = s.max_items != kUnbounded;
  if (s.contains.size() > 1 || test.min != 1 || test.max != UINT32_MAX || !plan.prefix.empty() ||
      s.min_items > kMaxContainsBound || (bounded && s.max_items > kMaxContainsBound)) {
    return refuse(
        test.node,
        "is supported once, without minContains, maxContains, prefixItems or large counts");
  }
  if (s.max_items == 0) return pool_.empty();
  const Layout l = json_.layout(level);
  uint32_t inner = deeper(level);
  Expr any = value_of(plan.rest, inner), wanted = value_of(plan.contained[0], inner);
  Expr before = pool_.seq({any, l.lead, l.separator}),
       after = pool_.seq({l.separator, any, l.lead});
  uint32_t min = std::max(s.min_items, 1u);
  uint32_t positions = bounded ? s.max_items : min;
  std::vector<Expr> branches;
  for (uint32_t a = 0; a < positions; ++a) {
    bool last = !bounded && a + 1 == positions;  // from here on any number may stand before
    Expr head = pool_.repeat(before, a, last ? kUnbounded : a);
    uint32_t least = min > a + 1 ? min - a - 1 : 0;
    Expr tail = pool_.repeat(after, least, bounded ? s.max_items - a - 1 : kUnbounded);
    branches.push_back(pool_.seq({head, wanted, l.lead, tail}));
  }
  return pool_.seq({pool_.literal("["), l.after_open, l.first, pool_.alt(branches), l.close_array});
}

}  // namespace xgr
