// From goals to expressions: the grammar of a schema.
//
//   SchemaBuilder builder(model, notation, limits);
//   builder.build(root_rule);
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/json_schema/notation.h"
#include "frontend/json_schema/schema_model.h"

namespace xgr::core {

class SchemaBuilder {
 public:
  SchemaBuilder(SchemaModel& model, Notation& notation, const Limits& limits);

  // Defines `root` as the documents that the schema allows; 0 is the whole.
  MaybeError build(RuleId root, JsonId schema = 0);
  // From here on what cannot be enforced is added to `out`, and building goes on without it, so that
  // one attempt finds all. The grammar is of no use then.
  void collect_refusals(std::vector<Error>* out) { refusals_ = out; }

 private:
  struct Place {
    GoalId goal;
    Spot at;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    size_t operator()(const Place& p) const {
      const uint32_t at = p.at.level << 2 | static_cast<uint32_t>(p.at.site);
      return (size_t{at} << 32) ^ (p.goal * 0x9E3779B9u);
    }
  };
  // Items that meet one of `goals`, and with it the contains tests of `matches` (bits).
  struct ItemClass {
    uint32_t matches = 0;
    std::vector<Goal> goals;
  };
  struct ArrayPlan {
    std::vector<std::vector<ItemClass>> prefix;
    std::vector<ItemClass> rest;
    std::vector<ContainsTest> tests;
    uint32_t max = kUnbounded;
  };
  // What a shape needs from other goals.
  struct ShapePlan {
    const Shape* shape;
    std::optional<ObjectPlan> object;
    std::optional<ArrayPlan> array;
  };
  struct Frame {
    Place place;
    Expr scalars;
    RuleId rule;  // kNoRule: the expression is used in place
    std::vector<ShapePlan> plans;
    std::vector<Place> children;
    size_t next_child;
    bool any_value;  // is needed, where the notation cannot write it
  };
  static constexpr RuleId kNoRule = UINT32_MAX;

  MaybeError run(Place place);
  MaybeError build_all(RuleId root, JsonId schema);
  bool collected(const MaybeError& error, Place place);
  bool collect(Error error);
  MaybeError check_patterns() const;
  MaybeError open(Place place);
  MaybeError open_rule(Place place, RuleId rule);
  void call_waiting(Frame* frame);
  MaybeError plan_shapes(const Expansion& e, Frame* frame);
  // array_text.cc
  MaybeError plan_array(const Shape& shape, ArrayPlan* out);
  Result<std::vector<ItemClass>> item_classes(const Shape& shape,
                                              const std::vector<ContainsTest>& tests, size_t index);
  Result<Expr> array_of(const Shape& shape, const ArrayPlan& plan, Spot at);
  Result<bool> enough_items(const Shape& shape, const ArrayPlan& plan);
  Expr plain_array(const Shape& shape, const ArrayPlan& plan, Spot at);
  Result<Expr> counted_array(const Shape& shape, const ArrayPlan& plan, Spot at);
  Expr item_value(const std::vector<ItemClass>& classes, Spot at);
  Expr class_value(const ItemClass& c, Spot at);

  void want(const PropertyGoal& value, Spot at, Frame* frame);
  MaybeError close(Frame frame);
  MaybeError check_refusals(const Shape& shape);
  Expr value_of(const PropertyGoal& value, Spot at);
  std::string rule_name(GoalId goal) const;

  // scalar_text.cc
  Result<Expr> scalars_of(const Shape& shape, Spot at);
  Result<Expr> values_of(const Shape& shape, Spot at);
  Result<std::vector<NumberRange>> number_pieces(const Shape& shape);
  Result<Expr> numbers_of(const Shape& shape);
  Result<Expr> few_multiples(const Shape& shape, const NumberRange& range, const Decimal& step);
  Result<Expr> stepped_numbers(const NumberRange& range, const std::optional<Decimal>& step,
                               const std::vector<const MultipleTest*>& negated);
  Expr listed_numbers(std::span<const Decimal> numbers, bool zero_fractions);
  Result<Expr> strings_of(const Shape& shape, Site site);
  Expr argument_strings(const Shape& shape, Site site, Expr language);
  Result<Expr> string_language(const Shape& shape);
  Expr excluded_strings(const Shape& shape);
  // container_text.cc
  Result<Expr> object_of(const Shape& shape, const ObjectPlan& plan, Spot at);
  Result<Expr> object_in(const Shape& shape, const ObjectPlan& plan, Spot at,
                         const ObjectNotation* form);
  MaybeError add_members(const Shape& shape, const ObjectPlan& plan, Spot at,
                         const ObjectNotation* form, struct ObjectSpec* spec);
  MaybeError add_other_names(const Shape& shape, const ObjectPlan& plan, Spot at,
                             const ObjectNotation* form, struct ObjectSpec* spec);
  Error unwritable_name(const Shape& shape, std::string_view name) const;
  Result<Expr> names_language(Goal goal, std::optional<std::vector<std::string_view>>* listed);
  MaybeError add_wanted(const Shape& shape, const ObjectPlan& plan, Expr allowed, Spot at,
                        const ObjectNotation* form, struct ObjectSpec* spec);
  uint32_t count_names(Expr names, const std::vector<std::string>& taken, uint32_t enough);
  Result<Expr> differing_names(struct ObjectSpec spec, JsonId schema, Site site);
  Expr other_name(const ObjectNotation* form, Expr names, const std::vector<std::string>& taken);

  Error refuse(JsonId node, const std::string& reason) const;
  Error unwritable(JsonId node, const std::string& what) const;
  JsonId schema_at(const Shape& shape) const;

  SchemaModel& model_;
  const JsonDocument& doc_;
  Notation& notation_;
  JsonText& json_;
  ExprPool& pool_;
  const Limits& limits_;
  std::vector<Error>* refusals_ = nullptr;
  bool root_has_object_ = false, root_has_others_ = false;  // values that stand for arguments
  std::vector<Frame> stack_;
  std::optional<GoalId> at_;                              // opened last
  std::unordered_map<Place, size_t, PlaceHash> waiting_;  // places of frames: index in stack_
  std::vector<std::pair<Place, RuleId>> rules_to_do_;
  std::unordered_map<Place, Expr, PlaceHash> done_;
  std::unordered_map<Expr, Expr> string_rules_;  // language over characters -> text after the quote
};

}  // namespace xgr::core
