// unevaluatedProperties and unevaluatedItems: what else the schema evaluates at the same place.
//
// Entry points: Expander::add_subsets, settle_unevaluated. Evaluated is what some subschema that
// holds speaks of, below the schema of the keyword: through $ref, allOf, and those branches of
// anyOf, oneOf, if and dependentSchemas that hold. A shape stands for one choice of branches, so it
// knows them; where several branches of anyOf can hold, each subset of them is a choice. More can
// only be evaluated when more holds, so no branch needs to be ruled out.
//
//   {"anyOf": [{"properties": {"a": A}}, {"properties": {"b": B}}], "unevaluatedProperties": false}
//   ->  a: A only | b: B only | a: A and b: B
//
// Tests: tests/cases/json_schema/unevaluated.case.
#include <algorithm>

#include "frontend/json_schema/expansion.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxSubsets = 1024;
constexpr size_t kFewSources = 4;  // so few that nothing is gained by telling them apart

}  // namespace

TypeSet Expander::unevaluated_scope(JsonId schema) const {
  auto stands = [&](const char* key) {
    JsonId node = doc_.find(schema, key);
    return node != kNoJson && !trivial(node);
  };
  return static_cast<TypeSet>((stands("unevaluatedProperties") ? kObjectBit : 0) |
                              (stands("unevaluatedItems") ? kArrayBit : 0));
}

// Whether a schema can evaluate properties or items, as far as its keywords tell.
bool Expander::evaluates(JsonId schema, TypeSet scope) const {
  if (scope == 0 || !doc_.is(schema, JsonType::kObject)) return false;
  for (JsonId member : doc_.children(schema)) {
    const Keyword k = keyword_of(doc_.key(member));
    if (in_place_applicator(k)) return true;
    switch (k) {
      case Keyword::kPropertyRule:
      case Keyword::kUnevaluatedProperties:
        if (scope & kObjectBit) return true;
        break;
      case Keyword::kItemRule:
      case Keyword::kContains:
      case Keyword::kUnevaluatedItems:
        if (scope & kArrayBit) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

// All sets of branches that might hold together, except the empty one.
MaybeError Expander::subsets(JsonId node, std::span<const JsonId> schemas, Choice* out) {
  const size_t n = schemas.size();
  std::vector<std::vector<bool>> apart(n, std::vector<bool>(n, false));
  for (size_t i = 0; n > kFewSources && i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) apart[i][j] = disjoint(schemas[i], schemas[j]);
  }
  std::vector<std::vector<size_t>> sets;
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0, known = sets.size(); k < known; ++k) {
      bool fits =
          std::none_of(sets[k].begin(), sets[k].end(), [&](size_t m) { return apart[m][i]; });
      if (!fits) continue;
      sets.push_back(sets[k]);
      sets.back().push_back(i);
    }
    sets.push_back({i});
    if (sets.size() > kMaxSubsets) {
      return source_.error(Status::kUnsupported,
                           "\"anyOf\" has too many branches that can hold together, beside "
                           "\"unevaluatedProperties\" or \"unevaluatedItems\"",
                           node);
    }
  }
  for (const std::vector<size_t>& set : sets) {
    Option& o = out->emplace_back();
    for (size_t i : set) o.literals.push_back(positive(schemas[i]));
  }
  return std::nullopt;
}

MaybeError Expander::add_subsets(Run* run, Branch* b, JsonId node, std::span<const JsonId> schemas,
                                 uint32_t origin) {
  std::vector<JsonId> evaluating;
  Choice choice;
  for (JsonId s : schemas) {
    if (evaluates(s, run->origins[origin].scope)) {
      evaluating.push_back(s);
    } else {
      choice.emplace_back().literals.push_back(positive(s));
    }
  }
  if (MaybeError e = subsets(node, evaluating, &choice)) return e;
  add_choice(run, b, std::move(choice), origin);
  return std::nullopt;
}

std::vector<JsonId> Expander::applied_below(const Branch& b, JsonId schema) const {
  std::vector<JsonId> found{schema};
  for (size_t i = 0; i < found.size(); ++i) {
    for (auto [from, to] : b.applied) {
      if (from != found[i] || std::find(found.begin(), found.end(), to) != found.end()) continue;
      found.push_back(to);
    }
  }
  return found;
}

void Expander::settle_unevaluated(Branch* b) const {
  for (JsonId node : b->unevaluated) {
    std::vector<JsonId> below = applied_below(*b, doc_.parent(node));
    if (keyword_of(doc_.key(node)) == Keyword::kUnevaluatedProperties) {
      settle_unevaluated_properties(node, below, &b->shape);
    } else {
      settle_unevaluated_items(node, below, &b->shape);
    }
  }
}

void Expander::settle_unevaluated_properties(JsonId node, std::span<const JsonId> below,
                                             Shape* s) const {
  if (all_evaluated(node, below)) return;
  UnevaluatedProperties rule{node, {}};
  for (JsonId schema : below) {
    for (const char* key : {"properties", "patternProperties"}) {
      if (doc_.find(schema, key) == kNoJson) continue;
      rule.evaluators.push_back(schema);
      break;
    }
  }
  s->unevaluated_properties.push_back(std::move(rule));
}

// Whether one of the schemas leaves nothing to the unevaluated* keyword `node`.
bool Expander::all_evaluated(JsonId node, std::span<const JsonId> below) const {
  bool objects = keyword_of(doc_.key(node)) == Keyword::kUnevaluatedProperties;
  return std::any_of(below.begin(), below.end(), [&](JsonId schema) {
    JsonId other = doc_.find(schema, doc_.key(node));
    if (other != kNoJson && other != node) return true;
    if (objects) return doc_.find(schema, "additionalProperties") != kNoJson;
    JsonId items = doc_.find(schema, "items");
    if (items == kNoJson) return false;
    return !doc_.is(items, JsonType::kArray) || doc_.find(schema, "additionalItems") != kNoJson;
  });
}

// A list of `items` is the older form of prefixItems; contains evaluates from 2020-12 on.
void Expander::settle_unevaluated_items(JsonId node, std::span<const JsonId> below,
                                        Shape* s) const {
  if (all_evaluated(node, below)) return;
  UnevaluatedItems rule{node, 0, {}};
  for (JsonId schema : below) {
    JsonId items = doc_.find(schema, "items"), prefix = doc_.find(schema, "prefixItems");
    if (items != kNoJson) prefix = items;  // a list, or everything would be evaluated
    if (prefix != kNoJson) rule.prefix = std::max<size_t>(rule.prefix, doc_.count(prefix));
    JsonId contains = doc_.find(schema, "contains");
    if (contains != kNoJson && source_.dialect(schema).draft >= Draft::k2020)
      rule.contains.push_back(contains);
  }
  s->unevaluated_items.push_back(std::move(rule));
}

}  // namespace xgr::core
