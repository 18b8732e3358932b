// Matching markers.
//
// Entry points: MarkerMatcher::search, expect, step. All ways through the program are walked at the
// same time, in order of preference: what began earlier first, then as the program says. No way
// appears twice, so a byte costs at most the length of the program, however often it was begun. A
// match is taken when no way that is preferred to it is left.
//
//   "\n</r>\n" or "\n</r>", over "\n</r>x"  ->  the second, decided at x
//
// Tests: tests/unit/chat/reply_reader_test.cc, tests/chat/read_replies.cc.
#include "chat/marker_matcher.h"

#include <algorithm>

namespace xgr::core {

void MarkerMatcher::search(uint32_t pc, const MarkerBytes& first) {
  threads_.clear();
  match_.reset();
  committed_ = false;
  searching_ = true;
  first_ = first;
  cut_ = false;
  ++round_;
  next_.clear();
  add({pc, false, 0, {}}, 1);  // parts that begin at once are marked; where, step() knows
  entries_.swap(next_);
}

MarkerMatcher::State MarkerMatcher::expect(uint32_t pc, uint64_t at) {
  threads_.clear();
  match_.reset();
  committed_ = searching_ = cut_ = false;
  began_ = at;
  ++round_;
  next_.clear();
  add({pc, false, at, {}}, at);
  threads_.swap(next_);
  settle_commitment();
  return state();
}

bool MarkerMatcher::takes(const Thread& thread, unsigned char c) const {
  const MarkerOp& op = program_.ops[thread.pc];
  if (op.kind == MarkerOpKind::kByte) return op.byte == c;
  const uint32_t set = op.kind == MarkerOpKind::kClass ? op.x : op.y;
  return program_.classes[set].test(c);
}

void MarkerMatcher::advance(Thread thread, uint64_t at) {
  if (program_.ops[thread.pc].kind == MarkerOpKind::kArguments) return record(thread, at);
  ++thread.pc;
  add(std::move(thread), at + 1);
}

MarkerMatcher::State MarkerMatcher::step(uint64_t at) {
  const unsigned char c = reply_[at];
  ++round_;
  cut_ = false;
  next_.clear();
  for (const Thread& thread : threads_) {
    if (takes(thread, c)) advance(thread, at);
    if (cut_) break;
  }
  const bool begins = searching_ && !committed_ && !match_ && first_.test(c);
  for (size_t i = 0; begins && !cut_ && i < entries_.size(); ++i) {
    if (!takes(entries_[i], c)) continue;
    Thread thread = entries_[i];
    thread.begin = at;
    for (uint64_t& slot : thread.slots) slot = slot == 0 ? 0 : at;
    advance(std::move(thread), at);
  }
  threads_.swap(next_);
  settle_commitment();
  return state();
}

MarkerMatcher::State MarkerMatcher::end() {
  if (match_) {
    threads_.clear();
    return State::kMatched;
  }
  return threads_.empty() ? State::kIdle : State::kRunning;
}

MarkerMatcher::State MarkerMatcher::state() const {
  if (!threads_.empty()) return State::kRunning;
  if (match_) return State::kMatched;
  return committed_ || !searching_ ? State::kFailed : State::kIdle;
}

// What began earliest is committed to: what began later is not wanted, and no match without it.
void MarkerMatcher::settle_commitment() {
  if (committed_ || threads_.empty()) return;
  const uint64_t begin = threads_[0].begin;
  for (const Thread& t : threads_) committed_ = committed_ || (t.committed && t.begin == begin);
  if (!committed_) return;
  began_ = begin;
  threads_.erase(std::remove_if(threads_.begin(), threads_.end(),
                                [&](const Thread& t) { return t.begin != begin; }),
                 threads_.end());
  if (match_ && match_->op.kind == MarkerOpKind::kMatch && match_->end == begin) match_.reset();
}

void MarkerMatcher::record(const Thread& thread, uint64_t at) {
  const MarkerOp& op = program_.ops[thread.pc];
  match_ = MarkerMatch{op, thread.pc, thread.begin, at, thread.slots};
  cut_ = true;
}

bool MarkerMatcher::known(const Thread& thread) const {
  if (!names_) return true;
  for (MarkerPart part : {kNamePart, kQuotedNamePart}) {
    const uint64_t begin = thread.slots[2 * part], end = thread.slots[2 * part + 1];
    if (end > begin && names_->contains(std::string(reply_.view(begin, end)))) return true;
  }
  return false;
}

// Follows what takes no byte. Ways are added in order of preference.
void MarkerMatcher::add(Thread thread, uint64_t at) {
  stack_.clear();
  stack_.push_back(std::move(thread));
  while (!stack_.empty() && !cut_) {
    Thread t = std::move(stack_.back());
    stack_.pop_back();
    if (seen_[t.pc] == round_) continue;
    seen_[t.pc] = round_;
    const MarkerOp& op = program_.ops[t.pc];
    switch (op.kind) {
      case MarkerOpKind::kSplit: {
        Thread other = t;
        other.pc = op.y;
        t.pc = op.x;
        stack_.push_back(std::move(other));
        stack_.push_back(std::move(t));
        break;
      }
      case MarkerOpKind::kJump:
        t.pc = op.x;
        stack_.push_back(std::move(t));
        break;
      case MarkerOpKind::kSave:
        t.slots[op.x] = at;
        if (op.x % 2 == 0) t.slots[op.x + 1] = at;
        ++t.pc;
        stack_.push_back(std::move(t));
        break;
      case MarkerOpKind::kCommit:
        t.committed = true;
        ++t.pc;
        stack_.push_back(std::move(t));
        break;
      case MarkerOpKind::kKnownName:
        if (!known(t)) break;
        ++t.pc;
        stack_.push_back(std::move(t));
        break;
      case MarkerOpKind::kMatch:
        record(t, at);
        break;
      default:
        next_.push_back(std::move(t));
    }
  }
}

}  // namespace xgr::core
