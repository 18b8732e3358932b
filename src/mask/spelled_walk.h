// A walk over the tokens of a mask, to take those out that lead to the wrong places.
//
//   keep_tokens(tokens, parses, &judge, &work, words);   // judge.ask says which places are right
#pragma once

#include <cstdint>
#include <span>

#include "mask/spelled_tokens.h"
#include "parser/stepper.h"
#include "support/work.h"

namespace xgr::core {

// What is asked of the places that tokens lead to.
class PlaceJudge {
 public:
  virtual ~PlaceJudge() = default;
  // Whether an output may be there. The stacks live until the walk ends.
  virtual bool ask(std::span<const Config> parses) = 0;
  // Whether every token behind a node of the trie leads back to `parse`, which is there.
  virtual bool stays(const Config& /*parse*/, uint32_t /*node*/) { return false; }
};

// Of the tokens of a mask, all of which the grammar allows after `parses`, those that lead to a place
// that the judge is asked about and lets pass. A limit of the automaton that is hit is WorkStopped; of the
// mask those are then left that were found so far.
void keep_tokens(const SpelledTokens& tokens, std::span<const Config> parses, PlaceJudge* judge,
                 Work* work, uint32_t* words);

}  // namespace xgr::core
