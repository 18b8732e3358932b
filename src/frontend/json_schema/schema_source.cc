// Documents and references of a schema.
//
// Entry point: SchemaSource::read, then resolve. A reference is resolved against the URI of the
// resource it stands in, then its fragment (a JSON Pointer or an anchor) is followed inside the
// resource found. Nothing is ever fetched: a document is one that the caller supplied or a standard
// meta-schema, and it is read when a reference leads to it. All documents that references lead to
// are known before any is followed, because dynamic references depend on all of them.
//
//   {"$ref": "item.json#/$defs/a"} in http://x/root.json  ->  http://x/item.json, then /$defs/a
//
// Tests: tests/unit/frontend/json_schema/schema_source_test.cc,
// tests/cases/json_schema/{ref,remote}.case.
#include "frontend/json_schema/schema_source.h"

#include <algorithm>

#include "frontend/json_schema/meta_schemas.h"
#include "frontend/json_schema/uri.h"
#include "support/error_text.h"

namespace xgr::core {
namespace {

constexpr uint32_t kWideObject = 16;
constexpr uint64_t kReferenceSteps = 8;

Dialect dialect_of(const JsonSchemaOptions& options) {
  switch (options.draft) {
    case 4:
      return {Draft::k4, true};
    case 6:
      return {Draft::k6, true};
    case 7:
      return {Draft::k7, true};
    case 2019:
      return {Draft::k2019, true};
    case 2020:
      return {Draft::k2020, true};
    default:
      return {};
  }
}

}  // namespace

namespace {

// A limit is hit before any schema is looked at.
template <typename Read>
Result<SchemaSource> reading(const Read& read) {
  try {
    return read();
  } catch (WorkStopped& stopped) {
    if (stopped.error.code == Status::kLimitExceeded)
      stopped.error = error_at_pointer(stopped.error.code, stopped.error.message, "");
    throw;
  }
}

}  // namespace

Result<SchemaSource> SchemaSource::read(std::string_view text, const JsonSchemaOptions& options,
                                        const Limits& limits) {
  return reading([&]() -> Result<SchemaSource> {
    Result<JsonDocument> doc = JsonDocument::parse(text, limits);
    if (!doc.ok()) return std::move(doc.error());
    return read_all(std::move(doc).value(), options, limits);
  });
}

Result<SchemaSource> SchemaSource::read(JsonDocument doc, const JsonSchemaOptions& options,
                                        const Limits& limits) {
  return reading([&] { return read_all(std::move(doc), options, limits); });
}

Result<SchemaSource> SchemaSource::read_all(JsonDocument doc, const JsonSchemaOptions& options,
                                            const Limits& limits) {
  SchemaSource source(options.remotes, limits);
  for (const RemoteSchema& r : options.remotes)
    source.remotes_.emplace(r.uri.substr(0, r.uri.find('#')), r.text);
  source.doc_ = std::move(doc);
  if (MaybeError e = source.index_.add_document(source.doc_, 0, "", dialect_of(options))) return *e;
  source.index_targets();
  return source;
}

std::string SchemaSource::place(JsonId node) const {
  const JsonId origin = doc_.origin(node);
  const std::string& uri = index_.document_uri(origin);
  return uri.empty() ? doc_.pointer(origin) : uri + "#" + doc_.pointer(origin);
}

JsonId SchemaSource::find_place(std::string_view place) const {
  JsonId own = doc_.resolve(0, place);
  size_t hash = place.find('#');
  if (own != kNoJson || hash == place.npos) return own;
  JsonId root = index_.find_resource(std::string(place.substr(0, hash)));
  if (root == kNoJson) return kNoJson;
  return doc_.resolve(index_.document_of(root), place.substr(hash + 1));
}

void SchemaSource::relax(JsonId member) {
  const DialectKeyword* k = find_keyword(doc_.key(member));
  bool opens = k == nullptr || k->holds != Holds::kNoSchema || k->name.ends_with("ef");
  bool& opened = relaxed_[doc_.parent(member)];
  opened = opened || opens;
  doc_.hide_key(member);
}

Error SchemaSource::error(Status code, const std::string& message, JsonId at) const {
  return error_at_pointer(code, message, place(at));
}

const Dialect& SchemaSource::dialect(JsonId node) const {
  return index_.resource(index_.resource_of(doc_, doc_.origin(node))).dialect;
}

void SchemaSource::index_targets() {
  // Finding a target may add documents and with them references.
  for (size_t i = 0; i < index_.references().size(); ++i) {
    charge(limits_.work, kReferenceSteps);
    Result<ReferenceTarget> target = static_target(index_.references()[i]);
    if (target.ok()) add_target(target.value().node);
  }
  complete_ = true;
  scopes_ = DynamicScopes::make(doc_, index_, limits_.work);
  if (!scopes_) return;
  for (const auto& [root, resource] : index_.resources()) {
    for (const auto& [name, schema] : resource.dynamic_anchors) add_target(schema);
  }
}

Result<JsonId> SchemaSource::resolve(JsonId ref_node) {
  if (ref_node < resolved_.size() && resolved_[ref_node] != kNoJson) return resolved_[ref_node];
  Result<ReferenceTarget> target = static_target(doc_.origin(ref_node));
  if (!target.ok()) return target.error();
  JsonId node = target.value().node;
  if (scopes_) node = scopes_->enter(doc_, index_, ref_node, target.value());
  if (resolved_.size() <= ref_node) resolved_.resize(doc_.size(), kNoJson);
  return resolved_[ref_node] = node;
}

Result<ReferenceTarget> SchemaSource::static_target(JsonId ref_node) {
  JsonId resource = index_.resource_of(doc_, ref_node);
  uint32_t known = by_text_.find(doc_.text(ref_node), [&](uint32_t i) {
    const Meaning& m = meanings_[i];
    return m.resource == resource && doc_.text(m.reference) == doc_.text(ref_node);
  });
  if (known == TextIndex::kNone) {
    Result<ReferenceTarget> target = find_target(ref_node, resource);
    if (!target.ok()) return target;
    if (MaybeError e = index_.add_target(doc_, target.value().node)) {
      e->json_pointer = place(ref_node);
      return *e;
    }
    known = static_cast<uint32_t>(meanings_.size());
    meanings_.push_back({ref_node, resource, std::move(target).value()});
    by_text_.add(doc_.text(ref_node), known);
  }
  ReferenceTarget out = meanings_[known].target;
  if (doc_.key(ref_node) == "$ref") out.dynamic = false;
  return out;
}

Result<ReferenceTarget> SchemaSource::find_target(JsonId ref_node, JsonId resource) {
  std::string_view ref = doc_.text(ref_node);
  size_t hash = ref.find('#');
  std::string fragment = percent_decoded(hash == ref.npos ? "" : ref.substr(hash + 1));
  if (hash != 0) {
    Result<JsonId> found = document(resolve_uri(index_.resource(resource).uri, ref), ref_node);
    if (!found.ok()) return found.error();
    resource = found.value();
  }
  ReferenceTarget target{kNoJson, "", false};
  if (fragment.empty()) {
    target.node = resource;
    for (const auto& [name, schema] : index_.resource(resource).dynamic_anchors)
      target.dynamic = target.dynamic || name.empty();
  } else if (fragment[0] == '/') {
    target.node = find_pointer(resource, fragment);
  } else if (const SchemaAnchor* anchor = index_.find_anchor(resource, fragment)) {
    target = {anchor->schema, fragment, anchor->dynamic};
  }
  if (target.node != kNoJson) return target;
  ref = doc_.text(ref_node);
  return error(Status::kInvalidSource,
               "reference " + json_quote(ref) +
                   " leads nowhere in the document; expected the JSON Pointer or the anchor of a "
                   "schema there",
               ref_node);
}

Result<JsonId> SchemaSource::document(const std::string& uri, JsonId ref_node) {
  if (auto failed = failed_.find(uri); failed != failed_.end()) return failed->second;
  JsonId known = index_.find_resource(uri);
  if (known != kNoJson) return known;
  auto supplied = remotes_.find(uri);
  std::string_view text = supplied == remotes_.end() ? standard_meta_schema(uri) : supplied->second;
  if (complete_ || (supplied == remotes_.end() && text.empty())) {
    return error(Status::kUnsupported,
                 "reference " + json_quote(doc_.text(ref_node)) +
                     " leads outside the document; supply the schema " + json_quote(uri) +
                     " with the options, nothing is fetched",
                 ref_node);
  }
  Result<JsonId> root = load(uri, text, ref_node);
  if (!root.ok()) failed_.emplace(uri, root.error());
  return root;
}

Result<JsonId> SchemaSource::load(const std::string& uri, std::string_view text, JsonId ref_node) {
  Result<JsonId> root = doc_.append(text, limits_);
  if (!root.ok()) {
    const Error& e = root.error();
    return error(e.code, "the schema supplied for " + json_quote(uri) + " is " + error_text(e),
                 ref_node);
  }
  const Dialect fallback = dialect(0);
  MaybeError e = index_.add_document(doc_, root.value(), uri, fallback);
  if (!e) return root;
  e->json_pointer = uri + "#" + e->json_pointer;
  return *e;
}

JsonId SchemaSource::find_pointer(JsonId from, std::string_view pointer) {
  // The last object is often a large table of definitions: find its members through an index.
  size_t last = pointer.rfind('/');
  JsonId table = doc_.resolve(from, pointer.substr(0, last));
  if (table == kNoJson || !doc_.is(table, JsonType::kObject)) return doc_.resolve(from, pointer);
  std::string_view token = pointer.substr(last + 1);
  if (token.find('~') != token.npos || doc_.count(table) < kWideObject)
    return doc_.resolve(from, pointer);
  return find_member(table, token);
}

JsonId SchemaSource::find_member(JsonId object, std::string_view name) {
  auto it = wide_.find(object);
  if (it == wide_.end()) {
    TextIndex members(doc_.count(object));
    for (JsonId c : doc_.children(object)) {
      charge(limits_.work, 1);
      members.add(doc_.written_key(c), c);
    }
    it = wide_.emplace(object, std::move(members)).first;
  }
  return it->second.find(name, [&](JsonId c) { return doc_.written_key(c) == name; });
}

}  // namespace xgr::core
