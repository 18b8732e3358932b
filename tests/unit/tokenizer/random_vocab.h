// Random vocabularies that look for trouble: shared prefixes, duplicates, zero bytes, cut
// characters.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

struct RandomVocab {
  std::vector<std::string> texts;
  std::vector<std::string_view> views;
  std::vector<int32_t> ids;

  RandomVocab(uint32_t seed, size_t count) {
    static const std::vector<std::string> kPieces = {
        "a",  "b",        "ab",       "the",  " ",    std::string(1, '\0'), "\n",
        "\"", "\\",       "0",        "12",   "é",    "\xE4\xBD",           "你",
        "😀", "\xF0\x9F", "\x98\x80", "\x80", "\xFF", "\xED\xA0\x80",       "\xC0\x80",
        "Z"};
    std::mt19937 random(seed);
    for (size_t i = 0; i < count; ++i) {
      std::string text;
      if (!texts.empty() && random() % 3 == 0) text = texts[random() % texts.size()];
      const size_t pieces = random() % 5 == 0 ? 12 : random() % 4;
      for (size_t k = 0; k < pieces; ++k) text += kPieces[random() % kPieces.size()];
      if (text.empty()) text = static_cast<char>(random() % 256);
      if (text.size() > 60) text.resize(60);
      texts.push_back(text);
    }
    for (size_t i = 0; i < texts.size(); ++i) {
      views.push_back(texts[i]);
      ids.push_back(static_cast<int32_t>(i * 3 + 1));
    }
  }

  int32_t vocab_size() const { return static_cast<int32_t>(texts.size() * 3 + 5); }
};

}  // namespace xgr::core
