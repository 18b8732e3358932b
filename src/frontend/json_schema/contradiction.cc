// The keywords to blame when a schema has no valid value.
//
// Entry point: explain_contradiction. Keywords are left out, whole runs of them first, as long as
// what remains still has no valid value: what cannot be left out any more contradicts itself. From
// the outer keywords to the inner ones, so that one bad property among many takes a few attempts.
// The place is the innermost schema without a value that holds all of it, but for the keywords
// around that ask for such a value.
//
//   {"type": "object", "properties": {"a": {"minimum": 5, "maximum": 3, "type": "number"},
//    "b": {"type": "string"}}, "required": ["a", "b"]}
//   ->  "minimum": 5, "maximum": 3 and "type": "number", at /properties/a
//
// Tests: tests/cases/mistakes/contradictions.case,
// tests/unit/frontend/json_schema/contradiction_test.cc.
#include "frontend/json_schema/contradiction.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>

#include "frontend/json_schema/keywords.h"
#include "frontend/json_schema/relaxation.h"
#include "frontend/json_schema/schema_walk.h"
#include "grammar/analysis.h"

namespace xgr::core {
namespace {

constexpr std::string_view kNoValue = "the schema contradicts itself: no value is valid";
constexpr size_t kMaxAttempts = 200;
constexpr uint64_t kMaxBlameSteps = uint64_t{32} << 20;  // of all attempts together
constexpr size_t kMaxBlamed = 6, kMaxShownValue = 48, kMaxLeaves = 64;

// A search of its own, which is over when the call is cancelled or late.
Work::Bounds blame_bounds(const Work* call) {
  Work::Bounds out;
  if (call != nullptr) out = call->bounds();
  out.steps = std::min(out.steps, kMaxBlameSteps);
  return out;
}

class Blame {
 public:
  Blame(std::string_view schema, const JsonSchemaOptions& options, const Limits& limits,
        std::vector<JsonId> left_out, SchemaSource source)
      : schema_(schema),
        options_(options),
        work_(blame_bounds(limits.work)),
        limits_(limits),
        left_out_(left_out.begin(), left_out.end()),
        source_(std::move(source)),
        doc_(source_.doc()),
        own_nodes_(static_cast<JsonId>(doc_.size())) {
    limits_.work = &work_;
    walk_ = walk_schema(source_);
    measure();
  }

  Error run() {
    if (!contradictory({}, 0)) return no_valid_value(source_, 0);
    reduce();
    std::vector<JsonId> leaves = kept_leaves();
    // Cut short: among many keywords most are innocent.
    if (exhausted() && leaves.size() > kMaxBlamed) return no_valid_value(source_, 0);
    const JsonId at = place_of(leaves);
    return describe(leaves, at);
  }

 private:
  // Whether no value is valid for the schema `at` without the keywords of `more`. An attempt that
  // fails for another reason counts as no.
  bool contradictory(const std::vector<JsonId>& more, JsonId at) {
    if (exhausted()) return false;
    ++attempts_;
    try {
      return is_contradictory(more, at);
    } catch (const WorkStopped& e) {
      if (e.error.code == Status::kCancelled) throw;
      stopped_ = true;
      return false;
    }
  }

  bool is_contradictory(const std::vector<JsonId>& more, JsonId at) {
    Result<SchemaSource> source = SchemaSource::read(schema_, options_, limits_);
    if (!source.ok()) return false;
    for (JsonId k : left_out_) source.value().relax(k);
    for (JsonId k : more) source.value().relax(k);
    Grammar grammar;
    const ChargedPool charged(&grammar.pool, &work_);
    MaybeError e = build_grammar(source.value(), options_, limits_, &grammar, at);
    if (e) return is_no_valid_value(*e) || e->message.starts_with("the schema is false");
    Facts facts;
    e = analyse(grammar, {~0ull, ~0ull, ~0ull, ~0ull}, &facts);
    return e && e->code == Status::kInvalidSource;
  }

  bool exhausted() const { return attempts_ >= kMaxAttempts || stopped_; }

  // What the walk knows of each node, so that deep documents take no longer than wide ones.
  void measure() {
    std::unordered_set<JsonId> members(walk_.members.begin(), walk_.members.end());
    depth_.assign(own_nodes_, 0);
    outer_.assign(own_nodes_, kNoJson);
    for (JsonId n = 1; n < own_nodes_; ++n) {
      const JsonId parent = doc_.parent(n);
      const bool holds = members.contains(parent) && find_keyword(doc_.key(parent)) != nullptr;
      depth_[n] = depth_[parent] + 1;
      outer_[n] = holds ? parent : outer_[parent];
    }
    for (JsonId m : walk_.members) {
      const bool counts =
          m < own_nodes_ && find_keyword(doc_.key(m)) != nullptr &&
          (keyword_of(doc_.key(m)) != Keyword::kAnnotation || !wanted_beside(doc_.key(m)).empty());
      if (counts) keywords_.push_back(m);
    }
    std::stable_sort(keywords_.begin(), keywords_.end(),
                     [&](JsonId x, JsonId y) { return depth_[x] < depth_[y]; });
  }

