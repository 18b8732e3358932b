// Conjunctions of schemas to unions of shapes.
//
// Entry point: Expander::expand. Literals (schemas, some negated) wait on a list; each is taken
// apart into keywords that go straight into the shape, further literals ($ref, allOf) and choices
// (anyOf, oneOf, if, not). Choices wait until everything certain is known, then the branch is
// copied for each option; contradictory copies die at once. References at the same instance that
// lead back to themselves are an error: such a schema means nothing.
//
//   {"type": "object", "anyOf": [{"required": ["a"]}, {"type": "null"}]}  ->  one shape, requiring
//   a
//
// oneOf: an option and the negation of every other one, unless the two are provably disjoint.
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc, tests/cases/json_schema/combine.case.
#include "frontend/json_schema/expansion.h"

#include <algorithm>

#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr uint64_t kLiteralSteps = 8, kShapeSteps = 512;
constexpr size_t kFewShapes = 16;
constexpr size_t kFewBranches = 48;      // more are worth pruning
constexpr size_t kManyBranches = 20000;  // to see whether there is a value
constexpr int kMaxOneOfDepth = 8;
constexpr uint32_t kNoOrigin = Origins::kNone;

}  // namespace

bool Expander::trivial(JsonId schema) const {
  if (doc_.is(schema, JsonType::kTrue)) return true;
  if (!doc_.is(schema, JsonType::kObject) || source_.is_relaxed(schema)) return false;
  for (JsonId c : doc_.children(schema)) {
    if (keyword_of(doc_.key(c)) != Keyword::kAnnotation) return false;
  }
  return true;
}

JsonId Expander::follow(JsonId schema) {
  for (int steps = 0; steps < 100; ++steps) {
    if (!doc_.is(schema, JsonType::kObject) || source_.is_relaxed(schema)) return schema;
    JsonId ref = kNoJson;
    for (JsonId c : doc_.children(schema)) {
      Keyword k = keyword_of(doc_.key(c));
      if (k == Keyword::kAnnotation) continue;
      if (k != Keyword::kRef || ref != kNoJson || !doc_.is(c, JsonType::kString)) return schema;
      ref = c;
    }
    if (ref == kNoJson) return schema;
    Result<JsonId> target = source_.resolve(ref);
    if (!target.ok() || target.value() == schema) return schema;
    schema = target.value();
  }
  return schema;
}

bool Expander::normalise(Goal* goal) {
  bool possible = true;
  size_t kept = 0;
  for (Literal l : *goal) {
    if (is_value(l)) {
      (*goal)[kept++] = l;
      continue;
    }
    JsonId schema = follow(schema_of(l));
    bool all = trivial(schema), none = doc_.is(schema, JsonType::kFalse);
    if (is_negated(l) ? all : none) possible = false;
    if (is_negated(l) ? none : all) continue;
    (*goal)[kept++] = schema << 1 | (l & 1);
  }
  goal->resize(kept);
  sort_unique(goal);
  return possible;
}

// Most schemas have few alternatives and are not worth the search for what can be left out.
Result<Expansion> Expander::expand(std::span<const Literal> goal) {
  Run few, all;
  all.prune = true;
  bool finished = false;
  if (MaybeError e = expand(goal, &few, &finished)) return *e;
  if (finished) return std::move(few.out);
  if (MaybeError e = expand(goal, &all, &finished)) return *e;
  return std::move(all.out);
}

Result<bool> Expander::may_have_shape(std::span<const Literal> goal,
                                      const std::function<bool(const Shape&)>& wanted) {
  for (bool prune : {false, true}) {
    Run run;
    run.prune = prune;
    run.wanted = &wanted;
    bool finished = false;
    if (MaybeError e = expand(goal, &run, &finished)) return *e;
    if (finished) return run.found;
  }
  return true;
}

MaybeError Expander::expand(std::span<const Literal> goal, Run* run, bool* finished) {
  auto first = std::make_unique<Branch>();
  for (size_t i = goal.size(); i-- > 0;) {
    if (source_.is_target(schema_of(goal[i]))) run->out.by_reference = true;
    if (MaybeError e = push(run, first.get(), goal[i], kNoOrigin, schema_of(goal[i]))) return e;
  }
  const size_t waiting = waiting_bytes_;
  push_branch(run, std::move(first));
  size_t most = run->wanted == nullptr ? SIZE_MAX : kManyBranches;
  if (!run->prune) most = kFewBranches;
  MaybeError error;
  for (size_t n = 0; !error && n <= most && !run->stack.empty() && !run->found; ++n)
    error = work(run, pop_branch(run));
  *finished = run->stack.empty() || run->found;
  waiting_bytes_ = waiting;
  return error;
}

