// Token trie construction and look-up. Entry point: the TokenTrie constructor.
//
// The texts are sorted, and each one opens the nodes that it does not share with the one before
// it: nodes come out in depth-first order by themselves. The nodes on the path of the current text
// are open; a node is closed when a text leaves it. What is known of the subtree by then (bytes,
// characters, children) moves into its parent, and becomes a signature or a child table if the
// subtree is large enough. Nothing recurses, so tokens may be long.
//
//   TokenTrie trie(texts, ids);                   // "a", "ab", "b" with ids 7, 8, 9
//   trie.end(trie.child(0, 'a')) == 3;            // nodes: root, a, ab, b
//
// Tests: tests/unit/tokenizer/token_trie_test.cc.
#include "tokenizer/token_trie.h"

#include <algorithm>

#include "support/bits.h"
#include "tokenizer/token_order.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

bool test_bit(const std::array<uint64_t, 4>& set, uint8_t byte) {
  return set[byte >> 6] >> (byte & 63) & 1;
}

void set_bit(std::array<uint64_t, 4>* set, uint8_t byte) {
  (*set)[byte >> 6] |= uint64_t{1} << (byte & 63);
}

}  // namespace

class TokenTrie::Builder {
 public:
  Builder(TokenTrie* trie, std::span<const std::string_view> texts, std::span<const int32_t> ids)
      : trie_(*trie), texts_(texts), ids_(ids) {}

  void build() {
    const std::vector<OrderedText> order = sort_by_bytes(texts_);
    const std::vector<uint32_t> shared = measure(order);
    open_node(0);
    for (size_t i = 0; i < order.size(); ++i) {
      while (path_.size() > shared[i] + 1) close_node();
      add_token(order[i], shared[i]);
    }
    while (!path_.empty()) close_node();
    push_node(0, 0);  // the last rank
    hand_over();
  }

 private:
  // A node on the path of the current text, with what its closed children reported.
  struct Open {
    uint32_t node;
    uint32_t child_count = 0;
    uint32_t max_chars = 0;
    bool whole_utf8 = true;
    std::array<uint64_t, 4> bytes{};
  };

  // Bytes that each text shares with the one before it. Reserves room for the nodes of the rest.
  std::vector<uint32_t> measure(std::span<const OrderedText> order) {
    std::vector<uint32_t> shared(order.size());
    size_t nodes = 1;
    for (size_t i = 0; i < order.size(); ++i) {
      if (i != 0) shared[i] = shared_prefix(texts_, order[i - 1], order[i]);
      nodes += order[i].length - shared[i];
    }
    nodes_.reserve(nodes + 1);
    made_ids_.reserve(order.size());
    return shared;
  }

  // Opens the nodes of a text behind the `shared` bytes whose nodes are open already.
  void add_token(const OrderedText& item, uint32_t shared) {
    if (item.length <= 8) {
      // The text itself lies somewhere cold; the sort key holds all of it.
      std::array<char, 8> copy;
      for (uint32_t i = 0; i < 8; ++i) copy[i] = static_cast<char>(item.prefix >> (56 - 8 * i));
      add_text({copy.data(), item.length}, shared);
    } else {
      add_text(texts_[item.index], shared);
    }
    made_ids_.push_back(ids_[item.index]);
  }

  void add_text(std::string_view text, uint32_t shared) {
    for (size_t i = shared; i < text.size(); ++i) open_node(static_cast<uint8_t>(text[i]));
    note_broken_characters(text);
  }

  void open_node(uint8_t byte) {
    if (!path_.empty()) ++path_.back().child_count;
    path_.push_back({made()});
    push_node(byte, 0);
  }

  void push_node(uint8_t byte, uint32_t end) {
    nodes_.push_back({end, token_count(), kNone, kNoTable << 8 | byte});
  }
  uint32_t made() const { return static_cast<uint32_t>(nodes_.size()); }
  uint32_t token_count() const { return static_cast<uint32_t>(made_ids_.size()); }
  uint8_t byte(uint32_t node) const { return static_cast<uint8_t>(nodes_[node].table_byte); }
  uint32_t end(uint32_t node) const { return nodes_[node].end; }

