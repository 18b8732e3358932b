// contains with counts, as the states of a counting automaton written out.
//
// Entry point: CountedItems::write. A state is how many items there have been and how many of them
// raised each counter, capped where more makes no difference; so states never go back, except to
// themselves, and every state is an expression over those behind it. From a state without a way to
// the end the expression is empty, hence it is never entered. Once all counters are satisfied the
// rest is a plain repetition.
//
//   one counter {1, no limit}, items A, matching items C:  "[" (A ",")* C ("," A)* "]"
//
// Tests: tests/cases/json_schema/contains.case.
#include "frontend/json_schema/counted_items.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr size_t kMaxCounts = 20000;

uint32_t less(uint32_t n, uint32_t by) { return n == kUnbounded ? n : n > by ? n - by : 0; }

}  // namespace

bool CountedItems::may_close(const State& s) const {
  for (size_t i = 0; i < spec_.counts.size(); ++i) {
    if (s[i + 1] < spec_.counts[i].min) return false;
  }
  return s[0] >= spec_.min;
}

// Whether it still matters which items follow.
bool CountedItems::counting(const State& s) const {
  if (s[0] < spec_.prefix.size()) return true;
  for (size_t i = 0; i < spec_.counts.size(); ++i) {
    const CountedSpec::Count& c = spec_.counts[i];
    if (c.max != kUnbounded || s[i + 1] < c.min) return true;
  }
  return false;
}

// The state after an item; nothing when the item has no business there.
std::optional<CountedItems::State> CountedItems::after(const State& s, uint32_t matches) const {
  if (s[0] == spec_.max) return std::nullopt;
  uint32_t cap = std::max<uint32_t>(static_cast<uint32_t>(spec_.prefix.size()), spec_.min);
  State next = s;
  next[0] = std::min(s[0] + 1, spec_.max == kUnbounded ? cap : spec_.max);
  for (size_t i = 0; i < spec_.counts.size(); ++i) {
    if (!(matches >> i & 1)) continue;
    const CountedSpec::Count& c = spec_.counts[i];
    // An unbounded counter that has enough does not tell items apart any more.
    if (s[i + 1] >= (c.max == kUnbounded ? c.min : c.max)) return std::nullopt;
    ++next[i + 1];
  }
  return next;
}

std::vector<CountedItems::Step> CountedItems::steps(const State& s) const {
  std::vector<Step> out;
  const std::vector<CountedSpec::Item>& items =
      s[0] < spec_.prefix.size() ? spec_.prefix[s[0]] : spec_.rest;
  for (const CountedSpec::Item& item : items) {
    std::optional<State> next = after(s, item.matches);
    if (!next) continue;
    auto same =
        std::find_if(out.begin(), out.end(), [&](const Step& t) { return t.next == *next; });
    if (same == out.end()) same = out.insert(out.end(), {std::move(*next), {}});
    same->values.push_back(item.value);
  }
  return out;
}

Expr CountedItems::free_tail(ExprPool& pool, const State& s) const {
  const Layout& l = spec_.layout;
  std::vector<Expr> any;
  for (const CountedSpec::Item& item : spec_.rest) {
    if (item.matches == 0) any.push_back(item.value);
  }
  Expr item = pool.seq({l.separator, pool.alt(any), l.lead});
  return pool.seq(pool.repeat(item, less(spec_.min, s[0]), less(spec_.max, s[0])), l.close_array);
}

// Empty, with the steps it lacks, when it needs tails not written yet.
Expr CountedItems::tail(ExprPool& pool, const State& s, std::vector<Step>* missing) {
  if (!counting(s)) return free_tail(pool, s);
  const Layout& l = spec_.layout;
  std::vector<Expr> stay, leave;
  for (Step& step : steps(s)) {
    Expr value = pool.alt(step.values);
    if (step.next == s) {
      stay.push_back(value);
      continue;
    }
    auto known = tails_.find(step.next);
    if (known == tails_.end()) {
      missing->push_back(std::move(step));
    } else {
      leave.push_back(pool.seq({value, l.lead, known->second}));
    }
  }
  if (!missing->empty()) return pool.empty();
  Expr close = may_close(s) ? l.close_array : pool.empty();
  Expr again = pool.star(pool.seq({l.separator, pool.alt(stay), l.lead}));
  return pool.seq(again, pool.alt(close, pool.seq(l.separator, pool.alt(leave))));
}

std::optional<Expr> CountedItems::write(ExprPool& pool) {
  const Layout& l = spec_.layout;
  const State start(spec_.counts.size() + 1, 0);
  std::vector<Expr> first;
  std::vector<State> pending;
  for (const Step& step : steps(start)) pending.push_back(step.next);
  while (!pending.empty()) {
    State s = pending.back();
    if (tails_.contains(s)) {
      pending.pop_back();
      continue;
    }
    std::vector<Step> missing;
    Expr e = tail(pool, s, &missing);
    for (Step& step : missing) pending.push_back(std::move(step.next));
    if (missing.empty()) tails_[std::move(s)] = e;
    if (tails_.size() + pending.size() > kMaxCounts) return std::nullopt;
  }
  for (const Step& step : steps(start)) {
    first.push_back(pool.seq({pool.alt(step.values), l.lead, tails_.at(step.next)}));
  }
  Expr none = may_close(start) ? l.empty_array : pool.empty();
  Expr filled = pool.seq(l.first, pool.alt(first));
  return pool.seq({l.open_array, l.after_open, pool.alt(none, filled)});
}

}  // namespace xgr::core
