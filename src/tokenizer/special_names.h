// The names of control and stop tokens, to be found in texts.
//
//   SpecialNames names({{"<|im_end|>", 7, true}});
//   names.find("bye<|im_end|>", 0)     // {3, "<|im_end|>", 7, true}
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace xgr::core {

class SpecialNames {
 public:
  // Names of one character, and of more than this many bytes, are never found: the ones are text in
  // the first place, and nobody writes the others.
  static constexpr size_t kMaxBytes = 128;

  struct Match {
    size_t offset;
    std::string_view name;  // as long as the names
    int32_t id;             // the lowest of that name
    bool stop;
  };

  struct Entry {
    std::string_view name;
    int32_t id;
    bool stop;  // it ends the output; otherwise a control token
  };

  SpecialNames() = default;
  // The texts outlive the names.
  explicit SpecialNames(std::vector<Entry> names);

  bool empty() const { return names_.empty(); }
  // The first name in the text from `begin` on; of several at one place the longest.
  std::optional<Match> find(std::string_view text, size_t begin) const;
  size_t memory_bytes() const { return names_.capacity() * sizeof(Entry); }

 private:
  std::vector<Entry> names_;  // ascending, each once
  std::bitset<256> first_;    // their first bytes
};

}  // namespace xgr::core
