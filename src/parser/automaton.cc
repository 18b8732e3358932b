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
#include "parser/closure_builder.h"

namespace xgr {
namespace {

uint64_t hash_items(std::span<const Expr> items) {
  uint64_t h = items.size() * 0x9E3779B97F4A7C15ull + 1;
  for (Expr e : items) {
    h = (h ^ e) * 0xFF51AFD7ED558CCDull;
    h ^= h >> 32;
  }
  return h;
}

void sort_unique(std::vector<Expr>* v) {
  std::sort(v->begin(), v->end());
  v->erase(std::unique(v->begin(), v->end()), v->end());
}

}  // namespace

Automaton::Automaton(Grammar grammar, const AutomatonOptions& options)
    : options_(options), grammar_(std::move(grammar)), derivatives_(grammar_, facts_) {
  slots_.assign(256, kNoExpr);
  derivatives_.set_max_expressions(options.limits.max_expressions);
}

Automaton::~Automaton() = default;  // states live in the arena and need no destructor

Result<std::unique_ptr<Automaton>> Automaton::create(Grammar grammar,
                                                     const AutomatonOptions& options) {
  std::unique_ptr<Automaton> a(new Automaton(std::move(grammar), options));
  if (MaybeError e = analyse(a->grammar_, options.alphabet, &a->facts_)) return *e;
  a->links_.resize(a->grammar_.rules.size());
  return a;
}

MaybeError Automaton::extend(const std::function<void(Grammar&)>& add) {
  std::lock_guard<std::mutex> lock(mutex_);
  add(grammar_);
  links_.resize(grammar_.rules.size());
  return analyse(grammar_, options_.alphabet, &facts_);
}

void Automaton::link(RuleId rule, Automaton* other, RuleId other_rule) {
  std::lock_guard<std::mutex> lock(mutex_);
  links_[rule].automaton = other;
  links_[rule].rule = other_rule;
}

Error Automaton::limit_error() const {
  Error e;
  e.code = Status::kLimitExceeded;
  e.message = "the grammar needs more automaton states or expressions than allowed (max_states " +
              std::to_string(options_.limits.max_states) + ", max_expressions " +
              std::to_string(options_.limits.max_expressions) + ")";
  return e;
}

State* Automaton::state(size_t index) {
  std::lock_guard<std::mutex> lock(mutex_);
  return states_[index];
}

State* Automaton::start(RuleId rule) {
  std::lock_guard<std::mutex> lock(mutex_);
  return start_locked(rule);
}

State* Automaton::start_locked(RuleId rule) {
  Link& link = links_[rule];
  if (link.start) return link.start;
  if (link.automaton) return link.start = link.automaton->start(link.rule);
  Expr body = grammar_.rules[rule].body;
  if (facts_.rules[rule].left_scc >= 0) body = grammar_.pool.call(rule);  // resolved by expand
  std::vector<Expr> items;
  add_items(body, &items);
  return link.start = intern(&items);
}

// Alternatives one by one; those without any string are left out.
void Automaton::add_items(Expr e, std::vector<Expr>* items) const {
  const ExprPool& p = grammar_.pool;
  std::span<const Expr> parts{&e, 1};
  if (p.node(e).kind == ExprKind::kAlt) parts = p.children(e);
  for (Expr part : parts) {
    if (!p.dead(part)) items->push_back(part);
  }
}

State* Automaton::intern(std::vector<Expr>* items) {
  sort_unique(items);
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
    size_t k = hash_items(t->items) & (bigger.size() - 1);
    while (bigger[k] != kNoExpr) k = (k + 1) & (bigger.size() - 1);
    bigger[k] = t->index;
  }
  slots_.swap(bigger);
}

// Null when a limit was hit.
State* Automaton::make_state(std::span<const Expr> items) {
  LinearForm form;
  bool nullable = false;
  for (Expr e : items) {
    nullable = nullable || grammar_.pool.nullable(e);
    derivatives_.expand(e, &form);
  }
  if (derivatives_.over_limit()) return nullptr;
  State* s = new (arena_.allocate(sizeof(State))) State;
  Expr* copy = arena_.array<Expr>(items.size());
  std::copy(items.begin(), items.end(), copy);
  s->automaton = this;
  s->items = {copy, items.size()};
  s->nullable = nullable;
  fill_steps(s, form);
  store_calls(s, form);
  bool reads = s->class_begin[s->class_count] > 0;
  s->sole_call = !reads && !nullable && s->calls.size() == 1;
  s->at_end = !reads && nullable && s->calls.empty();
  find_loop(s);
  s->index = static_cast<uint32_t>(states_.size());
  states_.push_back(s);
  state_count_.store(states_.size(), std::memory_order_relaxed);
  return s;
}

const ByteClasses* Automaton::intern_classes(const ByteClasses& classes) {
  std::string key(reinterpret_cast<const char*>(classes.of.data()), classes.of.size());
  auto it = classes_.try_emplace(std::move(key), nullptr).first;
  if (!it->second) {
    ByteClasses* kept = new (arena_.allocate(sizeof(ByteClasses))) ByteClasses(classes);
    for (size_t b = 0; b < 256; ++b) {
      if (kept->of[b]) kept->live.add(static_cast<uint8_t>(b));
    }
    it->second = kept;
  }
  return it->second;
}

