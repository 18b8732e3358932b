// History: persistent steps.
//
// Entry points: commit, rollback, clone. Rolling back inside the own segment gives memory back at once;
// further back the shared segments are only looked at to a shorter length.
//
//   a: [1 2 3]   b = a.clone()   a: [1 2 3] + []   b: [1 2 3] + []   b.rollback(2): [1 . .] + []
//
// Tests: tests/unit/matcher/history_test.cc.
#include "matcher/history.h"

namespace xgr {

// A long chain of segments (a clone at every step) is released in a loop, not by recursion.
History::Segment::~Segment() {
  std::shared_ptr<Segment> next = std::move(parent);
  while (next && next.use_count() == 1) {
    std::shared_ptr<Segment> after = std::move(next->parent);
    next = std::move(after);
  }
}

std::span<const Config> History::parses_of(const Segment& s, size_t step) const {
  size_t begin = s.steps[step].begin;
  size_t end = step + 1 < s.steps.size() ? s.steps[step + 1].begin : s.configs.size();
  return {s.configs.data() + begin, end - begin};
}

std::span<const Config> History::parses() const {
  if (!own_->steps.empty()) return parses_of(*own_, own_->steps.size() - 1);
  if (base_) return parses_of(*base_, base_steps_ - 1);
  return {&initial_, 1};
}

bool History::terminated() const {
  if (!own_->steps.empty()) return own_->steps.back().terminated;
  return base_ && base_->steps[base_steps_ - 1].terminated;
}

void History::commit(std::span<const Config> parses, bool terminated) {
  Segment& s = *own_;
  // Room first: when memory runs out, neither list has changed.
  if (s.steps.size() == s.steps.capacity()) s.steps.reserve(s.steps.size() * 2 + 8);
  uint32_t begin = static_cast<uint32_t>(s.configs.size());
  s.configs.insert(s.configs.end(), parses.begin(), parses.end());
  s.steps.push_back({begin, terminated, mark_});
}

void History::rollback(size_t steps) {
  Segment& s = *own_;
  size_t here = steps < s.steps.size() ? steps : s.steps.size();
  if (here > 0) {
    const Step& first = s.steps[s.steps.size() - here];
    s.arena.release(first.mark);
    s.configs.resize(first.begin, Config{});
    s.steps.resize(s.steps.size() - here, Step{});
    steps -= here;
  }
  while (steps > 0) {
    size_t taken = steps < base_steps_ ? steps : base_steps_;
    base_steps_ -= taken;
    steps -= taken;
    if (base_steps_ > 0) break;
    size_t parent_steps = base_->parent_steps;
    before_ = base_->before;
    std::shared_ptr<Segment> parent = base_->parent;
    base_ = std::move(parent);
    base_steps_ = parent_steps;
  }
}

void History::clear() {
  base_.reset();
  base_steps_ = before_ = 0;
  rollback(own_->steps.size());
}

History History::clone() {
  auto mine = std::make_shared<Segment>(), theirs = std::make_shared<Segment>();
  if (!own_->steps.empty()) {
    own_->parent = base_;
    own_->parent_steps = base_steps_;
    own_->before = before_;
    before_ += base_steps_;
    base_steps_ = own_->steps.size();
    base_ = std::move(own_);
    own_ = std::move(mine);
  }
  History copy(initial_);
  copy.base_ = base_;
  copy.base_steps_ = base_steps_;
  copy.before_ = before_;
  copy.own_ = std::move(theirs);
  return copy;
}

size_t History::memory_bytes() const {
  return sizeof(History) + sizeof(Segment) + own_->arena.memory_bytes() +
         own_->steps.capacity() * sizeof(Step) + own_->configs.capacity() * sizeof(Config);
}

}  // namespace xgr
