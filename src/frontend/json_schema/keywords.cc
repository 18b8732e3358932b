// Table of keywords.
//
// Entry point: keyword_of. A name that is not in the table constrains nothing: annotations, $defs,
// then and else (read with if), minContains (read with contains), and whatever authors invent.
//
//   keyword_of("prefixItems") == Keyword::kItemRule; keyword_of("x-order") == Keyword::kAnnotation
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc.
#include "frontend/json_schema/keywords.h"

#include <array>
#include <string_view>
#include <utility>

namespace xgr {

namespace {

using K = Keyword;
using Entry = std::pair<std::string_view, Keyword>;

constexpr Entry kKeywords[] = {
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

// Asked for every member of every schema, several times: a hash of the length and three characters
// that is computed by the compiler for the table, and one comparison.
constexpr size_t kSlots = 128;
constexpr size_t slot_of(std::string_view name) {
  auto at = [name](size_t i) { return static_cast<unsigned char>(name[i]); };
  return (name.size() * 17 + at(0) * 5 + at(name.size() / 2) * 3 + at(name.size() - 1)) % kSlots;
}

constexpr std::array<Entry, kSlots> make_slots() {
  std::array<Entry, kSlots> slots{};
  for (const Entry& entry : kKeywords) {
    size_t at = slot_of(entry.first);
    while (!slots[at].first.empty()) at = (at + 1) % kSlots;
    slots[at] = entry;
  }
  return slots;
}

constexpr std::array<Entry, kSlots> kBySlot = make_slots();

}  // namespace

Keyword keyword_of(std::string_view name) {
  if (name.empty()) return Keyword::kAnnotation;
  for (size_t at = slot_of(name); !kBySlot[at].first.empty(); at = (at + 1) % kSlots) {
    if (kBySlot[at].first == name) return kBySlot[at].second;
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

}  // namespace xgr
