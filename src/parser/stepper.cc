// Stepper: one byte forward for all live parses.
//
// Entry point: Stepper::step. From each configuration: read in its own state or in a rule it may call
// (pushing one node a rule for all callers, see position_calls.h); where the fragment may end, return to
// every caller and read there. Stacks are a graph with at most one node a rule and position, so the
// work a byte is polynomial however ambiguous the grammar. What adds nothing to others is dropped
// (StackNode::covers), and of a crowd those over one stack go on as one.
//
//   after  [1,  in a JSON array: one configuration, stack = (rest of array)
//
// Tests: tests/unit/parser/stepper_test.cc.
#include "parser/stepper.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace xgr::core {
namespace {

constexpr size_t kCrowd = 64;  // parses

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

// Everything reachable by returns, but for what reads nothing that others do not (StackNode::loop_end).
template <typename F>
void follow_returns(const std::vector<Config>& v, size_t begin, size_t end,
                    std::vector<Config>* list, F&& visit) {
  UniqueConfigs unique(list);
  for (size_t i = begin; i < end; ++i) unique.add(v[i]);
  for (size_t i = 0; i < list->size(); ++i) {
    const Config c = (*list)[i];
    visit(c);
    if (!c.state->nullable || !c.stack) continue;
    if (c.stack->in_loop && c.stack->begin()->ret == c.state) {
      unique.add({c.state, c.stack->loop_end()});
      continue;
    }
    for (const StackEdge& e : *c.stack) unique.add({e.ret, e.parent});
  }
}

}  // namespace

void remove_duplicates(std::vector<Config>* v, size_t base) {
  constexpr size_t kFew = 16;
  size_t out = base;
  if (v->size() - base > kFew) {
    std::unordered_set<Config, ConfigHash> seen;
    for (size_t i = base; i < v->size(); ++i) {
      if (seen.insert((*v)[i]).second) (*v)[out++] = (*v)[i];
    }
    v->resize(out);
    return;
  }
  auto is_new = [&](const Config& c) {
    for (size_t i = base; i < out; ++i) {
      Config& known = (*v)[i];
      if (known.state != c.state) continue;
      if (known.stack == c.stack || StackNode::covers(known.stack, c.stack)) return false;
      if (!StackNode::covers(c.stack, known.stack)) continue;
      known.stack = c.stack;
      return false;
    }
    return true;
  };
  for (size_t i = base; i < v->size(); ++i) {
    const Config c = (*v)[i];
    if (is_new(c)) (*v)[out++] = c;
  }
  v->resize(out);
}

bool Stepper::can_finish(const std::vector<Config>& v, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    work_->charge(1);
    if (v[i].state->nullable && (!v[i].stack || v[i].stack->finishes)) return true;
  }
  return false;
}

void Stepper::returns(const std::vector<Config>& v, size_t begin, size_t end,
                      std::vector<Config>* out) {
  follow_returns(v, begin, end, out, [this](const Config& c) { work_->charge(1 + edge_count(c)); });
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

// Parses over one stack become one, in the state of all that they read: so there are no more parses than
// stacks. For crowds only; what few parses read in their states is known to masks.
void Stepper::unite_states() {
  constexpr uint32_t kNone = UINT32_MAX;
  constexpr size_t kFewOverOne = 4;  // are not worth another state
  std::unordered_map<Config, size_t, ConfigHash>
      groups;  // by stack, and some state of the automaton
  std::unordered_map<Automaton*, State*> keys;
  std::vector<uint32_t> last, previous(pops_.size(), kNone);  // of a group; in it
  for (uint32_t i = 0; i < pops_.size(); ++i) {
    State* key = keys.try_emplace(pops_[i].state->automaton, pops_[i].state).first->second;
    const auto [group, is_new] = groups.try_emplace({key, pops_[i].stack}, last.size());
    if (is_new) last.push_back(kNone);
    previous[i] = std::exchange(last[group->second], i);
  }
  work_->charge(pops_.size());
  if (last.size() * kFewOverOne > pops_.size()) return;
  std::vector<Config> united;
  std::vector<State*> states;
  for (uint32_t end : last) {
    states.clear();
    for (uint32_t i = end; i != kNone; i = previous[i]) states.push_back(pops_[i].state);
    State* all = states.size() == 1 ? states[0] : Automaton::unite(states, work_);
    if (all) states.assign(1, all);
    for (State* s : states) united.push_back({s, pops_[end].stack});
  }
  pops_.swap(united);
}

bool Stepper::step_all(std::vector<Config>* v, size_t begin, size_t end, uint8_t byte) {
  size_t base = v->size();
  returns(*v, begin, end, &pops_);
  if (pops_.size() > kCrowd) unite_states();
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
