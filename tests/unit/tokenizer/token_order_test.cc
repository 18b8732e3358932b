// Covers src/tokenizer/token_order.cc against std::stable_sort.
#include "tokenizer/token_order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "random_vocab.h"

namespace xgr::core {
namespace {

void check_order(const std::vector<std::string_view>& texts) {
  std::vector<uint32_t> expected(texts.size());
  std::iota(expected.begin(), expected.end(), 0u);
  std::stable_sort(expected.begin(), expected.end(),
                   [&](uint32_t x, uint32_t y) { return texts[x] < texts[y]; });
  const std::vector<OrderedText> order = sort_by_bytes(texts);
  REQUIRE(order.size() == texts.size());
  for (size_t i = 0; i < order.size(); ++i) {
    REQUIRE(order[i].index == expected[i]);
    REQUIRE(order[i].length == texts[expected[i]].size());
    if (i == 0) continue;
    const std::string_view x = texts[expected[i - 1]], y = texts[expected[i]];
    const auto stop = std::mismatch(x.begin(), x.end(), y.begin(), y.end()).first;
    REQUIRE(shared_prefix(texts, order[i - 1], order[i]) ==
            static_cast<uint32_t>(stop - x.begin()));
  }
}

}  // namespace

TEST_CASE("token order: zero bytes sort behind the end of the text") {
  using namespace std::string_view_literals;
  check_order({"a\0\0"sv, "a"sv, "a\0"sv, "a"sv, "abcdefgh\0"sv, "abcdefgh"sv, "abcdefg\0"sv,
               "abcdefg"sv, "abcdefgh\0\0i"sv, "\0"sv, "\xFF"sv});
}

TEST_CASE("token order: none, one, all equal") {
  check_order({});
  check_order({"x"});
  check_order({"same", "same", "same"});
}

TEST_CASE("token order: random texts") {
  for (uint32_t seed = 0; seed < 30; ++seed) check_order(RandomVocab(seed, seed * 20).views);
}

}  // namespace xgr::core
