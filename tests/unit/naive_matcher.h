// Decides whether a string belongs to a grammar, slowly and obviously: for every expression and
// start it keeps the set of ends, and repeats until nothing is added. For tests of the front ends
// and the printer; shares no code with the engine.
#pragma once

#include <bitset>
#include <map>
#include <string>
#include <string_view>

#include "grammar/grammar.h"
#include "support/status.h"

namespace xgr::core::test {

class NaiveMatcher {
 public:
  static constexpr size_t kMaxLength = 255;
  using Ends = std::bitset<kMaxLength + 1>;

  explicit NaiveMatcher(Grammar& grammar) : g_(grammar) {}

  bool accepts(std::string_view text) { return accepts(g_.pool.call(g_.root), text); }
  bool accepts(Expr e, std::string_view text) {
    XGR_CHECK(text.size() <= kMaxLength);
    text_ = text;
    known_.clear();
    do {
      changed_ = false;
      ++round_;
      ends(e, 0);
    } while (changed_);
    return known_[{e, 0}].ends[text.size()];
  }

 private:
  struct Entry {
    Ends ends;
    int round = 0;
  };

  Ends ends(Expr e, size_t at) {
    Entry& entry = known_[{e, at}];
    if (entry.round == round_) return entry.ends;
    entry.round = round_;
    Ends found = compute(e, at) | entry.ends;
    if (found != entry.ends) {
      entry.ends = found;
      changed_ = true;
    }
    return found;
  }

  Ends step(Expr e, const Ends& from) {
    Ends out;
    for (size_t i = 0; i <= text_.size(); ++i) {
      if (from[i]) out |= ends(e, i);
    }
    return out;
  }

  Ends repeat(const ExprNode& n, size_t at) {
    Ends current, out;
    current.set(at);
    for (uint32_t k = 0;; ++k) {
      if (k >= n.b) out |= current;
      if (k >= n.c || current.none()) return out;
      Ends next = step(n.a, current);
      bool steady = next == current || (k >= n.b && (next & ~out).none());
      current = next;
      if (steady) return out | current;
    }
  }

  Ends everywhere(size_t at) const {
    Ends all;
    for (size_t i = at; i <= text_.size(); ++i) all.set(i);
    return all;
  }

  Ends compute(Expr e, size_t at) {
    const ExprNode n = g_.pool.node(e);
    Ends out;
    switch (n.kind) {
      case ExprKind::kEmpty:
        break;
      case ExprKind::kEpsilon:
        out.set(at);
        break;
      case ExprKind::kByteRange:
        if (at < text_.size() && byte(at) >= n.a && byte(at) <= n.b) out.set(at + 1);
        break;
      case ExprKind::kLiteral: {
        std::string_view s = g_.pool.string(n.a).substr(n.b);
        if (text_.substr(at, s.size()) == s) out.set(at + s.size());
        break;
      }
      case ExprKind::kClass: {
        size_t end = at;
        char32_t c;
        if (decode_utf8(text_, &end, &c) && g_.pool.charset(n.a).contains(c)) out.set(end);
        break;
      }
      case ExprKind::kSwitch: {
        size_t end = at;
        char32_t c;
        if (!decode_utf8(text_, &end, &c)) break;
        for (const SwitchEdge& edge : g_.pool.edges(e)) {
          if (edge.lo <= c && c <= edge.hi) out |= ends(edge.child, end);
        }
        break;
      }
      case ExprKind::kSeq:
        out = step(n.b, ends(n.a, at));
        break;
      case ExprKind::kAlt: {
        std::vector<Expr> all(g_.pool.children(e).begin(), g_.pool.children(e).end());
        for (Expr c : all) out |= ends(c, at);
        break;
      }
      case ExprKind::kRepeat:
        out = repeat(n, at);
        break;
      case ExprKind::kCall:
        out = ends(g_.rules[n.a].body, at);
        break;
      case ExprKind::kAnd:
        out = settled(n.a, at) & settled(n.b, at);
        break;
      case ExprKind::kNot:
        out = everywhere(at) & ~settled(n.a, at);
        break;
      case ExprKind::kShortest:
        out = settled(n.a, at);
        for (size_t end = at; end <= text_.size(); ++end) {
          if (out.test(end)) {
            out.reset();
            out.set(end);
          }
        }
        break;
      case ExprKind::kTokens:
        break;  // no text spells a token
      case ExprKind::kLazy:
        out = ends(g_.pool.generator(n.a).unfold(g_.pool, {n.b, n.c, n.d}), at);
        break;
      case ExprKind::kLeftTail:
        XGR_CHECK(false);
    }
    return out;
  }

  // Below kAnd and kNot there are no calls, so one evaluation is final.
  Ends settled(Expr e, size_t at) { return ends(e, at); }

  unsigned byte(size_t at) const { return static_cast<unsigned char>(text_[at]); }

  Grammar& g_;
  std::string_view text_;
  std::map<std::pair<Expr, size_t>, Entry> known_;
  bool changed_ = false;
  int round_ = 0;
};

}  // namespace xgr::core::test
