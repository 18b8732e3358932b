// Writing calls out.
//
// Entry point: call_free. The rules that an expression needs are walked depth first, on a list; one
// that is met again while it is open is recursive, and then the language need not be regular. The
// others are written out callees first. A lazy expression whose parts call rules is wrapped: the
// wrapper unfolds it and writes out the calls of what comes out.
//
//   a ::= "x" b    b ::= "y"      a "z"  ->  "x" "y" "z"
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include "grammar/call_free.h"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "grammar/measured_generator.h"
#include "grammar/remake.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxWritten = size_t{1} << 21;  // expressions added

// What stands for calls and for generators with calls. Complete before anything is unfolded.
struct Replacements {
  std::unordered_map<RuleId, Expr> rules;
  std::unordered_map<uint32_t, uint32_t> generators;
  std::unordered_map<Expr, Expr> known;  // expressions already written out
};

// Everything below `e`, itself included, ascending: what an expression is made of precedes it.
std::vector<Expr> parts_of(const ExprPool& pool, Expr e,
                           const std::unordered_map<Expr, Expr>& known) {
  std::unordered_set<Expr> seen{e};
  std::vector<Expr> out{e};
  for (size_t i = 0; i < out.size(); ++i) {
    if (known.count(out[i])) continue;
    pool.for_each_child(out[i], [&](Expr child) {
      if (seen.insert(child).second) out.push_back(child);
    });
  }
  std::sort(out.begin(), out.end());
  return out;
}

Expr replaced(ExprPool& p, Expr e, const Replacements& r) {
  std::unordered_map<Expr, Expr> made;
  for (Expr part : parts_of(p, e, r.known)) {
    p.charge(1);
    const ExprNode n = p.node(part);
    auto known = r.known.find(part);
    auto generator = n.kind == ExprKind::kLazy ? r.generators.find(n.a) : r.generators.end();
    if (known != r.known.end()) {
      made[part] = known->second;
    } else if (n.kind == ExprKind::kCall) {
      made[part] = r.rules.at(n.a);
    } else if (generator != r.generators.end()) {
      made[part] = p.lazy(generator->second, {n.b, n.c, n.d});
    } else {
      made[part] = remake(p, part, [&](Expr child) { return made.at(child); });
    }
  }
  return made.at(e);
}

class CallFreeGenerator : public MeasuredGenerator {
 public:
  CallFreeGenerator(const LazyGenerator& inner, std::shared_ptr<const Replacements> replacements)
      : inner_(inner), replacements_(std::move(replacements)) {}
  Expr unfold(ExprPool& pool, const Args& args) const override {
    return replaced(pool, inner_.unfold(pool, args), *replacements_);
  }
  bool nullable(const ExprPool& pool, const Args& args) const override {
    return inner_.nullable(pool, args);
  }
  Expr witness(ExprPool& pool, const Args& args) const override {
    return replaced(pool, inner_.witness(pool, args), *replacements_);
  }
  void collect_children(const Args& args, std::vector<Expr>* out) const override {
    std::vector<Expr> own;
    inner_.collect_children(args, &own);
    for (Expr e : own) {  // written out when the wrapper was made
      auto it = replacements_->known.find(e);
      out->push_back(it == replacements_->known.end() ? e : it->second);
    }
  }
  uint32_t least_bytes(const Args& args, const Least& least) const override {
    const auto* measured = dynamic_cast<const MeasuredGenerator*>(&inner_);
    if (!measured) return 0;
    return measured->least_bytes(args, [&](Expr e) {
      auto it = replacements_->known.find(e);
      return least(it == replacements_->known.end() ? e : it->second);
    });
  }

 private:
  const LazyGenerator& inner_;  // of the same pool, which keeps it
  std::shared_ptr<const Replacements> replacements_;
};

class CallWriter {
 public:
  CallWriter(Grammar& grammar, const Limits& limits)
      : grammar_(grammar),
        pool_(grammar.pool),
        max_size_(std::min(limits.max_expressions, pool_.size() + kMaxWritten)),
        replacements_(std::make_shared<Replacements>()) {}

