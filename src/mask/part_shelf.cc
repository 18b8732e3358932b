// The shelf: parts, the states that they are found on, and taking them out again.
//
// Entry points: publish, find, evict. All changes are made under one mutex; readers follow atomic
// pointers. A part whose bitmask others differ from is left until those are gone, which come behind
// it, so eviction goes from the end.
//
//   publish(q, part); find(q) -> part; evict(...); find(q) -> null, and readers go on with `part`
//
// Tests: tests/unit/mask/{mask_store,mask_budget}_test.cc.
#include "mask/part_shelf.h"

#include <algorithm>

namespace xgr::core {

void KeptPart::set_base(const KeptPart& from) {
  if (!tokens.base || base) return;
  if (tokens.base == &from.tokens) base = from.shared_from_this();
  if (tokens.base == from.tokens.base) base = from.base;
}

PartShelf::PartShelf(MaskBudget* budget) : budget_(budget) { budget_->enter(this); }

// Nobody reads these parts any more, since whoever does holds what holds the shelf.
PartShelf::~PartShelf() {
  budget_->leave(this);
  budget_->add_masks(0 - memory_bytes());
  for (const std::shared_ptr<const KeptPart>& part : parts_) {
    if (part->base) part->base->differing.fetch_sub(1, std::memory_order_relaxed);
  }
}

const KeptPart* PartShelf::find(const ExitSet* exits, const State* frame) {
  const auto* e = static_cast<const KeptPart*>(frame->frame_masks.load(std::memory_order_acquire));
  while (e && e->after.get() != exits) e = e->next.load(std::memory_order_acquire);
  return e;
}

void PartShelf::own_locked(std::shared_ptr<const KeptPart> part) {
  const KeptPart& p = *part;
  parts_.push_back(std::move(part));
  p.place = KeptPart::kOnShelf;
  if (p.base) p.base->differing.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(p.memory_bytes(), std::memory_order_relaxed);
  budget_->add_masks(p.memory_bytes());
}

// Another thread may have published meanwhile; either part is right, and ours has what we need. One
// that was already there, for another state, may have been taken out meanwhile.
const KeptPart* PartShelf::publish(State* q, const KeptPart* seen,
                                   std::shared_ptr<const KeptPart> part) {
  const KeptPart& p = *part;
  std::lock_guard<std::mutex> lock(mutex_);
  if (p.place == KeptPart::kNew) own_locked(std::move(part));
  const void* now = q->mask.load(std::memory_order_relaxed);
  if (p.place == KeptPart::kOnShelf && (!now || now == seen)) {
    p.states.push_back(q);
    q->mask.store(const_cast<KeptPart*>(&p), std::memory_order_release);
  }
  return &p;
}

const KeptPart* PartShelf::publish_in_frame(std::shared_ptr<const KeptPart> part) {
  const KeptPart& p = *part;
  std::lock_guard<std::mutex> lock(mutex_);
  own_locked(std::move(part));
  std::atomic<void*>& list = p.frame->frame_masks;
  p.next.store(static_cast<const KeptPart*>(list.load(std::memory_order_relaxed)),
               std::memory_order_relaxed);
  list.store(const_cast<KeptPart*>(&p), std::memory_order_release);
  return &p;
}

void PartShelf::take_out_locked(const KeptPart& part) noexcept {
  for (State* q : part.states) {
    if (q->mask.load(std::memory_order_relaxed) == &part) {
      q->mask.store(nullptr, std::memory_order_release);
    }
  }
  if (part.frame) {
    const KeptPart* next = part.next.load(std::memory_order_relaxed);
    std::atomic<void*>& list = part.frame->frame_masks;
    const KeptPart* before = static_cast<const KeptPart*>(list.load(std::memory_order_relaxed));
    if (before == &part) {
      list.store(const_cast<KeptPart*>(next), std::memory_order_release);
    } else {
      while (before->next.load(std::memory_order_relaxed) != &part) {
        before = before->next.load(std::memory_order_relaxed);
      }
      before->next.store(next, std::memory_order_release);
    }
  }
  part.place = KeptPart::kTakenOut;
  if (part.base) part.base->differing.fetch_sub(1, std::memory_order_relaxed);
  bytes_.fetch_sub(part.memory_bytes(), std::memory_order_relaxed);
  budget_->add_masks(0 - part.memory_bytes());
  evictions_.fetch_add(1, std::memory_order_relaxed);
}

void PartShelf::evict(bool used_ones, size_t goal, Epochs::Garbage* garbage) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Epochs::Item>& items = garbage->front().items;
  const size_t most = items.size() + parts_.size();
  if (items.capacity() < most) items.reserve(std::max(most, 2 * items.capacity()));
  for (size_t i = parts_.size(); i-- > 0 && budget_->mask_bytes() > goal;) {
    const KeptPart& part = *parts_[i];
    const bool spared = !used_ones && part.used.exchange(false, std::memory_order_relaxed);
    if (spared || part.differing.load(std::memory_order_relaxed) > 0) continue;
    take_out_locked(part);
    const size_t bytes = part.memory_bytes();
    items.push_back({std::shared_ptr<const MaskPart>(std::move(parts_[i])), bytes});
  }
  std::erase(parts_, nullptr);
}

size_t PartShelf::part_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return parts_.size();
}

}  // namespace xgr::core
