// A conjunction of schemas as a union of shapes.
//
//   Expander expander(source, limits, emptiness);
//   auto e = expander.expand({positive(schema)});   // e.shapes: one per consistent choice of
//   anyOf...
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "frontend/json_schema/constraints.h"
#include "frontend/json_schema/origins.h"
#include "frontend/json_schema/shape.h"

namespace xgr::core {

// Schemas that must all hold; sorted and unique.
using Goal = std::vector<Literal>;

struct Expansion {
  std::vector<Shape> shapes;  // values of any of them; may overlap
  bool by_reference = false;  // some $ref was followed
};

// What the expansion has to know about schemas as a whole.
class SchemaOracle {
 public:
  virtual ~SchemaOracle() = default;
  // Whether no value can meet a goal; "no" when it cannot tell.
  virtual bool provably_empty(const Goal& goal) = 0;
  // Whether a rule about properties concerns this name, so that a property of the name could break
  // it.
  virtual Result<bool> rule_concerns(const BrokenRule& rule, std::string_view name) = 0;
  // Whether an object of the shape cannot have the property, or not with a value that meets `more`
  // as well; "no" when it cannot tell.
  virtual bool property_impossible(const Shape& shape, std::string_view name,
                                   std::span<const Literal> more) = 0;
};

class Expander {
 public:
  Expander(SchemaSource& source, SchemaOracle& oracle, FormatPolicy formats, Work* work)
      : source_(source),
        doc_(source.doc()),
        constraints_(source, formats),
        oracle_(oracle),
        work_(work) {}

  Result<Expansion> expand(std::span<const Literal> goal);
  // Whether some shape of the goal is one that `wanted` says yes to; the others are not looked for then.
  // Also yes where there are too many to look at.
  Result<bool> may_have_shape(std::span<const Literal> goal,
                              const std::function<bool(const Shape&)>& wanted);
  // The node that a schema consisting of a reference alone leads to; else the schema itself.
  JsonId follow(JsonId schema);
  // Puts a list of literals into the form of a Goal: references followed, trivial schemas dropped.
  // False: the goal holds a schema that is `false`.
  bool normalise(Goal* goal);

 private:
  struct Option {
    std::vector<Literal> literals;
    TypeSet types = kAllTypes;
    Keyword keyword = Keyword::kAnnotation;  // applied negated to `node` when not kAnnotation
    JsonId node = kNoJson;
    std::vector<std::string_view> absent, required;
    std::vector<NamedLiteral> named;
    uint32_t min_items = 0, max_items = UINT32_MAX, min_properties = 0;
    std::vector<Literal> every_item;
    std::vector<ItemLiteral> single_items;
    std::vector<ContainsTest> contains;
    std::vector<BrokenRule> broken, broken_by_other;
    const char* refusal = nullptr;  // at `node`, for `types`
    bool differs = false;           // from a listed value; a list of values is checked otherwise
    bool plain = false;             // one of the schemas of an anyOf or oneOf
  };
  using Choice = std::vector<Option>;
  struct Branch {
    Shape shape;
    std::vector<uint32_t> pending;  // origins
    std::vector<uint32_t> choices;
    SeenLiterals seen;
    // Below schemas with unevaluated*: which schemas each schema applies at the same place.
    std::vector<std::pair<JsonId, JsonId>> applied;
    std::vector<JsonId> unevaluated;  // keyword nodes
    bool bare = true;                 // only references and alternatives have been followed
    bool chosen = false;              // one of several alternatives
    size_t bytes = 0;                 // as counted while it waits
    size_t parts() const;             // how much there is to copy
  };
  struct Run {
    Origins origins;
    std::deque<Choice> choices;
    std::vector<uint32_t> choice_origin;
    std::vector<std::unique_ptr<Branch>> stack;
    bool prune = false;
    const std::function<bool(const Shape&)>* wanted = nullptr;
    bool found = false;                // a shape that is wanted
    std::unordered_set<JsonId> alone;  // schemas that were all that a branch stood for
    Expansion out;
  };

