// ExitTable: exit sets stored once by content, for all stores of a compiler.
//
// An exit set is the key of what follows it in a frame, so equal ones have to be one object.
//
//   std::shared_ptr<const ExitSet> exits = table.share(walk.exits());
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "mask/mask_part.h"

namespace xgr::core {

class ExitTable {
 public:
  std::shared_ptr<const ExitSet> share(ExitSet exits);
  // Frees the sets that nobody else holds.
  void drop_unused() noexcept;
  size_t memory_bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  void drop_unused_locked() noexcept;

  std::mutex mutex_;
  std::unordered_multimap<uint64_t, std::shared_ptr<const ExitSet>> sets_;  // by hash
  size_t drop_at_ = 256;  // size at which unused sets are looked for
  std::atomic<size_t> bytes_{0};
};

}  // namespace xgr::core
