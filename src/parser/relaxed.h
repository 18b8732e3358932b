// States whose counters are far from their ends, and those without counters that they cannot be
// told from.
#pragma once

#include "parser/automaton.h"

namespace xgr::core {

// For every text of at most `slack` characters: it leads to a live state from `s` iff it does from
// the relaxed state, and may end the fragment in both or in neither. Null state: none is known.
const Relaxed& relaxed(State* s, Work* work = nullptr);

}  // namespace xgr::core
