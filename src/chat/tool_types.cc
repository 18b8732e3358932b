// Types of arguments.
//
// Entry points: ToolTypes::types, member, item. Only what tells types is read: type, enum, const,
// references inside the schema and combinations of them; everything else is taken to allow all. A
// schema that goes on and on is cut off, and then allows all as well.
//
//   {"anyOf": [{"type": "integer"}, {"enum": ["auto"]}]}  ->  integers, strings
//
// Tests: tests/unit/chat/tool_types_test.cc.
#include "chat/tool_types.h"

#include <vector>

namespace xgr::core {
namespace {

constexpr size_t kMaxTypeDepth = 24;
constexpr size_t kMaxTypeSteps = 2000;

using TypedPlace = ToolTypes::Place;

// Names that are none allow all.
TypeSet named_type(std::string_view name) {
  const TypeSet named = named_types(name);
  return named == 0 ? TypeSet{kAllTypes} : named;
}

// All numbers are of one type here.
TypeSet value_type(const JsonDocument& doc, JsonId v) {
  const TypeSet type = type_of(doc, v);
  return type & kNumberBits ? TypeSet{kNumberBits} : type;
}

class TypeWalk {
 public:
  explicit TypeWalk(const JsonDocument& doc) : doc_(doc) {}

  TypeSet types(JsonId s, size_t depth) {
    if (!enter(s, depth)) return kAllTypes;
    TypeSet out = kAllTypes;
    if (JsonId t = doc_.find(s, "type"); t != kNoJson) {
      TypeSet named = doc_.is(t, JsonType::kArray) ? 0 : named_type(doc_.text(t));
      if (named == 0) {
        for (JsonId c : doc_.children(t)) named |= named_type(doc_.text(c));
      }
      out &= named;
    }
    if (JsonId v = doc_.find(s, "const"); v != kNoJson) out &= value_type(doc_, v);
    if (JsonId list = doc_.find(s, "enum"); list != kNoJson && doc_.is(list, JsonType::kArray)) {
      TypeSet listed = 0;
      for (JsonId c : doc_.children(list)) listed |= value_type(doc_, c);
      out &= listed;
    }
    if (JsonId to = reference(s); to != kNoJson) out &= types(to, depth + 1);
    for (const char* word : {"allOf", "anyOf", "oneOf"}) {
      JsonId list = doc_.find(s, word);
      if (list == kNoJson || !doc_.is(list, JsonType::kArray) || doc_.count(list) == 0) continue;
      TypeSet some = 0, all = kAllTypes;
      for (JsonId c : doc_.children(list)) {
        const TypeSet t = types(c, depth + 1);
        some |= t;
        all &= t;
      }
      out &= std::string_view(word) == "allOf" ? all : some;
    }
    return out;
  }

  // The first schema in which `find` finds something: in `s`, where it leads to, and in its parts.
  template <typename F>
  JsonId search(JsonId s, size_t depth, const F& find) {
    if (!enter(s, depth)) return kNoJson;
    if (JsonId found = find(s); found != kNoJson) return found;
    if (JsonId to = reference(s); to != kNoJson) {
      if (JsonId found = search(to, depth + 1, find); found != kNoJson) return found;
    }
    for (const char* word : {"allOf", "anyOf", "oneOf"}) {
      JsonId list = doc_.find(s, word);
      if (list == kNoJson || !doc_.is(list, JsonType::kArray)) continue;
      for (JsonId c : doc_.children(list)) {
        if (JsonId found = search(c, depth + 1, find); found != kNoJson) return found;
      }
    }
    return kNoJson;
  }

 private:
  bool enter(JsonId s, size_t depth) {
    return depth < kMaxTypeDepth && ++steps_ < kMaxTypeSteps && doc_.is(s, JsonType::kObject);
  }
  JsonId reference(JsonId s) const {
    const JsonId ref = doc_.find(s, "$ref");
    if (ref == kNoJson || !doc_.is(ref, JsonType::kString)) return kNoJson;
    const std::string_view to = doc_.text(ref);
    return to.starts_with("#") ? doc_.resolve(doc_.root(), to.substr(1)) : kNoJson;
  }

