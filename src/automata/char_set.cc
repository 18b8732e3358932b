// Sets of Unicode scalar values, and UTF-8 in both directions.
//
// Entry point: CharSet (char_set.h). A set is its sorted list of disjoint, non-adjacent ranges, so
// equal sets have equal lists; the surrogates D800..DFFF are cut out of everything that is added.
// append_utf8_sequences splits a range of code points at the places where the byte pattern changes:
// first where the length changes, then until every byte but the leading ones runs over its whole
// span.
//
//   CharSet s; s.add('a', 'z');
//   s.negated().ranges()  ->  [0, '`'] ['{', D7FF] [E000, 10FFFF]
//   append_utf8_sequences(0x7F, 0x80, &out)  ->  <7F> <C2><80>
//
// Tests: tests/unit/automata/char_set_test.cc.
#include "automata/char_set.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr char32_t kMaxScalar = 0x10FFFF;
constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kLastSurrogate = 0xDFFF;

// `range` is free of surrogates here.
void insert_range(std::vector<CharRange>& ranges, CharRange range) {
  if (ranges.empty() || ranges.back().hi + 1 < range.lo) {
    ranges.push_back(range);
    return;
  }
  auto touches = [](const CharRange& r, char32_t lo) { return r.hi + 1 < lo; };
  auto first = std::lower_bound(ranges.begin(), ranges.end(), range.lo, touches);
  auto last = first;
  while (last != ranges.end() && last->lo <= range.hi + 1) {
    range.lo = std::min(range.lo, last->lo);
    range.hi = std::max(range.hi, last->hi);
    ++last;
  }
  if (first == last) {
    ranges.insert(first, range);
    return;
  }
  *first = range;
  ranges.erase(first + 1, last);
}

void encode(char32_t c, int length, uint8_t out[4]) {
  static constexpr uint8_t kLead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (int i = length - 1; i > 0; --i) {
    out[i] = static_cast<uint8_t>(0x80 | (c & 0x3F));
    c >>= 6;
  }
  out[0] = static_cast<uint8_t>(kLead[length] | c);
}

// lo and hi are spelled with the same number of bytes. Cuts off the part below the first multiple
// of 64^k inside, then whole blocks, then the rest, for k from 1 up.
void append_same_length(char32_t lo, char32_t hi, int length, std::vector<Utf8Sequence>* out) {
  while (true) {
    char32_t end = hi;  // the next sequence is lo..end
    for (int k = 1; k < length; ++k) {
      char32_t low_bits = (char32_t{1} << (6 * k)) - 1;
      if ((lo & ~low_bits) == (hi & ~low_bits)) break;  // the bytes above are equal: nothing to cut
      if ((lo & low_bits) != 0) {
        end = lo | low_bits;
        break;
      }
      if ((hi & low_bits) != low_bits) end = (hi & ~low_bits) - 1;
    }
    Utf8Sequence seq{};
    seq.length = static_cast<uint8_t>(length);
    encode(lo, length, seq.lo);
    encode(end, length, seq.hi);
    out->push_back(seq);
    if (end == hi) return;
    lo = end + 1;
  }
}

}  // namespace

int utf8_length(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

CharSet CharSet::all() {
  CharSet s;
  s.add(0, kMaxScalar);
  return s;
}

CharSet CharSet::of(std::span<const CharRange> ranges) {
  std::vector<CharRange> sorted(ranges.begin(), ranges.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const CharRange& x, const CharRange& y) { return x.lo < y.lo; });
  CharSet s;
  for (const CharRange& r : sorted) s.add(r.lo, r.hi);
  return s;
}

void CharSet::add(char32_t lo, char32_t hi) {
  hi = std::min(hi, kMaxScalar);
  if (lo > hi) return;
  if (hi < kFirstSurrogate || lo > kLastSurrogate) {
    insert_range(ranges_, {lo, hi});
    return;
  }
  if (lo < kFirstSurrogate) insert_range(ranges_, {lo, kFirstSurrogate - 1});
  if (hi > kLastSurrogate) insert_range(ranges_, {kLastSurrogate + 1, hi});
}

void CharSet::add(const CharSet& other) {
  if (ranges_.empty()) {
    ranges_ = other.ranges_;
    return;
  }
  std::vector<CharRange> both = std::move(ranges_);
  both.insert(both.end(), other.ranges_.begin(), other.ranges_.end());
  *this = of(both);
}

CharSet CharSet::negated() const {
  CharSet s;
  char32_t next = 0;
  for (const CharRange& r : ranges_) {
    if (r.lo > next) s.add(next, r.lo - 1);
    next = r.hi + 1;
  }
  s.add(next, kMaxScalar);
  return s;
}

CharSet CharSet::intersected(const CharSet& other) const {
  CharSet s;
  size_t i = 0, j = 0;
  while (i < ranges_.size() && j < other.ranges_.size()) {
    const CharRange& x = ranges_[i];
    const CharRange& y = other.ranges_[j];
    s.add(std::max(x.lo, y.lo), std::min(x.hi, y.hi));
    if (x.hi < y.hi) {
      ++i;
    } else {
      ++j;
    }
  }
  return s;
}

bool CharSet::contains(char32_t c) const {
  auto it = std::lower_bound(ranges_.begin(), ranges_.end(), c,
                             [](const CharRange& r, char32_t v) { return r.hi < v; });
  return it != ranges_.end() && it->lo <= c;
}

uint32_t CharSet::count() const {
  uint32_t n = 0;
  for (const CharRange& r : ranges_) n += static_cast<uint32_t>(r.hi - r.lo) + 1;
  return n;
}

void append_utf8_sequences(char32_t lo, char32_t hi, std::vector<Utf8Sequence>* out) {
  static constexpr char32_t kLastOfLength[5] = {0, 0x7F, 0x7FF, 0xFFFF, kMaxScalar};
  while (lo <= hi) {
    int length = utf8_length(lo);
    char32_t end = std::min(hi, kLastOfLength[length]);
    append_same_length(lo, end, length, out);
    lo = end + 1;
  }
}

void append_utf8(char32_t c, std::string* out) {
  uint8_t bytes[4];
  int length = utf8_length(c);
  encode(c, length, bytes);
  out->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

bool decode_utf8(std::string_view text, size_t* pos, char32_t* out) {
  size_t i = *pos;
  if (i >= text.size()) return false;
  uint8_t lead = static_cast<uint8_t>(text[i]);
  if (lead < 0x80) {
    *out = lead;
    *pos = i + 1;
    return true;
  }
  size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() - i < length) return false;
  char32_t c = lead & (0x7Fu >> length);
  for (size_t k = 1; k < length; ++k) {
    uint8_t b = static_cast<uint8_t>(text[i + k]);
    if ((b & 0xC0) != 0x80) return false;
    c = (c << 6) | (b & 0x3F);
  }
  static constexpr char32_t kLeast[5] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[length] || c > kMaxScalar) return false;
  if (c >= kFirstSurrogate && c <= kLastSurrogate) return false;
  *out = c;
  *pos = i + length;
  return true;
}

size_t find_invalid_utf8(std::string_view text) {
  size_t pos = 0;
  char32_t c;
  while (pos < text.size()) {
    if (static_cast<uint8_t>(text[pos]) < 0x80) {
      ++pos;
    } else if (!decode_utf8(text, &pos, &c)) {
      return pos;
    }
  }
  return std::string_view::npos;
}

}  // namespace xgr::core
