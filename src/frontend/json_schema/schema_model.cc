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

#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr int kMaxEmptinessDepth = 4;
constexpr size_t kMaxItemGoals = 64;
constexpr size_t kMaxEmptinessPrefix = 8;
constexpr int kEmpty = -1;
constexpr uint64_t kGoalSteps = 12;

}  // namespace

SchemaModel::SchemaModel(SchemaSource& source, Grammar& grammar, const JsonSchemaOptions& options,
                         const Limits& limits)
    : source_(source),
      grammar_(grammar),
      work_(limits.work),
      strict_(options.strict),
      unique_names_(options.unique_names),
      patterns_(grammar, source, limits),
      expander_(source, *this, options.formats, limits.work),
      objects_(source, grammar, patterns_, expander_, strict_, limits.work) {}

GoalId SchemaModel::intern(Goal goal) {
  charge(work_, kGoalSteps + goal.size());
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
  charge(work_, kGoalSteps + goal.size());
  if (emptiness_depth_ >= kMaxEmptinessDepth) return false;
  auto it = emptiness_.find(goal);
  if (it != emptiness_.end()) {
    if (it->second == kEmpty) return true;
    if (it->second <= emptiness_depth_) return false;  // there, the search could go deeper still
  }
  ++emptiness_depth_;
  Result<bool> some =
      expander_.may_have_shape(goal, [this](const Shape& s) { return !shape_empty(s); });
  const bool empty = some.ok() && !some.value();
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
  if ((s.types & kArrayBit) && !array_empty(s)) return false;
  return !(s.types & kObjectBit) || object_empty(s);
}

bool SchemaModel::values_empty(const Shape& s) {
  for (JsonId v : s.values) {
    Result<bool> fits = accepts(s, v);
    if (!fits.ok() || fits.value()) return false;
  }
  return true;
}

// Whether item `index`, if there is one, cannot meet `more` as well.
bool SchemaModel::item_empty(const Shape& s, size_t index, std::span<const Literal> more) {
  Result<std::vector<Goal>> goals = item_goals(s, index);
  if (!goals.ok()) return false;
  for (Goal& goal : goals.value()) {
    goal.insert(goal.end(), more.begin(), more.end());
    if (expander_.normalise(&goal) && !provably_empty(goal)) return false;
  }
  return true;
}

bool SchemaModel::array_empty(const Shape& s) {
  const size_t prefix = prefix_size(s);
  for (size_t i = 0; i < s.min_items && i <= prefix; ++i) {
    if (item_empty(s, i, {})) return true;
  }
  for (const ContainsTest& c : s.contains) {
    if (c.min == 0 || prefix > kMaxEmptinessPrefix) continue;
    bool none = true;
    Goal wanted(c.also);
    wanted.push_back(c.schema);
    for (size_t i = c.from; i <= prefix && none; ++i) none = item_empty(s, i, wanted);
    if (none) return true;
  }
  return false;
}

bool SchemaModel::property_impossible(const Shape& s, std::string_view name,
                                      std::span<const Literal> more) {
  Result<PropertyGoal> value = objects_.property_goal(s, name);
  if (!value.ok()) return false;
  Goal goal = std::move(value.value().goal);
  goal.insert(goal.end(), more.begin(), more.end());
  return !value.value().possible || !expander_.normalise(&goal) ||
         (!goal.empty() && provably_empty(goal));
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
  for (const UnevaluatedItems& u : s.unevaluated_items) n = std::max(n, u.prefix);
  for (const ContainsTest& c : s.contains) n = std::max(n, c.from);
  for (const ItemLiteral& i : s.single_items) n = std::max(n, i.index + 1);
  return n;
}

// What unevaluatedItems leaves alone by contains is one more way for the item to be valid.
Result<std::vector<Goal>> SchemaModel::item_goals(const Shape& s, size_t index) {
  Result<PropertyGoal> base = item_goal(s, index);
  if (!base.ok()) return base.error();
  std::vector<Goal> out;
  if (base.value().possible) out.push_back(std::move(base.value().goal));
  for (const UnevaluatedItems& u : s.unevaluated_items) {
    if (index < u.prefix) continue;
    std::vector<Goal> next;
    for (const Goal& goal : out) {
      auto add = [&](JsonId schema) {
        Goal more = goal;
        more.push_back(positive(schema));
        if (expander_.normalise(&more)) next.push_back(std::move(more));
      };
      add(u.node);
      for (JsonId c : u.contains) add(c);
    }
    sort_unique(&next);
    if (next.size() > kMaxItemGoals) {
      return source_.error(Status::kUnsupported,
                           "\"unevaluatedItems\" beside too many \"contains\"", u.node);
    }
    out = std::move(next);
  }
  return out;
}

// `items` as a list is the older form of prefixItems, with additionalItems for the rest.
Result<PropertyGoal> SchemaModel::item_goal(const Shape& s, size_t index) {
  PropertyGoal out;
  bool tuple = false, opened = false;
  for (JsonId schema : s.item_rules) {
    JsonId items = doc().find(schema, "items"), prefix = doc().find(schema, "prefixItems");
    JsonId rest = items;
    opened = opened || source_.is_opened(schema);
    bool old_form = items != kNoJson && doc().is(items, JsonType::kArray);
    if (old_form) {
      prefix = items;
      rest = doc().find(schema, "additionalItems");
    }
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
  for (const UnevaluatedItems& u : s.unevaluated_items) opened = opened || index >= u.prefix;
  out.goal.insert(out.goal.end(), s.every_item.begin(), s.every_item.end());
  for (const ItemLiteral& i : s.single_items) {
    if (i.index == index) out.goal.push_back(i.schema);
  }
  out.possible = expander_.normalise(&out.goal) && !(strict_ && tuple && !opened);
  return out;
}

}  // namespace xgr::core
