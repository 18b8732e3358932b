// Tokens that lie wholly inside a character loop, in closed form, kept per set of characters.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "support/byte_set.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

struct LoopTokens {
  std::vector<uint32_t> by_id;    // mask_words() words
  std::vector<uint32_t> by_rank;  // bit r: the token of rank r
  // Whether all tokens of the node's subtree are in the set.
  bool decides(const TokenTrie& trie, uint32_t node) const;
};

class LoopCache {
 public:
  explicit LoopCache(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}
  // Tokens of at most `rounds` characters (kUnbounded: any number), all made of `bytes`.
  std::shared_ptr<const LoopTokens> get(const ByteSet& bytes, uint32_t rounds);
  void clear() noexcept;  // sets in use stay with those who use them
  size_t memory_bytes() const;

 private:
  std::shared_ptr<const LoopTokens> make(const ByteSet& bytes, uint32_t rounds) const;

  static constexpr size_t kMaxSets = 256;  // sets kept; more are computed each time
  const Tokenizer& tokenizer_;
  mutable std::mutex mutex_;
  std::map<std::array<uint64_t, 4>, std::shared_ptr<const LoopTokens>> unbounded_;
};

}  // namespace xgr::core
