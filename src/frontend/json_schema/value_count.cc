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

namespace xgr {
namespace {

constexpr int kMaxDepth = 8;
constexpr uint32_t kMaxTextLength = 64;

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
  while (count < enough && within(n, s.upper, -1)) ++n, ++count;
  return count;
}

// Each length that some string of the language has is a different string.
uint32_t SchemaModel::count_strings(const Shape& s, uint32_t enough) {
  if (s.string_tests.empty()) return s.max_length > 0 ? enough : 1;
  Result<Expr> language = patterns_.strings(s);
  if (!language.ok()) return 0;
  ExprPool& pool = grammar_.pool;
  const Expr any = pool.char_class(CharSet::all());
  uint32_t count = 0;
  for (uint32_t n = s.min_length; n <= s.max_length && n <= s.min_length + kMaxTextLength; ++n) {
    if (count >= enough) break;
    count += !patterns_.is_empty(pool.intersect(language.value(), pool.repeat(any, n, n)));
  }
  return count;
}

uint32_t SchemaModel::count_containers(const Shape& s, uint32_t enough, int depth) {
  if (depth > kMaxDepth) return 0;
  uint32_t most = 0;
  if ((s.types & kArrayBit) && s.contains.empty() && s.max_items > 0) {
    Result<PropertyGoal> first = item_goal(s, 0), rest = item_goal(s, prefix_size(s));
    bool possible = first.ok() && rest.ok() && first.value().possible;
    for (size_t i = 0; possible && i < s.min_items && i <= prefix_size(s); ++i) {
      Result<PropertyGoal> item = item_goal(s, i);
      possible = item.ok() && item.value().possible &&
                 count_values(item.value().goal, s.min_items, depth + 1).count >= s.min_items;
    }
    if (possible) most = count_values(first.value().goal, enough, depth + 1).count;
  }
  if ((s.types & kObjectBit) && s.broken_by_other.empty() && s.name_rules.empty() &&
      s.min_properties <= s.required.size()) {
    uint32_t product = 1;
    for (std::string_view name : s.required) {
      Result<PropertyGoal> value = objects_.property_goal(s, name);
      if (!value.ok() || !value.value().possible) return most;
      uint32_t n = count_values(value.value().goal, enough, depth + 1).count;
      product = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{product} * n, enough));
    }
    if (product > 0 && product < enough && s.max_properties > s.required.size()) {
      Result<ObjectPlan> plan = objects_.plan(s);
      for (size_t i = 0; plan.ok() && i < plan.value().members.size(); ++i) {
        const ObjectPlan::Member& m = plan.value().members[i];
        if (m.required || !m.value.possible) continue;
        product += count_values(m.value.goal, enough, depth + 1).count;
      }
      const bool open = plan.ok() && std::any_of(plan.value().undeclared.begin(),
                                                 plan.value().undeclared.end(),
                                                 [](const ObjectPlan::KeyClass& k) {
                                                   return k.names == kNoExpr && k.goal.empty();
                                                 });
      if (open) product = enough;
    }
    most = std::max(most, std::min(product, enough));
  }
  return most;
}

SchemaModel::ValueCount SchemaModel::count_values(Goal goal, uint32_t enough, int depth) {
  if (!expander_.normalise(&goal)) return {0, true};
  if (goal.empty()) return {enough, false};
  Result<const Expansion*> e = expansion(intern(std::move(goal)));
  if (!e.ok()) return {0, false};
  ValueCount out{0, true};
  std::vector<JsonId> listed;
  TypeSet words = 0;
  uint32_t integers = 0, strings = 0, containers = 0;
  for (const Shape& s : e.value()->shapes) {
    if (s.has_values) {
      for (JsonId v : s.values) {
        Result<bool> fits = accepts(s, v, depth);
        if (!fits.ok()) return {0, false};
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
    if (numbers && ((!bounded && all_multiples) || (s.types & kFractionBit && s.multiples.empty())))
      return {enough, false};
    if (numbers && bounded && s.multiples.empty()) {
      integers = std::max(integers, count_integers(s, enough + static_cast<uint32_t>(s.excluded.size())));
      out.exact = out.exact && s.excluded.empty();
      integers -= std::min<uint32_t>(integers, static_cast<uint32_t>(s.excluded.size()));
    } else if (numbers) {
      out.exact = false;
    }
    if (s.types & (kStringBit | kArrayBit | kObjectBit)) out.exact = false;
    if (s.types & kStringBit) strings = std::max(strings, count_strings(s, enough));
    if (s.types & (kArrayBit | kObjectBit))
      containers = std::max(containers, count_containers(s, enough, depth));
  }
  out.exact = out.exact && (listed.empty() || (words | integers) == 0);
  out.count = std::max<uint32_t>(static_cast<uint32_t>(listed.size()),
                                 static_cast<uint32_t>(std::popcount(words)) + integers + strings + containers);
  out.count = std::min(out.count, enough);
  return out;
}

}  // namespace xgr
