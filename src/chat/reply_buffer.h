// The bytes of a reply that are still needed, by their offsets in the whole reply.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xgr::core {

class ReplyBuffer {
 public:
  void append(std::string_view bytes) { bytes_ += bytes; }
  uint64_t begin() const { return base_; }
  uint64_t end() const { return base_ + bytes_.size(); }
  unsigned char operator[](uint64_t at) const {
    return static_cast<unsigned char>(bytes_[static_cast<size_t>(at - base_)]);
  }
  std::string_view view(uint64_t from, uint64_t to) const {
    return std::string_view(bytes_).substr(static_cast<size_t>(from - base_),
                                           static_cast<size_t>(to - from));
  }
  void truncate(uint64_t end) { bytes_.resize(static_cast<size_t>(end - base_)); }
  // What stands before `at` is not needed any more. Moves bytes only when half of them are dead.
  void drop_before(uint64_t at) {
    const size_t dead = static_cast<size_t>(at - base_);
    if (dead * 2 < bytes_.size()) return;
    bytes_.erase(0, dead);
    base_ = at;
  }

 private:
  std::string bytes_;
  uint64_t base_ = 0;
};

}  // namespace xgr::core