  Result<Expr> run(Expr e) {
    state_.assign(grammar_.rules.size(), kUnseen);
    if (MaybeError error = open(e, kNoRule)) return *std::move(error);
    while (!frames_.empty()) {
      Frame& f = frames_.back();
      if (f.next == f.callees.size()) {
        close();
        if (pool_.size() > max_size_) return too_long();
        continue;
      }
      const RuleId callee = f.callees[f.next++];
      if (state_[callee] == kDone) continue;
      if (state_[callee] == kOpen) return refuse(callee, "is recursive, so it need not be regular");
      const Rule& rule = grammar_.rules[callee];
      if (rule.unique) return refuse(callee, "has items that must differ, which is not regular");
      if (rule.attributes) {
        return refuse(callee, "has a budget, a capture or a temperature, which would be lost");
      }
      if (MaybeError error = open(rule.body, callee)) return *std::move(error);
    }
    return replacements_->rules.empty() ? e : replaced(pool_, e, *replacements_);
  }

 private:
  static constexpr RuleId kNoRule = UINT32_MAX;
  enum State : uint8_t { kUnseen, kOpen, kDone };
  struct Frame {
    RuleId rule;
    std::vector<RuleId> callees;
    std::vector<Expr> lazy_children;
    std::vector<uint32_t> generators;
    size_t next = 0;
  };

  Error too_long() const {
    return make_error(Status::kLimitExceeded, "with all calls written out it has more than " +
                                                  std::to_string(max_size_) +
                                                  " expressions, its share of max_expressions; "
                                                  "raise max_expressions");
  }

  Error refuse(RuleId rule, const char* why) const {
    return make_error(Status::kUnsupported,
                      "the rule \"" + grammar_.rules[rule].name + "\" " + why);
  }

  // Everything that `body` reaches without a call, through lazy expressions, too.
  MaybeError open(Expr body, RuleId rule) {
    Frame f{rule, {}, {}, {}};
    std::unordered_set<Expr> seen{body};
    std::vector<Expr> work{body};
    auto meet = [&](Expr e) {
      if (seen.insert(e).second) work.push_back(e);
    };
    while (!work.empty()) {
      const Expr e = work.back();
      work.pop_back();
      pool_.charge(1);
      const ExprNode n = pool_.node(e);
      if (n.kind == ExprKind::kTokens) {
        return make_error(Status::kUnsupported,
                          "whole tokens are no text that could be compared with other text");
      }
      if (n.kind == ExprKind::kCall) f.callees.push_back(n.a);
      if (n.kind == ExprKind::kLazy) {
        std::vector<Expr> children;
        pool_.generator(n.a).collect_children({n.b, n.c, n.d}, &children);
        if (!children.empty()) f.generators.push_back(n.a);
        for (Expr c : children) f.lazy_children.push_back(c), meet(c);
      }
      pool_.for_each_child(e, meet);
    }
    if (rule != kNoRule) state_[rule] = kOpen;
    frames_.push_back(std::move(f));
    return std::nullopt;
  }

  // All callees are written out.
  void close() {
    const Frame f = std::move(frames_.back());
    frames_.pop_back();
    for (uint32_t id : f.generators) {
      if (replacements_->generators.count(id) != 0) continue;
      replacements_->generators[id] = pool_.add_generator(
          std::make_unique<CallFreeGenerator>(pool_.generator(id), replacements_));
    }
    for (Expr e : f.lazy_children) {
      if (replacements_->known.count(e) == 0) {
        const Expr out = replaced(pool_, e, *replacements_);
        replacements_->known.emplace(e, out);
      }
    }
    if (f.rule == kNoRule) return;
    const Expr out = replaced(pool_, grammar_.rules[f.rule].body, *replacements_);
    replacements_->rules[f.rule] = out;
    state_[f.rule] = kDone;
  }

  Grammar& grammar_;
  ExprPool& pool_;
  size_t max_size_;
  std::shared_ptr<Replacements> replacements_;
  std::vector<State> state_;  // by rule
  std::vector<Frame> frames_;
};

}  // namespace

Result<Expr> call_free(Grammar& grammar, Expr e, const Limits& limits) {
  return CallWriter(grammar, limits).run(e);
}

}  // namespace xgr::core