  void close_node() {
    const Open& open = path_.back();
    Node& node = nodes_[open.node];
    node.end = made();
    if (tokens_below(open.node) >= kMinSignatureTokens) {
      node.signature = static_cast<uint32_t>(signatures_.size());
      signatures_.push_back({open.bytes, open.max_chars, open.whole_utf8});
    }
    if (open.child_count >= kMinTableChildren && tables_.size() < kNoTable) {
      node.table_byte = add_child_table(open.node) << 8 | (node.table_byte & 0xFF);
    }
    if (path_.size() > 1) report_to_parent(open, &path_[path_.size() - 2]);
    path_.pop_back();
  }

  uint32_t tokens_below(uint32_t node) const {
    return node + 1 == made() ? 0 : token_count() - nodes_[node + 1].rank;
  }

  void report_to_parent(const Open& open, Open* parent) const {
    const uint8_t byte = this->byte(open.node);
    set_bit(&parent->bytes, byte);
    for (size_t i = 0; i < 4; ++i) parent->bytes[i] |= open.bytes[i];
    parent->max_chars = std::max(parent->max_chars, open.max_chars + !is_continuation_byte(byte));
  }

  uint32_t add_child_table(uint32_t node) {
    ChildTable table{{}, static_cast<uint32_t>(children_.size()), {}};
    for (uint32_t c = node + 1; c < made(); c = end(c)) {
      set_bit(&table.bytes, byte(c));
      children_.push_back(c);
    }
    for (size_t i = 1; i < 4; ++i) {
      table.before[i] = static_cast<uint8_t>(table.before[i - 1] + count_ones(table.bytes[i - 1]));
    }
    tables_.push_back(table);
    return static_cast<uint32_t>(tables_.size() - 1);
  }

  // Clears whole_utf8 along the path wherever the rest of `text` is not whole characters. Whether
  // a rest is whole follows from its first character and a shorter rest, so one pass from the end.
  void note_broken_characters(std::string_view text) {
    if (std::all_of(text.begin(), text.end(),
                    [](char c) { return static_cast<uint8_t>(c) < 0x80; }))
      return;
    rest_is_whole_.assign(text.size() + 1, 1);
    for (size_t i = text.size(); i-- > 0;) {
      const size_t length = utf8_char_length(text, i);
      rest_is_whole_[i] = length != 0 && rest_is_whole_[i + length];
      if (!rest_is_whole_[i]) path_[i].whole_utf8 = false;
    }
  }

  void hand_over() {
    signatures_.shrink_to_fit();
    tables_.shrink_to_fit();
    children_.shrink_to_fit();
    trie_.nodes_ = Array(std::move(nodes_));
    trie_.ids_ = Array(std::move(made_ids_));
    trie_.signatures_ = Array(std::move(signatures_));
    trie_.tables_ = Array(std::move(tables_));
    trie_.children_ = Array(std::move(children_));
  }

  TokenTrie& trie_;
  std::span<const std::string_view> texts_;
  std::span<const int32_t> ids_;
  std::vector<Node> nodes_;
  std::vector<int32_t> made_ids_;  // by rank
  std::vector<SubtreeSignature> signatures_;
  std::vector<ChildTable> tables_;
  std::vector<uint32_t> children_;
  std::vector<Open> path_;  // path_[d] stands for the first d bytes of the current text
  std::vector<uint8_t> rest_is_whole_;
};

TokenTrie::TokenTrie(std::span<const std::string_view> texts, std::span<const int32_t> ids) {
  Builder(this, texts, ids).build();
}

uint32_t TokenTrie::child(uint32_t node, uint8_t byte) const {
  if (const ChildTable* table = child_table(node)) {
    if (!test_bit(table->bytes, byte)) return kNone;
    return table_child(*table, byte);
  }
  for (uint32_t c = node + 1; c < end(node); c = end(c)) {
    if (this->byte(c) >= byte) return this->byte(c) == byte ? c : kNone;
  }
  return kNone;
}

size_t TokenTrie::memory_bytes() const {
  return nodes_.owned_bytes() + ids_.owned_bytes() + signatures_.owned_bytes() +
         tables_.owned_bytes() + children_.owned_bytes();
}

}  // namespace xgr::core