  MaybeError expand(std::span<const Literal> goal, Run* run, bool* finished);
  MaybeError work(Run* run, std::unique_ptr<Branch> branch);
  MaybeError push(Run* run, Branch* b, Literal literal, uint32_t parent, JsonId site);
  MaybeError apply_literal(Run* run, Branch* b, uint32_t origin);
  MaybeError apply_schema(Run* run, Branch* b, JsonId schema, uint32_t origin);
  MaybeError apply_member(Run* run, Branch* b, Keyword k, JsonId member, uint32_t origin);
  MaybeError apply_option(Run* run, Branch* b, const Option& option, uint32_t origin);
  // branching.cc
  void push_branch(Run* run, std::unique_ptr<Branch> branch);
  std::unique_ptr<Branch> pop_branch(Run* run);
  MaybeError branch_out(Run* run, std::unique_ptr<Branch> branch);
  MaybeError branch_on(Run* run, std::unique_ptr<Branch> branch, uint32_t choice,
                       std::span<const Option> options);
  MaybeError prune_and_branch(Run* run, std::unique_ptr<Branch> branch);
  bool repeated(Run* run, const Branch& b);
  bool required_missing(const Shape& shape);
  bool implied(const Branch& b, const Option& option);
  bool contradicted(const Branch& b, const Option& option);
  bool just_required(const Shape& shape, const Option& option);
  std::optional<NamedLiteral> listed_rival(const Option& option) const;
  bool narrow(const Run& run, const Branch& b, uint32_t choice, std::vector<Option>* out);
  void apply_value(Run* run, Branch* b, uint32_t origin);
  void add_choice(Run* run, Branch* b, Choice choice, uint32_t origin);

  MaybeError add_alternatives(Run* run, Branch* b, Keyword k, JsonId node, uint32_t origin);
  MaybeError add_conditional(Run* run, Branch* b, JsonId node, uint32_t origin);
  MaybeError add_dependencies(Run* run, Branch* b, JsonId node, uint32_t origin);
  MaybeError add_contains(Branch* b, JsonId node);
  // unevaluated.cc
  TypeSet unevaluated_scope(JsonId schema) const;
  bool evaluates(JsonId schema, TypeSet scope) const;
  MaybeError add_subsets(Run* run, Branch* b, JsonId node, std::span<const JsonId> schemas,
                         uint32_t origin);
  MaybeError subsets(JsonId node, std::span<const JsonId> schemas, Choice* out);
  void settle_unevaluated(Branch* b) const;
  // negated_unevaluated.cc
  struct Condition {  // under which more is evaluated
    Option holds, fails;
    std::vector<JsonId> when_holds, when_fails;
  };
  struct Evaluation {
    std::vector<JsonId> certain;  // schemas that hold whenever the whole does
    std::vector<Condition> conditions;
  };
  MaybeError negate_unevaluated(JsonId node, Choice* out);
  MaybeError gather(JsonId schema, TypeSet scope, Evaluation* out);
  MaybeError gather_member(Keyword k, JsonId node, TypeSet scope, Evaluation* out);
  MaybeError gather_branches(JsonId node, TypeSet scope, Evaluation* out);
  void gather_conditional(JsonId node, TypeSet scope, Evaluation* out);
  MaybeError close_conditions(TypeSet scope, Evaluation* out, bool* exact);
  void break_unevaluated(JsonId node, std::vector<JsonId> below, Option option, Choice* out) const;
  bool all_evaluated(JsonId node, std::span<const JsonId> below) const;

  std::vector<JsonId> applied_below(const Branch& b, JsonId schema) const;
  void settle_unevaluated_properties(JsonId node, std::span<const JsonId> below, Shape* s) const;
  void settle_unevaluated_items(JsonId node, std::span<const JsonId> below, Shape* s) const;

  void add_property_rule(Branch* b, JsonId node, uint32_t origin);
  Result<JsonId> reference(JsonId node);
  bool disjoint(JsonId a, JsonId b);
  MaybeError read_schemas(JsonId node, std::vector<JsonId>* out) const;

  MaybeError negate_schema(JsonId schema, Choice* out);
  MaybeError negate_member(Keyword k, JsonId node, Choice* out);
  MaybeError negate_alternatives(Keyword k, JsonId node, Choice* out);
  MaybeError negate_properties(JsonId node, Choice* out);
  MaybeError negate_conditional(JsonId node, Choice* out);
  MaybeError negate_dependencies(JsonId node, Choice* out);
  MaybeError negate_contains(JsonId node, Choice* out);
  MaybeError negate_items(JsonId node, Choice* out);
  void negate_prefix(JsonId list, Choice* out) const;
  MaybeError exclude_values(Run* run, Branch* b, Keyword k, JsonId node, uint32_t origin);
  void exclude_value(Run* run, Branch* b, JsonId value, uint32_t origin);
  bool only_declared(const Shape& shape) const;
  MaybeError spread_broken_rule(Run* run, Branch* b);
  void refuse(TypeSet types, JsonId node, Choice* out) const;
  bool trivial(JsonId schema) const;

  SchemaSource& source_;
  const JsonDocument& doc_;
  Constraints constraints_;
  SchemaOracle& oracle_;
  Work* work_;
  int depth_ = 0;                                      // of oneOf checks inside oneOf checks
  size_t waiting_bytes_ = 0, most_waiting_bytes_ = 0;  // of branches
};

}  // namespace xgr::core
