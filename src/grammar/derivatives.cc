// Derivatives: the first steps of an expression, by bytes and by calls.
//
// Entry point: Derivatives::expand. A task (e, after) asks for the consuming first steps of e, each
// followed by `after`; tasks are worked off a list, so nothing recurses on the grammar's depth. All
// items of a state share one list, and a task that comes up again is dropped: the items of a state are
// mostly ends of one another, and take as many tasks as the longest of them.
// These are Antimirov's partial derivatives (TCS 155, 1996) with calls as a second kind of step:
// a repetition becomes one with smaller counts, so counters are never unrolled.
//
//   expand("ab" | x{2,5} "c")  ->  'a' -> "b",  first(x) -> x{1,4} "c"
//
// Left recursion. Let the rules R1..Rn of one component call each other at their left end:
// Ri = sum_j Rj alpha(i,j) | beta(i). Then Ri = sum_m beta(m) T(m,i), where T(m,i) are the paths of
// alphas that lead from m to i: T(m,i) = [m = i] | sum_j alpha(j,m) T(j,i), a right-linear system.
// It needs no stack (tail calls) and keeps the language whatever is nullable; see expand_left_*.
//
// Tests: tests/unit/grammar/derivatives_test.cc.
#include "grammar/derivatives.h"

#include <algorithm>
#include <map>

#include "grammar/token_steps.h"

