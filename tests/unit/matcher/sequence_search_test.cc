// The first of many sequences in a stream: matcher/sequence_search.cc.
#include "matcher/sequence_search.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace xgr::core;

namespace {

SequenceSearch search_of(const std::vector<std::string>& texts) {
  std::vector<SequenceSearch::Sequence> all;
  for (size_t i = 0; i < texts.size(); ++i)
    all.push_back({{texts[i].begin(), texts[i].end()}, static_cast<int32_t>(i)});
  return SequenceSearch(std::move(all), nullptr);
}

// Of the sequences that end here the longest, of equal ones the first.
int32_t found_naively(const std::vector<std::string>& texts, const std::string& text) {
  int32_t best = SequenceSearch::kNone;
  for (size_t i = 0; i < texts.size(); ++i) {
    const bool longer = best < 0 || texts[i].size() > texts[static_cast<size_t>(best)].size();
    if (longer && text.ends_with(texts[i])) best = static_cast<int32_t>(i);
  }
  return best;
}

}  // namespace

TEST_CASE("sequence search: says what a comparison of all sequences says") {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts(1 + random() % 6);
    for (std::string& t : texts) {
      for (size_t n = 1 + random() % 4; n > 0; --n) t += "abc"[random() % 3];
    }
    const SequenceSearch search = search_of(texts);
    std::string text;
    uint32_t state = SequenceSearch::kRoot;
    for (int i = 0; i < 60; ++i) {
      text += "abc"[random() % 3];
      state = search.step(state, static_cast<uint8_t>(text.back()), nullptr);
      INFO(text);
      REQUIRE(search.found(state) == found_naively(texts, text));
    }
  }
}

TEST_CASE("sequence search: finds nothing without sequences") {
  const SequenceSearch search;
  CHECK(search.states() == 1);
  CHECK(search.step(SequenceSearch::kRoot, 'a', nullptr) == SequenceSearch::kRoot);
  CHECK(search.found(SequenceSearch::kRoot) == SequenceSearch::kNone);
}

TEST_CASE("sequence search: progress in one sequence, from places that are allowed") {
  const SequenceSearch search = search_of({"abab", "xab"});
  const std::vector<uint32_t> sequence{'a', 'b', 'a', 'b'};
  auto at = [&](const std::string& text, const std::vector<bool>& allowed) {
    uint32_t state = SequenceSearch::kRoot;
    for (char c : text) state = search.step(state, static_cast<uint8_t>(c), nullptr);
    return search.progress(sequence, allowed)[state];
  };
  const std::vector<bool> all(4, true), some{true, true, false, true};
  CHECK(at("", all) == 0);
  CHECK(at("aba", all) == 3);
  CHECK(at("xa", all) == 1);
  CHECK(at("ab", some) == 0);
  CHECK(at("aba", some) == 3);
}

TEST_CASE("sequence search: many long sequences that are prefixes of each other") {
  std::vector<std::string> texts;
  for (size_t n = 1; n <= 1000; ++n) texts.push_back(std::string(1001 - n, 'a') + 'b');
  const SequenceSearch search = search_of(texts);
  uint32_t state = SequenceSearch::kRoot;
  for (int i = 0; i < 5000; ++i) state = search.step(state, 'a', nullptr);
  CHECK(search.found(search.step(state, 'b', nullptr)) == 0);
  CHECK(search.step(state, 'c', nullptr) == SequenceSearch::kRoot);
}
