// The documents of a schema: its own and those that references lead to, and where they lead.
//
//   SchemaSource source = SchemaSource::read(text, options, limits).value();
//   source.resolve(ref_node)   // node that {"$ref": "#/$defs/a~1b"} means
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "frontend/json_schema/dynamic_scopes.h"
#include "support/text_index.h"

namespace xgr::core {

class SchemaSource {
 public:
  // The texts that the options hold must live as long as the source.
  static Result<SchemaSource> read(std::string_view text, const JsonSchemaOptions& options,
                                   const Limits& limits);
  static Result<SchemaSource> read(JsonDocument doc, const JsonSchemaOptions& options,
                                   const Limits& limits);

  const JsonDocument& doc() const { return doc_; }
  // What the schema that a node belongs to is written in.
  const Dialect& dialect(JsonId node) const;
  // Target of the reference held by `ref_node` (the string), or why there is none. May add nodes
  // to the document.
  Result<JsonId> resolve(JsonId ref_node);
  // Whether some reference leads to this node.
  bool is_target(JsonId node) const {
    const JsonId origin = doc_.origin(node);
    return origin < targets_.size() && targets_[origin];
  }

  // All nodes that references lead to, in any order.
  const std::vector<JsonId>& targets() const { return target_list_; }
  // Whether a $schema names no known draft and no supplied meta-schema.
  bool names_unknown_draft(JsonId member) const { return index_.names_unknown_draft(member); }
  // Whether a schema is the root of a document, or a resource inside of one.
  bool is_resource(JsonId schema) const { return index_.resources().contains(schema); }

  // Leaves a keyword out, in positive and in negated schemas. To be called before any resolve.
  void relax(JsonId member);
  // Whether a keyword was left out of the schema object.
  bool is_relaxed(JsonId schema) const {
    return !relaxed_.empty() && relaxed_.contains(doc_.origin(schema));
  }
  // Whether one was that might have described properties or items.
  bool is_opened(JsonId schema) const {
    return is_relaxed(schema) && relaxed_.at(doc_.origin(schema));
  }
  // JSON Pointer of a node, after the URI of its document and "#" if that is not the schema's.
  std::string place(JsonId node) const;
  // The node that place() says this of; kNoJson when there is none.
  JsonId find_place(std::string_view place) const;

  // An error at a node; the pointer of a node of another document follows its URI and "#".
  Error error(Status code, const std::string& message, JsonId at) const;

 private:
  SchemaSource(std::span<const RemoteSchema> remotes, const Limits& limits)
      : limits_(limits), index_(remotes, limits) {}
  static Result<SchemaSource> read_all(JsonDocument doc, const JsonSchemaOptions& options,
                                       const Limits& limits);
  void index_targets();
  void add_target(JsonId node) {
    if (targets_.size() <= node) targets_.resize(doc_.size());
    if (!targets_[node]) target_list_.push_back(node);
    targets_[node] = true;
  }
  Result<ReferenceTarget> static_target(JsonId ref_node);
  Result<ReferenceTarget> find_target(JsonId ref_node, JsonId resource);
  Result<JsonId> document(const std::string& uri, JsonId ref_node);
  Result<JsonId> load(const std::string& uri, std::string_view text, JsonId ref_node);
  JsonId find_pointer(JsonId from, std::string_view pointer);
  JsonId find_member(JsonId object, std::string_view name);

  std::unordered_map<std::string_view, std::string_view> remotes_;  // URI -> text
  Limits limits_;
  JsonDocument doc_;
  SchemaIndex index_;
  std::optional<DynamicScopes> scopes_;
  bool complete_ = false;         // no document is added any more
  std::vector<JsonId> resolved_;  // reference -> target; kNoJson: not known
  // What a reference means in its resource, by its text.
  struct Meaning {
    JsonId reference, resource;
    ReferenceTarget target;
  };
  std::vector<Meaning> meanings_;
  TextIndex by_text_;                              // -> index of a meaning
  std::unordered_map<std::string, Error> failed_;  // documents that cannot be used
  std::vector<bool> targets_;
  std::vector<JsonId> target_list_;             // the same
  std::unordered_map<JsonId, TextIndex> wide_;  // objects -> members by name
  std::unordered_map<JsonId, bool> relaxed_;    // schema -> whether that opened it
};

}  // namespace xgr::core
