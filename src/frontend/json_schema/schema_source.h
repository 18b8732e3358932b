// One schema document: its draft, its resources, and where references lead.
//
//   SchemaSource source(document);
//   source.resolve(ref_node)   // node that {"$ref": "#/$defs/a~1b"} means
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "support/json_reader.h"

namespace xgr {

enum class Draft : uint8_t { k4, k6, k7, k2019, k2020 };

class SchemaSource {
 public:
  static Result<SchemaSource> read(std::string_view text, const Limits& limits);

  const JsonDocument& doc() const { return doc_; }
  Draft draft() const { return draft_; }
  // Up to draft 7 the siblings of $ref mean nothing.
  bool ref_stands_alone() const { return draft_ <= Draft::k7; }
  // Target of the reference held by `ref_node` (the string), or why there is none.
  Result<JsonId> resolve(JsonId ref_node);
  // Whether some reference leads to this node.
  bool is_target(JsonId node) const { return targets_.contains(node); }
  // More than one schema resource ($id below the root).
  bool has_embedded_resources() const { return bases_.size() > 1; }

  Error error(Status code, const std::string& message, JsonId at) const {
    return error_at_pointer(code, message, doc_.pointer(at));
  }

 private:
  explicit SchemaSource(JsonDocument doc) : doc_(std::move(doc)) {}
  MaybeError read_draft();
  void index_resources();
  void index_targets();
  JsonId resource_of(JsonId node) const;
  Result<JsonId> find_target(JsonId ref_node);
  JsonId find_pointer(JsonId from, std::string_view pointer);
  JsonId find_member(JsonId object, std::string_view name);

  JsonDocument doc_;
  Draft draft_ = Draft::k2020;
  std::unordered_map<JsonId, std::string> bases_;      // resource root -> its URI
  std::unordered_map<std::string, JsonId> resources_;  // URI -> resource root
  std::unordered_map<std::string, JsonId> anchors_;    // resource root id '#' name -> node
  std::unordered_map<JsonId, JsonId> resolved_;        // ref string node -> target
  std::unordered_map<std::string, JsonId> by_text_;    // resource root id ' ' ref -> target
  std::unordered_set<JsonId> targets_;
  std::unordered_map<JsonId, std::unordered_map<std::string_view, JsonId>> wide_;  // member index
};

// RFC 3986 section 5: `reference` seen from `base`, without fragment.
std::string resolve_uri(std::string_view base, std::string_view reference);

}  // namespace xgr