// Cuts the byte range where some edge begins or ends, gathers what follows each piece, and gives the
// same class to pieces that are followed by the same.
void Automaton::fill_steps(State* s, const LinearForm& form) {
  std::array<bool, 257> cut{};
  for (const ByteEdge& b : form.bytes) cut[b.lo] = cut[b.hi + 1u] = true;
  std::array<uint16_t, 256> piece{};
  uint16_t pieces = 0;
  for (size_t b = 0; b < 256; ++b) {
    if (b > 0 && cut[b]) ++pieces;
    piece[b] = pieces;
  }
  std::vector<std::vector<Expr>> after(pieces + 1u);
  for (const ByteEdge& b : form.bytes) {
    for (uint16_t p = piece[b.lo]; p <= piece[b.hi]; ++p) add_items(b.next, &after[p]);
  }
  std::vector<std::vector<Expr>> lists(1);  // by class; the dead class first
  std::vector<uint8_t> class_of_piece(after.size(), 0);
  for (size_t p = 0; p < after.size(); ++p) {
    if (after[p].empty()) continue;
    sort_unique(&after[p]);
    size_t c = 1;
    while (c < lists.size() && lists[c] != after[p]) ++c;
    if (c == lists.size()) lists.push_back(std::move(after[p]));
    XGR_CHECK(c < 256);  // 0xC0, 0xC1 and 0xF5.. never occur in UTF-8
    class_of_piece[p] = static_cast<uint8_t>(c);
  }
  ByteClasses classes;
  for (size_t b = 0; b < 256; ++b) classes.of[b] = class_of_piece[piece[b]];
  s->classes = intern_classes(classes);
  store_classes(s, lists);
}

void Automaton::store_classes(State* s, const std::vector<std::vector<Expr>>& lists) {
  s->targets = arena_.array<std::atomic<State*>>(lists.size());
  uint32_t* begin = arena_.array<uint32_t>(lists.size() + 1);
  uint32_t total = 0;
  for (size_t c = 0; c < lists.size(); ++c) {
    new (&s->targets[c]) std::atomic<State*>(nullptr);
    begin[c] = total;
    total += static_cast<uint32_t>(lists[c].size());
  }
  begin[lists.size()] = total;
  s->class_count = static_cast<uint16_t>(lists.size());
  Expr* all = arena_.array<Expr>(total);
  for (size_t c = 0; c < lists.size(); ++c) {
    std::copy(lists[c].begin(), lists[c].end(), all + begin[c]);
  }
  s->class_begin = begin;
  s->class_items = all;
}

// Calls of one rule with several continuations become one call that returns to their union.
void Automaton::store_calls(State* s, const LinearForm& form) {
  StateCall* calls = arena_.array<StateCall>(form.calls.size());
  size_t count = 0;
  for (const CallEdge& c : form.calls) {
    size_t i = 0;
    while (i < count && calls[i].rule != c.rule) ++i;
    if (i == count) {
      calls[count++] = {c.rule, c.next};
    } else {
      calls[i].next = grammar_.pool.alt(calls[i].next, c.next);
    }
  }
  s->calls = {calls, count};
}

const Automaton::LoopBytes& Automaton::loop_bytes(uint32_t charset) {
  if (charset >= loop_bytes_.size()) loop_bytes_.resize(charset + 1);
  if (loop_bytes_[charset].count) return loop_bytes_[charset];
  const CharSet& set = grammar_.pool.charset(charset);
  LoopBytes l;
  l.count = set.count();
  for (uint32_t b = 0; b < 0x80; ++b) {
    if (set.contains(b)) l.bytes.add(static_cast<uint8_t>(b));
  }
  const CharRange beyond_ascii[] = {{0x80, 0x10FFFF}};
  CharSet non_ascii = CharSet::of(beyond_ascii);
  if (set.intersected(non_ascii) == non_ascii) l.bytes.add_range(0x80, 0xFF);
  return loop_bytes_[charset] = l;
}

// Whether in the repetition at the head of `e` nothing but `part` can read `bytes`, nor what follows it, which
// must read something.
bool Automaton::only_part_reads(Expr e, Expr part, const ByteSet& bytes) {
  const ExprPool& p = grammar_.pool;
  if (p.node(e).kind != ExprKind::kSeq || p.nullable(p.node(e).b)) return false;
  LinearForm others;
  derivatives_.expand(p.node(e).b, &others);
  Expr body = p.node(p.node(e).a).a;
  if (body != part) {
    std::span<const Expr> children = p.children(body);
    std::vector<Expr> parts(children.begin(), children.end());
    for (Expr x : parts) {
      if (x != part) derivatives_.expand(x, &others);
    }
  }
  if (!others.calls.empty()) return false;
  for (const ByteEdge& b : others.bytes) {
    for (int x = b.lo; x <= b.hi; ++x) {
      if (bytes.has(static_cast<uint8_t>(x))) return false;
    }
  }
  return true;
}

