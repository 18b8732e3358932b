// Deterministic automata over characters.
//
// Entry point: CharAutomaton::make. The states are the derivatives of the expression by characters
// (char_steps.h), found breadth first. States from which no string is accepted are taken out, then
// states that accept the same strings are merged by refining a partition (Moore, 1956).
//
//   ([a-z]* "no" [a-z]*)   ->   3 states: nothing read of it, "n" read, found
//
// Tests: tests/unit/grammar/intersection_test.cc.
#include "grammar/char_automaton.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "grammar/char_steps.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxMerged = 2048;  // states; refining is quadratic in their number

Error too_many(size_t states) {
  return make_error(Status::kLimitExceeded, "the regular side of an intersection needs more than " +
                                                std::to_string(states) +
                                                " states, its share of max_states; raise "
                                                "max_states, or make it smaller");
}

void append_edge(CharAutomaton::Edge edge, std::vector<CharAutomaton::Edge>* out) {
  if (!out->empty() && out->back().to == edge.to && out->back().hi + 1 == edge.lo) {
    out->back().hi = edge.hi;
  } else {
    out->push_back(edge);
  }
}

}  // namespace

Result<CharAutomaton> CharAutomaton::make(Grammar& grammar, Expr e, const Limits& limits,
                                          size_t max_states) {
  ExprPool& p = grammar.pool;
  if (p.node(e).kind == ExprKind::kNot) e = p.intersect(p.star(p.char_class(CharSet::all())), e);
  CharSteps steps(grammar, limits.max_expressions);
  CharAutomaton out;
  std::unordered_map<Expr, uint32_t> ids{{e, kStart}};
  std::vector<Expr> order{e};
  for (size_t at = 0; at < order.size(); ++at) {
    State state;
    state.accepting = p.nullable(order[at]);
    for (const CharSteps::Step& s : steps.steps(order[at])) {
      auto [it, fresh] = ids.try_emplace(s.next, static_cast<uint32_t>(order.size()));
      if (fresh) order.push_back(s.next);
      append_edge({s.lo, s.hi, it->second}, &state.edges);
    }
    if (order.size() > max_states || steps.over_limit()) return too_many(max_states);
    out.states_.push_back(std::move(state));
  }
  out.trim();
  out.merge_equivalent();
  return out;
}

uint32_t CharAutomaton::step(uint32_t from, char32_t c) const {
  const std::vector<Edge>& edges = states_[from].edges;
  auto it = std::upper_bound(edges.begin(), edges.end(), c,
                             [](char32_t x, const Edge& e) { return x < e.lo; });
  if (it == edges.begin() || (--it)->hi < c) return kNone;
  return it->to;
}

uint32_t CharAutomaton::read(uint32_t from, std::string_view text) const {
  char32_t c = 0;
  for (size_t pos = 0; pos < text.size() && from != kNone;) {
    if (!decode_utf8(text, &pos, &c)) return kNone;
    from = step(from, c);
  }
  return from;
}

CharSet CharAutomaton::loop(uint32_t s) const {
  CharSet out;
  for (const Edge& e : states_[s].edges) {
    if (e.to == s) out.add(e.lo, e.hi);
  }
  return out;
}

std::vector<bool> CharAutomaton::leading_to(uint32_t to) const {
  std::vector<std::vector<uint32_t>> from(states_.size());
  for (uint32_t s = 0; s < states_.size(); ++s) {
    for (const Edge& e : states_[s].edges) from[e.to].push_back(s);
  }
  std::vector<bool> out(states_.size());
  std::vector<uint32_t> work{to};
  out[to] = true;
  while (!work.empty()) {
    const uint32_t s = work.back();
    work.pop_back();
    for (uint32_t f : from[s]) {
      if (!out[f]) out[f] = true, work.push_back(f);
    }
  }
  return out;
}

void CharAutomaton::trim() {
  const uint32_t sink = static_cast<uint32_t>(states_.size());  // every accepting state leads there
  states_.emplace_back();
  for (uint32_t s = 0; s < sink; ++s) {
    if (states_[s].accepting) states_[s].edges.push_back({0, 0, sink});
  }
  const std::vector<bool> live = leading_to(sink);
  states_.pop_back();
  std::vector<uint32_t> number(sink + 1, kNone);
  uint32_t count = 0;
  for (uint32_t s = 0; s < sink; ++s) {
    if (live[s] || s == kStart) number[s] = count++;
  }
  for (uint32_t s = 0; s < sink; ++s) {
    if (number[s] == kNone) continue;
    std::vector<Edge>& edges = states_[s].edges;
    if (states_[s].accepting) edges.pop_back();
    std::erase_if(edges, [&](const Edge& e) { return !live[e.to]; });
    for (Edge& e : edges) e.to = number[e.to];
    if (number[s] != s) states_[number[s]] = std::move(states_[s]);
  }
  states_.resize(count);
}

void CharAutomaton::merge_equivalent() {
  if (states_.size() > kMaxMerged) return;
  using Signature = std::vector<uint32_t>;
  std::vector<uint32_t> group(states_.size());
  for (size_t s = 0; s < states_.size(); ++s) group[s] = states_[s].accepting;
  std::vector<State> merged;
  for (size_t groups = 0; merged.size() != groups || merged.empty();) {
    groups = merged.size();
    merged.clear();
    std::map<Signature, uint32_t> known;  // the start is first, so it stays the start
    std::vector<uint32_t> next(states_.size());
    for (size_t s = 0; s < states_.size(); ++s) {
      State image{{}, states_[s].accepting};
      for (const Edge& e : states_[s].edges) append_edge({e.lo, e.hi, group[e.to]}, &image.edges);
      Signature signature{image.accepting, group[s]};
      for (const Edge& e : image.edges) signature.insert(signature.end(), {e.lo, e.hi, e.to});
      auto [it, fresh] = known.try_emplace(signature, static_cast<uint32_t>(merged.size()));
      if (fresh) merged.push_back(std::move(image));
      next[s] = it->second;
    }
    group = std::move(next);
  }
  // Edges of the last round name the groups of the round before; both partitions are the same.
  std::vector<State> states(merged.size());
  for (size_t s = 0; s < states_.size(); ++s) {
    State image{{}, states_[s].accepting};
    for (const Edge& e : states_[s].edges) append_edge({e.lo, e.hi, group[e.to]}, &image.edges);
    states[group[s]] = std::move(image);
  }
  states_ = std::move(states);
}

}  // namespace xgr::core
