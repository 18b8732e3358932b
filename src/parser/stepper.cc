// Stepper: one byte forward for all live parses.
//
// Entry point: Stepper::step. From each configuration: read in its own state or in a rule it may call
// (pushing one node a rule for all callers, see position_calls.h); where the fragment may end, return to
// every caller and read there. Stacks are a graph with at most one node a rule and position, so the
// work a byte is polynomial however ambiguous the grammar.
//
//   after  [1,  in a JSON array: one configuration, stack = (rest of array)
//
// Tests: tests/unit/parser/stepper_test.cc.
#include "parser/stepper.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace xgr::core {
namespace {

struct ConfigHash {
  size_t operator()(const Config& c) const {
    uint64_t h = reinterpret_cast<uintptr_t>(c.state) * 0x9E3779B97F4A7C15ull;
    h ^= reinterpret_cast<uintptr_t>(c.stack) + (h >> 29);
    return h * 0xFF51AFD7ED558CCDull >> 7;
  }
};

// A growing list without duplicates; linear while short.
class UniqueConfigs {
 public:
  explicit UniqueConfigs(std::vector<Config>* list) : list_(list) { list_->clear(); }
  void add(Config c) {
    if (list_->size() < 16) {
      if (std::find(list_->begin(), list_->end(), c) != list_->end()) return;
    } else {
      if (!seen_) seen_.emplace(list_->begin(), list_->end());
      if (!seen_->insert(c).second) return;
    }
    list_->push_back(c);
  }

 private:
  std::vector<Config>* list_;
  std::optional<std::unordered_set<Config, ConfigHash>> seen_;
};

// The returns that are looked at from a configuration.
size_t edge_count(const Config& c) { return c.state->nullable && c.stack ? c.stack->count : 0; }

// Everything reachable by returns. `done` may stop early by returning true.
template <typename F>
bool follow_returns(const std::vector<Config>& v, size_t begin, size_t end,
                    std::vector<Config>* list, F&& done) {
  UniqueConfigs unique(list);
  for (size_t i = begin; i < end; ++i) unique.add(v[i]);
  for (size_t i = 0; i < list->size(); ++i) {
    const Config c = (*list)[i];
    if (done(c)) return true;
    if (!c.state->nullable || !c.stack) continue;
    for (const StackEdge& e : *c.stack) {
      unique.add({e.ret, e.parent});
    }
  }
  return false;
}

}  // namespace

void remove_duplicates(std::vector<Config>* v, size_t base) {
  constexpr size_t kFew = 16;
  size_t out = base;
  if (v->size() - base <= kFew) {
    for (size_t i = base; i < v->size(); ++i) {
      auto first = v->begin() + static_cast<std::ptrdiff_t>(base);
      auto last = v->begin() + static_cast<std::ptrdiff_t>(out);
      if (std::find(first, last, (*v)[i]) == last) (*v)[out++] = (*v)[i];
    }
  } else {
    std::unordered_set<Config, ConfigHash> seen;
    for (size_t i = base; i < v->size(); ++i) {
      if (seen.insert((*v)[i]).second) (*v)[out++] = (*v)[i];
    }
  }
  v->resize(out);
}

bool Stepper::can_finish(const std::vector<Config>& v, size_t begin, size_t end) {
  if (end - begin == 1) {
    const Config& c = v[begin];
    if (!c.state->nullable) return false;
    if (!c.stack) return true;
  }
  return follow_returns(v, begin, end, &pops_, [this](const Config& c) {
    work_->charge(1 + edge_count(c));
    return c.state->nullable && !c.stack;
  });
}

void Stepper::returns(const std::vector<Config>& v, size_t begin, size_t end,
                      std::vector<Config>* out) {
  follow_returns(v, begin, end, out, [this](const Config& c) {
    work_->charge(1 + edge_count(c));
    return false;
  });
}

ByteSet Stepper::live_bytes(const std::vector<Config>& v, size_t begin, size_t end) {
  ByteSet live;
  follow_returns(v, begin, end, &pops_, [&](const Config& c) {
    work_->charge(1 + edge_count(c));
    if (const ByteSet* bytes = Automaton::live(c.state, work_)) {
      live |= *bytes;
    } else {
      failed_ = true;
    }
    return false;
  });
  return live;
}

bool Stepper::enter_call(Config* c) {
  while (c->state->sole_call) {
    const Closure* closure = Automaton::closure(c->state, work_);
    if (!closure) {
      failed_ = true;
      return false;
    }
    work_->charge(1);
    const ClosureEntry& callee = closure->entries[1];  // callers first, and nobody else calls it
    State* ret = closure->edges[callee.edge_begin].ret;
    const StackEdge edge{ret, c->stack};
    if (!ret->at_end || callee.state->needs_frame()) {
      c->stack = StackNode::make_call({&edge, 1}, *callee.state, after_, arena_);
    }
    c->state = callee.state;
  }
  return true;
}

bool Stepper::step_all(std::vector<Config>* v, size_t begin, size_t end, uint8_t byte) {
  size_t base = v->size();
  returns(*v, begin, end, &pops_);
  calls_.clear();
  for (const Config& c : pops_) {
    work_->charge(1);
    if (!c.state->calls.empty()) {
      const Closure* closure = Automaton::closure(c.state, work_);
      if (!closure) {
        failed_ = true;
        return false;
      }
      work_->charge(closure->entry_count);
      if (!closure->live.has(byte)) continue;
      calls_.add(c, *closure);
    }
    if (!c.state->classes->of[byte]) continue;
    State* t = Automaton::step(c.state, byte, work_);
    if (!t) return note_limit(c.state, byte);
    v->push_back({t, c.stack});
  }
  for (size_t i = 0; i < calls_.size(); ++i) {
    State* s = calls_.start(i);
    if (!s->classes->of[byte]) continue;
    State* t = Automaton::step(s, byte, work_);
    if (!t) return note_limit(s, byte);
    v->push_back({t, calls_.stack(i, place_, arena_)});
  }
  if (v->size() - base > 1) remove_duplicates(v, base);
  if (v->size() - base == 1 && v->back().state->sole_call) return enter_call(&v->back());
  return v->size() > base;
}

}  // namespace xgr::core
