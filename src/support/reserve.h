// Room ahead, for commits that must not fail halfway.
//
//   reserve_for(&text, bytes.size());   // may throw; text is unchanged then
//   text += bytes;                      // does not allocate
#pragma once

#include <algorithm>
#include <cstddef>

namespace xgr::core {

// Capacity for `more` further elements; it grows by half at least, so that many steps cost few copies.
template <typename Container>
void reserve_for(Container* c, size_t more) {
  const size_t size = c->size() + more;
  if (size > c->capacity()) c->reserve(std::max(size, c->capacity() + c->capacity() / 2));
}

}  // namespace xgr::core
