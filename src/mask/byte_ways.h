// ByteWays: short ways out of fragments, byte by byte.
//
//   ByteWays ways(tokens);
//   ways.of(state, &work).bytes     // behind `{"a": "x`: 2
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "grammar/least_lengths.h"
#include "mask/spelled_tokens.h"
#include "parser/automaton.h"
#include "support/hash.h"
#include "support/work.h"

namespace xgr::core {

class ByteWays {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // The first step out, and how many bytes there are with it. Every byte is a token, and so is a token
  // that the grammar names, which counts as one byte. Behind the step, that many fewer are left.
  struct Way {
    enum Kind : uint8_t { kEnd, kByte, kToken, kCall };
    uint32_t bytes = kNone;  // kNone: no way was found
    Kind kind = kEnd;
    uint8_t byte = 0;       // kByte
    int32_t token = -1;     // kToken
    State* next = nullptr;  // behind the byte or the token, or the start of the rule that is called
    State* ret = nullptr;   // kCall: where it returns to
  };

  explicit ByteWays(const SpelledTokens& tokens);
  // Found once. An answer with a way never gets longer. Work that is stopped leaves all as it was.
  const Way& of(State* s, Work* work);
  size_t size() const { return ways_.size(); }
  size_t memory_bytes() const;

 private:
  class Search;
  uint32_t least(State* s, std::span<const Expr> items, Work* work);
  State* behind_token(State* s, int32_t* token, Work* work);

  const SpelledTokens& tokens_;
  std::array<bool, 256> is_token_{};  // bytes
  std::array<uint8_t, 256> rank_{};   // of bytes, the likelier to be in longer tokens the lower
  std::unordered_map<const State*, Way> ways_;
  std::unordered_map<const Automaton*, std::unique_ptr<LeastLengths>> lengths_;
};

}  // namespace xgr::core
