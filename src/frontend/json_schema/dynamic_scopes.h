// Dynamic scopes: what $dynamicRef and $recursiveRef mean depends on the resources entered so far.
//
//   scopes.enter(doc, index, ref_node, target)   // node that stands for the target as seen there
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "frontend/json_schema/schema_index.h"

namespace xgr::core {

struct ReferenceTarget {
  JsonId node;
  std::string anchor;    // its name when the reference is dynamic: other schemas may stand in
  bool dynamic = false;  // the reference and what it leads to are dynamic
};

class DynamicScopes {
 public:
  // None when every dynamic reference leads to the same schema from wherever it is reached.
  static std::optional<DynamicScopes> make(JsonDocument& doc, const SchemaIndex& index, Work* work);

  // What the reference leads to, under the scope in which `reference` stands.
  JsonId enter(JsonDocument& doc, const SchemaIndex& index, JsonId reference,
               const ReferenceTarget& target);

 private:
  using ScopeId = uint32_t;
  using Scope = std::vector<std::pair<uint32_t, JsonId>>;  // name -> schema, sorted
  ScopeId intern(Scope scope);
  ScopeId extend(ScopeId scope, const SchemaResource& entered);
  JsonId root_of(const JsonDocument& doc, JsonId node) const;
  JsonId instance(JsonDocument& doc, const SchemaIndex& index, JsonId resource, ScopeId scope);
  void place(const JsonDocument& doc, const SchemaIndex& index, JsonId resource, JsonId at,
             ScopeId scope);

  std::unordered_map<std::string, uint32_t> names_;  // with several schemas
  std::vector<Scope> scopes_;
  std::map<Scope, ScopeId> scope_ids_;
  std::vector<JsonId> resources_;                           // of the index, sorted
  std::map<std::pair<JsonId, ScopeId>, JsonId> instances_;  // resource, scope -> root
  std::unordered_map<JsonId, ScopeId> scope_of_;            // root of an instance -> scope
  Work* work_ = nullptr;
};

}  // namespace xgr::core
