// The JSON document of a structural tag as formats, all checked.
#pragma once

#include <string>
#include <vector>

#include "frontend/structural_tag/tag_format.h"
#include "frontend/structural_tag/tag_members.h"
#include "frontend/structural_tag/tag_tokens.h"

namespace xgr::core {

class TagReader {
 public:
  TagReader(const JsonDocument& doc, const StructuralTagOptions& options, const Limits& limits)
      : doc_(doc), tokens_(doc, options), work_(limits.work) {}

  // The views of the formats lead into the document.
  Result<TagFormats> read();

 private:
  // What a value may be.
  enum class Wanted : uint8_t { kFormat, kTag, kLegacyTag, kLegacySchema };
  struct Job {
    JsonId at;
    Wanted wanted;
  };
  struct Type {
    const char* name;
    TagKind kind;
    MaybeError (TagReader::*read)(const TagMembers& members, TagFormat* out);
  };
  static const Type kTypes[];
  static const Type* type_named(std::string_view name);
  static const Type* type_of(TagKind kind);

  MaybeError read_top();
  MaybeError read_one(const Job& job, TagFormat* out);
  MaybeError read_legacy_tag(const Job& job, TagFormat* out);
  MaybeError read_legacy_schema(const Job& job, TagFormat* out);
  Result<const Type*> find_type(const Job& job) const;
  const Type* guess_type(JsonId object) const;
  TagId add_part(JsonId at, Wanted wanted);

  // By type.
  MaybeError const_string(const TagMembers& members, TagFormat* out);
  MaybeError json_schema(const TagMembers& members, TagFormat* out);
  MaybeError qwen_parameters(const TagMembers& members, TagFormat* out);
  MaybeError grammar(const TagMembers& members, TagFormat* out);
  MaybeError regex(const TagMembers& members, TagFormat* out);
  MaybeError any_text(const TagMembers& members, TagFormat* out);
  MaybeError elements(const TagMembers& members, TagFormat* out);
  MaybeError content(const TagMembers& members, TagFormat* out);
  MaybeError repeat(const TagMembers& members, TagFormat* out);
  MaybeError tag(const TagMembers& members, TagFormat* out);
  MaybeError triggered_tags(const TagMembers& members, TagFormat* out);
  MaybeError tags_with_separator(const TagMembers& members, TagFormat* out);
  MaybeError dispatch(const TagMembers& members, TagFormat* out);
  MaybeError token(const TagMembers& members, TagFormat* out);
  MaybeError exclude_token(const TagMembers& members, TagFormat* out);
  MaybeError any_tokens(const TagMembers& members, TagFormat* out);
  MaybeError token_triggered_tags(const TagMembers& members, TagFormat* out);
  MaybeError token_dispatch(const TagMembers& members, TagFormat* out);

  // Parts of them.
  MaybeError take_tags(const TagMembers& members, TagFormat* out);
  MaybeError take_repetition(const TagMembers& members, TagFormat* out);
  MaybeError take_begin(const TagMembers& members, TagFormat* out);
  MaybeError take_ends(const TagMembers& members, TagFormat* out);
  MaybeError take_mark(const TagMembers& members, const char* what, JsonId at, TagMark* out);
  MaybeError take_budget(const TagMembers& members, std::string_view key, uint32_t* out);
  MaybeError take_token_markers(const TagMembers& members, TagFormat* out);
  MaybeError take_excluded_tokens(const TagMembers& members, TagFormat* out);
  MaybeError take_rules(const TagMembers& members, std::vector<JsonId>* patterns, TagFormat* out);

  const JsonDocument& doc_;
  TagTokens tokens_;
  Work* work_;                  // null: without bounds
  Wanted tags_ = Wanted::kTag;  // what the tags of the whole are
  std::vector<Job> jobs_;       // by TagId
};

}  // namespace xgr::core
