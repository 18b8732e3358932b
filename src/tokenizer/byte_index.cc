// Inverted byte index. Entry point: ByteIndex::fill_inside.
//
// The answer is one row of bits (whole UTF-8 tokens, or those of at most k characters) minus the
// tokens that contain an excluded byte. A byte's tokens are a row of bits when they are many and a
// list of ids when they are few. The same is kept for aligned groups of 8, 32 and 128 bytes, so a
// set such as [a-z] subtracts ten postings and not 230. All rows are
// subtracted in one pass (support/bit_kernels.h).
//
//   ByteIndex index(texts, ids, vocab_size);
//   index.fill_inside(json_string_bytes, 12, mask);   // string content, twelve characters left
//
// Tests: tests/unit/tokenizer/byte_index_test.cc.
#include "tokenizer/byte_index.h"

#include <algorithm>
#include <utility>

#include "support/bit_kernels.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

// Clearing the bit of one listed id costs about as much as combining this many words of a row.
constexpr size_t kWordsPerListedId = 8;

void set_token(uint32_t* row, int32_t id) {
  row[static_cast<uint32_t>(id) >> 5] |= uint32_t{1} << (id & 31);
}

void clear_token(uint32_t* row, int32_t id) {
  row[static_cast<uint32_t>(id) >> 5] &= ~(uint32_t{1} << (id & 31));
}

}  // namespace

class ByteIndex::Builder {
 public:
  Builder(ByteIndex* index, std::span<const std::string_view> texts, std::span<const int32_t> ids)
      : index_(*index), texts_(texts), ids_(ids) {}

  void build() {
    add_length_rows();
    add_byte_postings();
    for (size_t level = kLevels.size() - 1; level-- > 0;) add_group_postings(level);
    sparse_.shrink_to_fit();
    rows_.shrink_to_fit();
    index_.postings_ = Array(std::move(postings_));
    index_.sparse_ = Array(std::move(sparse_));
    index_.rows_ = Array(std::move(rows_));
    index_.long_tokens_ = Array(std::move(long_tokens_));
  }

 private:
  bool is_dense(size_t count) const { return count * kWordsPerListedId > index_.words_; }

  size_t add_row() {
    rows_.resize(rows_.size() + index_.words_);
    return rows_.size() / index_.words_ - 1;
  }
  uint32_t* row(size_t i) { return rows_.data() + i * index_.words_; }

  void add_length_rows() {
    std::vector<LongToken> whole;  // by ascending length
    std::vector<size_t> ends;      // ends[k]: tokens of at most k characters
    sort_whole_tokens(&whole, &ends);
    const auto longer_than = [&](size_t k) {
      return whole.size() - ends[std::min(k, ends.size() - 1)];
    };
    // At most k characters is a row of its own as long as clearing the longer ones is slower.
    while (index_.length_rows_ < kMaxLengthRows && is_dense(longer_than(index_.length_rows_ + 1)))
      ++index_.length_rows_;
    rows_.resize((index_.length_rows_ + 1) * index_.words_);
    for (const LongToken& token : whole) set_token(row(0), token.id);
    for (size_t k = 1; k <= index_.length_rows_; ++k) {
      if (k > 1) std::copy_n(row(k - 1), index_.words_, row(k));
      for (size_t i = ends[k - 1]; i < ends[k]; ++i) set_token(row(k), whole[i].id);
    }
    const size_t long_count = longer_than(index_.length_rows_ + 1);
    long_tokens_.assign(whole.rbegin(), whole.rbegin() + static_cast<ptrdiff_t>(long_count));
  }

  // The tokens that are whole UTF-8, in a counting sort.
  void sort_whole_tokens(std::vector<LongToken>* sorted, std::vector<size_t>* ends) const {
    std::vector<LongToken> whole;
    whole.reserve(texts_.size());
    for (size_t i = 0; i < texts_.size(); ++i) {
      if (!is_whole_utf8(texts_[i])) continue;
      const uint32_t chars = static_cast<uint32_t>(count_chars(texts_[i]));
      if (ends->size() <= chars) ends->resize(chars + 1);
      ++(*ends)[chars];
      whole.push_back({ids_[i], chars});
    }
    if (ends->empty()) ends->push_back(0);
    sorted->resize(whole.size());
    size_t begin = 0;
    for (size_t& end : *ends) begin += std::exchange(end, begin);
    for (const LongToken& token : whole) (*sorted)[(*ends)[token.chars]++] = token;
  }

  // Calls visit(byte, id) once for every distinct byte of every token.
  template <typename Visit>
  void for_each_byte(Visit visit) const {
    std::array<size_t, 256> seen_in{};
    for (size_t i = 0; i < texts_.size(); ++i) {
      for (const char c : texts_[i]) {
        const uint8_t byte = static_cast<uint8_t>(c);
        if (seen_in[byte] == i + 1) continue;
        seen_in[byte] = i + 1;
        visit(byte, ids_[i]);
      }
    }
  }

