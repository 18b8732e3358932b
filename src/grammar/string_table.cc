// Sorting many strings.
//
// HeadedText point: StringTable::of. Strings are compared by their first eight bytes as one number,
// and only where these are equal by the rest, so that a list of a million words is sorted without
// looking at most of its text more than once.
//
//   {"b", "a", "b"}  ->  "ab" with begins 0, 1, 2
//
// Tests: tests/unit/grammar/string_table_test.cc.
#include "grammar/string_table.h"

#include <algorithm>
#include <cstdint>

namespace xgr::core {
namespace {

struct HeadedText {
  uint64_t head;  // the first bytes, the first one highest; missing ones are 0
  std::string_view text;
};

uint64_t head_of(std::string_view text) {
  uint64_t head = 0;
  for (size_t i = 0; i < sizeof(head); ++i) {
    head = head << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
  return head;
}

}  // namespace

std::shared_ptr<const StringTable> StringTable::of(std::span<const std::string_view> strings) {
  std::vector<HeadedText> entries;
  entries.reserve(strings.size());
  for (std::string_view s : strings) entries.push_back({head_of(s), s});
  auto before = [](const HeadedText& x, const HeadedText& y) {
    return x.head != y.head ? x.head < y.head : x.text < y.text;
  };
  if (!std::is_sorted(entries.begin(), entries.end(), before)) {
    std::sort(entries.begin(), entries.end(), before);
  }
  auto same = [](const HeadedText& x, const HeadedText& y) {
    return x.head == y.head && x.text == y.text;
  };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  auto out = std::make_shared<StringTable>();
  size_t bytes = 0;
  for (const HeadedText& e : entries) bytes += e.text.size();
  out->text_.reserve(bytes);
  out->begins_.reserve(entries.size() + 1);
  out->begins_.push_back(0);
  for (const HeadedText& e : entries) {
    out->text_ += e.text;
    out->begins_.push_back(out->text_.size());
  }
  return out;
}

}  // namespace xgr::core
