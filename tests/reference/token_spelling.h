// Can a prefix still be completed by whole tokens? For vocabularies in which some bytes are
// missing.
//
//   TokenSpelling spelling(grammar, {"a", "bc"});
//   // chart: the Earley chart of grammar after some bytes x
//   spelling.completable(chart);  // is there u in {"a", "bc"}* with x + u in the language?
#pragma once

#include <string>
#include <vector>

#include "earley.h"
#include "plain_grammar.h"

namespace reference {

// A nondeterministic automaton over bytes.
struct Automaton {
  struct Edge {
    uint32_t from, to;
    unsigned char byte;
  };
  uint32_t states = 1;
  std::vector<Edge> edges;
};

// Automaton of sequences of tokens: state 0 is the boundary between two tokens.
Automaton token_automaton(const std::vector<std::string>& tokens);

// runs[rule][q]: the states that can be reached from q by reading some string of the rule.
using Runs = std::vector<std::vector<std::vector<uint32_t>>>;
Runs find_runs(const PlainGrammar& grammar, const Automaton& automaton);

class TokenSpelling {
 public:
  TokenSpelling(const PlainGrammar& grammar, const std::vector<std::string>& tokens);

  bool completable(const EarleyChart& chart) const;

 private:
  Automaton automaton_;
  Runs runs_;
  std::vector<std::vector<Automaton::Edge>> edges_from_;
};

}  // namespace reference