MaybeError Expander::push(Run* run, Branch* b, Literal literal, uint32_t parent, JsonId site) {
  charge(work_, kLiteralSteps);
  TypeSet scope = 0;
  if (parent != kNoOrigin && !is_negated(literal)) scope = run->origins[parent].scope;
  if (scope != 0) {
    b->applied.push_back({schema_of(run->origins[parent].literal), schema_of(literal)});
  }
  if (b->seen.contains(negation(literal))) b->shape.types = 0;
  SeenLiterals::Seen* seen = b->seen.find(literal);
  if (seen != nullptr) {
    for (uint8_t i = 0; i < seen->origin_count; ++i) {
      if (parent == kNoOrigin || !run->origins.leads_to(seen->origins[i], parent)) continue;
      if (b->bare && b->chosen && !is_negated(literal)) {  // A = B | A is B
        b->shape.types = 0;
        return std::nullopt;
      }
      return source_.error(Status::kInvalidSource,
                           "the schema refers to itself without descending into a property or item",
                           schema_of(literal));
    }
    if ((scope & ~seen->scope) == 0) return std::nullopt;
  }
  const uint32_t id = run->origins.add({literal, site, scope, seen != nullptr}, parent);
  b->pending.push_back(id);
  if (seen == nullptr) {
    b->seen.add(literal, scope, id);
  } else {
    seen->scope |= scope;
    seen->origins[seen->origin_count++] = id;
  }
  return std::nullopt;
}

MaybeError Expander::work(Run* run, std::unique_ptr<Branch> b) {
  Shape& shape = b->shape;
  while (!b->pending.empty() && shape.types != 0) {
    uint32_t origin = b->pending.back();
    b->pending.pop_back();
    if (MaybeError e = apply_literal(run, b.get(), origin)) return e;
  }
  if (shape.types == 0) return std::nullopt;
  if (b->choices.empty() && !shape.broken.empty()) {
    if (MaybeError e = spread_broken_rule(run, b.get())) return e;
  }
  if (!b->choices.empty()) return branch_out(run, std::move(b));
  settle_unevaluated(b.get());
  std::stable_sort(shape.property_rules.begin(), shape.property_rules.end(),
                   [&](const PropertyRule& x, const PropertyRule& y) {
                     return run->origins.before(x.origin, x.node, y.origin, y.node);
                   });
  settle(&shape);
  if (shape.types == 0) return std::nullopt;
  if (run->wanted != nullptr) {
    run->found = (*run->wanted)(shape);
  } else {
    if (run->out.shapes.size() >= kFewShapes) charge(work_, kShapeSteps);
    run->out.shapes.push_back(std::move(shape));
  }
  return std::nullopt;
}

MaybeError Expander::apply_option(Run* run, Branch* b, const Option& o, uint32_t origin) {
  Shape& s = b->shape;
  const bool more = !o.required.empty() || !o.absent.empty() || !o.named.empty();
  b->bare = b->bare && o.plain && o.literals.size() == 1 && !more;
  b->chosen = b->chosen || o.plain;
  s.types &= o.types;
  if (o.refusal != nullptr) s.refusals.push_back({s.types, o.node, o.refusal});
  if (o.keyword != Keyword::kAnnotation) {
    if (MaybeError e = constraints_.apply(o.keyword, o.node, true, &s)) return e;
    bool values = o.keyword == Keyword::kEnum || o.keyword == Keyword::kConst;
    if (values) {
      if (MaybeError e = exclude_values(run, b, o.keyword, o.node, origin)) return e;
    }
  }
  for (std::string_view name : o.required) constraints_.require_name(name, &s);
  s.absent.insert(s.absent.end(), o.absent.begin(), o.absent.end());
  s.named.insert(s.named.end(), o.named.begin(), o.named.end());
  s.every_item.insert(s.every_item.end(), o.every_item.begin(), o.every_item.end());
  s.min_items = std::max(s.min_items, o.min_items);
  s.max_items = std::min(s.max_items, o.max_items);
  s.min_properties = std::max(s.min_properties, o.min_properties);
  s.single_items.insert(s.single_items.end(), o.single_items.begin(), o.single_items.end());
  s.contains.insert(s.contains.end(), o.contains.begin(), o.contains.end());
  s.broken.insert(s.broken.end(), o.broken.begin(), o.broken.end());
  s.broken_by_other.insert(s.broken_by_other.end(), o.broken_by_other.begin(),
                           o.broken_by_other.end());
  if (s.types == 0) return std::nullopt;
  for (size_t i = o.literals.size(); i-- > 0;) {
    if (MaybeError e = push(run, b, o.literals[i], origin, schema_of(o.literals[i]))) return e;
  }
  return std::nullopt;
}

