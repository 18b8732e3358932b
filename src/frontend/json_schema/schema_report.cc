// What becomes of each keyword of a schema.
//
// Entry point: check_json_schema. The schema is compiled as in lenient mode, without a tokenizer;
// what had to be left out is approximated or, without that mode, refused. The other keywords on the
// way of a document through the schema are enforced, or mean nothing where they stand.
//
//   {"type": "string", "format": "colour"}  ->  enforced /type, ignored /format
//
// Tests: tests/unit/frontend/json_schema/schema_report_test.cc, tests/capi/json_schema_test.c.
#include <unordered_map>

#include "frontend/frontend.h"
#include "frontend/json_schema/content.h"
#include "frontend/json_schema/formats.h"
#include "frontend/json_schema/keywords.h"
#include "frontend/json_schema/relaxation.h"
#include "frontend/json_schema/schema_walk.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

using Outcome = KeywordOutcome;

// Why a keyword asserts nothing; empty when it does.
std::string why_ignored(const SchemaSource& source, FormatPolicy formats, JsonId member) {
  const JsonDocument& doc = source.doc();
  std::string_view name = doc.key(member), beside = wanted_beside(name);
  if (name.empty()) {
    const Dialect& d = source.dialect(member);
    JsonId ref = d.ref_stands_alone() ? doc.find(doc.parent(member), "$ref") : kNoJson;
    return ref == kNoJson ? "asserts nothing in the draft of the schema"
                          : "means nothing beside \"$ref\" in the draft of the schema";
  }
  if (!beside.empty() && doc.find(doc.parent(member), beside) == kNoJson)
    return "means nothing without \"" + std::string(beside) + "\"";
  bool format = name == "format";
  Keyword k = keyword_of(name);
  if (!format && k != Keyword::kContent) return "";
  if (formats == FormatPolicy::kIgnore) return "formats are annotations by the options";
  bool known = doc.is(member, JsonType::kString) &&
               (format ? is_known_format(doc.text(member)) : is_checked_content(doc.text(member)));
  return known ? "" : json_quote(doc.text(member)) + " is nothing that can be checked";
}

// Whether the report has an entry for the member of a schema.
bool is_reported(const JsonDocument& doc, JsonId member) {
  std::string_view name = doc.written_key(member);
  return keyword_of(name) != Keyword::kAnnotation || !wanted_beside(name).empty();
}

// Pointers of deeply nested keywords are long.
Error too_long(const Limits& limits) {
  return error_at_pointer(Status::kLimitExceeded,
                          "the pointers of all keywords exceed the limit max_source_bytes = " +
                              std::to_string(limits.max_source_bytes),
                          "");
}

}  // namespace

Result<std::vector<KeywordReport>> check_json_schema(std::string_view schema,
                                                     const JsonSchemaOptions& options,
                                                     const Limits& limits) {
  std::vector<LeftOut> relaxed;
  Result<Grammar> grammar = relaxed_grammar(schema, options, limits, &relaxed);
  if (!grammar.ok()) return grammar.error();
  Result<SchemaSource> read = SchemaSource::read(schema, options, limits);
  if (!read.ok()) return read.error();
  SchemaSource& source = read.value();
  const JsonDocument& doc = source.doc();
  std::unordered_map<JsonId, const LeftOut*> left_out;
  for (const LeftOut& r : relaxed) {
    left_out.emplace(r.keyword, &r);
    source.relax(r.keyword);
  }
  std::vector<JsonId> members = walk_schema(source).members;
  for (const LeftOut& r : relaxed) members.push_back(r.keyword);
  sort_unique(&members);
  std::vector<KeywordReport> out;
  size_t bytes = 0;
  for (JsonId member : members) {
    auto it = left_out.find(member);
    if (it == left_out.end() && !is_reported(doc, member)) continue;
    KeywordReport& entry = out.emplace_back();
    entry.keyword = std::string(doc.written_key(member));
    entry.pointer = source.place(member);
    bytes += entry.pointer.size();
    if (bytes > limits.max_source_bytes) return too_long(limits);
    if (it != left_out.end()) {
      entry.outcome = options.lenient ? Outcome::kApproximated : Outcome::kRefused;
      entry.reason = it->second->reason;
    } else {
      entry.reason = why_ignored(source, options.formats, member);
      entry.outcome = entry.reason.empty() ? Outcome::kEnforced : Outcome::kIgnored;
    }
  }
  return out;
}

}  // namespace xgr::core
