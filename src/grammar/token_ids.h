// Sets of token ids, and how a whole token is spelled among the bytes of an output.
//
// A grammar may ask for a token itself instead of for text. To the automata such a token is a text of
// its own: a byte that is in no UTF-8 text, then the three bytes of its id. So they need no second
// kind of step, and no text can be taken for a token.
//
//   token 5  ->  FF 00 00 05
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace xgr {

inline constexpr uint8_t kTokenMark = 0xFF;
inline constexpr uint32_t kMaxTokenId = 0xFFFFFF;

struct TokenRange {
  uint32_t lo, hi;  // inclusive
  bool operator==(const TokenRange&) const = default;
};

class TokenIds {
 public:
  void add(uint32_t lo, uint32_t hi);  // lo <= hi <= kMaxTokenId; any order
  TokenIds complement() const;         // all other ids up to kMaxTokenId
  bool contains(uint32_t id) const;
  bool empty() const { return ranges_.empty(); }
  std::span<const TokenRange> ranges() const { return ranges_; }  // ascending, apart
  bool operator==(const TokenIds&) const = default;

 private:
  std::vector<TokenRange> ranges_;
};

// The three bytes behind the mark; each of them from a range of its own.
struct TokenSpelling {
  std::array<uint8_t, 3> lo, hi;
};

// Appends spellings that are those of the ids of `range` together: at most five.
void append_token_spellings(TokenRange range, std::vector<TokenSpelling>* out);

}  // namespace xgr
