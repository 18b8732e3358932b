// How many characters the strings of an expression have.
#pragma once

#include "grammar/expr.h"

namespace xgr::core {

struct CharLengths {
  uint64_t least;
  uint64_t most;        // UINT64_MAX: no bound known
  bool tokens = false;  // there may be whole tokens among them
};

// Bounds, from the shape; a whole token counts as one character.
CharLengths char_lengths(const ExprPool& pool, Expr e);

}  // namespace xgr::core
