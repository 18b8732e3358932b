// The normal form of a conjunction of schemas: constraints sorted by the type they concern.
//
// A schema becomes a union of shapes (expansion.h). All constraints of a shape hold at once; those
// of one type say nothing about values of another.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "frontend/json_schema/number_text.h"
#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

using TypeSet = uint8_t;
enum TypeBit : TypeSet {
  kNullBit = 1,
  kFalseBit = 2,
  kTrueBit = 4,
  kIntegerBit = 8,    // numbers equal to an integer
  kFractionBit = 16,  // all other numbers
  kStringBit = 32,
  kArrayBit = 64,
  kObjectBit = 128,
  kNumberBits = kIntegerBit | kFractionBit,
  kBooleanBits = kFalseBit | kTrueBit,
  kAllTypes = 255,
};

// A schema or its negation: node * 2 + negated. With the highest bit the node is no schema but a
// value, and the literal says that the instance equals it.
using Literal = uint32_t;
inline constexpr Literal kValueBit = 1u << 31;
inline Literal positive(JsonId schema) { return schema << 1; }
inline Literal equal_to(JsonId value) { return value << 1 | kValueBit; }
inline Literal negation(Literal l) { return l ^ 1; }
inline JsonId schema_of(Literal l) { return (l & ~kValueBit) >> 1; }
inline bool is_value(Literal l) { return (l & kValueBit) != 0; }
inline bool is_negated(Literal l) { return l & 1; }

struct StringTest {
  enum Kind : uint8_t { kPattern, kFormat, kContent };
  JsonId node;  // the pattern, or the name of the format, encoding or media type
  Kind kind;
  bool negated;
};
struct MultipleTest {
  JsonId node;
  bool negated;
};
struct ContainsTest {
  Literal schema;
  uint32_t min, max;
  JsonId node;
  size_t from = 0;                 // items before this one do not count
  std::vector<Literal> also = {};  // beside schema; only for tests without a maximum
};
struct ItemLiteral {
  size_t index;
  Literal schema;
};
// A schema with properties, patternProperties... and where a reader meets it: its origin (origins.h) and
// the first keyword of these, or `properties`.
struct PropertyRule {
  JsonId schema;
  uint32_t origin;
  JsonId node;
};
// unevaluatedProperties and the schemas whose properties count as evaluated for it: those that hold
// at the same place below its own schema, itself included.
struct UnevaluatedProperties {
  JsonId node;
  std::vector<JsonId> evaluators;
};
// unevaluatedItems: what it leaves alone are the first `prefix` items, and those that meet one of
// `contains`.
struct UnevaluatedItems {
  JsonId node;
  size_t prefix = 0;
  std::vector<JsonId> contains;
};
struct NamedLiteral {
  std::string_view name;
  Literal schema;
};
// A rule about properties that some property must break.
struct BrokenRule {
  enum Kind : uint8_t { kRest, kPattern, kNames };
  Kind kind;    // additional and unevaluatedProperties, one of patternProperties, propertyNames
  JsonId node;  // its schema
  std::vector<JsonId> evaluators = {};  // kRest: schemas whose declared properties are exempt
};
// A constraint that is not enforced: the schema is refused if values of these types remain.
struct Refusal {
  TypeSet types;
  JsonId node;
  const char* reason;
};

struct Shape {
  TypeSet types = kAllTypes;
  bool has_values = false;  // only these values, as far as the rest allows them
  std::vector<JsonId> values;
  std::vector<JsonId> excluded;  // none of these values

  bool plain_integers = false;  // integer values are written without a fraction (draft 4)
  Bound lower, upper;
  std::vector<MultipleTest> multiples;

  uint32_t min_length = 0, max_length = UINT32_MAX;
  std::vector<StringTest> string_tests;

  uint32_t min_items = 0, max_items = UINT32_MAX;
  std::vector<JsonId> item_rules;  // schemas with items, prefixItems...
  std::vector<UnevaluatedItems> unevaluated_items;
  std::vector<Literal> every_item;
  std::vector<ItemLiteral> single_items;  // further constraints on one item
  std::vector<ContainsTest> contains;
  JsonId unique_items = kNoJson;

  uint32_t min_properties = 0, max_properties = UINT32_MAX;
  JsonId min_properties_node = kNoJson;  // keyword that says so; kNoJson when several do together
  bool describes_object = false;         // some object keyword is present (strict mode)
  std::vector<std::string_view> required, absent;
  std::vector<PropertyRule> property_rules;
  std::vector<UnevaluatedProperties> unevaluated_properties;
  std::vector<NamedLiteral> named;  // further constraints on one property
  std::vector<Literal> name_rules;  // propertyNames

  std::vector<BrokenRule> broken;           // each by some property; none is left when expanded
  std::vector<BrokenRule> broken_by_other;  // each by a property that nobody declares
  std::vector<Refusal> refusals;

  bool plain_string() const {
    return min_length == 0 && max_length == UINT32_MAX && string_tests.empty();
  }
};

// What a name in `type` means; none for other names.
TypeSet named_types(std::string_view name);
// Types that a value node of the document has: exactly one bit.
TypeSet type_of(const JsonDocument& doc, JsonId value);
// Drops the types whose constraints contradict each other; sorts.
void settle(Shape* shape);
// JSON Schema equality: numbers by value, objects without order.
bool json_equal(const JsonDocument& doc, JsonId a, JsonId b);

}  // namespace xgr::core
