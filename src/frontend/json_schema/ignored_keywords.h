// Members of schemas that assert nothing although they look as if they did.
//
//   IgnoredKeywords ignored(source, options.formats);
//   ignored.why(member)     // Ignored::kUnknownName for "maxLenght"
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

// Why a member asserts nothing.
enum class Ignored : uint8_t {
  kNot,           // it does, or it is an annotation
  kUnknownName,   // no draft has such a keyword
  kExtension,     // likewise, and it begins with x-
  kOtherDraft,    // the keyword is that of another draft
  kContent,       // likewise contentEncoding and contentMediaType, which are annotations here
  kBesideRef,     // up to draft 7
  kAlone,         // it means something beside another keyword, which is not there
  kValue,         // its value is nothing that can be checked
  kUnknownDraft,  // $schema names none
  kMisplaced,     // $schema is not at the root of anything
};

class IgnoredKeywords {
 public:
  IgnoredKeywords(const SchemaSource& source, FormatPolicy formats);

  // Why a member of a schema asserts nothing; it must not be left out. Quick.
  Ignored why(JsonId member) const;
  std::string reason(JsonId member, Ignored why) const;
  // All members that are ignored, also of schemas that no document is compared with; ascending. One
  // pass over the document.
  std::vector<JsonId> members() const;

 private:
  Ignored why_hidden(JsonId member, std::string_view name) const;
  bool is_checked(JsonId member, std::string_view name) const;
  bool suspicious(JsonId member, const DialectKeyword* k) const;
  bool leads_inside(JsonId member) const;

  const SchemaSource& source_;
  const JsonDocument& doc_;
  FormatPolicy formats_;
  mutable std::vector<JsonId> targets_;  // of references, ascending; empty until it matters
};

// Whether JsonSchemaOptions::unknown_keywords can refuse it.
constexpr bool is_unknown(Ignored why) {
  return why == Ignored::kUnknownName || why == Ignored::kOtherDraft ||
         why == Ignored::kUnknownDraft;
}

}  // namespace xgr::core
