// Drafts and references of a schema document.
//
// Entry point: SchemaSource::read, then resolve. A document is a set of resources: the root and
// each subschema with an $id of its own. A reference is resolved against the URI of the resource it
// stands in, then its fragment (a JSON Pointer or an anchor) is followed inside the resource found.
// Nothing is ever fetched: what the document does not contain is refused.
//
//   {"$id": "http://x/a", "$defs": {"b": {"$id": "c"}}}  holds http://x/a and http://x/c
//
// Tests: tests/unit/frontend/json_schema/schema_source_test.cc, tests/cases/json_schema/ref.case.
#include "frontend/json_schema/schema_source.h"

#include <algorithm>
#include <array>

namespace xgr {
namespace {

constexpr uint32_t kWideObject = 16;

struct UriParts {
  std::string_view scheme, authority, path, query;
  bool has_authority = false, has_query = false;
};

UriParts split_uri(std::string_view s) {
  UriParts u;
  s = s.substr(0, s.find('#'));
  size_t colon = s.find_first_of(":/?");
  if (colon != s.npos && colon > 0 && s[colon] == ':') {
    u.scheme = s.substr(0, colon);
    s.remove_prefix(colon + 1);
  }
  if (s.starts_with("//")) {
    size_t end = std::min(s.find_first_of("/?", 2), s.size());
    u.authority = s.substr(2, end - 2);
    u.has_authority = true;
    s.remove_prefix(end);
  }
  size_t q = s.find('?');
  u.path = s.substr(0, q);
  if (q != s.npos) {
    u.query = s.substr(q + 1);
    u.has_query = true;
  }
  return u;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> out;
  bool slash_end = path.ends_with("/") || path.ends_with("/.") || path.ends_with("/..");
  bool rooted = path.starts_with("/");
  while (!path.empty()) {
    if (path[0] == '/') path.remove_prefix(1);
    size_t end = std::min(path.find('/'), path.size());
    std::string_view part = path.substr(0, end);
    path.remove_prefix(end);
    if (part == ".." && !out.empty()) out.pop_back();
    if (part != "." && part != ".." && !part.empty()) out.push_back(part);
  }
  std::string text;
  for (size_t i = 0; i < out.size(); ++i) text.append(i > 0 || rooted ? "/" : "").append(out[i]);
  if (slash_end || (rooted && out.empty())) text += "/";
  return text;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size(); ++i) {
    bool coded =
        s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_value(s[i + 1]) * 16 + hex_value(s[i + 2])) : s[i];
    if (coded) i += 2;
  }
  return out;
}

// Text under these keys is data, whatever it looks like.
bool holds_data(std::string_view key) {
  return key == "enum" || key == "const" || key == "default" || key == "examples" ||
         key == "example";
}

std::string anchor_key(JsonId resource, std::string_view name) {
  return std::to_string(resource).append("#").append(name);
}

}  // namespace

std::string resolve_uri(std::string_view base, std::string_view reference) {
  UriParts b = split_uri(base), r = split_uri(reference);
  if (!r.scheme.empty() || (reference.empty() || reference[0] == '#')) {
    std::string_view whole = r.scheme.empty() ? base : reference;
    return std::string(whole.substr(0, whole.find('#')));
  }
  std::string out(b.scheme);
  if (!out.empty()) out += ":";
  bool own_authority = r.has_authority;
  std::string_view authority = own_authority ? r.authority : b.authority;
  if (own_authority || b.has_authority) out.append("//").append(authority);
  std::string path;
  if (own_authority || r.path.starts_with("/")) {
    path = r.path;
  } else if (r.path.empty()) {
    path = b.path;
    if (!r.has_query && b.has_query) r.query = b.query, r.has_query = true;
  } else {
    path = std::string(b.path.substr(0, b.path.rfind('/') + 1)).append(r.path);
    if (b.has_authority && !path.starts_with("/")) path.insert(0, "/");
  }
  out += path.find("./") != path.npos || path.ends_with(".") ? without_dots(path) : path;
  if (r.has_query) out.append("?").append(r.query);
  return out;
}

Result<SchemaSource> SchemaSource::read(std::string_view text, const Limits& limits) {
  Result<JsonDocument> doc = JsonDocument::parse(text, limits);
  if (!doc.ok()) return doc.error();
  SchemaSource source(std::move(doc).value());
  if (MaybeError e = source.read_draft()) return *e;
  source.index_resources();
  source.index_targets();
  return source;
}

MaybeError SchemaSource::read_draft() {
  JsonId node = doc_.find(0, "$schema");
  if (node == kNoJson || !doc_.is(node, JsonType::kString)) return std::nullopt;
  std::string_view uri = doc_.text(node);
  static constexpr std::array<std::pair<std::string_view, Draft>, 5> kDrafts = {
      {{"draft-04", Draft::k4},
       {"draft-06", Draft::k6},
       {"draft-07", Draft::k7},
       {"2019-09", Draft::k2019},
       {"2020-12", Draft::k2020}}};
  if (uri.find("json-schema.org/") == uri.npos) return std::nullopt;
  for (auto [name, draft] : kDrafts) {
    if (uri.find(name) != uri.npos) draft_ = draft;
  }
  if (uri.find("draft-03") != uri.npos || uri.find("draft-02") != uri.npos ||
      uri.find("draft-01") != uri.npos) {
    return error(Status::kUnsupported,
                 "$schema names a draft before 4; drafts 4 to 2020-12 are supported", node);
  }
  return std::nullopt;
}

