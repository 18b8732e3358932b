// ClosingTexts: for every place of an output one text that completes it, and the fewest tokens that spell it.
//
//   ClosingTexts texts(tokens, &stacks);
//   texts.bytes_left(state, stack, &work)      // of the text behind `{"a": "x`, which is `"}`: 2
//   texts.tokens_left(state, stack, &work)     // 1 where `"}` is a token
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "mask/byte_ways.h"
#include "mask/closing_stacks.h"

namespace xgr::core {

// The text is short, though there may be shorter ones, and others that fewer tokens spell. Work that is
// stopped leaves all as it was.
class ClosingTexts {
 public:
  static constexpr uint32_t kNone = ByteWays::kNone;  // no text was found
  ClosingTexts(const SpelledTokens& tokens, ClosingStacks* stacks)
      : tokens_(tokens), stacks_(*stacks), ways_(tokens) {}
  uint32_t bytes_left(State* state, uint32_t stack, Work* work);
  uint32_t tokens_left(State* state, uint32_t stack, Work* work);
  // These tokens.
  std::vector<int32_t> spell(State* state, uint32_t stack, Work* work);
  size_t size() const { return ways_.size() + spots_.size() + lowest_.size(); }
  size_t memory_bytes() const;

 private:
  // The cheapest return of a stack.
  struct Return {
    uint32_t edge, bytes;
  };
  // A place where a byte of the text comes next, or a token that the grammar names.
  struct Spot {
    State* state;
    uint32_t stack;
    uint8_t byte = 0;
    int32_t whole = -1;             // the token
    uint32_t next = kNone;          // spot behind it; kNone: not asked yet
    uint32_t tokens = kNone;        // kNone: not counted yet
    uint32_t node = 0, behind = 0;  // of the trie: the first token; the spot behind that
  };
  struct Place {
    State* state;
    uint32_t stack;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    size_t operator()(const Place& p) const {
      return mix(mix(1, reinterpret_cast<uintptr_t>(p.state)), p.stack);
    }
  };
  const Return& lowest(uint32_t stack, Work* work);
  uint32_t spot_of(State* state, uint32_t stack, Work* work);
  uint32_t next_of(uint32_t spot, Work* work);
  void count(uint32_t spot, Work* work);

  static constexpr uint32_t kDone = 0;
  const SpelledTokens& tokens_;
  ClosingStacks& stacks_;
  ByteWays ways_;
  std::unordered_map<uint32_t, Return> lowest_;  // by stack
  std::vector<Spot> spots_{{nullptr, 0, 0, -1, kDone, 0}};
  std::unordered_map<Place, uint32_t, PlaceHash> ids_;
};

}  // namespace xgr::core
