// Goals and what is known about them.
//
// Entry points: SchemaModel::expansion, provably_empty. Emptiness looks a few levels into required
// properties and items, which is where branches of oneOf are told apart ("kind": {"const": ...});
// it answers no where it does not look.
//
//   provably_empty({kind: const "a", required kind} and {kind: const "b"})  ->  true
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc, tests/cases/json_schema/combine.case.
#include "frontend/json_schema/schema_model.h"

#include <algorithm>

namespace xgr {
namespace {

constexpr int kMaxEmptinessDepth = 4;
constexpr int kEmpty = -1;

}  // namespace

SchemaModel::SchemaModel(SchemaSource& source, Grammar& grammar, const JsonSchemaOptions& options,
                         const Limits& limits)
    : source_(source),
      grammar_(grammar),
      strict_(options.strict),
      patterns_(grammar, source, limits),
      expander_(source, *this, options.formats),
      objects_(source, grammar, patterns_, expander_, strict_) {}

GoalId SchemaModel::intern(Goal goal) {
  auto [it, fresh] = ids_.try_emplace(goal, static_cast<GoalId>(entries_.size()));
  if (fresh) entries_.push_back({std::move(goal), nullptr});
  return it->second;
}

Result<const Expansion*> SchemaModel::expansion(GoalId id) {
  if (!entries_[id].expansion) {
    Result<Expansion> e = expander_.expand(entries_[id].goal);
    entries_[id].expansion = std::make_unique<Result<Expansion>>(std::move(e));
  }
  const Result<Expansion>& e = *entries_[id].expansion;
  if (!e.ok()) return e.error();
  return &e.value();
}

bool SchemaModel::provably_empty(const Goal& goal) {
  if (emptiness_depth_ >= kMaxEmptinessDepth) return false;
  auto it = emptiness_.find(goal);
  if (it != emptiness_.end()) {
    if (it->second == kEmpty) return true;
    if (it->second <= emptiness_depth_) return false;  // there, the search could go deeper still
  }
  ++emptiness_depth_;
  Result<Expansion> e = expander_.expand(goal);
  bool empty = e.ok();
  if (empty) {
    for (const Shape& s : e.value().shapes) empty = empty && shape_empty(s);
  }
  --emptiness_depth_;
  emptiness_[goal] = empty ? kEmpty : emptiness_depth_;
  return empty;
}

bool SchemaModel::shape_empty(const Shape& s) {
  if (s.has_values) return values_empty(s);
  if (s.types & (kNullBit | kBooleanBits | kNumberBits)) return false;
  if (s.types & kStringBit) {
    if (s.string_tests.empty()) return false;
    Result<Expr> language = patterns_.strings(s);
    if (!language.ok() || !patterns_.is_empty(language.value())) return false;
  }
  if (s.types & kArrayBit) {
    bool empty = false;
    for (size_t i = 0; i < s.min_items && i <= prefix_size(s) && !empty; ++i) {
      Result<PropertyGoal> item = item_goal(s, i);
      if (!item.ok()) return false;
      empty = !item.value().possible || provably_empty(item.value().goal);
    }
    if (!empty) return false;
  }
  return !(s.types & kObjectBit) || object_empty(s);
}

bool SchemaModel::values_empty(const Shape& s) {
  for (JsonId v : s.values) {
    Result<bool> fits = accepts(s, v);
    if (!fits.ok() || fits.value()) return false;
  }
  return true;
}

bool SchemaModel::object_empty(const Shape& s) {
  for (std::string_view name : s.required) {
    Result<PropertyGoal> value = objects_.property_goal(s, name);
    if (!value.ok()) return false;
    if (!value.value().possible || provably_empty(value.value().goal)) return true;
  }
  return false;
}

size_t SchemaModel::prefix_size(const Shape& s) const {
  size_t n = 0;
  for (JsonId schema : s.item_rules) {
    for (const char* key : {"prefixItems", "items"}) {
      JsonId list = doc().find(schema, key);
      if (list != kNoJson && doc().is(list, JsonType::kArray))
        n = std::max<size_t>(n, doc().count(list));
    }
  }
  return n;
}

// `items` as a list is the older form of prefixItems, with additionalItems for the rest.
Result<PropertyGoal> SchemaModel::item_goal(const Shape& s, size_t index) {
  PropertyGoal out;
  bool tuple = false, opened = false;
  for (JsonId schema : s.item_rules) {
    JsonId items = doc().find(schema, "items"), prefix = doc().find(schema, "prefixItems");
    JsonId rest = items;
    bool old_form = items != kNoJson && doc().is(items, JsonType::kArray);
    if (old_form) {
      prefix = items;
      rest = doc().find(schema, "additionalItems");
    }
    if (rest == kNoJson) rest = doc().find(schema, "unevaluatedItems");
    if (prefix != kNoJson && !doc().is(prefix, JsonType::kArray)) {
      return source_.error(Status::kInvalidSource,
                           "malformed schema: \"prefixItems\" must be an array of schemas", prefix);
    }
    tuple = tuple || prefix != kNoJson;
    if (prefix != kNoJson && index < doc().count(prefix)) {
      JsonId item = prefix + 1;
      for (size_t i = 0; i < index; ++i) item = doc().end(item);
      out.goal.push_back(positive(item));
      opened = true;
    } else if (rest != kNoJson) {
      out.goal.push_back(positive(rest));
      opened = true;
    }
  }
  out.goal.insert(out.goal.end(), s.every_item.begin(), s.every_item.end());
  out.possible = expander_.normalise(&out.goal) && !(strict_ && tuple && !opened);
  return out;
}

}  // namespace xgr
