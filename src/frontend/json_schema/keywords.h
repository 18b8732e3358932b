// The keywords of JSON Schema, drafts 4 to 2020-12.
#pragma once

#include <cstdint>
#include <string_view>

namespace xgr::core {

enum class Keyword : uint8_t {
  kAnnotation,  // also every name that no draft defines
  kRef,
  kAllOf,
  kAnyOf,
  kOneOf,
  kNot,
  kIf,
  kDependentRequired,
  kDependentSchemas,
  kDependencies,
  kType,
  kEnum,
  kConst,
  kMinimum,
  kMaximum,
  kExclusiveMinimum,
  kExclusiveMaximum,
  kMultipleOf,
  kMinLength,
  kMaxLength,
  kPattern,
  kFormat,
  kContent,  // contentEncoding, contentMediaType where a draft makes them assertions
  kMinItems,
  kMaxItems,
  kUniqueItems,
  kContains,
  kItemRule,  // items, prefixItems, additionalItems
  kUnevaluatedItems,
  kMinProperties,
  kMaxProperties,
  kRequired,
  kPropertyNames,
  kPropertyRule,  // properties, patternProperties, additionalProperties
  kUnevaluatedProperties,
};

Keyword keyword_of(std::string_view name);
// Whether its schemas evaluate properties and items of the same value.
bool in_place_applicator(Keyword k);

}  // namespace xgr::core
