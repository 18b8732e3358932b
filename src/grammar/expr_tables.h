// What an ExprPool keeps beside its nodes. Internal to grammar/.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "grammar/expr.h"

namespace xgr {

struct ExprPool::Tables {
  std::vector<Expr> slots;         // open addressing; size is a power of two
  std::deque<std::string> strings;
  std::unordered_map<std::string, uint32_t> string_ids;
  size_t string_bytes = 0;
  std::vector<CharSet> charsets;
  std::unordered_map<std::string, uint32_t> charset_ids;
  std::vector<std::unique_ptr<const LazyGenerator>> generators;

  // Set by Analysis.
  std::array<uint64_t, 4> alphabet{};          // bytes that some token can spell
  bool full_alphabet = true;
  std::vector<uint8_t> rules;                  // ExprFlag by rule: kNullable, kDead
  std::vector<std::vector<RuleId>> left_reach;  // per rule: rules whose left tail may be empty

  uint8_t rule_flags(RuleId r) const { return r < rules.size() ? rules[r] : 0; }
  bool left_tail_nullable(RuleId from, RuleId to) const {
    if (from >= left_reach.size()) return from == to;
    for (RuleId r : left_reach[from]) {
      if (r == to) return true;
    }
    return false;
  }
  bool has_byte(uint32_t b) const { return alphabet[b >> 6] >> (b & 63) & 1; }
  bool spells_byte_between(uint32_t lo, uint32_t hi) const;
  bool spells(std::string_view text) const;
  bool spells_some(const CharSet& set) const;
};

}  // namespace xgr
