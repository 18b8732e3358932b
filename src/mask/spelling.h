// Spelling: whether the tokens of a vocabulary can spell some completion of an output.
//
// Needed only where text that the grammar allows may be impossible to write (needed()): a byte occurs in
// tokens but is not a token by itself, bytes are missing and a generator does not know it, or tokens
// are stop tokens and therefore no text. A token must then not lead to such a place.
//
//   Spelling s(tokenizer, {});  if (s.needed() && !s.can_complete(parses, &work)) ...
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "parser/stepper.h"
#include "support/work.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

class SpelledTokens;
class SpellingTable;
class TokenEdges;

class Spelling {
 public:
  // Without the tokens in `stops` (ascending), which are no text.
  Spelling(const Tokenizer& tokenizer, std::vector<int32_t> stops);
  ~Spelling();
  bool needed() const { return needed_; }
  void need() { needed_ = true; }
  // Of a grammar that names tokens by their ids; they outlive this.
  void set_token_edges(const TokenEdges* edges);
  // Whether some sequence of tokens completes the output. May be asked from any thread.
  // Charged to `work`; a limit that is hit, that of the automaton too, is WorkStopped.
  bool can_complete(std::span<const Config> parses, Work* work);
  // Takes tokens that the grammar allows after `parses` out of a mask when no tokens complete the output
  // behind them.
  void drop_dead_ends(std::span<const Config> parses, Work* work, uint32_t* words);
  size_t memory_bytes();

 private:
  class Query;
  const std::unique_ptr<SpelledTokens> tokens_;
  bool needed_ = false;
  std::mutex mutex_;  // of the table, too
  std::unique_ptr<SpellingTable> table_;
};

}  // namespace xgr::core
