// Loops on characters that only show when the states behind a state are looked at.
#pragma once

#include "parser/automaton.h"

namespace xgr::core {

// Loops over fewer bytes save nothing: few subtrees of the token trie survive its root.
inline constexpr int kMinLoopBytes = 24;

// The loop of a state: from the shape of its expressions, else found by trying. One with no bytes
// when there is none.
const CharLoop& char_loop(State* s, Work* work = nullptr);

// The same as far as it is known already.
inline const CharLoop& known_loop(const State& s) {
  static constexpr CharLoop kNone;
  if (s.has_loop) return s.loop;
  const CharLoop* known = s.explored_loop.load(std::memory_order_acquire);
  return known ? *known : kNone;
}

}  // namespace xgr::core
