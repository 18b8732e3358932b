// What an ExprPool keeps beside its nodes. Internal to grammar/.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// Numbers of things that are kept elsewhere, by a hash of what they are.
class IdTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  template <typename Same>
  uint32_t find(uint64_t hash, Same&& same) const {
    if (slots_.empty()) return kNone;
    for (size_t i = place(hash);; i = (i + 1) & (slots_.size() - 1)) {
      uint32_t id = slots_[i];
      if (id == kNone || (hashes_[id] == hash && same(id))) return id;
    }
  }
  // Memory for one more, so that add() cannot fail.
  void make_room() {
    if (hashes_.size() == hashes_.capacity()) hashes_.reserve(hashes_.size() * 2 + 32);
    if ((hashes_.size() + 1) * 2 > slots_.size()) grow();
  }
  // The number of a thing that find() did not find.
  uint32_t add(uint64_t hash) {
    hashes_.push_back(hash);
    put(static_cast<uint32_t>(hashes_.size() - 1), &slots_);
    return static_cast<uint32_t>(hashes_.size() - 1);
  }

 private:
  size_t place(uint64_t hash) const { return (hash ^ hash >> 32) & (slots_.size() - 1); }
  void put(uint32_t id, std::vector<uint32_t>* slots) const {
    size_t mask = slots->size() - 1;
    size_t i = (hashes_[id] ^ hashes_[id] >> 32) & mask;
    while ((*slots)[i] != kNone) i = (i + 1) & mask;
    (*slots)[i] = id;
  }
  void grow() {
    std::vector<uint32_t> bigger(slots_.empty() ? 64 : slots_.size() * 2, kNone);
    for (uint32_t id = 0; id < hashes_.size(); ++id) put(id, &bigger);
    slots_.swap(bigger);
  }
  std::vector<uint64_t> hashes_;
  std::vector<uint32_t> slots_;  // size: a power of two, or none
};

struct ExprPool::Tables {
  std::vector<Expr> slots;  // open addressing; size is a power of two
  std::deque<std::string> strings;
  IdTable string_ids;
  size_t string_bytes = 0;
  std::vector<CharSet> charsets;
  IdTable charset_ids;
  std::vector<TokenIds> token_id_sets;
  PossibleTokens possible_tokens{TokenIds().complement(), TokenIds().complement()};
  std::vector<std::unique_ptr<const LazyGenerator>> generators;
  std::vector<uint32_t> scratch;  // of one constructor at a time

  // Set by Analysis.
  std::array<uint64_t, 4> alphabet{};  // bytes that some token can spell
  bool full_alphabet = true;
  std::vector<uint8_t> rules;  // ExprFlag by rule: kNullable, kDead
  std::vector<std::vector<RuleId>>
      left_reach;  // per rule: rules whose left tail may be empty, ascending

  uint8_t rule_flags(RuleId r) const { return r < rules.size() ? rules[r] : 0; }
  bool left_tail_nullable(RuleId from, RuleId to) const {
    if (from >= left_reach.size()) return from == to;
    return std::binary_search(left_reach[from].begin(), left_reach[from].end(), to);
  }
  bool has_byte(uint32_t b) const { return alphabet[b >> 6] >> (b & 63) & 1; }
  bool spells_byte_between(uint32_t lo, uint32_t hi) const;
  bool spells(std::string_view text) const;
  bool spells_some(const CharSet& set) const;
};

}  // namespace xgr::core
