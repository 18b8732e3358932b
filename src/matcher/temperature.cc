// Temperatures: looked for on the stacks of all places where the next byte could be read.
//
// Entry point: temperature_of. A parse can read in its own state, where it returns to, and in the
// rules that it may call; each of those that reads something counts, with the innermost frame on
// its stack that has a temperature.
//
//   "a" value "z", value[temperature=0.6] ::= "x"+:   after "a" and "ax" 0.6, before and behind
//   none
//
// Tests: tests/unit/matcher/temperature_test.cc.
#include "matcher/temperature.h"

#include <algorithm>
#include <unordered_map>

namespace xgr::core {
namespace {

constexpr float kNone = -1;

class Search {
 public:
  explicit Search(const Engine& engine) : engine_(engine) {}

  void add(const Config& c, const Closure& closure) {
    values_.assign(closure.entry_count, kNone);
    values_[0] = of_stack(c.stack);
    for (uint32_t i = 0; i < closure.entry_count; ++i) {  // callers come first
      const ClosureEntry& e = closure.entries[i];
      if (i > 0) values_[i] = of_call(closure, e);
      if (!e.state->classes->live.empty()) highest_ = std::max(highest_, values_[i]);
    }
  }
  float highest() const { return highest_; }

 private:
  float own(uint32_t attributed_rule) const {
    return attributed_rule == 0 ? kNone : engine_.attributes(attributed_rule - 1).temperature;
  }
  float of_call(const Closure& closure, const ClosureEntry& e) const {
    float value = own(e.state->attributed_rule);
    if (value >= 0) return value;
    for (uint32_t x = 0; x < e.edge_count; ++x) {
      value = std::max(value, values_[closure.edges[e.edge_begin + x].parent]);
    }
    return value;
  }
  float of_node(const StackNode& n) const {
    const Occurrence* o = n.occurrence();
    return o ? own(o->rule + 1) : kNone;
  }
  float of_stack(const StackNode* stack) {
    if (!stack) return kNone;
    work_.assign(1, stack);
    while (!work_.empty()) {
      const StackNode* n = work_.back();
      const size_t before = work_.size();
      float value = of_node(*n);
      if (value < 0) {
        for (const StackEdge& e : *n) {
          if (!e.parent) continue;
          auto known = nodes_.find(e.parent);
          if (known == nodes_.end()) {
            work_.push_back(e.parent);
          } else {
            value = std::max(value, known->second);
          }
        }
      }
      if (work_.size() > before) continue;
      nodes_[n] = value;
      work_.pop_back();
    }
    return nodes_[stack];
  }

  const Engine& engine_;
  std::vector<float> values_;  // by closure entry
  std::unordered_map<const StackNode*, float> nodes_;
  std::vector<const StackNode*> work_;
  float highest_ = kNone;
};

}  // namespace

std::optional<float> temperature_of(const Engine& engine, const std::vector<Config>& parses,
                                    Stepper* stepper) {
  if (!engine.has_temperatures()) return std::nullopt;
  std::vector<Config> reached;
  stepper->returns(parses, 0, parses.size(), &reached);
  Search search(engine);
  for (const Config& c : reached) {
    if (const Closure* closure = Automaton::closure(c.state, stepper->work()))
      search.add(c, *closure);
  }
  if (search.highest() < 0) return std::nullopt;
  return search.highest();
}

}  // namespace xgr::core
