// Emptiness of intersections with a long counted repetition.
//
// Entry point: CountedMeeting::has_string. A search that counts would go through every count. Rounds of
// the repetition are alike, so the other side alone is what matters: a graph says where it can be
// after one round, and squaring it says where it can be after 2, 4, 8... of them (boolean matrices,
// repeated squaring). A string exists when some place that accepts is reached in a number of rounds
// between both bounds. The body has to be a code in which no word begins another, as characters and
// their spellings are: then each text has one count.
//
//   .{1000000000} and (ab)*:  two places, 30 squarings, and after an even number of rounds the first
//
// Tests: tests/unit/grammar/counted_meeting_test.cc.
#include "grammar/counted_meeting.h"

#include <algorithm>
#include <utility>

#include "grammar/derivatives.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr uint32_t kProbe = 1 << 20;  // a count that stands for any
constexpr size_t kMaxMeetingNodes = 1 << 12;
constexpr size_t kMaxOperands = 16, kMaxRoundParts = 64;
constexpr size_t kMaxCrossings = 512;  // squaring takes the third power of it

uint64_t key_of(Expr a, Expr b) { return uint64_t{a} << 32 | b; }

bool test(const std::vector<uint64_t>& set, uint32_t i) { return set[i / 64] >> i % 64 & 1; }
void put(std::vector<uint64_t>* set, uint32_t i) { (*set)[i / 64] |= uint64_t{1} << i % 64; }

}  // namespace

// False when there are many.
bool CountedMeeting::operands(const ExprPool& pool, Expr e, std::vector<Expr>* out) {
  std::vector<Expr> work{e};
  while (!work.empty()) {
    const Expr top = work.back();
    work.pop_back();
    const ExprNode& n = pool.node(top);
    if (n.kind == ExprKind::kAnd) {
      work.insert(work.end(), {n.b, n.a});
    } else {
      out->push_back(top);
    }
    if (work.size() + out->size() > kMaxOperands) return false;
  }
  return true;
}

std::optional<CountedMeeting::Counted> CountedMeeting::counted_sequence(Expr e) const {
  std::vector<Expr> parts;
  for (; pool_.node(e).kind == ExprKind::kSeq; e = pool_.node(e).b) {
    if (parts.size() == kMaxRoundParts) return std::nullopt;
    parts.push_back(pool_.node(e).a);
  }
  const ExprNode n = pool_.node(e);
  if (n.kind != ExprKind::kRepeat || pool_.nullable(n.a)) return std::nullopt;
  return Counted{pool_.seq(parts), n.a, n.b, n.c};
}

// Branches that go on alike are one rest.
std::optional<CountedMeeting::Counted> CountedMeeting::counted_branches(Expr e) const {
  std::optional<Counted> all;
  std::vector<Expr> rests;
  const std::vector<Expr> branches(pool_.children(e).begin(), pool_.children(e).end());
  for (Expr branch : branches) {
    std::optional<Counted> one = counted_sequence(branch);
    if (!one) return std::nullopt;
    if (!all) all = one;
    if (one->body != all->body || one->min != all->min || one->max != all->max) return std::nullopt;
    rests.push_back(one->rest);
  }
  if (all) all->rest = pool_.alt(rests);
  return all;
}

std::optional<CountedMeeting::Counted> CountedMeeting::counted(Expr e) const {
  return pool_.node(e).kind == ExprKind::kAlt ? counted_branches(e) : counted_sequence(e);
}

bool CountedMeeting::counts(const ExprPool& pool, Expr e, uint32_t rounds) {
  std::vector<Expr> work{e};
  for (size_t looked = 0; !work.empty() && looked < kMaxOperands * kMaxRoundParts; ++looked) {
    const Expr top = work.back();
    const ExprNode& n = pool.node(top);
    work.pop_back();
    if (n.kind == ExprKind::kRepeat && n.b >= rounds) return true;
    if (n.kind == ExprKind::kSeq) work.push_back(n.b);
    if (n.kind == ExprKind::kAnd) work.insert(work.end(), {n.b, n.a});
    if (n.kind == ExprKind::kAlt) work.push_back(pool.children(top)[0]);
  }
  return false;
}

uint32_t CountedMeeting::node_of(Graph* g, Expr rest, Expr other) const {
  auto [it, fresh] =
      g->ids.try_emplace(key_of(rest, other), static_cast<uint32_t>(g->nodes.size()));
  if (fresh) g->nodes.push_back({rest, other, false, UINT32_MAX, {}});
  return it->second;
}

// False: the body, or the other side, is none of those that this can tell about.
bool CountedMeeting::expand(Graph* g, uint32_t id) {
  const Expr rest = g->nodes[id].rest, other = g->nodes[id].other;
  const bool crossing = rest == pool_.epsilon();
  if (!crossing && pool_.nullable(rest)) return false;
  const std::vector<Segment> x = segments_(pool_.seq(rest, pool_.repeat(g->body, kProbe, kProbe)));
  const std::vector<Segment> y = segments_(other);
  std::vector<uint32_t> next;
  for (size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    const uint8_t lo = std::max(x[i].lo, y[j].lo), hi = std::min(x[i].hi, y[j].hi);
    const bool met = lo <= hi && !pool_.dead(x[i].next) && !pool_.dead(y[j].next);
    if (met) {
      const std::optional<Counted> after = counted(x[i].next);
      const uint32_t left = crossing ? kProbe - 1 : kProbe;
      if (!after || after->body != g->body || after->min != left || after->max != left)
        return false;
      next.push_back(node_of(g, after->rest, y[j].next));
    }
    (x[i].hi < y[j].hi ? i : j)++;
  }
  sort_unique(&next);
  g->nodes[id].next = std::move(next);
  g->nodes[id].expanded = true;
  if (!crossing) return true;
  g->nodes[id].crossing = static_cast<uint32_t>(g->crossings.size());
  g->crossings.push_back(id);
  return g->crossings.size() <= kMaxCrossings;
}

