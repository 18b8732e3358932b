// Analysis: nullable and dead expressions, rules to call, left recursion.
//
// Entry point: analyse. Flags are a least fixed point: everything starts as "no string, not empty",
// a work list carries each improvement to the parents (an event costs O(1), so the whole is linear
// in the size of the grammar). Rules on a cycle of references are cut by one depth-first search; rules
// that reach one another at their left end form the components of derivatives.cc.
//
//   s ::= "a" s | "b"     s is live, called;      t ::= "a" t      t is dead: a clear error
//
// Tests: tests/unit/grammar/analysis_test.cc.
#include "grammar/analysis.h"

#include <algorithm>
#include <unordered_set>

#include "grammar/expr_tables.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

// Members that a walk over `graph` finds from `from`.
std::vector<bool> reached_from(const std::vector<std::vector<uint32_t>>& graph, uint32_t from) {
  std::vector<bool> seen(graph.size(), false);
  std::vector<uint32_t> work{from};
  seen[from] = true;
  while (!work.empty()) {
    uint32_t v = work.back();
    work.pop_back();
    for (uint32_t w : graph[v]) {
      if (!seen[w]) seen[w] = true, work.push_back(w);
    }
  }
  return seen;
}

}  // namespace

class Analysis {
 public:
  Analysis(Grammar& grammar, const std::array<uint64_t, 4>& alphabet, Facts* facts)
      : grammar_(grammar), pool_(grammar.pool), tables_(*pool_.tables_), facts_(*facts) {
    tables_.alphabet = alphabet;
    // All bytes but the mark of whole tokens, which no text has and no vocabulary spells.
    const uint64_t last = alphabet[3] | uint64_t{1} << (kTokenMark & 63);
    tables_.full_alphabet = (alphabet[0] & alphabet[1] & alphabet[2] & last) == ~uint64_t{0};
  }
  MaybeError run();

 private:
  MaybeError start_flags();
  void start_flag(Expr e, Derivatives* regular, bool known, uint8_t found);
  void build_parents();
  void propagate();
  void raise(Expr e, Expr because);
  void improve_rule(RuleId r, std::vector<Expr>* queue);
  void choose_calls();
  std::vector<RuleId> references(RuleId rule);
  void find_left_recursion();
  std::vector<RuleId> left_calls(RuleId rule) const;
  void add_left_scc(std::vector<RuleId> members);
  void close_left_tails(LeftScc* scc);
  bool is_member(const LeftScc& scc, RuleId r) const;
  bool merge_equal_members(LeftScc* scc);

  Grammar& grammar_;
  ExprPool& pool_;
  ExprPool::Tables& tables_;
  Facts& facts_;
  static constexpr uint8_t kFound = ExprPool::kDead | ExprPool::kKnownLive;
  bool again_ = false;  // the grammar was analysed before, and rules were added
  Expr original_size_ = 0;
  std::vector<std::pair<Expr, Expr>> witnesses_;  // lazy node, its witness
  std::vector<uint32_t> parent_begin_;            // CSR: parents of each node
  std::vector<Expr> parents_;
  static constexpr RuleId kNoRule = UINT32_MAX;
  std::vector<RuleId> first_rule_, next_rule_;  // rules by body: lists
  std::vector<RuleId> seen_by_;                 // references: last rule + 1 that saw a node
  std::vector<Expr> work_;
};

MaybeError analyse(Grammar& grammar, const std::array<uint64_t, 4>& alphabet, Facts* facts) {
  return Analysis(grammar, alphabet, facts).run();
}

MaybeError Analysis::run() {
  again_ = !facts_.rules.empty();
  facts_.rules.assign(grammar_.rules.size(), RuleFacts{});
  facts_.left_sccs.clear();
  original_size_ = static_cast<Expr>(pool_.size());
  if (MaybeError e = start_flags()) return e;
  propagate();
  for (size_t r = 0; r < grammar_.rules.size(); ++r) {
    const Rule& rule = grammar_.rules[r];
    facts_.rules[r].shared = rule.use == RuleUse::kShare && !rule.attributes;
    facts_.rules[r].is_call = rule.use != RuleUse::kAuto || rule.attributes;
  }
  if (tables_.rules[grammar_.root] & ExprPool::kDead) {
    const std::string& root = grammar_.rules[grammar_.root].name;
    if (tables_.full_alphabet) {
      return make_error(Status::kInvalidSource,
                        "the grammar has no valid string: every derivation of rule \"" + root +
                            "\" is infinite or contradictory; give it an alternative that ends");
    }
    return make_error(Status::kInvalidSource,
                      "the grammar has no valid string: no finite derivation of rule \"" + root +
                          "\" can be spelled with the tokens of the vocabulary");
  }
  choose_calls();
  find_left_recursion();
  return std::nullopt;
}