  // Outer keywords come first, so that what is known of them tells of the inner ones.
  void reduce() {
    std::unordered_set<JsonId> gone;  // keywords inside of those that are left out
    for (size_t begin = 0; begin < keywords_.size();) {
      size_t end = begin;
      std::vector<JsonId> level;
      for (; end < keywords_.size() && depth_[keywords_[end]] == depth_[keywords_[begin]]; ++end) {
        const JsonId k = keywords_[end], outer = outer_[k];
        if (outer != kNoJson && (gone.contains(outer) || left_out_.contains(outer))) {
          gone.insert(k);
        } else if (!left_out_.contains(k)) {
          level.push_back(k);
        }
      }
      if (!level.empty()) reduce(level);
      std::copy_if(level.begin(), level.end(), std::back_inserter(kept_),
                   [&](JsonId k) { return !left_out_.contains(k); });
      begin = end;
    }
    std::sort(kept_.begin(), kept_.end());
  }

  void reduce(const std::vector<JsonId>& keywords) {
    std::vector<std::pair<size_t, size_t>> todo{{0, keywords.size()}};
    while (!todo.empty() && !exhausted()) {
      auto [begin, end] = todo.back();
      todo.pop_back();
      const std::vector<JsonId> run(keywords.begin() + static_cast<ptrdiff_t>(begin),
                                    keywords.begin() + static_cast<ptrdiff_t>(end));
      if (contradictory(run, 0)) {
        left_out_.insert(run.begin(), run.end());
      } else if (run.size() > 1) {
        const size_t middle = begin + run.size() / 2;
        todo.push_back({middle, end});
        todo.push_back({begin, middle});
      }
    }
  }

  // Kept keywords that hold no other kept one.
  std::vector<JsonId> kept_leaves() const {
    std::unordered_set<JsonId> outer;
    for (JsonId k : kept_) outer.insert(outer_[k]);
    std::vector<JsonId> out;
    std::copy_if(kept_.begin(), kept_.end(), std::back_inserter(out),
                 [&](JsonId k) { return !outer.contains(k); });
    return out;
  }

  bool inside(JsonId node, JsonId schema) const {
    return schema <= node && node < doc_.end(schema);
  }

  bool is_reference(JsonId keyword) const { return keyword_of(doc_.key(keyword)) == Keyword::kRef; }

  // Whether all leaves are about `schema`, or stand around it.
  bool holds_all(JsonId schema, const std::vector<JsonId>& leaves) const {
    return std::all_of(leaves.begin(), leaves.end(), [&](JsonId leaf) {
      return inside(leaf, schema) || inside(schema, doc_.parent(leaf)) || is_reference(leaf);
    });
  }

  // Properties that are false and required.
  void add_false_schemas(const std::vector<JsonId>& leaves, std::vector<JsonId>* out) const {
    for (JsonId table : leaves) {
      if (doc_.key(table) != "properties" || !doc_.is(table, JsonType::kObject)) continue;
      const JsonId required = doc_.find(doc_.parent(table), "required");
      for (JsonId p : doc_.children(table)) {
        if (!doc_.is(p, JsonType::kFalse) || required == kNoJson) continue;
        for (JsonId name : doc_.children(required)) {
          if (doc_.text(name) == doc_.key(p)) out->push_back(p);
        }
      }
    }
  }

  JsonId place_of(const std::vector<JsonId>& leaves) {
    std::vector<JsonId> falses;
    add_false_schemas(leaves, &falses);
    if (falses.size() == 1) return falses[0];
    std::vector<JsonId> schemas;
    if (leaves.size() > kMaxLeaves) return 0;
    for (JsonId leaf : leaves) {
      for (JsonId n = doc_.parent(leaf); n != kNoJson; n = doc_.parent(n)) {
        if (walk_.has_schema(n)) schemas.push_back(n);
      }
    }
    std::sort(schemas.begin(), schemas.end(), [&](JsonId a, JsonId b) {
      return depth_[a] != depth_[b] ? depth_[a] > depth_[b] : a < b;
    });
    schemas.erase(std::unique(schemas.begin(), schemas.end()), schemas.end());
    for (JsonId s : schemas) {
      if (s != 0 && holds_all(s, leaves) && contradictory({}, s)) return s;
    }
    return 0;
  }

