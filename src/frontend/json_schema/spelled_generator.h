// JSON spellings of generated expressions.
#pragma once

#include <cstdint>

#include "frontend/frontend.h"
#include "grammar/expr.h"

namespace xgr::core {

// Adds a generator of the spellings of what the generator `decoded` unfolds to, by the same
// arguments; these must be LazyGenerator::spelled.
uint32_t add_spelled_generator(ExprPool& pool, uint32_t decoded, JsonEscapes escapes);

}  // namespace xgr::core
