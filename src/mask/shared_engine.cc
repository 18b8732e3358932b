// SharedEngine: finds equal rules of different grammars by structure.
//
// Entry point: SharedEngine::link_rules. Rules are looked up in groups of those that need one another,
// callees first, by the structure of their bodies (grammar/rule_groups.h), in which calls of other
// groups are calls of their shared twins. A group that is not there yet is copied into the shared
// grammar.
//
//   two grammars with the rule  string ::= ([^"\\] | escape)* "\""   share one automaton
//
// Tests: tests/unit/mask/shared_engine_test.cc.
#include "mask/shared_engine.h"

#include "grammar/expr_copy.h"

namespace xgr::core {
namespace {

constexpr RuleId kNoTwin = UINT32_MAX;

}  // namespace

AutomatonOptions automaton_options(const Tokenizer& tokenizer, const Limits& limits) {
  AutomatonOptions o;
  o.alphabet = tokenizer.known_bytes();
  o.reach = static_cast<uint32_t>(tokenizer.max_token_chars()) + 1;
  o.limits = limits;
  return o;
}

SharedEngine::SharedEngine(std::shared_ptr<const Tokenizer> tokenizer, const Limits& limits,
                           size_t memory_budget)
    : tokenizer_(std::move(tokenizer)),
      loops_(*tokenizer_),
      budget_(memory_budget, &loops_),
      masks_(*tokenizer_, &loops_, &scratch_, &budget_) {
  Grammar g;
  g.root = g.add_rule("shared");
  g.define(g.root, g.pool.epsilon());
  automaton_ =
      std::move(Automaton::create(std::move(g), automaton_options(*tokenizer_, limits))).value();
}

MaybeError SharedEngine::link_rules(Automaton* from, Work* work) {
  const Grammar& g = from->grammar();  // still private to the caller
  auto links = [&](RuleId r) {
    return from->facts().rules[r].shared && from->facts().rules[r].left_scc < 0;
  };
  RuleGroups groups(g);
  std::vector<RuleGroups::Group> order;
  for (RuleId r = 0; r < g.rules.size(); ++r) {
    if (links(r)) groups.collect(r, &order);
  }
  if (order.empty()) return std::nullopt;
  std::vector<RuleId> twins(g.rules.size(), kNoTwin);
  std::lock_guard<std::mutex> lock(mutex_);
  for (const RuleGroups::Group& group : order) {
    if (MaybeError e = map_group(g, group, groups.structure(group, twins), &twins, work)) return e;
  }
  for (RuleId r = 0; r < g.rules.size(); ++r) {
    if (links(r)) from->link(r, automaton_.get(), twins[r]);
  }
  return std::nullopt;
}

// Finds or makes the twins of a group whose callees have theirs.
MaybeError SharedEngine::map_group(const Grammar& g, const RuleGroups::Group& group,
                                   std::string structure, std::vector<RuleId>* twins, Work* work) {
  auto it = groups_.find(structure);
  if (it == groups_.end()) {
    RuleGroups::Group ours;
    MaybeError error = automaton_->extend(
        [&](Grammar& shared) {
          for (RuleId r : group) {
            (*twins)[r] = shared.add_rule(g.rules[r].name, RuleUse::kShare);
            shared.define((*twins)[r], shared.pool.empty());  // until its body is there
          }
          for (RuleId r : group) {
            shared.define((*twins)[r], copy_expr(g.pool, g.rules[r].body, *twins, &shared.pool));
            ours.push_back((*twins)[r]);
          }
        },
        work);
    if (error) return error;
    it = groups_.emplace(std::move(structure), std::move(ours)).first;
  }
  for (size_t i = 0; i < group.size(); ++i) (*twins)[group[i]] = it->second[i];
  return std::nullopt;
}

const CommaTokens& SharedEngine::comma_tokens() {
  // No std::call_once: what is thrown inside would have to pass the C library's own frames.
  std::lock_guard<std::mutex> lock(commas_mutex_);
  if (!commas_) commas_ = std::make_unique<CommaTokens>(*tokenizer_);
  return *commas_;
}

MaskStats SharedEngine::stats() {
  MaskStats s = masks_.stats();
  s.states = automaton_->state_count();
  s.bytes = memory_bytes();
  return s;
}

size_t SharedEngine::memory_bytes() {
  return automaton_->memory_bytes() + masks_.memory_bytes() + loops_.memory_bytes() +
         budget_.exits().memory_bytes() + budget_.waiting_bytes();
}

void SharedEngine::keep_within_budget() {
  const size_t now = automaton_->memory_bytes();
  budget_.add_automata(now - counted_.exchange(now, std::memory_order_relaxed));
  budget_.keep_within();
}

}  // namespace xgr::core
