// Array: items that are never changed again, in a vector of their own or in memory of somebody else.
//
//   Array<int> own(std::vector<int>{1, 2});
//   Array<int> lent = Array<int>::view(mapped_items);   // as long as those live
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace xgr::core {

template <typename T>
class Array {
 public:
  Array() = default;
  explicit Array(std::vector<T> items) : own_(std::move(items)), items_(own_) {}
  static Array view(std::span<const T> items) {
    Array lent;
    lent.items_ = items;
    return lent;
  }
  Array(Array&& other) noexcept
      : own_(std::move(other.own_)), items_(std::exchange(other.items_, {})) {}
  Array& operator=(Array&& other) noexcept {
    own_ = std::move(other.own_);
    items_ = std::exchange(other.items_, {});
    return *this;
  }

  const T& operator[](size_t i) const { return items_[i]; }
  const T* data() const { return items_.data(); }
  size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  operator std::span<const T>() const { return items_; }
  size_t owned_bytes() const { return own_.capacity() * sizeof(T); }

 private:
  std::vector<T> own_;
  std::span<const T> items_;
};

}  // namespace xgr::core
