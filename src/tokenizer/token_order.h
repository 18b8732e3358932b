// Sorting of token texts by their bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace xgr::core {

struct OrderedText {
  uint64_t prefix;  // the first eight bytes, big-endian, padded with zeros
  uint32_t length;
  uint32_t index;  // into the texts given
};

// `texts` (each below 4 GiB) in ascending byte order; equal texts keep their order.
std::vector<OrderedText> sort_by_bytes(std::span<const std::string_view> texts);

// Bytes that x and y, two of `texts`, share from the start.
uint32_t shared_prefix(std::span<const std::string_view> texts, const OrderedText& x,
                       const OrderedText& y);

}  // namespace xgr::core
