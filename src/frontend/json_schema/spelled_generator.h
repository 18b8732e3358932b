// Spellings of generated expressions.
#pragma once

#include <cstdint>

#include "frontend/json_schema/string_spelling.h"
#include "grammar/expr.h"

namespace xgr::core {

// Adds a generator of the spellings of what the generator `decoded` unfolds to, by the same
// arguments; these must be LazyGenerator::spelled.
uint32_t add_spelled_generator(ExprPool& pool, uint32_t decoded, CharSpelling spelling);

}  // namespace xgr::core
