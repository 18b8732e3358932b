// Shapes: what can be said about them without looking into nested schemas.
//
// Entry points: settle, json_equal, type_of.
//
//   {"type": ["string", "null"], "minLength": 3, "maxLength": 2}  settles to null only
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc.
#include "frontend/json_schema/shape.h"

#include <algorithm>
#include <utility>

namespace xgr::core {
namespace {

bool numbers_equal(const JsonDocument& doc, JsonId a, JsonId b) {
  if (doc.text(a) == doc.text(b)) return true;
  auto x = Decimal::parse(doc.text(a)), y = Decimal::parse(doc.text(b));
  return x && y && *x == *y;
}

bool range_is_empty(const Shape& s) {
  if (!s.lower.set || !s.upper.set) return false;
  int c = compare(s.lower.value, s.upper.value);
  return c > 0 || (c == 0 && (s.lower.exclusive || s.upper.exclusive));
}

}  // namespace

TypeSet named_types(std::string_view name) {
  static constexpr std::pair<std::string_view, TypeSet> kNames[] = {
      {"string", kStringBit}, {"object", kObjectBit},    {"integer", kIntegerBit},
      {"array", kArrayBit},   {"boolean", kBooleanBits}, {"number", kNumberBits},
      {"null", kNullBit}};
  for (auto [text, bits] : kNames) {
    if (text == name) return bits;
  }
  return 0;
}

TypeSet type_of(const JsonDocument& doc, JsonId value) {
  switch (doc.type(value)) {
    case JsonType::kNull:
      return kNullBit;
    case JsonType::kFalse:
      return kFalseBit;
    case JsonType::kTrue:
      return kTrueBit;
    case JsonType::kString:
      return kStringBit;
    case JsonType::kArray:
      return kArrayBit;
    case JsonType::kObject:
      return kObjectBit;
    case JsonType::kNumber:
      break;
  }
  auto d = Decimal::parse(doc.text(value));
  return d && !d->integer() ? kFractionBit : kIntegerBit;
}

void settle(Shape* s) {
  if (range_is_empty(*s)) s->types &= static_cast<TypeSet>(~kNumberBits);
  if (s->min_length > s->max_length) s->types &= static_cast<TypeSet>(~kStringBit);
  if (s->min_items > s->max_items) s->types &= static_cast<TypeSet>(~kArrayBit);
  std::sort(s->absent.begin(), s->absent.end());
  bool clash = s->min_properties > s->max_properties || s->required.size() > s->max_properties;
  for (std::string_view name : s->required) {
    clash = clash || std::binary_search(s->absent.begin(), s->absent.end(), name);
  }
  if (clash) s->types &= static_cast<TypeSet>(~kObjectBit);
}

bool json_equal(const JsonDocument& doc, JsonId a, JsonId b) {
  if (a == b) return true;
  if (doc.type(a) != doc.type(b)) return false;
  if (doc.is(a, JsonType::kString)) return doc.text(a) == doc.text(b);
  std::vector<std::pair<JsonId, JsonId>> pending{{a, b}};
  while (!pending.empty()) {
    auto [x, y] = pending.back();
    pending.pop_back();
    if (x == y) continue;
    if (doc.type(x) != doc.type(y) || doc.count(x) != doc.count(y)) return false;
    if (doc.is(x, JsonType::kNumber) && !numbers_equal(doc, x, y)) return false;
    if (doc.is(x, JsonType::kString) && doc.text(x) != doc.text(y)) return false;
    if (doc.is(x, JsonType::kArray)) {
      auto other = doc.children(y).begin();
      for (JsonId c : doc.children(x)) {
        pending.push_back({c, *other});
        ++other;
      }
    } else if (doc.is(x, JsonType::kObject)) {
      for (JsonId c : doc.children(x)) {
        JsonId same = doc.find(y, doc.key(c));
        if (same == kNoJson) return false;
        pending.push_back({c, same});
      }
    }
  }
  return true;
}

}  // namespace xgr::core
