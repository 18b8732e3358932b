// Token sets: written into and united with bitmasks.
//
// Entry points: TokenSet::write_to and add_to. Most large sets of a grammar differ from one of a
// few (the tokens inside a string) by a handful of tokens, so that is all they hold.
//
//   a key that must not be "id":  tokens inside a string, less `id"`, less `d"` after `i`
//
// Tests: tests/unit/mask/mask_part_test.cc.
#include "mask/mask_part.h"

#include <algorithm>

#include "support/bit_kernels.h"

namespace xgr::core {
namespace {

uint32_t bit(int32_t id) { return 1u << (id & 31); }
uint32_t& word(uint32_t* words, int32_t id) { return words[id >> 5]; }

}  // namespace

TokenSet TokenSet::from_words(const std::vector<uint32_t>& words) {
  TokenSet set;
  set.count = count_bits(words);
  if (set.count > words.size() / 4) {
    set.words = words;
    return set;
  }
  set.ids.resize(set.count);
  list_bits(words, set.ids.data());
  return set;
}

void TokenSet::write_to(uint32_t* out, size_t word_count) const {
  if (const std::vector<uint32_t>* from = mask()) {
    std::memcpy(out, from->data(), word_count * sizeof(uint32_t));
  } else {
    std::memset(out, 0, word_count * sizeof(uint32_t));
  }
  for (int32_t id : removed) word(out, id) &= ~bit(id);
  for (int32_t id : ids) word(out, id) |= bit(id);
}

void TokenSet::add_to(uint32_t* out) const {
  if (const std::vector<uint32_t>* from = mask()) {
    // What is removed from the base stays if it is there already.
    size_t at = 0;
    for (size_t next = 0; next < removed.size();) {
      const size_t i = static_cast<size_t>(removed[next]) >> 5;
      uint32_t w = (*from)[i];
      for (; next < removed.size() && static_cast<size_t>(removed[next]) >> 5 == i; ++next) {
        w &= ~bit(removed[next]);
      }
      add_bits(out + at, from->data() + at, i - at);
      out[i] |= w;
      at = i + 1;
    }
    add_bits(out + at, from->data() + at, from->size() - at);
  }
  for (int32_t id : ids) word(out, id) |= bit(id);
}

ExitSet ExitSet::collect(std::vector<ExitNode>* list, const ByteSet& covered, bool any) {
  ExitSet set;
  set.any = any;
  set.covered = covered;
  std::sort(list->begin(), list->end(), [](const ExitNode& x, const ExitNode& y) {
    return x.byte != y.byte ? x.byte < y.byte : x.node < y.node;
  });
  for (const ExitNode& e : *list) {
    uint32_t at = static_cast<uint32_t>(set.nodes.size());
    if (!set.bytes.has(e.byte)) {
      set.bytes.add(e.byte);
      set.buckets.push_back({e.byte, at, at});
    } else if (set.nodes.back() == e.node) {
      continue;  // reached from two places
    }
    set.nodes.push_back(e.node);
    set.buckets.back().end = at + 1;
  }
  return set;
}

}  // namespace xgr::core
