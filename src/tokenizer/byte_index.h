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
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace xgr {

class ByteIndex {
 public:
  static constexpr uint32_t kUnlimited = UINT32_MAX;

  ByteIndex() = default;
  // texts[i] are the bytes of token ids[i] (normal tokens only, non-empty).
  ByteIndex(std::span<const std::string_view> texts, std::span<const int32_t> ids,
            int32_t vocab_size);

  size_t mask_words() const { return words_; }
  // mask := tokens all of whose bytes are in `bytes`, that are whole UTF-8, and have at most
  // `max_chars` characters. Overwrites mask_words() words.
  void fill_inside(const std::array<uint64_t, 4>& bytes, uint32_t max_chars, uint32_t* mask) const;
  size_t memory_bytes() const;

 private:
  // A byte's tokens: dense words, or a list of ids when rare.
  struct Posting { uint32_t begin, count; bool dense; };
  size_t words_ = 0;
  std::array<Posting, 256> postings_{};
  std::vector<uint32_t> dense_;
  std::vector<int32_t> sparse_;
  std::vector<uint32_t> whole_;        // U, only tokens of the index
  std::vector<uint8_t> chars_;         // characters by token id, 255 = 255 or more
  std::vector<uint32_t> long_ids_;     // tokens by descending length, for L[k]
};

}  // namespace xgr
