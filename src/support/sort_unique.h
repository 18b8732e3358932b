// Lists as sets: ascending, each element once.
#pragma once

#include <algorithm>
#include <vector>

namespace xgr {

template <typename T>
void sort_unique(std::vector<T>* list) {
  std::sort(list->begin(), list->end());
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

}  // namespace xgr