void Expander::add_choice(Run* run, Branch* b, Choice choice, uint32_t origin) {
  b->choices.push_back(static_cast<uint32_t>(run->choices.size()));
  run->choices.push_back(std::move(choice));
  run->choice_origin.push_back(origin);
}

MaybeError Expander::apply_literal(Run* run, Branch* b, uint32_t origin) {
  Literal literal = run->origins[origin].literal;
  JsonId schema = schema_of(literal);
  if (is_value(literal)) {
    b->bare = false;
    apply_value(run, b, origin);
    return std::nullopt;
  }
  if (doc_.is_bool(schema)) {
    if (doc_.is(schema, JsonType::kTrue) == is_negated(literal)) b->shape.types = 0;
    return std::nullopt;
  }
  if (!doc_.is(schema, JsonType::kObject)) {
    return source_.error(Status::kInvalidSource,
                         "malformed schema: an object, true or false is expected here", schema);
  }
  if (!is_negated(literal)) return apply_schema(run, b, schema, origin);
  b->bare = false;
  Choice choice;
  if (MaybeError e = negate_schema(schema, &choice)) return e;
  if (choice.empty()) b->shape.types = 0;
  if (choice.size() == 1) return apply_option(run, b, choice[0], origin);
  add_choice(run, b, std::move(choice), origin);
  return std::nullopt;
}

MaybeError Expander::apply_schema(Run* run, Branch* b, JsonId schema, uint32_t origin) {
  run->origins[origin].scope |= unevaluated_scope(schema);
  const bool again = run->origins[origin].again;
  if (!again && source_.is_opened(schema)) {
    b->bare = false;
    add_property_rule(b, schema + 1, origin);
  }
  for (JsonId member : doc_.children(schema)) {
    Keyword k = keyword_of(doc_.key(member));
    charge(work_, kLiteralSteps);
    if (k == Keyword::kAnnotation || (again && !in_place_applicator(k))) continue;
    if (MaybeError e = apply_member(run, b, k, member, origin)) return e;
    if (b->shape.types == 0) return std::nullopt;
  }
  return std::nullopt;
}

MaybeError Expander::apply_member(Run* run, Branch* b, Keyword k, JsonId node, uint32_t origin) {
  Shape& s = b->shape;
  JsonId schema = doc_.parent(node);
  const bool follows = k == Keyword::kRef || k == Keyword::kAllOf || k == Keyword::kAnyOf;
  b->bare = b->bare && (follows || k == Keyword::kOneOf);
  switch (k) {
    case Keyword::kRef: {
      Result<JsonId> target = reference(node);
      if (!target.ok()) return target.error();
      run->out.by_reference = true;
      return push(run, b, positive(target.value()), origin, node);
    }
    case Keyword::kAllOf: {
      std::vector<JsonId> all;
      if (MaybeError e = read_schemas(node, &all)) return e;
      for (size_t i = all.size(); i-- > 0;) {
        if (MaybeError e = push(run, b, positive(all[i]), origin, all[i])) return e;
      }
      return std::nullopt;
    }
    case Keyword::kAnyOf:
    case Keyword::kOneOf:
      return add_alternatives(run, b, k, node, origin);
    case Keyword::kNot:
      return push(run, b, negation(positive(node)), origin, node);
    case Keyword::kIf:
      return add_conditional(run, b, node, origin);
    case Keyword::kDependentRequired:
    case Keyword::kDependentSchemas:
    case Keyword::kDependencies:
      return add_dependencies(run, b, node, origin);
    case Keyword::kRequired: {
      std::vector<std::string_view> names;
      if (MaybeError e = constraints_.read_names(node, &names)) return e;
      for (std::string_view name : names) constraints_.require_name(name, &s);
      return std::nullopt;
    }
    case Keyword::kPropertyRule:
      add_property_rule(b, node, origin);
      return std::nullopt;
    case Keyword::kItemRule:
      if (s.item_rules.empty() || s.item_rules.back() != schema) s.item_rules.push_back(schema);
      return std::nullopt;
    case Keyword::kPropertyNames:  // leaves the object open in strict mode
      s.name_rules.push_back(positive(node));
      return std::nullopt;
    case Keyword::kContains:
      return add_contains(b, node);
    case Keyword::kUnevaluatedProperties:
    case Keyword::kUnevaluatedItems:
      s.describes_object = s.describes_object || k == Keyword::kUnevaluatedProperties;
      b->unevaluated.push_back(node);
      return std::nullopt;
    default:
      return constraints_.apply(k, node, false, &s);
  }
}

void Expander::add_property_rule(Branch* b, JsonId node, uint32_t origin) {
  JsonId schema = doc_.parent(node);
  std::vector<PropertyRule>& rules = b->shape.property_rules;
  b->shape.describes_object = true;
  if (rules.empty() || rules.back().schema != schema) {
    rules.push_back({schema, origin, node});
  } else if (doc_.key(node) == "properties") {
    rules.back().node = node;
  }
}

