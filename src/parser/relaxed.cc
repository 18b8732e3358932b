// Relaxed states: why the fortieth character of a string of at most 64 costs what the first does.
//
// Entry point: relaxed. Without its upper bounds a state has the same strings up to the smallest
// bound. Below intersections that does not yet say what is alive: a text may have nothing but
// completions that are too long. So the states behind the relaxed one are listed (they are few,
// since nothing counts any more); if a text has a completion at all, it has one no longer than the
// farthest of them needs.
//
//   /\\d+(\\.\\d+)*/ within 32 characters, 20 left: as without the limit for texts of up to 20 - 2
//   bytes
//
// Tests: tests/unit/parser/relaxed_test.cc.
#include "parser/relaxed.h"

#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

namespace xgr::core {
namespace {

constexpr uint32_t kLeastBound = 2;       // x? counts nothing
constexpr size_t kMaxStatesBehind = 512;  // behind a relaxed state
constexpr uint32_t kUnknownNeed = UINT32_MAX;

// The most bytes that a state reachable from `start` needs to end, plus one; kUnknownNeed: not all
// of them end, or they are too many, or call other rules.
uint32_t longest_completion(State* start, Work* work) {
  std::vector<State*> states{start};
  std::unordered_map<State*, uint32_t> index{{start, 0}};
  std::vector<std::vector<uint32_t>> from(1);
  for (size_t i = 0; i < states.size(); ++i) {
    if (!states[i]->calls.empty()) return kUnknownNeed;
    charge(work, 64);
    std::array<bool, 256> seen{true};  // the dead class
    for (int b = 0; b < 256; ++b) {
      uint8_t c = states[i]->classes->of[b];
      if (std::exchange(seen[c], true)) continue;
      State* t = Automaton::step(states[i], static_cast<uint8_t>(b), work);
      if (!t) return kUnknownNeed;
      auto [it, added] = index.try_emplace(t, static_cast<uint32_t>(states.size()));
      if (added) states.push_back(t), from.emplace_back();
      from[it->second].push_back(static_cast<uint32_t>(i));
    }
    if (states.size() > kMaxStatesBehind) return kUnknownNeed;
  }
  std::vector<uint32_t> distance(states.size(), kUnknownNeed), queue;
  for (uint32_t i = 0; i < states.size(); ++i) {
    if (states[i]->nullable) distance[i] = 0, queue.push_back(i);
  }
  for (size_t k = 0; k < queue.size(); ++k) {
    for (uint32_t i : from[queue[k]]) {
      if (distance[i] == kUnknownNeed) distance[i] = distance[queue[k]] + 1, queue.push_back(i);
    }
  }
  if (queue.size() != states.size()) return kUnknownNeed;
  return distance[queue.back()] + 1;
}

Relaxed find(State* s, Work* work) {
  if (s->classes->live.size() < kManyBytes) return {};
  State* heads;
  Relaxed r = s->automaton->without_bounds(s, kLeastBound, &heads, work);
  if (!r.state || r.state == s) return {};
  if (!heads) return r;
  uint32_t needed = heads->completion.load(std::memory_order_relaxed);
  if (needed == 0) {
    needed = longest_completion(heads, work);
    heads->completion.store(needed, std::memory_order_relaxed);
  }
  if (needed == kUnknownNeed || needed >= r.slack) return {};
  r.slack -= needed;
  return r;
}

}  // namespace

const Relaxed& relaxed(State* s, Work* work) {
  const Relaxed* known = s->relaxed.load(std::memory_order_acquire);
  return known ? *known : *s->automaton->keep_relaxed(s, find(s, work));
}

}  // namespace xgr::core
