// State: one set of expressions of a fragment, determinised on first visit.
//
// Owned by an Automaton and never moved or freed before it, so states are passed as plain pointers.
// What is known is read without a lock; what is not yet known is built by the automaton and published.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "grammar/expr.h"
#include "support/byte_set.h"

namespace xgr::core {

class Automaton;
struct State;

// States that read fewer bytes cost little to walk from.
inline constexpr int kManyBytes = 24;

// Which bytes behave alike in a state; class 0 leads nowhere.
struct ByteClasses {
  std::array<uint8_t, 256> of{};
  ByteSet live;  // bytes of other classes than 0
};

// The states a state is in without reading: itself, and the starts of rules it may call. An entry's
// stack is that of the state with one of `edges` pushed; edges name the entry they were called from,
// which always comes before the entry itself.
struct ClosureEdge {
  State* ret;       // where the call returns to
  uint32_t parent;  // entry
  bool operator==(const ClosureEdge&) const = default;
};
struct ClosureEntry {
  State* state;
  uint32_t edge_begin, edge_count;  // none for entry 0
};
struct Closure {
  uint32_t entry_count = 0;
  const ClosureEntry* entries = nullptr;
  const ClosureEdge* edges = nullptr;
  ByteSet live;  // bytes that some entry can read
};

// The state loops on single characters: every string of at most `rounds` characters made of `bytes`
// (and whole UTF-8) leads to a live state. Used to take whole subtrees of the token trie.
struct CharLoop {
  ByteSet bytes;
  uint32_t rounds = 0;  // kUnbounded, or what is left of a counter
};

// A state without the counters of another that behaves the same for texts of at most `slack` characters.
struct Relaxed {
  State* state = nullptr;  // null: none
  uint32_t slack = 0;
};

struct StateCall {
  RuleId rule;
  Expr next;
};

struct State {
  Automaton* automaton = nullptr;
  uint32_t index = 0;
  uint16_t class_count = 0;  // the dead class included
  bool nullable = false;     // the fragment may end here
  bool has_loop = false;
  bool only_loop_reads =
      false;  // of a counted loop: what follows it, or stands beside it, reads none of its bytes
  bool sole_call = false;        // reads nothing itself, does not end here, and calls one rule
  bool at_end = false;           // nothing but the end of the fragment is left
  bool opens_unique = false;     // start of a rule with Rule::unique
  uint32_t attributed_rule = 0;  // 1 + rule with attributes that this is the start of; 0: none
  const ByteClasses* classes = nullptr;
  std::atomic<State*>* targets = nullptr;  // by class; null: not built yet
  std::span<const Expr> items;
  const uint32_t* class_begin =
      nullptr;  // class c: class_items[class_begin[c] .. class_begin[c+1])
  const Expr* class_items = nullptr;
  // The alternatives of the state that `byte` leads to; none: refused.
  std::span<const Expr> items_after(uint8_t byte) const {
    const uint8_t c = classes->of[byte];
    return {class_items + class_begin[c], class_items + class_begin[c + 1]};
  }
  std::span<const StateCall> calls;
  // Calls that lead here need a frame of their own, even where nothing follows.
  bool needs_frame() const { return opens_unique || attributed_rule != 0; }
  CharLoop loop;
  std::atomic<const Closure*> closure{nullptr};
  std::atomic<const CharLoop*> explored_loop{nullptr};  // see char_loop.h
  std::atomic<const Relaxed*> relaxed{nullptr};         // see relaxed.h
  std::atomic<uint32_t> completion{0};                  // see relaxed.h
  std::atomic<State*> canonical{nullptr};               // same masks, counters clamped
  std::atomic<void*> mask{nullptr};         // of mask/: what may follow, callers unknown
  std::atomic<void*> frame_masks{nullptr};  // of mask/: what may follow when returned to
};

}  // namespace xgr::core
