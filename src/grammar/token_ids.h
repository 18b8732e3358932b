// Sets of token ids, and how a whole token is spelled among the bytes of an output.
//
// A grammar may ask for a token itself instead of for text. To the automata such a token is a text of
// its own: a byte that is in no UTF-8 text, then the digits of its id. So they need no second kind of
// step, and no text can be taken for a token. Digits are few enough for a state to tell all of them
// apart.
//
//   token 5  ->  FF 00 00 00 05
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace xgr::core {

inline constexpr uint8_t kTokenMark = 0xFF;
inline constexpr uint32_t kMaxTokenId = 0xFFFFFF;
inline constexpr int kTokenDigits = 4;
inline constexpr int kTokenDigitBits = 6;

struct TokenRange {
  uint32_t lo, hi;  // inclusive
  bool operator==(const TokenRange&) const = default;
};

class TokenIds {
 public:
  void add(uint32_t lo, uint32_t hi);  // lo <= hi <= kMaxTokenId; any order
  TokenIds complement() const;         // all other ids up to kMaxTokenId
  TokenIds intersection(const TokenIds& other) const;
  bool intersects(const TokenIds& other) const { return !intersection(other).empty(); }
  bool contains(uint32_t id) const;
  // Vocabularies do not have the largest id, so a set with it is made by complement().
  bool is_complement() const { return contains(kMaxTokenId); }
  // The largest id that the set names: that it has, or lacks when it is made by complement().
  std::optional<uint32_t> largest_named() const;
  bool empty() const { return ranges_.empty(); }
  std::span<const TokenRange> ranges() const { return ranges_; }  // ascending, apart
  bool operator==(const TokenIds&) const = default;

 private:
  std::vector<TokenRange> ranges_;
};

// The tokens that exist. A set made by complement() is one of texts: control tokens have to be named.
struct PossibleTokens {
  TokenIds all, texts;
};

using TokenDigits = std::array<uint8_t, kTokenDigits>;
TokenDigits token_digits(uint32_t id);  // the first one counts most

}  // namespace xgr::core
