// JSON documents as flat arrays: keeps key order and the raw text of numbers.
//
// Nodes lie in document order, so the children of node i are i+1, end(i+1), ... up to end(i).
// Neither reading nor destroying a document recurses. Object members carry their key.
//
//   Result<JsonDocument> doc = JsonDocument::parse(text, limits);
//   for (JsonId c : doc.value().children(doc.value().root())) use(doc.value().key(c));
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

enum class JsonType : uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

using JsonId = uint32_t;  // index of a node
inline constexpr JsonId kNoJson = UINT32_MAX;

class JsonDocument {
 public:
  // Strict RFC 8259, valid UTF-8 only, no lone surrogates, no object with a key twice.
  static Result<JsonDocument> parse(std::string_view text, const Limits& limits);
  // Reads a further document behind the nodes of this one and gives its root; on failure nothing
  // changes. Ends the life of every text and key handed out before.
  Result<JsonId> append(std::string_view text, const Limits& limits);
  // A copy of a subtree behind all nodes. Its root keeps the parent; the pointer of each copied
  // node is that of its original.
  JsonId copy(JsonId subtree);
  // A subtree as a document of its own, in which nothing is copied or hidden yet.
  JsonDocument extract(JsonId subtree) const;
  // The node of a text that `id` is, or is a copy of.
  JsonId origin(JsonId id) const;
  // Makes key() and find() see a member without name; pointers still see the name.
  void hide_key(JsonId member);

  JsonId root() const { return 0; }
  size_t size() const { return nodes_.size(); }
  JsonType type(JsonId id) const { return nodes_[id].type; }
  bool is(JsonId id, JsonType type) const { return nodes_[id].type == type; }
  bool is_bool(JsonId id) const { return is(id, JsonType::kTrue) || is(id, JsonType::kFalse); }
  // Decoded text of a string, or the number as written.
  std::string_view text(JsonId id) const { return slice(nodes_[id].text, nodes_[id].text_size); }
  // Decoded name of an object member; empty for everything else.
  std::string_view key(JsonId id) const { return slice(nodes_[id].key, nodes_[id].key_size); }
  std::string_view written_key(JsonId id) const;                // the name even if it is hidden
  JsonId parent(JsonId id) const { return nodes_[id].parent; }  // kNoJson for the root
  JsonId end(JsonId id) const { return nodes_[id].end; }        // first node after the subtree
  uint32_t count(JsonId id) const { return nodes_[id].count; }  // members or elements
  // Member `key` of an object, kNoJson when absent or when `id` is not an object.
  JsonId find(JsonId id, std::string_view key) const;
  // RFC 6901 pointer to a node: "" for the root.
  std::string pointer(JsonId id) const;
  // Node that `pointer` leads to, starting at `from`; kNoJson when there is none.
  JsonId resolve(JsonId from, std::string_view pointer) const;
  size_t memory_bytes() const { return nodes_.capacity() * sizeof(Node) + text_.capacity(); }

  class Children {
   public:
    class Iterator {
     public:
      Iterator(const JsonDocument* doc, JsonId id) : doc_(doc), id_(id) {}
      JsonId operator*() const { return id_; }
      Iterator& operator++() {
        id_ = doc_->end(id_);
        return *this;
      }
      bool operator!=(const Iterator& other) const { return id_ != other.id_; }

     private:
      const JsonDocument* doc_;
      JsonId id_;
    };
    Children(const JsonDocument* doc, JsonId id) : doc_(doc), id_(id) {}
    Iterator begin() const { return {doc_, id_ + 1}; }
    Iterator end() const { return {doc_, doc_->end(id_)}; }

   private:
    const JsonDocument* doc_;
    JsonId id_;
  };
  Children children(JsonId id) const { return {this, id}; }

 private:
  friend class JsonBuilder;
  struct Node {
    JsonType type;
    uint32_t text = 0, text_size = 0;
    uint32_t key = 0, key_size = 0;
    JsonId parent = kNoJson, end = 0;
    uint32_t count = 0;
  };
  std::string_view slice(uint32_t begin, uint32_t size) const {
    return std::string_view(text_).substr(begin, size);
  }
  struct Copy {
    JsonId begin, from;  // nodes from `begin` on are copies of those from `from` on
  };
  JsonId find_written(JsonId id, std::string_view key) const;

  std::vector<Node> nodes_;
  std::string text_;
  std::vector<Copy> copies_;
  std::unordered_map<JsonId, uint32_t> hidden_;  // member -> length of its name
};

// One reference token of a JSON Pointer: "~" and "/" escaped.
std::string escape_pointer_token(std::string_view token);
// `text` as a JSON string with quotes; escapes only what RFC 8259 requires.
std::string json_quote(std::string_view text);
// Appends the value of a node as JSON; of an array or an object, the bracket that opens it.
void append_json_head(const JsonDocument& doc, JsonId id, std::string* out);
// A node with all below it, without white space; every text escaped in one way.
std::string json_text(const JsonDocument& doc, JsonId id);

}  // namespace xgr::core
