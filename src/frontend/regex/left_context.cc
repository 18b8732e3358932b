// The text before a place, summed up for \b, ^ and look-behinds.
//
// Entry point: LeftContext. A look-behind is a little automaton that is started anew at every place;
// a context holds where all of them are by now, whether the text has begun, and of what kind the
// last character was. \b and $ inside a look-behind depend on the next character too: a thread then
// carries the kinds of character (or the end) that may come next, and so does the answer.
//
//   (?<=ab) in "xab|c"  ->  holds, whatever comes        (?<=b\b)  ->  holds unless a letter comes
//
// Tests: tests/unit/frontend/regex_test.cc.
#include "frontend/regex/left_context.h"

#include <algorithm>
#include <set>

#include "frontend/regex/regex_text.h"

namespace xgr::core {

LeftContext::LeftContext(bool ecma) : ecma_(ecma) {
  newlines_.add('\n');
  if (ecma) newlines_ = regex_dot(true).negated();
  CharSet word = regex_shorthand('w', false);
  for (NextMask m = 0; m < 8; ++m) {
    if (m & kNextWord) next_sets_[m].add(word);
    if (m & kNextNewline) next_sets_[m].add(newlines_);
    if (m & kNextOther) {
      CharSet both = word;
      both.add(newlines_);
      next_sets_[m].add(both.negated());
    }
  }
}

void LeftContext::use(RegexAssertion a) {
  uses_word_ = uses_word_ || a == RegexAssertion::kWord || a == RegexAssertion::kNotWord;
  uses_newline_ = uses_newline_ || a == RegexAssertion::kLineStart || a == RegexAssertion::kLineEnd;
}

uint32_t LeftContext::add_point(Op op, uint32_t a, uint32_t b, bool negative) {
  points_.push_back({op, negative, a, b});
  owners_.push_back(owner_);
  return static_cast<uint32_t>(points_.size() - 1);
}

uint32_t LeftContext::add_set(const CharSet& set) {
  for (size_t i = sets_.size(); i-- > 0 && i + 64 > sets_.size();) {
    if (sets_[i] == set) return static_cast<uint32_t>(i);
  }
  sets_.push_back(set);
  return static_cast<uint32_t>(sets_.size() - 1);
}

bool LeftContext::add_behind(const RegexTree& tree, uint32_t body, const ExprPool& pool,
                             uint32_t* out) {
  const uint32_t outer = owner_;
  owner_ = *out = static_cast<uint32_t>(starts_.size());
  starts_.push_back(0);
  uint32_t start = 0;
  bool fits = compile(tree, body, add_point(kEnd, 0, 0), pool, &start);
  starts_[*out] = start;
  owner_ = outer;
  return fits;
}

bool LeftContext::compile(const RegexTree& tree, uint32_t node, uint32_t next, const ExprPool& pool,
                          uint32_t* out) {
  const RegexNode& n = tree.nodes[node];
  if (points_.size() > kMaxPoints) return false;
  *out = next;
  switch (n.kind) {
    case RegexKind::kText: {
      std::vector<char32_t> characters;
      for (size_t pos = 0; pos < n.b;) {
        char32_t c = 0;
        XGR_CHECK(decode_utf8(tree.text_of(n), &pos, &c));
        characters.push_back(c);
      }
      for (size_t i = characters.size(); i-- > 0;) {
        CharSet one;
        one.add(characters[i]);
        *out = add_point(kSet, add_set(one), *out);
      }
      return true;
    }
    case RegexKind::kSet:
      *out = add_point(
          kSet, add_set(n.a == pool.empty() ? CharSet() : pool.charset(pool.node(n.a).a)), next);
      return true;
    case RegexKind::kSeq:
      for (uint32_t i = n.child_count; i-- > 0;) {
        if (!compile(tree, tree.children_of(n)[i], *out, pool, out)) return false;
      }
      return true;
    case RegexKind::kAlt: {
      uint32_t all = RegexTree::kVariable;
      for (uint32_t i = n.child_count; i-- > 0;) {
        uint32_t branch = 0;
        if (!compile(tree, tree.children_of(n)[i], next, pool, &branch)) return false;
        all = all == RegexTree::kVariable ? branch : add_point(kSplit, branch, all);
      }
      *out = all;
      return true;
    }
    case RegexKind::kRepeat:
      return compile_repeat(tree, n, next, pool, out);
    case RegexKind::kAssert:
      use(n.assertion);
      *out = add_point(kAssert, static_cast<uint32_t>(n.assertion), next);
      return true;
    case RegexKind::kBehind: {
      uint32_t inner = 0;
      if (!add_behind(tree, tree.children_of(n)[0], pool, &inner)) return false;
      *out = add_point(kBehind, inner, next, n.negative);
      return true;
    }
    case RegexKind::kAhead:
    case RegexKind::kAtomic:
      break;
  }
  XGR_CHECK(!"refused by the parser inside a look-behind");
  return false;
}

// Written out; a repetition without end is a loop behind the copies that have to be.
bool LeftContext::compile_repeat(const RegexTree& tree, const RegexNode& n, uint32_t next,
                                 const ExprPool& pool, uint32_t* out) {
  uint32_t body = tree.children_of(n)[0], at = next;
  if (n.b == kUnbounded) {
    uint32_t loop = add_point(kSplit, next, next), again = 0;
    if (!compile(tree, body, loop, pool, &again)) return false;
    points_[loop].a = again;
    at = loop;
  } else {
    for (uint32_t i = n.a; i < n.b; ++i) {
      uint32_t once = 0;
      if (!compile(tree, body, at, pool, &once)) return false;
      at = add_point(kSplit, once, next);
      if (points_.size() > kMaxPoints) return false;
    }
  }
  for (uint32_t i = 0; i < n.a; ++i) {
    if (!compile(tree, body, at, pool, &at)) return false;
    if (tree.lengths[body] == 0) break;  // holds or not, however often
    if (points_.size() > kMaxPoints) return false;
  }
  *out = at;
  return true;
}

NextMask LeftContext::holds(RegexAssertion a, uint32_t context) const {
  return holds(a, contexts_[context]);
}

NextMask LeftContext::holds(RegexAssertion a, const Context& c) const {
  switch (a) {
    case RegexAssertion::kStart:
      return c.start ? kAnyNext : 0;
    case RegexAssertion::kEnd:
      return kNextEnd;
    case RegexAssertion::kLineStart:  // in PCRE2 not behind the last newline
      if (c.start) return kAnyNext;
      if (!(c.last & kNextNewline)) return 0;
      return ecma_ ? kAnyNext : kAnyNext & ~kNextEnd;
    case RegexAssertion::kLineEnd:
      return kNextEnd | kNextNewline;
    case RegexAssertion::kWord:
      return c.last & kNextWord ? kAnyNext & ~kNextWord : kNextWord;
    case RegexAssertion::kNotWord:
      return c.last & kNextWord ? kNextWord : kAnyNext & ~kNextWord;
    case RegexAssertion::kFinalEnd:
      break;
  }
  XGR_CHECK(!"written out by the parser");
  return 0;
}

NextMask LeftContext::holds_behind(uint32_t behind, uint32_t context) const {
  return contexts_[context].held[behind];
}

// Follows all that reads nothing. A look-behind inside another has the larger number: it is settled
// when the other asks for it.
void LeftContext::close(Context* c, const std::vector<Thread>& arrived) const {
  std::vector<std::vector<Thread>> work(starts_.size());
  for (const Thread& t : arrived) work[owners_[t.point]].push_back(t);
  c->held.assign(starts_.size(), 0);
  std::set<Thread> seen;
  for (size_t behind = starts_.size(); behind-- > 0;) {
    std::vector<Thread>& stack = work[behind];
    stack.push_back({starts_[behind], kAnyNext});
    while (!stack.empty()) {
      const Thread t = stack.back();
      stack.pop_back();
      if (t.mask == 0 || !seen.insert(t).second) continue;
      const Point& p = points_[t.point];
      switch (p.op) {
        case kSet:
          c->threads.push_back(t);
          break;
        case kSplit:
          stack.push_back({p.a, t.mask});
          stack.push_back({p.b, t.mask});
          break;
        case kAssert:
          stack.push_back(
              {p.b, static_cast<NextMask>(t.mask & holds(static_cast<RegexAssertion>(p.a), *c))});
          break;
        case kBehind: {
          NextMask held = p.negative ? kAnyNext & ~c->held[p.a] : c->held[p.a];
          stack.push_back({p.b, static_cast<NextMask>(t.mask & held)});
          break;
        }
        case kEnd:
          c->held[behind] |= t.mask;
          break;
      }
    }
  }
  std::sort(c->threads.begin(), c->threads.end());
}

uint32_t LeftContext::intern(Context c) {
  std::vector<uint32_t> key{c.start, c.last};
  for (NextMask m : c.held) key.push_back(m);
  for (const Thread& t : c.threads) {
    key.push_back(t.point);
    key.push_back(t.mask);
  }
  auto [it, fresh] = known_.try_emplace(std::move(key), static_cast<uint32_t>(contexts_.size()));
  if (fresh) contexts_.push_back(std::move(c));
  return it->second;
}

void LeftContext::begin() {
  contexts_.clear();
  contexts_.emplace_back();  // kUnknown
  contexts_.back().held.assign(starts_.size(), 0);
  Context start;
  start.start = true;
  close(&start, {});
  contexts_.push_back(std::move(start));
}

// All members of a piece are of one kind, where that matters.
NextMask LeftContext::kind_of(const CharSet& piece) const {
  char32_t c = piece.ranges()[0].lo;
  if (next_sets_[kNextWord].contains(c)) return kNextWord;
  return newlines_.contains(c) ? kNextNewline : kNextOther;
}

namespace {

// Cuts every piece into what is in `by` and what is not.
void cut(const CharSet& by, std::vector<CharSet>* pieces) {
  const size_t count = pieces->size();
  for (size_t i = 0; i < count; ++i) {
    CharSet in = (*pieces)[i].intersected(by);
    if (in.empty() || in == (*pieces)[i]) continue;
    pieces->push_back((*pieces)[i].minus(by));
    (*pieces)[i] = std::move(in);
  }
}

}  // namespace

std::vector<LeftContext::Step> LeftContext::step(uint32_t context, const CharSet& set) {
  const Context from = contexts_[context];  // a copy: more contexts are made below
  std::vector<CharSet> pieces{set};
  if (uses_word_) cut(next_sets_[kNextWord], &pieces);
  if (uses_newline_) cut(newlines_, &pieces);
  std::set<uint32_t> asked;
  for (const Thread& t : from.threads) asked.insert(points_[t.point].a);
  for (uint32_t s : asked) cut(sets_[s], &pieces);
  std::vector<Step> out;
  for (CharSet& piece : pieces) {
    if (piece.empty()) continue;
    const NextMask kind = kind_of(piece);
    Context to;
    to.last = (uses_word_ ? kind & kNextWord : 0) | (uses_newline_ ? kind & kNextNewline : 0);
    std::vector<Thread> arrived;
    for (const Thread& t : from.threads) {
      const Point& p = points_[t.point];
      bool reads = (t.mask & kind) && sets_[p.a].contains(piece.ranges()[0].lo);
      if (reads) arrived.push_back({p.b, kAnyNext});
    }
    close(&to, arrived);
    uint32_t id = intern(std::move(to));
    auto same =
        std::find_if(out.begin(), out.end(), [&](const Step& s) { return s.context == id; });
    if (same == out.end()) {
      out.push_back({std::move(piece), id});
    } else {
      same->set.add(piece);
    }
  }
  return out;
}

}  // namespace xgr::core
