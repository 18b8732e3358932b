// A set of 64-bit keys that is cleared often: what one search has seen, in memory that all searches use.
//
// Open addressing. A key carries the round in which it was added, so that clearing writes nothing.
//
//   KeySet seen; seen.clear(); if (seen.add(key)) visit(key);      // true: the key is new
//
// Tests: tests/unit/support/key_set_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace xgr::core {

class KeySet {
 public:
  size_t size() const { return size_; }
  void clear() {
    size_ = 0;
    const bool large = slots_.size() > kMaxSlotsKept;
    if (!large && ++round_ != 0) return;
    slots_.clear();
    slots_.shrink_to_fit();
    round_ = 1;
  }
  // False when the set has the key already.
  bool add(uint64_t key) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = slots_[place_of(key, slots_)];
    if (slot.round == round_) return false;
    slot = {key, round_};
    ++size_;
    return true;
  }

 private:
  struct Slot {
    uint64_t key;
    uint32_t round;  // free unless it is that of the set
  };
  // Where the key is, or belongs.
  size_t place_of(uint64_t key, const std::vector<Slot>& slots) const {
    const size_t mask = slots.size() - 1;
    const uint64_t hash = key * 0x9E3779B97F4A7C15ull;
    size_t i = (hash ^ hash >> 32) & mask;
    while (slots[i].round == round_ && slots[i].key != key) i = (i + 1) & mask;
    return i;
  }
  void grow() {
    std::vector<Slot> bigger(slots_.empty() ? kFirstSlots : slots_.size() * 2, Slot{0, 0});
    for (const Slot& s : slots_) {
      if (s.round == round_) bigger[place_of(s.key, bigger)] = s;
    }
    slots_.swap(bigger);
  }

  static constexpr size_t kFirstSlots = 256;
  static constexpr size_t kMaxSlotsKept = 1 << 16;  // 1 MiB
  std::vector<Slot> slots_;                         // size: a power of two, or none
  size_t size_ = 0;
  uint32_t round_ = 1;
};

}  // namespace xgr::core
