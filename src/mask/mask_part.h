// What a token mask is put together from: token sets and the places where tokens leave a fragment.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "support/byte_set.h"

namespace xgr::core {

// A set of token ids: a list while small, a bitmask, or a few differences from another set's
// bitmask.
struct TokenSet {
  std::vector<int32_t> ids;        // ascending; added to base, if there is one
  std::vector<int32_t> removed;    // of base; ascending
  std::vector<uint32_t> words;     // empty when sparse
  const TokenSet* base = nullptr;  // a bitmask, kept as long as this
  uint32_t count = 0;

  // The bitmask that the set is, or differs from; null: the set is a list.
  const std::vector<uint32_t>* mask() const {
    return base ? &base->words : words.empty() ? nullptr : &words;
  }
  // A bitmask, or a list when that is smaller.
  static TokenSet from_words(const std::vector<uint32_t>& words);
  void write_to(uint32_t* out, size_t word_count) const;
  void add_to(uint32_t* out) const;
  size_t memory_bytes() const {
    return (ids.capacity() + removed.capacity() + words.capacity()) * 4;
  }
};

// A trie node right behind a point where the fragment may be left, and its byte.
struct ExitNode {
  uint8_t byte;
  uint32_t node;
};

// Trie nodes right behind a point where the fragment may be left: what is left of a token begins
// with the node's byte. Only for first bytes in `covered`; tokens that stay inside anyway may be
// missing.
struct ExitSet {
  struct Bucket {
    uint8_t byte;
    uint32_t begin, end;  // into nodes
  };
  ByteSet covered;
  ByteSet bytes;  // bytes with a bucket
  std::vector<Bucket> buckets;
  std::vector<uint32_t> nodes;

  bool any = false;  // the fragment can be left in the middle of some token

  // Sorts the list and leaves out what it has twice.
  static ExitSet collect(std::vector<ExitNode>* list, const ByteSet& covered, bool any);
  bool operator==(const ExitSet& o) const {
    return nodes == o.nodes && any == o.any && covered.words == o.covered.words;
  }
  size_t memory_bytes() const { return buckets.capacity() * sizeof(Bucket) + nodes.capacity() * 4; }
};

// The mask of one state with unknown callers, or of one return frame for the tokens of another
// part.
struct MaskPart {
  TokenSet tokens;
  std::shared_ptr<const ExitSet> exits;  // equal exits are one object: exit_table.h
};

}  // namespace xgr::core