void SchemaSource::index_resources() {
  const std::string_view id_key = draft_ == Draft::k4 ? "id" : "$id";
  JsonId root_id = doc_.find(0, id_key);
  bool has_uri = root_id != kNoJson && doc_.is(root_id, JsonType::kString);
  bases_[0] = has_uri ? resolve_uri("", doc_.text(root_id)) : "";
  resources_[bases_[0]] = 0;
  std::vector<JsonId> anchors;
  for (JsonId n = 1; n < doc_.size();) {
    std::string_view key = doc_.key(n);
    if (holds_data(key) && doc_.key(doc_.parent(n)) != "properties") {
      n = doc_.end(n);
      continue;
    }
    JsonId owner = doc_.parent(n);
    if (doc_.is(n, JsonType::kString) && doc_.is(owner, JsonType::kObject)) {
      bool plain_anchor = key == "$anchor" || key == "$dynamicAnchor";
      bool id = key == id_key && doc_.text(n) != "";
      if (plain_anchor || (id && doc_.text(n)[0] == '#')) {
        anchors.push_back(n);
      } else if (id && owner != 0 && !(ref_stands_alone() && doc_.find(owner, "$ref") != kNoJson)) {
        bases_[owner] = resolve_uri(bases_.at(resource_of(doc_.parent(owner))), doc_.text(n));
        resources_.emplace(bases_[owner], owner);
      }
    }
    ++n;
  }
  for (JsonId n : anchors) {
    std::string_view name = doc_.text(n);
    if (name.starts_with('#')) name.remove_prefix(1);
    anchors_.emplace(anchor_key(resource_of(n), name), doc_.parent(n));
  }
}

void SchemaSource::index_targets() {
  for (JsonId n = 1; n < doc_.size(); ++n) {
    std::string_view key = doc_.key(n);
    if (!key.ends_with("ef") || (key != "$ref" && key != "$dynamicRef" && key != "$recursiveRef"))
      continue;
    if (!doc_.is(n, JsonType::kString)) continue;
    Result<JsonId> target = resolve(n);
    if (target.ok()) targets_.insert(target.value());
  }
}

JsonId SchemaSource::resource_of(JsonId node) const {
  if (bases_.size() <= 1) return 0;
  while (node != 0 && !bases_.contains(node)) node = doc_.parent(node);
  return node;
}

Result<JsonId> SchemaSource::resolve(JsonId ref_node) {
  auto it = resolved_.find(ref_node);
  if (it != resolved_.end()) return it->second;
  std::string key = std::to_string(resource_of(ref_node)).append(" ").append(doc_.text(ref_node));
  auto same = by_text_.find(key);
  if (same != by_text_.end()) return resolved_[ref_node] = same->second;
  Result<JsonId> target = find_target(ref_node);
  if (target.ok()) by_text_[key] = resolved_[ref_node] = target.value();
  return target;
}

Result<JsonId> SchemaSource::find_target(JsonId ref_node) {
  std::string_view ref = doc_.text(ref_node);
  size_t hash = ref.find('#');
  std::string_view fragment = hash == ref.npos ? "" : ref.substr(hash + 1);
  JsonId resource = resource_of(ref_node);
  if (hash != 0) {
    auto it = resources_.find(resolve_uri(bases_.at(resource), ref));
    if (it == resources_.end()) {
      return error(Status::kUnsupported,
                   "reference " + json_quote(ref) +
                       " leads outside the document; only local ones are followed",
                   ref_node);
    }
    resource = it->second;
  }
  std::string decoded = percent_decoded(fragment);
  JsonId target = kNoJson;
  if (decoded.empty()) {
    target = resource;
  } else if (decoded[0] == '/') {
    target = find_pointer(resource, decoded);
  } else if (auto it = anchors_.find(anchor_key(resource, decoded)); it != anchors_.end()) {
    target = it->second;
  }
  if (target != kNoJson) return target;
  return error(Status::kInvalidSource,
               "reference " + json_quote(ref) + " leads nowhere in the document", ref_node);
}

JsonId SchemaSource::find_pointer(JsonId from, std::string_view pointer) {
  // The last object is often a large table of definitions: find its members through an index.
  size_t last = pointer.rfind('/');
  JsonId table = doc_.resolve(from, pointer.substr(0, last));
  if (table == kNoJson || !doc_.is(table, JsonType::kObject)) return doc_.resolve(from, pointer);
  std::string_view token = pointer.substr(last + 1);
  if (token.find('~') != token.npos) return doc_.resolve(from, pointer);
  return find_member(table, token);
}

JsonId SchemaSource::find_member(JsonId object, std::string_view name) {
  if (doc_.count(object) < kWideObject) return doc_.find(object, name);
  auto [it, fresh] = wide_.try_emplace(object);
  if (fresh) {
    for (JsonId c : doc_.children(object)) it->second.emplace(doc_.key(c), c);
  }
  auto found = it->second.find(name);
  return found == it->second.end() ? kNoJson : found->second;
}

}  // namespace xgr
