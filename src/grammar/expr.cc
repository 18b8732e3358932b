// The grammar IR: hash-consing and normalising constructors.
//
// Entry point: ExprPool (expr.h). Every constructor reduces its arguments to a normal form, then
// looks the node up by content; equality is decided on the whole content, the hash only finds the
// bucket. Children exist before their parents, so a single pass in id order sees them first.
//
//   p.seq(p.seq(a, b), c) == p.seq(a, p.seq(b, c))      // right-nested
//   p.alt(a, p.alt(b, a)) == p.alt(b, a)                // flat, sorted, unique
//   p.seq(p.star(a), p.optional(a)) == p.star(a)        // counts are added, and multiplied
//
// Tests: tests/unit/grammar/expr_test.cc.
#include "grammar/expr.h"

#include <algorithm>
#include <functional>
#include <string>

#include "grammar/expr_tables.h"
#include "grammar/string_set.h"
#include "support/sort_unique.h"
#include "support/status.h"

namespace xgr::core {
namespace {

constexpr uint64_t kStepsOfNode = 4;  // to look one up
constexpr size_t kFewSorted = 64;     // are sorted in no time

uint64_t mix_node(uint64_t h, uint64_t v) {
  h ^= v + 0x9E3779B97F4A7C15ull + (h << 6) + (h >> 2);
  h *= 0xFF51AFD7ED558CCDull;
  return h ^ (h >> 32);
}

// Payload nodes keep (begin, count) in a and b; those are not part of their identity.
bool has_payload(ExprKind kind) { return kind == ExprKind::kAlt || kind == ExprKind::kSwitch; }

uint64_t hash_node(const ExprNode& n, std::span<const uint32_t> payload) {
  uint64_t h = static_cast<uint64_t>(n.kind) + 1;
  if (has_payload(n.kind)) {
    for (uint32_t v : payload) h = mix_node(h, v);
    return h;
  }
  return mix_node(mix_node(h, (uint64_t{n.a} << 32) | n.b), (uint64_t{n.c} << 32) | n.d);
}

}  // namespace

ExprPool::ExprPool() : tables_(std::make_unique<Tables>()) {
  tables_->slots.assign(256, kNoExpr);
  tables_->alphabet = {~0ull, ~0ull, ~0ull, ~0ull};
  intern({ExprKind::kEmpty, 0, 0, 0, 0, 0, 0}, {});
  intern({ExprKind::kEpsilon, 0, 0, 0, 0, 0, 0}, {});
}
ExprPool::ExprPool(ExprPool&&) noexcept = default;
ExprPool& ExprPool::operator=(ExprPool&&) noexcept = default;
ExprPool::~ExprPool() = default;

std::span<const uint32_t> ExprPool::payload(const ExprNode& n) const {
  if (!has_payload(n.kind)) return {};
  size_t words = n.kind == ExprKind::kSwitch ? size_t{n.b} * 3 : n.b;
  return {payloads_.data() + n.a, words};
}

bool ExprPool::same(const ExprNode& x, const ExprNode& y,
                    std::span<const uint32_t> payload_y) const {
  if (x.kind != y.kind) return false;
  if (!has_payload(x.kind)) return x.a == y.a && x.b == y.b && x.c == y.c && x.d == y.d;
  std::span<const uint32_t> px = payload(x);
  return px.size() == payload_y.size() && std::equal(px.begin(), px.end(), payload_y.begin());
}

void ExprPool::grow_slots() {
  std::vector<Expr> bigger(tables_->slots.size() * 2, kNoExpr);
  size_t mask = bigger.size() - 1;
  for (Expr e = 0; e < nodes_.size(); ++e) {
    size_t i = hash_node(nodes_[e], payload(nodes_[e])) & mask;
    while (bigger[i] != kNoExpr) i = (i + 1) & mask;
    bigger[i] = e;
  }
  tables_->slots.swap(bigger);
}

Expr ExprPool::intern(ExprNode node, std::span<const uint32_t> words) {
  Tables& t = *tables_;
  if (work_) work_->charge(kStepsOfNode + words.size() / 4);
  if ((nodes_.size() + 1) * 2 > t.slots.size()) grow_slots();
  size_t mask = t.slots.size() - 1;
  size_t i = hash_node(node, words) & mask;
  for (; t.slots[i] != kNoExpr; i = (i + 1) & mask) {
    if (same(nodes_[t.slots[i]], node, words)) return t.slots[i];
  }
  if (has_payload(node.kind)) {
    node.a = static_cast<uint32_t>(payloads_.size());
    node.b =
        static_cast<uint32_t>(node.kind == ExprKind::kSwitch ? words.size() / 3 : words.size());
    payloads_.insert(payloads_.end(), words.begin(), words.end());
  }
  if (work_) work_->charge_bytes(sizeof(ExprNode) + 2 * sizeof(Expr) + words.size_bytes());
  Expr e = static_cast<Expr>(nodes_.size());
  node.flags = derive_flags(node);
  nodes_.push_back(node);
  t.slots[i] = e;
  return e;
}

Expr ExprPool::literal(std::string_view utf8) {
  if (utf8.empty()) return epsilon();
  Tables& t = *tables_;
  uint64_t hash = std::hash<std::string_view>()(utf8);
  uint32_t id = t.string_ids.find(hash, [&](uint32_t known) { return t.strings[known] == utf8; });
  if (id == IdTable::kNone) {
    t.string_ids.make_room();
    t.strings.emplace_back(utf8);
    id = t.string_ids.add(hash);
    t.string_bytes += sizeof(std::string) + utf8.size();
  }
  return literal_tail(id, 0);
}

Expr ExprPool::literal_tail(uint32_t string_id, uint32_t offset) {
  if (offset >= tables_->strings[string_id].size()) return epsilon();
  return intern({ExprKind::kLiteral, 0, 0, string_id, offset, 0, 0}, {});
}

Expr ExprPool::char_class(const CharSet& set) {
  if (set.empty()) return empty();
  Tables& t = *tables_;
  uint64_t hash = 1;
  for (const CharRange& r : set.ranges()) hash = mix_node(hash, uint64_t{r.lo} << 32 | r.hi);
  uint32_t id = t.charset_ids.find(hash, [&](uint32_t known) { return t.charsets[known] == set; });
  if (id == IdTable::kNone) {
    t.charset_ids.make_room();
    t.charsets.push_back(set);
    id = t.charset_ids.add(hash);
  }
  return intern({ExprKind::kClass, 0, 0, id, 0, 0, 0}, {});
}

Expr ExprPool::switch_on(std::span<const SwitchEdge> edges) {
  std::vector<uint32_t>& words = tables_->scratch;
  words.clear();
  for (const SwitchEdge& e : edges) {
    if (e.child == empty()) continue;
    words.insert(words.end(), {static_cast<uint32_t>(e.lo), static_cast<uint32_t>(e.hi), e.child});
  }
  if (words.empty()) return empty();
  if (words.size() == 3) {
    CharSet set;
    set.add(words[0], words[1]);
    return seq(char_class(set), words[2]);
  }
  return intern({ExprKind::kSwitch, 0, 0, 0, 0, 0, 0}, words);
}

Expr ExprPool::token_digit(uint8_t lo, uint8_t hi) {
  return intern({ExprKind::kByteRange, 0, 0, lo, hi, 1, 0}, {});
}

Expr ExprPool::byte_range(uint8_t lo, uint8_t hi) {
  return intern({ExprKind::kByteRange, 0, 0, lo, hi, 0, 0}, {});
}

Expr ExprPool::seq(Expr first, Expr second) {
  if (first == empty() || second == empty()) return empty();
  if (first == epsilon()) return second;
  if (second == epsilon()) return first;
  std::vector<Expr> heads;
  while (nodes_[first].kind == ExprKind::kSeq) {
    heads.push_back(nodes_[first].a);
    first = nodes_[first].b;
  }
  Expr tail = join_repeats(first, second);
  if (tail == kNoExpr) tail = intern({ExprKind::kSeq, 0, 0, first, second, 0, 0}, {});
  for (size_t i = heads.size(); i-- > 0;) {
    tail = intern({ExprKind::kSeq, 0, 0, heads[i], tail, 0, 0}, {});
  }
  return tail;
}

Expr ExprPool::seq(std::span<const Expr> parts) {
  Expr tail = epsilon();
  for (size_t i = parts.size(); i-- > 0;) tail = seq(parts[i], tail);
  return tail;
}

Expr ExprPool::alt(Expr first, Expr second) {
  std::array<Expr, 2> both{first, second};
  return alt(both);
}

Expr ExprPool::alt(std::span<const Expr> branches) {
  std::vector<Expr>& flat = tables_->scratch;
  flat.clear();
  for (Expr e : branches) {
    if (e == empty()) continue;
    if (nodes_[e].kind == ExprKind::kAlt) {
      std::span<const Expr> c = children(e);
      flat.insert(flat.end(), c.begin(), c.end());
    } else {
      flat.push_back(e);
    }
  }
  if (flat.size() > kFewSorted) charge(flat.size());
  sort_unique(&flat);
  if (flat.empty()) return empty();
  if (flat.size() == 1) return flat[0];
  return intern({ExprKind::kAlt, 0, 0, 0, 0, 0, 0}, flat);
}

// x{a,b} x{c,d} rest is x{a+c,b+d} rest. None: it is something else, or the sums are too large.
Expr ExprPool::join_repeats(Expr first, Expr second) {
  const ExprNode x = nodes_[first], n = nodes_[second];
  const bool more = n.kind == ExprKind::kSeq;
  const ExprNode y = more ? nodes_[n.a] : n;
  if (x.kind != ExprKind::kRepeat || y.kind != ExprKind::kRepeat || x.a != y.a) return kNoExpr;
  const bool bounded = x.c != kUnbounded && y.c != kUnbounded;
  const uint64_t min = uint64_t{x.b} + y.b, max = bounded ? uint64_t{x.c} + y.c : kUnbounded;
  if (min >= kUnbounded || (bounded && max >= kUnbounded)) return kNoExpr;
  const Expr both = intern(
      {ExprKind::kRepeat, 0, 0, x.a, static_cast<uint32_t>(min), static_cast<uint32_t>(max), 0},
      {});
  return more ? intern({ExprKind::kSeq, 0, 0, both, n.b, 0, 0}, {}) : both;
}

// (x{a,b}){c,d} is x{ac,bd} where no number of times between is left out, which is so everywhere if it
// is so from c to c + 1 rounds. None: it is something else, or the products are too large.
Expr ExprPool::flat_repeat(Expr body, uint32_t min, uint32_t max) {
  const ExprNode n = nodes_[body];
  if (n.kind != ExprKind::kRepeat) return kNoExpr;
  const bool bounded = n.c != kUnbounded && max != kUnbounded;
  const uint64_t most_of_min = n.c != kUnbounded || min == 0 ? uint64_t{min} * n.c : UINT64_MAX - 1;
  const bool gapless = min == max || (uint64_t{min} + 1) * n.b <= most_of_min + 1;
  const uint64_t least = uint64_t{n.b} * min, most = bounded ? uint64_t{n.c} * max : kUnbounded;
  if (!gapless || least >= kUnbounded || (bounded && most >= kUnbounded)) return kNoExpr;
  return intern(
      {ExprKind::kRepeat, 0, 0, n.a, static_cast<uint32_t>(least), static_cast<uint32_t>(most), 0},
      {});
}

Expr ExprPool::repeat(Expr body, uint32_t min, uint32_t max) {
  XGR_CHECK(min <= max);
  if (max == 0 || body == epsilon()) return epsilon();
  if (body == empty()) return min == 0 ? epsilon() : empty();
  if (min == 1 && max == 1) return body;
  const Expr flat = flat_repeat(body, min, max);
  if (flat != kNoExpr) return flat;
  return intern({ExprKind::kRepeat, 0, 0, body, min, max, 0}, {});
}

Expr ExprPool::call(RuleId rule) { return intern({ExprKind::kCall, 0, 0, rule, 0, 0, 0}, {}); }

Expr ExprPool::raw_not(Expr body) {
  if (nodes_[body].kind == ExprKind::kNot) return nodes_[body].a;
  return intern({ExprKind::kNot, 0, 0, body, 0, 0, 0}, {});
}

Expr ExprPool::intersect(Expr first, Expr second) {
  if (first == second) return first;
  if (first > second) std::swap(first, second);
  if (first == empty()) return empty();
  Expr everything = raw_not(empty());
  if (first == everything) return second;
  if (second == everything) return first;
  if (first == epsilon()) return nullable(second) ? epsilon() : empty();
  return intern({ExprKind::kAnd, 0, 0, first, second, 0, 0}, {});
}

// What cannot be longer than its shortest strings is left as it is.
Expr ExprPool::shortest(Expr body) {
  if (nullable(body)) return epsilon();
  switch (nodes_[body].kind) {
    case ExprKind::kEmpty:
    case ExprKind::kByteRange:
    case ExprKind::kLiteral:
    case ExprKind::kClass:
    case ExprKind::kTokens:
    case ExprKind::kShortest:
      return body;
    default:
      return intern({ExprKind::kShortest, 0, 0, body, 0, 0, 0}, {});
  }
}

Expr ExprPool::tokens(const TokenIds& set) {
  if (set.empty()) return empty();
  std::vector<TokenIds>& known = tables_->token_id_sets;
  size_t id = static_cast<size_t>(std::find(known.begin(), known.end(), set) - known.begin());
  if (id == known.size()) known.push_back(set);
  return intern({ExprKind::kTokens, 0, 0, static_cast<uint32_t>(id), 0, 0, 0}, {});
}

Expr ExprPool::complement(Expr body) {
  return intersect(star(char_class(CharSet::all())), raw_not(body));
}

Expr ExprPool::string_set(std::vector<std::string> strings) {
  const std::vector<std::string_view> views(strings.begin(), strings.end());
  return StringSet::add(this, StringTable::of(views));
}

uint32_t ExprPool::add_generator(std::unique_ptr<const LazyGenerator> generator) {
  tables_->generators.push_back(std::move(generator));
  return static_cast<uint32_t>(tables_->generators.size() - 1);
}

Expr ExprPool::lazy(uint32_t generator, const LazyGenerator::Args& args) {
  return intern({ExprKind::kLazy, 0, 0, generator, args[0], args[1], args[2]}, {});
}

Expr ExprPool::left_tail(RuleId from, RuleId to) {
  return intern({ExprKind::kLeftTail, 0, 0, from, to, 0, 0}, {});
}

std::string_view ExprPool::string(uint32_t id) const { return tables_->strings[id]; }
const CharSet& ExprPool::charset(uint32_t id) const { return tables_->charsets[id]; }
const TokenIds& ExprPool::token_ids(uint32_t id) const { return tables_->token_id_sets[id]; }
size_t ExprPool::token_set_count() const { return tables_->token_id_sets.size(); }

void ExprPool::limit_tokens(PossibleTokens tokens) { tables_->possible_tokens = std::move(tokens); }

TokenIds ExprPool::possible_ids(uint32_t token_set) const {
  const TokenIds& ids = token_ids(token_set);
  const PossibleTokens& possible = tables_->possible_tokens;
  return ids.intersection(ids.is_complement() ? possible.texts : possible.all);
}

std::vector<SwitchEdge> ExprPool::edges(Expr e) const {
  std::span<const uint32_t> words = payload(nodes_[e]);
  std::vector<SwitchEdge> out;
  for (size_t i = 0; i < words.size(); i += 3)
    out.push_back({words[i], words[i + 1], words[i + 2]});
  return out;
}

const LazyGenerator& ExprPool::generator(uint32_t id) const { return *tables_->generators[id]; }

size_t ExprPool::memory_bytes() const {
  size_t sets = 0;
  for (const CharSet& s : tables_->charsets) sets += s.ranges().size_bytes() * 2 + 64;
  return nodes_.capacity() * sizeof(ExprNode) + tables_->slots.capacity() * sizeof(Expr) +
         payloads_.capacity() * sizeof(uint32_t) + tables_->string_bytes + sets;
}

uint8_t ExprPool::derive_flags(const ExprNode& n) const {
  const Tables& t = *tables_;
  switch (n.kind) {
    case ExprKind::kEmpty:
      return kDead;
    case ExprKind::kEpsilon:
      return kNullable;
    case ExprKind::kByteRange:
      return n.c || t.spells_byte_between(n.a, n.b) ? 0 : kDead;
    case ExprKind::kLiteral:
      if (t.full_alphabet) return 0;
      return t.spells(std::string_view(t.strings[n.a]).substr(n.b)) ? 0 : kDead;
    case ExprKind::kClass:
      return t.spells_some(t.charsets[n.a]) ? 0 : kDead;
    case ExprKind::kSwitch:
      return switch_flags(n);
    case ExprKind::kSeq: {
      uint8_t x = nodes_[n.a].flags, y = nodes_[n.b].flags;
      return static_cast<uint8_t>((x & y & kNullable) |
                                  ((x | y) & (kDead | kHasCall | kHasCounter)));
    }
    case ExprKind::kAlt:
      return alt_flags(n);
    case ExprKind::kRepeat: {
      uint8_t body = nodes_[n.a].flags;
      uint8_t f = body & kHasCall;
      if (n.b == 0 || (body & kNullable)) f |= kNullable;
      if (n.b > 0 && (body & kDead)) f |= kDead;
      if (n.b > 1 || (n.c > 1 && n.c != kUnbounded)) f |= kHasCounter;
      return f;
    }
    case ExprKind::kCall:
      return static_cast<uint8_t>(t.rule_flags(n.a) | kHasCall);
    case ExprKind::kAnd: {
      uint8_t x = nodes_[n.a].flags, y = nodes_[n.b].flags;
      return static_cast<uint8_t>((x & y & kNullable) | ((x | y) & kDead));
    }
    case ExprKind::kNot:
      return nodes_[n.a].flags & kNullable ? 0 : kNullable;
    case ExprKind::kShortest:
      return nodes_[n.a].flags & (kNullable | kDead);
    case ExprKind::kTokens:
      return possible_ids(n.a).empty() ? kDead : 0;
    case ExprKind::kLazy:
      return t.generators[n.a]->nullable(*this, {n.b, n.c, n.d}) ? kNullable : 0;
    case ExprKind::kLeftTail:
      return t.left_tail_nullable(n.a, n.b) ? kNullable : 0;
  }
  return 0;
}

uint8_t ExprPool::switch_flags(const ExprNode& n) const {
  uint8_t dead = kDead, call = 0;
  std::span<const uint32_t> words = payload(n);
  for (size_t i = 0; i < words.size(); i += 3) {
    uint8_t child = nodes_[words[i + 2]].flags;
    call |= child & kHasCall;
    if (child & kDead) continue;
    CharSet set;
    if (!tables_->full_alphabet) set.add(words[i], words[i + 1]);
    if (tables_->spells_some(set)) dead = 0;
  }
  return dead | call;
}

uint8_t ExprPool::alt_flags(const ExprNode& n) const {
  uint8_t any = 0, all_dead = kDead;
  for (Expr c : payload(n)) {
    uint8_t f = nodes_[c].flags;
    any |= f & (kNullable | kHasCall | kHasCounter);
    all_dead &= f & kDead;
  }
  return any | all_dead;
}

}  // namespace xgr::core
