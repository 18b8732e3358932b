// The sources inside a structural tag: schemas, grammars and patterns.
#pragma once

#include <string>
#include <unordered_map>

#include "frontend/schema_set.h"
#include "frontend/structural_tag/tag_format.h"

namespace xgr::core {

class TagParts {
 public:
  TagParts(const JsonDocument& doc, Grammar& grammar, const StructuralTagOptions& options,
           const Limits& limits)
      : doc_(doc),
        grammar_(grammar),
        options_(options),
        limits_(limits),
        schemas_(grammar, limits) {}

  static bool is_part(TagKind kind) {
    return kind == TagKind::kJsonSchema || kind == TagKind::kGrammar || kind == TagKind::kRegex;
  }
  // The language of one. Errors tell the place in the document, and the one inside the source.
  Result<Expr> build(const TagFormat& format);
  // How its schema is read.
  JsonSchemaOptions schema_options(const TagFormat& format) const;
  std::string schema_text(const TagFormat& format) const;
  // An error of a source inside, as one of the whole.
  Error placed(Error error, const TagFormat& format) const;

 private:
  Result<Expr> read(const TagFormat& format, SourceNotes* notes);
  std::string key(const TagFormat& format) const;

  const JsonDocument& doc_;
  Grammar& grammar_;
  const StructuralTagOptions& options_;
  const Limits& limits_;
  SchemaSet schemas_;
  std::unordered_map<std::string, Expr> known_;  // equal ones are built once
};

}  // namespace xgr::core
