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

namespace xgr {

// What a walk may know of a whole subtree without entering it. "Below" leaves out the node itself:
// its own byte and the tokens spelled exactly by it.
struct SubtreeSignature {
  std::array<uint64_t, 4> bytes;  // bytes that occur below the node
  uint32_t max_chars;             // most characters (non-continuation bytes) on a path below
  bool whole_utf8;                // every token below continues the node by whole UTF-8 characters
};

// Children of a node with many of them, by byte.
struct ChildTable {
  std::array<uint64_t, 4> bytes;  // which bytes have a child
  uint32_t first;                 // children_[first + rank of the byte among set bits]
};

class TokenTrie {
 public:
  static constexpr uint32_t kMinSignatureTokens = 2;  // nodes with fewer tokens below have none
  static constexpr uint32_t kMinTableChildren = 8;    // nodes with fewer children have none
  static constexpr uint32_t kNone = UINT32_MAX;

  TokenTrie() = default;
  // ids[i] has bytes texts[i]; texts are non-empty; any order, duplicates allowed (their ranks
  // follow the order given). At most 2^32 - 2 bytes of text in all.
  TokenTrie(std::span<const std::string_view> texts, std::span<const int32_t> ids);

  uint32_t node_count() const { return static_cast<uint32_t>(bytes_.size()); }
  uint8_t byte(uint32_t node) const { return bytes_[node]; }
  uint32_t end(uint32_t node) const { return ends_[node]; }
  uint32_t first_rank(uint32_t node) const { return ranks_[node]; }  // node_count() is allowed
  bool has_token(uint32_t node) const { return ranks_[node] != ranks_[node + 1]; }
  uint32_t token_count() const { return static_cast<uint32_t>(ids_.size()); }
  // Tokens spelled by the node and by everything below it.
  uint32_t subtree_tokens(uint32_t node) const { return ranks_[ends_[node]] - ranks_[node]; }
  int32_t id(uint32_t rank) const { return ids_[rank]; }
  std::span<const int32_t> ids() const { return ids_; }
  // nullptr when the subtree is small.
  const SubtreeSignature* signature(uint32_t node) const {
    return extra_[node] == kNone || extras_[extra_[node]].signature == kNone
               ? nullptr
               : &signatures_[extras_[extra_[node]].signature];
  }
  // nullptr when the node has few children.
  const ChildTable* child_table(uint32_t node) const {
    return extra_[node] == kNone || extras_[extra_[node]].table == kNone
               ? nullptr
               : &tables_[extras_[extra_[node]].table];
  }
  uint32_t table_child(const ChildTable& t, uint32_t rank_in_set) const {
    return children_[t.first + rank_in_set];
  }
  // Child of `node` by byte, or kNone.
  uint32_t child(uint32_t node, uint8_t byte) const;
  size_t memory_bytes() const;

 private:
  class Builder;
  struct Extra {
    uint32_t signature, table;
  };
  std::vector<uint8_t> bytes_;
  std::vector<uint32_t> ends_;
  std::vector<uint32_t> ranks_;  // node_count + 1
  std::vector<int32_t> ids_;     // rank -> token id
  std::vector<uint32_t> extra_;  // per node: index into extras_, or kNone
  std::vector<Extra> extras_;
  std::vector<SubtreeSignature> signatures_;
  std::vector<ChildTable> tables_;
  std::vector<uint32_t> children_;
};

}  // namespace xgr
