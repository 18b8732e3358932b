// Resources, anchors and references of schema documents.
//
// Entry points: SchemaIndex::add_document, then resource_of and find_anchor. Most documents are
// plain: one resource, no anchors, no keyword that their draft does not know. One pass over the
// nodes finds that out. Any other document is walked along the keywords that hold schemas, because
// only there do $id and $anchor mean something; on the way the names of members without meaning are
// hidden: keywords of other drafts, and the siblings of $ref up to draft 7.
//
//   {"$id": "http://x/a", "$defs": {"b": {"$id": "c"}}}  holds http://x/a and http://x/c
//
// Tests: tests/unit/frontend/json_schema/schema_source_test.cc, tests/cases/json_schema/ref.case.
#include "frontend/json_schema/schema_index.h"

#include <algorithm>

#include "frontend/json_schema/uri.h"
#include "support/error_text.h"

namespace xgr::core {
namespace {

constexpr int kMaxMetaSchemas = 8;  // on the way from a schema to a standard one

std::string anchor_key(JsonId resource, std::string_view name) {
  return std::to_string(resource).append("#").append(name);
}

JsonId find_string(const JsonDocument& doc, JsonId object, std::string_view key) {
  JsonId node = doc.find(object, key);
  return node != kNoJson && doc.is(node, JsonType::kString) ? node : kNoJson;
}

bool is_reference(std::string_view key) {
  return key.ends_with("ef") && (key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef");
}

std::string_view fragment_of(std::string_view uri) {
  size_t hash = uri.find('#');
  return hash == uri.npos ? "" : uri.substr(hash + 1);
}

std::string_view without_fragment(std::string_view uri) { return uri.substr(0, uri.find('#')); }

// What $vocabulary of a meta-schema says about schemas written in it.
MaybeError read_vocabularies(const JsonDocument& meta, Dialect* out) {
  JsonId table = meta.find(0, "$vocabulary");
  if (table == kNoJson || !meta.is(table, JsonType::kObject)) return std::nullopt;
  out->vocabularies = 0;
  for (JsonId entry : meta.children(table)) {
    auto bit = vocabulary_bit(meta.key(entry));
    if (bit) out->vocabularies |= *bit;
    if (bit || !meta.is(entry, JsonType::kTrue)) continue;
    return error_at_pointer(Status::kUnsupported,
                            "the meta-schema requires the vocabulary " +
                                json_quote(meta.key(entry)) +
                                "; those of drafts 2019-09 and 2020-12 are supported",
                            "");
  }
  return std::nullopt;
}

// Whether a value under this key is compared, so that it cannot be taken for a schema as well.
bool holds_values(const JsonDocument& doc, JsonId member, JsonId top) {
  for (; member != top; member = doc.parent(member)) {
    std::string_view key = doc.key(member);
    if (doc.parent(member) == top) return key == "enum" || key == "const";
  }
  return false;
}

}  // namespace

size_t SchemaIndex::place_of(JsonId node) const {
  if (documents_.size() == 1) return 0;
  auto next = std::upper_bound(documents_.begin(), documents_.end(), node,
                               [](JsonId n, const Document& d) { return n < d.root; });
  return static_cast<size_t>(next - documents_.begin()) - 1;
}

JsonId SchemaIndex::resource_of(const JsonDocument& doc, JsonId node) const {
  const Document& d = documents_[place_of(node)];
  if (!d.walked) return d.root;
  while (owner_[node] == kNoJson) node = doc.parent(node);
  return owner_[node];
}

JsonId SchemaIndex::find_resource(const std::string& uri) const {
  auto it = by_uri_.find(uri);
  return it == by_uri_.end() ? kNoJson : it->second;
}

const SchemaAnchor* SchemaIndex::find_anchor(JsonId resource, std::string_view name) const {
  auto it = anchors_.find(anchor_key(resource, name));
  return it == anchors_.end() ? nullptr : &it->second;
}

void SchemaIndex::add_anchor(JsonId resource, std::string_view name, JsonId schema, bool dynamic) {
  anchors_.emplace(anchor_key(resource, name), SchemaAnchor{schema, dynamic});
  if (dynamic) resources_.at(resource).dynamic_anchors.push_back({std::string(name), schema});
}

Result<Dialect> SchemaIndex::dialect_of(const JsonDocument& doc, JsonId schema_node,
                                        const Dialect& fallback) {
  if (schema_node == kNoJson) return fallback;
  std::string_view uri = doc.text(schema_node);
  bool standard = uri.find("json-schema.org/") != uri.npos;
  bool too_old = uri.find("draft-03") != uri.npos || uri.find("draft-02") != uri.npos ||
                 uri.find("draft-01") != uri.npos;
  if (standard && too_old) {
    return error_at_pointer(Status::kUnsupported,
                            "$schema names a draft before 4; drafts 4 to 2020-12 are supported",
                            doc.pointer(schema_node));
  }
  if (auto draft = draft_of_schema_uri(uri)) return Dialect{*draft, true};
  auto supplied = [&](const RemoteSchema& r) {
    return without_fragment(r.uri) == without_fragment(uri);
  };
  if (std::none_of(remotes_.begin(), remotes_.end(), supplied)) {
    unknown_drafts_.insert(schema_node);
    return fallback;
  }
  Result<Dialect> custom = custom_dialect(std::string(without_fragment(uri)), fallback);
  if (!custom.ok()) custom.error().json_pointer = doc.pointer(schema_node);
  return custom;
}

// The draft and vocabularies of a meta-schema that the caller supplied.
Result<Dialect> SchemaIndex::custom_dialect(const std::string& uri, const Dialect& fallback) {
  if (auto known = custom_dialects_.find(uri); known != custom_dialects_.end())
    return known->second;
  Dialect out = fallback;
  std::string next = uri;
  for (int i = 0; i < kMaxMetaSchemas; ++i) {
    auto same = [&](const RemoteSchema& r) { return without_fragment(r.uri) == next; };
    auto remote = std::find_if(remotes_.begin(), remotes_.end(), same);
    if (remote == remotes_.end()) break;
    Result<JsonDocument> doc = JsonDocument::parse(remote->text, limits_);
    if (!doc.ok()) {
      return error_at_pointer(
          doc.error().code,
          "the meta-schema " + json_quote(next) + " is " + error_text(doc.error()), "");
    }
    const JsonDocument& meta = doc.value();
    if (MaybeError e = i == 0 ? read_vocabularies(meta, &out) : std::nullopt) return *e;
    JsonId schema = find_string(meta, 0, "$schema");
    if (schema == kNoJson) break;
    out.stated = true;
    if (auto draft = draft_of_schema_uri(meta.text(schema))) {
      out.draft = *draft;
      break;
    }
    next = std::string(without_fragment(meta.text(schema)));
  }
  custom_dialects_.emplace(uri, out);
  return out;
}

MaybeError SchemaIndex::add_document(JsonDocument& doc, JsonId root, const std::string& uri,
                                     const Dialect& fallback) {
  Result<Dialect> dialect = dialect_of(doc, find_string(doc, root, "$schema"), fallback);
  if (!dialect.ok()) return dialect.error();
  JsonId id = find_string(doc, root, dialect.value().id_key());
  std::string own = id == kNoJson ? uri : resolve_uri(uri, doc.text(id));
  by_uri_[uri] = root;
  documents_.push_back({root, false, uri});
  if (MaybeError e = add_resource(doc, root, std::move(own), dialect.value())) return e;
  if (plain(doc, root, dialect.value())) return std::nullopt;
  documents_.back().walked = true;
  owner_.resize(doc.size(), kNoJson);
  return walk(doc, root, root);
}

MaybeError SchemaIndex::add_target(JsonDocument& doc, JsonId node) {
  if (!documents_[place_of(node)].walked || owner_[node] != kNoJson) return std::nullopt;
  JsonId top = node;
  while (owner_[top] == kNoJson) top = doc.parent(top);
  if (holds_values(doc, node, top)) {
    return error_at_pointer(Status::kUnsupported,
                            "a reference leads here, into the values of enum or const; only to "
                            "schemas can it lead",
                            doc.pointer(node));
  }
  return walk(doc, node, owner_[top]);
}

// Also collects the references of a plain document.
bool SchemaIndex::plain(const JsonDocument& doc, JsonId root, const Dialect& d) {
  const size_t references_before = references_.size();
  const std::vector<std::string_view> foreign = foreign_keywords(d);
  uint32_t sizes = 0;
  for (std::string_view name : foreign) sizes |= 1u << name.size();
  JsonId id = find_string(doc, root, d.id_key());
  bool plain = id == kNoJson || fragment_of(doc.text(id)).empty();
  for (JsonId n = root + 1; n < doc.end(root) && plain; ++n) {
    std::string_view key = doc.key(n);
    if (key.empty()) continue;
    if (key[0] == '$') {
      if (is_reference(key) && doc.is(n, JsonType::kString)) {
        references_.push_back(n);
        plain = !d.ref_stands_alone() || doc.count(doc.parent(n)) == 1;
      } else if (key == "$id") {
        plain = doc.parent(n) == root;
      } else if (key == "$anchor" || key == "$dynamicAnchor" || key == "$recursiveAnchor") {
        plain = false;
      }
    } else if (key == "id" && d.draft == Draft::k4 && doc.parent(n) != root) {
      plain = !doc.is(n, JsonType::kString);
    }
    if (key.size() < 32 && (sizes >> key.size() & 1) &&
        std::find(foreign.begin(), foreign.end(), key) != foreign.end())
      plain = false;
  }
  if (!plain) references_.resize(references_before);
  return plain;
}

MaybeError SchemaIndex::walk(JsonDocument& doc, JsonId start, JsonId resource) {
  std::vector<Task> todo{{start, resource}};
  while (!todo.empty()) {
    Task at = todo.back();
    todo.pop_back();
    if (owner_[at.node] != kNoJson) continue;
    owner_[at.node] = at.resource;
    if (!doc.is(at.node, JsonType::kObject)) continue;
    if (MaybeError e = enter(doc, at.node, &at.resource)) return e;
    owner_[at.node] = at.resource;
    const size_t before = todo.size();
    const Dialect& d = resources_.at(at.resource).dialect;
    const JsonId ref = d.ref_stands_alone() ? doc.find(at.node, "$ref") : kNoJson;
    for (JsonId member : doc.children(at.node)) {
      bool definitions = doc.key(member) == "definitions" || doc.key(member) == "$defs";
      if (ref == kNoJson || ref == member || definitions) {
        read_member(doc, member, at, &todo);
      } else {
        doc.hide_key(member);
      }
    }
    std::reverse(todo.begin() + static_cast<std::ptrdiff_t>(before), todo.end());
  }
  return std::nullopt;
}

MaybeError SchemaIndex::add_resource(const JsonDocument& doc, JsonId root, std::string uri,
                                     const Dialect& dialect) {
  uri_bytes_ += uri.size();  // nested relative identifiers add up
  by_uri_.emplace(uri, root);
  resources_.emplace(root, SchemaResource{std::move(uri), dialect, {}});
  if (uri_bytes_ <= limits_.max_source_bytes) return std::nullopt;
  return error_at_pointer(
      Status::kLimitExceeded,
      "the identifiers of all resources, resolved, take more bytes than " +
          limit_text("max_source_size", limits_.max_source_bytes, "use shorter $id"),
      doc.pointer(root));
}

// Identifiers of a schema object: it may be a resource of its own, or have a name in its resource.
MaybeError SchemaIndex::enter(JsonDocument& doc, JsonId schema, JsonId* resource) {
  Dialect d = resources_.at(*resource).dialect;
  const bool document = document_of(schema) == schema;
  if (JsonId own = find_string(doc, schema, "$schema"); own != kNoJson && !document) {
    Result<Dialect> stated = dialect_of(doc, own, d);
    if (!stated.ok()) return stated.error();
    if (find_string(doc, schema, stated.value().id_key()) != kNoJson) d = stated.value();
  }
  JsonId id = find_string(doc, schema, d.id_key());
  bool hidden = d.ref_stands_alone() && doc.find(schema, "$ref") != kNoJson && !document;
  if (id != kNoJson && !hidden) {
    std::string_view text = doc.text(id), fragment = fragment_of(text);
    if (!document && !text.empty() && text[0] != '#') {
      std::string uri = resolve_uri(resources_.at(*resource).uri, text);
      if (MaybeError e = add_resource(doc, schema, std::move(uri), d)) return e;
      *resource = schema;
    }
    bool names = d.draft <= Draft::k7 || !d.stated;
    if (names && !fragment.empty()) add_anchor(*resource, fragment, schema, false);
  }
  for (std::string_view key : {"$anchor", "$dynamicAnchor"}) {
    JsonId name = find_string(doc, schema, key);
    if (name == kNoJson || hidden || !defines(d, *find_keyword(key))) continue;
    add_anchor(*resource, doc.text(name), schema, key == "$dynamicAnchor");
  }
  JsonId recursive = doc.find(schema, "$recursiveAnchor");
  if (recursive != kNoJson && *resource == schema && doc.is(recursive, JsonType::kTrue) &&
      defines(d, *find_keyword("$recursiveAnchor")))
    resources_.at(schema).dynamic_anchors.push_back({"", schema});
  return std::nullopt;
}

void SchemaIndex::read_member(JsonDocument& doc, JsonId member, const Task& at,
                              std::vector<Task>* todo) {
  const DialectKeyword* k = find_keyword(doc.key(member));
  if (k == nullptr) return;
  if (!defines(resources_.at(at.resource).dialect, *k)) {
    doc.hide_key(member);
    return;
  }
  if (is_reference(k->name) && doc.is(member, JsonType::kString)) references_.push_back(member);
  bool list = doc.is(member, JsonType::kArray) &&
              (k->holds == Holds::kList || k->holds == Holds::kListOrSchema);
  bool table = doc.is(member, JsonType::kObject) && k->holds == Holds::kTable;
  if (list || table) {
    for (JsonId c : doc.children(member)) todo->push_back({c, at.resource});
  } else if (k->holds == Holds::kSchema || k->holds == Holds::kListOrSchema) {
    todo->push_back({member, at.resource});
  }
}

}  // namespace xgr::core
