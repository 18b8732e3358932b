// Char loops by trying: which characters may follow for ever, whatever their order.
//
// Entry point: char_loop. The states that characters of a set lead to are listed; where one of them
// cannot read some character, the set shrinks and the search starts again. A set that survives is a
// loop: every text of it leads to a live state. Few states are looked at, so a loop may be missed,
// which costs time and nothing else.
//
//   after the quote of {"pattern": "foo"}: every character of a string, though four states take
//   turns
//
// Tests: tests/unit/parser/char_loop_test.cc.
#include "parser/char_loop.h"

#include <algorithm>
#include <array>
#include <vector>

#include "support/bits.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxLoopStates = 128;
constexpr int kMaxTries = 40;

// Lead bytes that are followed by the same continuation bytes.
struct Lead {
  uint8_t lo, hi;            // lead bytes
  uint8_t next_lo, next_hi;  // the byte after
  int more;                  // bytes 0x80..0xBF after that
};
constexpr Lead kLeads[] = {{0xC2, 0xDF, 0x80, 0xBF, 0}, {0xE0, 0xE0, 0xA0, 0xBF, 1},
                           {0xE1, 0xEC, 0x80, 0xBF, 1}, {0xED, 0xED, 0x80, 0x9F, 1},
                           {0xEE, 0xEF, 0x80, 0xBF, 1}, {0xF0, 0xF0, 0x90, 0xBF, 2},
                           {0xF1, 0xF3, 0x80, 0xBF, 2}, {0xF4, 0xF4, 0x80, 0x8F, 2}};

void add_unique(State* s, std::vector<State*>* list) {
  if (std::find(list->begin(), list->end(), s) == list->end()) list->push_back(s);
}

class LoopSearch {
 public:
  explicit LoopSearch(Work* work) : work_(work) {}
  CharLoop find(State* q) {
    set_ = readable(*q);
    set_.add_range(0xC2, 0xF4);
    for (int tries = 0; tries < kMaxTries && large_enough(); ++tries) {
      if (closed_from(q)) {
        bool beyond_ascii = !(set_.words[3] == 0);
        if (beyond_ascii) set_.add_range(0x80, 0xBF);
        return {set_, kUnbounded};
      }
      if (states_.size() > kMaxLoopStates) break;
    }
    states_.clear();
    return {};
  }
  // After find: all states that the loop goes through; it is a loop of each of them.
  const std::vector<State*>& states() const { return states_; }

 private:
  static ByteSet readable(const State& s) {  // ASCII
    ByteSet set = s.classes->live;
    set.words[2] = set.words[3] = 0;
    return set;
  }
  static int size(const ByteSet& s) { return count_ones(s.words[0]) + count_ones(s.words[1]); }
  bool large_enough() const { return size(set_) >= kMinLoopBytes; }

  // Whether all states behind `q` can read the set; shrinks it where one cannot.
  bool closed_from(State* q) {
    states_.assign(1, q);
    bool closed = true;
    for (size_t i = 0; i < states_.size() && states_.size() <= kMaxLoopStates; ++i) {
      State* s = states_[i];
      charge(work_, 128);  // bytes are looked at one by one
      if (!follow_ascii(s, &closed) || !large_enough()) return false;
      if (!follow_beyond_ascii(s)) closed = false;
    }
    return closed && states_.size() <= kMaxLoopStates;
  }

  // A character after which most of the set is refused (the backslash of an escape) leaves the set;
  // after others, the set loses what they refuse.
  bool follow_ascii(State* s, bool* closed) {
    std::array<uint8_t, 256> known{};  // by class: 0 new, 1 stays, 2 leaves
    for (uint8_t b = 0; b < 0x80; ++b) {
      if (!set_.has(b)) continue;
      uint8_t c = s->classes->of[b];
      if (!known[c]) {
        State* t = Automaton::step(s, b, work_);
        if (!t) return false;
        known[c] = keep_after(t, closed) ? 1 : 2;
      }
      if (known[c] == 2) set_.remove(b);
    }
    return true;
  }

  bool keep_after(State* t, bool* closed) {
    ByteSet both = set_ & readable(*t);
    both.words[3] = set_.words[3];  // lead bytes are looked at elsewhere
    if (both.words == set_.words) {
      add_unique(t, &states_);
      return true;
    }
    *closed = false;
    if (size(both) * 4 < size(set_) * 3) return false;
    set_ = both;
    return true;
  }

  // Whether every character that begins with `lead` leads somewhere; adds the states behind them.
  bool follow_lead(State* s, const Lead& range, uint8_t lead) {
    if (!s->classes->of[lead]) return false;
    std::vector<State*> now{Automaton::step(s, lead, work_)}, next;
    for (int k = 0; k <= range.more; ++k) {
      next.clear();
      for (State* t : now) {
        if (!t || !follow_range(t, k ? 0x80 : range.next_lo, k ? 0xBF : range.next_hi, &next))
          return false;
      }
      if (next.size() > kMaxLoopStates) return false;
      now.swap(next);
    }
    for (State* t : now) add_unique(t, &states_);
    return true;
  }

  // Lead bytes of characters that are refused leave the set.
  bool follow_beyond_ascii(State* s) {
    bool all = true;
    for (const Lead& range : kLeads) {
      uint8_t known_class = 0;  // neighbours mostly behave alike
      for (int b = range.lo; b <= range.hi; ++b) {
        uint8_t lead = static_cast<uint8_t>(b);
        if (!set_.has(lead)) continue;
        uint8_t c = s->classes->of[lead];
        if (c && c == known_class) continue;
        if (follow_lead(s, range, lead)) {
          known_class = c;
        } else {
          set_.remove(lead);
          all = false;
        }
      }
    }
    return all;
  }

  // Adds the states after the bytes of a range; false when one of them leads nowhere.
  bool follow_range(State* s, int lo, int hi, std::vector<State*>* out) {
    uint8_t last_class = 0;
    for (int b = lo; b <= hi; ++b) {
      uint8_t byte = static_cast<uint8_t>(b);
      uint8_t c = s->classes->of[byte];
      if (c == 0) return false;
      if (c == last_class) continue;
      last_class = c;
      State* t = Automaton::step(s, byte, work_);
      if (!t) return false;
      add_unique(t, out);
    }
    return true;
  }

  ByteSet set_;  // ASCII characters, lead bytes and, while there are such, continuation bytes
  std::vector<State*> states_;
  Work* work_;
};

}  // namespace

const CharLoop& char_loop(State* s, Work* work) {
  if (s->has_loop) return s->loop;
  if (const CharLoop* known = s->explored_loop.load(std::memory_order_acquire)) return *known;
  LoopSearch search(work);
  CharLoop loop = search.find(s);
  for (State* t : search.states()) {
    if (t->automaton == s->automaton) t->automaton->keep_loop(t, loop);
  }
  return *s->automaton->keep_loop(s, loop);
}

}  // namespace xgr::core
