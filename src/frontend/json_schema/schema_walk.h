// The schemas that documents are compared with, and their keywords.
//
//   SchemaWalk walk = walk_schema(source);
//   walk.keyword_at(source.doc(), node)   // the keyword that a node is, or is part of
#pragma once

#include <string_view>
#include <vector>

#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

struct SchemaWalk {
  std::vector<bool> schemas;  // by node: whether it is such an object, as it stands in the document
  std::vector<JsonId> members;  // of the objects, in the order of the documents

  bool has_schema(JsonId node) const { return node < schemas.size() && schemas[node]; }
  // kNoJson when the node is not inside of a keyword.
  JsonId keyword_at(const JsonDocument& doc, JsonId node) const;
};

// The keyword without which another one means nothing; empty for all that stand for themselves.
std::string_view wanted_beside(std::string_view keyword);

// Follows references, which may add nodes to the document. The second leaves out the members.
SchemaWalk walk_schema(SchemaSource& source);
SchemaWalk walk_schema_objects(SchemaSource& source);

}  // namespace xgr::core
