// StringSpelling out listed values.
//
// Entry point: values_text. Scalars become one string set, so an enum of 100,000 strings is one
// node; arrays and objects are token sequences with white space where JSON allows it.
//
//   enum [1e2, "a", [null]]  ->  one of {1e2, 100, 100.0, "a"} | "[" ws null ws "]"
//
// Tests: tests/cases/json_schema/enum.case.
#include "frontend/json_schema/value_text.h"

#include <string>
#include <vector>

namespace xgr {
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

Expr container_text(JsonText& json, const JsonDocument& doc, JsonId value, uint32_t level,
                    bool plain_integers) {
  struct Open {
    JsonId node, next;
    Layout layout;
  };
  ExprPool& p = json.pool();
  std::vector<Expr> parts;
  std::vector<Open> open;
  auto open_container = [&](JsonId v) {
    open.push_back({v, v + 1, json.layout(level + static_cast<uint32_t>(open.size()))});
    parts.push_back(p.literal(doc.is(v, JsonType::kObject) ? "{" : "["));
    parts.push_back(open.back().layout.after_open);
  };
  open_container(value);
  while (!open.empty()) {
    Open& top = open.back();
    bool object = doc.is(top.node, JsonType::kObject);
    bool first = top.next == top.node + 1;
    if (!first) parts.push_back(top.layout.lead);
    if (top.next == doc.end(top.node)) {
      Expr close = object ? top.layout.close_object : top.layout.close_array;
      parts.push_back(first ? p.literal(object ? "}" : "]") : close);
      open.pop_back();
      continue;
    }
    JsonId child = top.next;
    parts.push_back(first ? top.layout.first : top.layout.separator);
    if (object) {
      parts.push_back(p.literal(json_quote(doc.key(child))));
      parts.push_back(top.layout.colon);
    }
    top.next = doc.end(child);
    if (container(doc, child)) {
      open_container(child);
      continue;
    }
    std::vector<std::string> texts;
    add_scalar(doc, child, plain_integers, &texts);
    parts.push_back(p.string_set(std::move(texts)));
  }
  return p.seq(parts);
}

}  // namespace

Expr values_text(JsonText& json, const JsonDocument& doc, std::span<const JsonId> values,
                 uint32_t level, bool plain_integers) {
  std::vector<std::string> scalars;
  std::vector<Expr> branches;
  for (JsonId v : values) {
    if (container(doc, v)) {
      branches.push_back(container_text(json, doc, v, level, plain_integers));
    } else {
      add_scalar(doc, v, plain_integers, &scalars);
    }
  }
  branches.push_back(json.pool().string_set(std::move(scalars)));
  return json.pool().alt(branches);
}

}  // namespace xgr
