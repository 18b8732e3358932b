// Free text with words that must not occur, or that must be followed by something: as plain rules.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plain_grammar.h"

namespace reference {

struct FreeText {
  // A trigger, and the rule that follows where it occurs.
  std::vector<std::pair<std::u32string, uint32_t>> triggers;
  std::vector<std::u32string> excludes;
  bool loop = true;  // free text goes on behind what follows; else that is the end
};

// Adds the rules; the rule of the whole text. It may end where it is free.
uint32_t add_free_text(PlainGrammar* grammar, const FreeText& text);

// One character of a set as a rule.
uint32_t add_class(PlainGrammar* grammar, const std::vector<CodeRange>& ranges, bool negated);

}  // namespace reference
