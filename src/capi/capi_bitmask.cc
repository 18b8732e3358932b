// xgr/bitmask.h: bitmasks over tokens, and what they do to logits.
//
// Entry points: the functions of the header. None of them needs a vocabulary.
//
//   xgr_bitmask_and(mask, banned, words);
//   xgr_bitmask_apply_f32(logits, logit_count, mask, words, NULL);
//
// Tests: tests/capi/bitmask_test.c.
#include <xgr/bitmask.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>

#include "capi/apply_rows.h"
#include "capi/guard.h"
#include "support/bit_kernels.h"

namespace xgr::core {
namespace {

constexpr size_t kBits = 32;
constexpr size_t kMaxListedWords = size_t{1} << 26;  // so that every bit is an int32_t

bool has_bit(size_t words, int32_t token) {
  return token >= 0 && static_cast<size_t>(token) / kBits < words;
}

bool allows(const uint32_t* mask, size_t words, int32_t token) {
  return has_bit(words, token) && (mask[token / kBits] >> token % kBits & 1);
}

// Calls combine(word, other) for all words.
template <typename Combine>
xgr_status_t combine_words(uint32_t* mask, const uint32_t* other, size_t words, Combine combine) {
  if (mask == nullptr || other == nullptr) return XGR_ERROR_INVALID_ARGUMENT;
  for (size_t i = 0; i < words; ++i) mask[i] = combine(mask[i], other[i]);
  return XGR_OK;
}

template <typename... Arguments>
xgr_status_t apply_here(Arguments... arguments) {
  return guard_status([&] {
    auto one_by_one = [](size_t count, auto body) {
      for (size_t i = 0; i < count; ++i) body(i);
    };
    return apply_rows(one_by_one, arguments...);
  });
}

// Where in a candidate its id and its logit are.
struct CandidateLayout {
  size_t size, id, logit;
  bool holds() const {
    constexpr size_t kWord = sizeof(int32_t);
    const size_t apart = id < logit ? logit - id : id - logit;
    return size >= 2 * kWord && id <= size - kWord && logit <= size - kWord && apart >= kWord;
  }
};

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

size_t xgr_bitmask_words(int32_t vocab_size) {
  return vocab_size < 0 ? 0 : (static_cast<size_t>(vocab_size) + 31) / 32;
}

xgr_status_t xgr_bitmask_reset(uint32_t* mask, size_t mask_words) {
  if (mask == nullptr) return XGR_ERROR_INVALID_ARGUMENT;
  std::fill_n(mask, mask_words, UINT32_MAX);
  return XGR_OK;
}

size_t xgr_bitmask_count(const uint32_t* mask, size_t mask_words) {
  if (mask == nullptr) return 0;
  size_t count = 0;
  for (size_t at = 0; at < mask_words; at += kMaxListedWords)
    count += count_bits({mask + at, std::min(mask_words - at, kMaxListedWords)});
  return count;
}

xgr_status_t xgr_bitmask_tokens(const uint32_t* mask, size_t mask_words, int32_t* tokens,
                                size_t token_capacity, size_t* out_count) {
  if (mask == nullptr || out_count == nullptr || mask_words > kMaxListedWords)
    return XGR_ERROR_INVALID_ARGUMENT;
  if (tokens == nullptr && token_capacity > 0) return XGR_ERROR_INVALID_ARGUMENT;
  const std::span<const uint32_t> words(mask, mask_words);
  const size_t count = count_bits(words);
  if (count <= token_capacity) {
    if (count > 0) list_bits(words, tokens);
  } else {
    size_t written = 0;
    for (size_t i = 0; written < token_capacity; ++i) {
      for (uint32_t bits = mask[i]; bits != 0 && written < token_capacity; bits &= bits - 1)
        tokens[written++] = static_cast<int32_t>(i * kBits) + std::countr_zero(bits);
    }
  }
  *out_count = count;
  return XGR_OK;
}

xgr_status_t xgr_bitmask_set_tokens(uint32_t* mask, size_t mask_words, const int32_t* tokens,
                                    size_t token_count, int32_t allowed) {
  if (mask == nullptr || (tokens == nullptr && token_count > 0)) return XGR_ERROR_INVALID_ARGUMENT;
  for (size_t i = 0; i < token_count; ++i) {
    if (!has_bit(mask_words, tokens[i])) return XGR_ERROR_INVALID_ARGUMENT;
  }
  for (size_t i = 0; i < token_count; ++i) {
    const uint32_t bit = 1u << tokens[i] % kBits;
    uint32_t& word = mask[tokens[i] / kBits];
    word = allowed != 0 ? word | bit : word & ~bit;
  }
  return XGR_OK;
}

xgr_status_t xgr_bitmask_filter_tokens(const uint32_t* mask, size_t mask_words, int32_t* tokens,
                                       size_t token_count, size_t* out_count) {
  if (mask == nullptr || out_count == nullptr || (tokens == nullptr && token_count > 0))
    return XGR_ERROR_INVALID_ARGUMENT;
  size_t kept = 0;
  for (size_t i = 0; i < token_count; ++i) {
    if (allows(mask, mask_words, tokens[i])) tokens[kept++] = tokens[i];
  }
  *out_count = kept;
  return XGR_OK;
}

xgr_status_t xgr_bitmask_and(uint32_t* mask, const uint32_t* other, size_t mask_words) {
  return combine_words(mask, other, mask_words, [](uint32_t a, uint32_t b) { return a & b; });
}

xgr_status_t xgr_bitmask_or(uint32_t* mask, const uint32_t* other, size_t mask_words) {
  return combine_words(mask, other, mask_words, [](uint32_t a, uint32_t b) { return a | b; });
}

xgr_status_t xgr_bitmask_and_not(uint32_t* mask, const uint32_t* other, size_t mask_words) {
  return combine_words(mask, other, mask_words, [](uint32_t a, uint32_t b) { return a & ~b; });
}

xgr_status_t xgr_bitmask_apply_f32(float* logits, size_t logit_count, const uint32_t* masks,
                                   size_t mask_count, const xgr_apply_options_t* options) {
  return apply_here(logits, logit_count, masks, mask_count, options);
}

xgr_status_t xgr_bitmask_apply_f16(uint16_t* logits, size_t logit_count, const uint32_t* masks,
                                   size_t mask_count, const xgr_apply_options_t* options) {
  return apply_here(logits, logit_count, masks, mask_count, options, kLowFloat16);
}

xgr_status_t xgr_bitmask_apply_bf16(uint16_t* logits, size_t logit_count, const uint32_t* masks,
                                    size_t mask_count, const xgr_apply_options_t* options) {
  return apply_here(logits, logit_count, masks, mask_count, options, kLowBfloat16);
}

xgr_status_t xgr_bitmask_apply_candidates(const uint32_t* mask, size_t mask_words,
                                          uint8_t* candidates, size_t candidates_size,
                                          size_t candidate_size, size_t id_offset,
                                          size_t logit_offset) {
  const CandidateLayout layout{candidate_size, id_offset, logit_offset};
  if (mask == nullptr || (candidates == nullptr && candidates_size > 0) || !layout.holds() ||
      candidates_size % candidate_size != 0)
    return XGR_ERROR_INVALID_ARGUMENT;
  for (size_t at = 0; at < candidates_size; at += candidate_size) {
    int32_t id;
    std::memcpy(&id, candidates + at + id_offset, sizeof(id));
    if (!allows(mask, mask_words, id))
      std::memcpy(candidates + at + logit_offset, &kLowFloat32, sizeof(kLowFloat32));
  }
  return XGR_OK;
}