Result<JsonId> Expander::reference(JsonId node) {
  if (!doc_.is(node, JsonType::kString)) return constraints_.malformed(node, "a string");
  return source_.resolve(node);
}

MaybeError Expander::read_schemas(JsonId node, std::vector<JsonId>* out) const {
  if (!doc_.is(node, JsonType::kArray) || doc_.count(node) == 0) {
    return constraints_.malformed(node, "a non-empty array of schemas");
  }
  for (JsonId c : doc_.children(node)) out->push_back(c);
  return std::nullopt;
}

MaybeError Expander::add_alternatives(Run* run, Branch* b, Keyword k, JsonId node,
                                      uint32_t origin) {
  std::vector<JsonId> schemas;
  if (MaybeError e = read_schemas(node, &schemas)) return e;
  charge(work_, uint64_t{schemas.size()} * (k == Keyword::kOneOf ? schemas.size() : 1));
  if (schemas.size() == 1) return push(run, b, positive(schemas[0]), origin, schemas[0]);
  if (k == Keyword::kAnyOf && run->origins[origin].scope != 0) {
    return add_subsets(run, b, node, schemas, origin);
  }
  Choice choice(schemas.size());
  for (size_t i = 0; i < schemas.size(); ++i) {
    choice[i].literals.push_back(positive(schemas[i]));
    choice[i].plain = true;
  }
  if (k == Keyword::kOneOf) {
    for (size_t i = 0; i < schemas.size(); ++i) {
      for (size_t j = i + 1; j < schemas.size(); ++j) {
        if (disjoint(schemas[i], schemas[j])) continue;
        choice[i].literals.push_back(negation(positive(schemas[j])));
        choice[j].literals.push_back(negation(positive(schemas[i])));
      }
    }
  }
  add_choice(run, b, std::move(choice), origin);
  return std::nullopt;
}

bool Expander::disjoint(JsonId a, JsonId b) {
  if (depth_ >= kMaxOneOfDepth) return false;
  ++depth_;
  Goal both{positive(a), positive(b)};
  bool empty = !normalise(&both) || oracle_.provably_empty(both);
  --depth_;
  return empty;
}

MaybeError Expander::add_conditional(Run* run, Branch* b, JsonId node, uint32_t origin) {
  JsonId schema = doc_.parent(node);
  JsonId then_node = doc_.find(schema, "then"), else_node = doc_.find(schema, "else");
  bool neither = then_node == kNoJson && else_node == kNoJson;
  if (neither && !evaluates(node, run->origins[origin].scope)) return std::nullopt;
  Choice choice(2);  // with neither, what `if` evaluates counts when it holds
  choice[0].literals.push_back(positive(node));
  if (!neither) choice[1].literals.push_back(negation(positive(node)));
  if (then_node != kNoJson) choice[0].literals.push_back(positive(then_node));
  if (else_node != kNoJson) choice[1].literals.push_back(positive(else_node));
  add_choice(run, b, std::move(choice), origin);
  return std::nullopt;
}

MaybeError Expander::add_dependencies(Run* run, Branch* b, JsonId node, uint32_t origin) {
  if (!doc_.is(node, JsonType::kObject)) return constraints_.malformed(node, "an object");
  for (JsonId entry : doc_.children(node)) {
    Option other, without, with;
    other.types = static_cast<TypeSet>(~kObjectBit);
    without.types = with.types = kObjectBit;
    without.absent.push_back(doc_.key(entry));
    with.required.push_back(doc_.key(entry));
    if (doc_.is(entry, JsonType::kArray)) {
      if (MaybeError e = constraints_.read_names(entry, &with.required)) return e;
    } else {
      with.literals.push_back(positive(entry));
    }
    add_choice(run, b, {std::move(other), std::move(with), std::move(without)}, origin);
  }
  b->shape.describes_object = true;
  return std::nullopt;
}

MaybeError Expander::add_contains(Branch* b, JsonId node) {
  JsonId schema = doc_.parent(node);
  ContainsTest test{positive(node), 1, UINT32_MAX, node};
  JsonId min = doc_.find(schema, "minContains"), max = doc_.find(schema, "maxContains");
  if (min != kNoJson) {
    if (MaybeError e = constraints_.read_count(min, &test.min)) return e;
  }
  if (max != kNoJson) {
    if (MaybeError e = constraints_.read_count(max, &test.max)) return e;
  }
  if (test.min > test.max) {
    b->shape.types &= static_cast<TypeSet>(~kArrayBit);
  } else if (test.min > 0 || test.max != UINT32_MAX) {
    b->shape.contains.push_back(test);
  }
  return std::nullopt;
}

}  // namespace xgr::core
