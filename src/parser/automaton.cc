// Automaton: fragments determinised where somebody walks.
//
// Entry points: Automaton::start, step, closure. A state is a sorted set of expressions; its byte
// steps are computed when it is made, as sets of expressions per class of bytes; the states behind
// them are made when first asked for, one short critical section each, and published by an atomic
// store. So at most one state exists per visited position, however large the full automaton would be.
//
//   start(/[a-z]+ "."/) --'q'--> {[a-z]* "."} --'.'--> {epsilon}
//
// Tests: tests/unit/parser/automaton_test.cc.
#include "parser/automaton.h"

#include <algorithm>
#include <new>

#include "grammar/clamp.h"
#include "grammar/expr_copy.h"
#include "parser/closure_builder.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

uint64_t hash_items(std::span<const Expr> items) {
  uint64_t h = items.size() * 0x9E3779B97F4A7C15ull + 1;
  for (Expr e : items) {
    h = (h ^ e) * 0xFF51AFD7ED558CCDull;
    h ^= h >> 32;
  }
  return h;
}

// Whether `x` is `y` with a count of rounds that is within that of `y`, or with none of them.
bool has_fewer_rounds(const ExprPool& pool, Expr x, Expr y) {
  const ExprNode a = pool.node(x), b = pool.node(y);
  if (b.kind == ExprKind::kSeq && b.b == x) return pool.nullable(b.a);
  if (a.kind != b.kind) return false;
  if (a.kind == ExprKind::kSeq) return a.b == b.b && has_fewer_rounds(pool, a.a, b.a);
  return a.kind == ExprKind::kRepeat && a.a == b.a && a.b >= b.b && a.c <= b.c;
}

}  // namespace

Automaton::Automaton(Grammar grammar, const AutomatonOptions& options)
    : options_(options),
      grammar_(std::move(grammar)),
      derivatives_(grammar_, facts_),
      counters_(&grammar_.pool),
      inclusion_(&grammar_.pool),
      bounds_(&grammar_.pool, &inclusion_),
      maker_(&grammar_, &derivatives_, &arena_) {
  slots_.assign(256, kNoExpr);
  derivatives_.set_max_expressions(options.limits.max_expressions);
}

Automaton::~Automaton() = default;  // states live in the arena and need no destructor

Result<std::unique_ptr<Automaton>> Automaton::create(Grammar grammar,
                                                     const AutomatonOptions& options, Work* work) {
  std::unique_ptr<Automaton> a(new Automaton(std::move(grammar), options));
  a->grammar_.pool.set_work(nullptr);
  const ChargedPool charged(&a->grammar_.pool, work);
  if (options.tokens) a->grammar_.pool.limit_tokens(*options.tokens);
  if (MaybeError e = analyse(a->grammar_, options.alphabet, &a->facts_)) return *e;
  a->links_.resize(a->grammar_.rules.size());
  return a;
}

MaybeError Automaton::extend(const std::function<void(Grammar&)>& add, Work* work) {
  std::lock_guard<std::mutex> lock(mutex_);
  {
    const ChargedPool charged(&grammar_.pool, work);
    add(grammar_);
  }
  links_.resize(grammar_.rules.size());
  // What other grammars have left here is looked at again, and not charged to this one: whether it
  // compiles must not depend on them.
  return analyse(grammar_, options_.alphabet, &facts_);
}

void Automaton::link(RuleId rule, Automaton* other, RuleId other_rule) {
  std::lock_guard<std::mutex> lock(mutex_);
  links_[rule].automaton = other;
  links_[rule].rule = other_rule;
}

Error Automaton::limit_error() const {
  return make_error(Status::kLimitExceeded,
                    "the grammar needs more automaton states or expressions than max_states = " +
                        std::to_string(options_.limits.max_states) + " and max_expressions = " +
                        std::to_string(options_.limits.max_expressions) +
                        "; raise the limit of the compiler, or make the grammar smaller");
}

State* Automaton::state(size_t index) {
  std::lock_guard<std::mutex> lock(mutex_);
  return states_[index];
}

State* Automaton::start(RuleId rule, Work* work) {
  std::lock_guard<std::mutex> lock(mutex_);
  const ChargedPool charged(&grammar_.pool, work);
  return start_locked(rule);
}

State* Automaton::start_locked(RuleId rule) {
  Link& link = links_[rule];
  if (link.start) return link.start;
  if (link.automaton) {
    return link.start = link.automaton->start(link.rule, grammar_.pool.work());
  }
  Expr body = grammar_.rules[rule].body;
  if (facts_.rules[rule].left_scc >= 0) body = grammar_.pool.call(rule);  // resolved by expand
  link.start = make_start(rule, body);
  if (link.start && grammar_.rules[rule].unique) link.start->opens_unique = true;
  return link.start;
}

