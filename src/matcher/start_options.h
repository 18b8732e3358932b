// What starts the text of a grammar in the middle of an output: see deferred_start.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xgr::core {

// Bytes, or ids of tokens in a row.
struct StartSequence {
  std::string bytes{};
  std::vector<int32_t> tokens{};  // instead of bytes
  bool implicit = false;          // the text of the grammar begins with it; else behind it
};

struct StartOptions {
  std::vector<StartSequence> sequences{};  // the one that is complete first starts the text
  std::vector<int32_t> forbidden{};        // tokens that are refused until then
  bool may_end = false;                    // by a stop token, without any text of the grammar
  std::optional<uint32_t> max_tokens{};    // after so many, only `forced` goes on; none: no bound
  size_t forced = 0;                       // index in `sequences`
};

}  // namespace xgr::core
