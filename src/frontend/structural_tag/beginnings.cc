// Finds the texts of an expression that begin with a text or a token.
//
// Entry point: Beginnings::of. A part of an expression is asked for what is left of the beginning
// where the part stands: it has texts that begin with all of that, and it may have texts that are as
// short as a part of it, behind which the rest is asked of what follows. Questions wait on a stack, so
// no depth of expressions matters.
//
//   "ab" in  ("a" | "abc") ("bd" | "x")   ->   "a" "bd" | "abc" ("bd" | "x")
//
// Tests: tests/unit/frontend/structural_tag/beginnings_test.cc.
#include "frontend/structural_tag/beginnings.h"

#include <algorithm>

#include "automata/char_set.h"

namespace xgr::core {

Beginnings::Beginnings(Grammar& grammar, TagAhead ahead)
    : grammar_(grammar), pool_(grammar.pool), ahead_(std::move(ahead)), offsets_{0} {
  char32_t c = 0;
  for (size_t pos = 0; decode_utf8(ahead_.text, &pos, &c);)
    offsets_.push_back(static_cast<uint32_t>(pos));
  if (ahead_.text.empty()) offsets_.push_back(0);
}

TagAhead Beginnings::behind(uint32_t characters) const {
  return {ahead_.text.substr(offsets_[characters]), ahead_.tokens};
}

Expr Beginnings::text(uint32_t from, uint32_t to) const {
  if (from == to) return pool_.epsilon();
  if (ahead_.text.empty()) return pool_.tokens(ahead_.tokens);
  return pool_.literal(
      std::string_view(ahead_.text).substr(offsets_[from], offsets_[to] - offsets_[from]));
}

char32_t Beginnings::character_at(uint32_t at) const {
  size_t pos = offsets_[at];
  char32_t c = 0;
  decode_utf8(ahead_.text, &pos, &c);
  return c;
}

// Any text, of characters and whole tokens.
Expr Beginnings::anything() const {
  TokenIds all;
  all.add(0, kMaxTokenId);
  return pool_.star(pool_.alt(pool_.char_class(CharSet::all()), pool_.tokens(all)));
}

void Beginnings::add_cut(uint32_t cut, Beginning* out) {
  auto at = std::lower_bound(out->cuts.begin(), out->cuts.end(), cut);
  if (at == out->cuts.end() || *at != cut) out->cuts.insert(at, cut);
}

void Beginnings::add_cuts(const Beginning& from, Beginning* out) {
  for (uint32_t cut : from.cuts) add_cut(cut, out);
}

Result<Beginning> Beginnings::of(Expr e) {
  refused_ = nullptr;
  work_.assign(1, {e, 0});
  while (!work_.empty()) {
    const Question q = work_.back();
    Answer& a = known_[q];
    if (a.known) {
      work_.pop_back();
      continue;
    }
    a.open = true;
    pool_.charge(1);
    Beginning found;
    const bool done = answer(q, &found);
    if (refused_ != nullptr) break;
    if (!done) continue;
    Answer& own = known_[q];
    own.found = std::move(found);
    own.known = true;
    work_.pop_back();
  }
  if (refused_ == nullptr) return known_[{e, 0}].found;
  known_.clear();
  return make_error(Status::kUnsupported,
                    std::string("an implicit end stands in front of ") + refused_);
}

// Null when it has to be asked first.
const Beginning* Beginnings::find(Expr e, uint32_t at) {
  Answer& a = known_[{e, at}];
  if (at == size() && !a.known) {
    a.found.whole = e;
    a.known = true;
  }
  if (a.known) return &a.found;
  if (a.open) {
    refused_ = "a rule that calls itself before any character";
  } else {
    work_.push_back({e, at});
  }
  return nullptr;
}

bool Beginnings::answer(Question q, Beginning* out) {
  const ExprNode n = pool_.node(q.e);
  switch (n.kind) {
    case ExprKind::kEmpty:
      return true;
    case ExprKind::kEpsilon:
      add_cut(q.at, out);
      return true;
    case ExprKind::kLiteral:
      literal(pool_.string(n.a).substr(n.b), q.at, out);
      return true;
    case ExprKind::kClass:
    case ExprKind::kSwitch:
    case ExprKind::kTokens:
      return character(q.e, q.at, out);
    case ExprKind::kSeq:
      return sequence(n.a, n.b, q.at, out);
    case ExprKind::kAlt:
      return choice(q.e, q.at, out);
    case ExprKind::kRepeat:
      return repetition(n, q.at, out);
    case ExprKind::kCall:
      return call(n.a, q.at, out);
    case ExprKind::kAnd:
    case ExprKind::kNot:
    case ExprKind::kShortest:
      return boolean(q.e, q.at, out);
    case ExprKind::kLazy: {
      const Beginning* found = find(pool_.generator(n.a).unfold(pool_, {n.b, n.c, n.d}), q.at);
      if (found != nullptr) *out = *found;
      return found != nullptr;
    }
    default:
      refused_ = "what is no text";
      return false;
  }
}

void Beginnings::literal(std::string_view text, uint32_t at, Beginning* out) {
  const std::string_view wanted = std::string_view(ahead_.text).substr(offsets_[at]);
  if (wanted.empty()) return;
  if (text.starts_with(wanted)) {
    out->whole = pool_.literal(text);
  } else if (wanted.starts_with(text)) {
    const size_t end = offsets_[at] + text.size();
    auto cut = std::lower_bound(offsets_.begin(), offsets_.end(), end);
    add_cut(static_cast<uint32_t>(cut - offsets_.begin()), out);
  }
}

// One character or token, and for a switch what follows it.
bool Beginnings::character(Expr e, uint32_t at, Beginning* out) {
  const ExprNode n = pool_.node(e);
  if (ahead_.text.empty()) {
    if (n.kind != ExprKind::kTokens) return true;
    // A set of all tokens but some has no control token, which only shows where the set is known.
    const TokenIds& tokens = pool_.token_ids(n.a);
    if (tokens.is_complement()) {
      out->whole = pool_.intersect(e, pool_.tokens(ahead_.tokens));
      return true;
    }
    const TokenIds both = tokens.intersection(ahead_.tokens);
    if (!both.empty()) out->whole = pool_.tokens(both);
    return true;
  }
  const char32_t c = character_at(at);
  Expr rest = pool_.empty();
  if (n.kind == ExprKind::kClass && pool_.charset(n.a).contains(c)) rest = pool_.epsilon();
  if (n.kind == ExprKind::kSwitch) {
    for (const SwitchEdge& edge : pool_.edges(e)) {
      if (edge.lo <= c && c <= edge.hi) rest = edge.child;
    }
  }
  if (rest == pool_.empty()) return true;
  const Beginning* behind = find(rest, at + 1);
  if (behind == nullptr) return false;
  out->whole = pool_.seq(text(at, at + 1), behind->whole);
  add_cuts(*behind, out);
  return true;
}

bool Beginnings::sequence(Expr first, Expr rest, uint32_t at, Beginning* out) {
  const Beginning* head = find(first, at);
  if (head == nullptr) return false;
  const Beginning own = *head;
  out->whole = pool_.seq(own.whole, rest);
  bool all = true;
  for (uint32_t cut : own.cuts) {
    all = continued(at, cut, rest, out) && all;
  }
  return all;
}

// What is cut short goes on with `rest`. False where that is not known yet.
bool Beginnings::continued(uint32_t at, uint32_t cut, Expr rest, Beginning* out) {
  const Beginning* tail = find(rest, cut);
  if (tail == nullptr) return false;
  out->whole = pool_.alt(out->whole, pool_.seq(text(at, cut), tail->whole));
  add_cuts(*tail, out);
  return true;
}

bool Beginnings::repetition(const ExprNode& n, uint32_t at, Beginning* out) {
  if (n.b == 0) add_cut(at, out);
  if (n.c == 0) return true;
  const Beginning* head = find(n.a, at);
  if (head == nullptr) return false;
  const Beginning own = *head;
  const uint32_t more = n.c == kUnbounded ? kUnbounded : n.c - 1;
  const Expr rest = pool_.repeat(n.a, n.b == 0 ? 0 : n.b - 1, more);
  out->whole = pool_.seq(own.whole, rest);
  bool all = true;
  for (uint32_t cut : own.cuts) {
    if (cut == at) {  // rounds may be empty, so any number of them is enough
      add_cut(at, out);
      continue;
    }
    all = continued(at, cut, rest, out) && all;
  }
  return all;
}

bool Beginnings::choice(Expr e, uint32_t at, Beginning* out) {
  std::vector<Expr> wholes;
  bool all = true;
  for (size_t i = 0; i < pool_.children(e).size(); ++i) {
    const Beginning* branch = find(pool_.children(e)[i], at);
    all = all && branch != nullptr;
    if (branch == nullptr) continue;
    wholes.push_back(branch->whole);
    add_cuts(*branch, out);
  }
  if (all) out->whole = pool_.alt(wholes);
  return all;
}

bool Beginnings::boolean(Expr e, uint32_t at, Beginning* out) {
  const ExprNode n = pool_.node(e);
  const Beginning* x = find(n.a, at);
  const Beginning* y = n.kind == ExprKind::kAnd ? find(n.b, at) : x;
  if (x == nullptr || y == nullptr) return false;
  const Beginning first = *x, second = *y;
  if (n.kind == ExprKind::kAnd) {
    out->whole = pool_.intersect(first.whole, second.whole);
    std::set_intersection(first.cuts.begin(), first.cuts.end(), second.cuts.begin(),
                          second.cuts.end(), std::back_inserter(out->cuts));
  } else if (n.kind == ExprKind::kShortest) {
    // What begins with a text of its own is none.
    if (!first.cuts.empty()) {
      add_cut(first.cuts[0], out);
    } else {
      out->whole = pool_.shortest(first.whole);
    }
  } else {
    out->whole = pool_.intersect(e, pool_.seq(text(at, size()), anything()));
    for (uint32_t cut = at; cut < size(); ++cut) {
      if (!std::binary_search(first.cuts.begin(), first.cuts.end(), cut)) add_cut(cut, out);
    }
  }
  return true;
}

// A rule that matchers watch stays one, of the texts that are left.
bool Beginnings::call(RuleId rule, uint32_t at, Beginning* out) {
  const Rule own = grammar_.rules[rule];
  if (own.body == kNoExpr) {
    refused_ = "a loop that it could end at once";
    return false;
  }
  const Beginning* body = find(own.body, at);
  if (body == nullptr) return false;
  *out = *body;
  if (!own.attributes && !own.unique) return true;
  if (own.attributes && own.attributes->marker != kNoExpr) {
    refused_ = "a rule with a suffix";
    return false;
  }
  if (out->whole == pool_.empty()) return true;
  const RuleId copy = grammar_.add_rule(own.name, own.use);
  grammar_.rules[copy].unique = own.unique;
  grammar_.rules[copy].attributes = own.attributes;
  grammar_.define(copy, out->whole);
  out->whole = pool_.call(copy);
  return true;
}

}  // namespace xgr::core
