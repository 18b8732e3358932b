// Keywords that constrain a value directly.
//
// Entry point: Constraints::apply. Each keyword tightens the shape; its negation leaves only values
// of the keyword's type and tightens the other way: not {"minimum": 3} is a number below 3.
//
// Tests: tests/unit/frontend/json_schema/expansion_test.cc, tests/cases/json_schema/*.case.
#include "frontend/json_schema/constraints.h"

#include <algorithm>

#include "frontend/json_schema/content.h"
#include "frontend/json_schema/formats.h"

namespace xgr::core {
namespace {

constexpr uint32_t kBeyondCounts = UINT32_MAX;  // stands for all counts from there on
constexpr const char* kCountsTooMuch = "asks for more than 4294967294, which is not supported";

void keep(TypeSet types, Shape* s) { s->types &= types; }

void tighten(Bound b, bool lower, Bound* have) {
  if (have->set) {
    int c = compare(b.value, have->value);
    if (!lower) c = -c;
    if (c < 0 || (c == 0 && !b.exclusive)) return;
  }
  *have = std::move(b);
}

}  // namespace

Error Constraints::malformed(JsonId node, const char* wanted) const {
  std::string keyword(doc_.key(node));
  return source_.error(Status::kInvalidSource,
                       "malformed schema: \"" + keyword + "\" must be " + wanted, node);
}

MaybeError Constraints::read_count(JsonId node, uint32_t* out) const {
  if (!doc_.is(node, JsonType::kNumber)) return malformed(node, "a non-negative integer");
  auto d = Decimal::parse(doc_.text(node));
  if (!d || d->negative || !d->integer()) return malformed(node, "a non-negative integer");
  const uint64_t count = d->point > 10 ? kBeyondCounts : std::stoull(d->whole());
  *out = static_cast<uint32_t>(std::min<uint64_t>(count, kBeyondCounts));
  return std::nullopt;
}

MaybeError Constraints::read_names(JsonId node, std::vector<std::string_view>* out) const {
  if (doc_.is_bool(node))
    return malformed(
        node,
        "an array of strings, in the schema of the object; as true or false beside the "
        "property it is that of draft 3");
  if (!doc_.is(node, JsonType::kArray)) return malformed(node, "an array of strings");
  for (JsonId c : doc_.children(node)) {
    if (!doc_.is(c, JsonType::kString)) return malformed(node, "an array of strings");
    out->push_back(doc_.text(c));
  }
  return std::nullopt;
}

MaybeError Constraints::require_name(std::string_view name, Shape* s) const {
  if (std::find(s->required.begin(), s->required.end(), name) == s->required.end())
    s->required.push_back(name);
  s->describes_object = true;
  return std::nullopt;
}

MaybeError Constraints::read_types(JsonId node, TypeSet* out) const {
  auto add = [&](JsonId name) {
    const TypeSet named = doc_.is(name, JsonType::kString) ? named_types(doc_.text(name)) : 0;
    *out |= named;
    return named != 0;
  };
  const char* wanted =
      "one of \"null\", \"boolean\", \"integer\", \"number\", \"string\", \"array\", \"object\", "
      "or a list of them";
  *out = 0;
  if (!doc_.is(node, JsonType::kArray)) {
    if (add(node)) return std::nullopt;
    return malformed(node, wanted);
  }
  for (JsonId c : doc_.children(node)) {
    if (!add(c)) return malformed(node, wanted);
  }
  return std::nullopt;
}

MaybeError Constraints::read_values(Keyword k, JsonId node, std::vector<JsonId>* out) const {
  if (k == Keyword::kConst) {
    out->push_back(node);
    return std::nullopt;
  }
  if (!doc_.is(node, JsonType::kArray)) return malformed(node, "an array of values");
  for (JsonId c : doc_.children(node)) out->push_back(c);
  return std::nullopt;
}

void Constraints::apply_values(std::vector<JsonId> listed, bool negated, Shape* s) const {
  TypeSet types = 0;
  for (JsonId v : listed) types |= type_of(doc_, v);
  if (negated) {
    for (JsonId v : listed) {
      TypeSet t = type_of(doc_, v);
      if (t & (kNullBit | kBooleanBits)) keep(static_cast<TypeSet>(~t), s);
      if (!(t & (kArrayBit | kObjectBit)) || doc_.count(v) > 0) continue;
      uint32_t* min = t == kArrayBit ? &s->min_items : &s->min_properties;
      *min = std::max(*min, 1u);
      s->describes_object = s->describes_object || t == kObjectBit;
    }
    s->excluded.insert(s->excluded.end(), listed.begin(), listed.end());
    return;
  }
  if (s->has_values) {
    auto listed_too = [&](JsonId v) {
      return std::any_of(listed.begin(), listed.end(),
                         [&](JsonId w) { return json_equal(doc_, v, w); });
    };
    std::erase_if(s->values, [&](JsonId v) { return !listed_too(v); });
  } else {
    s->values = std::move(listed);
  }
  s->has_values = true;
  if (s->values.empty()) types = 0;
  keep(types, s);
}

MaybeError Constraints::apply_bound(Keyword k, JsonId node, bool negated, Shape* s) const {
  bool lower = k == Keyword::kMinimum || k == Keyword::kExclusiveMinimum;
  bool exclusive = k == Keyword::kExclusiveMinimum || k == Keyword::kExclusiveMaximum;
  if (exclusive && doc_.is_bool(node)) return std::nullopt;  // draft 4: read with minimum, maximum
  if (!doc_.is(node, JsonType::kNumber)) return malformed(node, "a number");
  if (!exclusive) {
    JsonId flag = doc_.find(doc_.parent(node), lower ? "exclusiveMinimum" : "exclusiveMaximum");
    exclusive = flag != kNoJson && doc_.is(flag, JsonType::kTrue);
  }
  auto value = Decimal::parse(doc_.text(node));
  if (!value || value->plain_size() > kMaxBoundDigits) {
    return source_.error(Status::kUnsupported, "bound with more than 20000 digits", node);
  }
  Bound bound{true, exclusive != negated, std::move(*value)};
  lower = lower != negated;
  tighten(std::move(bound), lower, lower ? &s->lower : &s->upper);
  if (negated) keep(kNumberBits, s);
  return std::nullopt;
}

MaybeError Constraints::apply_count(Keyword k, JsonId node, bool negated, Shape* s) const {
  uint32_t n = 0;
  if (MaybeError e = read_count(node, &n)) return e;
  uint32_t *min = &s->min_length, *max = &s->max_length;
  TypeSet type = kStringBit;
  if (k == Keyword::kMinItems || k == Keyword::kMaxItems) {
    min = &s->min_items, max = &s->max_items, type = kArrayBit;
  } else if (k == Keyword::kMinProperties || k == Keyword::kMaxProperties) {
    min = &s->min_properties, max = &s->max_properties, type = kObjectBit;
    s->describes_object = true;
  }
  bool is_min = k == Keyword::kMinLength || k == Keyword::kMinItems || k == Keyword::kMinProperties;
  if (negated) {
    keep(type, s);
    if (is_min && n == 0) return keep(0, s), std::nullopt;
    if (n != kBeyondCounts) n = is_min ? n - 1 : n + 1;
    is_min = !is_min;
  }
  if (n == kBeyondCounts) {  // no output is that long, so there is nothing to a maximum
    if (is_min) s->refusals.push_back({type, node, kCountsTooMuch});
    return std::nullopt;
  }
  if (is_min) {
    if (type == kObjectBit && n > *min) s->min_properties_node = node;
    *min = std::max(*min, n);
  } else {
    *max = std::min(*max, n);
  }
  return std::nullopt;
}

MaybeError Constraints::apply_string_test(Keyword k, JsonId node, bool negated, Shape* s) const {
  if (!doc_.is(node, JsonType::kString)) return malformed(node, "a string");
  bool format = k == Keyword::kFormat;
  if (format) {
    bool known = is_known_format(doc_.text(node));
    if (!known && formats_ == FormatPolicy::kRefuseUnknown)
      s->refusals.push_back(
          {kAllTypes, node,
           "names no format of the standard; expected one such as date-time, email or uri"});
    if (!known || formats_ == FormatPolicy::kIgnore) {
      if (negated) keep(0, s);  // it says nothing, and so nothing violates it
      return std::nullopt;
    }
  }
  if (negated) keep(kStringBit, s);
  s->string_tests.push_back({node, format ? StringTest::kFormat : StringTest::kPattern, negated});
  return std::nullopt;
}

// Asserted in draft 7 only, and there only of what can be checked; the rest are annotations.
MaybeError Constraints::apply_content(JsonId node, bool negated, Shape* s) const {
  const Dialect& d = source_.dialect(node);
  bool asserted = d.stated && d.draft == Draft::k7 && formats_ != FormatPolicy::kIgnore &&
                  doc_.is(node, JsonType::kString) && is_checked_content(doc_.text(node));
  if (!asserted) {
    if (negated) keep(0, s);
    return std::nullopt;
  }
  if (negated) keep(kStringBit, s);
  JsonId encoding = doc_.find(doc_.parent(node), "contentEncoding");
  if (negated) {
    s->refusals.push_back({kStringBit, node, "cannot be negated exactly"});
  } else if (encoding != kNoJson && encoding != node) {
    s->refusals.push_back({kStringBit, node, "is not supported beside \"contentEncoding\""});
  } else {
    s->string_tests.push_back({node, StringTest::kContent, false});
  }
  return std::nullopt;
}

MaybeError Constraints::apply_multiple(JsonId node, bool negated, Shape* s) const {
  if (!doc_.is(node, JsonType::kNumber)) return malformed(node, "a number above 0");
  auto d = Decimal::parse(doc_.text(node));
  if (d && (d->zero() || d->negative)) return malformed(node, "a number above 0");
  if (negated) keep(kNumberBits, s);
  bool one = d && d->digits == "1" && d->point == 1;
  if (one) {
    keep(static_cast<TypeSet>(negated ? ~kIntegerBit : ~kFractionBit), s);
  } else {
    s->multiples.push_back({node, negated});
  }
  return std::nullopt;
}

MaybeError Constraints::apply(Keyword k, JsonId node, bool negated, Shape* s) const {
  switch (k) {
    case Keyword::kType: {
      TypeSet types = 0;
      if (MaybeError e = read_types(node, &types)) return e;
      keep(negated ? static_cast<TypeSet>(~types) : types, s);
      // Draft 4: 1.0 is no integer. That it may stand where an integer must not is left out.
      if (!negated && (types & kNumberBits) == kIntegerBit &&
          source_.dialect(node).draft == Draft::k4)
        s->plain_integers = true;
      return std::nullopt;
    }
    case Keyword::kEnum:
    case Keyword::kConst: {
      std::vector<JsonId> listed;
      if (MaybeError e = read_values(k, node, &listed)) return e;
      apply_values(std::move(listed), negated, s);
      return std::nullopt;
    }
    case Keyword::kMinimum:
    case Keyword::kMaximum:
    case Keyword::kExclusiveMinimum:
    case Keyword::kExclusiveMaximum:
      return apply_bound(k, node, negated, s);
    case Keyword::kMultipleOf:
      return apply_multiple(node, negated, s);
    case Keyword::kPattern:
    case Keyword::kFormat:
      return apply_string_test(k, node, negated, s);
    case Keyword::kContent:
      return apply_content(node, negated, s);
    case Keyword::kUniqueItems:
      if (!doc_.is_bool(node)) return malformed(node, "true or false");
      if (negated) {
        s->refusals.push_back({kArrayBit, node, "cannot be negated exactly"});
        keep(doc_.is(node, JsonType::kTrue) ? kArrayBit : 0, s);
      } else if (doc_.is(node, JsonType::kTrue)) {
        s->unique_items = node;
      }
      return std::nullopt;
    default:
      return apply_count(k, node, negated, s);
  }
}

}  // namespace xgr::core
