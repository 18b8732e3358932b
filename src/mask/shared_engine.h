// SharedEngine: automata and masks that all grammars of one compiler have in common.
//
// Rules marked kShare (JSON strings, any JSON value...) are recognised by structure: the same rule of
// another grammar maps to the same automaton, whose masks are then already there.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "grammar/rule_groups.h"
#include "mask/mask_budget.h"
#include "mask/mask_store.h"
#include "parser/automaton.h"
#include "tokenizer/comma_tokens.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

AutomatonOptions automaton_options(const Tokenizer& tokenizer, const Limits& limits);

class SharedEngine {
 public:
  // `memory_budget`: bytes for the masks and automata of all grammars together.
  SharedEngine(std::shared_ptr<const Tokenizer> tokenizer, const Limits& limits,
               size_t memory_budget = SIZE_MAX);

  // Links every shareable rule of `from` to this engine's automaton.
  MaybeError link_rules(Automaton* from, Work* work = nullptr);
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  MaskStore& masks() { return masks_; }
  Automaton& automaton() { return *automaton_; }
  ScratchPool& scratch() { return scratch_; }
  LoopCache& loops() { return loops_; }
  MaskBudget& budget() { return budget_; }
  const CommaTokens& comma_tokens();  // made when first asked for
  // After something was built, by who reads no masks.
  void keep_within_budget();
  size_t memory_bytes();
  size_t state_count() const { return automaton_->state_count(); }
  uint64_t visited() const { return masks_.visited(); }
  MaskStats stats();

 private:
  MaybeError map_group(const Grammar& from, const RuleGroups::Group& group, std::string structure,
                       std::vector<RuleId>* twins, Work* work);

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::mutex mutex_;  // link_rules; taken before any automaton's lock
  std::unique_ptr<Automaton> automaton_;
  std::unordered_map<std::string, RuleGroups::Group> groups_;  // structure -> our rules
  ScratchPool scratch_;
  LoopCache loops_;
  MaskBudget budget_;
  MaskStore masks_;
  std::atomic<size_t> counted_{0};  // of the automaton's bytes, in the budget
  std::mutex commas_mutex_;
  std::unique_ptr<const CommaTokens> commas_;
};

}  // namespace xgr::core
