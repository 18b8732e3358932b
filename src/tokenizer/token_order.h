// Sorting of token texts by their bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace xgr {

// Indices of `texts` in ascending byte order; equal texts keep their order.
std::vector<uint32_t> sort_by_bytes(std::span<const std::string_view> texts);

}  // namespace xgr
