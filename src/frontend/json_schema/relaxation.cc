// Leaving keywords out until a schema can be compiled.
//
// Entry point: relaxed_grammar. The schema is tried; the keyword that an error names is left out,
// and with it those that are only right beside it; then the schema is tried again. A keyword that
// is left out counts as true, and so does its negation, which is why no valid document is lost
// wherever it stands: below not, in the branches of oneOf, behind a reference.
//
//   {"type": "array", "not": {"uniqueItems": true}}  ->  any array, /not/uniqueItems left out
//
// Tests: tests/unit/frontend/json_schema/schema_report_test.cc.
#include "frontend/json_schema/relaxation.h"

#include <algorithm>
#include <optional>

#include "frontend/json_schema/schema_walk.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxRelaxed = 1000;
// Nodes and expressions, all attempts together.
constexpr size_t kMaxRelaxationWork = size_t{16} << 20;

class Relaxer {
 public:
  explicit Relaxer(SchemaSource source)
      : source_(std::move(source)), doc_(source_.doc()), walk_(walk_schema(source_)) {}

  // The keyword that an error is about; kNoJson when it names none.
  JsonId find(const Error& error) const {
    JsonId node = source_.find_place(error.json_pointer);
    return node == kNoJson ? kNoJson : walk_.keyword_at(doc_, node);
  }
  void add(JsonId keyword, const std::string& reason, std::vector<LeftOut>* out) const {
    if (contains(*out, keyword)) return;
    out->push_back({keyword, reason});
    const DialectKeyword& k = *find_keyword(doc_.key(keyword));
    std::vector<JsonId> others;
    beside(k.name, doc_.parent(keyword), &others);
    bool evaluates = k.name != "not" && k.name != "propertyNames" &&
                     (k.holds != Holds::kNoSchema || k.name.ends_with("ef"));
    if (evaluates) unevaluated(&others);
    for (JsonId other : others) {
      if (out->size() > kMaxRelaxed) return;
      if (contains(*out, other)) continue;
      out->push_back({other, "\"" + std::string(doc_.key(other)) +
                                 "\" means something only with \"" + std::string(k.name) +
                                 "\", which is left out"});
    }
  }

  // Why no more is tried, when `last` was the last one.
  Error too_much(JsonId last) const {
    return source_.error(Status::kLimitExceeded,
                         "too many keywords of this schema cannot be enforced: more than 1000, or "
                         "fewer in a large schema; this is the last one tried",
                         last);
  }

 private:
  static bool contains(const std::vector<LeftOut>& list, JsonId keyword) {
    return std::any_of(list.begin(), list.end(),
                       [&](const LeftOut& r) { return r.keyword == keyword; });
  }
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
  void unevaluated(std::vector<JsonId>* out) const {
    for (JsonId m : walk_.members) {
      if (doc_.key(m) == "unevaluatedProperties" || doc_.key(m) == "unevaluatedItems")
        out->push_back(m);
    }
  }

  SchemaSource source_;
  const JsonDocument& doc_;
  SchemaWalk walk_;
};

}  // namespace

Result<Grammar> relaxed_grammar(std::string_view schema, const JsonSchemaOptions& options,
                                const Limits& limits, std::vector<LeftOut>* out,
                                std::optional<SchemaSource>* source) {
  std::optional<Relaxer> relaxer;
  for (size_t work = 0;;) {
    Result<SchemaSource> read = SchemaSource::read(schema, options, limits);
    if (!read.ok()) return read.error();
    source->emplace(std::move(read).value());
    for (const LeftOut& r : *out) (*source)->relax(r.keyword);
    Grammar grammar;
    MaybeError e = build_grammar(**source, options, limits, &grammar);
    if (!e) return grammar;
    if (e->code != Status::kUnsupported || !e->has_json_pointer) return *e;
    work += (*source)->doc().size() + grammar.pool.size();
    if (!relaxer) {
      Result<SchemaSource> whole = SchemaSource::read(schema, options, limits);
      if (!whole.ok()) return whole.error();
      relaxer.emplace(std::move(whole).value());
    }
    JsonId keyword = relaxer->find(*e);
    const size_t before = out->size();
    if (keyword != kNoJson) relaxer->add(keyword, e->message, out);
    if (out->size() == before) return *e;
    if (out->size() > kMaxRelaxed || work > kMaxRelaxationWork)
      return relaxer->too_much(out->back().keyword);
  }
}

}  // namespace xgr::core
