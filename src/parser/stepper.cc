// Stepper: one byte forward for all live parses.
//
// Entry point: Stepper::step. From each configuration: read in its own state or in a rule it may call
// (pushing what the closure says); where the fragment may end, return to every caller and read there.
// Configurations that arrive in the same state are merged into one with the union of their stacks
// (Tomita's graph-structured stack), so their number is bounded by the number of states.
//
//   after  [1,  in a JSON array: one configuration, stack = (rest of array)
//
// Tests: tests/unit/parser/stepper_test.cc.
#include "parser/stepper.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace xgr {
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
      if (e.ret) unique.add({e.ret, e.parent});
    }
  }
  return false;
}

bool at_bottom(const StackNode* stack) {
  if (!stack) return true;
  for (const StackEdge& e : *stack) {
    if (!e.ret) return true;
  }
  return false;
}

}  // namespace

bool Stepper::can_finish(const std::vector<Config>& v, size_t begin, size_t end) {
  if (end - begin == 1) {
    const Config& c = v[begin];
    if (!c.state->nullable) return false;
    if (!c.stack) return true;
  }
  return follow_returns(v, begin, end, &pops_, [this](const Config& c) {
    ++work_;
    return c.state->nullable && at_bottom(c.stack);
  });
}

void Stepper::returns(const std::vector<Config>& v, size_t begin, size_t end,
                      std::vector<Config>* out) {
  follow_returns(v, begin, end, out, [this](const Config&) {
    ++work_;
    return false;
  });
}

ByteSet Stepper::live_bytes(const std::vector<Config>& v, size_t begin, size_t end) {
  ByteSet live;
  follow_returns(v, begin, end, &pops_, [&](const Config& c) {
    ++work_;
    const Closure* closure = Automaton::closure(c.state);
    if (closure) {
      live |= closure->live;
    } else {
      failed_ = true;
    }
    return false;
  });
  return live;
}

bool Stepper::step_all(std::vector<Config>* v, size_t begin, size_t end, uint8_t byte) {
  size_t base = v->size();
  if (!made_.empty()) made_.clear();
  std::vector<Config> pops;
  pops.swap(pops_);  // keeps the capacity; step_one does not use it
  returns(*v, begin, end, &pops);
  for (const Config& c : pops) step_one(c, byte, v);
  pops.swap(pops_);
  if (v->size() - base > 1) merge_equal_states(v, base);
  return v->size() > base;
}

void Stepper::step_one(Config c, uint8_t byte, std::vector<Config>* v) {
  const Closure* closure = Automaton::closure(c.state);
  if (!closure) {
    failed_ = true;
    return;
  }
  if (!closure->live.has(byte)) return;
  pushed_.clear();
  for (uint32_t k = 0; k < closure->entry_count; ++k) {
    ++work_;
    State* s = closure->entries[k].state;
    if (!s->classes->of[byte]) continue;
    State* t = Automaton::step(s, byte);
    if (!t) {
      failed_ = true;
      continue;
    }
    v->push_back({t, k == 0 ? c.stack : pushed(*closure, k, c.stack)});
  }
}

// The stack of a closure entry over `base`. Entries it was called from come before it.
const StackNode* Stepper::pushed(const Closure& closure, uint32_t entry, const StackNode* base) {
  if (pushed_.empty()) pushed_.assign(closure.entry_count, nullptr);
  if (pushed_[entry]) return pushed_[entry];
  needed_.assign(entry + 1, 0);
  needed_[entry] = 1;
  for (uint32_t k = entry; k > 0; --k) {
    if (!needed_[k]) continue;
    const ClosureEntry& e = closure.entries[k];
    for (uint32_t x = 0; x < e.edge_count; ++x) needed_[closure.edges[e.edge_begin + x].parent] = 1;
  }
  for (uint32_t k = 1; k <= entry; ++k) {
    if (!needed_[k] || pushed_[k]) continue;
    const ClosureEntry& e = closure.entries[k];
    edges_.clear();
    for (uint32_t x = 0; x < e.edge_count; ++x) {
      const ClosureEdge& edge = closure.edges[e.edge_begin + x];
      edges_.push_back({edge.ret, edge.parent == 0 ? base : pushed_[edge.parent]});
    }
    pushed_[k] = make_node();
  }
  return pushed_[entry];
}

const StackNode* Stepper::make_node() {
  uint64_t h = edges_.size();
  for (const StackEdge& e : edges_) {
    h = (h ^ reinterpret_cast<uintptr_t>(e.ret)) * 0x9E3779B97F4A7C15ull;
    h = (h ^ reinterpret_cast<uintptr_t>(e.parent) ^ (h >> 31)) * 0xFF51AFD7ED558CCDull;
  }
  auto [it, last] = made_.equal_range(h);
  for (; it != last; ++it) {
    if (std::equal(it->second->begin(), it->second->end(), edges_.begin(), edges_.end())) {
      return it->second;
    }
  }
  const StackNode* node = StackNode::make(edges_, arena_);
  made_.emplace(h, node);
  return node;
}

void Stepper::merge_equal_states(std::vector<Config>* v, size_t base) {
  auto first = v->begin() + static_cast<std::ptrdiff_t>(base);
  std::stable_sort(first, v->end(),
                   [](const Config& x, const Config& y) { return x.state < y.state; });
  size_t out = base;
  for (size_t i = base; i < v->size();) {
    size_t j = i + 1;
    bool same = true;
    for (; j < v->size() && (*v)[j].state == (*v)[i].state; ++j) {
      same = same && (*v)[j].stack == (*v)[i].stack;
    }
    Config merged = (*v)[i];
    if (!same) {
      edges_.clear();
      for (size_t k = i; k < j; ++k) {
        const StackNode* n = (*v)[k].stack;
        if (n) {
          edges_.insert(edges_.end(), n->begin(), n->end());
        } else {
          edges_.push_back({nullptr, nullptr});
        }
      }
      std::sort(edges_.begin(), edges_.end(), [](const StackEdge& x, const StackEdge& y) {
        return x.ret != y.ret ? x.ret < y.ret : x.parent < y.parent;
      });
      edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
      work_ += edges_.size();
      merged.stack = make_node();
    }
    (*v)[out++] = merged;
    i = j;
  }
  v->resize(out);
}

}  // namespace xgr
