// Leaving keywords out until a schema can be compiled.
//
// Entry point: relaxed_grammar. The schema is tried; the keywords that are refused are left out, and
// with them those that are only right beside them; then the schema is tried again. One attempt finds
// what is refused all over the schema, but for what stands inside of something else that is. A keyword that
// is left out counts as true, and so does its negation, which is why no valid document is lost
// wherever it stands: below not, in the branches of oneOf, behind a reference.
//
//   {"type": "array", "not": {"uniqueItems": true}}  ->  any array, /not/uniqueItems left out
//
// Tests: tests/unit/frontend/json_schema/schema_report_test.cc.
#include "frontend/json_schema/relaxation.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "frontend/json_schema/schema_walk.h"

namespace xgr::core {
namespace {

class Relaxer {
 public:
  explicit Relaxer(SchemaSource source)
      : source_(std::move(source)), doc_(source_.doc()), walk_(walk_schema(source_)) {
    for (JsonId m : walk_.members) {
      if (doc_.key(m) == "unevaluatedProperties" || doc_.key(m) == "unevaluatedItems")
        unevaluated_.push_back(m);
    }
  }

  // Adds the keywords that the errors are about, but for those inside of others.
  void add(const std::vector<Error>& errors, std::vector<LeftOut>* out) {
    std::vector<std::pair<JsonId, size_t>> found;
    for (size_t i = 0; i < errors.size(); ++i) {
      const JsonId keyword = find(errors[i]);
      if (keyword != kNoJson) found.push_back({keyword, i});
    }
    std::sort(found.begin(), found.end());
    for (JsonId end = 0; const auto& [keyword, error] : found) {
      if (keyword < end) continue;
      add(keyword, errors[error].message, out);
      end = doc_.end(keyword);
    }
  }

  // The keyword that an error is about; kNoJson when it names none.
  JsonId find(const Error& error) const {
    JsonId node = source_.find_place(error.json_pointer);
    return node == kNoJson ? kNoJson : walk_.keyword_at(doc_, node);
  }
  void add(JsonId keyword, const std::string& reason, std::vector<LeftOut>* out) {
    if (!known_.insert(keyword).second) return;
    out->push_back({keyword, reason});
    const DialectKeyword& k = *find_keyword(doc_.key(keyword));
    std::vector<JsonId> others;
    beside(k.name, doc_.parent(keyword), &others);
    bool evaluates = k.name != "not" && k.name != "propertyNames" &&
                     (k.holds != Holds::kNoSchema || k.name.ends_with("ef"));
    if (evaluates) others.insert(others.end(), unevaluated_.begin(), unevaluated_.end());
    for (JsonId other : others) {
      if (!known_.insert(other).second) continue;
      out->push_back({other, "\"" + std::string(doc_.key(other)) +
                                 "\" means something only with \"" + std::string(k.name) +
                                 "\", which is left out"});
    }
  }

 private:
  // Keywords that concern what a keyword of the same schema does not.
  void beside(std::string_view keyword, JsonId schema, std::vector<JsonId>* out) const {
    auto add = [&](std::string_view name) {
      JsonId member = doc_.find(schema, name);
      if (member != kNoJson) out->push_back(member);
    };
    if (keyword == "properties" || keyword == "patternProperties") add("additionalProperties");
    if (keyword == "prefixItems") add("items");
    if (keyword == "items") add("additionalItems");
    if (keyword == "if") add("then"), add("else");
    if (keyword == "contains") add("minContains"), add("maxContains");
  }

  SchemaSource source_;
  const JsonDocument& doc_;
  SchemaWalk walk_;
  std::vector<JsonId> unevaluated_;   // keywords of that kind
  std::unordered_set<JsonId> known_;  // those that are left out
};

}  // namespace

Result<Grammar> relaxed_grammar(std::string_view schema, const JsonSchemaOptions& options,
                                const Limits& limits, std::vector<LeftOut>* out,
                                std::optional<SchemaSource>* source) {
  std::optional<Relaxer> relaxer;
  while (true) {
    Result<SchemaSource> read = SchemaSource::read(schema, options, limits);
    if (!read.ok()) return read.error();
    source->emplace(std::move(read).value());
    for (const LeftOut& r : *out) (*source)->relax(r.keyword);
    Grammar grammar;
    std::vector<Error> refusals;
    MaybeError e = build_grammar(**source, options, limits, &grammar, 0, &refusals);
    if (!e && refusals.empty()) return grammar;
    const bool refused = e && e->code == Status::kUnsupported && e->has_json_pointer;
    if (refused) refusals.push_back(*e);
    if (e && !refused && (refusals.empty() || e->code != Status::kInvalidSource)) return *e;
    if (!relaxer) {
      Result<SchemaSource> whole = SchemaSource::read(schema, options, limits);
      if (!whole.ok()) return whole.error();
      relaxer.emplace(std::move(whole).value());
    }
    const size_t before = out->size();
    relaxer->add(refusals, out);
    if (out->size() == before) return refusals.front();
  }
}

}  // namespace xgr::core
