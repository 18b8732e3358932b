// How many different values a goal has, as far as it matters whether an array of unique items can be
// long enough.
//
// Entry point: SchemaModel::count_values. A lower bound, exact when only listed values, booleans, null
// and integers between bounds are in question.
//
//   {"type": ["boolean", "null"]}  ->  3, exact;   {"type": "string"}  ->  as many as are wanted
//
// Tests: tests/cases/json_schema/unique.case.
#include <algorithm>
#include <bit>

#include "frontend/json_schema/schema_model.h"

namespace xgr::core {
namespace {

constexpr int kMaxCountDepth = 8;
constexpr uint32_t kMaxTextLength = 64;
constexpr uint64_t kCountSteps = 32;

}  // namespace

// Integers between both bounds.
uint32_t SchemaModel::count_integers(const Shape& s, uint32_t enough) {
  constexpr int64_t kMaxDigits = 15;
  if (s.lower.value.point > kMaxDigits) return 0;
  auto within = [](int64_t n, const Bound& b, int side) {
    const int c = side * compare(*Decimal::parse(std::to_string(n)), b.value);
    return c > 0 || (c == 0 && !b.exclusive);
  };
  int64_t n = std::stoll(s.lower.value.whole());
  if (s.lower.value.negative) n = -n - 1;
  while (!within(n, s.lower, 1)) ++n;
  uint32_t count = 0;
  while (count < enough && within(n, s.upper, -1)) ++n, ++count, charge(work_, kCountSteps);
  return count;
}

// Each length that some string of the language has is a different string.
uint32_t SchemaModel::count_strings(Expr language, uint32_t enough) {
  ExprPool& pool = grammar_.pool;
  const Expr any = pool.char_class(CharSet::all());
  uint32_t count = 0;
  for (uint32_t n = 0; n <= kMaxTextLength && count < enough; ++n)
    count += !patterns_.is_empty(pool.intersect(language, pool.repeat(any, n, n)));
  return count;
}

uint32_t SchemaModel::count_strings(const Shape& s, uint32_t enough) {
  if (s.string_tests.empty()) return s.max_length > 0 ? enough : 1;
  Result<Expr> language = patterns_.strings(s);
  return language.ok() ? count_strings(language.value(), enough) : 0;
}

uint32_t SchemaModel::count_items(const Shape& s, size_t index, uint32_t enough, int depth) {
  Result<std::vector<Goal>> goals = item_goals(s, index);
  uint32_t most = 0;
  for (size_t i = 0; goals.ok() && i < goals.value().size(); ++i)
    most = std::max(most, count_values(goals.value()[i], enough, depth).count);
  return most;
}

// As many arrays as there are first items, if the others can be there.
uint32_t SchemaModel::count_arrays(const Shape& s, uint32_t enough, int depth) {
  if (!s.contains.empty() || s.max_items == 0) return 0;
  for (size_t i = 1; i < s.min_items && i <= prefix_size(s) + 1; ++i) {
    if (count_items(s, i, s.min_items, depth) < s.min_items) return 0;
  }
  const uint32_t first = count_items(s, 0, std::max(enough, s.min_items), depth);
  return first < s.min_items ? 0 : std::min(first, enough);
}

// The combinations of required members, and each optional one in turn.
uint32_t SchemaModel::count_objects(const Shape& s, uint32_t enough, int depth) {
  if (!s.broken_by_other.empty() || !s.name_rules.empty() || s.min_properties > s.required.size())
    return 0;
  uint32_t count = 1;
  for (std::string_view name : s.required) {
    Result<PropertyGoal> value = objects_.property_goal(s, name);
    if (!value.ok() || !value.value().possible) return 0;
    uint32_t n = count_values(value.value().goal, enough, depth).count;
    count = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{count} * n, enough));
  }
  if (count == 0 || count == enough || s.max_properties <= s.required.size()) return count;
  Result<ObjectPlan> plan = objects_.plan(s);
  if (!plan.ok()) return count;
  for (const ObjectPlan::Member& m : plan.value().members) {
    if (m.required || !m.value.possible || count >= enough) continue;
    count += count_values(m.value.goal, enough, depth).count;
  }
  const std::vector<ObjectPlan::KeyClass>& others = plan.value().undeclared;
  const bool open = std::any_of(others.begin(), others.end(), [](const ObjectPlan::KeyClass& k) {
    return k.names == kNoExpr && k.goal.empty();
  });
  return open ? enough : std::min(count, enough);
}

SchemaModel::ValueCount SchemaModel::count_values(Goal goal, uint32_t enough, int depth) {
  charge(work_, kCountSteps);
  if (!expander_.normalise(&goal)) return {0, true};
  if (depth > kMaxCountDepth) return {0, false};
  if (goal.empty()) return {enough, false};
  Result<const Expansion*> e = expansion(intern(std::move(goal)));
  if (!e.ok()) return {0, false};
  ValueCount out{0, true};
  std::vector<JsonId> listed;
  TypeSet words = 0;
  uint32_t integers = 0, strings = 0, arrays = 0, objects = 0;
  for (const Shape& s : e.value()->shapes) {
    if (s.has_values) {
      for (JsonId v : s.values) {
        Result<bool> fits = accepts(s, v, depth);
        if (!fits.ok()) return {0, false};
        charge(work_, listed.size());
        bool known = std::any_of(listed.begin(), listed.end(),
                                 [&](JsonId other) { return json_equal(doc(), v, other); });
        if (fits.value() && !known && listed.size() < enough) listed.push_back(v);
      }
      continue;
    }
    words |= s.types & (kNullBit | kBooleanBits);
    const bool bounded = s.lower.set && s.upper.set, numbers = s.types & kNumberBits;
    const bool all_multiples = std::none_of(s.multiples.begin(), s.multiples.end(),
                                            [](const MultipleTest& m) { return m.negated; });
    const bool fractions = s.types & kFractionBit && s.multiples.empty() &&
                           (!bounded || compare(s.lower.value, s.upper.value) < 0);
    if (numbers && ((!bounded && all_multiples) || fractions)) return {enough, false};
    if (numbers && bounded && s.multiples.empty()) {
      const uint32_t excluded = static_cast<uint32_t>(s.excluded.size());
      const uint32_t n = count_integers(s, enough + excluded);
      out.exact = out.exact && excluded == 0;
      integers = std::max(integers, n - std::min(n, excluded));
    } else if (numbers) {
      out.exact = false;
    }
    if (s.types & (kStringBit | kArrayBit | kObjectBit)) out.exact = false;
    if (s.types & kStringBit) strings = std::max(strings, count_strings(s, enough));
    if (s.types & kArrayBit) arrays = std::max(arrays, count_arrays(s, enough, depth + 1));
    if (s.types & kObjectBit) objects = std::max(objects, count_objects(s, enough, depth + 1));
  }
  out.exact = out.exact && (listed.empty() || (words | integers) == 0);
  const uint32_t unlisted =
      static_cast<uint32_t>(std::popcount(words)) + integers + strings + arrays + objects;
  out.count = std::max(static_cast<uint32_t>(listed.size()), unlisted);
  out.count = std::min(out.count, enough);
  return out;
}

}  // namespace xgr::core
