// Healing: bytes that the tokens of an output spell before its text begins.
//
// A prompt may end in the middle of what the tokenizer would write as one token. So its last tokens are
// taken back, and the output begins with their bytes; a token may reach from them into the text.
//
//   Healing h("htt");  h.behind(0, "http:") == "p:";  h.behind(0, "ht") == "";  h.behind(0, "x"): none
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/reserve.h"

namespace xgr::core {

class Healing {
 public:
  explicit Healing(std::string prefix) : prefix_(std::move(prefix)), read_{0} {}

  // What is not spelled yet after so many steps of the output.
  std::string_view left(size_t steps) const {
    return steps < read_.size() ? std::string_view(prefix_).substr(read_[steps])
                                : std::string_view();
  }
  // What `text`, as the next step, adds to the text of the output; none where it is no way on.
  std::optional<std::string_view> behind(size_t steps, std::string_view text) const {
    const std::string_view now = left(steps);
    const size_t n = std::min(now.size(), text.size());
    if (now.substr(0, n) != text.substr(0, n)) return std::nullopt;
    return text.substr(n);
  }
  // Memory for one more step, so that commit cannot fail.
  void make_room() { reserve_for(&read_, 1); }
  void commit(size_t steps, std::string_view text) {
    const std::string_view now = left(steps);
    if (text.size() < now.size()) read_.push_back(prefix_.size() - now.size() + text.size());
  }
  // To so many steps.
  void rollback(size_t steps) { read_.resize(std::min(read_.size(), steps + 1)); }
  size_t memory_bytes() const {
    return sizeof(Healing) + prefix_.capacity() + read_.capacity() * sizeof(size_t);
  }

 private:
  std::string prefix_;
  std::vector<size_t> read_;  // bytes of it after each step, as long as some are left
};

}  // namespace xgr::core