namespace xgr::core {
namespace {

constexpr uint64_t kMaxTasks = 1 << 20;  // for each item
constexpr size_t kFewTasks = 64;         // are not worth remembering
constexpr size_t kMaxOperandsKept = 1 << 16;

// Counts nesting, also when memory runs out inside.
struct Nested {
  explicit Nested(size_t* depth) : depth_(depth) { ++*depth_; }
  ~Nested() { --*depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
  size_t* depth_;
};

}  // namespace

void Derivatives::expand(std::span<const Expr> items, LinearForm* out) {
  if (depth_ == 0) {
    visited_ = 0;
    max_visits_ = kMaxBooleanVisits * std::max<size_t>(items.size(), 1);
  }
  run(items, -1, out);
}

void Derivatives::expand_raw(Expr e, int32_t scc, LinearForm* out) { run({&e, 1}, scc, out); }

void Derivatives::run(std::span<const Expr> items, int32_t raw_scc, LinearForm* out) {
  if (depth_ == 0) tasks_.clear();  // memory may have run out halfway the last time
  while (seen_.size() <= depth_) seen_.emplace_back();
  KeySet& seen = seen_[depth_];
  seen.clear();
  const uint64_t max_tasks = kMaxTasks * items.size();
  const size_t base = tasks_.size();
  for (size_t i = items.size(); i-- > 0;) tasks_.push_back({items[i], grammar_.pool.epsilon()});
  for (uint64_t done = 0; tasks_.size() > base;) {
    Task task = tasks_.back();
    tasks_.pop_back();
    // A task may come up again through nullable loops of rules, and through items with a common end.
    ExprKind kind = grammar_.pool.node(task.e).kind;
    if (kind == ExprKind::kCall) task.e = representative(task.e);
    bool remember = kind == ExprKind::kCall || kind == ExprKind::kLeftTail || done > kFewTasks;
    if (remember && !seen.add(uint64_t{task.e} << 32 | task.after)) continue;
    if (++done > max_tasks || grammar_.pool.size() > max_expressions_) {
      over_limit_ = true;
      tasks_.resize(base);
      return;
    }
    expand_one(task, raw_scc, out);
  }
}

void Derivatives::expand_one(Task task, int32_t raw_scc, LinearForm* out) {
  ExprPool& p = grammar_.pool;
  const ExprNode n = p.node(task.e);  // a copy: the pool grows below
  switch (n.kind) {
    case ExprKind::kEmpty:
    case ExprKind::kEpsilon:
      break;
    case ExprKind::kByteRange:
      add_byte(static_cast<uint8_t>(n.a), static_cast<uint8_t>(n.b), task.after, out);
      break;
    case ExprKind::kLiteral: {
      uint8_t b = static_cast<uint8_t>(p.string(n.a)[n.b]);
      add_byte(b, b, p.seq(p.literal_tail(n.a, n.b + 1), task.after), out);
      break;
    }
    case ExprKind::kClass:
      expand_class(n.a, task.after, out);
      break;
    case ExprKind::kSwitch:
      expand_switch(task, out);
      break;
    case ExprKind::kSeq:
      if (p.nullable(n.a)) tasks_.push_back({n.b, task.after});
      tasks_.push_back({n.a, join(n.b, task.after)});
      break;
    case ExprKind::kAlt: {
      std::span<const Expr> c = p.children(task.e);
      for (size_t i = c.size(); i-- > 0;) tasks_.push_back({c[i], task.after});
      break;
    }
    case ExprKind::kRepeat: {
      uint32_t min = n.b == 0 || p.nullable(n.a) ? 0 : n.b - 1;
      uint32_t max = n.c == kUnbounded ? kUnbounded : n.c - 1;
      tasks_.push_back({n.a, join(p.repeat(n.a, std::min(min, max), max), task.after)});
      break;
    }
    case ExprKind::kCall:
      expand_call(task, raw_scc, out);
      break;
    case ExprKind::kAnd:
      expand_and(n, task.after, false, out);
      break;
    case ExprKind::kNot:
      expand_not(n.a, task.after, out);
      break;
    case ExprKind::kShortest:
      expand_shortest(n.a, task.after, out);
      break;
    case ExprKind::kTokens:
      expand_tokens(n.a, task.after, out);
      break;
    case ExprKind::kLazy:
      tasks_.push_back({p.generator(n.a).unfold(p, {n.b, n.c, n.d}), task.after});
      break;
    case ExprKind::kLeftTail:
      expand_left_tail(n.a, n.b, task.after);
      break;
  }
}

void Derivatives::expand_call(Task task, int32_t raw_scc, LinearForm* out) {
  RuleId rule = grammar_.pool.node(task.e).a;
  const RuleFacts& facts = facts_.rules[rule];
  const Rule& callee = grammar_.rules[rule];
  bool own_automaton = (facts.shared || callee.unique || callee.attributes) && facts.left_scc < 0;
  bool tail = task.after == grammar_.pool.epsilon() && !own_automaton;
  bool keep = raw_scc >= 0 && facts.left_scc == raw_scc;
  if (keep || (facts.is_call && !tail)) return add_call(rule, task.after, out);
  if (facts.left_scc >= 0) return expand_left_corners(rule, task.after, out);
  tasks_.push_back({grammar_.rules[rule].body, task.after});
}

// The call to make in place of `call`.
Expr Derivatives::representative(Expr call) {
  const RuleId same = facts_.rules[grammar_.pool.node(call).a].same_as;
  return same == RuleFacts::kItself ? call : grammar_.pool.call(same);
}

// L(Ri) = L(Ri) L(T(i,i)), so a call swallows its own left tail: then e op e op e needs no stack.
Expr Derivatives::join(Expr first, Expr after) {
  ExprPool& p = grammar_.pool;
  const ExprNode n = p.node(after);
  bool chain = n.kind == ExprKind::kSeq;
  const ExprNode& tail = chain ? p.node(n.a) : n;
  if (tail.kind == ExprKind::kLeftTail && tail.a == tail.b) {
    const RuleId own = tail.a;
    Expr last = first;
    while (p.node(last).kind == ExprKind::kSeq) last = p.node(last).b;
    if (p.node(last).kind == ExprKind::kCall && p.node(representative(last)).a == own) {
      return chain ? p.seq(first, n.b) : first;
    }
  }
  return p.seq(first, after);
}

void Derivatives::add_byte(uint8_t lo, uint8_t hi, Expr next, LinearForm* out) {
  if (!grammar_.pool.dead(next)) out->bytes.push_back({lo, hi, next});
}

void Derivatives::add_call(RuleId rule, Expr next, LinearForm* out) {
  if (!grammar_.pool.dead(next) && !grammar_.pool.dead(grammar_.pool.call(rule))) {
    out->calls.push_back({rule, next});
  }
}

void Derivatives::lower(const CharSet& set, Expr child, std::vector<ByteEdge>* out) {
  ExprPool& p = grammar_.pool;
  std::vector<Utf8Sequence> sequences;
  for (const CharRange& r : set.ranges()) append_utf8_sequences(r.lo, r.hi, &sequences);
  std::map<std::pair<uint8_t, uint8_t>, std::vector<Expr>> tails;  // by lead byte range
  for (const Utf8Sequence& s : sequences) {
    Expr tail = child;
    for (int i = s.length; i-- > 1;) tail = p.seq(p.byte_range(s.lo[i], s.hi[i]), tail);
    tails[{s.lo[0], s.hi[0]}].push_back(tail);
  }
  for (const auto& [lead, list] : tails) out->push_back({lead.first, lead.second, p.alt(list)});
}

const std::vector<ByteEdge>& Derivatives::lowered(uint32_t charset) {
  if (charset >= lowered_known_.size()) {
    lowered_.resize(charset + 1);
    lowered_known_.resize(charset + 1);
  }
  if (!lowered_known_[charset]) {
    lowered_[charset].clear();  // memory may have run out halfway the last time
    lower(grammar_.pool.charset(charset), grammar_.pool.epsilon(), &lowered_[charset]);
    lowered_known_[charset] = true;
  }
  return lowered_[charset];
}

void Derivatives::expand_class(uint32_t charset, Expr after, LinearForm* out) {
  for (const ByteEdge& e : lowered(charset)) {
    add_byte(e.lo, e.hi, grammar_.pool.seq(e.next, after), out);
  }
}

const std::vector<ByteEdge>& Derivatives::lowered_range(char32_t lo, char32_t hi) {
  uint64_t key = uint64_t{lo} << 32 | hi;
  auto it = lowered_ranges_.find(key);
  if (it != lowered_ranges_.end()) return it->second;
  CharSet set;
  set.add(lo, hi);
  std::vector<ByteEdge> edges;
  lower(set, grammar_.pool.epsilon(), &edges);
  return lowered_ranges_.emplace(key, std::move(edges)).first->second;
}

void Derivatives::expand_switch(Task task, LinearForm* out) {
  ExprPool& p = grammar_.pool;
  for (size_t i = 0, count = p.edge_count(task.e); i < count; ++i) {
    const SwitchEdge edge = p.edge(task.e, i);
    if (p.dead(edge.child)) continue;
    Expr next = p.seq(edge.child, task.after);
    if (edge.hi < 0x80) {
      add_byte(static_cast<uint8_t>(edge.lo), static_cast<uint8_t>(edge.hi), next, out);
      continue;
    }
    for (const ByteEdge& e : lowered_range(edge.lo, edge.hi)) {
      add_byte(e.lo, e.hi, p.seq(e.next, next), out);
    }
  }
}

// Ri after: every member's own beginning, then the tails that lead from it to Ri.
void Derivatives::expand_left_corners(RuleId rule, Expr after, LinearForm* out) {
  ExprPool& p = grammar_.pool;
  const LeftScc& scc = facts_.left_sccs[static_cast<size_t>(facts_.rules[rule].left_scc)];
  const size_t to = facts_.rules[rule].left_member;
  for (size_t m = 0; m < scc.members.size(); ++m) {
    if (!scc.reach[m][to]) continue;
    Expr tail = p.seq(p.left_tail(scc.members[m], rule), after);
    for (const ByteEdge& e : scc.raw[m].bytes) add_byte(e.lo, e.hi, join(e.next, tail), out);
    for (const CallEdge& c : scc.raw[m].calls) {
      bool inside = facts_.rules[c.rule].left_scc == facts_.rules[rule].left_scc;
      if (!inside) add_call(c.rule, join(c.next, tail), out);
    }
  }
}

// T(from, to) after: the alphas that may follow `from`, or whatever it becomes by empty alphas.
void Derivatives::expand_left_tail(RuleId from, RuleId to, Expr after) {
  ExprPool& p = grammar_.pool;
  const LeftScc& scc = facts_.left_sccs[static_cast<size_t>(facts_.rules[from].left_scc)];
  const size_t target = facts_.rules[to].left_member;
  for (uint32_t at : scc.empty_reach[facts_.rules[from].left_member]) {
    for (const LeftStep& step : scc.steps[at]) {
      if (!scc.reach[step.to][target]) continue;
      Expr tail = p.seq(p.left_tail(scc.members[step.to], to), after);
      tasks_.push_back({join(step.next, tail), p.epsilon()});
    }
  }
}

std::vector<Segment> Derivatives::segments(Expr e) {
  if (spare_forms_.empty()) spare_forms_.push_back(std::make_unique<LinearForm>());
  std::unique_ptr<LinearForm> form = std::move(spare_forms_.back());
  spare_forms_.pop_back();
  form->clear();
  expand(e, form.get());
  cuts_.cut(form->bytes);
  spare_forms_.push_back(std::move(form));
  std::vector<Segment> out;
  out.reserve(cuts_.pieces().size());
  for (const ByteCuts::Piece& p : cuts_.pieces()) {
    std::span<const Expr> next = cuts_.next(p);
    out.push_back({p.lo, p.hi, next.size() == 1 ? next[0] : union_of(next)});
  }
  return out;
}

Expr Derivatives::union_of(std::span<const Expr> alternatives) {
  ExprPool& p = grammar_.pool;
  const Expr all = p.alt(alternatives);
  if (!p.has_counter(all)) return all;
  std::span<const Expr> children = p.children(all);
  alternatives_.assign(children.begin(), children.end());
  counters_.reduce(&alternatives_);
  return alternatives_.size() < children.size() ? p.alt(alternatives_) : all;
}

const std::vector<Segment>& Derivatives::operand_segments(Expr e) {
  auto it = operand_segments_.find(e);
  if (it != operand_segments_.end()) return it->second;
  std::vector<Segment> out = segments(e);
  return operand_segments_.emplace(e, std::move(out)).first->second;
}

// Only while nobody holds on to segments: where the nesting begins. What was cut short by a limit
// is never read again.
void Derivatives::clear_operands() {
  if (depth_ == 1 && operand_segments_.size() >= kMaxOperandsKept) operand_segments_.clear();
}

void Derivatives::expand_and(const ExprNode& n, Expr after, bool keep_all, LinearForm* out) {
  over_limit_ = over_limit_ || depth_ >= kMaxBooleanDepth;
  if (over_limit_) return;  // at once: every level would go on to the others
  Nested nested(&depth_);
  clear_operands();
  const std::vector<Segment>&x = operand_segments(n.a), &y = operand_segments(n.b);
  for (size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    uint8_t lo = std::max(x[i].lo, y[j].lo), hi = std::min(x[i].hi, y[j].hi);
    if (lo <= hi) {
      Expr both = grammar_.pool.intersect(x[i].next, y[j].next);
      if (keep_all || !is_empty(both)) add_byte(lo, hi, grammar_.pool.seq(both, after), out);
    }
    (x[i].hi < y[j].hi ? i : j)++;
  }
}

void Derivatives::expand_not(Expr body, Expr after, LinearForm* out) {
  over_limit_ = over_limit_ || depth_ >= kMaxBooleanDepth;
  if (over_limit_) return;  // at once: every level would go on to the others
  Nested nested(&depth_);
  clear_operands();
  ExprPool& p = grammar_.pool;
  int next_byte = 0;
  for (const Segment& s : operand_segments(body)) {
    if (s.lo > next_byte) {
      add_byte(static_cast<uint8_t>(next_byte), static_cast<uint8_t>(s.lo - 1),
               p.seq(p.raw_not(p.empty()), after), out);
    }
    add_byte(s.lo, s.hi, p.seq(p.raw_not(s.next), after), out);
    next_byte = s.hi + 1;
  }
  if (next_byte < 256) {
    add_byte(static_cast<uint8_t>(next_byte), 255, p.seq(p.raw_not(p.empty()), after), out);
  }
}

// All alternatives go on together, so that the first one to end ends them all.
void Derivatives::expand_shortest(Expr body, Expr after, LinearForm* out) {
  over_limit_ = over_limit_ || depth_ >= kMaxBooleanDepth;
  ExprPool& p = grammar_.pool;
  if (over_limit_ || p.nullable(body)) return;
  Nested nested(&depth_);
  clear_operands();
  for (const Segment& s : operand_segments(body)) {
    add_byte(s.lo, s.hi, p.seq(p.shortest(s.next), after), out);
  }
}

void Derivatives::expand_tokens(uint32_t set, Expr after, LinearForm* out) {
  ExprPool& p = grammar_.pool;
  add_byte(kTokenMark, kTokenMark, spell_tokens(&p, p.possible_ids(set), after), out);
}

}  // namespace xgr::core
