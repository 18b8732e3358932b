// Plans the printing of a grammar. No step recurses on the depth of the grammar.
//
// Entry point: PrintPlan::make. (1) Everything the root reaches is collected, every lazy and
// boolean expression gets a definition, and uses are counted. (2) Children first, the length and
// the depth of each text are found; what is long and used more than once, or too deep, becomes a
// rule, so that the whole text is linear in the grammar. (3) Alternatives have no order of their
// own (the pool sorts them by the age of their expressions), so they are put into an order that
// survives reading the text back: the reading is acted out, ranks are given in the order in which
// it would make the expressions, and this is repeated until sorting by rank changes nothing.
//
//   root ::= (BIG "a") | (BIG "b")   ->   BIG is a part; root ::= root_1 "a" | root_1 "b"
//
// Tests: tests/unit/grammar/printer_test.cc.
#include "grammar/print_plan.h"

#include <algorithm>
#include <string>

namespace xgr::core {
namespace {

constexpr size_t kShareLength = 64;  // shorter parts are written again where they are used again
constexpr size_t kNameLength = 8;    // what a reference to a rule counts
constexpr uint32_t kMaxParentheses = 200;  // parentheses in one rule
constexpr int kMaxPasses = 20;             // two or three are usual
constexpr size_t kMaxRules = 500000;       // of lazy and boolean expressions; half a kilobyte each
// What printing may add to the pool, which stays there and counts for matching too.
constexpr size_t kMaxNewExpressions = size_t{8} << 20;

bool needs_definition(ExprKind kind) {
  return kind == ExprKind::kLazy || kind == ExprKind::kAnd || kind == ExprKind::kNot ||
         kind == ExprKind::kShortest;
}

}  // namespace

PrintPlan::PrintPlan(Grammar& grammar, const Limits& limits)
    : grammar_(grammar),
      pool_(grammar.pool),
      limits_(limits),
      max_expressions_(std::min(limits.max_expressions, pool_.size() + kMaxNewExpressions)),
      steps_(grammar, max_expressions_) {}

MaybeError PrintPlan::make() {
  if (MaybeError e = collect()) return e;
  for (const auto& [e, info] : info_) order_.push_back(e);
  std::sort(order_.begin(), order_.end());
  measure();
  rank_alternatives();
  return std::nullopt;
}

Expr PrintPlan::definition(Expr part) const {
  auto it = definitions_.find(part);
  return it == definitions_.end() ? part : it->second;
}

PrintPlan::Start PrintPlan::start_of_rule(RuleId r) const {
  Expr body = grammar_.rules[r].body;
  RuleMarker marker = marker_of(r);
  if (marker.kind == Marker::kBehindBody) return {marker.content, false, false};
  bool once = info_.at(body).uses == 1;
  bool lazy = pool_.node(body).kind == ExprKind::kShortest && lazy_parts_.count(body);
  if (once && lazy) return {definition(body), false, true};
  return {body, once && definitions_.count(body) == 0, false};
}

PrintPlan::Start PrintPlan::start_of_part(Expr part) const {
  Expr body = definition(part);
  return {body, body == part, lazy_parts_.count(part) > 0};
}

std::vector<Expr> PrintPlan::sequence(Expr e) const {
  std::vector<Expr> items;
  do {
    items.push_back(pool_.node(e).a);
    e = pool_.node(e).b;
  } while (pool_.node(e).kind == ExprKind::kSeq && !is_part(e));
  items.push_back(e);
  return items;
}

std::vector<Expr> PrintPlan::alternatives(Expr e) const {
  std::vector<Expr> all(pool_.children(e).begin(), pool_.children(e).end());
  std::sort(all.begin(), all.end(),
            [this](Expr x, Expr y) { return info_.at(x).rank < info_.at(y).rank; });
  return all;
}

// ---- collecting

void PrintPlan::use(Expr e) {
  if (info_[e].uses++ == 0) pending_.push_back(e);
}

MaybeError PrintPlan::reach(RuleId r) {
  if (reached_[r]) return std::nullopt;
  reached_[r] = true;
  XGR_CHECK(grammar_.rules[r].body != kNoExpr);
  if (MaybeError e = reach_attributes(r)) return e;
  if (marker_of(r).kind != Marker::kBehindBody) use(grammar_.rules[r].body);
  return std::nullopt;
}

MaybeError PrintPlan::collect() {
  reached_.assign(grammar_.rules.size(), false);
  if (MaybeError error = reach(grammar_.root)) return error;
  while (!pending_.empty()) {
    Expr e = pending_.back();
    pending_.pop_back();
    pool_.charge(1);
    const ExprNode n = pool_.node(e);
    if (n.kind == ExprKind::kShortest && plain(n.a)) {
      definitions_.emplace(e, n.a);
      lazy_parts_.insert(e);
      info_[e].is_part = true;
      use(n.a);
      continue;
    }
    if (needs_definition(n.kind)) {
      if (MaybeError error = define(e)) return error;
      continue;
    }
    if (n.kind == ExprKind::kCall) {
      if (MaybeError error = reach(n.a)) return error;
    }
    children_.clear();
    append_children(e, &children_);
    for (Expr c : children_) use(c);
  }
  return std::nullopt;
}

MaybeError PrintPlan::define(Expr e) {
  const ExprNode n = pool_.node(e);
  bool lazy = n.kind == ExprKind::kLazy;
  Expr body = lazy ? pool_.generator(n.a).unfold(pool_, {n.b, n.c, n.d}) : steps_.define(e);
  std::string what;
  size_t max_rules = std::min(limits_.max_states, kMaxRules);
  if (definitions_.size() >= max_rules) {
    what = std::to_string(max_rules) + " rules";
    if (max_rules < kMaxRules) what += ", its max_states; raise max_states";
  } else if (steps_.over_limit() || pool_.size() > max_expressions_) {
    what = std::to_string(max_expressions_) + " expressions";
    if (max_expressions_ == limits_.max_expressions)
      what += ", its max_expressions; raise max_expressions";
  }
  if (!what.empty()) {
    return make_error(Status::kLimitExceeded, "printing the grammar needs more than " + what);
  }
  definitions_.emplace(e, body);
  info_[e].is_part = true;
  use(body);
  return std::nullopt;
}

void PrintPlan::append_children(Expr e, std::vector<Expr>* out) const {
  const ExprNode& n = pool_.node(e);
  switch (n.kind) {
    case ExprKind::kSeq:
      out->insert(out->end(), {n.a, n.b});
      break;
    case ExprKind::kRepeat:
      out->push_back(n.a);
      break;
    case ExprKind::kAlt: {
      std::span<const Expr> c = pool_.children(e);
      out->insert(out->end(), c.begin(), c.end());
      break;
    }
    case ExprKind::kSwitch:
      for (const SwitchEdge& edge : pool_.edges(e)) out->push_back(edge.child);
      break;
    default:
      break;
  }
}

// ---- measuring

void PrintPlan::measure() {
  for (Expr e : order_) {
    Info& info = info_[e];
    if (info.is_part) continue;
    measure_one(e, &info);
    bool long_and_shared = info.uses > 1 && info.length > kShareLength;
    info.is_part = long_and_shared || info.depth > kMaxParentheses;
  }
}

void PrintPlan::measure_one(Expr e, Info* info) {
  const ExprNode& n = pool_.node(e);
  switch (n.kind) {
    case ExprKind::kLiteral:
      info->length = pool_.string(n.a).size() - n.b + 2;
      return;
    case ExprKind::kClass:
      info->length = pool_.charset(n.a).ranges().size() * 3 + 2;
      return;
    case ExprKind::kTokens:
      info->length = kShareLength;
      return;
    case ExprKind::kCall:
      info->length = kNameLength;
      return;
    default:
      break;
  }
  children_.clear();
  append_children(e, &children_);
  info->length = 3;
  for (Expr c : children_) {
    const Info& child = info_[c];
    info->length += (child.is_part ? kNameLength : child.length) + 3;
    if (!child.is_part) info->depth = std::max(info->depth, child.depth);
  }
  // A sequence is never put in parentheses inside a sequence; everything else may be.
  if (n.kind != ExprKind::kSeq) ++info->depth;
}

// ---- ordering

void PrintPlan::rank_alternatives() {
  for (Expr e : order_) info_[e].rank = e;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    read_back();
    if (orders_agree()) return;
    for (auto& [e, info] : info_) info.rank = info.new_rank;
  }
}

