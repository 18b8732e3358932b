// Waiting: where an output is before its text begins. A step of the history keeps it beside its parses.
#pragma once

#include <cstdint>

namespace xgr::core {

struct Waiting {
  uint32_t byte_state = 0, token_state = 0;  // of the searches in deferred_start.h
  uint32_t tokens = 0;                       // so far
  uint32_t unused = 0;
};

}  // namespace xgr::core