State* Automaton::state_of(Expr e, Work* work) {
  std::lock_guard<std::mutex> lock(mutex_);
  const ChargedPool charged(&grammar_.pool, work);
  items_.clear();
  append_alternatives(grammar_.pool, e, &items_);
  return intern(&items_);
}

State* Automaton::unite(std::span<State* const> states, Work* work) {
  Automaton& a = *states[0]->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  const ChargedPool charged(&a.grammar_.pool, work);
  if (a.states_.size() > a.options_.limits.max_states / 2 ||
      a.grammar_.pool.size() > a.options_.limits.max_expressions / 2) {
    return nullptr;
  }
  a.items_.clear();
  for (const State* s : states) a.items_.insert(a.items_.end(), s->items.begin(), s->items.end());
  return a.intern(&a.items_);
}

// The start of a rule with attributes is a state apart, since equal bodies may have others.
State* Automaton::make_start(RuleId rule, Expr body) {
  items_.clear();
  append_alternatives(grammar_.pool, body, &items_);
  if (!grammar_.rules[rule].attributes) return intern(&items_);
  sort_unique(&items_);
  State* s = states_.size() < options_.limits.max_states ? make_state(items_) : nullptr;
  if (s) {
    s->attributed_rule = rule + 1;
  } else {
    over_limit_.store(true, std::memory_order_relaxed);
  }
  return s;
}

State* Automaton::intern(std::vector<Expr>* items) {
  sort_unique(items);
  counters_.reduce(items);
  inclusion_.drop_included(items);
  grammar_.pool.charge(items->size());
  size_t mask = slots_.size() - 1;
  size_t i = hash_items(*items) & mask;
  for (; slots_[i] != kNoExpr; i = (i + 1) & mask) {
    State* s = states_[slots_[i]];
    if (std::equal(s->items.begin(), s->items.end(), items->begin(), items->end())) return s;
  }
  State* s = states_.size() < options_.limits.max_states ? make_state(*items) : nullptr;
  if (!s) {
    over_limit_.store(true, std::memory_order_relaxed);
    return nullptr;
  }
  slots_[i] = s->index;
  if (states_.size() * 2 > slots_.size()) grow_slots();
  return s;
}

void Automaton::grow_slots() {
  std::vector<uint32_t> bigger(slots_.size() * 2, kNoExpr);
  for (State* t : states_) {
    if (t->attributed_rule != 0) continue;
    size_t k = hash_items(t->items) & (bigger.size() - 1);
    while (bigger[k] != kNoExpr) k = (k + 1) & (bigger.size() - 1);
    bigger[k] = t->index;
  }
  slots_.swap(bigger);
}

// Null when a limit was hit.
State* Automaton::make_state(std::span<const Expr> items) {
  State* s = maker_.make(this, items);
  if (!s) return nullptr;
  s->index = static_cast<uint32_t>(states_.size());
  states_.push_back(s);
  state_count_.store(states_.size(), std::memory_order_relaxed);
  return s;
}

const CharLoop* Automaton::keep_loop(State* s, const CharLoop& loop) {
  static constexpr CharLoop kNone;
  std::lock_guard<std::mutex> lock(mutex_);
  if (const CharLoop* known = s->explored_loop.load(std::memory_order_relaxed)) return known;
  const CharLoop* kept =
      loop.rounds == 0 ? &kNone : new (arena_.allocate(sizeof(loop))) CharLoop(loop);
  s->explored_loop.store(kept, std::memory_order_release);
  return kept;
}

Relaxed Automaton::without_bounds(State* s, uint32_t least, State** boolean_heads, Work* work) {
  std::lock_guard<std::mutex> lock(mutex_);
  const ChargedPool charged(&grammar_.pool, work);
  const ExprPool& p = grammar_.pool;
  std::vector<Expr> items, heads;
  Relaxed r{nullptr, kUnbounded};
  *boolean_heads = nullptr;
  for (Expr e : s->items) {
    const BoundRemover::Unbounded u = bounds_.remove(e, least);
    r.slack = std::min(r.slack, u.slack);
    Expr head = p.node(u.e).kind == ExprKind::kSeq ? p.node(u.e).a : u.e;
    if (u.boolean) append_alternatives(p, head, &heads);
    append_alternatives(p, u.e, &items);
  }
  if (r.slack == kUnbounded) return {};
  r.state = intern(&items);
  if (!heads.empty()) *boolean_heads = intern(&heads);
  if (!heads.empty() && !*boolean_heads) return {};
  return r;
}

