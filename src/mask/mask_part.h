// What a token mask is put together from: token sets and the places where tokens leave a fragment.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "support/byte_set.h"

namespace xgr {

// A set of token ids: a list while small, else a bitmask.
struct TokenSet {
  std::vector<int32_t> ids;     // ascending; empty when dense
  std::vector<uint32_t> words;  // empty when sparse
  uint32_t count = 0;

  bool dense() const { return !words.empty(); }
  void add_to(uint32_t* mask) const {
    if (dense()) {
      for (size_t i = 0; i < words.size(); ++i) mask[i] |= words[i];
    } else {
      for (int32_t id : ids) mask[id >> 5] |= 1u << (id & 31);
    }
  }
  size_t memory_bytes() const { return ids.capacity() * 4 + words.capacity() * 4; }
};

// Trie nodes right behind a point where the fragment may be left: what is left of a token begins with
// the node's byte. Only for first bytes in `covered`; tokens that stay inside anyway may be missing.
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

  bool operator==(const ExitSet& o) const {
    return nodes == o.nodes && any == o.any && covered.words == o.covered.words;
  }
  size_t memory_bytes() const { return buckets.capacity() * sizeof(Bucket) + nodes.capacity() * 4; }
};

// The mask of one state with unknown callers, or of one return frame for the tokens of another part.
struct MaskPart {
  TokenSet tokens;
  const ExitSet* exits = nullptr;  // owned by the store; equal exits of its parts are one object
  size_t memory_bytes() const { return sizeof(MaskPart) + tokens.memory_bytes(); }
};

}  // namespace xgr
