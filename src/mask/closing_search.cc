// Closing search: A* that learns, over spots and stacks.
//
// Entry point: find. A place is a spot in the fragment on top of a stack. A search goes through places in
// the order of what a completion by way of them costs at least: the tokens so far, and what earlier
// searches found out about the rest (Koenig and Likhachev, Adaptive A*, 2005). When the fewest tokens are
// known to be n, the rest of a place that took g tokens to reach is at least n - g; on the way that was
// found it is just that. So the next question, one token further, mostly reads its answer off.
//
//   after `{"a": "x`: `"}` completes, 1 token;  with tokens `"`, `}` only: 2
//
// Tests: tests/unit/mask/closing_test.cc.
#include "mask/closing_search.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr uint64_t kReachSteps = 8;  // memory counts

}  // namespace

class ClosingSearch::Run {
 public:
  Run(ClosingSearch* search, const Question& question, Work* work)
      : s_(*search),
        q_(question),
        work_(work),
        end_(work->used() + question.budget),
        most_(question.known) {
    if (end_ < work->used()) end_ = UINT64_MAX;
  }

  ClosingBounds find(std::span<const Config> parses) {
    for (const Config& c : parses) {
      reach(s_.stacks_.of(c.stack, work_), s_.table_.spot(c.state, 0, work_), 0, kStart, 0);
    }
    bool stopped = false;
    for (; at_ < queue_.size() && at_ < most_ && at_ <= q_.enough; ++at_) {
      while (!queue_[at_].empty() && at_ < most_ && !stopped) {
        const Step step = queue_[at_].back();
        queue_[at_].pop_back();
        step.is_call ? go_on(step.id, step.cost) : visit(step.id, step.cost);
        stopped = work_->used() > end_ || q_.answered_by(most_);
      }
      if (stopped || at_ >= most_) break;
    }
    ClosingBounds found{std::min(at_, most_), most_};
    if (at_ >= queue_.size() && !stopped) found.least = most_;  // all was looked at
    learn(found);
    return found;
  }

 private:
  void push(uint32_t total, const Step& step) {
    if (total >= most_) return;
    if (queue_.size() <= total) queue_.resize(size_t{total} + 1);
    queue_[total].push_back(step);
  }
  void found_way(uint32_t total, uint64_t last) {
    if (total >= most_) return;
    most_ = total;
    last_ = last;
  }
  void reach(uint32_t stack, uint32_t spot, uint32_t cost, uint64_t from, uint32_t total) {
    charge(work_, kReachSteps);
    const uint64_t place = place_of(stack, spot);
    auto [it, fresh] = visits_.try_emplace(place);
    Visit& v = it->second;
    if (!fresh && v.cost <= cost) return;
    ClosingBounds rest;
    if (auto known = s_.known_.find(place); known != s_.known_.end()) rest = known->second;
    total = rest.least == kNoClosing ? kNoClosing : std::max(total, cost + rest.least);
    v = {from, cost, total, false};
    if (rest.most != kNoClosing) found_way(cost + rest.most, place);
    if (!rest.exact()) push(total, {false, place, cost});
  }
  void visit(uint64_t place, uint32_t cost) {
    Visit& v = visits_[place];
    if (v.done || v.cost != cost) return;  // reached again, cheaper
    v.done = true;
    const uint32_t total = std::max(v.total, at_);
    const auto stack = static_cast<uint32_t>(place >> 32), spot = static_cast<uint32_t>(place);
    s_.table_.expand(spot, work_);
    for (uint32_t next : s_.table_.behind(spot))
      reach(stack, next, cost + 1, place, std::max(total, cost + 1));
    for (uint32_t node : s_.table_.ends(spot)) leave(stack, node, cost, place, total);
    for (const ClosingTable::Call& c : s_.table_.calls(spot)) {
      calls_.push_back({s_.ends_.entry(c.callee), stack, c.ret, place, cost});
      push(total, {true, calls_.size() - 1, 0});
    }
  }
  void leave(uint32_t stack, uint32_t node, uint32_t cost, uint64_t from, uint32_t total) {
    if (stack == 0) {
      if (node == 0) found_way(cost, from);
      return;
    }
    for (const ClosingStacks::Edge& e : s_.stacks_.edges(stack)) {
      const uint32_t spot = s_.table_.live_spot(e.ret, node, work_);
      if (spot != ClosingTable::kNone) reach(e.below, spot, cost, from, total);
    }
  }
  // The ends of a callee that cost so many tokens.
  void go_on(uint64_t id, uint32_t tokens) {
    Call c = calls_[id];
    s_.ends_.explore(c.entry, tokens, work_);
    charge(work_, 2);
    const std::span<const ClosingEnds::End> ends = s_.ends_.of(c.entry);
    for (; c.taken < ends.size() && ends[c.taken].cost <= tokens; ++c.taken) {
      const ClosingEnds::End end = ends[c.taken];
      const uint32_t spot = s_.table_.live_spot(c.ret, end.node, work_);
      if (spot != ClosingTable::kNone)
        reach(c.stack, spot, c.cost + end.cost, c.from, std::max(at_, c.cost + end.cost));
    }
    calls_[id].taken = c.taken;
    if (s_.ends_.complete(c.entry) && c.taken == ends.size()) return;
    push(std::max(at_, c.cost + tokens + 1), {true, id, tokens + 1});
  }
  void learn(const ClosingBounds& found) {
    for (const auto& [place, v] : visits_) {
      if (v.cost >= found.least) continue;
      ClosingBounds& known = s_.known_[place];
      if (found.least == kNoClosing) {
        known.least = kNoClosing;
      } else {
        known.least = std::max(known.least, found.least - v.cost);
      }
    }
    for (uint64_t p = last_; p != kStart;) {
      const Visit& v = visits_[p];
      ClosingBounds& known = s_.known_[p];
      known.most = std::min(known.most, most_ - v.cost);
      p = v.from;
    }
  }

  ClosingSearch& s_;
  const Question& q_;
  Work* work_;
  uint64_t end_;
  uint32_t at_ = 0;  // the least total of what is left
  uint32_t most_;
  uint64_t last_ = kStart;  // place on the way that costs most_; kStart: none was found here
  std::vector<std::vector<Step>> queue_;  // by total
  std::unordered_map<uint64_t, Visit> visits_;
  std::vector<Call> calls_;
};

ClosingBounds ClosingSearch::find(std::span<const Config> parses, const Question& question,
                                  Work* work) {
  return Run(this, question, work).find(parses);
}

size_t ClosingSearch::memory_bytes() const {
  constexpr size_t kEntry = 48;  // of a table, about
  return table_.memory_bytes() + ends_.memory_bytes() + known_.size() * kEntry;
}

}  // namespace xgr::core
