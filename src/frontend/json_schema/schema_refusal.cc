// The keywords of a schema that refuse a document which has begun.
//
// Entry point: json_schema_refusal. From the schema of the document inwards, each keyword is tried
// alone, with those that only mean something together with it, on the text of the value that is open
// there. One that refuses by itself is to blame; where it holds schemas of the same value or of a
// value inside, those are looked at, and it is to blame only if none of them is. Of anyOf and oneOf
// the branches are looked at as well, and told as theirs. Where no keyword refuses by itself, several
// do together: keywords are left out until what is left would accept.
//
//   {"properties": {"age": {"type": "integer", "minimum": 0}}}, {"age": -
//   ->  properties refuses, in it minimum does, type does not: /properties/age/minimum
//
// Tests: tests/unit/matcher/explanation_test.cc, tests/bench/explain_refusals.py.
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "frontend/json_schema/keywords.h"
#include "frontend/json_schema/open_values.h"
#include "frontend/json_schema/relaxation.h"
#include "frontend/json_schema/schema_source.h"
#include "frontend/refusal.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxSchemaTrials = 512;
constexpr std::string_view kDefinitions = "definitions", kVariant = "xgr:variant";

// Keywords that a keyword means nothing, or something else, without.
std::vector<std::string_view> refusal_helpers(std::string_view name) {
  if (name == "additionalProperties") return {"properties", "patternProperties"};
  if (name == "additionalItems") return {"items"};
  if (name == "items") return {"prefixItems"};
  if (name == "contains") return {"minContains", "maxContains"};
  if (name == "if") return {"then", "else"};
  if (name == "minimum") return {"exclusiveMinimum"};
  if (name == "maximum") return {"exclusiveMaximum"};
  return {};
}

