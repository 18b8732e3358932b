// Grammar of arrays, given the expressions of their items.
//
// Entry points: SchemaBuilder::plan_array, array_of. An array is written out: the prefix item by
// item, the rest as a counted repetition. With contains, items fall into classes by the tests they
// meet: one that has a maximum is told from all others by its negation; one that only has a minimum
// need not be, since an item that counts may also be passed over.
//
//   {"prefixItems": [A], "items": B, "maxItems": 3}  ->  "[" ("]" | A ("," B){0,2} "]")
//   {"contains": C, "maxContains": 2}  ->  items "C" and "not C", one or two of the first
//
// Tests: tests/cases/json_schema/{array,contains}.case.
#include <algorithm>

#include "frontend/json_schema/counted_items.h"
#include "frontend/json_schema/schema_builder.h"
#include "frontend/json_schema/unique_rule.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxTests = 6;

// Tests of the same items count them once.
void add_test(ContainsTest test, std::vector<ContainsTest>* tests) {
  for (ContainsTest& t : *tests) {
    if (t.schema != test.schema || t.from != test.from || t.also != test.also) continue;
    t.min = std::max(t.min, test.min);
    t.max = std::min(t.max, test.max);
    return;
  }
  tests->push_back(std::move(test));
}

}  // namespace

// Classes without any item are left out.
Result<std::vector<SchemaBuilder::ItemClass>> SchemaBuilder::item_classes(
    const Shape& s, const std::vector<ContainsTest>& tests, size_t index) {
  Result<std::vector<Goal>> goals = model_.item_goals(s, index);
  if (!goals.ok()) return goals.error();
  std::vector<ItemClass> out;
  for (uint32_t matches = 0; matches < 1u << tests.size(); ++matches) {
    ItemClass c{matches, {}};
    std::vector<Literal> more;
    bool counts = true;
    for (size_t t = 0; t < tests.size(); ++t) {
      bool match = matches >> t & 1;
      if (match && index < tests[t].from) counts = false;
      if (match) {
        more.push_back(tests[t].schema);
        more.insert(more.end(), tests[t].also.begin(), tests[t].also.end());
      }
      if (!match && index >= tests[t].from && tests[t].max != kUnbounded) {
        more.push_back(negation(tests[t].schema));
      }
    }
    for (const Goal& goal : goals.value()) {
      Goal both = goal;
      both.insert(both.end(), more.begin(), more.end());
      if (counts && model_.expander().normalise(&both)) c.goals.push_back(std::move(both));
    }
    if (!c.goals.empty()) out.push_back(std::move(c));
  }
  return out;
}

MaybeError SchemaBuilder::plan_array(const Shape& s, ArrayPlan* out) {
  out->max = s.max_items;
  for (ContainsTest test : s.contains) {
    if (test.max >= s.max_items) test.max = kUnbounded;
    if (test.min > 0 || test.max != kUnbounded) add_test(std::move(test), &out->tests);
  }
  if (out->tests.size() > kMaxTests) {
    return refuse(out->tests.back().node,
                  "is supported up to 6 times for one array; combine some, or use fewer");
  }
  size_t prefix = std::min<size_t>(model_.prefix_size(s), s.max_items);
  for (size_t i = 0; i < prefix; ++i) {
    Result<std::vector<ItemClass>> item = item_classes(s, out->tests, i);
    if (!item.ok()) return item.error();
    out->prefix.push_back(std::move(item).value());
  }
  Result<std::vector<ItemClass>> rest = item_classes(s, out->tests, model_.prefix_size(s));
  if (!rest.ok()) return rest.error();
  out->rest = std::move(rest).value();
  return std::nullopt;
}

// Items of an array that stands at `at`.
Expr SchemaBuilder::class_value(const ItemClass& c, Spot at) {
  std::vector<Expr> values;
  for (const Goal& goal : c.goals) values.push_back(value_of({true, goal}, notation_.inside(at)));
  return notation_.item(at.site, pool_.alt(values));
}

Expr SchemaBuilder::item_value(const std::vector<ItemClass>& classes, Spot at) {
  return classes.empty() ? pool_.empty() : class_value(classes[0], at);
}

Result<Expr> SchemaBuilder::array_of(const Shape& s, const ArrayPlan& plan, Spot at) {
  const bool unique = s.unique_items != kNoJson && s.max_items > 1;
  if (unique && !notation_.json_inside(at.site))
    return refuse(s.unique_items, "is not supported where the argument style has no JSON");
  if (unique) {
    Result<bool> enough = enough_items(s, plan);
    if (!enough.ok()) return enough.error();
    if (!enough.value()) return pool_.empty();
  }
  Result<Expr> array = plan.tests.empty() ? plain_array(s, plan, at) : counted_array(s, plan, at);
  if (!unique || !array.ok() || array.value() == pool_.empty()) return array;
  return unique_rule(json_.grammar(), array.value());
}

