// Spells characters and character sets as UTF-8.
//
// Entry points: encode_utf8, scalar_ranges, spell_ranges. A range is split where the length of the
// encoding changes, then at every place where a leading byte changes while the bytes after it do
// not run through all their values; what remains is a product of byte ranges. For example
// U+0400..U+04FF is D0..D3 followed by 80..BF. Test: oracle_test.cc compares the spelling of random
// sets with all 1,114,112 code points.
#include "code_points.h"

#include <algorithm>

namespace reference {
namespace {

constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kLastSurrogate = 0xDFFF;

ByteSet byte_range(unsigned char lo, unsigned char hi) {
  ByteSet set;
  for (int byte = lo; byte <= hi; ++byte) set.set(static_cast<size_t>(byte));
  return set;
}

// lo..hi have encodings of the same length.
void split(char32_t lo, char32_t hi, std::vector<std::vector<ByteSet>>* out) {
  const size_t length = encode_utf8(lo).size();
  // `tail` bytes after the leading ones carry 6 bits each.
  for (size_t tail = 1; tail < length; ++tail) {
    const char32_t low_bits = (char32_t{1} << (6 * tail)) - 1;
    if ((lo | low_bits) == (hi | low_bits)) continue;  // leading bytes are equal
    if ((lo & low_bits) != 0) {
      split(lo, lo | low_bits, out);
      split((lo | low_bits) + 1, hi, out);
      return;
    }
    if ((hi & low_bits) != low_bits) {
      split(lo, (hi & ~low_bits) - 1, out);
      split(hi & ~low_bits, hi, out);
      return;
    }
  }
  const std::string first = encode_utf8(lo), last = encode_utf8(hi);
  std::vector<ByteSet> sequence;
  for (size_t i = 0; i < length; ++i) {
    sequence.push_back(
        byte_range(static_cast<unsigned char>(first[i]), static_cast<unsigned char>(last[i])));
  }
  out->push_back(std::move(sequence));
}

}  // namespace

std::string encode_utf8(char32_t c) {
  std::string out;
  auto put = [&out](char32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 + c / 64);
    put(0x80 + c % 64);
  } else if (c < 0x10000) {
    put(0xE0 + c / 4096);
    put(0x80 + c / 64 % 64);
    put(0x80 + c % 64);
  } else {
    put(0xF0 + c / 262144);
    put(0x80 + c / 4096 % 64);
    put(0x80 + c / 64 % 64);
    put(0x80 + c % 64);
  }
  return out;
}

std::string encode_utf8(const std::u32string& text) {
  std::string out;
  for (char32_t c : text) out += encode_utf8(c);
  return out;
}

std::vector<CodeRange> scalar_ranges(std::vector<CodeRange> ranges, bool negated) {
  std::sort(ranges.begin(), ranges.end(),
            [](const CodeRange& a, const CodeRange& b) { return a.lo < b.lo; });
  std::vector<CodeRange> wanted;
  if (negated) {
    char32_t next = 0;  // first code point not yet decided
    for (const CodeRange& range : ranges) {
      if (range.lo > next) wanted.push_back({next, range.lo - 1});
      next = std::max<char32_t>(next, range.hi + 1);
    }
    if (next <= kLastCodePoint) wanted.push_back({next, kLastCodePoint});
  } else {
    for (const CodeRange& range : ranges) {
      if (!wanted.empty() && range.lo <= wanted.back().hi) {
        wanted.back().hi = std::max(wanted.back().hi, range.hi);
      } else {
        wanted.push_back(range);
      }
    }
  }
  std::vector<CodeRange> out;
  for (const CodeRange& range : wanted) {
    if (range.lo < kFirstSurrogate) {
      out.push_back({range.lo, std::min<char32_t>(range.hi, kFirstSurrogate - 1)});
    }
    if (range.hi > kLastSurrogate) {
      out.push_back({std::max<char32_t>(range.lo, kLastSurrogate + 1), range.hi});
    }
  }
  return out;
}

std::vector<std::vector<ByteSet>> spell_ranges(const std::vector<CodeRange>& sorted_ranges) {
  const char32_t last_of_length[] = {0x7F, 0x7FF, 0xFFFF, kLastCodePoint};
  std::vector<std::vector<ByteSet>> out;
  ByteSet ascii;
  for (const CodeRange& range : sorted_ranges) {
    char32_t lo = range.lo;
    for (char32_t last : last_of_length) {
      if (lo > range.hi || lo > last) continue;
      const char32_t hi = std::min(range.hi, last);
      if (last == 0x7F) {
        ascii |= byte_range(static_cast<unsigned char>(lo), static_cast<unsigned char>(hi));
      } else {
        split(lo, hi, &out);
      }
      lo = hi + 1;
    }
  }
  if (ascii.any()) out.push_back({ascii});
  return out;
}

}  // namespace reference
