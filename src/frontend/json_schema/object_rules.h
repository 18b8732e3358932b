// Which schemas the properties of an object must meet.
//
//   ObjectRules rules(source, patterns, strict);
//   rules.property_goal(shape, "a")      // what the value of "a" must be
//   rules.plan(shape)                    // all declared names, and the classes of all others
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "frontend/json_schema/expansion.h"
#include "frontend/json_schema/patterns.h"

namespace xgr::core {

struct PropertyGoal {
  bool possible = true;  // false: the property must not be there
  Goal goal;
};

struct ObjectPlan {
  struct Member {
    std::string_view name;
    bool required = false;
    PropertyGoal value;
  };
  struct KeyClass {
    Expr names = kNoExpr;  // language of the names; kNoExpr: every undeclared name
    Goal goal;
  };
  std::vector<Member> members;  // in declared order, then required names nobody declared
  // What an undeclared property must be like to break some of the shape's broken_by_other.
  struct Breaker {
    uint32_t rules = 0;  // bits
    Expr names = kNoExpr;
    std::vector<std::string_view> excluded;  // names it does not have
    PropertyGoal value;
  };
  std::vector<Breaker> breakers;
  std::vector<KeyClass> undeclared;  // disjoint; names in none are forbidden
};

// The names that two languages have in common; kNoExpr stands for all names.
Expr common_names(ExprPool& pool, Expr a, Expr b);

class ObjectRules {
 public:
  ObjectRules(SchemaSource& source, Grammar& grammar, PatternTable& patterns, Expander& expander,
              bool strict, Work* work)
      : source_(source),
        doc_(source.doc()),
        grammar_(grammar),
        patterns_(patterns),
        expander_(expander),
        strict_(strict),
        work_(work) {}

  Result<PropertyGoal> property_goal(const Shape& shape, std::string_view name);
  Result<ObjectPlan> plan(const Shape& shape);
  // Whether additionalProperties or a pattern, as a rule, is about this name.
  Result<bool> concerns(const BrokenRule& rule, std::string_view name);

 private:
  struct Rule {
    JsonId properties = kNoJson, patterns = kNoJson, rest = kNoJson;
    bool opened = false;  // a keyword was left out
  };
  struct Unevaluated {
    JsonId rest;
    std::vector<size_t> evaluators;  // among the rules
  };
  struct Rules {
    std::vector<Rule> table;
    std::vector<Unevaluated> unevaluated;
  };
  struct Pattern {
    std::string_view text;
    JsonId node;
    Expr language;
  };
  MaybeError read_rules(const Shape& shape, Rules* out) const;
  MaybeError read_rule(const PropertyRule& rule, Rule* out) const;
  Result<PropertyGoal> goal_of(const Shape& shape, const Rules& rules, std::string_view name);
  Result<bool> add_own(const Rule& rule, std::string_view name, Goal* goal);
  bool add_rest(const Rules& rules, const std::vector<bool>& matched, Goal* goal) const;
  MaybeError add_breakers(const Shape& shape, ObjectPlan* out);
  Result<ObjectPlan::Breaker> breaker_of(const BrokenRule& rule);
  void add_breakers_of(std::span<const ObjectPlan::Breaker> single, ObjectPlan* out);
  void finish(Goal goal, bool closed, PropertyGoal* out);
  MaybeError add_members(const Shape& shape, const Rules& rules, ObjectPlan* out);
  MaybeError add_undeclared(const Shape& shape, const Rules& rules, ObjectPlan* out);
  MaybeError collect_patterns(std::span<const Rule> rules, std::vector<Pattern>* out);
  MaybeError split(std::span<const Pattern> patterns, JsonId at,
                   std::vector<std::pair<Expr, std::vector<bool>>>* out);
  PropertyGoal undeclared_goal(const Shape& shape, const Rules& rules,
                               std::span<const Pattern> patterns, const std::vector<bool>& matched);

  SchemaSource& source_;
  const JsonDocument& doc_;
  Grammar& grammar_;
  PatternTable& patterns_;
  Expander& expander_;
  bool strict_;
  Work* work_;
};

}  // namespace xgr::core
