// Where the resources, anchors and references of schema documents are.
//
//   SchemaIndex index(remotes, limits);
//   index.add_document(doc, root, "", dialect);
//   index.resource_of(doc, node)      // root of the resource that a node stands in
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/json_schema/dialect.h"
#include "support/json_reader.h"

namespace xgr::core {

struct SchemaResource {
  std::string uri;
  Dialect dialect;
  // Name and schema of each $dynamicAnchor; the name of a $recursiveAnchor is "".
  std::vector<std::pair<std::string, JsonId>> dynamic_anchors;
};

struct SchemaAnchor {
  JsonId schema;
  bool dynamic;
};

class SchemaIndex {
 public:
  SchemaIndex(std::span<const RemoteSchema> remotes, const Limits& limits)
      : remotes_(remotes), limits_(limits) {}

  // Takes in a document that was read from `uri`. `fallback`: what it is written in if it has no
  // $schema of a known draft.
  MaybeError add_document(JsonDocument& doc, JsonId root, const std::string& uri,
                          const Dialect& fallback);
  // Makes sure that the node, which a reference leads to, counts as a schema.
  MaybeError add_target(JsonDocument& doc, JsonId node);

  JsonId resource_of(const JsonDocument& doc, JsonId node) const;
  const SchemaResource& resource(JsonId root) const { return resources_.at(root); }
  const std::unordered_map<JsonId, SchemaResource>& resources() const { return resources_; }
  // Roots of documents and resources, kNoJson when the URI is unknown.
  JsonId find_resource(const std::string& uri) const;
  const SchemaAnchor* find_anchor(JsonId resource, std::string_view name) const;
  // Whether the string is a $schema that names no known draft and no supplied meta-schema.
  bool names_unknown_draft(JsonId schema_node) const {
    return unknown_drafts_.contains(schema_node);
  }
  // Strings of $ref, $dynamicRef and $recursiveRef, in all documents.
  const std::vector<JsonId>& references() const { return references_; }
  // Root and URI of the document that a node belongs to.
  JsonId document_of(JsonId node) const { return documents_[place_of(node)].root; }
  const std::string& document_uri(JsonId node) const { return documents_[place_of(node)].uri; }

 private:
  struct Document {
    JsonId root;
    bool walked;  // otherwise the root is the only resource and every node may be a schema
    std::string uri;
  };
  struct Task {
    JsonId node, resource;
  };
  size_t place_of(JsonId node) const;
  Result<Dialect> dialect_of(const JsonDocument& doc, JsonId schema_node, const Dialect& fallback);
  Result<Dialect> custom_dialect(const std::string& uri, const Dialect& fallback);
  bool plain(const JsonDocument& doc, JsonId root, const Dialect& dialect);
  MaybeError walk(JsonDocument& doc, JsonId start, JsonId resource);
  MaybeError add_resource(const JsonDocument& doc, JsonId root, std::string uri,
                          const Dialect& dialect);
  MaybeError enter(JsonDocument& doc, JsonId schema, JsonId* resource);
  void add_anchor(JsonId resource, std::string_view name, JsonId schema, bool dynamic);
  void read_member(JsonDocument& doc, JsonId member, const Task& at, std::vector<Task>* todo);

  std::span<const RemoteSchema> remotes_;
  Limits limits_;
  size_t uri_bytes_ = 0;
  std::unordered_map<std::string, Dialect> custom_dialects_;  // by URI of the meta-schema
  std::unordered_set<JsonId> unknown_drafts_;
  std::vector<Document> documents_;
  std::unordered_map<JsonId, SchemaResource> resources_;
  std::unordered_map<std::string, JsonId> by_uri_;
  std::unordered_map<std::string, SchemaAnchor> anchors_;  // resource root id '#' name
  std::vector<JsonId> references_;
  std::vector<JsonId> owner_;  // schema in a walked document -> its resource; kNoJson otherwise
};

}  // namespace xgr::core
