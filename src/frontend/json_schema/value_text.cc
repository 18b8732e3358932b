// The spellings of listed values.
//
// Entry point: values_text. Scalars become one string set, so an enum of 100,000 strings is one
// node; arrays and objects are put together from the inside out, with white space where JSON allows it.
//
//   enum [1e2, "a", [null]]  ->  one of {1e2, 100, 100.0, "a"} | "[" ws null ws "]"
//
// Tests: tests/cases/json_schema/enum.case.
#include "frontend/json_schema/value_text.h"

#include <string>
#include <vector>

#include "frontend/json_schema/object_generator.h"

namespace xgr::core {
namespace {

constexpr uint64_t kMaxPlainSize = 400;

void add_number(std::string_view text, bool plain_integers, std::vector<std::string>* out) {
  auto d = Decimal::parse(text);
  if (d && d->integer() && plain_integers && d->plain_size() <= kMaxPlainSize) {
    out->push_back(d->plain());
    return;
  }
  out->emplace_back(text);
  if (!d || d->plain_size() > kMaxPlainSize) return;
  out->push_back(d->plain());
  if (d->integer()) out->push_back(d->plain() + ".0");
}

void add_scalar(const JsonDocument& doc, JsonId value, bool plain_integers,
                std::vector<std::string>* out) {
  switch (doc.type(value)) {
    case JsonType::kNull:
      out->emplace_back("null");
      break;
    case JsonType::kTrue:
      out->emplace_back("true");
      break;
    case JsonType::kFalse:
      out->emplace_back("false");
      break;
    case JsonType::kNumber:
      add_number(doc.text(value), plain_integers, out);
      break;
    default:
      out->push_back(json_quote(doc.text(value)));
      break;
  }
}

bool container(const JsonDocument& doc, JsonId v) {
  return doc.is(v, JsonType::kArray) || doc.is(v, JsonType::kObject);
}

// A container, given the expressions of what is in it.
class ContainerText {
 public:
  ContainerText(JsonText& json, const JsonDocument& doc)
      : json_(json), doc_(doc), p_(json.pool()) {}

  Expr text(JsonId value, uint32_t level, bool plain_integers) {
    std::vector<uint32_t> levels{level};
    for (JsonId v = value + 1; v < doc_.end(value); ++v)
      levels.push_back(levels[doc_.parent(v) - value] + 1);
    std::vector<Expr> made(levels.size());
    auto child = [&](JsonId v) { return made[v - value]; };
    for (JsonId v = doc_.end(value); v-- > value;) {
      if (!container(doc_, v)) {
        std::vector<std::string> texts;
        add_scalar(doc_, v, plain_integers, &texts);
        made[v - value] = p_.string_set(std::move(texts));
        continue;
      }
      const Layout layout = json_.layout(levels[v - value]);
      if (json_.any_order() && doc_.is(v, JsonType::kObject) && doc_.count(v) > 1) {
        made[v - value] = object_in_any_order(v, layout, child);
      } else {
        made[v - value] = in_order(v, layout, child);
      }
    }
    return made[0];
  }

 private:
  template <typename Child>
  Expr in_order(JsonId v, const Layout& l, Child&& child) {
    const bool object = doc_.is(v, JsonType::kObject), empty = doc_.count(v) == 0;
    std::vector<Expr> parts{p_.literal(object ? "{" : "["), l.after_open};
    for (JsonId c : doc_.children(v)) {
      parts.push_back(c == v + 1 ? l.first : p_.seq(l.lead, l.separator));
      if (object) parts.push_back(p_.seq(p_.literal(json_quote(doc_.key(c))), l.colon));
      parts.push_back(child(c));
    }
    if (!empty) parts.push_back(l.lead);
    const Expr close = object ? l.close_object : l.close_array;
    parts.push_back(empty ? p_.literal(object ? "}" : "]") : close);
    return p_.seq(parts);
  }
  template <typename Child>
  Expr object_in_any_order(JsonId v, const Layout& l, Child&& child) {
    ObjectSpec spec;
    spec.layout = l;
    spec.any_order = true;
    for (JsonId c : doc_.children(v)) {
      spec.members.push_back({json_quote(doc_.key(c)), true, child(c)});
      if (spec.members.back().key.size() > kMaxKeyBytes) return in_order(v, l, child);
    }
    return add_object(p_, std::move(spec));
  }

  JsonText& json_;
  const JsonDocument& doc_;
  ExprPool& p_;
};

}  // namespace

Expr values_text(JsonText& json, const JsonDocument& doc, std::span<const JsonId> values,
                 uint32_t level, bool plain_integers) {
  std::vector<std::string> scalars;
  std::vector<Expr> branches;
  for (JsonId v : values) {
    if (container(doc, v)) {
      branches.push_back(ContainerText(json, doc).text(v, level, plain_integers));
    } else {
      add_scalar(doc, v, plain_integers, &scalars);
    }
  }
  branches.push_back(json.pool().string_set(std::move(scalars)));
  return json.pool().alt(branches);
}

}  // namespace xgr::core
