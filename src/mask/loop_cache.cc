// Loop tokens: the byte index asked once per set of characters.
//
// Entry point: LoopCache::get. Unbounded loops are what nearly all states have (counters are
// clamped), so only those are kept; a counter about to run out is computed each time, in a few
// microseconds.
//
//   get(all bytes but '"', '\\' and controls, kUnbounded)   // the inside of a JSON string
//
// Tests: tests/unit/mask/loop_cache_test.cc.
#include "mask/loop_cache.h"

#include "grammar/expr.h"

namespace xgr::core {

bool LoopTokens::decides(const TokenTrie& trie, uint32_t node) const {
  uint32_t lo = trie.first_rank(node), last = trie.first_rank(trie.end(node)) - 1;
  uint32_t first_word = lo >> 5, last_word = last >> 5;
  uint32_t head = ~0u << (lo & 31), tail = ~0u >> (31 - (last & 31));
  if (first_word == last_word) return (~by_rank[first_word] & head & tail) == 0;
  if (~by_rank[first_word] & head) return false;
  for (uint32_t w = first_word + 1; w < last_word; ++w) {
    if (~by_rank[w]) return false;
  }
  return (~by_rank[last_word] & tail) == 0;
}

std::shared_ptr<const LoopTokens> LoopCache::make(const ByteSet& bytes, uint32_t rounds) const {
  uint32_t limit = rounds == kUnbounded ? ByteIndex::kUnlimited : rounds;
  auto tokens = std::make_shared<LoopTokens>();
  tokens->by_id.resize(tokenizer_.mask_words());
  tokens->by_rank.resize(tokenizer_.rank_index().mask_words());
  tokenizer_.byte_index().fill_inside(bytes.words, limit, tokens->by_id.data());
  tokenizer_.rank_index().fill_inside(bytes.words, limit, tokens->by_rank.data());
  return tokens;
}

std::shared_ptr<const LoopTokens> LoopCache::get(const ByteSet& bytes, uint32_t rounds) {
  if (rounds != kUnbounded) return make(bytes, rounds);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = unbounded_.find(bytes.words);
    if (it != unbounded_.end()) return it->second;
  }
  std::shared_ptr<const LoopTokens> tokens = make(bytes, rounds);
  std::lock_guard<std::mutex> lock(mutex_);
  if (unbounded_.size() < kMaxSets) unbounded_.emplace(bytes.words, tokens);
  return tokens;
}

void LoopCache::clear() noexcept {
  std::lock_guard<std::mutex> lock(mutex_);
  unbounded_.clear();
}

size_t LoopCache::memory_bytes() const {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t words = tokenizer_.mask_words() + tokenizer_.rank_index().mask_words();
  return unbounded_.size() * (words * sizeof(uint32_t) + 128);
}

}  // namespace xgr::core
