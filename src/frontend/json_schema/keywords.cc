// Table of keywords.
//
// Entry point: keyword_of. A name that is not in the table constrains nothing: annotations, $defs,
// then and else (read with if), minContains (read with contains), and whatever authors invent.
//
//   keyword_of("prefixItems") == Keyword::kItemRule; keyword_of("x-order") == Keyword::kAnnotation
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc.
#include "frontend/json_schema/keywords.h"

#include <unordered_map>

namespace xgr {

Keyword keyword_of(std::string_view name) {
  using K = Keyword;
  static const std::unordered_map<std::string_view, Keyword> table = {
      {"$ref", K::kRef},
      {"$dynamicRef", K::kRef},
      {"$recursiveRef", K::kRef},
      {"allOf", K::kAllOf},
      {"anyOf", K::kAnyOf},
      {"oneOf", K::kOneOf},
      {"not", K::kNot},
      {"if", K::kIf},
      {"dependentRequired", K::kDependentRequired},
      {"dependentSchemas", K::kDependentSchemas},
      {"dependencies", K::kDependencies},
      {"type", K::kType},
      {"enum", K::kEnum},
      {"const", K::kConst},
      {"minimum", K::kMinimum},
      {"maximum", K::kMaximum},
      {"exclusiveMinimum", K::kExclusiveMinimum},
      {"exclusiveMaximum", K::kExclusiveMaximum},
      {"multipleOf", K::kMultipleOf},
      {"minLength", K::kMinLength},
      {"maxLength", K::kMaxLength},
      {"pattern", K::kPattern},
      {"format", K::kFormat},
      {"contentEncoding", K::kContent},
      {"contentMediaType", K::kContent},
      {"minItems", K::kMinItems},
      {"maxItems", K::kMaxItems},
      {"uniqueItems", K::kUniqueItems},
      {"contains", K::kContains},
      {"items", K::kItemRule},
      {"prefixItems", K::kItemRule},
      {"additionalItems", K::kItemRule},
      {"unevaluatedItems", K::kUnevaluatedItems},
      {"minProperties", K::kMinProperties},
      {"maxProperties", K::kMaxProperties},
      {"required", K::kRequired},
      {"propertyNames", K::kPropertyNames},
      {"properties", K::kPropertyRule},
      {"patternProperties", K::kPropertyRule},
      {"additionalProperties", K::kPropertyRule},
      {"unevaluatedProperties", K::kUnevaluatedProperties}};
  auto it = table.find(name);
  return it == table.end() ? K::kAnnotation : it->second;
}

bool in_place_applicator(Keyword k) {
  switch (k) {
    case Keyword::kRef:
    case Keyword::kAllOf:
    case Keyword::kAnyOf:
    case Keyword::kOneOf:
    case Keyword::kIf:
    case Keyword::kDependentSchemas:
    case Keyword::kDependencies:
      return true;
    default:
      return false;
  }
}

}  // namespace xgr
