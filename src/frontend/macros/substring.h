// Any run of neighbouring chunks of a list.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "grammar/expr.h"

namespace xgr::core {

// The texts chunks[i] chunks[i + 1] ... chunks[j], and the empty one; a chunk is taken as a whole.
// Valid UTF-8; empty chunks say nothing. Time and memory are linear in the chunks, at half a
// kilobyte each: callers refuse more than kMaxChunks.
inline constexpr size_t kMaxChunks = 2'000'000;
Expr substring(ExprPool& pool, std::span<const std::string> chunks);

}  // namespace xgr::core
