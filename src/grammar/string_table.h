// Sorted, distinct strings, one behind the other in memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

class StringTable {
 public:
  // Any order, repetitions allowed.
  static std::shared_ptr<const StringTable> of(std::span<const std::string_view> strings);

  size_t size() const { return begins_.size() - 1; }
  std::string_view operator[](size_t i) const {
    return std::string_view(text_).substr(begins_[i], begins_[i + 1] - begins_[i]);
  }
  size_t memory_bytes() const { return text_.size() + begins_.size() * sizeof(size_t); }

 private:
  std::string text_;
  std::vector<size_t> begins_;  // of each, and the end of the last
};

}  // namespace xgr::core