bool Automaton::includes(State* s, State* t, Work* work) {
  constexpr size_t kFewItems = 8;
  if (s == t) return true;
  if (s->automaton != t->automaton || s->items.size() > kFewItems || t->items.size() > kFewItems)
    return false;
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  const ChargedPool charged(&a.grammar_.pool, work);
  return std::all_of(t->items.begin(), t->items.end(), [&](Expr x) {
    return std::any_of(s->items.begin(), s->items.end(), [&](Expr y) {
      return x == y || has_fewer_rounds(a.grammar_.pool, x, y) || a.inclusion_.holds(x, y);
    });
  });
}

const Relaxed* Automaton::keep_relaxed(State* s, const Relaxed& relaxed) {
  static constexpr Relaxed kNone;
  std::lock_guard<std::mutex> lock(mutex_);
  const Relaxed* kept =
      relaxed.state ? new (arena_.allocate(sizeof(relaxed))) Relaxed(relaxed) : &kNone;
  s->relaxed.store(kept, std::memory_order_release);
  return kept;
}

State* Automaton::build_target(State* s, uint8_t c, Work* work) {
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  const ChargedPool charged(&a.grammar_.pool, work);
  State* t = s->targets[c].load(std::memory_order_relaxed);
  if (t) return t;
  a.items_.assign(s->class_items + s->class_begin[c], s->class_items + s->class_begin[c + 1]);
  t = a.intern(&a.items_);
  s->targets[c].store(t, std::memory_order_release);
  return t;
}

State* Automaton::build_canonical(State* s, Work* work) {
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  const ChargedPool charged(&a.grammar_.pool, work);
  ExprPool& pool = a.grammar_.pool;
  bool counts =
      std::any_of(s->items.begin(), s->items.end(), [&](Expr e) { return pool.has_counter(e); });
  State* c = s;
  if (counts || s->attributed_rule != 0) {
    a.items_.clear();
    for (Expr e : s->items) {
      append_alternatives(pool, clamp_counters(pool, e, a.options_.reach), &a.items_);
    }
    c = a.intern(&a.items_);
  }
  if (c && a.shared_states_) {
    if (State* twin = a.shared_states_->twin_of(*c)) c = twin;
  }
  s->canonical.store(c, std::memory_order_release);
  return c;
}

// The state here that reads what `s` of another automaton reads, if that is a matter of characters
// alone and many tokens may follow. Null: none. Expects the other's mutex_ to be held, not ours.
State* Automaton::twin_of(const State& s) {
  constexpr size_t kMaxItems = 4, kMaxNodes = 256;
  const ExprPool& from = s.automaton->grammar_.pool;
  if (s.items.size() > kMaxItems || !s.calls.empty() || s.classes->live.size() < kManyBytes ||
      !std::all_of(s.items.begin(), s.items.end(),
                   [&](Expr e) { return is_plain(from, e, kMaxNodes); })) {
    return nullptr;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  const ChargedPool charged(&grammar_.pool, from.work());
  // They stay as long as the compiler, however many grammars come and go; the rest is for rules.
  if (states_.size() > options_.limits.max_states / 64 ||
      grammar_.pool.size() > options_.limits.max_expressions / 64) {
    return nullptr;
  }
  items_.clear();
  for (Expr e : s.items) {
    append_alternatives(grammar_.pool, copy_expr(from, e, {}, &grammar_.pool), &items_);
  }
  return intern(&items_);
}

const Closure* Automaton::build_closure(State* s, Work* work) {
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  const ChargedPool charged(&a.grammar_.pool, work);
  const Closure* c = s->closure.load(std::memory_order_relaxed);
  return c ? c : a.closure_locked(s);
}

const Closure* Automaton::closure_locked(State* s) {
  ClosureBuilder builder(s);
  for (uint32_t i = 0; i < builder.entry_count(); ++i) {
    State* from = builder.entry_state(i);
    if (from->automaton != this) {
      const Closure* inner =
          closure(from, grammar_.pool.work());  // shared fragment: complete by itself
      if (!inner) return nullptr;
      builder.take_over(i, *inner);
      continue;
    }
    grammar_.pool.charge(1 + from->calls.size());
    for (const StateCall& call : from->calls) {
      State* start = start_locked(call.rule);
      items_.clear();
      append_alternatives(grammar_.pool, call.next, &items_);
      State* ret = intern(&items_);
      if (!start || !ret) return nullptr;
      builder.add_call(i, start, ret);
    }
  }
  const Closure* c = builder.store(&arena_);
  s->closure.store(c, std::memory_order_release);
  return c;
}

size_t Automaton::memory_bytes() {
  std::lock_guard<std::mutex> lock(mutex_);
  return grammar_.pool.memory_bytes() + arena_.memory_bytes() + inclusion_.memory_bytes() +
         bounds_.memory_bytes() + states_.capacity() * sizeof(State*) +
         slots_.capacity() * sizeof(uint32_t);
}

}  // namespace xgr::core
