// The schemas that documents are compared with, and their keywords.
//
//   SchemaWalk walk = walk_schema(source);
//   walk.keyword_at(source.doc(), node)   // the keyword that a node is, or is part of
#pragma once

#include <string_view>
#include <unordered_set>
#include <vector>

#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

struct SchemaWalk {
  std::vector<JsonId> members;         // of schema objects, in the order of the documents
  std::unordered_set<JsonId> schemas;  // the objects, as they stand in the documents

  // kNoJson when the node is not inside of a keyword.
  JsonId keyword_at(const JsonDocument& doc, JsonId node) const;
};

// The keyword without which another one means nothing; empty for all that stand for themselves.
std::string_view wanted_beside(std::string_view keyword);

// Follows references, which may add nodes to the document.
SchemaWalk walk_schema(SchemaSource& source);

}  // namespace xgr::core
