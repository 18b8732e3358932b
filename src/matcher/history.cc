// History: persistent steps.
//
// Entry points: commit, rollback, clone. A step's parses lie in its segment's arena behind the
// stack nodes that it made, so that going back gives the memory of both back at once; a list says
// where each step ends. Of shared segments only a shorter part is looked at afterwards.
//
//   a: [1 2 3]   b = a.clone()   a: [1 2 3] + []   b: [1 2 3] + []   b.rollback(2): [1 . .] + []
//
// Tests: tests/unit/matcher/history_test.cc.
#include "matcher/history.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "support/status.h"

namespace xgr::core {

// A long chain of segments (a clone at every step) is released in a loop, not by recursion.
History::Segment::~Segment() {
  std::shared_ptr<Segment> next = std::move(parent);
  while (next && next.use_count() == 1) {
    std::shared_ptr<Segment> after = std::move(next->parent);
    next = std::move(after);
  }
}

std::span<const Config> History::Segment::parses_of(size_t step) const {
  const Step& s = steps[step];
  uint64_t count = s.parses;
  if (count == 0) return {};
  const std::byte* end = arena.end({s.chunk, s.used});
  if (count == kMany) {
    end -= sizeof(count);
    std::memcpy(&count, end, sizeof(count));
  }
  return {reinterpret_cast<const Config*>(end) - count, count};
}

std::span<const Config> History::parses() const {
  if (!own_->steps.empty()) return own_->parses_of(own_->steps.size() - 1);
  if (base_) return base_->parses_of(base_steps_ - 1);
  return {&initial_, 1};
}

std::span<const Config> History::parses_after(size_t steps) const {
  const size_t here = before_ + base_steps_;
  if (steps > here) return own_->parses_of(steps - here - 1);
  const Segment* s = base_.get();
  for (size_t before = before_; s; s = s->parent.get()) {
    if (steps > before) return s->parses_of(steps - before - 1);
    before = s->before;
  }
  return {&initial_, 1};
}

bool History::terminated() const {
  if (!own_->steps.empty()) return own_->steps.back().terminated;
  return base_ && base_->steps[base_steps_ - 1].terminated;
}

void History::commit(std::span<const Config> parses, bool terminated) {
  Segment& s = *own_;
  // Room first: when memory runs out, nothing has changed. A quarter of it at most stays unused.
  if (s.steps.size() == s.steps.capacity()) s.steps.reserve(s.steps.size() * 5 / 4 + 8);
  const uint64_t count = parses.size();
  const bool many = count >= kMany;
  if (count > 0) {
    std::byte* to = s.arena.array<std::byte>(parses.size_bytes() + (many ? sizeof(count) : 0));
    for (const Config& c : parses) to = reinterpret_cast<std::byte*>(new (to) Config(c) + 1);
    if (many) std::memcpy(to, &count, sizeof(count));
  }
  const Arena::Mark end = s.arena.mark();
  XGR_CHECK(end.chunk <= UINT16_MAX);
  Step step{end.used, static_cast<uint16_t>(end.chunk), 0, terminated};
  step.parses = many ? kMany : static_cast<uint16_t>(count & kMany);
  s.steps.push_back(step);
}

void History::rollback(size_t steps) {
  Segment& s = *own_;
  const size_t here = std::min(steps, s.steps.size());
  s.steps.resize(s.steps.size() - here, Step{});
  s.arena.release(s.end());
  for (steps -= here; steps > 0;) {
    const size_t taken = std::min(steps, base_steps_);
    base_steps_ -= taken;
    steps -= taken;
    if (base_steps_ > 0) break;
    base_steps_ = base_->parent_steps;
    before_ = base_->before;
    std::shared_ptr<Segment> parent = base_->parent;
    base_ = std::move(parent);
  }
}

void History::clear() {
  base_.reset();
  base_steps_ = before_ = 0;
  rollback(own_->steps.size());
}

History History::clone() {
  auto theirs = std::make_shared<Segment>();
  if (!own_->steps.empty()) {
    auto mine = std::make_shared<Segment>();
    own_->parent = std::move(base_);
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
  size_t bytes = sizeof(History);
  for (const Segment* s = own_.get(); s; s = s == own_.get() ? base_.get() : s->parent.get()) {
    bytes += sizeof(Segment) + s->arena.memory_bytes() + s->steps.capacity() * sizeof(Step);
  }
  return bytes;
}

}  // namespace xgr::core
