// Lists as sets: ascending, each element once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace xgr::core {

// From element `begin` on.
template <typename T>
void sort_unique(std::vector<T>* list, size_t begin = 0) {
  const auto first = list->begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, list->end());
  list->erase(std::unique(first, list->end()), list->end());
}

}  // namespace xgr::core
