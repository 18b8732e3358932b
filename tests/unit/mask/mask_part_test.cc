// Token sets as lists, bitmasks and differences, and sets of exits: mask/mask_part.cc.
#include "mask/mask_part.h"

#include <doctest/doctest.h>

#include <random>

using namespace xgr::core;

namespace {

std::vector<uint32_t> words_of(const std::vector<int32_t>& ids, size_t word_count) {
  std::vector<uint32_t> words(word_count);
  for (int32_t id : ids) words[static_cast<size_t>(id) >> 5] |= 1u << (id & 31);
  return words;
}

std::vector<uint32_t> written(const TokenSet& set, size_t word_count) {
  std::vector<uint32_t> out(word_count, 0xDEADBEEFu);
  set.write_to(out.data(), word_count);
  return out;
}

}  // namespace

TEST_CASE("token set: few ids are a list, many are a bitmask") {
  std::vector<uint32_t> few = words_of({3, 64, 999}, 32);
  TokenSet list = TokenSet::from_words(few);
  CHECK(list.count == 3);
  CHECK(list.ids == std::vector<int32_t>{3, 64, 999});
  CHECK(list.mask() == nullptr);
  CHECK(written(list, 32) == few);
  std::vector<uint32_t> many(32, 0x0F0F0F0Fu);
  TokenSet mask = TokenSet::from_words(many);
  CHECK(mask.count == 32 * 16);
  REQUIRE(mask.mask() != nullptr);
  CHECK(written(mask, 32) == many);
}

TEST_CASE(
    "token set: differences from another are applied, and removed ids never take others away") {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    TokenSet base = TokenSet::from_words(std::vector<uint32_t>(8, random() | 0xFF00FFu));
    TokenSet set;
    set.base = &base;
    std::vector<uint32_t> wanted = base.words;
    for (int32_t id = 0; id < 256; id += 1 + static_cast<int32_t>(random() % 40)) {
      uint32_t& w = wanted[static_cast<size_t>(id) >> 5];
      uint32_t bit = 1u << (id & 31);
      (w & bit ? set.removed : set.ids).push_back(id);
      w ^= bit;
    }
    CHECK(written(set, 8) == wanted);
    std::vector<uint32_t> before(8), sum(8);
    for (uint32_t& w : before) w = random() & random();
    sum = before;
    set.add_to(sum.data());
    for (size_t i = 0; i < 8; ++i) CHECK(sum[i] == (before[i] | wanted[i]));
  }
}

TEST_CASE("exit set: sorted by byte, each node once") {
  std::vector<ExitNode> list{{'}', 9}, {',', 5}, {'}', 4}, {',', 5}};
  ByteSet covered;
  for (char c : {',', '}', ']'}) covered.add(static_cast<uint8_t>(c));
  ExitSet set = ExitSet::collect(&list, covered, true);
  CHECK(set.nodes == std::vector<uint32_t>{5, 4, 9});
  REQUIRE(set.buckets.size() == 2);
  CHECK(set.buckets[0].byte == ',');
  CHECK(set.buckets[1].begin == 1);
  CHECK(set.buckets[1].end == 3);
  CHECK(set.bytes.has('}'));
  CHECK_FALSE(set.bytes.has(']'));
}