bool PrintPlan::orders_agree() const {
  for (Expr e : order_) {
    if (pool_.node(e).kind != ExprKind::kAlt) continue;
    uint32_t last = 0;
    for (Expr c : alternatives(e)) {
      uint32_t rank = info_.at(c).new_rank;
      if (rank < last) return false;
      last = rank;
    }
  }
  return true;
}

void PrintPlan::read_back() {
  for (auto& [e, info] : info_) info.new_rank = 0;
  next_rank_ = 2;  // the empty set and the empty string are older than all, in every pool
  for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
    if (!reached_[r]) continue;
    const Start rule = start_of_rule(r);
    read_rule(rule.body, rule.open);
    while (!waiting_.empty()) {
      const Start part = start_of_part(waiting_.front());
      waiting_.pop_front();
      read_rule(part.body, part.open);
    }
  }
}

void PrintPlan::read_rule(Expr body, bool open) {
  visits_.push_back({body, false, open});
  while (!visits_.empty()) {
    Visit v = visits_.back();
    visits_.pop_back();
    pool_.charge(1);
    Info& info = info_[v.e];
    if (v.open) {
      read_content(v.e);
    } else if (v.e > pool_.epsilon() && info.new_rank == 0) {
      if (info.is_part || v.leave) {
        info.new_rank = next_rank_++;
        if (info.is_part) waiting_.push_back(v.e);
      } else {
        visits_.push_back({v.e, true, false});
        read_content(v.e);
      }
    }
  }
}

// Elements are made from left to right; then a sequence, from its last element backwards.
void PrintPlan::read_content(Expr e) {
  children_.clear();
  if (pool_.node(e).kind == ExprKind::kAlt) {
    children_ = alternatives(e);
  } else if (pool_.node(e).kind == ExprKind::kSeq) {
    children_ = sequence(e);
    Expr inner = e;
    for (size_t i = 2; i < children_.size(); ++i) {
      inner = pool_.node(inner).b;
      visits_.push_back({inner, true, false});
    }
  } else {
    append_children(e, &children_);
  }
  for (size_t i = children_.size(); i-- > 0;) visits_.push_back({children_[i], false, false});
}

}  // namespace xgr::core
