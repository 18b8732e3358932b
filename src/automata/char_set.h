// Sets of Unicode scalar values, and their lowering to UTF-8 byte sequences.
//
// A CharSet is a sorted list of disjoint, non-adjacent ranges; surrogates are never members.
//   CharSet s; s.add('a', 'z'); s.add(0x4E00, 0x9FFF); CharSet rest = s.negated();
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

struct CharRange {
  char32_t lo;
  char32_t hi;  // inclusive
  bool operator==(const CharRange&) const = default;
};

class CharSet {
 public:
  CharSet() = default;
  static CharSet all();  // every scalar value
  static CharSet of(std::span<const CharRange>);
  static CharSet of(std::initializer_list<CharRange> ranges) {
    return of(std::span(ranges.begin(), ranges.size()));
  }
  void add(char32_t lo, char32_t hi);  // any order; surrogates are dropped
  void add(char32_t c) { add(c, c); }
  void add(const CharSet& other);
  CharSet negated() const;
  CharSet intersected(const CharSet& other) const;
  CharSet minus(const CharSet& other) const { return intersected(other.negated()); }
  bool contains(char32_t c) const;
  bool empty() const { return ranges_.empty(); }
  uint32_t count() const;  // number of members
  std::span<const CharRange> ranges() const { return ranges_; }
  bool operator==(const CharSet&) const = default;

 private:
  std::vector<CharRange> ranges_;
};

// One run of UTF-8 sequences: the byte strings with byte i in [lo[i], hi[i]], i < length.
struct Utf8Sequence {
  uint8_t length;
  uint8_t lo[4];
  uint8_t hi[4];
};
// The sequences that together spell exactly the code points lo..hi (no surrogates inside).
void append_utf8_sequences(char32_t lo, char32_t hi, std::vector<Utf8Sequence>* out);

// Bytes that UTF-8 spells `c` with: 1 to 4.
int utf8_length(char32_t c);
// Appends the UTF-8 spelling of `c`.
void append_utf8(char32_t c, std::string* out);
// Decodes one character at `*pos` and advances; returns false on malformed UTF-8 (pos unchanged).
bool decode_utf8(std::string_view text, size_t* pos, char32_t* out);
// Offset of the first malformed byte, or npos when `text` is valid UTF-8.
size_t find_invalid_utf8(std::string_view text);

}  // namespace xgr::core
