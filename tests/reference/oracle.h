// The oracle: which tokens may follow a prefix, by trying every token of the vocabulary.
//
//   Oracle oracle(grammar, vocabulary);
//   const std::vector<bool>& allowed = oracle.text_mask("ab");  // by token id, logits_size of them
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "earley.h"
#include "token_spelling.h"
#include "vocabulary.h"

namespace reference {

class Oracle {
 public:
  Oracle(const PlainGrammar& grammar, const Vocabulary& vocabulary);

  // How a token that the grammar asks for as a whole stands in a prefix, where other tokens stand by
  // their bytes: behind a byte that is in no text.
  static std::string whole_token(uint32_t id);
  // Whether the grammar asks for the token.
  bool asks_for(uint32_t id) const { return whole_.count(id) != 0; }

  // Whether some string of the language starts with the bytes, and tokens can spell the rest of it.
  bool viable(const std::string& bytes);
  // Whether the bytes are a string of the language.
  bool complete(const std::string& bytes);
  // Which text tokens may follow a viable prefix. (Stop tokens may iff it is complete.)
  const std::vector<bool>& text_mask(const std::string& prefix);
  // Bytes that may follow a viable prefix, tokens aside; for drawing samples.
  ByteSet next_bytes(const std::string& prefix);
  // Whether some token may follow it as a whole.
  bool takes_whole_tokens(const std::string& prefix);
  // Items after a viable prefix: what it costs to go on from there.
  size_t item_count(const std::string& prefix);

 private:
  struct Node {  // of the trie that shares the parsing of common beginnings
    std::map<unsigned char, size_t> children;
    std::vector<size_t> tokens;
  };

  bool seek(const std::string& bytes);
  bool push_unit(const std::string& unit);
  void walk(size_t node, std::string* bytes, std::vector<bool>* mask);

  const Vocabulary& vocabulary_;
  EarleyChart chart_;
  std::string at_;            // what is pushed into chart_
  std::vector<size_t> ends_;  // of its units: bytes and whole tokens
  std::set<uint32_t> whole_;  // that the grammar asks for
  std::vector<Node> trie_;
  std::unique_ptr<TokenSpelling> spelling_;  // when some byte is no token
  std::unordered_map<std::string, bool> spellable_;
  std::unordered_map<std::string, std::vector<bool>> masks_;
};

}  // namespace reference
