// Budgets of tokens: stacks without spent occurrences.
//
// Entry point: leave_spent. The frame of a rule with attributes says how many tokens there were
// when it began, so whether it is spent is a matter of counting. A stack graph loses the frames
// that are, and the edges that lead to nothing else; what changes is copied, since nodes never do.
//
//   r[max_tokens=2] inside "<t>" r "</t>":  after "<t>", "ab ", "ab "  only the parse before "</t>"
//   is left
//
// Tests: tests/unit/matcher/token_budget_test.cc.
#include "matcher/token_budget.h"

#include <unordered_map>

namespace xgr::core {
namespace {

class Cutter {
 public:
  Cutter(const Engine& engine, uint32_t tokens, Arena* arena)
      : engine_(engine), tokens_(tokens), arena_(arena) {}

  // False: every stack of the node has a spent occurrence. *out is null for the empty stack.
  bool cut(const StackNode* node, const StackNode** out) {
    *out = nullptr;
    if (!node) return true;
    work_.assign(1, node);
    while (!work_.empty()) {
      const StackNode* n = work_.back();
      if (done_.count(n) || spent(*n)) {
        done_.try_emplace(n, nullptr);
        work_.pop_back();
      } else if (!add_parents(*n)) {
        done_[n] = rebuilt(*n);
        work_.pop_back();
      }
    }
    *out = done_[node];
    return *out != nullptr;
  }
  bool any() const { return any_; }

 private:
  bool spent(const StackNode& n) {
    const Occurrence* o = n.occurrence();
    const bool is = o && tokens_ - o->begin.token >= engine_.attributes(o->rule).max_tokens;
    any_ = any_ || is;
    return is;
  }
  // Whether some had to be looked at first.
  bool add_parents(const StackNode& n) {
    const size_t before = work_.size();
    for (const StackEdge& e : n) {
      if (e.parent && !done_.count(e.parent)) work_.push_back(e.parent);
    }
    return work_.size() > before;
  }
  const StackNode* rebuilt(const StackNode& n) {
    std::vector<StackEdge> edges;
    bool same = true;
    for (const StackEdge& e : n) {
      const StackNode* parent = e.parent ? done_[e.parent] : nullptr;
      same = same && parent == e.parent;
      if (parent || !e.parent) edges.push_back({e.ret, parent});
    }
    if (same) return &n;
    if (edges.empty()) return nullptr;
    StackNode* copy = StackNode::make(edges, arena_, n.occurrence());
    if (n.opens_unique) copy->open_unique(n.unique);
    return copy;
  }

  const Engine& engine_;
  const uint32_t tokens_;
  Arena* arena_;
  std::unordered_map<const StackNode*, const StackNode*> done_;  // null: nothing is left of it
  std::vector<const StackNode*> work_;
  bool any_ = false;
};

}  // namespace

bool leave_spent(const Engine& engine, uint32_t tokens, Arena* arena, Stepper* stepper,
                 std::vector<Config>* parses) {
  Cutter cutter(engine, tokens, arena);
  const StackNode* kept;
  for (const Config& c : *parses) cutter.cut(c.stack, &kept);
  if (!cutter.any()) return false;
  std::vector<Config> reached;
  stepper->returns(*parses, 0, parses->size(), &reached);
  parses->clear();
  for (const Config& c : reached) {
    if (cutter.cut(c.stack, &kept)) parses->push_back({c.state, kept});
  }
  remove_duplicates(parses, 0);
  return true;
}

}  // namespace xgr::core
