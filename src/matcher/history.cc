// History: persistent steps.
//
// Entry points: commit, rollback, clone. A step's parses lie in its segment's arena behind the
// stack nodes that it made, so that going back gives the memory of both back at once; a list says
// where each step ends. Of shared segments only a shorter part is looked at afterwards.
//
//   a: [1 2 3]   b = a.clone()   b: [1 2 3] + []   b.rollback(2): [1 . .] + []   a.commit: [1 2 3] + [4]
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

const Waiting* History::Segment::waiting_of(size_t step) const {
  if (!steps[step].waits) return nullptr;
  return reinterpret_cast<const Waiting*>(parses_of(step).data()) - 1;
}

void History::Segment::follow(const std::shared_ptr<Segment>& last) {
  if (last->steps.empty()) {
    parent = last->parent;
    parent_steps = last->parent_steps;
    before = last->before;
  } else {
    parent = last;
    parent_steps = last->steps.size();
    before = last->steps_before();
  }
}

std::span<const Config> History::parses() const {
  if (!own_->steps.empty()) return own_->parses_of(own_->steps.size() - 1);
  if (own_->parent) return own_->parent->parses_of(own_->parent_steps - 1);
  return {&initial_, 1};
}

std::span<const Config> History::parses_after(size_t steps) const {
  for (const Segment* s = own_.get(); s; s = s->parent.get()) {
    if (steps > s->steps_before()) return s->parses_of(steps - s->steps_before() - 1);
  }
  return {&initial_, 1};
}

const Waiting* History::waiting() const {
  if (!own_->steps.empty()) return own_->waiting_of(own_->steps.size() - 1);
  return own_->parent ? own_->parent->waiting_of(own_->parent_steps - 1) : nullptr;
}

bool History::terminated() const {
  if (!own_->steps.empty()) return own_->steps.back().terminated;
  return own_->parent && own_->parent->steps[own_->parent_steps - 1].terminated;
}

// Leaves the last segment to the clones.
void History::go_on() {
  auto next = std::make_shared<Segment>();
  next->follow(own_);
  own_ = std::move(next);
}

void History::abandon() {
  Segment& s = writable();
  s.arena.release(s.end());
}

// When memory runs out, nothing has changed. A quarter of the room at most stays unused.
void History::make_room(std::vector<Step>* steps) {
  if (steps->size() == steps->capacity()) steps->reserve(steps->size() * 5 / 4 + 8);
}

void History::commit(std::span<const Config> parses, bool terminated) {
  Segment& s = writable();
  make_room(&s.steps);
  const uint64_t count = parses.size();
  const bool many = count >= kMany;
  if (count > 0) {
    std::byte* to = s.arena.array<std::byte>(parses.size_bytes() + (many ? sizeof(count) : 0));
    for (const Config& c : parses) to = reinterpret_cast<std::byte*>(new (to) Config(c) + 1);
    if (many) std::memcpy(to, &count, sizeof(count));
  }
  add_step(&s, count, false, terminated);
}

void History::commit_waiting(const Waiting& waiting, bool terminated) {
  Segment& s = writable();
  make_room(&s.steps);
  std::byte* to = s.arena.array<std::byte>(sizeof(Waiting) + sizeof(Config));
  to = reinterpret_cast<std::byte*>(new (to) Waiting(waiting) + 1);
  new (to) Config(initial_);
  add_step(&s, 1, true, terminated);
}

void History::add_step(Segment* s, size_t parses, bool waits, bool terminated) {
  const Arena::Mark end = s->arena.mark();
  XGR_CHECK(end.chunk <= UINT16_MAX);
  Step step{end.used, static_cast<uint16_t>(end.chunk), 0, waits, terminated};
  step.parses = parses >= kMany ? kMany : static_cast<uint16_t>(parses & kMany);
  s->steps.push_back(step);
}

void History::rollback(size_t steps) {
  Segment& s = writable();
  const size_t here = std::min(steps, s.steps.size());
  s.steps.resize(s.steps.size() - here, Step{});
  s.arena.release(s.end());
  for (steps -= here; steps > 0;) {
    const size_t taken = std::min(steps, s.parent_steps);
    s.parent_steps -= taken;
    steps -= taken;
    if (s.parent_steps > 0) break;
    const std::shared_ptr<Segment> parent = std::move(s.parent);
    s.parent = parent->parent;
    s.parent_steps = parent->parent_steps;
    s.before = parent->before;
  }
}

void History::clear() {
  if (own_->shared.load(std::memory_order_relaxed)) {
    own_ = std::make_shared<Segment>();
  } else {
    own_->parent.reset();
    own_->parent_steps = own_->before = 0;
    rollback(own_->steps.size());
  }
}

History History::clone() const {
  History copy(initial_);
  copy.own_->follow(own_);
  if (copy.own_->parent == own_) own_->shared.store(true, std::memory_order_relaxed);
  return copy;
}

size_t History::memory_bytes() const {
  size_t bytes = sizeof(History);
  for (const Segment* s = own_.get(); s; s = s->parent.get()) {
    bytes += sizeof(Segment) + s->arena.memory_bytes() + s->steps.capacity() * sizeof(Step);
  }
  return bytes;
}

}  // namespace xgr::core
