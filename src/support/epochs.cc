// Epochs: who reads since when, and what waits for them to end.
//
// Entry points: Reading, retire. A reader that began in epoch 7 may hold what was taken out in
// epoch 7 or later, nothing older. Retiring ends an epoch, so what was retired in epoch 7 is free
// when every reader is idle or began in 8 or later, except for what a reader keeps.
//
//   reader begins (7); retire(x) -> x waits, epoch 8; reader ends; free_unread() -> x is freed
//
// Readers and the scan of their slots meet in read-modify-write operations on the slot: either the
// scan sees that the reader has begun, or the reader sees all that was taken out before the scan.
//
// Tests: tests/unit/support/epochs_test.cc.
#include "support/epochs.h"

#include <algorithm>

namespace xgr::core {

void Epochs::Reader::attach(const std::shared_ptr<Epochs>& epochs) {
  Slot* slot = epochs->take_slot();
  detach();
  epochs_ = epochs;
  slot_ = slot;
}

void Epochs::Reader::detach() {
  if (!slot_) return;
  drop();
  std::lock_guard<std::mutex> lock(epochs_->mutex_);
  slot_->next_free = epochs_->free_slots_;
  epochs_->free_slots_ = slot_;
  slot_ = nullptr;
}

Epochs::Slot* Epochs::take_slot() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!free_slots_) return &slots_.emplace_back();
  Slot* slot = free_slots_;
  free_slots_ = slot->next_free;
  return slot;
}

void Epochs::retire(Garbage garbage) noexcept {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t bytes = 0;
  for (const Item& item : garbage.front().items) bytes += item.bytes;
  waiting_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  garbage.front().epoch = now_.fetch_add(1, std::memory_order_acq_rel);
  waiting_.splice(waiting_.end(), garbage);
  free_unread_locked();
}

void Epochs::free_unread() noexcept {
  if (waiting_bytes() == 0) return;
  std::lock_guard<std::mutex> lock(mutex_);
  free_unread_locked();
}

void Epochs::free_unread_locked() noexcept {
  uint64_t oldest = UINT64_MAX;
  std::vector<const void*> kept;
  try {
    for (Slot& slot : slots_) {
      const uint64_t since = slot.since.fetch_add(0, std::memory_order_acq_rel);
      if (since) oldest = std::min(oldest, since);
      // Read after `since`: who has ended has told before what it keeps.
      const void* item = slot.kept.load(std::memory_order_acquire);
      if (item) kept.push_back(item);
    }
  } catch (...) {  // no memory: another time
    return;
  }
  std::sort(kept.begin(), kept.end());
  size_t freed = 0;
  for (auto batch = waiting_.begin(); batch != waiting_.end() && batch->epoch < oldest;) {
    std::erase_if(batch->items, [&](const Item& item) {
      const bool free = !std::binary_search(kept.begin(), kept.end(), item.what.get());
      if (free) freed += item.bytes;
      return free;
    });
    batch = batch->items.empty() ? waiting_.erase(batch) : std::next(batch);
  }
  waiting_bytes_.fetch_sub(freed, std::memory_order_relaxed);
}

}  // namespace xgr::core
