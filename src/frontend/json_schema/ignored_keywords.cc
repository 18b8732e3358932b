// Which members of schemas assert nothing, and why.
//
// Entry points: IgnoredKeywords::why, members. Most schemas have no such member. To find that out
// costs one pass over the document, in which every node knows from its parent whether it is a
// schema or holds schemas; who wants to know which members documents are really compared with walks
// the schema only when there are any.
//
//   {"maxLenght": 3, "title": "t", "format": "colour"}  ->  maxLenght, format
//
// Tests: tests/unit/frontend/json_schema/schema_report_test.cc, tests/capi/json_schema_test.c.
#include "frontend/json_schema/ignored_keywords.h"

#include <algorithm>

#include "frontend/json_schema/content.h"
#include "frontend/json_schema/formats.h"
#include "frontend/json_schema/keyword_advice.h"
#include "frontend/json_schema/keywords.h"
#include "frontend/json_schema/schema_walk.h"

namespace xgr::core {
namespace {

enum class SchemaRole : uint8_t { kNone, kSchema, kHoldsSchemas };

SchemaRole role_below(const JsonDocument& doc, JsonId member, const DialectKeyword& k) {
  if (k.holds == Holds::kNoSchema) return SchemaRole::kNone;
  const bool list = doc.is(member, JsonType::kArray) && k.holds != Holds::kSchema;
  const bool table = doc.is(member, JsonType::kObject) && k.holds == Holds::kTable;
  return list || table ? SchemaRole::kHoldsSchemas : SchemaRole::kSchema;
}

bool is_id(std::string_view name) { return name == "$id" || name == "id"; }

}  // namespace

IgnoredKeywords::IgnoredKeywords(const SchemaSource& source, FormatPolicy formats)
    : source_(source), doc_(source.doc()), formats_(formats) {}

Ignored IgnoredKeywords::why(JsonId member) const {
  const std::string_view name = doc_.written_key(member);
  if (name == "$schema") {
    if (!doc_.is(member, JsonType::kString) || source_.names_unknown_draft(member))
      return Ignored::kUnknownDraft;
    return source_.is_resource(doc_.parent(member)) ? Ignored::kNot : Ignored::kMisplaced;
  }
  if (doc_.key(member).empty() && !name.empty()) return why_hidden(member, name);
  const std::string_view beside = wanted_beside(name);
  if (!beside.empty() && doc_.find(doc_.parent(member), beside) == kNoJson) return Ignored::kAlone;
  const Keyword k = keyword_of(name);
  if (k == Keyword::kFormat || k == Keyword::kContent)
    return is_checked(member, name) ? Ignored::kNot : Ignored::kValue;
  if (is_id(name)) {
    const bool own = name == source_.dialect(member).id_key();
    return own || leads_inside(member) ? Ignored::kNot : Ignored::kUnknownName;
  }
  if (find_keyword(name) != nullptr || is_annotation(name) || leads_inside(member))
    return Ignored::kNot;
  return name.starts_with("x-") ? Ignored::kExtension : Ignored::kUnknownName;
}

// The names of members that mean nothing in their draft or beside $ref are hidden.
Ignored IgnoredKeywords::why_hidden(JsonId member, std::string_view name) const {
  const DialectKeyword* k = find_keyword(name);
  if (name == "contentSchema" || is_annotation(name) || is_id(name) || leads_inside(member))
    return Ignored::kNot;
  if (k == nullptr) return name.starts_with("x-") ? Ignored::kExtension : Ignored::kUnknownName;
  const Dialect& d = source_.dialect(member);
  if (d.ref_stands_alone() && doc_.find(doc_.parent(member), "$ref") != kNoJson)
    return Ignored::kBesideRef;
  return k->vocabulary == kContentAssertions ? Ignored::kContent : Ignored::kOtherDraft;
}

std::string IgnoredKeywords::reason(JsonId member, Ignored why) const {
  const std::string_view name = doc_.written_key(member);
  const bool text = doc_.is(member, JsonType::kString);
  switch (why) {
    case Ignored::kNot:
      return "";
    case Ignored::kUnknownName:
    case Ignored::kExtension:
      if (name == "$id") return "it means nothing in draft 4; write \"id\"";
      return advice_on(name, source_.dialect(member));
    case Ignored::kOtherDraft:
    case Ignored::kContent:
      return "asserts nothing in the draft of the schema";
    case Ignored::kBesideRef:
      return "means nothing beside \"$ref\" in the draft of the schema";
    case Ignored::kAlone:
      return "means nothing without \"" + std::string(wanted_beside(name)) + "\"";
    case Ignored::kValue:
      if (formats_ == FormatPolicy::kIgnore) return "formats are annotations by the options";
      if (!text) return "its value is no string";
      return json_quote(doc_.text(member)) + " is nothing that can be checked" +
             (name == "format" ? advice_on_format(doc_.text(member)) : "");
    case Ignored::kUnknownDraft:
      return text ? advice_on_schema_uri(doc_.text(member)) : "its value is no string";
    case Ignored::kMisplaced:
      break;
  }
  return "means nothing below the root of a document, unless \"" +
         std::string(source_.dialect(member).id_key()) + "\" stands beside it";
}

bool IgnoredKeywords::is_checked(JsonId member, std::string_view name) const {
  if (formats_ == FormatPolicy::kIgnore || !doc_.is(member, JsonType::kString)) return false;
  const std::string_view text = doc_.text(member);
  return name == "format" ? is_known_format(text) : is_checked_content(text);
}

// Whether a reference leads to it, or to something in it, so that it holds definitions.
bool IgnoredKeywords::leads_inside(JsonId member) const {
  if (targets_.size() != source_.targets().size()) {
    targets_ = source_.targets();
    std::sort(targets_.begin(), targets_.end());
  }
  auto it = std::lower_bound(targets_.begin(), targets_.end(), member);
  return it != targets_.end() && *it < doc_.end(member);
}

// Whether why() has to be asked; `k` is null for a name that is no keyword.
bool IgnoredKeywords::suspicious(JsonId member, const DialectKeyword* k) const {
  if (k == nullptr) {
    const std::string_view name = doc_.key(member);
    return !is_annotation(name) || name == "$schema" || name == "$id";
  }
  if (k->vocabulary == kFormats || k->vocabulary == kContentAssertions)
    return !is_checked(member, k->name);
  const std::string_view beside = wanted_beside(k->name);
  return !beside.empty() && doc_.find(doc_.parent(member), beside) == kNoJson;
}

std::vector<JsonId> IgnoredKeywords::members() const {
  std::vector<SchemaRole> roles(doc_.size(), SchemaRole::kNone);
  for (JsonId target : source_.targets()) roles[target] = SchemaRole::kSchema;
  roles[0] = SchemaRole::kSchema;
  std::vector<JsonId> out;
  for (JsonId n = 1; n < doc_.size() && doc_.origin(n) == n; ++n) {
    const JsonId parent = doc_.parent(n);
    if (parent == kNoJson || roles[parent] == SchemaRole::kNone) continue;
    if (roles[parent] == SchemaRole::kHoldsSchemas) {
      roles[n] = SchemaRole::kSchema;
      continue;
    }
    if (!doc_.is(parent, JsonType::kObject)) continue;
    const DialectKeyword* k = find_keyword(doc_.key(n));
    if (k != nullptr && roles[n] == SchemaRole::kNone) roles[n] = role_below(doc_, n, *k);
    if (suspicious(n, k) && why(n) != Ignored::kNot) out.push_back(n);
  }
  return out;
}

}  // namespace xgr::core