  void add_byte_postings() {
    for_each_byte([&](uint8_t byte, int32_t) { ++postings_[byte].count; });
    std::array<uint32_t, 256> next{};
    uint32_t sparse_size = 0;
    for (size_t byte = 0; byte < 256; ++byte) {
      Posting& p = postings_[byte];
      p.dense = is_dense(p.count);
      p.begin = p.dense ? static_cast<uint32_t>(add_row()) : sparse_size;
      next[byte] = p.begin;
      if (!p.dense) sparse_size += p.count;
    }
    sparse_.resize(sparse_size);
    for_each_byte([&](uint8_t byte, int32_t id) {
      if (postings_[byte].dense) {
        set_token(row(next[byte]), id);
      } else {
        sparse_[next[byte]++] = id;
      }
    });
  }

  // Postings of a level are the unions of those of the next finer one.
  void add_group_postings(size_t level) {
    const Level& coarse = kLevels[level];
    const Level& fine = kLevels[level + 1];
    const uint32_t parts = coarse.group_size / fine.group_size;
    for (uint32_t group = 0; group < 256 / coarse.group_size; ++group) {
      const size_t target = add_row();
      for (uint32_t i = 0; i < parts; ++i)
        add_posting(postings_[fine.first_posting + group * parts + i], row(target));
      postings_[coarse.first_posting + group] = finish_row(target);
    }
  }

  void add_posting(const Posting& p, uint32_t* target) {
    if (!p.dense) {
      for (uint32_t i = 0; i < p.count; ++i) set_token(target, sparse_[p.begin + i]);
      return;
    }
    add_bits(target, row(p.begin), index_.words_);
  }

  // Keeps the last row, or turns it into a list when it holds few tokens.
  Posting finish_row(size_t last) {
    const std::span<const uint32_t> words(row(last), index_.words_);
    const uint32_t count = count_bits(words);
    if (is_dense(count)) return {static_cast<uint32_t>(last), count, true};
    const Posting list{static_cast<uint32_t>(sparse_.size()), count, false};
    sparse_.resize(list.begin + count);
    list_bits(words, sparse_.data() + list.begin);
    rows_.resize(last * index_.words_);
    return list;
  }

  ByteIndex& index_;
  std::vector<Posting> postings_ = std::vector<Posting>(kPostingCount);
  std::vector<int32_t> sparse_;
  std::vector<uint32_t> rows_;
  std::vector<LongToken> long_tokens_;
  std::span<const std::string_view> texts_;
  std::span<const int32_t> ids_;
};

ByteIndex::ByteIndex(std::span<const std::string_view> texts, std::span<const int32_t> ids,
                     int32_t vocab_size)
    : ByteIndex() {
  words_ = (static_cast<size_t>(vocab_size) + 31) / 32;
  if (words_ != 0) Builder(this, texts, ids).build();
}

// The posting of the largest aligned group at *pos without a member in `bytes`; moves *pos behind
// that group. *pos itself is not a member.
const ByteIndex::Posting& ByteIndex::widest_excluded(const std::array<uint64_t, 4>& bytes,
                                                     uint32_t* pos) const {
  const uint32_t at = *pos;
  const auto empty = [&](uint32_t size) {
    if (at % size != 0) return false;
    if (size == 128) return (bytes[at >> 6] | bytes[(at >> 6) + 1]) == 0;
    return (bytes[at >> 6] >> (at & 63) & ((uint64_t{1} << size) - 1)) == 0;
  };
  size_t level = 0;
  while (!empty(kLevels[level].group_size)) ++level;
  *pos += kLevels[level].group_size;
  return postings_[kLevels[level].first_posting + at / kLevels[level].group_size];
}

void ByteIndex::fill_inside(const std::array<uint64_t, 4>& bytes, uint32_t max_chars,
                            uint32_t* mask) const {
  if (max_chars == 0) {
    std::fill_n(mask, words_, 0u);
    return;
  }
  std::array<const uint32_t*, 256> removed;
  std::array<const Posting*, 256> listed;
  size_t removed_count = 0, listed_count = 0;
  for (uint32_t pos = 0; pos < 256;) {
    if (bytes[pos >> 6] >> (pos & 63) & 1) {
      ++pos;
      continue;
    }
    const Posting& p = widest_excluded(bytes, &pos);
    if (p.dense) {
      removed[removed_count++] = row(p.begin);
    } else if (p.count != 0) {
      listed[listed_count++] = &p;
    }
  }

  const uint32_t* start = row(max_chars <= length_rows_ ? max_chars : 0);
  subtract_rows(mask, start, {removed.data(), removed_count}, words_);
  for (size_t i = 0; i < listed_count; ++i) {
    const int32_t* ids = sparse_.data() + listed[i]->begin;
    for (uint32_t k = 0; k < listed[i]->count; ++k) clear_token(mask, ids[k]);
  }
  if (max_chars <= length_rows_) return;
  for (const LongToken& token : long_tokens_) {
    if (token.chars <= max_chars) break;
    clear_token(mask, token.id);
  }
}

size_t ByteIndex::memory_bytes() const {
  return postings_.owned_bytes() + sparse_.owned_bytes() + rows_.owned_bytes() +
         long_tokens_.owned_bytes();
}

}  // namespace xgr::core
