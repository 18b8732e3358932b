// The spellings of listed values.
//
// Entry point: values_text. Scalars become one string set, so an enum of 100,000 strings is one
// node; an array or object is the sequence of what it is made of, with white space where JSON allows it.
//
//   enum [1e2, "a", [null]]  ->  one of {1e2, 100, 100.0, "a"} | "[" ws null ws "]"
//
// Tests: tests/cases/json_schema/enum.case.
#include "frontend/json_schema/value_text.h"

#include <string>
#include <unordered_map>
#include <utility>
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

// A container as one sequence of its parts, whatever its depth: sequences in sequences would be taken
// apart again for each level. Only objects in any order are expressions of their own.
class ContainerText {
 public:
  ContainerText(JsonText& json, const JsonDocument& doc, bool plain_integers)
      : json_(json), doc_(doc), p_(json.pool()), plain_integers_(plain_integers) {}

  Expr text(JsonId value, uint32_t level) {
    top_ = value;
    levels_.assign(1, level);
    for (JsonId v = value + 1; v < doc_.end(value); ++v)
      levels_.push_back(levels_[doc_.parent(v) - value] + 1);
    for (JsonId v = doc_.end(value); v-- > value;) {
      if (json_.any_order() && doc_.is(v, JsonType::kObject) && doc_.count(v) > 1)
        object_in_any_order(v);
    }
    return part(value);
  }

 private:
  Expr part(JsonId v) {
    if (auto known = made_.find(v); known != made_.end()) return known->second;
    return container(doc_, v) ? in_order(v) : scalar(v);
  }

  Expr scalar(JsonId v) {
    std::vector<std::string> texts;
    add_scalar(doc_, v, plain_integers_, &texts);
    return p_.string_set(std::move(texts));
  }

  Expr in_order(JsonId value) {
    std::vector<Expr> parts;
    std::vector<std::pair<JsonId, Layout>> open;
    for (JsonId v = value; v < doc_.end(value);) {
      if (v != value) introduce(v, open.back().second, &parts);
      const auto known = made_.find(v);
      if (container(doc_, v) && known == made_.end()) {
        const Layout l = json_.layout(levels_[v - top_]);
        const bool object = doc_.is(v, JsonType::kObject);
        parts.insert(parts.end(), {object ? l.open_object : l.open_array, l.after_open});
        if (doc_.count(v) == 0) {
          parts.push_back(object ? l.empty_object : l.empty_array);
        } else {
          open.push_back({v, l});
        }
        ++v;
      } else {
        parts.push_back(known == made_.end() ? scalar(v) : known->second);
        v = doc_.end(v);
      }
      while (!open.empty() && doc_.end(open.back().first) == v) {
        const Layout& l = open.back().second;
        const bool object = doc_.is(open.back().first, JsonType::kObject);
        parts.insert(parts.end(), {l.lead, object ? l.close_object : l.close_array});
        open.pop_back();
      }
    }
    return p_.seq(parts);
  }

  // What stands before a member or element.
  void introduce(JsonId v, const Layout& l, std::vector<Expr>* parts) {
    const JsonId parent = doc_.parent(v);
    if (v == parent + 1) {
      parts->push_back(l.first);
    } else {
      parts->insert(parts->end(), {l.lead, l.separator});
    }
    if (doc_.is(parent, JsonType::kObject))
      parts->insert(parts->end(), {p_.literal(json_quote(doc_.key(v))), l.colon});
  }

  void object_in_any_order(JsonId v) {
    ObjectSpec spec;
    spec.layout = json_.layout(levels_[v - top_]);
    spec.any_order = true;
    for (JsonId c : doc_.children(v)) {
      spec.members.push_back({json_quote(doc_.key(c)), true, part(c)});
      if (spec.members.back().key.size() > kMaxKeyBytes) return;  // in order, then
    }
    made_.emplace(v, add_object(p_, std::move(spec)));
  }

  JsonText& json_;
  const JsonDocument& doc_;
  ExprPool& p_;
  bool plain_integers_;
  JsonId top_ = 0;
  std::vector<uint32_t> levels_;           // of the nodes from top_ on
  std::unordered_map<JsonId, Expr> made_;  // objects in any order
};

}  // namespace

Expr values_text(JsonText& json, const JsonDocument& doc, std::span<const JsonId> values,
                 uint32_t level, bool plain_integers) {
  std::vector<std::string> scalars;
  std::vector<Expr> branches;
  for (JsonId v : values) {
    json.pool().charge(doc.end(v) - v);
    if (container(doc, v)) {
      branches.push_back(ContainerText(json, doc, plain_integers).text(v, level));
    } else {
      add_scalar(doc, v, plain_integers, &scalars);
    }
  }
  branches.push_back(json.pool().string_set(std::move(scalars)));
  return json.pool().alt(branches);
}

}  // namespace xgr::core
