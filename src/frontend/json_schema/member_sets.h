// Sets of members of an object that have been written, each with a number.
//
//   MemberSets sets(members);   uint32_t s = sets.with(0, 3);   sets.has(s, 3)
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace xgr::core {

// Number 0 is the empty set. A set also has rule bits, which are joined.
class MemberSets {
 public:
  explicit MemberSets(size_t members) : bytes_(members / 8 + 1) {
    intern(std::string(bytes_ + 1, '\0'));
  }
  uint32_t with(uint32_t set, uint32_t member) {
    std::string bits = *sets_[set];
    bits[member / 8] = static_cast<char>(bits[member / 8] | 1 << member % 8);
    return intern(std::move(bits));
  }
  uint32_t with_rules(uint32_t set, uint32_t rules) {
    std::string bits = *sets_[set];
    bits[bytes_] = static_cast<char>(static_cast<uint32_t>(bits[bytes_]) | rules);
    return intern(std::move(bits));
  }
  bool has(uint32_t set, uint32_t member) const {
    return (*sets_[set])[member / 8] >> member % 8 & 1;
  }
  uint32_t rules(uint32_t set) const { return static_cast<uint8_t>((*sets_[set])[bytes_]); }

 private:
  uint32_t intern(std::string bits) {
    auto [it, fresh] = ids_.try_emplace(std::move(bits), static_cast<uint32_t>(sets_.size()));
    if (fresh) sets_.push_back(&it->first);
    return it->second;
  }

  size_t bytes_;
  std::unordered_map<std::string, uint32_t> ids_;
  std::vector<const std::string*> sets_;
};

}  // namespace xgr::core
