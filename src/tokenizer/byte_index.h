// Inverted byte index: closed-form masks of the tokens that stay inside a set of characters.
//
// For a character loop over ASCII set C (and all, or no, non-ASCII characters) the tokens wholly
// inside are M(C, k) = U and L[k] and not (or of B[b] for b outside C): B[b] tokens with byte b,
// L[k] tokens of at most k characters, U tokens that are whole UTF-8. No trie is walked.
//
//   std::vector<uint32_t> mask(index.mask_words());
//   index.fill_inside(bytes, kUnlimited, mask.data());
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "support/array.h"

namespace xgr::core {

class ByteIndex {
 public:
  static constexpr uint32_t kUnlimited = UINT32_MAX;

  ByteIndex() : postings_(std::vector<Posting>(kPostingCount)) {}
  // texts[i] are the bytes of token ids[i] (normal tokens only, non-empty).
  ByteIndex(std::span<const std::string_view> texts, std::span<const int32_t> ids,
            int32_t vocab_size);

  size_t mask_words() const { return words_; }
  // mask := tokens all of whose bytes are in `bytes`, that are whole UTF-8, and have at most
  // `max_chars` characters. Overwrites mask_words() words.
  void fill_inside(const std::array<uint64_t, 4>& bytes, uint32_t max_chars, uint32_t* mask) const;
  size_t memory_bytes() const;  // own memory

 private:
  friend class SavedFile;
  class Builder;
  // The tokens with some byte of a group: `count` ids in sparse_ from `begin` on, or, when there
  // are many, row `begin` of rows_.
  struct Posting {
    uint32_t begin, count;
    uint32_t dense;  // 0 or 1
  };
  struct LongToken {
    int32_t id;
    uint32_t chars;
  };
  // Aligned groups of bytes have postings too, so that an excluded range costs a few of them.
  struct Level {
    uint32_t group_size, first_posting;
  };
  static constexpr std::array<Level, 4> kLevels = {{{128, 296}, {32, 288}, {8, 256}, {1, 0}}};
  static constexpr size_t kPostingCount = 298;
  static constexpr size_t kMaxLengthRows = 32;  // L[k] is a row for smaller k only

  const uint32_t* row(size_t index) const { return rows_.data() + index * words_; }
  const Posting& widest_excluded(const std::array<uint64_t, 4>& bytes, uint32_t* pos) const;

  size_t words_ = 0;
  size_t length_rows_ = 0;
  Array<Posting> postings_;
  Array<int32_t> sparse_;
  Array<uint32_t> rows_;          // row 0: U; rows 1 .. length_rows_: U and L[k]; postings
  Array<LongToken> long_tokens_;  // of more than length_rows_ + 1 characters, longest first
};

}  // namespace xgr::core
