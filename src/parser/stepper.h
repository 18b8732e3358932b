// Stepper: advances a set of parses by one byte; tells what they can read and whether they can end.
//
// A parse state is a range of configurations in one vector, the successor range is appended to it:
// walks keep a stack of ranges and cut it back. Confined to one thread.
//
//   std::vector<Config> v{{start, nullptr}};
//   Stepper s(&arena);
//   s.step(&v, 0, 1, 'x');            // v[1..] are the parses after 'x'; none: refused
#pragma once

#include <vector>

#include "parser/automaton.h"
#include "parser/position_calls.h"
#include "parser/stack.h"
#include "support/work.h"

namespace xgr::core {

// Two parses in the same state over the same stack, from v[base] on, are one.
void remove_duplicates(std::vector<Config>* v, size_t base);

class Stepper {
 public:
  // Steps are charged to `work`, which outlives this; null: they are counted, and without bounds.
  explicit Stepper(Arena* arena, Work* work = nullptr) : arena_(arena) { set_work(work); }
  Stepper(const Stepper&) = delete;
  Stepper& operator=(const Stepper&) = delete;
  void set_work(Work* work) { work_ = work ? work : &unbounded_; }
  Work* work() const { return work_; }
  void set_arena(Arena* arena) { arena_ = arena; }
  // Where in the output the next byte is, and the one after it; matters to rules with Rule::unique or
  // attributes only.
  void set_place(const Place& byte, const Place& after) { place_ = byte, after_ = after; }
  void set_offset(size_t offset) {
    place_ = {static_cast<uint32_t>(offset), 0};
    after_ = {static_cast<uint32_t>(offset + 1), 0};
  }
  // Reads bytes in its own fragment only, so that its byte classes say all.
  static bool plain(const Config& c) {
    return c.state->calls.empty() && !(c.state->nullable && c.stack);
  }

  // Appends the configurations after `byte` from (*v)[begin, end). False when there are none.
  bool step(std::vector<Config>* v, size_t begin, size_t end, uint8_t byte) {
    if (end - begin == 1) {
      const Config c = (*v)[begin];
      if (plain(c)) {
        work_->charge(1);
        State* t = Automaton::step(c.state, byte, work_);
        if (!t) return note_limit(c.state, byte);
        v->push_back({t, c.stack});
        return !t->sole_call || enter_call(&v->back());
      }
    }
    return step_all(v, begin, end, byte);
  }
  // Whether step would find any; makes no state.
  bool can_read(const std::vector<Config>& v, size_t begin, size_t end, uint8_t byte) {
    if (end - begin == 1 && plain(v[begin])) {
      work_->charge(1);
      return v[begin].state->classes->of[byte] != 0;
    }
    return live_bytes(v, begin, end).has(byte);
  }
  // Whether all stacks of some configuration can be popped to the bottom without reading.
  bool can_finish(const std::vector<Config>& v, size_t begin, size_t end);
  // Bytes that some configuration can read, returns included.
  ByteSet live_bytes(const std::vector<Config>& v, size_t begin, size_t end);
  // All configurations reachable by returns without reading, the given ones included.
  void returns(const std::vector<Config>& v, size_t begin, size_t end, std::vector<Config>* out);

  // A limit of the automaton was hit: the last answers may be incomplete.
  bool failed() const { return failed_; }
  void clear_failed() { failed_ = false; }

 private:
  // Follows calls that are all a lone parse can do, so that it is in a state that other callers of the
  // rule are in too.
  bool enter_call(Config* c);
  void unite_states();
  bool step_all(std::vector<Config>* v, size_t begin, size_t end, uint8_t byte);
  bool note_limit(State* s, uint8_t byte) {
    if (s->classes->of[byte]) failed_ = true;
    return false;
  }

  Arena* arena_;
  Place place_, after_;
  std::vector<Config> pops_;  // scratch: configurations reached by returns
  PositionCalls calls_;       // scratch
  Work* work_;
  Work unbounded_;
  bool failed_ = false;
};

}  // namespace xgr::core
