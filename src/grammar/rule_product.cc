// Which states the strings of an expression lead to.
//
// Entry point: RuleProduct::make. This is the construction of Bar-Hillel, Perles and Shamir (1961),
// of what is reached only. A node is an expression begun in a state of the automaton; its ends are
// the states that its strings lead to. Ends depend on those of parts and callees, so they grow
// until nothing changes; then expressions are made for the pieces (node, end) that count
// (product_rules.cc).
//
//   value ::= "[" value* "]" | "x"   and   (..)*   ->   value@0 leads to 0 and 1
//
// What cannot leave a state is taken as it is: once an automaton has found what it looks for, the
// rules of the grammar are used unchanged. Parts without calls are intersected with the paths
// between two states, so they are not taken apart.
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include "grammar/rule_product.h"

#include <algorithm>

#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxPartStates = 4096;                // of one part without calls
constexpr size_t kMaxProductSteps = size_t{64} << 20;  // elementary steps

Error unsupported(std::string message) {
  return make_error(Status::kUnsupported, std::move(message));
}

}  // namespace

RuleProduct::RuleProduct(Grammar* grammar, std::shared_ptr<const CharAutomaton> automaton,
                         const Limits& limits)
    : grammar_(*grammar),
      pool_(grammar->pool),
      automaton_(std::move(automaton)),
      limits_(limits),
      paths_(PathGenerator::add(&pool_, automaton_)) {
  for (uint32_t s = 0; s < automaton_->size(); ++s) loops_.push_back(automaton_->loop(s));
}

Result<Expr> RuleProduct::make(Expr e) {
  alphabets_.emplace(grammar_, e);
  if (alphabets_->has_tokens())
    return unsupported("whole tokens are no text that could be compared with other text");
  const NodeId start = node(e, CharAutomaton::kStart);
  if (MaybeError error = find_ends()) return *std::move(error);
  std::vector<Expr> branches;
  const std::vector<uint32_t> ends = nodes_[start].ends;
  for (uint32_t to : ends) {
    if (automaton_->state(to).accepting) branches.push_back(expr_of({start, to}));
  }
  while (!rules_to_do_.empty()) {
    auto [piece, rule] = rules_to_do_.back();
    rules_to_do_.pop_back();
    const Expr body = body_of(piece);
    grammar_.define(rule, body);
  }
  if (MaybeError error = over_limit()) return *std::move(error);
  return pool_.alt(branches);
}

MaybeError RuleProduct::over_limit() const {
  Error e;
  e.code = Status::kLimitExceeded;
  const bool states = nodes_.size() + made_.size() > limits_.max_states;
  if (states) {
    e.message = "the intersection has more than " + std::to_string(limits_.max_states) +
                " parts, its max_states; raise max_states, or intersect less";
  } else if (pool_.size() > limits_.max_expressions) {
    e.message = "the intersection needs more than " + std::to_string(limits_.max_expressions) +
                " expressions, its max_expressions; raise max_expressions, or intersect less";
  } else if (work_ > kMaxProductSteps) {
    e.message = "the intersection takes more than " + std::to_string(kMaxProductSteps) +
                " steps; intersect smaller grammars";
  } else {
    return std::nullopt;
  }
  return e;
}

RuleProduct::NodeId RuleProduct::node(Expr e, uint32_t from) {
  auto [it, fresh] = ids_.try_emplace(uint64_t{e} << 32 | from, static_cast<NodeId>(nodes_.size()));
  if (fresh) {
    nodes_.push_back({e, from, false, true, {}, {}});
    waiting_.push({e, it->second});
  }
  return it->second;
}

MaybeError RuleProduct::find_ends() {
  while (!waiting_.empty()) {
    const NodeId id = waiting_.top().second;
    waiting_.pop();
    nodes_[id].queued = false;
    if (MaybeError error = update(id)) return error;
    if (MaybeError error = over_limit()) return error;
  }
  return std::nullopt;
}

MaybeError RuleProduct::update(NodeId id) {
  std::vector<uint32_t> ends = nodes_[id].ends;  // what was found stays right
  if (MaybeError error = ends_of(id, &ends)) return error;
  sort_unique(&ends);
  work_ += ends.size() + 1;
  if (ends == nodes_[id].ends) return std::nullopt;
  nodes_[id].ends = std::move(ends);
  for (NodeId user : nodes_[id].users) {
    if (nodes_[user].queued) continue;
    nodes_[user].queued = true;
    waiting_.push({nodes_[user].e, user});
  }
  return std::nullopt;
}

// The ends of a part, which those of `user` depend on from now on.
void RuleProduct::add_ends(NodeId user, Expr e, uint32_t from, std::vector<uint32_t>* out) {
  const NodeId part = node(e, from);
  if (uses_.insert(uint64_t{user} << 32 | part).second) nodes_[part].users.push_back(user);
  out->insert(out->end(), nodes_[part].ends.begin(), nodes_[part].ends.end());
  work_ += nodes_[part].ends.size() + 1;
}