// A character loop is a repetition of a class (or of alternatives among which there is one) at the
// head of an item; the one over the most characters counts.
void Automaton::find_loop(State* s) {
  const ExprPool& p = grammar_.pool;
  uint32_t best = 0;
  Expr best_item = 0, best_part = 0;
  for (Expr e : s->items) {
    Expr head = p.node(e).kind == ExprKind::kSeq ? p.node(e).a : e;
    const ExprNode& n = p.node(head);
    if (n.kind != ExprKind::kRepeat) continue;
    std::span<const Expr> parts{&n.a, 1};
    if (p.node(n.a).kind == ExprKind::kAlt) parts = p.children(n.a);
    for (Expr part : parts) {
      if (p.node(part).kind != ExprKind::kClass) continue;
      const LoopBytes& l = loop_bytes(p.node(part).a);
      if (l.count <= best) continue;
      best = l.count;
      best_item = e, best_part = part;
      s->has_loop = true;
      s->loop = {l.bytes, n.c};
    }
  }
  if (!s->has_loop || s->loop.rounds == kUnbounded || s->items.size() > 1) return;
  s->only_loop_reads = only_part_reads(best_item, best_part, s->loop.bytes);
}

const CharLoop* Automaton::keep_loop(State* s, const CharLoop& loop) {
  static constexpr CharLoop kNone;
  std::lock_guard<std::mutex> lock(mutex_);
  if (const CharLoop* known = s->explored_loop.load(std::memory_order_relaxed)) return known;
  const CharLoop* kept = loop.rounds == 0 ? &kNone : new (arena_.allocate(sizeof(loop))) CharLoop(loop);
  s->explored_loop.store(kept, std::memory_order_release);
  return kept;
}

Relaxed Automaton::without_bounds(State* s, uint32_t least, State** boolean_heads) {
  std::lock_guard<std::mutex> lock(mutex_);
  const ExprPool& p = grammar_.pool;
  std::vector<Expr> items, heads;
  Relaxed r{nullptr, kUnbounded};
  *boolean_heads = nullptr;
  for (Expr e : s->items) {
    Unbounded u = xgr::without_bounds(grammar_.pool, e, least);
    r.slack = std::min(r.slack, u.slack);
    if (u.boolean) add_items(p.node(u.e).kind == ExprKind::kSeq ? p.node(u.e).a : u.e, &heads);
    add_items(u.e, &items);
  }
  if (r.slack == kUnbounded) return {};
  r.state = intern(&items);
  if (!heads.empty()) *boolean_heads = intern(&heads);
  if (!heads.empty() && !*boolean_heads) return {};
  return r;
}

const Relaxed* Automaton::keep_relaxed(State* s, const Relaxed& relaxed) {
  static constexpr Relaxed kNone;
  std::lock_guard<std::mutex> lock(mutex_);
  const Relaxed* kept = relaxed.state ? new (arena_.allocate(sizeof(relaxed))) Relaxed(relaxed) : &kNone;
  s->relaxed.store(kept, std::memory_order_release);
  return kept;
}

State* Automaton::build_target(State* s, uint8_t c) {
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  State* t = s->targets[c].load(std::memory_order_relaxed);
  if (t) return t;
  std::vector<Expr> items(s->class_items + s->class_begin[c], s->class_items + s->class_begin[c + 1]);
  t = a.intern(&items);
  s->targets[c].store(t, std::memory_order_release);
  return t;
}

State* Automaton::build_canonical(State* s) {
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  std::vector<Expr> items;
  for (Expr e : s->items) {
    a.add_items(clamp_counters(a.grammar_.pool, e, a.options_.reach), &items);
  }
  State* c = a.intern(&items);
  s->canonical.store(c, std::memory_order_release);
  return c;
}

const Closure* Automaton::build_closure(State* s) {
  Automaton& a = *s->automaton;
  std::lock_guard<std::mutex> lock(a.mutex_);
  const Closure* c = s->closure.load(std::memory_order_relaxed);
  return c ? c : a.closure_locked(s);
}

const Closure* Automaton::closure_locked(State* s) {
  ClosureBuilder builder(s);
  for (uint32_t i = 0; i < builder.entry_count(); ++i) {
    State* from = builder.entry_state(i);
    if (from->automaton != this) {
      const Closure* inner = closure(from);  // shared fragment: its own closure is complete
      if (!inner) return nullptr;
      builder.take_over(i, *inner);
      continue;
    }
    for (const StateCall& call : from->calls) {
      State* start = start_locked(call.rule);
      std::vector<Expr> items;
      add_items(call.next, &items);
      State* ret = intern(&items);
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
  return grammar_.pool.memory_bytes() + arena_.memory_bytes() +
         states_.capacity() * sizeof(State*) + slots_.capacity() * sizeof(uint32_t);
}

}  // namespace xgr
