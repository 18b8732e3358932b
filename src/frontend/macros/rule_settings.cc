// Settings of rules: the regular ones become part of the body, the others attributes for matchers.
//
// Entry point: apply_settings. Let B be the body and S = shortest(B), with a marker M
// S = shortest(B M). A budget of N characters leaves the strings of S that keep to it, and those
// that end at the first chance from the N-th character on:
//   S & .{0,N}  |  shortest((S | K) & .{N,})     K: strings of B that hold no marker; only with one
// (without `lazy` and marker S is B). Both parts are regular, so masks know about the budget ahead.
// When B is [..]* and there is a marker, that is shortest(B M | [..]{N}).
//
//   [a-z]* with max_chars 3  ->  [a-z]{0,3}         "abcd" with max_chars 3  ->  "abcd"
//
// Tests: tests/unit/frontend/macros/rule_settings_test.cc.
#include "frontend/macros/rule_settings.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "frontend/macros/char_lengths.h"
#include "frontend/macros/inlining.h"

namespace xgr::core {
namespace {

bool adds_marker(const RuleSettings& s) { return s.marker != kNoExpr && s.content == kNoExpr; }
bool changes_body(const RuleSettings& s) {
  return s.lazy || s.max_chars != kUnbounded || adds_marker(s);
}

class Budget {
 public:
  Budget(ExprPool& pool, uint32_t chars) : pool_(pool), chars_(chars) {}

  // `text`: S above; `closable`: S | K.
  Expr apply(Expr text, Expr closable) {
    if (const ExprNode n = pool_.node(text); text == closable && n.kind == ExprKind::kRepeat) {
      const CharLengths one = char_lengths(pool_, n.a);
      if (one.least == 1 && one.most == 1 && n.b <= chars_) {
        return pool_.repeat(n.a, n.b, std::min(n.c, chars_));
      }
    }
    const CharLengths lengths = char_lengths(pool_, closable);
    if (lengths.most <= chars_) return text;
    if (lengths.least >= chars_) return pool_.shortest(closable);
    if (lengths.tokens) find_tokens(closable);
    Expr within = pool_.intersect(text, characters(0, chars_));
    if (chars_ > kMaxClosingChars) return within;
    return pool_.alt(within,
                     pool_.shortest(pool_.intersect(closable, characters(chars_, kUnbounded))));
  }

 private:
  // A whole token counts as one character. Those that are no text are known by their names only.
  Expr characters(uint32_t least, uint32_t most) {
    return pool_.repeat(pool_.alt({pool_.char_class(CharSet::all()), tokens_}), least, most);
  }
  void find_tokens(Expr closable) {
    TokenIds named;
    std::unordered_set<Expr> seen;
    std::vector<Expr> work{closable};
    while (!work.empty()) {
      const Expr e = work.back();
      work.pop_back();
      if (!seen.insert(e).second) continue;
      pool_.for_each_child(e, [&](Expr child) { work.push_back(child); });
      const ExprNode& n = pool_.node(e);
      if (n.kind != ExprKind::kTokens || pool_.token_ids(n.a).is_complement()) continue;
      for (const TokenRange& r : pool_.token_ids(n.a).ranges()) named.add(r.lo, r.hi);
    }
    tokens_ = pool_.tokens(TokenIds().complement());
    if (!named.empty()) tokens_ = pool_.alt(tokens_, pool_.tokens(named));
  }

  ExprPool& pool_;
  uint32_t chars_;
  Expr tokens_ = pool_.empty();  // any that the text has
};

class Settler {
 public:
  Settler(Grammar& grammar, std::span<const RuleToSettle> rules, const Limits& limits)
      : grammar_(grammar), pool_(grammar.pool), limits_(limits) {
    for (const RuleToSettle& r : rules) settings_[r.rule] = &r.settings;
  }

  MaybeError run(std::span<const RuleToSettle> rules, RuleId* failed) {
    for (const RuleToSettle& r : rules) visit(r.rule);
    for (RuleId r : order_) {
      *failed = r;
      if (MaybeError e = settle(r, *settings_.at(r))) return e;
    }
    return std::nullopt;
  }

 private:
  // Lists rules with settings, those that others call first.
  void visit(RuleId start) {
    struct Frame {
      RuleId rule;
      std::vector<RuleId> next;
    };
    std::vector<Frame> path;
    auto enter = [&](RuleId r) {
      if (seen_.insert(r).second) path.push_back({r, references(r)});
    };
    enter(start);
    while (!path.empty()) {
      Frame& top = path.back();
      if (top.next.empty()) {
        if (settings_.count(top.rule)) order_.push_back(top.rule);
        path.pop_back();
        continue;
      }
      RuleId r = top.next.back();
      top.next.pop_back();
      enter(r);
    }
  }