MaybeError RuleProduct::ends_of(NodeId id, std::vector<uint32_t>* out) {
  const Expr e = nodes_[id].e;
  const uint32_t from = nodes_[id].from;
  const ExprNode n = pool_.node(e);
  if (n.kind == ExprKind::kEmpty) return std::nullopt;
  if (nodes_[id].stays || alphabets_->of(e).minus(loops_[from]).empty()) {
    nodes_[id].stays = true;
    out->push_back(from);
    return std::nullopt;
  }
  switch (n.kind) {
    case ExprKind::kLiteral: {
      const uint32_t to = automaton_->read(from, pool_.string(n.a).substr(n.b));
      if (to != CharAutomaton::kNone) out->push_back(to);
      return std::nullopt;
    }
    case ExprKind::kClass:
      ends_of_class(e, from, out);
      return std::nullopt;
    case ExprKind::kSwitch:
      ends_of_switch(id, out);
      return std::nullopt;
    case ExprKind::kSeq: {
      std::vector<uint32_t> between;
      add_ends(id, n.a, from, &between);
      for (uint32_t s : between) add_ends(id, n.b, s, out);
      return std::nullopt;
    }
    case ExprKind::kAlt:
      for (size_t i = 0; i < n.b; ++i) add_ends(id, pool_.children(e)[i], from, out);
      return std::nullopt;
    case ExprKind::kCall:
      add_ends(id, grammar_.rules[n.a].body, from, out);
      return std::nullopt;
    default:
      break;
  }
  if (!alphabets_->has_call(e)) return ends_of_regular(e, from, out);
  if (n.kind == ExprKind::kLazy) {
    add_ends(id, unfolded(e), from, out);
    return std::nullopt;
  }
  XGR_CHECK(n.kind == ExprKind::kRepeat);
  if (n.b == 0) out->push_back(from);
  std::vector<uint32_t> between;
  add_ends(id, n.a, from, &between);
  if (between.size() == 1 && between[0] == from) {  // so do any number of times
    out->push_back(from);
    return std::nullopt;
  }
  const Expr rest = one_less(e);
  for (uint32_t s : between) add_ends(id, rest, s, out);
  return std::nullopt;
}

void RuleProduct::ends_of_class(Expr e, uint32_t from, std::vector<uint32_t>* out) const {
  for (const CharAutomaton::Edge& edge : automaton_->state(from).edges) {
    CharSet set;
    set.add(edge.lo, edge.hi);
    if (!pool_.charset(pool_.node(e).a).intersected(set).empty()) out->push_back(edge.to);
  }
}

void RuleProduct::ends_of_switch(NodeId id, std::vector<uint32_t>* out) {
  const uint32_t from = nodes_[id].from;
  for (const SwitchEdge& edge : pool_.edges(nodes_[id].e)) {
    for (const CharAutomaton::Edge& step : automaton_->state(from).edges) {
      if (step.lo <= edge.hi && edge.lo <= step.hi) add_ends(id, edge.child, step.to, out);
    }
  }
}

// Both automata side by side.
MaybeError RuleProduct::ends_of_regular(Expr e, uint32_t from, std::vector<uint32_t>* out) {
  auto it = automata_.find(e);
  if (it == automata_.end()) {
    Result<CharAutomaton> made = CharAutomaton::make(grammar_, e, limits_, kMaxPartStates);
    if (!made.ok()) return std::move(made.error());
    it = automata_.emplace(e, std::move(made).value()).first;
  }
  const CharAutomaton& part = it->second;
  std::unordered_set<uint64_t> seen;
  std::vector<std::pair<uint32_t, uint32_t>> work;
  auto meet = [&](uint32_t x, uint32_t y) {
    if (seen.insert(uint64_t{x} << 32 | y).second) work.push_back({x, y});
  };
  meet(CharAutomaton::kStart, from);
  while (!work.empty() && work_ <= kMaxProductSteps) {
    const auto [x, y] = work.back();
    work.pop_back();
    if (part.state(x).accepting) out->push_back(y);
    const std::vector<CharAutomaton::Edge>&a = part.state(x).edges, &b = automaton_->state(y).edges;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size(); ++work_) {
      if (a[i].lo <= b[j].hi && b[j].lo <= a[i].hi) meet(a[i].to, b[j].to);
      (a[i].hi < b[j].hi ? i : j)++;
    }
  }
  return std::nullopt;
}

Expr RuleProduct::unfolded(Expr lazy) {
  auto it = unfolded_.find(lazy);
  if (it != unfolded_.end()) return it->second;
  const ExprNode n = pool_.node(lazy);
  const Expr out = pool_.generator(n.a).unfold(pool_, {n.b, n.c, n.d});
  unfolded_.emplace(lazy, out);
  return out;
}

// What may follow one time of a repetition.
Expr RuleProduct::one_less(Expr repeat) {
  const ExprNode n = pool_.node(repeat);
  return pool_.repeat(n.a, n.b == 0 ? 0 : n.b - 1, n.c == kUnbounded ? kUnbounded : n.c - 1);
}

}  // namespace xgr::core
