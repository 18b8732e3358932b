// A schema document ready to be asked: expansions of goals, emptiness, values against schemas.
//
//   SchemaModel model(source, grammar, options, limits);
//   GoalId g = model.intern({positive(0)});
//   for (const Shape& s : model.expansion(g).value()->shapes) ...
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/json_schema/object_rules.h"

namespace xgr::core {

using GoalId = uint32_t;

class SchemaModel : public SchemaOracle {
 public:
  SchemaModel(SchemaSource& source, Grammar& grammar, const JsonSchemaOptions& options,
              const Limits& limits);

  SchemaSource& source() { return source_; }
  const JsonDocument& doc() const { return source_.doc(); }
  Expander& expander() { return expander_; }
  PatternTable& patterns() { return patterns_; }
  ObjectRules& objects() { return objects_; }
  bool strict() const { return strict_; }
  bool unique_names() const { return unique_names_; }

  GoalId intern(Goal goal);  // normalised goals only
  const Goal& goal(GoalId id) const { return entries_[id].goal; }
  Result<const Expansion*> expansion(GoalId id);
  bool provably_empty(const Goal& goal) override;
  Result<bool> rule_concerns(const BrokenRule& rule, std::string_view name) override;
  bool property_impossible(const Shape& shape, std::string_view name,
                           std::span<const Literal> more) override;

  // Whether a value of the document meets a goal (normalised or not), or one shape.
  Result<bool> accepts(Goal goal, JsonId value, int depth = 0);
  Result<bool> accepts(const Shape& shape, JsonId value, int depth = 0);
  // The same for a string, which need not be in the document.
  Result<bool> accepts_text(const Shape& shape, std::string_view text);
  // A lower bound of how many different values a goal has, `enough` at most.
  struct ValueCount {
    uint32_t count;
    bool exact;  // there are no more, unless it is `enough`
  };
  ValueCount count_values(Goal goal, uint32_t enough, int depth = 0);
  uint32_t count_strings(Expr language, uint32_t enough);  // likewise
  // Element `index` must meet one of these; none: no such element may exist.
  Result<std::vector<Goal>> item_goals(const Shape& shape, size_t index);
  // From this index on all elements have the same goals.
  size_t prefix_size(const Shape& shape) const;

 private:
  struct Entry {
    Goal goal;
    std::unique_ptr<Result<Expansion>> expansion;
  };
  bool shape_empty(const Shape& shape);
  bool array_empty(const Shape& shape);
  bool item_empty(const Shape& shape, size_t index, std::span<const Literal> more);
  Result<PropertyGoal> item_goal(const Shape& shape, size_t index);
  bool values_empty(const Shape& shape);
  bool object_empty(const Shape& shape);
  uint32_t count_integers(const Shape& shape, uint32_t enough);
  uint32_t count_strings(const Shape& shape, uint32_t enough);
  uint32_t count_items(const Shape& shape, size_t index, uint32_t enough, int depth);
  uint32_t count_arrays(const Shape& shape, uint32_t enough, int depth);
  uint32_t count_objects(const Shape& shape, uint32_t enough, int depth);
  Result<bool> accepts_number(const Shape& shape, JsonId value);
  Result<bool> accepts_unlisted(const Shape& shape, std::string_view text);
  Result<bool> accepts_item(const Shape& shape, size_t index, JsonId item, int depth);
  Result<bool> accepts_array(const Shape& shape, JsonId value, int depth);
  Result<bool> accepts_object(const Shape& shape, JsonId value, int depth);
  Result<bool> accepts_name(Goal goal, std::string_view name);
  Result<bool> breaks(const BrokenRule& rule, JsonId object, int depth);
  Result<bool> accepts_contains(const Shape& shape, JsonId array, int depth);

  SchemaSource& source_;
  Grammar& grammar_;
  Work* work_;
  bool strict_, unique_names_;
  PatternTable patterns_;
  Expander expander_;
  ObjectRules objects_;
  std::deque<Entry> entries_;
  std::map<Goal, GoalId> ids_;
  std::map<Goal, int> emptiness_;  // depth at which no contradiction was found; or kEmpty
  int emptiness_depth_ = 0;
};

}  // namespace xgr::core
