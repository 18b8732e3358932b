// The deterministic automaton of an expression without calls, character by character.
//
//   Result<CharAutomaton> a = CharAutomaton::make(grammar, e, 1000);
//   uint32_t next = a.value().step(CharAutomaton::kStart, U'x');   // kNone: no string goes on so
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

class CharAutomaton {
 public:
  static constexpr uint32_t kStart = 0;
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Edge {
    char32_t lo, hi;  // inclusive; edges of a state are ascending and apart
    uint32_t to;
    bool operator==(const Edge&) const = default;
  };
  struct State {
    std::vector<Edge> edges;
    bool accepting = false;
  };

  // Some string goes on from every state, unless there is none at all. kLimitExceeded beyond
  // `max_states`; equivalent states are one where merging them is cheap.
  static Result<CharAutomaton> make(Grammar& grammar, Expr e, const Limits& limits,
                                    size_t max_states);

  size_t size() const { return states_.size(); }
  const State& state(uint32_t s) const { return states_[s]; }
  uint32_t step(uint32_t from, char32_t c) const;
  // The state after a text (valid UTF-8), or kNone.
  uint32_t read(uint32_t from, std::string_view text) const;
  // The characters that lead from a state to itself.
  CharSet loop(uint32_t s) const;
  // By state: whether `to` can be reached from it.
  std::vector<bool> leading_to(uint32_t to) const;

 private:
  void trim();
  void merge_equivalent();
  std::vector<State> states_;
};

}  // namespace xgr::core
