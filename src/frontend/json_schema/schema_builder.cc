// Walking the goals of a schema.
//
// Entry point: SchemaBuilder::build. A goal's scalars are written at once; its objects and arrays
// need the expressions of other goals first, so they wait in a frame on an explicit stack. A goal
// reached through a reference becomes a rule: its frame is begun later and whoever needs it calls
// the rule, which is what ends most recursion. So does a goal that is needed while its own frame
// waits: negated references meet their siblings in goals that no reference leads to.
//
//   {"$defs": {"n": {"properties": {"next": {"$ref": "#/$defs/n"}}}}, "$ref": "#/$defs/n"}
//   root ::= n    n ::= "{" ... "\"next\":" n ...
//
// Tests: tests/cases/json_schema/*.case.
#include "frontend/json_schema/schema_builder.h"

#include <algorithm>

#include "frontend/json_schema/contradiction.h"

#include "support/error_text.h"

namespace xgr::core {
namespace {

constexpr uint32_t kMaxIndentedLevel = 1000;
constexpr size_t kMaxCollected = 1 << 14;
constexpr uint64_t kPlaceSteps = 64, kRefusalSteps = 256;

}  // namespace

SchemaBuilder::SchemaBuilder(SchemaModel& model, Notation& notation, const Limits& limits)
    : model_(model),
      doc_(model.doc()),
      notation_(notation),
      json_(notation.json()),
      pool_(json_.pool()),
      limits_(limits) {}

Error SchemaBuilder::refuse(JsonId node, const std::string& reason) const {
  return model_.source().error(Status::kUnsupported,
                               "\"" + std::string(doc_.key(node)) + "\" " + reason, node);
}

// A schema that the shape comes from.
JsonId SchemaBuilder::schema_at(const Shape& s) const {
  return s.property_rules.empty() ? 0 : s.property_rules[0].schema;
}

Error SchemaBuilder::unwritable(JsonId node, const std::string& what) const {
  return model_.source().error(Status::kUnsupported,
                               "the argument style cannot write " + what +
                                   "; close objects by \"additionalProperties\": false "
                                   "or the option strict, and say what values are",
                               node);
}

// A limit that is hit meanwhile is told with the schema that was worked on.
MaybeError SchemaBuilder::build(RuleId root, JsonId schema) {
  try {
    return build_all(root, schema);
  } catch (WorkStopped& stopped) {
    Error& e = stopped.error;
    if (e.code != Status::kLimitExceeded) throw;
    const Goal none;
    const Goal& goal = at_ ? model_.goal(*at_) : none;
    e = model_.source().error(e.code, std::move(e.message),
                              goal.empty() ? schema : schema_of(goal[0]));
    throw;
  }
}

MaybeError SchemaBuilder::build_all(RuleId root, JsonId schema) {
  Goal goal{positive(schema)};
  if (!model_.expander().normalise(&goal)) {
    return model_.source().error(
        Status::kInvalidSource,
        "the schema is false: no value is valid; expected an object or true", 0);
  }
  Place place{model_.intern(goal), notation_.root()};
  if (goal.empty()) {
    if (!notation_.can_write_any(place.at.site))
      return unwritable(schema, "an object of any names");
    json_.grammar().define(root, notation_.any_value(place.at));
    return std::nullopt;
  }
  if (MaybeError e = run(place); e && !collected(e, place)) return e;
  for (size_t i = 0; i < rules_to_do_.size(); ++i) {
    auto [next, rule] = rules_to_do_[i];
    if (MaybeError e = open_rule(next, rule)) {
      if (!collected(e, next)) return e;
      json_.grammar().define(rule, json_.any_value());
    }
    if (pool_.size() > limits_.max_expressions) {
      return model_.source().error(
          Status::kLimitExceeded,
          "the schema needs more expressions than " +
              limit_text("max_expressions", limits_.max_expressions, "split the schema"),
          0);
    }
  }
  if (MaybeError e = check_patterns()) return e;
  Expr body = done_.at(place);
  json_.grammar().define(root, body);
  if (body != pool_.empty()) return std::nullopt;
  if (root_has_others_ && !root_has_object_) {
    return model_.source().error(Status::kInvalidSource,
                                 "arguments are the members of an object, and the schema allows "
                                 "none; expected an object schema, or the style \"json\"",
                                 schema);
  }
  return no_valid_value(model_.source(), schema);
}

// Whether an error is one of those that are collected; anything may then stand at the place.
bool SchemaBuilder::collected(const MaybeError& e, Place place) {
  const bool one = e->code == Status::kUnsupported && e->has_json_pointer;
  if (!one || model_.patterns().too_large() != kNoJson || !collect(*e)) return false;
  done_.try_emplace(place, json_.any_value());
  return true;
}

bool SchemaBuilder::collect(Error error) {
  if (refusals_ == nullptr || refusals_->size() >= kMaxCollected) return false;
  pool_.charge(kRefusalSteps + error.json_pointer.size());
  refusals_->push_back(std::move(error));
  return true;
}

MaybeError SchemaBuilder::check_patterns() const {
  const JsonId too_large = model_.patterns().too_large();
  if (too_large == kNoJson) return std::nullopt;
  return model_.source().error(
      Status::kUnsupported,
      "the patterns and formats for one value are too large to tell whether a string meets all of "
      "them; use fewer or smaller ones",
      too_large);
}

// Works the stack off; `place` has its expression afterwards.
MaybeError SchemaBuilder::run(Place place) {
  size_t base = stack_.size();
  if (MaybeError e = open(place)) return e;
  while (stack_.size() > base) {
    Frame& top = stack_.back();
    if (top.next_child < top.children.size()) {
      Place child = top.children[top.next_child++];
      if (done_.contains(child)) continue;
      if (auto waiting = waiting_.find(child); waiting != waiting_.end()) {
        call_waiting(&stack_[waiting->second]);
        continue;
      }
      if (MaybeError e = open(child); e && !collected(e, child)) return e;
      continue;
    }
    Frame ready = std::move(stack_.back());
    stack_.pop_back();
    waiting_.erase(ready.place);
    const Place at = ready.place;
    const RuleId rule = ready.rule;
    if (MaybeError e = close(std::move(ready))) {
      if (!collected(e, at)) return e;
      if (rule != kNoRule) json_.grammar().define(rule, json_.any_value());
    }
  }
  return std::nullopt;
}

std::string SchemaBuilder::rule_name(GoalId goal) const {
  const Goal& literals = model_.goal(goal);
  if (literals.empty()) return "value";
  std::string_view key = doc_.key(schema_of(literals[0]));
  return key.empty() ? "value" : std::string(key);
}

// Either settles the place or pushes a frame that will.
MaybeError SchemaBuilder::open(Place place) {
  at_ = place.goal;
  pool_.charge(kPlaceSteps);
  if (MaybeError e = check_patterns()) return e;
  if (place.at.level > kMaxIndentedLevel) {
    return model_.source().error(
        Status::kUnsupported,
        "a recursive schema cannot have a fixed indent: its depth has no bound", 0);
  }
  Result<const Expansion*> expansion = model_.expansion(place.goal);
  if (!expansion.ok()) return expansion.error();
  std::vector<Expr> scalars;
  bool containers = false;
  for (const Shape& s : expansion.value()->shapes) {
    if (MaybeError e = check_refusals(s)) return e;
    if (place.at.site == Site::kRoot)
      (s.has_values || (s.types & kObjectBit) ? root_has_object_ : root_has_others_) = true;
    Result<Expr> text = s.has_values ? values_of(s, place.at) : scalars_of(s, place.at);
    if (!text.ok()) return text.error();
    scalars.push_back(text.value());
    containers = containers || (!s.has_values && (s.types & (kObjectBit | kArrayBit)));
  }
  Expr plain = pool_.alt(scalars);
  if (!containers) {
    done_[place] = plain;
    return std::nullopt;
  }
  if (expansion.value()->by_reference) {
    RuleId rule = json_.grammar().add_rule(rule_name(place.goal), RuleUse::kCall);
    done_[place] = pool_.alt(plain, pool_.call(rule));
    rules_to_do_.push_back({place, rule});
    return std::nullopt;
  }
  Frame frame{place, plain, kNoRule, {}, {}, 0, false};
  if (MaybeError e = plan_shapes(*expansion.value(), &frame)) return e;
  waiting_.emplace(place, stack_.size());
  stack_.push_back(std::move(frame));
  return std::nullopt;
}

// A place that needs itself becomes a rule.
void SchemaBuilder::call_waiting(Frame* frame) {
  frame->rule = json_.grammar().add_rule(rule_name(frame->place.goal), RuleUse::kCall);
  done_[frame->place] = pool_.call(frame->rule);
}

MaybeError SchemaBuilder::open_rule(Place place, RuleId rule) {
  Result<const Expansion*> expansion = model_.expansion(place.goal);
  if (!expansion.ok()) return expansion.error();
  Frame frame{place, pool_.empty(), rule, {}, {}, 0, false};
  if (MaybeError e = plan_shapes(*expansion.value(), &frame)) return e;
  for (const Place& child : frame.children) {
    if (done_.contains(child)) continue;
    if (MaybeError e = run(child); e && !collected(e, child)) return e;
  }
  return close(std::move(frame));
}

MaybeError SchemaBuilder::check_refusals(const Shape& s) {
  MaybeError first;
  for (const Refusal& r : s.refusals) {
    if (!(r.types & s.types)) continue;
    if (!first) {
      first = refuse(r.node, r.reason);
    } else if (!collect(refuse(r.node, r.reason))) {
      break;
    }
    if (refusals_ == nullptr) break;
  }
  return first;
}

void SchemaBuilder::want(const PropertyGoal& value, Spot at, Frame* frame) {
  if (!value.possible) return;
  if (!value.goal.empty()) {
    frame->children.push_back({model_.intern(value.goal), at});
  } else if (!notation_.can_write_any(at.site)) {
    frame->any_value = true;
  }
}

MaybeError SchemaBuilder::plan_shapes(const Expansion& e, Frame* frame) {
  const Spot inside = notation_.inside(frame->place.at);
  for (const Shape& s : e.shapes) {
    if (s.has_values) continue;
    ShapePlan plan{&s, std::nullopt, std::nullopt};
    if (s.types & kObjectBit) {
      Result<ObjectPlan> object = model_.objects().plan(s);
      if (!object.ok()) return object.error();
      for (const ObjectPlan::Member& m : object.value().members) want(m.value, inside, frame);
      for (const ObjectPlan::Breaker& b : object.value().breakers) want(b.value, inside, frame);
      for (const ObjectPlan::KeyClass& k : object.value().undeclared)
        want({true, k.goal}, inside, frame);
      plan.object = std::move(object).value();
    }
    if ((s.types & kArrayBit) && frame->place.at.site != Site::kRoot) {
      ArrayPlan array;
      if (MaybeError error = plan_array(s, &array)) return error;
      auto want_all = [&](const std::vector<ItemClass>& classes) {
        for (const ItemClass& c : classes) {
          for (const Goal& goal : c.goals) want({true, goal}, inside, frame);
        }
      };
      for (const std::vector<ItemClass>& item : array.prefix) want_all(item);
      want_all(array.rest);
      plan.array = std::move(array);
    }
    if (frame->any_value)
      return unwritable(schema_at(s), "a value that may be an object of any names");
    if (plan.object || plan.array) frame->plans.push_back(std::move(plan));
  }
  return std::nullopt;
}

Expr SchemaBuilder::value_of(const PropertyGoal& value, Spot at) {
  if (!value.possible) return pool_.empty();
  if (value.goal.empty()) return notation_.any_value(at);
  return done_.at({model_.intern(value.goal), at});
}

MaybeError SchemaBuilder::close(Frame frame) {
  std::vector<Expr> branches{frame.scalars};
  const Spot at = frame.place.at;
  for (const ShapePlan& plan : frame.plans) {
    if (plan.object) {
      Result<Expr> object = object_of(*plan.shape, *plan.object, at);
      if (!object.ok()) return object.error();
      branches.push_back(notation_.written(at.site, kObjectBit, object.value()));
    }
    if (plan.array) {
      Result<Expr> array = array_of(*plan.shape, *plan.array, at);
      if (!array.ok()) return array.error();
      branches.push_back(notation_.written(at.site, kArrayBit, array.value()));
    }
  }
  Expr all = pool_.alt(branches);
  if (frame.rule == kNoRule) {
    done_[frame.place] = all;
  } else {
    json_.grammar().define(frame.rule, all);
  }
  return std::nullopt;
}

}  // namespace xgr::core
