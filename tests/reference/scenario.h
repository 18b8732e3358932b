// A scenario: a vocabulary, some cases, and a script of actions on matchers of theirs. Playing it
// compares every answer of the library with the oracle's.
//
// Actions are valid in any order and for any case: an action that cannot be carried out has to be
// refused, and that is compared too. So a script can be cut down by dropping any of it (shrink.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oracle.h"
#include "start_plan.h"
#include "test_case.h"
#include "vocabulary.h"

namespace reference {

struct Action {
  enum Kind {
    kOpen,      // a new matcher for case `number`
    kFill,      // mask of the current matcher, filled and lent
    kQuery,     // is_token_allowed(number)
    kToken,     // accept_token(number)
    kBytes,     // accept_bytes(bytes)
    kRollback,  // rollback(number)
    kReset,
    kClone,   // the copy becomes current
    kSwitch,  // matcher number % count becomes current
    kTokens,  // accept_tokens(tokens), validated first
    kDraft,   // masks along tokens
    kTree,    // masks of a tree: tokens and their parents
    kFilter,  // only these tokens; none: all
    kForced,  // bytes and tokens
    kBatch,   // masks of all matchers, by number threads and the caller's
    kAtOnce,  // several threads ask and clone the current matcher
  } kind;
  int64_t number = 0;
  std::string bytes;             // kBytes; kOpen: what the tokens spell before the text
  bool override_stops = false;   // kOpen
  std::vector<int32_t> tokens;   // kOpen: stop tokens; kTokens, kDraft, kTree, kFilter
  std::vector<int32_t> parents;  // kTree: of each token, which of them is before it; -1: none
  StartPlan start{};             // kOpen
};

struct Scenario {
  Vocabulary vocabulary;
  std::vector<Case> cases;
  bool reprint = false;      // compile what the compiled grammar prints, not the source
  size_t memory_budget = 0;  // of the compiler; 1: no mask is ever kept
  int warm_up = 0;           // level, in the numbers of the library
  int threads = 1;           // of the compiler; with more, matchers prefetch
  std::vector<Action> script;
};

struct Difference {
  std::string what;      // what was asked
  std::string expected;  // by the oracle
  std::string actual;    // by the library
  std::string prefix;    // bytes before it
  size_t case_index = 0;
};

using MaybeDifference = std::optional<Difference>;

// Carries out actions one by one.
class Player {
 public:
  enum Mode { kLibraryAndOracle, kOracleOnly };  // the latter compares nothing, it only follows

  Player(const Scenario& scenario, Mode mode);  // the script is not read
  ~Player();

  // Compiles every case; afterwards usable() tells which have a string.
  MaybeDifference prepare();
  MaybeDifference play(const Action& action);

  bool usable(size_t case_index) const;
  Oracle& oracle(size_t case_index);

  // Of the current matcher, as the oracle sees it.
  bool is_open() const;
  size_t case_index() const;
  bool terminated() const;
  std::string prefix() const;
  std::string unhealed() const;        // what the tokens still spell before it
  const StartPlan* waits_for() const;  // null: for nothing
  size_t history_size() const;
  bool allowed(int64_t token);

  size_t states_compared() const;  // distinct (case, prefix) whose whole masks were compared
  size_t masks_compared() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Plays the whole script in a fresh compiler.
MaybeDifference play_script(const Scenario& scenario);

std::string describe(const Action& action, const Vocabulary& vocabulary);
std::string describe(const Scenario& scenario);

}  // namespace reference
