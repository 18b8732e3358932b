// A generator that tells how short its strings may be.
#pragma once

#include <cstdint>
#include <functional>

#include "grammar/expr.h"

namespace xgr::core {

class MeasuredGenerator : public LazyGenerator {
 public:
  using Least = std::function<uint32_t(Expr)>;
  // How many bytes a string has at least, as far as that is easy to see. `least` tells it of expressions
  // that collect_children names. Used to look for short strings in the right places first.
  virtual uint32_t least_bytes(const Args& args, const Least& least) const = 0;
};

}  // namespace xgr::core
