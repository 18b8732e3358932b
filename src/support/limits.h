// Hard limits on what one grammar or one call may cost. Hitting one is Status::kLimitExceeded with
// the limit's name and value in the message; never an abort, never an approximate mask.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgr::core {

struct Limits {
  size_t max_source_bytes = size_t{64} << 20;    // size of a grammar's source text
  size_t max_nesting = 100000;                   // groups in a grammar, levels in a schema
  size_t max_expressions = size_t{32} << 20;     // IR nodes of one grammar, derivatives included
  size_t max_states = size_t{4} << 20;           // automaton states of one grammar
  size_t max_work_per_call = size_t{200} << 20;  // elementary steps of one fill or accept
};

}  // namespace xgr::core
