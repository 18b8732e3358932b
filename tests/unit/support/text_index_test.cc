// Ids by text: support/text_index.h.
#include "support/text_index.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace xgr::core {
namespace {

TEST_CASE("text index: what was added is found, and nothing else") {
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i) texts.push_back("t" + std::to_string(i));
  TextIndex index;
  auto find = [&](const std::string& text) {
    return index.find(text, [&](uint32_t id) { return texts[id] == text; });
  };
  CHECK(find("t0") == TextIndex::kNone);
  for (uint32_t i = 0; i < 4000; ++i) index.add(texts[i], i);
  for (uint32_t i = 0; i < 5000; ++i) CHECK(find(texts[i]) == (i < 4000 ? i : TextIndex::kNone));
  CHECK(find("") == TextIndex::kNone);
}

TEST_CASE("text index: texts may be the same for different ids") {
  TextIndex index(2);
  index.add("a", 1);
  index.add("a", 2);
  CHECK(index.find("a", [](uint32_t id) { return id == 2; }) == 2);
  CHECK(index.find("a", [](uint32_t) { return false; }) == TextIndex::kNone);
}

}  // namespace
}  // namespace xgr::core
