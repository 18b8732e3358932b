// Finding the names of control and stop tokens in texts.
//
// Entry points: the constructor, find. The names are sorted. Where a byte of the text begins some
// name, the range of names that go on like the text is narrowed byte by byte; texts without such a
// byte, which is mostly '<' or '[', cost a look at each byte.
//
//   names "<a>" and "<a>b" in "x<a>bc"  ->  "<a>b" at 1
//
// Tests: tests/unit/tokenizer/special_names_test.cc.
#include "tokenizer/special_names.h"

#include <algorithm>

#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

constexpr char kNeverInText = '\xFF';  // in no UTF-8 text

size_t index_of(char c) { return static_cast<unsigned char>(c); }

}  // namespace

SpecialNames::SpecialNames(std::vector<Entry> names) : names_(std::move(names)) {
  std::erase_if(names_, [](const Entry& n) {
    return n.name.size() > kMaxBytes || count_chars(n.name) <= 1 ||
           n.name.find(kNeverInText) != n.name.npos;
  });
  std::sort(names_.begin(), names_.end(), [](const Entry& a, const Entry& b) {
    return a.name != b.name ? a.name < b.name : a.id < b.id;
  });
  auto same = [](const Entry& a, const Entry& b) { return a.name == b.name; };
  names_.erase(std::unique(names_.begin(), names_.end(), same), names_.end());
  names_.shrink_to_fit();
  for (const Entry& n : names_) first_.set(index_of(n.name[0]));
}

std::optional<SpecialNames::Match> SpecialNames::find(std::string_view text, size_t begin) const {
  if (names_.empty()) return std::nullopt;
  for (size_t at = begin; at < text.size(); ++at) {
    if (!first_.test(index_of(text[at]))) continue;
    auto low = names_.begin(), high = names_.end();
    const Entry* longest = nullptr;
    for (size_t size = 1; at + size <= text.size() && low != high; ++size) {
      // All names in the range have the first size - 1 bytes of the text; one may have no more.
      auto next = [&](const Entry& n) {
        return n.name.size() < size ? -1 : static_cast<int>(index_of(n.name[size - 1]));
      };
      const int wanted = static_cast<int>(index_of(text[at + size - 1]));
      low = std::partition_point(low, high, [&](const Entry& n) { return next(n) < wanted; });
      high = std::partition_point(low, high, [&](const Entry& n) { return next(n) <= wanted; });
      if (low != high && low->name.size() == size) longest = &*low;
    }
    if (longest != nullptr) return Match{at, longest->name, longest->id, longest->stop};
  }
  return std::nullopt;
}

}  // namespace xgr::core
