// Analysis: facts about a grammar that the automata need, found once before the first derivative.
//
//   Facts facts;
//   if (MaybeError e = analyse(grammar, alphabet, &facts)) return *e;   // e.g. no string at all
#pragma once

#include <array>

#include "grammar/derivatives.h"
#include "grammar/grammar.h"
#include "support/status.h"

namespace xgr::core {

// Sets the flags of every expression (what is nullable, what has no string when only the bytes of
// `alphabet` can be spelled), decides which rules are calls, and resolves left recursion. May be run
// again after rules were added.
MaybeError analyse(Grammar& grammar, const std::array<uint64_t, 4>& alphabet, Facts* facts);

}  // namespace xgr::core
