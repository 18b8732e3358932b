// Closing: how many tokens an output still needs, and which tokens keep it within a number of them.
//
// Shared by all matchers of a grammar, from any thread; what one finds out serves the others.
//
//   Closing closing(tokenizer, {}, nullptr);
//   ClosingBounds left = closing.tokens_left(parses, &work);              // {"a": "x   ->   1
//   closing.keep_within(parses, {.most = left.most - 1}, &work, words);   // leaves `"}` of the mask
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "mask/closing_search.h"
#include "mask/spelled_tokens.h"
#include "parser/stepper.h"
#include "support/work.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

class Closing {
 public:
  // Without the tokens in `stops` (ascending), which are no text. `edges`: of a grammar that names
  // tokens by their ids, or null; outlives this.
  Closing(const Tokenizer& tokenizer, std::vector<int32_t> stops, const TokenEdges* edges);
  ~Closing();
  // The fewest tokens that complete the output, the stop token not counted. Not exact where finding
  // out would take too long; then `most` are enough.
  ClosingBounds tokens_left(std::span<const Config> parses, Work* work);
  struct Bound {
    uint32_t most;            // tokens
    bool moving = false;      // of a single parse, tokens that lead back to it are taken out, too
    bool whole_mask = false;  // the mask has all tokens that the grammar allows
    bool thorough = false;    // takes more time
  };
  // Takes tokens out of a mask behind which more are needed; where it would take too long to tell, also
  // others. So the mask may become empty, but the first token of `way` is one that could stay.
  void keep_within(std::span<const Config> parses, const Bound& bound, Work* work, uint32_t* words);
  // Few tokens that complete the output, one after the other. None where it is complete, and where no way
  // was found in time.
  std::vector<int32_t> way(std::span<const Config> parses, Work* work);
  // As it was after the last question; does not wait for one that runs.
  size_t memory_bytes() const { return bytes_used_.load(std::memory_order_relaxed); }

 private:
  struct Known;
  class Session;
  class Within;

  const std::unique_ptr<SpelledTokens> tokens_;
  std::mutex mutex_;  // of what is known
  std::unique_ptr<Known> known_;
  std::atomic<size_t> bytes_used_{0};
};

}  // namespace xgr::core
