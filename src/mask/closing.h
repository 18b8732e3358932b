// Closing: how many tokens an output still needs, and which tokens keep it within a number of them.
//
// Shared by all matchers of a grammar, from any thread; what one finds out serves the others.
//
//   Closing closing(tokenizer, {}, nullptr);
//   ClosingBounds left = closing.tokens_left(parses, &work);       // {"a": "x   ->   1
//   closing.keep_within(parses, left.most - 1, &work, words);      // leaves `"}` of the mask
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
  // out would take too long: then `most` are enough, and after some token one fewer, and so on.
  // A limit that is hit is WorkStopped.
  ClosingBounds tokens_left(std::span<const Config> parses, Work* work);
  // Takes tokens out of a mask behind which more than `most` are needed; where it would take too long to
  // tell, also others. One that is told to need no more by tokens_left stays.
  // `moving`: of a single parse, tokens that lead back to it are taken out, too.
  void keep_within(std::span<const Config> parses, uint32_t most, Work* work, uint32_t* words,
                   bool moving = false);
  // As it was after the last question; does not wait for one that runs.
  size_t memory_bytes() const { return bytes_used_.load(std::memory_order_relaxed); }

 private:
  class SingleBytes;
  class Session;
  class Within;
  ClosingSearch* ready(std::unique_ptr<ClosingSearch>* search, bool by_bytes);

  const std::unique_ptr<SpelledTokens> tokens_;
  const std::unique_ptr<SingleBytes> bytes_;
  std::mutex mutex_;  // of both
  std::unique_ptr<ClosingSearch> by_tokens_, by_bytes_;
  std::atomic<size_t> bytes_used_{0};
};

}  // namespace xgr::core
