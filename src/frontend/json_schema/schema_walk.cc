// Walking a schema along the keywords that hold schemas.
//
// Entry points: walk_schema, walk_schema_objects. Definitions are not entered unless a reference leads to them: what is
// never used constrains nothing. Where dynamic references have made copies the originals count.
//
//   {"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}, "b": {}}}
//   ->  $ref, $defs, /$defs/a/type
//
// Tests: tests/unit/frontend/json_schema/schema_report_test.cc.
#include "frontend/json_schema/schema_walk.h"

#include <algorithm>

#include "frontend/json_schema/keywords.h"

namespace xgr::core {
namespace {

bool is_table_of_definitions(std::string_view name) {
  return name == "$defs" || name == "definitions";
}

void add_schemas(const JsonDocument& doc, JsonId member, std::vector<JsonId>* todo) {
  const DialectKeyword* k = find_keyword(doc.key(member));
  if (k == nullptr || is_table_of_definitions(k->name) || k->name == "contentSchema") return;
  std::string_view beside = wanted_beside(k->name);
  if (!beside.empty() && doc.find(doc.parent(member), beside) == kNoJson) return;
  bool list = doc.is(member, JsonType::kArray) &&
              (k->holds == Holds::kList || k->holds == Holds::kListOrSchema);
  bool table = doc.is(member, JsonType::kObject) && k->holds == Holds::kTable;
  if (list || table) {
    for (JsonId c : doc.children(member)) todo->push_back(c);
  } else if (k->holds == Holds::kSchema || k->holds == Holds::kListOrSchema) {
    todo->push_back(member);
  }
}

}  // namespace

std::string_view wanted_beside(std::string_view keyword) {
  if (keyword == "then" || keyword == "else") return "if";
  if (keyword == "minContains" || keyword == "maxContains") return "contains";
  return "";
}

JsonId SchemaWalk::keyword_at(const JsonDocument& doc, JsonId node) const {
  for (node = doc.origin(node); node != kNoJson; node = doc.parent(node)) {
    JsonId parent = doc.parent(node);
    if (parent != kNoJson && has_schema(parent) && find_keyword(doc.key(node)) != nullptr)
      return node;
  }
  return kNoJson;
}

SchemaWalk walk_schema_objects(SchemaSource& source) {
  const JsonDocument& doc = source.doc();
  SchemaWalk out;
  std::vector<bool> seen;  // copies too: references in them may lead elsewhere
  std::vector<JsonId> todo{0};
  while (!todo.empty()) {
    JsonId schema = todo.back();
    todo.pop_back();
    if (seen.size() < doc.size()) seen.resize(doc.size()), out.schemas.resize(doc.size());
    if (!doc.is(schema, JsonType::kObject) || seen[schema]) continue;
    seen[schema] = true;
    out.schemas[doc.origin(schema)] = true;
    for (JsonId member : doc.children(schema)) {
      add_schemas(doc, member, &todo);
      if (keyword_of(doc.key(member)) != Keyword::kRef || !doc.is(member, JsonType::kString))
        continue;
      Result<JsonId> target = source.resolve(member);
      if (target.ok()) todo.push_back(target.value());
    }
  }
  return out;
}

SchemaWalk walk_schema(SchemaSource& source) {
  SchemaWalk out = walk_schema_objects(source);
  const JsonDocument& doc = source.doc();
  for (JsonId n = 0; n < out.schemas.size(); ++n) {
    if (!out.schemas[n]) continue;
    for (JsonId member : doc.children(n)) out.members.push_back(member);
  }
  std::sort(out.members.begin(), out.members.end());
  return out;
}

}  // namespace xgr::core