  const JsonDocument& doc_;
  size_t steps_ = 0;
};

template <typename F>
TypedPlace search_types(TypedPlace place, const F& find) {
  if (!place.known()) return {};
  const JsonId found = TypeWalk(*place.doc).search(place.schema, 0, find);
  return found == kNoJson ? TypedPlace{} : TypedPlace{place.doc, found};
}

}  // namespace

MaybeError ToolTypes::add(std::string_view tool, std::string_view schema, const Limits& limits) {
  Result<JsonDocument> doc = JsonDocument::parse(schema, limits);
  if (!doc.ok()) return std::move(doc.error());
  documents_.push_back(std::move(doc).value());
  tools_.emplace(tool, &documents_.back());
  return std::nullopt;
}

TypedPlace ToolTypes::arguments(std::string_view tool) const {
  auto it = tools_.find(std::string(tool));
  return it == tools_.end() ? TypedPlace{} : TypedPlace{it->second, it->second->root()};
}

TypeSet ToolTypes::types(TypedPlace place) {
  if (!place.known()) return kAllTypes;
  const TypeSet types = TypeWalk(*place.doc).types(place.schema, 0);
  return types == 0 ? TypeSet{kAllTypes} : types;
}

TypedPlace ToolTypes::member(TypedPlace place, std::string_view key) {
  TypedPlace found = search_types(place, [&](JsonId s) {
    const JsonId properties = place.doc->find(s, "properties");
    return properties == kNoJson ? kNoJson : place.doc->find(properties, key);
  });
  if (found.known()) return found;
  return search_types(place, [&](JsonId s) {
    const JsonId other = place.doc->find(s, "additionalProperties");
    return other != kNoJson && place.doc->is(other, JsonType::kObject) ? other : kNoJson;
  });
}

TypedPlace ToolTypes::item(TypedPlace place, size_t index) {
  return search_types(place, [&](JsonId s) {
    const JsonDocument& doc = *place.doc;
    for (const char* word : {"prefixItems", "items"}) {
      const JsonId items = doc.find(s, word);
      if (items == kNoJson) continue;
      if (doc.is(items, JsonType::kObject)) return items;
      if (!doc.is(items, JsonType::kArray)) continue;
      size_t i = 0;
      for (JsonId c : doc.children(items)) {
        if (i++ == index) return c;
      }
    }
    return kNoJson;
  });
}

bool ToolTypes::lists_strings(TypedPlace place) {
  return search_types(place,
                      [&](JsonId s) {
                        const JsonId list = place.doc->find(s, "enum");
                        return list != kNoJson ? list : place.doc->find(s, "const");
                      })
      .known();
}

bool ToolTypes::lists(TypedPlace place, std::string_view text) {
  return search_types(
             place,
             [&](JsonId s) {
               const JsonDocument& doc = *place.doc;
               const JsonId value = doc.find(s, "const");
               if (value != kNoJson && doc.is(value, JsonType::kString) && doc.text(value) == text)
                 return value;
               const JsonId list = doc.find(s, "enum");
               if (list == kNoJson || !doc.is(list, JsonType::kArray)) return kNoJson;
               for (JsonId c : doc.children(list)) {
                 if (doc.is(c, JsonType::kString) && doc.text(c) == text) return c;
               }
               return kNoJson;
             })
      .known();
}

bool ToolTypes::limits_strings(TypedPlace place) {
  return search_types(
             place,
             [&](JsonId s) {
               for (const char* word : {"minLength", "maxLength", "pattern", "format", "not"}) {
                 if (JsonId found = place.doc->find(s, word); found != kNoJson) return found;
               }
               return kNoJson;
             })
      .known();
}

uint64_t ToolTypes::min_length(TypedPlace place) {
  const TypedPlace found =
      search_types(place, [&](JsonId s) { return place.doc->find(s, "minLength"); });
  if (!found.known()) return 0;
  uint64_t n = 0;
  for (char c : found.doc->text(found.schema)) {
    if (c < '0' || c > '9' || n > UINT32_MAX) break;
    n = n * 10 + static_cast<uint64_t>(c - '0');
  }
  return n;
}

}  // namespace xgr::core
