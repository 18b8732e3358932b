// Moving about in JSON documents, and changing what is seen of them.
//
// Entry points: find, pointer, resolve, and copy, extract, origin, hide_key. A copied subtree lies behind
// all other nodes and shares their texts; a table of copies, ordered by place, leads back.
//
//   {"a": {"b": 1}}: copy(1) is node 3 with key "a", parent 0 and pointer "/a"
//
// Tests: tests/unit/support/json_reader_test.cc.
#include <algorithm>

#include "support/json_reader.h"

namespace xgr::core {
namespace {

void append_unescaped(std::string_view token, std::string* out) {
  for (size_t i = 0; i < token.size(); ++i) {
    bool escape =
        token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
    if (escape) {
      *out += token[++i] == '0' ? '~' : '/';
    } else {
      *out += token[i];
    }
  }
}

}  // namespace

JsonId JsonDocument::copy(JsonId subtree) {
  const JsonId size = end(subtree) - subtree, begin = static_cast<JsonId>(nodes_.size());
  copies_.push_back({begin, origin(subtree)});
  for (JsonId i = 0; i < size; ++i) {
    Node node = nodes_[subtree + i];
    node.end += begin - subtree;
    if (i > 0) node.parent += begin - subtree;
    nodes_.push_back(node);
  }
  return begin;
}

// The texts of a subtree lie together, as they were read.
JsonDocument JsonDocument::extract(JsonId subtree) const {
  XGR_CHECK(copies_.empty() && hidden_.empty());
  JsonDocument out;
  out.nodes_.assign(nodes_.begin() + subtree, nodes_.begin() + end(subtree));
  out.nodes_[0].parent = kNoJson;
  out.nodes_[0].key = out.nodes_[0].key_size = 0;
  uint32_t first = UINT32_MAX, last = 0;
  auto cover = [&](uint32_t begin, uint32_t size) {
    if (size == 0) return;
    first = std::min(first, begin);
    last = std::max(last, begin + size);
  };
  for (const Node& node : out.nodes_) {
    cover(node.text, node.text_size);
    cover(node.key, node.key_size);
  }
  if (first < last) out.text_ = text_.substr(first, last - first);
  for (size_t i = 0; i < out.nodes_.size(); ++i) {
    Node& node = out.nodes_[i];
    node.end -= subtree;
    if (i > 0) node.parent -= subtree;
    node.text = node.text_size == 0 ? 0 : node.text - first;
    node.key = node.key_size == 0 ? 0 : node.key - first;
  }
  return out;
}

JsonId JsonDocument::origin(JsonId id) const {
  if (copies_.empty() || id < copies_[0].begin) return id;
  auto next = std::upper_bound(copies_.begin(), copies_.end(), id,
                               [](JsonId i, const Copy& c) { return i < c.begin; });
  return std::prev(next)->from + (id - std::prev(next)->begin);
}

void JsonDocument::hide_key(JsonId member) {
  if (!hidden_.try_emplace(member, nodes_[member].key_size).second) return;
  nodes_[member].key_size = 0;
}

std::string_view JsonDocument::written_key(JsonId id) const {
  if (hidden_.empty()) return key(id);
  auto it = hidden_.find(origin(id));
  return it == hidden_.end() ? key(id) : slice(nodes_[id].key, it->second);
}

JsonId JsonDocument::find(JsonId id, std::string_view key) const {
  if (!is(id, JsonType::kObject)) return kNoJson;
  for (JsonId c : children(id)) {
    if (this->key(c) == key) return c;
  }
  return kNoJson;
}

JsonId JsonDocument::find_written(JsonId id, std::string_view key) const {
  if (hidden_.empty() || !is(id, JsonType::kObject)) return find(id, key);
  for (JsonId c : children(id)) {
    if (written_key(c) == key) return c;
  }
  return kNoJson;
}

std::string JsonDocument::pointer(JsonId id) const {
  std::vector<std::string> tokens;
  id = origin(id);
  for (JsonId up = parent(id); up != kNoJson; id = up, up = parent(id)) {
    if (is(up, JsonType::kObject)) {
      tokens.push_back(escape_pointer_token(written_key(id)));
      continue;
    }
    size_t index = 0;
    for (JsonId c = up + 1; c != id; c = end(c)) ++index;
    tokens.push_back(std::to_string(index));
  }
  std::string out;
  for (size_t i = tokens.size(); i-- > 0;) out.append("/").append(tokens[i]);
  return out;
}

JsonId JsonDocument::resolve(JsonId from, std::string_view pointer) const {
  while (!pointer.empty() && from != kNoJson) {
    if (pointer[0] != '/') return kNoJson;
    size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string token;
    append_unescaped(pointer.substr(1, end - 1), &token);
    pointer.remove_prefix(end);
    if (is(from, JsonType::kArray)) {
      bool index = !token.empty() && token.size() < 10 && (token[0] != '0' || token.size() == 1) &&
                   token.find_first_not_of("0123456789") == token.npos;
      size_t n = index ? std::stoul(token) : SIZE_MAX;
      if (n >= count(from)) return kNoJson;
      for (++from; n > 0; --n) from = this->end(from);
    } else {
      from = find_written(from, token);
    }
  }
  return from;
}

std::string escape_pointer_token(std::string_view token) {
  std::string out;
  for (char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace xgr::core
