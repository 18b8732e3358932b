// One character of a regular expression with look-arounds, atomic groups and \b.
//
// Entry point: RegexEngine::facts. The states of a demand are followed as far as they go without a
// character; a look-ahead adds a state that must be reached as well, a negative one adds a demand
// that must not be met. The alternatives of an atomic group are ordered: the second may be taken
// only where the first has no match, so it comes with a refusal of the first one's matches. That
// makes everything exact, look-arounds in repetitions and all: only sets of states are kept, of
// which there are finitely many.
//
//   ((?!ab).)*   ->  at the start {loop}; behind an a {loop} without {'b'}
//   (?>a|ab)c    ->  'a' then 'c', or, where no 'a' comes, 'a' 'b' 'c': never
//
// Tests: tests/unit/frontend/regex_test.cc, tests/reference/compare_regex.cc.
#include "frontend/regex/regex_engine.h"

#include <algorithm>
#include <set>

#include "support/sort_unique.h"

namespace xgr::core {
namespace {

bool includes(const std::vector<uint32_t>& all, const std::vector<uint32_t>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

bool disjoint(const CharSet& x, const CharSet& y) {
  auto a = x.ranges().begin(), b = y.ranges().begin();
  while (a != x.ranges().end() && b != y.ranges().end()) {
    if (a->hi < b->lo) {
      ++a;
    } else if (b->hi < a->lo) {
      ++b;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

RegexEngine::RegexEngine(RegexProgram program) : program_(std::move(program)) {
  demand({}, {});  // kNothing
  StateData s{program_.start, LeftContext::kStart, 0, kNoLoop, {}};
  start_ = demand({state(at(s, program_.start))}, {});
}

// Moves to a point; what its future does not depend on is forgotten.
RegexEngine::StateData RegexEngine::at(StateData s, uint32_t point) const {
  s.point = point;
  if (!program_.points[point].context) s.context = LeftContext::kUnknown;
  return s;
}

RegexEngine::State RegexEngine::state(StateData s) {
  Ids key{s.point, s.context, s.goal, s.pending};
  key.insert(key.end(), s.counts.begin(), s.counts.end());
  auto [it, fresh] =
      known_states_.try_emplace(std::move(key), static_cast<uint32_t>(states_.size()));
  if (fresh) states_.push_back(std::move(s));
  return it->second;
}

RegexEngine::Demand RegexEngine::demand(Ids states, Ids refusals) {
  sort_unique(&states);
  sort_unique(&refusals);
  Ids key = states;
  key.push_back(UINT32_MAX);
  key.insert(key.end(), refusals.begin(), refusals.end());
  auto [it, fresh] =
      known_demands_.try_emplace(std::move(key), static_cast<uint32_t>(demands_.size()));
  if (fresh) demands_.push_back({std::move(states), std::move(refusals), nullptr});
  return it->second;
}

// A demand that asks for more than another is refused with it.
RegexEngine::Refusal RegexEngine::refusal(Ids demands) {
  sort_unique(&demands);
  Ids kept;
  for (Demand d : demands) {
    bool more = std::any_of(demands.begin(), demands.end(), [&](Demand other) {
      return other != d && demands.size() <= 64 &&
             includes(demands_[d].states, demands_[other].states) &&
             includes(demands_[d].refusals, demands_[other].refusals);
    });
    if (!more) kept.push_back(d);
  }
  auto [it, fresh] = known_refusals_.try_emplace(kept, static_cast<uint32_t>(refusals_.size()));
  if (fresh) {
    refusals_.push_back(std::make_unique<RefusalData>());
    refusals_.back()->demands = std::move(kept);
  }
  return it->second;
}

Expr RegexEngine::plain(Demand d) const {
  const DemandData& data = demands_[d];
  if (data.states.size() != 1 || !data.refusals.empty()) return kNoExpr;
  const RegexPoint& p = program_.points[states_[data.states[0]].point];
  return p.op == RegexPoint::kPlain ? p.a : kNoExpr;
}

void RegexEngine::go(Way way, StateData s, std::vector<Way>* work) {
  way.todo.push_back(state(std::move(s)));
  work->push_back(std::move(way));
}

void RegexEngine::advance(Way way, std::vector<Way>* work) {
  const State id = way.todo.back();
  way.todo.pop_back();
  const StateData s = states_[id];
  const RegexPoint& p = program_.points[s.point];
  switch (p.op) {
    case RegexPoint::kSet:
      way.leaves.push_back(id);
      sort_unique(&way.leaves);
      work->push_back(std::move(way));
      break;
    case RegexPoint::kSplit:
      split(std::move(way), s, p, work);
      break;
    case RegexPoint::kAssert:
    case RegexPoint::kBehind:
      condition(std::move(way), s, p, work);
      break;
    case RegexPoint::kAhead:
      look_ahead(std::move(way), s, p, work);
      break;
    case RegexPoint::kEnter: {
      StateData inside = s;
      if (program_.loops[p.a].counted) inside.counts.insert(inside.counts.end(), {0, kRead});
      head(std::move(way), std::move(inside), p.a, true, work);
      break;
    }
    case RegexPoint::kBack:
      back(std::move(way), s, p.a, work);
      break;
    case RegexPoint::kEnd:
      if (p.scope != s.goal) return go(std::move(way), at(s, p.b), work);
      if (p.scope == 0 && !p.negative) way.mask &= kNextEnd;
      if (way.mask) work->push_back(std::move(way));
      break;
    case RegexPoint::kPlain: {
      bool alone =
          way.mask == kAnyNext && way.todo.empty() && way.leaves.empty() && way.refusals.empty();
      if (!alone) return go(std::move(way), at(s, p.b), work);
      way.plain = p.a;
      work->push_back(std::move(way));
      break;
    }
  }
}

// Two ways to go on. Where they are ordered, the second one needs that the first has no match.
void RegexEngine::fork(Way way, StateData first, StateData second, uint32_t scope,
                       std::vector<Way>* work) {
  Way other = way;
  if (scope != first.goal) {
    StateData match = first;
    const RegexScope& around = program_.scopes[scope];
    match.goal = scope;
    for (uint32_t i = 0; i < around.counters; ++i) match.counts[i] = 0;
    if (match.pending <= around.depth) match.pending = around.depth + 1;
    other.refusals.push_back(refusal({demand({state(std::move(match))}, {})}));
    sort_unique(&other.refusals);
  }
  go(std::move(way), std::move(first), work);
  go(std::move(other), std::move(second), work);
}

void RegexEngine::split(Way way, const StateData& s, const RegexPoint& p, std::vector<Way>* work) {
  fork(std::move(way), at(s, p.a), at(s, p.b), p.scope, work);
}

void RegexEngine::condition(Way way, const StateData& s, const RegexPoint& p,
                            std::vector<Way>* work) {
  NextMask held = p.op == RegexPoint::kBehind
                      ? program_.left.holds_behind(p.a, s.context)
                      : program_.left.holds(static_cast<RegexAssertion>(p.a), s.context);
  way.mask &= p.negative ? kAnyNext & ~held : held;
  if (way.mask) go(std::move(way), at(s, p.b), work);
}

void RegexEngine::look_ahead(Way way, const StateData& s, const RegexPoint& p,
                             std::vector<Way>* work) {
  State body = state(at({p.a, s.context, p.inner, kNoLoop, {}}, p.a));
  if (p.negative) {
    way.refusals.push_back(refusal({demand({body}, {})}));
    sort_unique(&way.refusals);
  } else {
    way.todo.push_back(body);
  }
  go(std::move(way), at(s, p.b), work);
}

void RegexEngine::leave(Way way, StateData s, uint32_t loop, std::vector<Way>* work) {
  const RegexLoop& l = program_.loops[loop];
  go(std::move(way), outside(std::move(s), l), work);
}

RegexEngine::StateData RegexEngine::outside(StateData s, const RegexLoop& l) const {
  if (l.counted) s.counts.resize(s.counts.size() - 2);
  if (s.pending >= l.depth) s.pending = kNoLoop;
  return at(std::move(s), l.next);
}

// Before an iteration.
void RegexEngine::head(Way way, StateData s, uint32_t loop, bool entering, std::vector<Way>* work) {
  const RegexLoop& l = program_.loops[loop];
  const uint32_t done = l.counted ? s.counts[s.counts.size() - 2] : entering ? 0 : l.min;
  const bool excused = l.counted && s.counts.back() != kRead;
  if (done >= l.max) return leave(std::move(way), std::move(s), loop, work);
  StateData in = at(s, l.body);
  in.pending = std::min(in.pending, l.depth);
  if (done < l.min && !excused) return go(std::move(way), std::move(in), work);
  StateData out = outside(std::move(s), l);
  if (l.lazy) std::swap(in, out);
  fork(std::move(way), std::move(in), std::move(out), l.scope, work);
}

// After an iteration. One that read nothing may be made again and again where it stands, so the
// least count does not matter any more, and a second one adds nothing. Where order counts, what PCRE2
// does is done: all iterations are made, except that one without end stops the loop.
void RegexEngine::back(Way way, StateData s, uint32_t loop, std::vector<Way>* work) {
  const RegexLoop& l = program_.loops[loop];
  const bool nothing_read = s.pending <= l.depth, ordered = l.scope != s.goal;
  const bool endless = l.max == kUnbounded;
  if (!l.counted) {
    if (nothing_read) return leave(std::move(way), std::move(s), loop, work);
    return head(std::move(way), std::move(s), loop, false, work);
  }
  uint32_t& done = s.counts[s.counts.size() - 2];
  if (nothing_read && endless && done + 1 >= l.min) {
    return leave(std::move(way), std::move(s), loop, work);
  }
  if (nothing_read && !ordered) {
    if (s.counts.back() == kJustEmpty) return;
    s.counts.back() = kJustEmpty;
    if (endless) done = l.min;
  }
  done = endless ? std::min(done + 1, l.min) : done + 1;
  head(std::move(way), std::move(s), loop, false, work);
}

// All ways to go on from a demand up to the next character.
std::vector<RegexEngine::Way> RegexEngine::ways(Demand d, Work* work_of_call) {
  Way first;
  first.todo = demands_[d].states;
  first.refusals = demands_[d].refusals;
  std::vector<Way> work{std::move(first)}, out;
  std::set<Ids> seen;
  while (!work.empty()) {
    Way way = std::move(work.back());
    work.pop_back();
    sort_unique(&way.todo);
    Ids key{way.mask, way.plain};
    for (const Ids* ids : {&way.todo, &way.leaves, &way.refusals}) {
      key.push_back(UINT32_MAX);
      key.insert(key.end(), ids->begin(), ids->end());
    }
    charge(work_of_call, kWaySteps + key.size());
    if (!seen.insert(std::move(key)).second) continue;
    if (way.todo.empty()) {
      out.push_back(std::move(way));
    } else {
      advance(std::move(way), &work);
    }
  }
  return out;
}

const RegexEngine::Facts& RegexEngine::facts(Demand d, const ExprPool& pool) {
  if (demands_[d].facts) return *demands_[d].facts;
  auto out = std::make_unique<Facts>();
  for (const Way& way : ways(d, pool.work())) {
    if (contradictory(way, pool)) continue;
    if (way.plain != kNoExpr) {
      out->plain.push_back(way.plain);
      out->nullable = out->nullable || pool.nullable(way.plain);
      continue;
    }
    if (way.leaves.empty()) {
      bool empty = (way.mask & kNextEnd) && !refused_by_empty(way, pool);
      out->nullable = out->nullable || empty;
      out->all = out->all || (way.mask == kAnyNext && way.refusals.empty());
    }
    add_steps(way, pool, out.get());
  }
  if (out->all) out->steps = {{CharSet::all(), kNothing}};
  demands_[d].facts = std::move(out);
  return *demands_[d].facts;
}

bool RegexEngine::refused_by_empty(const Way& way, const ExprPool& pool) {
  for (Refusal r : way.refusals) {
    const Ids demands = refusals_[r]->demands;
    for (Demand d : demands) {
      if (facts(d, pool).nullable) return true;
    }
  }
  return false;
}

// Whether something is refused that every text has.
bool RegexEngine::contradictory(const Way& way, const ExprPool& pool) {
  for (Refusal r : way.refusals) {
    RefusalData& data = *refusals_[r];
    if (!data.asked) {
      data.asked = true;
      const Ids demands = data.demands;
      try {
        for (Demand d : demands) refusals_[r]->all = refusals_[r]->all || facts(d, pool).all;
      } catch (...) {  // too much work for this call
        refusals_[r]->asked = false;
        throw;
      }
    }
    if (refusals_[r]->all) return true;
  }
  return false;
}

void RegexEngine::add_steps(const Way& way, const ExprPool& pool, Facts* out) {
  CharSet set = (way.mask & 7) == 7 ? CharSet::all() : program_.left.next_set(way.mask);
  uint32_t context = LeftContext::kUnknown;
  for (State leaf : way.leaves) {
    const RegexPoint& p = program_.points[states_[leaf].point];
    set = set.intersected(program_.sets[p.a]);
    if (program_.points[p.b].context) context = states_[leaf].context;
  }
  if (set.empty()) return;
  std::vector<LeftContext::Step> contexts{{set, LeftContext::kUnknown}};
  if (context != LeftContext::kUnknown) contexts = program_.left.step(context, set);
  for (const LeftContext::Step& c : contexts) {
    Ids states;
    for (State leaf : way.leaves) {
      StateData s = states_[leaf];
      s.context = c.context;
      s.pending = kNoLoop;
      for (size_t i = 1; i < s.counts.size(); i += 2) {
        if (s.counts[i] == kJustEmpty) s.counts[i] = kOnceEmpty;
      }
      states.push_back(state(at(s, program_.points[s.point].b)));
    }
    std::vector<std::pair<CharSet, Ids>> pieces{{c.set, {}}};
    for (Refusal r : way.refusals) {
      const std::vector<RefusalStep>& steps = refusal_steps(r, pool);
      if (disjoint(refusals_[r]->active, c.set)) continue;
      std::vector<std::pair<CharSet, Ids>> cut;
      for (const RefusalStep& step : steps) {
        if (step.broken) continue;
        charge(pool.work(), pieces.size() * kPieceSteps);
        for (const auto& [piece, refusals] : pieces) {
          CharSet both = piece.intersected(step.set);
          if (both.empty()) continue;
          cut.emplace_back(std::move(both), refusals);
          if (!refusals_[step.next]->demands.empty()) cut.back().second.push_back(step.next);
        }
      }
      pieces = std::move(cut);
    }
    for (auto& [piece, refusals] : pieces) {
      Demand next = demand(states, std::move(refusals));
      auto same = std::find_if(out->steps.begin(), out->steps.end(),
                               [&](const Step& s) { return s.next == next; });
      if (same == out->steps.end()) {
        out->steps.push_back({std::move(piece), next});
      } else {
        same->set.add(piece);
      }
    }
  }
}

// By character, disjoint and complete: what of a refusal is left.
const std::vector<RegexEngine::RefusalStep>& RegexEngine::refusal_steps(Refusal r,
                                                                        const ExprPool& pool) {
  if (refusals_[r]->stepped) return refusals_[r]->steps;
  std::vector<std::pair<CharSet, Ids>> pieces{{CharSet::all(), {}}};
  const Ids demands = refusals_[r]->demands;
  for (Demand d : demands) {
    for (const Step& step : facts(d, pool).steps) {
      const size_t count = pieces.size();
      charge(pool.work(), count * kPieceSteps);
      for (size_t i = 0; i < count; ++i) {
        CharSet in = pieces[i].first.intersected(step.set);
        if (in.empty()) continue;
        if (!(in == pieces[i].first)) {
          pieces.emplace_back(pieces[i].first.minus(step.set), pieces[i].second);
          pieces[i].first = std::move(in);
        }
        pieces[i].second.push_back(step.next);
      }
    }
  }
  std::map<Ids, size_t> known;
  std::vector<RefusalStep> steps;
  for (auto& [set, next] : pieces) {
    sort_unique(&next);
    bool broken = std::any_of(next.begin(), next.end(),
                              [&](Demand d) { return d == kNothing || facts(d, pool).all; });
    if (broken) next.assign(1, kNothing);
    auto [it, fresh] = known.try_emplace(next, steps.size());
    if (fresh) {
      steps.push_back({std::move(set), broken, broken ? 0 : refusal(std::move(next))});
    } else {
      steps[it->second].set.add(set);
    }
  }
  for (const RefusalStep& step : steps) {
    if (step.broken || !refusals_[step.next]->demands.empty()) refusals_[r]->active.add(step.set);
  }
  refusals_[r]->steps = std::move(steps);
  refusals_[r]->stepped = true;
  return refusals_[r]->steps;
}

}  // namespace xgr::core
