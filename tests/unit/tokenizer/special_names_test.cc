// Names of special tokens in texts.
#include "tokenizer/special_names.h"

#include <doctest/doctest.h>

#include <string>

#include "tokenizer/tokenizer.h"

namespace xgr::core {
namespace {

int32_t first_id(const SpecialNames& names, std::string_view text, size_t begin = 0) {
  const auto match = names.find(text, begin);
  return match ? match->id : -1;
}

TEST_CASE("the first name counts, and of several there the longest") {
  const SpecialNames names({{"<a>b", 3, false},
                            {"<a>", 1, false},
                            {"<a>", 0, false},
                            {"<c>", 2, true},
                            {"[d]", 4, false}});
  CHECK(first_id(names, "x<a>bc") == 3);
  CHECK(first_id(names, "x<a>c") == 0);
  CHECK(first_id(names, "<a<c>") == 2);
  CHECK(names.find("<<c>", 0)->offset == 1);
  CHECK(names.find("<c>", 0)->stop);
  CHECK(first_id(names, "[d]<c>") == 4);
  CHECK(first_id(names, "[d]<c>", 1) == 2);
  CHECK(first_id(names, "[d]", 1) == -1);
  CHECK(first_id(names, "<a") == -1);
  CHECK(first_id(names, "") == -1);
  CHECK(first_id(SpecialNames(), "<a>") == -1);
}

TEST_CASE("names of one character and very long ones are never found") {
  const std::string lengthy(SpecialNames::kMaxBytes + 1, '<');
  const SpecialNames names({{"\n", 0, true},
                            {"\xE2\x96\x81", 1, false},
                            {lengthy, 2, false},
                            {"", 3, true},
                            {"\xFF\xFF", 4, false}});
  CHECK(names.empty());
  CHECK(first_id(names, "\n\xE2\x96\x81" + lengthy) == -1);
}

TEST_CASE("a tokenizer knows its control and stop tokens") {
  TokenizerInput input;
  input.tokens = {"<tool>", "<end>", "<text>", "<hole>", "</s>"};
  input.kinds = {1, 2, 0, 3, 0};
  input.stop_tokens = {4};
  const auto tokenizer = Tokenizer::create(input);
  REQUIRE(tokenizer.ok());
  const SpecialNames& names = tokenizer.value()->special_names();
  CHECK(first_id(names, "<text><tool>") == 0);
  CHECK(first_id(names, "<hole><end>") == 1);
  CHECK(first_id(names, "</s>") == 4);
}

}  // namespace
}  // namespace xgr::core