// What is known of an intersection or complement from an earlier analysis, or has been found since,
// stays so: the states of an automaton leave many of them behind.
//
// Exact for expressions without calls; calls start as "no string". What contains lazy nodes waits for
// their witnesses, which are made of what stands below them.
MaybeError Analysis::start_flags() {
  tables_.rules.assign(grammar_.rules.size(), ExprPool::kDead);
  tables_.left_reach.clear();
  Facts none;
  none.rules.assign(grammar_.rules.size(), RuleFacts{});
  Derivatives regular(grammar_, none);
  std::vector<bool> has_lazy(original_size_, false);
  std::vector<Expr> waiting;  // those that contain lazy nodes
  bool any_boolean = false;
  for (Expr e = 0; e < original_size_; ++e) {  // a derivative may be an expression with a larger id
    ExprNode& n = pool_.nodes_[e];
    const uint8_t before = n.flags;
    n.flags = pool_.derive_flags(n);
    bool lazy = n.kind == ExprKind::kLazy;
    if (lazy) n.flags |= ExprPool::kDead;  // until its witness is known
    pool_.for_each_child(e, [&](Expr child) { lazy = lazy || has_lazy[child]; });
    has_lazy[e] = lazy;
    if (lazy) waiting.push_back(e);
    const bool boolean = n.kind == ExprKind::kAnd || n.kind == ExprKind::kNot;
    if (again_ && boolean && !lazy) n.flags |= before & kFound;
    any_boolean = any_boolean || boolean;
  }
  for (Expr e = 0; any_boolean && e < original_size_; ++e) {
    start_flag(e, &regular, !has_lazy[e], has_lazy[e] ? 0 : pool_.nodes_[e].flags & kFound);
  }
  Expr first_fresh = static_cast<Expr>(pool_.size());
  for (Expr e : waiting) start_flag(e, &regular, true, 0);
  if (regular.over_limit()) {
    return make_error(Status::kLimitExceeded,
                      "intersections and complements are nested deeper than " +
                          std::to_string(Derivatives::kMaxBooleanDepth) + ", or need more than " +
                          std::to_string(Derivatives::kMaxBooleanStates) +
                          " states to tell which have a string; combine fewer or smaller ones");
  }
  // A witness may be older than its parts.
  for (Expr e = first_fresh; !waiting.empty() && e < pool_.size(); ++e) {
    ExprNode& n = pool_.nodes_[e];
    if (n.kind != ExprKind::kAnd && n.kind != ExprKind::kNot) n.flags = pool_.derive_flags(n);
  }
  return std::nullopt;
}

void Analysis::start_flag(Expr e, Derivatives* regular, bool known, uint8_t found) {
  const ExprNode n = pool_.nodes_[e];
  const bool boolean = n.kind == ExprKind::kAnd || n.kind == ExprKind::kNot;
  uint8_t flags = pool_.derive_flags(n);
  if (boolean) flags |= found;
  if (n.kind == ExprKind::kLazy) {
    if (known) witnesses_.push_back({e, pool_.generator(n.a).witness(pool_, {n.b, n.c, n.d})});
    if (!known || pool_.dead(witnesses_.back().second)) flags |= ExprPool::kDead;
  }
  pool_.nodes_[e].flags = flags;
  if (boolean && known) regular->is_empty(e);  // sets kDead
}

