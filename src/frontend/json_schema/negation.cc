// Negated schemas: not, and the other branches of oneOf and if.
//
// Entry point: Expander::negate_schema. A schema is a conjunction of keywords, so its negation is a
// choice: some keyword is violated, by a value of the type it concerns. A property violates its
// schema by being there and meeting the negated schema; additionalProperties and its kind are
// broken by some declared property that they concern, or by one that nobody declares. What cannot
// be said this way (uniqueItems) becomes a refusal of the types in question.
//
//   not {"required": ["a"], "maxLength": 3}  ->  object without a | string of 4 or more
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc, tests/cases/json_schema/not.case.
#include "frontend/json_schema/expansion.h"

#include <algorithm>

#include "support/sort_unique.h"

namespace xgr::core {

void Expander::refuse(TypeSet types, JsonId node, Choice* out) const {
  Option o;
  o.types = types;
  o.node = node;
  o.refusal = "cannot be negated exactly (by not, or to keep the branches of oneOf or if apart)";
  out->push_back(std::move(o));
}

MaybeError Expander::negate_schema(JsonId schema, Choice* out) {
  if (source_.is_relaxed(schema)) {  // any value might violate what was left out
    out->emplace_back();
    return std::nullopt;
  }
  for (JsonId member : doc_.children(schema)) {
    Keyword k = keyword_of(doc_.key(member));
    if (k == Keyword::kAnnotation) continue;
    if (MaybeError e = negate_member(k, member, out)) return e;
  }
  return std::nullopt;
}

MaybeError Expander::negate_member(Keyword k, JsonId node, Choice* out) {
  switch (k) {
    case Keyword::kRef: {
      Result<JsonId> target = reference(node);
      if (!target.ok()) return target.error();
      out->emplace_back().literals.push_back(negation(positive(target.value())));
      return std::nullopt;
    }
    case Keyword::kAllOf:
    case Keyword::kAnyOf:
    case Keyword::kOneOf:
      return negate_alternatives(k, node, out);
    case Keyword::kNot:
      out->emplace_back().literals.push_back(positive(node));
      return std::nullopt;
    case Keyword::kIf:
      return negate_conditional(node, out);
    case Keyword::kDependentRequired:
    case Keyword::kDependentSchemas:
    case Keyword::kDependencies:
      return negate_dependencies(node, out);
    case Keyword::kRequired: {
      std::vector<std::string_view> names;
      if (MaybeError e = constraints_.read_names(node, &names)) return e;
      for (std::string_view name : names) {
        Option& o = out->emplace_back();
        o.types = kObjectBit;
        o.absent.push_back(name);
      }
      return std::nullopt;
    }
    case Keyword::kPropertyRule:
      return negate_properties(node, out);
    case Keyword::kItemRule:
      return negate_items(node, out);
    case Keyword::kContains:
      return negate_contains(node, out);
    case Keyword::kUnevaluatedItems:
    case Keyword::kUnevaluatedProperties:
      return negate_unevaluated(node, out);
    case Keyword::kPropertyNames:
      return negate_properties(node, out);
    default: {
      Option& o = out->emplace_back();
      o.keyword = k;
      o.node = node;
      return std::nullopt;
    }
  }
}

MaybeError Expander::negate_alternatives(Keyword k, JsonId node, Choice* out) {
  std::vector<JsonId> schemas;
  if (MaybeError e = read_schemas(node, &schemas)) return e;
  if (k == Keyword::kAllOf) {
    for (JsonId s : schemas) out->emplace_back().literals.push_back(negation(positive(s)));
    return std::nullopt;
  }
  Option none;
  for (JsonId s : schemas) none.literals.push_back(negation(positive(s)));
  out->push_back(std::move(none));
  if (k == Keyword::kAnyOf) return std::nullopt;
  for (size_t i = 0; i < schemas.size(); ++i) {  // oneOf also fails when two branches hold
    for (size_t j = i + 1; j < schemas.size(); ++j) {
      if (disjoint(schemas[i], schemas[j])) continue;
      out->emplace_back().literals = {positive(schemas[i]), positive(schemas[j])};
    }
  }
  return std::nullopt;
}

MaybeError Expander::negate_properties(JsonId node, Choice* out) {
  auto break_rule = [&](BrokenRule::Kind kind, JsonId rule) {
    if (trivial(rule)) return;
    Option& o = out->emplace_back();
    o.types = kObjectBit;
    o.broken.push_back({kind, rule});
    if (kind == BrokenRule::kRest) o.broken.back().evaluators.push_back(doc_.parent(rule));
  };
  bool patterns = doc_.key(node) == "patternProperties";
  if (!patterns && doc_.key(node) != "properties") {
    break_rule(doc_.key(node) == "propertyNames" ? BrokenRule::kNames : BrokenRule::kRest, node);
    return std::nullopt;
  }
  if (!doc_.is(node, JsonType::kObject)) return constraints_.malformed(node, "an object");
  for (JsonId property : doc_.children(node)) {
    if (patterns) {
      break_rule(BrokenRule::kPattern, property);
      continue;
    }
    if (trivial(property)) continue;
    Option& o = out->emplace_back();
    o.types = kObjectBit;
    o.required.push_back(doc_.key(property));
    o.named.push_back({doc_.key(property), negation(positive(property))});
  }
  return std::nullopt;
}

MaybeError Expander::negate_conditional(JsonId node, Choice* out) {
  JsonId schema = doc_.parent(node);
  JsonId then_node = doc_.find(schema, "then"), else_node = doc_.find(schema, "else");
  if (then_node != kNoJson) {
    out->emplace_back().literals = {positive(node), negation(positive(then_node))};
  }
  if (else_node != kNoJson) {
    out->emplace_back().literals = {negation(positive(node)), negation(positive(else_node))};
  }
  return std::nullopt;
}

MaybeError Expander::negate_dependencies(JsonId node, Choice* out) {
  if (!doc_.is(node, JsonType::kObject)) return constraints_.malformed(node, "an object");
  for (JsonId entry : doc_.children(node)) {
    Option base;
    base.types = kObjectBit;
    base.required.push_back(doc_.key(entry));
    if (!doc_.is(entry, JsonType::kArray)) {
      base.literals.push_back(negation(positive(entry)));
      out->push_back(std::move(base));
      continue;
    }
    std::vector<std::string_view> names;
    if (MaybeError e = constraints_.read_names(entry, &names)) return e;
    for (std::string_view name : names) {
      out->push_back(base);
      out->back().absent.push_back(name);
    }
  }
  return std::nullopt;
}

// Too few items meet the schema, or too many.
MaybeError Expander::negate_contains(JsonId node, Choice* out) {
  Branch counted;
  if (MaybeError e = add_contains(&counted, node)) return e;
  if (!(counted.shape.types & kArrayBit)) {  // the counts contradict each other
    out->emplace_back().types = kArrayBit;
    return std::nullopt;
  }
  for (ContainsTest test : counted.shape.contains) {
    Option o;
    o.types = kArrayBit;
    if (test.min == 1) {
      out->push_back(o);
      out->back().every_item.push_back(negation(test.schema));
    } else if (test.min > 1) {
      out->push_back(o);
      out->back().contains.push_back({test.schema, 0, test.min - 1, node});
    }
    if (test.max == UINT32_MAX) continue;
    o.contains.push_back({test.schema, test.max + 1, UINT32_MAX, node});
    out->push_back(std::move(o));
  }
  return std::nullopt;
}

void Expander::negate_prefix(JsonId list, Choice* out) const {
  uint32_t index = 0;
  for (JsonId item : doc_.children(list)) {
    uint32_t i = index++;
    if (trivial(item)) continue;
    Option& o = out->emplace_back();
    o.types = kArrayBit;
    o.min_items = i + 1;
    o.single_items.push_back({i, negation(positive(item))});
  }
}

MaybeError Expander::negate_items(JsonId node, Choice* out) {
  JsonId schema = doc_.parent(node);
  JsonId items = doc_.find(schema, "items"), prefix = doc_.find(schema, "prefixItems");
  bool list = items != kNoJson && doc_.is(items, JsonType::kArray);
  if (doc_.key(node) == "additionalItems" && !list) return std::nullopt;  // it says nothing
  if (node == prefix || (node == items && list)) {
    if (!doc_.is(node, JsonType::kArray))
      return constraints_.malformed(node, "an array of schemas");
    negate_prefix(node, out);
    return std::nullopt;
  }
  if (trivial(node)) return std::nullopt;
  if (list) prefix = items;
  ContainsTest broken{negation(positive(node)), 1, UINT32_MAX, node};
  if (prefix != kNoJson) broken.from = doc_.count(prefix);
  Option& o = out->emplace_back();
  o.types = kArrayBit;
  o.contains.push_back(std::move(broken));
  return std::nullopt;
}

MaybeError Expander::exclude_values(Run* run, Branch* b, Keyword k, JsonId node, uint32_t origin) {
  std::vector<JsonId> listed;
  if (MaybeError e = constraints_.read_values(k, node, &listed)) return e;
  for (JsonId v : listed) exclude_value(run, b, v, origin);
  return std::nullopt;
}

// An array or object differs from a value in its size, or in some item or property.
void Expander::exclude_value(Run* run, Branch* b, JsonId value, uint32_t origin) {
  const TypeSet type = type_of(doc_, value);
  const uint32_t n = static_cast<uint32_t>(doc_.count(value));
  if (!(type & (kArrayBit | kObjectBit)) || n == 0) return;
  Choice choice(2);
  choice[0].types = static_cast<TypeSet>(~type);
  choice[1].types = type;
  Option same = choice[1];
  if (type == kArrayBit) {
    choice[1].max_items = n - 1;
    choice.push_back(same);
    choice.back().min_items = n + 1;
  } else {
    choice[1].min_properties = n + 1;
  }
  uint32_t index = 0;
  for (JsonId part : doc_.children(value)) {
    Option& differs = choice.emplace_back(same);
    if (type == kArrayBit) {
      differs.min_items = index + 1;
      differs.single_items.push_back({index++, negation(equal_to(part))});
      continue;
    }
    differs.required.push_back(doc_.key(part));
    differs.named.push_back({doc_.key(part), negation(equal_to(part))});
    choice.push_back(same);
    choice.back().absent.push_back(doc_.key(part));
  }
  choice[0].differs = true;
  add_choice(run, b, std::move(choice), origin);
}

void Expander::apply_value(Run* run, Branch* b, uint32_t origin) {
  Literal literal = run->origins[origin].literal;
  constraints_.apply_values({schema_of(literal)}, is_negated(literal), &b->shape);
  if (is_negated(literal)) exclude_value(run, b, schema_of(literal), origin);
}

// Whether some rule forbids all names that it does not declare itself.
bool Expander::only_declared(const Shape& s) const {
  return std::any_of(s.property_rules.begin(), s.property_rules.end(), [&](const PropertyRule& r) {
    JsonId rest = doc_.find(r.schema, "additionalProperties");
    return rest != kNoJson && doc_.is(rest, JsonType::kFalse) &&
           doc_.find(r.schema, "patternProperties") == kNoJson;
  });
}

// One option for each declared name that the rule concerns, and one for all other names.
MaybeError Expander::spread_broken_rule(Run* run, Branch* b) {
  Shape& s = b->shape;
  BrokenRule rule = s.broken.back();
  s.broken.pop_back();
  std::vector<std::string_view> names(s.required);
  for (const PropertyRule& r : s.property_rules) {
    JsonId properties = doc_.find(r.schema, "properties");
    if (properties == kNoJson || !doc_.is(properties, JsonType::kObject)) continue;
    for (JsonId p : doc_.children(properties)) names.push_back(doc_.key(p));
  }
  for (const NamedLiteral& n : s.named) names.push_back(n.name);
  sort_unique(&names);
  Choice choice;
  for (std::string_view name : names) {
    Result<bool> concerns = oracle_.rule_concerns(rule, name);
    if (!concerns.ok()) return concerns.error();
    if (!concerns.value()) continue;
    Option& o = choice.emplace_back();
    o.required.push_back(name);
    if (rule.kind != BrokenRule::kNames) {
      o.named.push_back({name, negation(positive(rule.node))});
    }
  }
  if (!only_declared(s)) choice.emplace_back().broken_by_other.push_back(rule);
  add_choice(run, b, std::move(choice), 0);
  return std::nullopt;
}

}  // namespace xgr::core
