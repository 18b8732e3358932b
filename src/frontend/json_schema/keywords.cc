// Table of keywords.
//
// KeywordEntry point: keyword_of. A name that is not in the table constrains nothing: annotations,
// $defs, then and else (read with if), minContains (read with contains), and whatever authors
// invent.
//
//   keyword_of("prefixItems") == Keyword::kItemRule; keyword_of("x-order") == Keyword::kAnnotation
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc.
#include "frontend/json_schema/keywords.h"

#include <array>
#include <string_view>
#include <utility>

namespace xgr::core {

namespace {

using KeywordEntry = std::pair<std::string_view, Keyword>;

constexpr KeywordEntry kKnownKeywords[] = {
    {"$ref", Keyword::kRef},
    {"$dynamicRef", Keyword::kRef},
    {"$recursiveRef", Keyword::kRef},
    {"allOf", Keyword::kAllOf},
    {"anyOf", Keyword::kAnyOf},
    {"oneOf", Keyword::kOneOf},
    {"not", Keyword::kNot},
    {"if", Keyword::kIf},
    {"dependentRequired", Keyword::kDependentRequired},
    {"dependentSchemas", Keyword::kDependentSchemas},
    {"dependencies", Keyword::kDependencies},
    {"type", Keyword::kType},
    {"enum", Keyword::kEnum},
    {"const", Keyword::kConst},
    {"minimum", Keyword::kMinimum},
    {"maximum", Keyword::kMaximum},
    {"exclusiveMinimum", Keyword::kExclusiveMinimum},
    {"exclusiveMaximum", Keyword::kExclusiveMaximum},
    {"multipleOf", Keyword::kMultipleOf},
    {"minLength", Keyword::kMinLength},
    {"maxLength", Keyword::kMaxLength},
    {"pattern", Keyword::kPattern},
    {"format", Keyword::kFormat},
    {"contentEncoding", Keyword::kContent},
    {"contentMediaType", Keyword::kContent},
    {"minItems", Keyword::kMinItems},
    {"maxItems", Keyword::kMaxItems},
    {"uniqueItems", Keyword::kUniqueItems},
    {"contains", Keyword::kContains},
    {"items", Keyword::kItemRule},
    {"prefixItems", Keyword::kItemRule},
    {"additionalItems", Keyword::kItemRule},
    {"unevaluatedItems", Keyword::kUnevaluatedItems},
    {"minProperties", Keyword::kMinProperties},
    {"maxProperties", Keyword::kMaxProperties},
    {"required", Keyword::kRequired},
    {"propertyNames", Keyword::kPropertyNames},
    {"properties", Keyword::kPropertyRule},
    {"patternProperties", Keyword::kPropertyRule},
    {"additionalProperties", Keyword::kPropertyRule},
    {"unevaluatedProperties", Keyword::kUnevaluatedProperties}};

// Asked for every member of every schema, several times: a hash of the length and three characters
// that is computed by the compiler for the table, and one comparison.
constexpr size_t kKeywordSlots = 128;
constexpr size_t keyword_slot(std::string_view name) {
  auto at = [name](size_t i) { return static_cast<unsigned char>(name[i]); };
  return (name.size() * 17 + at(0) * 5 + at(name.size() / 2) * 3 + at(name.size() - 1)) %
         kKeywordSlots;
}

constexpr std::array<KeywordEntry, kKeywordSlots> keyword_slots() {
  std::array<KeywordEntry, kKeywordSlots> slots{};
  for (const KeywordEntry& entry : kKnownKeywords) {
    size_t at = keyword_slot(entry.first);
    while (!slots[at].first.empty()) at = (at + 1) % kKeywordSlots;
    slots[at] = entry;
  }
  return slots;
}

constexpr std::array<KeywordEntry, kKeywordSlots> kKeywordBySlot = keyword_slots();

}  // namespace

Keyword keyword_of(std::string_view name) {
  if (name.empty()) return Keyword::kAnnotation;
  for (size_t at = keyword_slot(name); !kKeywordBySlot[at].first.empty();
       at = (at + 1) % kKeywordSlots) {
    if (kKeywordBySlot[at].first == name) return kKeywordBySlot[at].second;
  }
  return Keyword::kAnnotation;
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

}  // namespace xgr::core
