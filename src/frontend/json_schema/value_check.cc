// Values that a schema lists (enum, const) against the other constraints beside them.
//
// Entry point: SchemaModel::accepts. Works on the same shapes as the grammar is built from, so a
// value is offered exactly when the constraints beside it hold.
//
//   {"enum": [1, "a", [2]], "type": ["string", "array"]}  keeps "a" and [2]
//
// Tests: tests/cases/json_schema/enum.case.
#include <algorithm>

#include "frontend/json_schema/schema_model.h"

namespace xgr::core {
namespace {

constexpr int kMaxValueDepth = 100;
constexpr uint64_t kValueSteps = 16;

}  // namespace

Result<bool> SchemaModel::accepts(Goal goal, JsonId value, int depth) {
  if (!expander_.normalise(&goal)) return false;
  if (goal.empty()) return true;
  if (depth > kMaxValueDepth) {
    return source_.error(Status::kUnsupported,
                         "a listed value nests deeper than 100 levels beside constraints", value);
  }
  Result<const Expansion*> e = expansion(intern(std::move(goal)));
  if (!e.ok()) return e.error();
  for (const Shape& s : e.value()->shapes) {
    Result<bool> fits = accepts(s, value, depth);
    if (!fits.ok() || fits.value()) return fits;
  }
  return false;
}

Result<bool> SchemaModel::accepts(const Shape& s, JsonId value, int depth) {
  TypeSet type = type_of(doc(), value);
  charge(work_, kValueSteps + s.excluded.size());
  if (!(s.types & type)) return false;
  auto equals = [&](JsonId other) { return json_equal(doc(), value, other); };
  // A long list is mostly asked about its own members, which stand in the order of the document.
  if (s.has_values && !std::binary_search(s.values.begin(), s.values.end(), value) &&
      std::none_of(s.values.begin(), s.values.end(), equals))
    return false;
  if (std::any_of(s.excluded.begin(), s.excluded.end(), equals)) return false;
  for (const Refusal& r : s.refusals) {
    if (r.types & type)
      return source_.error(Status::kUnsupported,
                           "\"" + std::string(doc().key(r.node)) + "\" " + r.reason, r.node);
  }
  if (type & kNumberBits) return accepts_number(s, value);
  if (type == kStringBit) return accepts_unlisted(s, doc().text(value));
  if (type == kArrayBit) return accepts_array(s, value, depth);
  if (type == kObjectBit) return accepts_object(s, value, depth);
  return true;
}

Result<bool> SchemaModel::accepts_number(const Shape& s, JsonId value) {
  auto d = Decimal::parse(doc().text(value));
  if (!d)
    return source_.error(Status::kUnsupported, "a listed number has too large an exponent", value);
  if (s.lower.set && compare(*d, s.lower.value) < (s.lower.exclusive ? 1 : 0)) return false;
  if (s.upper.set && compare(*d, s.upper.value) > (s.upper.exclusive ? -1 : 0)) return false;
  for (const MultipleTest& m : s.multiples) {
    auto step = Decimal::parse(doc().text(m.node));
    auto multiple = step ? is_multiple(*d, *step) : std::nullopt;
    if (!multiple)
      return source_.error(Status::kUnsupported, "this multipleOf has more than 9 digits", m.node);
    if (*multiple == m.negated) return false;
  }
  return true;
}

Result<bool> SchemaModel::accepts_text(const Shape& s, std::string_view text) {
  if (!(s.types & kStringBit)) return false;
  auto same = [&](JsonId v) { return doc().is(v, JsonType::kString) && doc().text(v) == text; };
  if (std::any_of(s.excluded.begin(), s.excluded.end(), same)) return false;
  if (s.has_values && std::none_of(s.values.begin(), s.values.end(), same)) return false;
  return accepts_unlisted(s, text);
}

// Lengths, patterns and formats.
Result<bool> SchemaModel::accepts_unlisted(const Shape& s, std::string_view text) {
  size_t n = count_characters(text);
  if (n < s.min_length || n > s.max_length) return false;
  for (const StringTest& t : s.string_tests) {
    Result<Expr> language = patterns_.tested(t);
    if (!language.ok()) return language.error();
    if (patterns_.matches(language.value(), text) == t.negated) return false;
  }
  return true;
}

Result<bool> SchemaModel::accepts_contains(const Shape& s, JsonId array, int depth) {
  for (const ContainsTest& c : s.contains) {
    uint32_t found = 0;
    size_t index = 0;
    for (JsonId item : doc().children(array)) {
      if (index++ < c.from) continue;
      Goal goal(c.also);
      goal.push_back(c.schema);
      Result<bool> fits = accepts(std::move(goal), item, depth + 1);
      if (!fits.ok()) return fits;
      found += fits.value();
    }
    if (found < c.min || found > c.max) return false;
  }
  return true;
}

Result<bool> SchemaModel::accepts_item(const Shape& s, size_t index, JsonId item, int depth) {
  Result<std::vector<Goal>> goals = item_goals(s, index);
  if (!goals.ok()) return goals.error();
  for (Goal& goal : goals.value()) {
    Result<bool> fits = accepts(std::move(goal), item, depth + 1);
    if (!fits.ok() || fits.value()) return fits;
  }
  return false;
}

Result<bool> SchemaModel::accepts_array(const Shape& s, JsonId value, int depth) {
  if (doc().count(value) < s.min_items || doc().count(value) > s.max_items) return false;
  size_t index = 0;
  for (JsonId item : doc().children(value)) {
    Result<bool> fits = accepts_item(s, index++, item, depth);
    if (!fits.ok() || !fits.value()) return fits;
    charge(work_, s.unique_items == kNoJson ? 1 : index * uint64_t{4});
    for (JsonId other : doc().children(value)) {
      if (s.unique_items == kNoJson || other == item) break;
      if (json_equal(doc(), other, item)) return false;
    }
  }
  return accepts_contains(s, value, depth);
}

Result<bool> SchemaModel::accepts_name(Goal goal, std::string_view name) {
  if (!expander_.normalise(&goal)) return false;
  if (goal.empty()) return true;
  Result<const Expansion*> e = expansion(intern(std::move(goal)));
  if (!e.ok()) return e.error();
  for (const Shape& s : e.value()->shapes) {
    Result<bool> fits = accepts_text(s, name);
    if (!fits.ok() || fits.value()) return fits;
  }
  return false;
}

Result<bool> SchemaModel::rule_concerns(const BrokenRule& rule, std::string_view name) {
  if (rule.kind != BrokenRule::kNames) return objects_.concerns(rule, name);
  return accepts_name({negation(positive(rule.node))}, name);
}

Result<bool> SchemaModel::breaks(const BrokenRule& rule, JsonId object, int depth) {
  for (JsonId member : doc().children(object)) {
    Result<bool> hit = rule_concerns(rule, doc().key(member));
    if (hit.ok() && hit.value() && rule.kind != BrokenRule::kNames) {
      hit = accepts(Goal{negation(positive(rule.node))}, member, depth + 1);
    }
    if (!hit.ok() || hit.value()) return hit;
  }
  return false;
}

Result<bool> SchemaModel::accepts_object(const Shape& s, JsonId value, int depth) {
  if (doc().count(value) < s.min_properties || doc().count(value) > s.max_properties) return false;
  for (std::string_view name : s.required) {
    if (doc().find(value, name) == kNoJson) return false;
  }
  for (JsonId member : doc().children(value)) {
    Result<PropertyGoal> goal = objects_.property_goal(s, doc().key(member));
    if (!goal.ok()) return goal.error();
    if (!goal.value().possible) return false;
    Result<bool> fits = accepts(std::move(goal.value().goal), member, depth + 1);
    if (!fits.ok() || !fits.value()) return fits;
  }
  for (const BrokenRule& rule : s.broken_by_other) {
    Result<bool> broken = breaks(rule, value, depth);
    if (!broken.ok() || !broken.value()) return broken;
  }
  for (JsonId member : doc().children(value)) {
    Result<bool> fits =
        accepts_name(Goal(s.name_rules.begin(), s.name_rules.end()), doc().key(member));
    if (!fits.ok() || !fits.value()) return fits;
  }
  return true;
}

}  // namespace xgr::core