void Analysis::build_parents() {
  size_t count = pool_.size();
  parent_begin_.assign(count + 2, 0);
  // Counted two places on, so that filling moves each begin to where it belongs.
  for (Expr e = 0; e < count; ++e) {
    pool_.for_each_child(e, [&](Expr child) { ++parent_begin_[child + 2]; });
  }
  for (auto [lazy, witness] : witnesses_) ++parent_begin_[witness + 2];
  for (size_t i = 2; i < count + 2; ++i) parent_begin_[i] += parent_begin_[i - 1];
  parents_.resize(parent_begin_.back());
  for (Expr e = 0; e < count; ++e) {
    pool_.for_each_child(e, [&](Expr child) { parents_[parent_begin_[child + 1]++] = e; });
  }
  for (auto [lazy, witness] : witnesses_) parents_[parent_begin_[witness + 1]++] = lazy;
  first_rule_.assign(count, kNoRule);
  next_rule_.assign(grammar_.rules.size(), kNoRule);
  for (RuleId r = static_cast<RuleId>(grammar_.rules.size()); r-- > 0;) {
    next_rule_[r] = first_rule_[grammar_.rules[r].body];
    first_rule_[grammar_.rules[r].body] = r;
  }
}

// One improvement of a child reaches its parent; alternatives take it over without a look at the
// other children.
void Analysis::raise(Expr e, Expr because) {
  ExprNode& n = pool_.nodes_[e];
  uint8_t child = pool_.nodes_[because].flags;
  if (n.kind == ExprKind::kAlt) {
    n.flags |= child & ExprPool::kNullable;
    if (!(child & ExprPool::kDead)) n.flags &= static_cast<uint8_t>(~ExprPool::kDead);
  } else if (n.kind == ExprKind::kLazy) {
    if (!(child & ExprPool::kDead)) n.flags &= static_cast<uint8_t>(~ExprPool::kDead);
  } else {
    n.flags = static_cast<uint8_t>(pool_.derive_flags(n) | (n.flags & ExprPool::kKnownLive));
  }
}

void Analysis::improve_rule(RuleId r, std::vector<Expr>* queue) {
  uint8_t flags =
      pool_.nodes_[grammar_.rules[r].body].flags & (ExprPool::kNullable | ExprPool::kDead);
  if (flags == tables_.rules[r]) return;
  tables_.rules[r] = flags;
  Expr call = pool_.call(r);
  pool_.nodes_[call].flags = static_cast<uint8_t>(flags | ExprPool::kHasCall);
  queue->push_back(call);
}

void Analysis::propagate() {
  for (RuleId r = 0; r < grammar_.rules.size(); ++r) pool_.call(r);  // every rule has its node
  build_parents();
  std::vector<Expr> queue;
  for (RuleId r = 0; r < grammar_.rules.size(); ++r) improve_rule(r, &queue);
  // Many lazy nodes have one witness, and a witness many parents.
  std::vector<Expr> live;
  for (auto [lazy, witness] : witnesses_) {
    if (!pool_.dead(witness)) live.push_back(witness);
  }
  sort_unique(&live);
  queue.insert(queue.end(), live.begin(), live.end());
  while (!queue.empty()) {
    Expr e = queue.back();
    queue.pop_back();
    pool_.charge(1 + parent_begin_[e + 1] - parent_begin_[e]);
    for (RuleId r = first_rule_[e]; r != kNoRule; r = next_rule_[r]) improve_rule(r, &queue);
    for (uint32_t i = parent_begin_[e]; i < parent_begin_[e + 1]; ++i) {
      Expr parent = parents_[i];
      uint8_t before = pool_.nodes_[parent].flags;
      raise(parent, e);
      if (pool_.nodes_[parent].flags != before) queue.push_back(parent);
    }
  }
}

// Rules that the body of `rule` refers to, each once.
std::vector<RuleId> Analysis::references(RuleId rule) {
  std::vector<RuleId> found;
  std::vector<Expr>& work = work_;
  work.assign(1, grammar_.rules[rule].body);
  while (!work.empty()) {
    Expr e = work.back();
    work.pop_back();
    if (seen_by_[e] == rule + 1) continue;
    seen_by_[e] = rule + 1;
    const ExprNode& n = pool_.nodes_[e];
    if (n.kind == ExprKind::kCall) {
      found.push_back(n.a);
    } else if (n.kind == ExprKind::kLazy) {
      pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &work);
    } else {
      pool_.for_each_child(e, [&](Expr child) { work.push_back(child); });
    }
  }
  return found;
}

