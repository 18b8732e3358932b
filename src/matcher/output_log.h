// OutputLog: the text of one output and where its steps are, for matchers whose grammar asks for
// them.
//
//   OutputLog log;
//   log.commit("ab", 7, false);      // token 7
//   log.tokens() == 1; log.text() == "ab";
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/reserve.h"

namespace xgr::core {

class OutputLog {
 public:
  static constexpr int32_t kText = -1;  // as a token: the step was bytes, or a stop token
  struct Step {
    size_t end = 0;       // of the text
    uint32_t tokens = 0;  // so far
    int32_t token = kText;
    bool held = false;  // a budget of tokens had run out: see token_budget.h
  };

  size_t size() const { return steps_.size(); }
  const Step& step(size_t i) const { return steps_[i]; }
  size_t begin(size_t step) const { return step == 0 ? 0 : steps_[step - 1].end; }
  uint32_t tokens_before(size_t step) const { return step == 0 ? 0 : steps_[step - 1].tokens; }
  uint32_t tokens() const { return tokens_before(steps_.size()); }
  const std::string& text() const { return text_; }

  // Memory for one more step, so that commit cannot fail.
  void make_room(std::string_view bytes) {
    reserve_for(&text_, bytes.size());
    reserve_for(&steps_, 1);
  }
  void commit(std::string_view bytes, int32_t token, bool held) {
    text_ += bytes;
    steps_.push_back({text_.size(), tokens() + (token == kText ? 0 : 1), token, held});
  }
  void rollback(size_t steps) {
    steps_.resize(steps_.size() - steps);
    text_.resize(begin(steps_.size()));
  }
  void clear() { rollback(steps_.size()); }
  size_t memory_bytes() const { return text_.capacity() + steps_.capacity() * sizeof(Step); }

 private:
  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace xgr::core