  std::vector<RuleId> references(RuleId rule) const {
    std::vector<RuleId> found;
    std::vector<Expr> work{grammar_.rules[rule].body};
    auto own = settings_.find(rule);
    for (Expr e : {own == settings_.end() ? kNoExpr : own->second->marker,
                   own == settings_.end() ? kNoExpr : own->second->content}) {
      if (e != kNoExpr) work.push_back(e);
    }
    std::unordered_set<Expr> seen;
    while (!work.empty()) {
      Expr e = work.back();
      work.pop_back();
      if (!seen.insert(e).second) continue;
      const ExprNode& n = pool_.node(e);
      if (n.kind == ExprKind::kCall) found.push_back(n.a);
      if (n.kind == ExprKind::kLazy) {
        pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &work);
      }
      pool_.for_each_child(e, [&](Expr child) { work.push_back(child); });
    }
    return found;
  }

  MaybeError settle(RuleId rule, const RuleSettings& s) {
    Expr content = grammar_.rules[rule].body, marker = s.marker;
    if (marker != kNoExpr) {
      if (MaybeError e = inline_into(&marker, s)) return e;
    }
    if (changes_body(s)) {
      if (MaybeError e = inline_into(&content, s)) return e;
      grammar_.define(rule, body(s, content, adds_marker(s) ? marker : kNoExpr));
    }
    if (s.content != kNoExpr) {
      content = s.content;
      if (MaybeError e = inline_into(&content, s)) return e;
    }
    set_attributes(rule, s, content, marker);
    return std::nullopt;
  }

  MaybeError inline_into(Expr* e, const RuleSettings& s) {
    Result<Expr> plain = inline_calls(grammar_, *e, limits_);
    if (!plain.ok()) {
      Error error = std::move(plain.error());
      const char* what = s.marker != kNoExpr ? "a rule with suffix or stop"
                         : s.lazy            ? "a lazy rule"
                                             : "a rule with max_chars";
      error.message = std::string(what) + " must be regular, but " + error.message;
      return error;
    }
    *e = plain.value();
    return std::nullopt;
  }

  Expr body(const RuleSettings& s, Expr content, Expr marker) {
    Expr text = content, closable = content;
    if (marker != kNoExpr) {
      Expr whole = pool_.seq(content, marker);
      const ExprNode n = pool_.node(content);
      bool text_of_a_class = n.kind == ExprKind::kRepeat && n.b == 0 && n.c == kUnbounded &&
                             pool_.node(n.a).kind == ExprKind::kClass;
      if (text_of_a_class && s.max_chars != kUnbounded) {  // the same, in a form that costs less
        return pool_.shortest(pool_.alt(whole, pool_.repeat(n.a, s.max_chars, s.max_chars)));
      }
      text = pool_.shortest(whole);
      Expr any = pool_.star(pool_.char_class(CharSet::all()));
      closable = pool_.alt(text, pool_.intersect(content, pool_.complement(pool_.seq(whole, any))));
    } else if (s.lazy) {
      text = closable = pool_.shortest(content);
    }
    if (s.max_chars == kUnbounded) return text;
    return Budget(pool_, s.max_chars).apply(text, closable);
  }

  void set_attributes(RuleId rule, const RuleSettings& s, Expr content, Expr marker) {
    RuleAttributes a;
    a.max_tokens = s.max_tokens;
    a.temperature = s.temperature;
    a.capture = s.capture;
    a.stop_capture = s.stop_capture;
    if (marker != kNoExpr) {
      a.content = content;
      a.marker = marker;
      a.hide_marker = s.hide_marker;
    }
    bool none = a.max_tokens == RuleAttributes::kNoBudget && a.temperature < 0 &&
                a.capture.empty() && a.stop_capture.empty() && !a.hide_marker;
    if (!none) grammar_.rules[rule].attributes = std::make_shared<RuleAttributes>(std::move(a));
  }

  Grammar& grammar_;
  ExprPool& pool_;
  const Limits& limits_;
  std::unordered_map<RuleId, const RuleSettings*> settings_;
  std::unordered_set<RuleId> seen_;
  std::vector<RuleId> order_;
};

}  // namespace

MaybeError apply_settings(Grammar& grammar, std::span<const RuleToSettle> rules,
                          const Limits& limits, RuleId* failed) {
  return Settler(grammar, rules, limits).run(rules, failed);
}

}  // namespace xgr::core
