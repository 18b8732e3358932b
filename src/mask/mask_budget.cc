// The mask budget: counts bytes and evicts mask parts, unused ones first.
//
// Entry point: MaskBudget::keep_within, called by who has built something, when it reads no masks
// any more. When masks take more than is allowed, the stores are swept until three quarters of that
// are used: first go the parts that nobody used since the sweep before, then any. Nobody waits for
// a sweep: a second thread leaves it to the first, readers go on, and what they still use is freed
// when they have ended.
//
//   64 MiB, of which automata take 24: beyond 40 MiB of masks, unused ones go; 30 MiB are left
//   1 byte: everything goes whenever something was built; masks are the same, only slower
//
// Tests: tests/unit/mask/mask_budget_test.cc, tests/unit/matcher/eviction_test.cc, tests/reference.
#include "mask/mask_budget.h"

#include <algorithm>

#include "mask/part_shelf.h"

namespace xgr::core {
namespace {

constexpr double kLeft = 0.75;  // of what is allowed, by a sweep

}  // namespace

void MaskBudget::enter(PartShelf* shelf) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!shared_) {
    shared_ = shelf;
  } else {
    shelves_.push_back(shelf);
  }
}

void MaskBudget::leave(PartShelf* shelf) noexcept {
  std::lock_guard<std::mutex> lock(mutex_);
  if (shared_ == shelf) {
    shared_ = nullptr;
  } else {
    std::erase(shelves_, shelf);
  }
}

size_t MaskBudget::allowed() const {
  const size_t automata = automata_.load(std::memory_order_relaxed);
  return std::max(limit_ - std::min(limit_, automata), limit_ / 4);
}

size_t MaskBudget::all_bytes() const {
  return mask_bytes() + loops_->memory_bytes() + exits_.memory_bytes();
}

void MaskBudget::keep_within() noexcept {
  epochs_->free_unread();
  const size_t most = allowed(), now = all_bytes();
  if (now <= most) return;
  std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
  if (!lock) return;
  const double left = kLeft * static_cast<double>(most) / static_cast<double>(now);
  const size_t goal = static_cast<size_t>(left * static_cast<double>(mask_bytes()));
  try {
    Epochs::Garbage garbage = Epochs::new_garbage();
    try {
      sweep(goal, &garbage);
    } catch (...) {  // no memory to go on; what was taken out is retired all the same
    }
    epochs_->retire(std::move(garbage));
  } catch (...) {  // no memory to begin: another time
    return;
  }
  exits_.drop_unused();
  if (all_bytes() > most) loops_->clear();
  sweeps_.fetch_add(1, std::memory_order_relaxed);
}

// Parts whose bitmask others differ from stay as long as those, so the shared store comes last.
void MaskBudget::sweep(size_t goal, Epochs::Garbage* garbage) {
  for (bool used_ones : {false, true}) {
    for (size_t i = 0; i < shelves_.size(); ++i) {
      shelves_[i]->evict(used_ones, goal, garbage);
      if (mask_bytes() > goal) continue;
      std::rotate(shelves_.begin(), shelves_.begin() + static_cast<std::ptrdiff_t>(i),
                  shelves_.end());
      return;
    }
    if (shared_) shared_->evict(used_ones, goal, garbage);
    if (mask_bytes() <= goal) return;
  }
}

}  // namespace xgr::core