// Depth-first over references. One back to a rule on the path closes a cycle: that rule is made a
// call. Every cycle has such a reference, so all cycles are cut.
void Analysis::choose_calls() {
  struct Frame {
    RuleId rule;
    std::vector<RuleId> next;
  };
  enum : uint8_t { kNew, kOnPath, kDone };
  std::vector<uint8_t> color(grammar_.rules.size(), kNew);
  seen_by_.assign(pool_.size(), 0);
  std::vector<RuleId> pending{grammar_.root};
  std::vector<Frame> path;
  while (!pending.empty() || !path.empty()) {
    if (path.empty()) {
      RuleId r = pending.back();
      pending.pop_back();
      if (color[r] != kNew) continue;
      color[r] = kOnPath;
      path.push_back({r, references(r)});
    }
    Frame& top = path.back();
    if (top.next.empty()) {
      color[top.rule] = kDone;
      path.pop_back();
      continue;
    }
    RuleId r = top.next.back();
    top.next.pop_back();
    if (color[r] == kOnPath) {
      facts_.rules[r].is_call = true;
    } else if (color[r] == kNew && facts_.rules[r].is_call) {
      pending.push_back(r);  // a call cuts the path anyway
    } else if (color[r] == kNew) {
      color[r] = kOnPath;
      path.push_back({r, references(r)});
    }
  }
}

// Rules that a rule can call before any byte, through rules expanded in place.
std::vector<RuleId> Analysis::left_calls(RuleId rule) const {
  std::vector<RuleId> found;
  std::vector<Expr> work{grammar_.rules[rule].body};
  std::unordered_set<Expr> seen;
  while (!work.empty()) {
    Expr e = work.back();
    work.pop_back();
    if (pool_.dead(e) || !seen.insert(e).second) continue;
    const ExprNode n = pool_.nodes_[e];
    switch (n.kind) {
      case ExprKind::kSeq:
        work.push_back(n.a);
        if (pool_.nullable(n.a)) work.push_back(n.b);
        break;
      case ExprKind::kAlt:
      case ExprKind::kRepeat:
        pool_.for_each_child(e, [&](Expr child) { work.push_back(child); });
        break;
      case ExprKind::kLazy:
        work.push_back(pool_.generator(n.a).unfold(pool_, {n.b, n.c, n.d}));
        break;
      case ExprKind::kCall:
        if (facts_.rules[n.a].is_call) {
          found.push_back(n.a);
        } else {
          work.push_back(grammar_.rules[n.a].body);
        }
        break;
      default:
        break;
    }
  }
  return found;
}

// Tarjan's strongly connected components, without recursion.
void Analysis::find_left_recursion() {
  size_t count = grammar_.rules.size();
  std::vector<std::vector<RuleId>> edges(count);
  bool any = false;
  for (RuleId r = 0; r < count; ++r) {
    if (!facts_.rules[r].is_call || grammar_.rules[r].body == kNoExpr) continue;
    edges[r] = left_calls(r);
    any = any || !edges[r].empty();
  }
  if (!any) return;
  std::vector<uint32_t> index(count, 0), low(count, 0), at(count, 0);
  std::vector<bool> on_stack(count, false);
  std::vector<RuleId> stack, path;
  uint32_t next = 0;
  for (RuleId root = 0; root < count; ++root) {
    if (index[root] || edges[root].empty()) continue;
    path.push_back(root);
    while (!path.empty()) {
      RuleId v = path.back();
      if (index[v] == 0) {
        index[v] = low[v] = ++next;
        stack.push_back(v);
        on_stack[v] = true;
      }
      if (at[v] < edges[v].size()) {
        RuleId w = edges[v][at[v]++];
        if (index[w] == 0) {
          path.push_back(w);
        } else if (on_stack[w]) {
          low[v] = std::min(low[v], index[w]);
        }
        continue;
      }
      path.pop_back();
      if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[v]);
      if (low[v] != index[v]) continue;
      std::vector<RuleId> members;
      RuleId w;
      do {
        w = stack.back();
        stack.pop_back();
        on_stack[w] = false;
        members.push_back(w);
      } while (w != v);
      bool loop = std::find(edges[v].begin(), edges[v].end(), v) != edges[v].end();
      if (members.size() > 1 || loop) add_left_scc(std::move(members));
    }
  }
  // Components come callees first, so their first steps never ask for a component not yet closed.
}