// The crossings that the rest of a round, or a round from a crossing on, leads to.
std::vector<uint32_t> CountedMeeting::next_crossings(const Graph& g, uint32_t from) const {
  std::vector<uint32_t> out, work = g.nodes[from].next;
  std::unordered_set<uint32_t> seen(work.begin(), work.end());
  while (!work.empty()) {
    const Graph::Node& n = g.nodes[work.back()];
    work.pop_back();
    if (n.crossing != UINT32_MAX) {
      out.push_back(n.crossing);
      continue;
    }
    for (uint32_t next : n.next) {
      if (seen.insert(next).second) work.push_back(next);
    }
  }
  return out;
}

void CountedMeeting::join_rounds(Graph* g) const {
  const size_t words = g->crossings.size() / 64 + 1;
  g->accepting.assign(words, 0);
  std::vector<NodeSet> one(g->crossings.size(), NodeSet(words, 0));
  for (uint32_t c = 0; c < g->crossings.size(); ++c) {
    if (pool_.nullable(g->nodes[g->crossings[c]].other)) put(&g->accepting, c);
    for (uint32_t to : next_crossings(*g, g->crossings[c])) put(&one[c], to);
  }
  g->rounds.assign(1, std::move(one));
}

// Null when there is none.
CountedMeeting::Graph* CountedMeeting::graph_of(Expr body, Expr rest, Expr other) {
  std::unique_ptr<Graph>& known = graphs_[body];
  if (known && known->ids.contains(key_of(rest, other))) return known.get();
  if (beyond_.contains(key_of(body, other))) return nullptr;
  auto g = std::make_unique<Graph>();
  g->body = body;
  node_of(g.get(), rest, other);
  for (uint32_t id = 0; id < g->nodes.size(); ++id) {
    if (g->nodes.size() <= kMaxMeetingNodes && expand(g.get(), id)) continue;
    beyond_.insert(key_of(body, other));
    return nullptr;
  }
  join_rounds(g.get());
  known = std::move(g);
  return known.get();
}

CountedMeeting::NodeSet CountedMeeting::step(const std::vector<NodeSet>& rounds,
                                             const NodeSet& from) const {
  NodeSet out(from.size(), 0);
  for (uint32_t c = 0; c < rounds.size(); ++c) {
    if (!test(from, c)) continue;
    for (size_t w = 0; w < out.size(); ++w) out[w] |= rounds[c][w];
  }
  return out;
}

CountedMeeting::NodeSet CountedMeeting::after_rounds(Graph* g, NodeSet from, uint32_t count) const {
  for (size_t bit = 0; bit < 32 && count >> bit != 0; ++bit) {
    if (g->rounds.size() <= bit) {
      std::vector<NodeSet> twice;
      for (const NodeSet& to : g->rounds.back()) twice.push_back(step(g->rounds.back(), to));
      g->rounds.push_back(std::move(twice));
    }
    if (count >> bit & 1) from = step(g->rounds[bit], from);
  }
  return from;
}

std::optional<bool> CountedMeeting::has_string(Expr e) {
  if (pool_.node(e).kind != ExprKind::kAnd) return std::nullopt;
  std::vector<Expr> all;
  if (!operands(pool_, e, &all)) return std::nullopt;
  std::optional<Counted> longest;
  size_t at = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const std::optional<Counted> c = counted(all[i]);
    if (!c || (c->min == 0 && c->max == kUnbounded)) continue;
    if (longest && std::pair(c->min, c->max) <= std::pair(longest->min, longest->max)) continue;
    longest = c, at = i;
  }
  if (!longest) return std::nullopt;
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
  Expr other = all[0];
  for (size_t i = 1; i < all.size(); ++i) other = pool_.intersect(other, all[i]);
  Graph* g = graph_of(longest->body, longest->rest, other);
  if (g == nullptr) return std::nullopt;
  NodeSet now(g->crossings.size() / 64 + 1, 0);
  const uint32_t start = g->ids.at(key_of(longest->rest, other));
  if (g->nodes[start].crossing != UINT32_MAX) {
    put(&now, g->nodes[start].crossing);
  } else {
    for (uint32_t c : next_crossings(*g, start)) put(&now, c);
  }
  now = after_rounds(g, std::move(now), longest->min);
  // Whatever can be reached is reached within as many rounds as there are crossings.
  const uint64_t more = longest->max == kUnbounded ? UINT64_MAX : longest->max - longest->min;
  NodeSet reached = now;
  for (uint64_t r = 0;; ++r) {
    for (size_t w = 0; w < now.size(); ++w) {
      if (now[w] & g->accepting[w]) return true;
    }
    if (r == more) return false;
    now = step(g->rounds[0], now);
    bool fresh = false;
    for (size_t w = 0; w < now.size(); ++w) {
      now[w] &= ~reached[w];
      reached[w] |= now[w];
      fresh = fresh || now[w] != 0;
    }
    if (!fresh) return false;
  }
}

}  // namespace xgr::core
