// A context-free grammar over bytes, in the plainest form: rules, alternatives, symbols.
//
// expand() turns a syntax tree into one by the definitions: a repetition X{2,4} is X X (X (X)?)?,
// X* is a rule S = "" | S X, a class is an alternative for each way to spell its members in UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "code_points.h"
#include "syntax_tree.h"

namespace reference {

struct Symbol {
  bool is_rule = false;
  uint32_t rule = 0;  // is_rule
  ByteSet bytes;      // otherwise: one byte of this set
  // Or one token as a whole: one of these, or any that is text and none of these.
  bool is_token = false, is_other = false;
  std::vector<uint32_t> tokens;

  // Whether anything can be read in its place; of no rule.
  bool readable() const { return is_token ? !tokens.empty() : bytes.any(); }
};

using Production = std::vector<Symbol>;

struct PlainGrammar {
  std::vector<std::vector<Production>> rules;
  uint32_t root = 0;

  uint32_t add_rule() {
    rules.emplace_back();
    return static_cast<uint32_t>(rules.size() - 1);
  }
  size_t symbol_count() const;
};

Symbol rule_symbol(uint32_t rule);
Symbol byte_symbol(unsigned char byte);

PlainGrammar expand(const Syntax& syntax);

// Which rules have at least one string, and which have the empty string.
std::vector<bool> find_productive(const PlainGrammar& grammar);
std::vector<bool> find_nullable(const PlainGrammar& grammar);

// The same language without the productions that lead to no string. Rules keep their numbers.
PlainGrammar without_unproductive(const PlainGrammar& grammar);

}  // namespace reference