void Analysis::add_left_scc(std::vector<RuleId> members) {
  std::sort(members.begin(), members.end());
  int32_t id = static_cast<int32_t>(facts_.left_sccs.size());
  for (RuleId r : members) facts_.rules[r].left_scc = id;
  facts_.left_sccs.push_back({std::move(members), {}, {}, {}, {}});
  LeftScc& scc = facts_.left_sccs.back();
  Derivatives derivatives(grammar_, facts_);
  for (RuleId r : scc.members) {
    LinearForm form;
    derivatives.expand_raw(grammar_.rules[r].body, id, &form);
    scc.raw.push_back(std::move(form));
  }
  close_left_tails(&scc);
  if (merge_equal_members(&scc)) close_left_tails(&scc);
  tables_.left_reach.resize(grammar_.rules.size());
  for (size_t m = 0; m < scc.members.size(); ++m) {
    for (uint32_t i : scc.empty_reach[m]) {
      tables_.left_reach[scc.members[m]].push_back(scc.members[i]);
    }
  }
}

void Analysis::close_left_tails(LeftScc* scc) {
  const size_t n = scc->members.size();
  for (uint32_t m = 0; m < n; ++m) facts_.rules[scc->members[m]].left_member = m;
  scc->steps.assign(n, {});
  scc->reach.clear();
  scc->empty_reach.assign(n, {});
  std::vector<std::vector<uint32_t>> any(n), empty(n);
  for (uint32_t j = 0; j < n; ++j) {
    for (const CallEdge& c : scc->raw[j].calls) {
      if (!is_member(*scc, c.rule)) continue;
      const uint32_t m = facts_.rules[c.rule].left_member;
      if (m == j && c.next == pool_.epsilon()) continue;
      scc->steps[m].push_back({j, c.next});
      any[m].push_back(j);
      if (pool_.nullable(c.next)) empty[m].push_back(j);
    }
  }
  for (uint32_t m = 0; m < n; ++m) {
    scc->reach.push_back(reached_from(any, m));
    const std::vector<bool> found = reached_from(empty, m);
    for (uint32_t i = 0; i < n; ++i) {
      if (found[i]) scc->empty_reach[m].push_back(i);
    }
  }
}

bool Analysis::is_member(const LeftScc& scc, RuleId r) const {
  const int32_t id = facts_.rules[r].left_scc;
  return id >= 0 && &facts_.left_sccs[static_cast<size_t>(id)] == &scc;
}

// Where empty steps lead from Ri to Rj, Rj has all strings of Ri. Rules that lead to each other so have
// the same strings: one of them, with what all can begin with, stands for all. Rules that are more
// than their strings are left alone. False: there are none.
bool Analysis::merge_equal_members(LeftScc* scc) {
  auto plain = [&](uint32_t m) {
    const Rule& rule = grammar_.rules[scc->members[m]];
    return !rule.unique && !rule.attributes && rule.use != RuleUse::kShare;
  };
  const uint32_t n = static_cast<uint32_t>(scc->members.size());
  std::vector<uint32_t> first(n);  // the first that is equal
  bool any = false;
  for (uint32_t m = 0; m < n; ++m) {
    first[m] = m;
    if (!plain(m)) continue;
    for (uint32_t i : scc->empty_reach[m]) {
      if (i >= m || !plain(i) || first[i] != i) continue;
      const std::vector<uint32_t>& back = scc->empty_reach[i];
      if (!std::binary_search(back.begin(), back.end(), m)) continue;
      first[m] = i;
      facts_.rules[scc->members[m]].same_as = scc->members[i];
      any = true;
      break;
    }
  }
  if (!any) return false;
  std::vector<RuleId> members;
  std::vector<LinearForm> raw(n);
  for (uint32_t m = 0; m < n; ++m) {
    LinearForm& form = raw[first[m]];
    form.bytes.insert(form.bytes.end(), scc->raw[m].bytes.begin(), scc->raw[m].bytes.end());
    for (CallEdge c : scc->raw[m].calls) {
      if (is_member(*scc, c.rule)) c.rule = scc->members[first[facts_.rules[c.rule].left_member]];
      form.calls.push_back(c);
    }
  }
  scc->raw.clear();
  for (uint32_t m = 0; m < n; ++m) {
    if (first[m] != m) continue;
    sort_unique(&raw[m].bytes);
    sort_unique(&raw[m].calls);
    members.push_back(scc->members[m]);
    scc->raw.push_back(std::move(raw[m]));
  }
  scc->members = std::move(members);
  return true;
}

}  // namespace xgr::core
