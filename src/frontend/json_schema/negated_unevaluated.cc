// Negated unevaluatedProperties and unevaluatedItems.
//
// Entry point: Expander::negate_unevaluated. Some property or item must be unevaluated and break
// the schema. What evaluates it must be known exactly here: all that holds whenever the whole
// schema holds (if it does not, another keyword is violated, which is an option of its own), and
// for every branch that may hold or not, one choice each way.
//
//   not {"anyOf": [true, {"properties": {"a": A}}], "unevaluatedProperties": false}
//   ->  a meets A or is absent, and there is another property | a breaks A
//
// Tests: tests/cases/json_schema/unevaluated.case.
#include <algorithm>

#include "frontend/json_schema/expansion.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxConditions = 6;

template <typename T>
void append_all(std::vector<T>* to, const std::vector<T>& from) {
  to->insert(to->end(), from.begin(), from.end());
}

}  // namespace

MaybeError Expander::gather_branches(JsonId node, TypeSet scope, Evaluation* out) {
  std::vector<JsonId> schemas;
  if (MaybeError e = read_schemas(node, &schemas)) return e;
  for (JsonId s : schemas) {
    if (!evaluates(s, scope)) continue;
    Condition& c = out->conditions.emplace_back();
    c.holds.literals.push_back(positive(s));
    c.fails.literals.push_back(negation(positive(s)));
    c.when_holds.push_back(s);
  }
  return std::nullopt;
}

void Expander::gather_conditional(JsonId node, TypeSet scope, Evaluation* out) {
  JsonId schema = doc_.parent(node);
  Condition c;
  c.holds.literals.push_back(positive(node));
  c.fails.literals.push_back(negation(positive(node)));
  if (evaluates(node, scope)) c.when_holds.push_back(node);
  for (const char* key : {"then", "else"}) {
    JsonId branch = doc_.find(schema, key);
    if (branch == kNoJson || !evaluates(branch, scope)) continue;
    (key[0] == 't' ? c.when_holds : c.when_fails).push_back(branch);
  }
  if (!c.when_holds.empty() || !c.when_fails.empty()) out->conditions.push_back(std::move(c));
}

MaybeError Expander::gather_member(Keyword k, JsonId node, TypeSet scope, Evaluation* out) {
  switch (k) {
    case Keyword::kRef: {
      Result<JsonId> target = reference(node);
      if (!target.ok()) return target.error();
      out->certain.push_back(target.value());
      return std::nullopt;
    }
    case Keyword::kAllOf:
      return read_schemas(node, &out->certain);
    case Keyword::kAnyOf:
    case Keyword::kOneOf:
      return gather_branches(node, scope, out);
    case Keyword::kIf:
      gather_conditional(node, scope, out);
      return std::nullopt;
    case Keyword::kDependentSchemas:
    case Keyword::kDependencies:
      for (JsonId entry : doc_.children(node)) {
        if (!evaluates(entry, scope)) continue;
        Condition& c = out->conditions.emplace_back();
        c.holds.required.push_back(doc_.key(entry));
        c.fails.absent.push_back(doc_.key(entry));
        c.when_holds.push_back(entry);
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// All that `schema` evaluates at its own place; `certain` may hold schemas already.
MaybeError Expander::gather(JsonId schema, TypeSet scope, Evaluation* out) {
  out->certain.push_back(schema);
  for (size_t i = 0; i < out->certain.size(); ++i) {
    JsonId at = out->certain[i];
    bool known =
        std::find(out->certain.begin(), out->certain.begin() + static_cast<std::ptrdiff_t>(i),
                  at) != out->certain.begin() + static_cast<std::ptrdiff_t>(i);
    if (known || !doc_.is(at, JsonType::kObject)) continue;
    for (JsonId member : doc_.children(at)) {
      if (MaybeError e = gather_member(keyword_of(doc_.key(member)), member, scope, out)) return e;
    }
  }
  return std::nullopt;
}

// Follows the branches of the conditions; not exact when they branch again.
MaybeError Expander::close_conditions(TypeSet scope, Evaluation* out, bool* exact) {
  *exact = out->conditions.size() <= kMaxConditions;
  for (Condition& c : out->conditions) {
    for (std::vector<JsonId>* side : {&c.when_holds, &c.when_fails}) {
      Evaluation inner;
      for (JsonId s : *side) {
        if (MaybeError e = gather(s, scope, &inner)) return e;
      }
      *exact = *exact && inner.conditions.empty();
      *side = std::move(inner.certain);
    }
  }
  return std::nullopt;
}

void Expander::break_unevaluated(JsonId node, std::vector<JsonId> below, Option option,
                                 Choice* out) const {
  if (all_evaluated(node, below)) return;
  Shape evaluated;
  if (keyword_of(doc_.key(node)) == Keyword::kUnevaluatedProperties) {
    settle_unevaluated_properties(node, below, &evaluated);
    option.broken.push_back(
        {BrokenRule::kRest, node, std::move(evaluated.unevaluated_properties[0].evaluators)});
  } else {
    settle_unevaluated_items(node, below, &evaluated);
    const UnevaluatedItems& rule = evaluated.unevaluated_items[0];
    ContainsTest broken{negation(positive(node)), 1, UINT32_MAX, node, rule.prefix, {}};
    for (JsonId c : rule.contains) broken.also.push_back(negation(positive(c)));
    option.contains.push_back(std::move(broken));
  }
  out->push_back(std::move(option));
}

MaybeError Expander::negate_unevaluated(JsonId node, Choice* out) {
  if (trivial(node)) return std::nullopt;
  bool objects = keyword_of(doc_.key(node)) == Keyword::kUnevaluatedProperties;
  TypeSet scope = objects ? kObjectBit : kArrayBit;
  Evaluation all;
  bool exact = true;
  if (MaybeError e = gather(doc_.parent(node), scope, &all)) return e;
  if (MaybeError e = close_conditions(scope, &all, &exact)) return e;
  if (!exact) {
    refuse(scope, node, out);
    return std::nullopt;
  }
  for (uint32_t choice = 0; choice < 1u << all.conditions.size(); ++choice) {
    Option o;
    o.types = scope;
    std::vector<JsonId> below = all.certain;
    for (size_t i = 0; i < all.conditions.size(); ++i) {
      const Condition& c = all.conditions[i];
      const Option& side = choice >> i & 1 ? c.holds : c.fails;
      append_all(&o.literals, side.literals);
      append_all(&o.required, side.required);
      append_all(&o.absent, side.absent);
      append_all(&below, choice >> i & 1 ? c.when_holds : c.when_fails);
    }
    break_unevaluated(node, std::move(below), std::move(o), out);
  }
  return std::nullopt;
}

}  // namespace xgr::core