// Whether an array of unique items can always be made long enough.
Result<bool> SchemaBuilder::enough_items(const Shape& s, const ArrayPlan& plan) {
  for (const ContainsTest& c : plan.tests) {
    if (c.min > 1 || c.max != kUnbounded)
      return refuse(s.unique_items,
                    "is not supported beside minContains or maxContains; keep one of them");
  }
  if (s.min_items <= 1) return true;
  bool possible = true;
  for (size_t i = 0; i <= plan.prefix.size() && i < s.min_items; ++i) {
    const std::vector<ItemClass>& item = i < plan.prefix.size() ? plan.prefix[i] : plan.rest;
    SchemaModel::ValueCount most{0, true};
    for (const ItemClass& c : item) {
      for (const Goal& goal : c.goals) {
        SchemaModel::ValueCount n = model_.count_values(goal, s.min_items);
        most = {std::max(most.count, n.count), most.exact && n.exact && c.goals.size() == 1};
      }
    }
    if (most.count >= s.min_items) continue;
    possible = false;
    if (!item.empty() && (!most.exact || item.size() > 1 || !plan.prefix.empty())) {
      return refuse(s.unique_items,
                    "is not supported here: whether there are \"minItems\" different items cannot "
                    "be told");
    }
  }
  return possible;
}

// Without contains each item has one class at most.
Expr SchemaBuilder::plain_array(const Shape& s, const ArrayPlan& plan, Spot at) {
  uint32_t max = plan.max;
  std::vector<Expr> prefix;
  for (const std::vector<ItemClass>& item : plan.prefix) {
    Expr e = item_value(item, at);
    if (e == pool_.empty()) {
      max = std::min<uint32_t>(max, static_cast<uint32_t>(prefix.size()));
      break;
    }
    prefix.push_back(e);
  }
  Expr rest = item_value(plan.rest, at);
  const uint32_t k = static_cast<uint32_t>(prefix.size());
  if (rest == pool_.empty()) max = std::min(max, k);
  if (s.min_items > max) return pool_.empty();
  if (k == 0) {
    bool any = plan.rest.size() == 1 && plan.rest[0].goals == std::vector<Goal>{{}};
    bool free = s.min_items == 0 && max == kUnbounded && any;
    if (free) return notation_.any_array(at);
    return array_in(pool_, notation_.array_layout(at), rest, s.min_items, max);
  }
  const Layout l = notation_.array_layout(at);
  auto minus_k = [k](uint32_t n) { return n == kUnbounded ? kUnbounded : n > k ? n - k : 0; };
  Expr more =
      pool_.repeat(pool_.seq({l.separator, rest, l.lead}), minus_k(s.min_items), minus_k(max));
  Expr tail = pool_.seq(more, l.close_array);
  for (uint32_t i = k; i-- > 0;) {  // tail: what follows i + 1 elements
    if (i == 0) break;
    Expr close = i >= s.min_items ? l.close_array : pool_.empty();
    tail = pool_.alt(close, pool_.seq({l.separator, prefix[i], l.lead, tail}));
  }
  Expr none = s.min_items == 0 ? l.empty_array : pool_.empty();
  Expr filled = pool_.seq({l.first, prefix[0], l.lead, tail});
  return pool_.seq({l.open_array, l.after_open, pool_.alt(none, filled)});
}

Result<Expr> SchemaBuilder::counted_array(const Shape& s, const ArrayPlan& plan, Spot at) {
  CountedSpec spec;
  spec.layout = notation_.array_layout(at);
  spec.min = s.min_items;
  spec.max = plan.max;
  auto values = [&](const std::vector<ItemClass>& classes) {
    std::vector<CountedSpec::Item> out;
    for (const ItemClass& c : classes) {
      Expr value = class_value(c, at);
      if (value != pool_.empty()) out.push_back({c.matches, value});
    }
    return out;
  };
  for (const std::vector<ItemClass>& item : plan.prefix) spec.prefix.push_back(values(item));
  spec.rest = values(plan.rest);
  for (const ContainsTest& test : plan.tests) {
    if (test.min > std::min(plan.max, test.max)) return pool_.empty();
    spec.counts.push_back({test.min, test.max});
  }
  std::optional<Expr> array = CountedItems(std::move(spec)).write(pool_);
  if (array) return *array;
  return refuse(plan.tests[0].node,
                "has counts so large that the array takes over 20000 states; use smaller ones");
}

}  // namespace xgr::core
