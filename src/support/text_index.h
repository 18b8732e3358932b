// Ids by their texts, which somebody else keeps. It is one piece of memory, quick to give back.
//
//   TextIndex names(doc.count(object));
//   names.add("a", 3);   names.find("a", [&](uint32_t id) { return doc.key(id) == "a"; })   // 3
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace xgr::core {

class TextIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit TextIndex(size_t expected = 0) { resize(expected); }

  // The id whose text it is; `is` says that of ids whose text may be the same.
  template <typename Is>
  uint32_t find(std::string_view text, Is&& is) const {
    const uint32_t hash = hash_of(text);
    for (size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Slot& s = slots_[at];
      if (s.id == kNone || (s.hash == hash && is(s.id))) return s.id;
    }
  }
  // A text that is not there yet.
  void add(std::string_view text, uint32_t id) {
    if (2 * ++size_ > slots_.size()) {
      const std::vector<Slot> old = std::move(slots_);
      resize(size_);
      for (const Slot& s : old) {
        if (s.id != kNone) place(s);
      }
    }
    place({hash_of(text), id});
  }

 private:
  struct Slot {
    uint32_t hash, id;
  };
  static uint32_t hash_of(std::string_view text) {
    const uint64_t h = std::hash<std::string_view>()(text);
    return static_cast<uint32_t>(h ^ h >> 32);
  }
  size_t mask() const { return slots_.size() - 1; }
  void resize(size_t expected) { slots_.assign(std::bit_ceil(4 * expected + 8), {0, kNone}); }
  void place(const Slot& slot) {
    size_t at = slot.hash & mask();
    while (slots_[at].id != kNone) at = (at + 1) & mask();
    slots_[at] = slot;
  }

  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace xgr::core
