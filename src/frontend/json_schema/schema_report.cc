// What becomes of each keyword of a schema.
//
// Entry points: check_json_schema, note_keywords. For a report the schema is compiled as in lenient
// mode, without a tokenizer; what had to be left out is approximated or, without that mode, refused.
// The other keywords on the way of a document through the schema are enforced, or assert nothing
// where they stand. The diagnostics of a compiled schema are the entries of its report that are not
// enforced.
//
//   {"type": "string", "format": "colour"}  ->  enforced /type, ignored /format
//
// Tests: tests/unit/frontend/json_schema/schema_report_test.cc, tests/capi/json_schema_test.c,
// tests/capi/diagnostics_test.c.
#include "frontend/json_schema/schema_report.h"

#include <algorithm>
#include <iterator>

#include "frontend/frontend.h"
#include "frontend/json_schema/keywords.h"
#include "frontend/json_schema/schema_walk.h"
#include "frontend/source_notes.h"
#include "support/error_text.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

using Outcome = KeywordOutcome;

// Whether the report has an entry for the member of a schema although it is enforced.
bool is_reported(const JsonDocument& doc, JsonId member) {
  std::string_view name = doc.written_key(member);
  return keyword_of(name) != Keyword::kAnnotation || !wanted_beside(name).empty();
}

// Pointers of deeply nested keywords are long.
Error too_long(const Limits& limits) {
  return error_at_pointer(
      Status::kLimitExceeded,
      "the pointers of all keywords take more bytes than " +
          limit_text("max_source_size", limits.max_source_bytes, "nest the schema less deeply"),
      "");
}

Diagnostic diagnostic_of(const KeywordReport& entry) {
  const bool left_out = entry.outcome == Outcome::kApproximated;
  std::string message = json_quote(entry.keyword) + (left_out ? " is left out: " : " is ignored: ");
  return make_diagnostic(
      left_out ? DiagnosticCode::kApproximatedKeyword : DiagnosticCode::kIgnoredKeyword,
      entry.keyword, error_at_pointer(Status::kOk, message + entry.reason, entry.pointer));
}

}  // namespace

KeywordReporter::KeywordReporter(SchemaSource& source, std::span<const LeftOut> left_out,
                                 const JsonSchemaOptions& options)
    : source_(source), options_(options), ignored_(source, options.formats) {
  for (const LeftOut& r : left_out) left_out_.emplace(r.keyword, &r);
}

std::vector<JsonId> KeywordReporter::members() {
  std::vector<JsonId> out = walk_schema(source_).members;
  for (const auto& [keyword, left_out] : left_out_) out.push_back(keyword);
  sort_unique(&out);
  return out;
}

std::vector<JsonId> KeywordReporter::not_enforced(std::span<const JsonId> ignored) {
  std::vector<JsonId> out;
  if (!ignored.empty()) {
    const SchemaWalk walk = walk_schema_objects(source_);
    std::copy_if(ignored.begin(), ignored.end(), std::back_inserter(out),
                 [&](JsonId member) { return walk.has_schema(source_.doc().parent(member)); });
  }
  for (const auto& [keyword, left_out] : left_out_) out.push_back(keyword);
  sort_unique(&out);
  return out;
}

bool KeywordReporter::refuses(JsonId member) const {
  return options_.unknown_keywords == UnknownKeywords::kRefuse && !left_out_.contains(member) &&
         is_unknown(ignored_.why(member));
}

std::optional<KeywordReport> KeywordReporter::report(JsonId member) const {
  const JsonDocument& doc = source_.doc();
  KeywordReport entry;
  auto it = left_out_.find(member);
  if (it != left_out_.end()) {
    entry.outcome = options_.lenient ? Outcome::kApproximated : Outcome::kRefused;
    entry.reason = it->second->reason;
  } else if (const Ignored why = ignored_.why(member); why != Ignored::kNot) {
    entry.unknown = is_unknown(why);
    entry.reason = ignored_.reason(member, why);
    const bool refused = entry.unknown && options_.unknown_keywords == UnknownKeywords::kRefuse;
    entry.outcome = refused ? Outcome::kRefused : Outcome::kIgnored;
  } else if (is_reported(doc, member)) {
    entry.outcome = Outcome::kEnforced;
  } else {
    return std::nullopt;
  }
  entry.keyword = std::string(doc.written_key(member));
  entry.pointer = source_.place(member);
  return entry;
}

Result<std::vector<KeywordReport>> check_json_schema(std::string_view schema,
                                                     const JsonSchemaOptions& options,
                                                     const Limits& limits) {
  std::vector<LeftOut> relaxed;
  std::optional<SchemaSource> source;
  Result<Grammar> grammar = relaxed_grammar(schema, options, limits, &relaxed, &source);
  if (!grammar.ok()) return grammar.error();
  KeywordReporter reporter(*source, relaxed, options);
  std::vector<KeywordReport> out;
  size_t bytes = 0;
  for (JsonId member : reporter.members()) {
    std::optional<KeywordReport> entry = reporter.report(member);
    if (!entry) continue;
    bytes += entry->pointer.size();
    if (bytes > limits.max_source_bytes) return too_long(limits);
    out.push_back(std::move(*entry));
  }
  return out;
}

std::vector<JsonId> ignored_members(const SchemaSource& source, const JsonSchemaOptions& options) {
  const bool asked =
      options.notes != nullptr || options.unknown_keywords == UnknownKeywords::kRefuse;
  return asked ? IgnoredKeywords(source, options.formats).members() : std::vector<JsonId>();
}

MaybeError note_keywords(SchemaSource& source, std::span<const JsonId> ignored,
                         std::span<const LeftOut> left_out, const JsonSchemaOptions& options) {
  const bool refuse = options.unknown_keywords == UnknownKeywords::kRefuse;
  if (options.notes == nullptr && !refuse) return std::nullopt;
  KeywordReporter reporter(source, left_out, options);
  const std::vector<JsonId> members = reporter.not_enforced(ignored);
  size_t told = 0;
  for (JsonId member : members) {
    if (reporter.refuses(member)) {
      const KeywordReport entry = *reporter.report(member);
      return error_at_pointer(Status::kInvalidSource,
                              json_quote(entry.keyword) + " is refused: " + entry.reason,
                              entry.pointer);
    }
    if (options.notes == nullptr || told == SourceNotes::kMaxNotes) continue;
    options.notes->add(diagnostic_of(*reporter.report(member)));
    ++told;
  }
  if (options.notes != nullptr) options.notes->add_more(members.size() - told);
  return std::nullopt;
}

}  // namespace xgr::core
