// ParseCopy: parses of a matcher for use after the matcher has gone on, as by another thread.
//
//   std::unique_ptr<ParseCopy> copy = ParseCopy::make(history.parses());
//   engine->prepare(copy->parses(), &stepper, &scratch);
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "parser/stack.h"
#include "support/arena.h"

namespace xgr::core {

constexpr int kNearFrames = 3;  // tokens hardly ever return further

class ParseCopy {
 public:
  // Null when the stacks are too ambiguous to be worth it.
  static std::unique_ptr<ParseCopy> make(std::span<const Config> parses);
  const std::vector<Config>& parses() const { return parses_; }

 private:
  ParseCopy() = default;
  const StackNode* copy(const StackNode* node, int frames);

  Arena arena_{256};
  std::vector<Config> parses_;
  size_t edges_ = 0;  // copied so far
};

}  // namespace xgr::core
