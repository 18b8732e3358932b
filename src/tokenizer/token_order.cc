// Byte order of token texts. Entry point: sort_by_bytes.
//
// The first eight bytes of every text are loaded once into a big-endian integer. A radix sort
// orders those (stable, one pass a byte, passes that would move nothing are skipped); only texts
// with equal prefixes are compared. The texts lie scattered in memory, so what can be answered from
// prefix and length alone never touches them. Zero padding ties with real zero bytes, so shorter
// texts of equal prefix are told apart by their length.
//
//   sort_by_bytes({"b", "a", "ab"})   // indices 1, 2, 0
//
// Tests: tests/unit/tokenizer/token_order_test.cc.
#include "tokenizer/token_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace xgr::core {
namespace {

constexpr uint32_t kPrefixBytes = 8;

uint64_t load_prefix(std::string_view text) {
  uint64_t prefix = 0;
  const size_t count = std::min<size_t>(text.size(), kPrefixBytes);
  for (size_t i = 0; i < count; ++i) {
    prefix |= static_cast<uint64_t>(static_cast<uint8_t>(text[i])) << (56 - 8 * i);
  }
  return prefix;
}

void radix_sort_prefixes(std::vector<OrderedText>* items) {
  std::array<std::array<uint32_t, 256>, kPrefixBytes> counts{};
  for (const OrderedText& item : *items) {
    for (uint32_t pass = 0; pass < kPrefixBytes; ++pass)
      ++counts[pass][item.prefix >> 8 * pass & 255];
  }
  std::vector<OrderedText> buffer(items->size());
  for (uint32_t pass = 0; pass < kPrefixBytes; ++pass) {
    std::array<uint32_t, 256>& next = counts[pass];
    if (std::find(next.begin(), next.end(), items->size()) != next.end()) continue;
    uint32_t begin = 0;
    for (uint32_t& slot : next) begin += std::exchange(slot, begin);
    for (const OrderedText& item : *items) buffer[next[item.prefix >> 8 * pass & 255]++] = item;
    items->swap(buffer);
  }
}

void sort_equal_prefixes(std::span<const std::string_view> texts, std::span<OrderedText> group) {
  std::sort(group.begin(), group.end(), [&](const OrderedText& x, const OrderedText& y) {
    if (x.length > kPrefixBytes && y.length > kPrefixBytes) {
      const int order = texts[x.index].compare(texts[y.index]);
      return order != 0 ? order < 0 : x.index < y.index;
    }
    return x.length != y.length ? x.length < y.length : x.index < y.index;
  });
}

}  // namespace

std::vector<OrderedText> sort_by_bytes(std::span<const std::string_view> texts) {
  std::vector<OrderedText> items(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    items[i] = {load_prefix(texts[i]), static_cast<uint32_t>(texts[i].size()),
                static_cast<uint32_t>(i)};
  }
  radix_sort_prefixes(&items);
  for (size_t begin = 0; begin < items.size();) {
    size_t end = begin + 1;
    while (end < items.size() && items[end].prefix == items[begin].prefix) ++end;
    if (end - begin > 1) sort_equal_prefixes(texts, std::span(items).subspan(begin, end - begin));
    begin = end;
  }
  return items;
}

uint32_t shared_prefix(std::span<const std::string_view> texts, const OrderedText& x,
                       const OrderedText& y) {
  const uint32_t limit = std::min(x.length, y.length);
  const uint64_t difference = x.prefix ^ y.prefix;
  if (difference != 0 || limit <= kPrefixBytes) {
    const uint32_t same = static_cast<uint32_t>(std::countl_zero(difference)) / 8;
    return std::min(same, limit);
  }
  const char* a = texts[x.index].data();
  const char* b = texts[y.index].data();
  uint32_t length = kPrefixBytes;
  while (length < limit && a[length] == b[length]) ++length;
  return length;
}

}  // namespace xgr::core