  // A value as JSON, cut where it is long.
  std::string shown(JsonId value) const {
    std::string out;
    std::vector<JsonId> open;  // containers that are not closed yet
    for (JsonId n = value; n < doc_.end(value) && out.size() < kMaxShownValue; ++n) {
      if (n != value && !out.ends_with('[') && !out.ends_with('{')) out += ", ";
      if (!open.empty() && doc_.is(open.back(), JsonType::kObject))
        out += json_quote(doc_.key(n)) + ": ";
      append_json_head(doc_, n, &out);
      if (doc_.is(n, JsonType::kArray) || doc_.is(n, JsonType::kObject)) open.push_back(n);
      while (!open.empty() && doc_.end(open.back()) == n + 1) {
        out += doc_.is(open.back(), JsonType::kArray) ? ']' : '}';
        open.pop_back();
      }
    }
    if (out.size() <= kMaxShownValue && open.empty()) return out;
    size_t cut = std::min(out.size(), kMaxShownValue);
    while (cut < out.size() && cut > 0 && (static_cast<uint8_t>(out[cut]) & 0xC0) == 0x80) --cut;
    return out.substr(0, cut) + "...";
  }

  // "minimum": 5, or with its schema where that is another one: "type": "null" (in /allOf/1).
  std::string name_of(JsonId keyword, JsonId at) const {
    std::string out = json_quote(doc_.key(keyword)) + ": " + shown(keyword);
    const JsonId schema = doc_.parent(keyword);
    if (schema != at) out += schema == 0 ? " (at the root)" : " (at " + doc_.pointer(schema) + ")";
    return out;
  }

  Error describe(const std::vector<JsonId>& leaves, JsonId at) const {
    std::vector<JsonId> blamed;
    bool asked = false;  // by a keyword around
    JsonId reference = kNoJson;
    for (JsonId leaf : leaves) {
      const bool around = !inside(leaf, at) && inside(at, doc_.parent(leaf));
      asked = asked || around;
      if (!around && !is_reference(leaf)) blamed.push_back(leaf);
      if (is_reference(leaf)) reference = leaf;
    }
    const bool one = blamed.size() == 1 && doc_.parent(blamed[0]) == at;
    Error out = no_valid_value(source_, one ? blamed[0] : at);
    if (doc_.is(at, JsonType::kFalse)) {
      out.message = "the schema false allows no value";
    } else if (blamed.empty() && reference != kNoJson) {
      out.message = name_of(reference, at) + " leads back to itself without end: no value is valid";
    } else if (!blamed.empty()) {
      out.message = list_of(blamed, at);
      out.message += blamed.size() == 1 ? " allows no value" : " contradict each other";
      if (options_.strict) out.message += " in strict mode";
      out.message += blamed.size() == 1 ? "" : ": no value is valid";
    }
    out.message += blamed.size() > 1 ? "; change one of them" : "; change it";
    if (asked) out.message += ", or do not require such a value";
    return out;
  }

  std::string list_of(const std::vector<JsonId>& blamed, JsonId at) const {
    std::string out;
    const size_t count = std::min(blamed.size(), kMaxBlamed);
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) out += i + 1 == blamed.size() ? " and " : ", ";
      out += name_of(blamed[i], at);
    }
    if (count < blamed.size()) {
      out += " and " + std::to_string(blamed.size() - count) + " more keywords";
    }
    return out;
  }

  std::string_view schema_;
  const JsonSchemaOptions& options_;
  Work work_;
  Limits limits_;
  std::unordered_set<JsonId> left_out_;
  SchemaSource source_;
  const JsonDocument& doc_;
  JsonId own_nodes_;
  SchemaWalk walk_;
  std::vector<uint32_t> depth_;
  std::vector<JsonId> outer_;     // of each node: the keyword that it is inside of
  std::vector<JsonId> keywords_;  // that constrain something, outer ones first
  std::vector<JsonId> kept_;      // those that nothing can do without, in document order
  size_t attempts_ = 0;
  bool stopped_ = false;  // too much work
};

}  // namespace

Error no_valid_value(const SchemaSource& source, JsonId at) {
  return source.error(Status::kInvalidSource, std::string(kNoValue), at);
}

bool is_no_valid_value(const Error& error) {
  return error.code == Status::kInvalidSource && error.message == kNoValue;
}

Error explain_contradiction(std::string_view schema, const JsonSchemaOptions& options,
                            const Limits& limits, std::vector<JsonId> left_out) {
  Result<SchemaSource> source = SchemaSource::read(schema, options, limits);
  if (!source.ok()) return source.error();
  return Blame(schema, options, limits, std::move(left_out), std::move(source).value()).run();
}

}  // namespace xgr::core