std::string beginning_of(std::string text) {
  constexpr size_t kShown = 60;
  if (text.size() <= kShown) return text;
  size_t end = kShown;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// A number ends only with what follows it.
bool ends_scalar_value(const OpenValue& v, int next) {
  if (v.kind != OpenValue::Kind::kScalar || next == RefusedText::kEnd) return false;
  const char c = static_cast<char>(next);
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

class SchemaRefusal {
 public:
  SchemaRefusal(SchemaSource source, const JsonSchemaOptions& options, const Limits& limits,
                const RefusedText& text, const RefusalTrial& trial)
      : source_(std::move(source)),
        own_nodes_(static_cast<JsonId>(source_.doc().size())),
        options_(options),
        limits_(limits),
        text_(text),
        trial_(trial),
        values_(open_values(text.read)) {
    options_.strict = false;
    options_.any_order = true;
    make_room();
  }

  TextRefusal run() {
    if (values_.empty()) return std::move(out_);  // only white space may follow
    todo_.push_back({0, 0, RefusalCause::kNoParent});
    while (!todo_.empty()) {
      const Task task = todo_.front();
      todo_.pop_front();
      if (seen_.insert({task.schema, task.depth}).second) explain(task);
    }
    return finish();
  }

 private:
  struct Task {
    JsonId schema;
    size_t depth;   // of the value
    size_t parent;  // keyword that leads here, as an index of causes
  };
  const JsonDocument& doc() const { return source_.doc(); }

  // The document with one more definition, in two parts: references in it mean the same.
  void make_room() {
    before_variant_ = "{" + json_quote(kDefinitions) + ":{" + json_quote(kVariant) + ":";
    for (const bool others : {false, true}) {
      const JsonId object = others ? 0 : doc().find(0, kDefinitions);
      if (object == kNoJson || !doc().is(object, JsonType::kObject)) {
        behind_variant_ += "}";
        continue;
      }
      for (JsonId m : doc().children(object)) {
        if (others && doc().written_key(m) == kDefinitions) continue;
        behind_variant_ += "," + json_quote(doc().written_key(m)) + ":" + json_text(doc(), m);
      }
      behind_variant_ += "}";
    }
  }

  void explain(const Task& task) {
    if (doc().is(task.schema, JsonType::kFalse)) add_cause(task, task.schema, "false");
    if (!doc().is(task.schema, JsonType::kObject)) return;
    const std::vector<JsonId> members = keywords(task.schema);
    bool found = false;
    for (JsonId member : members) {
      const std::string variant = alone(task.schema, member);
      if (variant.empty() || !refuses(variant, task.depth)) continue;
      found = true;
      const size_t cause = add_cause(task, member, std::string(doc().key(member)));
      descend(task, member, cause);
    }
    if (!found) explain_together(task, members);
  }

  // The keywords that assert something, of those that stand for themselves.
  std::vector<JsonId> keywords(JsonId schema) const {
    std::vector<JsonId> out;
    const JsonId ref = doc().find(schema, "$ref");
    if (ref != kNoJson && source_.dialect(schema).ref_stands_alone()) return {ref};
    for (JsonId m : doc().children(schema)) {
      const std::string_view name = doc().key(m);
      const bool old =
          (name == "exclusiveMinimum" || name == "exclusiveMaximum") && doc().is_bool(m);
      if (keyword_of(name) != Keyword::kAnnotation && !old) out.push_back(m);
    }
    return out;
  }

  void append_member(JsonId member, bool only_names, std::string* out) const {
    *out += out->size() > 1 ? "," : "";
    *out += json_quote(doc().key(member)) + ":";
    if (!only_names) {
      *out += json_text(doc(), member);
      return;
    }
    *out += "{";
    bool first = true;
    for (JsonId c : doc().children(member)) {
      *out += (first ? "" : ",") + json_quote(doc().key(c)) + ":{}";
      first = false;
    }
    *out += "}";
  }

  // The schema with one keyword. Empty: that means nothing.
  std::string alone(JsonId schema, JsonId member) const {
    const Keyword k = keyword_of(doc().key(member));
    if (k == Keyword::kUnevaluatedItems || k == Keyword::kUnevaluatedProperties) return "";
    std::string out = "{";
    append_member(member, false, &out);
    for (std::string_view name : refusal_helpers(doc().key(member))) {
      const JsonId helper = doc().find(schema, name);
      const bool table = doc().key(member) == "additionalProperties";
      const bool bound = name.starts_with("exclusive");
      if (helper == kNoJson || (bound && !doc().is_bool(helper))) continue;
      append_member(helper, table && doc().is(helper, JsonType::kObject), &out);
    }
    return out + "}";
  }

  std::string several(const std::vector<JsonId>& members, size_t without) const {
    std::string out = "{";
    for (size_t i = 0; i < members.size(); ++i) {
      if (i != without) append_member(members[i], false, &out);
    }
    for (JsonId m : members) {
      for (std::string_view name : {"then", "else", "minContains", "maxContains"}) {
        const JsonId helper = doc().find(doc().parent(m), name);
        if (m == members.front() && helper != kNoJson) append_member(helper, false, &out);
      }
    }
    return out + "}";
  }

  // Whether a schema that stands in the place of its own in the document refuses the value.
  bool refuses(const std::string& schema, size_t depth) {
    if (++trials_ > kMaxSchemaTrials) {
      out_.complete = false;
      return false;
    }
    try {
      return tried(schema, depth);
    } catch (const WorkStopped& stopped) {
      if (stopped.error.code == Status::kCancelled) throw;
      trials_ = kMaxSchemaTrials;
      out_.complete = false;
      return false;
    }
  }

  bool tried(const std::string& schema, size_t depth) {
    Result<SchemaSource> source =
        SchemaSource::read(before_variant_ + schema + behind_variant_, options_, limits_);
    if (!source.ok()) return false;
    const JsonDocument& read = source.value().doc();
    const JsonId node = read.find(read.find(0, kDefinitions), kVariant);
    Grammar grammar;
    MaybeError error = build_grammar(source.value(), options_, limits_, &grammar, node);
    RefusedText part = text_;
    part.read = text_.read.substr(values_[depth].begin);
    if (ends_scalar_value(values_[depth], text_.next)) part.next = RefusedText::kEnd;
    if (error) return trial_(*std::move(error), part);
    return trial_(std::move(grammar), part);
  }

  size_t add_cause(const Task& task, JsonId node, std::string keyword) {
    RefusalCause& cause = out_.causes.emplace_back();
    cause.keyword = std::move(keyword);
    cause.pointer = doc().pointer(node);
    cause.value = beginning_of(json_text(doc(), node));
    cause.instance = value_pointer(values_, task.depth);
    cause.parent = task.parent;
    return out_.causes.size() - 1;
  }

  void descend(const Task& task, JsonId member, size_t cause) {
    const Keyword k = keyword_of(doc().key(member));
    if (k == Keyword::kRef) return follow(task, member, cause);
    if (k == Keyword::kAllOf || k == Keyword::kAnyOf || k == Keyword::kOneOf) {
      for (JsonId branch : doc().children(member)) todo_.push_back({branch, task.depth, cause});
    } else if (k == Keyword::kIf) {
      for (const char* name : {"then", "else"}) {
        const JsonId branch = doc().find(task.schema, name);
        if (branch != kNoJson) todo_.push_back({branch, task.depth, cause});
      }
    } else if (k == Keyword::kDependentSchemas || k == Keyword::kDependencies) {
      enter_table(member, task.depth, task.depth, cause);
    } else if (task.depth + 1 < values_.size()) {
      if (k == Keyword::kPropertyRule) enter_property(task, member, cause);
      if (k == Keyword::kItemRule) enter_item(task, member, cause);
    }
  }

  // Those schemas of a table that refuse by themselves.
  void enter_table(JsonId member, size_t at, size_t below, size_t cause) {
    if (!doc().is(member, JsonType::kObject)) return;
    for (JsonId c : doc().children(member)) {
      if (doc().is(c, JsonType::kArray)) continue;
      const std::string alone = "{" + json_quote(doc().key(member)) + ":{" +
                                json_quote(doc().key(c)) + ":" + json_text(doc(), c) + "}}";
      if (refuses(alone, at)) todo_.push_back({c, below, cause});
    }
  }

  void enter_property(const Task& task, JsonId member, size_t cause) {
    const OpenValue& value = values_[task.depth];
    const std::string_view name = doc().key(member);
    if (value.kind != OpenValue::Kind::kObject) return;
    if (name == "properties") {
      const JsonId property = doc().find(member, value.name);
      if (property != kNoJson) todo_.push_back({property, task.depth + 1, cause});
    } else if (name == "patternProperties") {
      enter_table(member, task.depth, task.depth + 1, cause);
    } else if (doc().is(member, JsonType::kObject)) {
      todo_.push_back({member, task.depth + 1, cause});
    }
  }

  void enter_item(const Task& task, JsonId member, size_t cause) {
    const OpenValue& value = values_[task.depth];
    if (value.kind != OpenValue::Kind::kArray) return;
    if (doc().is(member, JsonType::kObject)) {
      todo_.push_back({member, task.depth + 1, cause});
    } else if (doc().is(member, JsonType::kArray)) {
      size_t i = 0;
      for (JsonId item : doc().children(member)) {
        if (i++ == value.index) todo_.push_back({item, task.depth + 1, cause});
      }
    }
  }

  // A target outside of the document, or of the resource that the document is, is left closed.
  void follow(const Task& task, JsonId reference, size_t cause) {
    if (!doc().is(reference, JsonType::kString)) return;
    Result<JsonId> target = source_.resolve(reference);
    if (!target.ok()) return;
    const JsonId to = doc().origin(target.value());
    if (to >= own_nodes_) return;
    for (JsonId n = to; n != kNoJson && n != 0; n = doc().parent(n)) {
      if (source_.is_resource(n)) return;
    }
    todo_.push_back({to, task.depth, cause});
  }

  // Leaves out what is not needed for the refusal.
  void explain_together(const Task& task, std::vector<JsonId> members) {
    if (members.size() < 2 || !refuses(several(members, SIZE_MAX), task.depth)) return;
    for (size_t i = 0; i < members.size() && members.size() > 1;) {
      if (refuses(several(members, i), task.depth)) {
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    for (JsonId m : members) {
      const size_t cause = add_cause(task, m, std::string(doc().key(m)));
      out_.causes[cause].together = members.size() > 1;
    }
  }

  static bool is_choice(const RefusalCause& c) {
    return c.keyword == "anyOf" || c.keyword == "oneOf";
  }

  // Takes out keywords inside of which others are to blame.
  TextRefusal finish() {
    std::vector<RefusalCause>& all = out_.causes;
    std::vector<bool> holds(all.size()), shown(all.size());
    for (size_t i = all.size(); i-- > 0;) {
      shown[i] = !holds[i] || is_choice(all[i]);
      if (all[i].parent != RefusalCause::kNoParent) holds[all[i].parent] = true;
    }
    std::vector<size_t> place(all.size());
    std::vector<RefusalCause> kept;
    for (size_t i = 0; i < all.size(); ++i) {
      size_t p = all[i].parent;
      while (p != RefusalCause::kNoParent && !shown[p]) p = all[p].parent;
      if (!shown[i]) continue;
      place[i] = kept.size();
      all[i].parent = p == RefusalCause::kNoParent ? p : place[p];
      kept.push_back(all[i]);
    }
    all = std::move(kept);
    return std::move(out_);
  }

  SchemaSource source_;
  JsonId own_nodes_;
  JsonSchemaOptions options_;
  const Limits& limits_;
  RefusedText text_;
  const RefusalTrial& trial_;
  std::vector<OpenValue> values_;
  std::string before_variant_, behind_variant_;
  std::deque<Task> todo_;
  std::set<std::pair<JsonId, size_t>> seen_;
  size_t trials_ = 0;
  TextRefusal out_;
};

RefusalCause document_cause(std::string keyword) {
  RefusalCause out;
  out.keyword = std::move(keyword);
  return out;
}

bool refuses_document(std::string_view schema, const JsonSchemaOptions& options,
                      const Limits& limits, const RefusedText& text, const RefusalTrial& trial) {
  Result<Grammar> grammar = parse_json_schema(schema, options, limits);
  return trial(std::move(grammar), text);
}

// What is refused whatever the schema says, or only because of an option.
std::optional<RefusalCause> cause_beside_schema(std::string_view schema, JsonSchemaOptions options,
                                                const Limits& limits, const RefusedText& text,
                                                const RefusalTrial& trial) {
  JsonSchemaOptions open = options;
  open.strict = false;
  if (refuses_document("true", open, limits, text, trial)) {
    open.format = JsonFormatOptions();
    const bool json = !refuses_document("true", open, limits, text, trial);
    return document_cause(json ? "format" : "JSON");
  }
  const auto accepts = [&] { return !refuses_document(schema, options, limits, text, trial); };
  const std::vector<OpenValue> values = open_values(text.read);
  std::optional<RefusalCause> out;
  if (!options.any_order) {
    options.any_order = true;
    if (accepts()) out = document_cause("order");
  }
  if (!out && options.strict) {
    options.strict = false;
    if (accepts()) out = document_cause("strict");
  }
  if (!out) return out;
  size_t depth = values.size();
  while (depth > 0 && !values[depth - 1].is_container()) --depth;
  out->instance = value_pointer(values, depth == 0 ? 0 : depth - 1);
  return out;
}

}  // namespace

TextRefusal json_schema_refusal(std::string_view schema, const JsonSchemaOptions& options,
                                const Limits& limits, const RefusedText& text,
                                const RefusalTrial& trial) {
  TextRefusal out;
  if (options.style != ArgumentStyle::kJson || !options.notation.empty()) return out;
  JsonSchemaOptions own = options;
  own.notes = nullptr;
  try {
    if (std::optional<RefusalCause> other = cause_beside_schema(schema, own, limits, text, trial)) {
      out.causes.push_back(*std::move(other));
      return out;
    }
  } catch (const WorkStopped& stopped) {
    if (stopped.error.code == Status::kCancelled) throw;
    out.complete = false;
    return out;
  }
  Result<SchemaSource> source = SchemaSource::read(schema, own, limits);
  if (!source.ok()) return out;
  if (source.value().doc().is(0, JsonType::kFalse)) out.causes.push_back(document_cause("false"));
  if (!source.value().doc().is(0, JsonType::kObject)) return out;
  return SchemaRefusal(std::move(source).value(), own, limits, text, trial).run();
}

}  // namespace xgr::core
