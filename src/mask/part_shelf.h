// PartShelf: owns the mask parts of one automaton, and is where they are found.
//
// Parts are published on states and found there without a lock; they may be taken out any time. Who
// looks for parts and uses them does so while reading in the budget's epochs (support/epochs.h).
//
//   PartShelf shelf(&budget);
//   const KeptPart* part = shelf.publish(state, nullptr, std::make_shared<KeptPart>());
//   PartShelf::find(state) == part
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "mask/mask_budget.h"
#include "mask/mask_part.h"
#include "parser/state.h"

namespace xgr::core {

// A part and what it refers to, which lives as long.
struct KeptPart : MaskPart, std::enable_shared_from_this<KeptPart> {
  enum Place { kNew, kOnShelf, kTakenOut };

  std::shared_ptr<const KeptPart> base;  // whose bitmask tokens.base is
  // Of a part for tokens left over from others: where they go on, and from which exits.
  State* frame = nullptr;
  std::shared_ptr<const ExitSet> after;
  // Changed under the shelf's mutex.
  mutable std::atomic<const KeptPart*> next{nullptr};  // in the frame's list
  mutable std::vector<State*> states;                  // that it was published on
  mutable Place place = kNew;
  // Changed by any thread.
  mutable std::atomic<uint32_t> differing{0};  // parts on shelves that have this one as base
  mutable std::atomic<bool> used{true};        // since the last sweep

  // Written only when that changes something: threads share what they only read.
  const KeptPart* use() const {
    if (!used.load(std::memory_order_relaxed)) used.store(true, std::memory_order_relaxed);
    return this;
  }
  // `from`: a part that this one was made from, and may differ from.
  void set_base(const KeptPart& from);
  size_t memory_bytes() const { return sizeof(KeptPart) + tokens.memory_bytes(); }
};

class PartShelf {
 public:
  explicit PartShelf(MaskBudget* budget);
  ~PartShelf();
  PartShelf(const PartShelf&) = delete;
  PartShelf& operator=(const PartShelf&) = delete;

  // Null when there is none. With unknown callers; in a frame, for what is left over from `exits`.
  static const KeptPart* find(const State* q) {
    return static_cast<const KeptPart*>(q->mask.load(std::memory_order_acquire));
  }
  static const KeptPart* find(const ExitSet* exits, const State* frame);
  // Takes a new part, or finds one for another state as well. `seen` is what was found before.
  const KeptPart* publish(State* q, const KeptPart* seen, std::shared_ptr<const KeptPart> part);
  // Takes a new part of a frame.
  const KeptPart* publish_in_frame(std::shared_ptr<const KeptPart> part);
  // Takes parts out until the budget's masks have at most `goal` bytes: those not used since the
  // last time, or `used_ones`, too. They are freed with `garbage`, which is to be retired.
  void evict(bool used_ones, size_t goal, Epochs::Garbage* garbage);

  size_t memory_bytes() const { return bytes_.load(std::memory_order_relaxed); }
  uint64_t evictions() const { return evictions_.load(std::memory_order_relaxed); }
  size_t part_count() const;

 private:
  void own_locked(std::shared_ptr<const KeptPart> part);
  void take_out_locked(const KeptPart& part) noexcept;

  MaskBudget* budget_;
  mutable std::mutex mutex_;                            // all changes of what is published
  std::vector<std::shared_ptr<const KeptPart>> parts_;  // behind those that they differ from
  std::atomic<size_t> bytes_{0};
  std::atomic<uint64_t> evictions_{0};
};

}  // namespace xgr::core
