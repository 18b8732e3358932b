// Byte order of token texts. Entry point: sort_by_bytes.
//
// Almost every comparison is decided by the first eight bytes, so those are loaded once into a
// big-endian integer beside the index and the texts are touched only on a tie. Texts shorter than
// eight bytes are padded with zeros, which ties with real zero bytes: the full comparison decides.
//
//   sort_by_bytes({"b", "a", "ab"})   // {1, 2, 0}
//
// Covered by tests/unit/tokenizer/token_trie_test.cc.
#include "tokenizer/token_order.h"

#include <algorithm>

namespace xgr {
namespace {

struct Key {
  uint64_t prefix;
  uint32_t index;
};

uint64_t load_prefix(std::string_view text) {
  uint64_t prefix = 0;
  const size_t count = std::min<size_t>(text.size(), 8);
  for (size_t i = 0; i < count; ++i) {
    prefix |= static_cast<uint64_t>(static_cast<uint8_t>(text[i])) << (56 - 8 * i);
  }
  return prefix;
}

}  // namespace

std::vector<uint32_t> sort_by_bytes(std::span<const std::string_view> texts) {
  std::vector<Key> keys;
  keys.reserve(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    keys.push_back({load_prefix(texts[i]), static_cast<uint32_t>(i)});
  }
  std::sort(keys.begin(), keys.end(), [&](const Key& x, const Key& y) {
    if (x.prefix != y.prefix) return x.prefix < y.prefix;
    const int order = texts[x.index].compare(texts[y.index]);
    return order != 0 ? order < 0 : x.index < y.index;
  });
  std::vector<uint32_t> order(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) order[i] = keys[i].index;
  return order;
}

}  // namespace xgr
