// Spelling: whether the tokens of a vocabulary can spell some completion of an output.
//
// Needed only where a byte occurs in tokens but is not a token by itself (needed()): then text that the
// grammar allows may be impossible to write, and a token must not lead there.
//
//   Spelling s(tokenizer);  if (s.needed() && !s.can_complete(parses)) ...
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "parser/stepper.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

class TokenEdges;

class Spelling {
 public:
  explicit Spelling(const Tokenizer& tokenizer);
  bool needed() const { return needed_; }
  // Of a grammar that names tokens by their ids; they outlive this.
  void set_token_edges(const TokenEdges* edges) { edges_ = edges; }
  // False when no sequence of tokens completes the output. A search that finds nothing within its
  // budget answers true.
  bool can_complete(std::span<const Config> parses, Work* work = nullptr);
  // Whether the output can be completed after `token`, which the grammar allows.
  bool can_complete_after(std::span<const Config> parses, int32_t token, Work* work = nullptr);

 private:
  struct Search;
  bool known(const std::string& key, bool* answer);
  void remember(const std::string& key, bool answer);

  const Tokenizer& tokenizer_;
  const TokenEdges* edges_ = nullptr;
  bool needed_ = false;
  std::mutex mutex_;
  std::unordered_map<std::string, bool> answers_;  // by content of the parses
};

}  // namespace xgr::core
