// States: what a set of expressions can do first, in the form that walks read.
//
// Entry point: StateMaker::make. The first steps of all expressions are cut into ranges of bytes that
// are followed by the same; ranges with equal continuations share a class, and equal tables of classes
// are one object. Working memory is kept, so that a state costs a few arena pieces and no allocation.
//
//   {"ab", "ac"}  ->  class of 'a': 1, all others 0 (dead); class 1 is followed by {"b", "c"}
//
// Tests: tests/unit/parser/automaton_test.cc.
#include "parser/state_maker.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "support/sort_unique.h"
#include "support/status.h"

namespace xgr::core {
namespace {

// Adds the bytes of UTF-8 that only characters of `set` begin with, and what follows them.
void add_lead_bytes(const CharSet& set, ByteSet* bytes) {
  std::span<const CharRange> ranges = set.ranges();
  size_t i = 0;
  bool any = false;
  for (uint32_t lead = 0xC2; lead <= 0xF4; ++lead) {
    const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    const char32_t least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
    const char32_t lo = (lead & (0x3Fu >> more)) << (6 * more);
    char32_t hi = std::min<char32_t>(lo + (1u << (6 * more)) - 1, 0x10FFFF);
    if (lead == 0xED) hi = 0xD7FF;  // before the surrogates, which are no characters
    while (i < ranges.size() && ranges[i].hi < hi) ++i;
    if (i == ranges.size()) break;
    if (ranges[i].lo > std::max(lo, least)) continue;
    bytes->add(static_cast<uint8_t>(lead));
    any = true;
  }
  if (any) bytes->add_range(0x80, 0xBF);
}

}  // namespace

void append_alternatives(const ExprPool& pool, Expr e, std::vector<Expr>* items) {
  std::span<const Expr> parts{&e, 1};
  if (pool.node(e).kind == ExprKind::kAlt) parts = pool.children(e);
  for (Expr part : parts) {
    if (!pool.dead(part)) items->push_back(part);
  }
}

State* StateMaker::make(Automaton* automaton, std::span<const Expr> items) {
  form_.clear();
  bool nullable = false;
  for (Expr e : items) nullable = nullable || grammar_.pool.nullable(e);
  derivatives_.expand(items, &form_);
  if (derivatives_.over_limit()) return nullptr;
  grammar_.pool.charge(form_.bytes.size() + form_.calls.size());
  State* s = new (arena_.allocate(sizeof(State))) State;
  Expr* copy = arena_.array<Expr>(items.size());
  std::copy(items.begin(), items.end(), copy);
  s->automaton = automaton;
  s->items = {copy, items.size()};
  s->nullable = nullable;
  fill_steps(s);
  store_calls(s);
  bool reads = s->class_begin[s->class_count] > 0;
  s->sole_call = !reads && !nullable && s->calls.size() == 1;
  s->at_end = !reads && nullable && s->calls.empty();
  find_loop(s);
  return s;
}

// The table that class_ranges_ describe; few are different.
const ByteClasses* StateMaker::intern_classes() {
  ByteClasses table;
  uint64_t hash = 1;
  for (const ClassRange& r : class_ranges_) {
    std::memset(&table.of[r.lo], r.byte_class, size_t{r.hi} - r.lo + 1);
    hash = (hash ^ (uint64_t{r.lo} << 16 | uint64_t{r.hi} << 8 | r.byte_class)) *
           0xFF51AFD7ED558CCDull;
    hash ^= hash >> 32;
  }
  std::vector<const ByteClasses*>& bucket = classes_[hash];
  for (const ByteClasses* known : bucket) {
    if (known->of == table.of) return known;
  }
  for (const ClassRange& r : class_ranges_) table.live.add_range(r.lo, r.hi);
  bucket.push_back(new (arena_.allocate(sizeof(ByteClasses))) ByteClasses(table));
  return bucket.back();
}

// The class whose items are class_items_[begin..], which are taken off again when it is not new.
size_t StateMaker::class_of_items(size_t begin) {
  auto items = class_items_.begin();
  auto first = items + static_cast<std::ptrdiff_t>(begin);
  for (size_t c = 1; c + 1 < class_begin_.size(); ++c) {
    if (std::equal(items + class_begin_[c], items + class_begin_[c + 1], first,
                   class_items_.end())) {
      class_items_.resize(begin);
      return c;
    }
  }
  class_begin_.push_back(static_cast<uint32_t>(class_items_.size()));
  return class_begin_.size() - 2;
}

// Gathers what follows each piece of the byte range, and gives the same class to pieces that are
// followed by the same.
void StateMaker::fill_steps(State* s) {
  cuts_.cut(form_.bytes);
  class_items_.clear();
  class_begin_.assign(2, 0);  // the dead class
  class_ranges_.clear();
  for (const ByteCuts::Piece& p : cuts_.pieces()) {
    size_t begin = class_items_.size();
    for (Expr next : cuts_.next(p)) append_alternatives(grammar_.pool, next, &class_items_);
    if (class_items_.size() == begin) continue;
    grammar_.pool.charge(class_items_.size() - begin);
    sort_unique(&class_items_, begin);
    size_t c = class_of_items(begin);
    XGR_CHECK(c < 256);  // 0xC0, 0xC1 and 0xF5.. never occur in UTF-8
    bool goes_on = !class_ranges_.empty() && class_ranges_.back().byte_class == c &&
                   class_ranges_.back().hi + 1 == p.lo;
    if (goes_on) {
      class_ranges_.back().hi = p.hi;
    } else {
      class_ranges_.push_back({p.lo, p.hi, static_cast<uint8_t>(c)});
    }
  }
  s->classes = intern_classes();
  store_classes(s);
}

void StateMaker::store_classes(State* s) {
  size_t count = class_begin_.size() - 1;
  s->class_count = static_cast<uint16_t>(count);
  s->targets = arena_.array<std::atomic<State*>>(count);
  for (size_t c = 0; c < count; ++c) new (&s->targets[c]) std::atomic<State*>(nullptr);
  uint32_t* begin = arena_.array<uint32_t>(count + 1);
  std::copy(class_begin_.begin(), class_begin_.end(), begin);
  Expr* all = arena_.array<Expr>(class_items_.size());
  std::copy(class_items_.begin(), class_items_.end(), all);
  s->class_begin = begin;
  s->class_items = all;
}

// Calls of one rule with several continuations become one call that returns to their union.
void StateMaker::store_calls(State* s) {
  if (form_.calls.empty()) return;
  StateCall* calls = arena_.array<StateCall>(form_.calls.size());
  size_t count = 0;
  for (const CallEdge& c : form_.calls) {
    size_t i = 0;
    while (i < count && calls[i].rule != c.rule) ++i;
    grammar_.pool.charge(1 + i / 8);
    if (i == count) {
      calls[count++] = {c.rule, c.next};
    } else {
      calls[i].next = grammar_.pool.alt(calls[i].next, c.next);
    }
  }
  s->calls = {calls, count};
}

const StateMaker::LoopBytes& StateMaker::loop_bytes(uint32_t charset) {
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
  if (set.intersected(non_ascii) == non_ascii) {
    l.bytes.add_range(0x80, 0xFF);
  } else {
    add_lead_bytes(set, &l.bytes);
  }
  return loop_bytes_[charset] = l;
}

// Whether in the repetition at the head of `e` nothing but `part` can read `bytes`, nor what follows it, which
// must read something.
bool StateMaker::only_part_reads(Expr e, Expr part, const ByteSet& bytes) {
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
void StateMaker::find_loop(State* s) {
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

}  // namespace xgr::core
