// Automaton: the lazily determinised fragments of one grammar.
//
// All methods may be called from any thread. Known states are reached without a lock. What has to be
// built is charged to the `work` of the call, if it has one; WorkStopped leaves all as it was.
//
//   auto a = Automaton::create(std::move(grammar), options).value();
//   State* s = a->start(root); s = Automaton::step(s, 'x');   // null: no string goes on like this
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "grammar/analysis.h"
#include "grammar/clamp.h"
#include "grammar/counter_cover.h"
#include "grammar/derivatives.h"
#include "grammar/grammar.h"
#include "grammar/inclusion.h"
#include "parser/state.h"
#include "parser/state_maker.h"
#include "support/arena.h"
#include "support/limits.h"
#include "support/status.h"
#include "support/work.h"

namespace xgr::core {

struct AutomatonOptions {
  std::array<uint64_t, 4> alphabet{~0ull, ~0ull, ~0ull, ~0ull};  // bytes that tokens can spell
  uint32_t reach = 64;                                           // most characters of a token, + 1
  std::optional<PossibleTokens> tokens;                          // none: all
  Limits limits;
};

class Automaton {
 public:
  static Result<std::unique_ptr<Automaton>> create(Grammar grammar, const AutomatonOptions& options,
                                                   Work* work = nullptr);
  ~Automaton();

  // State in which the rule has read nothing. Null when a limit was hit.
  State* start(RuleId rule, Work* work = nullptr);
  // State in which nothing of `e` was read. Likewise.
  State* state_of(Expr e, Work* work = nullptr);
  // The rule's automaton lives in `other` (a shared rule). Before the rule is first walked.
  void link(RuleId rule, Automaton* other, RuleId other_rule);
  // States that `other` could have too are looked up there for their masks. Before the first step.
  void share_states_with(Automaton* other) { shared_states_ = other; }
  // The state of all that several states of one automaton read. Null: so many states are known that no more
  // should be made for that.
  static State* unite(std::span<State* const> states, Work* work = nullptr);
  // Whether all strings of `t` are strings of `s`. False also where their shapes do not show it.
  static bool includes(State* s, State* t, Work* work = nullptr);
  // Lets `add` append rules and analyses again (shared automata only).
  MaybeError extend(const std::function<void(Grammar&)>& add, Work* work = nullptr);

  // Next state by a byte, calls and returns left aside; null: none, or a limit (see over_limit).
  static State* step(State* s, uint8_t byte, Work* work = nullptr) {
    uint8_t c = s->classes->of[byte];
    if (c == 0) return nullptr;
    State* t = s->targets[c].load(std::memory_order_acquire);
    return t ? t : build_target(s, c, work);
  }
  // Null when a limit was hit.
  static const Closure* closure(State* s, Work* work = nullptr) {
    const Closure* c = s->closure.load(std::memory_order_acquire);
    return c ? c : build_closure(s, work);
  }
  // The bytes that the state, or a rule that it may call, can read. Null when a limit was hit.
  static const ByteSet* live(State* s, Work* work = nullptr) {
    if (s->calls.empty()) return &s->classes->live;
    const Closure* c = closure(s, work);
    return c ? &c->live : nullptr;
  }
  // Null when a limit was hit.
  static State* canonical(State* s, Work* work = nullptr) {
    State* c = s->canonical.load(std::memory_order_acquire);
    return c ? c : build_canonical(s, work);
  }

  Grammar& grammar() { return grammar_; }  // hold mutex() while reading expressions
  const Facts& facts() const { return facts_; }
  std::mutex& mutex() { return mutex_; }
  bool over_limit() const { return over_limit_.load(std::memory_order_relaxed); }
  Error limit_error() const;
  size_t state_count() const { return state_count_.load(std::memory_order_relaxed); }
  size_t memory_bytes();
  // The state without the bounds that are counted at it, and up to which length strings of both are the same.
  // Null state: it counts nothing. *boolean_heads: the intersections that lost bounds, without what follows
  // them; null if there are none. Not remembered.
  Relaxed without_bounds(State* s, uint32_t least, State** boolean_heads, Work* work = nullptr);
  const Relaxed* keep_relaxed(State* s, const Relaxed& relaxed);
  // Remembers a loop found by char_loop.h.
  const CharLoop* keep_loop(State* s, const CharLoop& loop);
  // States in order of creation; index < state_count().
  State* state(size_t index);

 private:
  Automaton(Grammar grammar, const AutomatonOptions& options);
  static State* build_target(State* s, uint8_t byte_class, Work* work);
  static const Closure* build_closure(State* s, Work* work);
  static State* build_canonical(State* s, Work* work);
  // The following expect mutex_ to be held.
  State* start_locked(RuleId rule);
  State* make_start(RuleId rule, Expr body);
  State* twin_of(const State& s);
  State* intern(std::vector<Expr>* items);
  void grow_slots();
  State* make_state(std::span<const Expr> items);
  const Closure* closure_locked(State* s);

  struct Link {
    Automaton* automaton = nullptr;
    RuleId rule = 0;
    State* start = nullptr;
  };

  AutomatonOptions options_;
  Grammar grammar_;
  Facts facts_;
  Derivatives derivatives_;
  CounterCover counters_;
  Inclusion inclusion_;
  BoundRemover bounds_;
  std::mutex mutex_;
  Arena arena_{4096};
  StateMaker maker_;
  std::vector<State*> states_;
  std::vector<uint32_t> slots_;  // open addressing by items; kNoExpr = free
  std::vector<Expr> items_;      // what is to be interned; working memory
  std::vector<Link> links_;
  Automaton* shared_states_ = nullptr;
  std::atomic<size_t> state_count_{0};
  std::atomic<bool> over_limit_{false};
};

}  // namespace xgr::core
