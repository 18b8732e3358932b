// What becomes of the keywords of a schema.
//
//   KeywordReporter reporter(source, left_out, options);
//   for (JsonId member : reporter.members()) reporter.report(member) ...
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "frontend/json_schema/ignored_keywords.h"
#include "frontend/json_schema/relaxation.h"
#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

class KeywordReporter {
 public:
  // `left_out` and the options outlive it.
  KeywordReporter(SchemaSource& source, std::span<const LeftOut> left_out,
                  const JsonSchemaOptions& options);

  // The members of schemas that documents are compared with, in the order of the documents.
  std::vector<JsonId> members();
  // Those of them that are left out, or among `ignored`; quick when there are none.
  std::vector<JsonId> not_enforced(std::span<const JsonId> ignored);
  // Nothing for annotations.
  std::optional<KeywordReport> report(JsonId member) const;
  // Whether the options refuse a member that is ignored or left out; quicker than its report.
  bool refuses(JsonId member) const;

 private:
  SchemaSource& source_;
  const JsonSchemaOptions& options_;
  IgnoredKeywords ignored_;
  std::unordered_map<JsonId, const LeftOut*> left_out_;
};

// Members of the schema that are ignored, if anybody asks for them. Best called when the source has
// just been read, while it is in the caches of the processor.
std::vector<JsonId> ignored_members(const SchemaSource& source, const JsonSchemaOptions& options);

// After the schema was compiled: tells options.notes about those and other keywords that are not
// enforced, and refuses unknown ones if the options say so.
MaybeError note_keywords(SchemaSource& source, std::span<const JsonId> ignored,
                         std::span<const LeftOut> left_out, const JsonSchemaOptions& options);

}  // namespace xgr::core
