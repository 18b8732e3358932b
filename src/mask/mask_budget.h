// MaskBudget: how much memory the masks of one compiler take, and which of them go when it is too
// much.
//
// Masks are given up and computed again when needed; automata, which outputs stand in, only count.
// A quarter of the budget is for masks even when automata take more than the rest.
//
//   MaskBudget budget(64 << 20, &loops);   // shelves register themselves
//   budget.keep_within();                  // after something was built
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "mask/exit_table.h"
#include "mask/loop_cache.h"
#include "support/epochs.h"

namespace xgr::core {

class PartShelf;

class MaskBudget {
 public:
  MaskBudget(size_t limit, LoopCache* loops) : limit_(limit), loops_(loops) {}
  // The store shared by the others goes in first and out last.
  void enter(PartShelf* shelf);
  void leave(PartShelf* shelf) noexcept;

  // Of parts that stores have, and of automata; unsigned differences may be negative.
  void add_masks(size_t bytes) { masks_.fetch_add(bytes, std::memory_order_relaxed); }
  void add_automata(size_t bytes) { automata_.fetch_add(bytes, std::memory_order_relaxed); }
  size_t mask_bytes() const { return masks_.load(std::memory_order_relaxed); }
  // Of parts given up that somebody still uses.
  size_t waiting_bytes() const { return epochs_->waiting_bytes(); }
  // Evicts masks when there are too many. Not called while reading masks.
  void keep_within() noexcept;
  uint64_t sweeps() const { return sweeps_.load(std::memory_order_relaxed); }
  const std::shared_ptr<Epochs>& epochs() const { return epochs_; }
  ExitTable& exits() { return exits_; }

 private:
  size_t allowed() const;    // bytes, beside the automata
  size_t all_bytes() const;  // likewise: parts, and what goes with them
  void sweep(size_t goal, Epochs::Garbage* garbage);

  const size_t limit_;
  LoopCache* loops_;
  std::shared_ptr<Epochs> epochs_ = std::make_shared<Epochs>();
  ExitTable exits_;
  std::atomic<size_t> masks_{0}, automata_{0};
  std::atomic<uint64_t> sweeps_{0};
  std::mutex mutex_;  // taken before that of any store
  PartShelf* shared_ = nullptr;
  std::vector<PartShelf*> shelves_;  // others; the next to be swept comes first
};

}  // namespace xgr::core
