// References that lead elsewhere depending on how they were reached.
//
// Entry point: DynamicScopes::enter. A scope maps the name of each dynamic anchor to the schema
// that the outermost resource entered so far gives it. What a resource means is fixed by the scope
// it is entered under, so each pair of the two gets a copy of the resource's nodes of its own: to
// all who read the document a copy is a schema like others, and whatever they remember of one is
// true of it alone. Only names that several schemas carry make scopes, so most documents have none.
//
//   tree.json: {"$dynamicAnchor": "node", "properties": {"child": {"$dynamicRef": "#node"}}}
//   entered from strict.json with an anchor of that name, the children are strict trees too
//
// Tests: tests/unit/frontend/json_schema/schema_source_test.cc,
// tests/cases/json_schema/dynamic_ref.case.
#include "frontend/json_schema/dynamic_scopes.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr uint64_t kCopySteps = 4;  // of a node

}  // namespace

std::optional<DynamicScopes> DynamicScopes::make(JsonDocument& doc, const SchemaIndex& index,
                                                 Work* work) {
  auto dynamic = [&](JsonId r) { return doc.key(r) != "$ref"; };
  const std::vector<JsonId>& references = index.references();
  if (std::none_of(references.begin(), references.end(), dynamic)) return std::nullopt;
  DynamicScopes out;
  std::unordered_map<std::string, int> schemas;
  for (const auto& [root, resource] : index.resources()) {
    out.resources_.push_back(root);
    for (const auto& [name, schema] : resource.dynamic_anchors) ++schemas[name];
  }
  for (const auto& [name, count] : schemas) {
    if (count > 1) out.names_.emplace(name, static_cast<uint32_t>(out.names_.size()));
  }
  if (out.names_.empty()) return std::nullopt;
  out.work_ = work;
  std::sort(out.resources_.begin(), out.resources_.end());
  out.place(doc, index, 0, 0, out.extend(out.intern({}), index.resource(0)));
  return out;
}

DynamicScopes::ScopeId DynamicScopes::intern(Scope scope) {
  auto [it, fresh] = scope_ids_.try_emplace(scope, static_cast<ScopeId>(scopes_.size()));
  if (fresh) scopes_.push_back(std::move(scope));
  return it->second;
}

DynamicScopes::ScopeId DynamicScopes::extend(ScopeId id, const SchemaResource& entered) {
  Scope scope = scopes_[id];
  for (const auto& [name, schema] : entered.dynamic_anchors) {
    auto known = names_.find(name);
    if (known == names_.end()) continue;
    auto at = std::lower_bound(scope.begin(), scope.end(), std::pair{known->second, JsonId{0}});
    if (at == scope.end() || at->first != known->second) scope.insert(at, {known->second, schema});
  }
  return scope.size() == scopes_[id].size() ? id : intern(std::move(scope));
}

JsonId DynamicScopes::root_of(const JsonDocument& doc, JsonId node) const {
  while (!scope_of_.contains(node)) node = doc.parent(node);
  return node;
}

// Makes the nodes from `at` on stand for the resource under a scope, and all resources inside for
// themselves under what the scope is there.
void DynamicScopes::place(const JsonDocument& doc, const SchemaIndex& index, JsonId resource,
                          JsonId at, ScopeId scope) {
  auto first = std::lower_bound(resources_.begin(), resources_.end(), resource);
  for (auto r = first; r != resources_.end() && *r < doc.end(resource); ++r) {
    JsonId root = at + (*r - resource);
    if (*r != resource)
      scope = extend(scope_of_.at(root_of(doc, doc.parent(root))), index.resource(*r));
    scope_of_[root] = scope;
    instances_.try_emplace({*r, scope}, root);
  }
}

JsonId DynamicScopes::instance(JsonDocument& doc, const SchemaIndex& index, JsonId resource,
                               ScopeId scope) {
  auto known = instances_.find({resource, scope});
  if (known != instances_.end()) return known->second;
  JsonId at = resource;
  bool untouched = index.document_of(resource) == resource && !scope_of_.contains(resource);
  if (!untouched) {
    charge(work_, (doc.end(resource) - resource) * kCopySteps);
    at = doc.copy(resource);
  }
  place(doc, index, resource, at, scope);
  return at;
}

JsonId DynamicScopes::enter(JsonDocument& doc, const SchemaIndex& index, JsonId reference,
                            const ReferenceTarget& target) {
  const ScopeId scope = scope_of_.at(root_of(doc, reference));
  JsonId node = target.node;
  if (auto name = names_.find(target.anchor); target.dynamic && name != names_.end()) {
    for (const auto& [known, schema] : scopes_[scope]) {
      if (known == name->second) node = schema;
    }
  }
  const JsonId resource = index.resource_of(doc, node);
  const JsonId root = instance(doc, index, resource, extend(scope, index.resource(resource)));
  return root + (node - resource);
}

}  // namespace xgr::core
