// Covers src/tokenizer/byte_index.cc: every mask against a scan over all tokens.
#include "tokenizer/byte_index.h"

#include <doctest/doctest.h>

#include <random>

#include "random_vocab.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

using ByteBits = std::array<uint64_t, 4>;

bool contains(const ByteBits& bytes, uint8_t byte) { return bytes[byte / 64] >> byte % 64 & 1; }

bool is_inside(std::string_view text, const ByteBits& bytes, uint32_t max_chars) {
  for (const char c : text) {
    if (!contains(bytes, static_cast<uint8_t>(c))) return false;
  }
  return is_whole_utf8(text) && count_chars(text) <= max_chars;
}

void check_mask(const ByteIndex& index, const RandomVocab& vocab, const ByteBits& bytes,
                uint32_t max_chars) {
  std::vector<uint32_t> expected(index.mask_words(), 0);
  for (size_t i = 0; i < vocab.texts.size(); ++i) {
    const uint32_t id = static_cast<uint32_t>(vocab.ids[i]);
    if (is_inside(vocab.texts[i], bytes, max_chars)) expected[id / 32] |= uint32_t{1} << id % 32;
  }
  std::vector<uint32_t> found(index.mask_words() + 1, 0xDEADBEEF);
  index.fill_inside(bytes, max_chars, found.data());
  REQUIRE(found.back() == 0xDEADBEEF);
  found.pop_back();
  REQUIRE(found == expected);
}

ByteBits random_bytes(std::mt19937* random) {
  ByteBits bytes{};
  switch ((*random)() % 4) {
    case 0:  // a few ranges
      for (int range = 0; range < 3; ++range) {
        const uint32_t first = (*random)() % 256, count = (*random)() % 64;
        for (uint32_t b = first; b < 256 && b <= first + count; ++b)
          bytes[b / 64] |= uint64_t{1} << b % 64;
      }
      break;
    case 1:  // nearly all
      bytes.fill(~uint64_t{0});
      for (int hole = 0; hole < 4; ++hole)
        bytes[(*random)() % 4] &= ~(uint64_t{1} << (*random)() % 64);
      break;
    case 2:  // ASCII nearly all, and all the others
      bytes = {~uint64_t{0} << (*random)() % 40, ~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}};
      break;
    default:  // noise
      for (uint64_t& word : bytes) word = uint64_t{(*random)()} << 32 | (*random)();
  }
  return bytes;
}

}  // namespace

TEST_CASE("byte index: random vocabularies and byte sets against a scan") {
  std::mt19937 random(7);
  for (uint32_t seed = 0; seed < 8; ++seed) {
    const RandomVocab vocab(seed, seed < 4 ? 50 * seed : 1500);
    const ByteIndex index(vocab.views, vocab.ids, vocab.vocab_size());
    for (int round = 0; round < 60; ++round) {
      const ByteBits bytes = random_bytes(&random);
      for (const uint32_t k : {0u, 1u, 2u, 3u, 5u, 9u, 20u, 40u, 200u, ByteIndex::kUnlimited})
        check_mask(index, vocab, bytes, k);
    }
  }
}

TEST_CASE("byte index: no byte, every byte, one byte") {
  const RandomVocab vocab(3, 900);
  const ByteIndex index(vocab.views, vocab.ids, vocab.vocab_size());
  ByteBits all;
  all.fill(~uint64_t{0});
  check_mask(index, vocab, {}, ByteIndex::kUnlimited);
  check_mask(index, vocab, all, ByteIndex::kUnlimited);
  for (uint32_t byte = 0; byte < 256; ++byte) {
    ByteBits one{};
    one[byte / 64] = uint64_t{1} << byte % 64;
    check_mask(index, vocab, one, ByteIndex::kUnlimited);
    for (size_t i = 0; i < 4; ++i) one[i] = ~one[i];
    check_mask(index, vocab, one, 4);
  }
}

TEST_CASE("byte index: sizes around a word, a block, and nothing") {
  ByteBits all;
  all.fill(~uint64_t{0});
  for (const int32_t size : {1, 31, 32, 33, 2047, 2048, 2049, 4100}) {
    const std::vector<std::string_view> texts = {"a"};
    const std::vector<int32_t> ids = {size - 1};
    const ByteIndex index(texts, ids, size);
    std::vector<uint32_t> mask(index.mask_words() + 1, 0xDEADBEEF);
    index.fill_inside(all, 1, mask.data());
    CHECK(mask.back() == 0xDEADBEEF);
    for (size_t i = 0; i + 1 < mask.size(); ++i) {
      const uint32_t last = uint32_t{1} << (size - 1) % 32;
      CHECK(mask[i] == (i + 2 == mask.size() ? last : 0u));
    }
  }
  const ByteIndex empty({}, {}, 0);
  CHECK(empty.mask_words() == 0);
  empty.fill_inside(all, 1, nullptr);
}

}  // namespace xgr::core
