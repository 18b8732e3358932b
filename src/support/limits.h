// Hard limits on what one grammar or one call may cost. Hitting one is Status::kLimitExceeded with
// the limit's name and value in the message; never an abort, never an approximate mask.
#pragma once

#include <cstddef>
#include <cstdint>

#include "support/work.h"

namespace xgr::core {

struct Limits {
  size_t max_source_bytes = size_t{64} << 20;     // size of a grammar's source text
  size_t max_nesting = 100000;                    // groups in a grammar, levels in a schema
  size_t max_expressions = size_t{32} << 20;      // IR nodes of one grammar, derivatives included
  size_t max_states = size_t{4} << 20;            // automaton states of one grammar
  size_t max_work_per_call = size_t{8} << 20;     // elementary steps of one fill or accept
  size_t max_compile_work = size_t{16} << 20;     // elementary steps of one compile
  size_t max_compile_memory = size_t{256} << 20;  // bytes of expressions that one compile adds
  Work* work = nullptr;                           // of the compile at hand; null: without bounds
};

// What a compile within `limits` may cost.
inline Work::Bounds compile_bounds(const Limits& limits) {
  return {.steps = limits.max_compile_work,
          .steps_option = "max_compile_work",
          .bytes = limits.max_compile_memory,
          .bytes_option = "max_compile_memory"};
}

}  // namespace xgr::core
