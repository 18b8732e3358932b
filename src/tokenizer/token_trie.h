// Token trie in depth-first order: the tokens below a node are one range of ranks.
//
// Node 0 is the root. Node i stands for the bytes on its path; byte(i) is the last of them, its
// descendants are the nodes i+1 .. end(i)-1, its first child is i+1, the next sibling of a child c
// is end(c). Tokens are renumbered by rank, ascending with the nodes: the tokens spelled exactly by
// node i are ranks [first_rank(i), first_rank(i+1)), those of its whole subtree [first_rank(i),
// first_rank(end(i))). Several tokens with equal bytes are several ranks of one node.
//
//   for (uint32_t c = i + 1; c < trie.end(i); c = trie.end(c)) visit(c, trie.byte(c));
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "support/array.h"
#include "support/bits.h"

namespace xgr::core {

// What a walk may know of a whole subtree without entering it. "Below" leaves out the node itself:
// its own byte and the tokens spelled exactly by it.
struct SubtreeSignature {
  std::array<uint64_t, 4> bytes;  // bytes that occur below the node
  uint32_t max_chars;             // most characters (non-continuation bytes) on a path below
  uint32_t whole_utf8;            // not 0: every token below continues the node by whole characters
};

// Children of a node with many of them, by byte.
struct ChildTable {
  std::array<uint64_t, 4> bytes;  // which bytes have a child
  uint32_t first;                 // children_[first + rank of the byte among set bits]
  std::array<uint8_t, 4> before;  // set bits in the words before each
};

class TokenTrie {
 public:
  static constexpr uint32_t kMinSignatureTokens = 2;  // nodes with fewer tokens below have none
  static constexpr uint32_t kMinTableChildren = 8;    // nodes with fewer children have none
  static constexpr uint32_t kNone = UINT32_MAX;

  TokenTrie() : nodes_(std::vector<Node>(1)) {}
  // ids[i] has bytes texts[i]; texts are non-empty; any order, duplicates allowed (their ranks
  // follow the order given). At most 2^32 - 2 bytes of text in all.
  TokenTrie(std::span<const std::string_view> texts, std::span<const int32_t> ids);

  uint32_t node_count() const { return static_cast<uint32_t>(nodes_.size() - 1); }
  uint8_t byte(uint32_t node) const { return static_cast<uint8_t>(nodes_[node].table_byte); }
  uint32_t end(uint32_t node) const { return nodes_[node].end; }
  uint32_t first_rank(uint32_t node) const { return nodes_[node].rank; }  // node_count() is allowed
  bool has_token(uint32_t node) const { return nodes_[node].rank != nodes_[node + 1].rank; }
  uint32_t token_count() const { return static_cast<uint32_t>(ids_.size()); }
  // Tokens spelled by the node and by everything below it.
  uint32_t subtree_tokens(uint32_t node) const {
    return nodes_[nodes_[node].end].rank - nodes_[node].rank;
  }
  int32_t id(uint32_t rank) const { return ids_[rank]; }
  std::span<const int32_t> ids() const { return ids_; }
  // nullptr when the subtree is small.
  const SubtreeSignature* signature(uint32_t node) const {
    const uint32_t i = nodes_[node].signature;
    return i == kNone ? nullptr : &signatures_[i];
  }
  // nullptr when the node has few children.
  const ChildTable* child_table(uint32_t node) const {
    const uint32_t i = nodes_[node].table_byte >> 8;
    return i == kNoTable ? nullptr : &tables_[i];
  }
  // Child by a byte of the table.
  uint32_t table_child(const ChildTable& t, uint8_t byte) const {
    const uint32_t word = byte >> 6;
    const uint64_t below = t.bytes[word] & ((uint64_t{1} << (byte & 63)) - 1);
    return children_[t.first + t.before[word] + static_cast<uint32_t>(count_ones(below))];
  }
  // Child of `node` by byte, or kNone.
  uint32_t child(uint32_t node, uint8_t byte) const;
  size_t memory_bytes() const;  // own memory

 private:
  friend class SavedFile;
  class Builder;
  static constexpr uint32_t kNoTable = 0xFFFFFF;
  // What a walk reads of a node lies together.
  struct Node {
    uint32_t end;
    uint32_t rank;
    uint32_t signature;   // or kNone
    uint32_t table_byte;  // child table or kNoTable, and in the low eight bits the byte
  };
  Array<Node> nodes_;   // one more than there are, for the last rank
  Array<int32_t> ids_;  // rank -> token id
  Array<SubtreeSignature> signatures_;
  Array<ChildTable> tables_;
  Array<uint32_t> children_;
};

}  // namespace xgr::core
