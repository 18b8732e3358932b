// History: the parse states of one output, step by step; rollback and clone cost O(1).
//
// Steps are kept in segments. Cloning marks the last segment as shared, which changes nothing of the
// history, so that several threads may clone one at once; from then on nobody changes that segment:
// each copy goes on in a new one. A segment owns the stack nodes its steps made; nodes point
// only to nodes of the same or of earlier segments, which it keeps alive. A step with one parse
// costs 24 bytes beside its nodes.
//
//   History h(root); ... stack nodes from h.arena() ...; h.commit(parses);  h.rollback(1);
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "matcher/waiting.h"
#include "parser/stack.h"
#include "support/arena.h"

namespace xgr::core {

class History {
 public:
  explicit History(State* root) : History(Config{root, nullptr}) {}

  std::span<const Config> parses() const;  // of the last step, or the initial ones
  std::span<const Config> parses_after(size_t steps) const;  // steps <= size()
  bool terminated() const;                                   // the last step was a stop token
  // What the last step kept of an output whose text has not begun; null: nothing.
  const Waiting* waiting() const;
  size_t size() const { return own_->steps_before() + own_->steps.size(); }
  // For the nodes of the next step; call it anew for each, since a clone may have been made.
  Arena* arena() { return &writable().arena; }

  // A step makes its stack nodes in arena(), and is then committed or abandoned. `parses` must not
  // point into this history.
  void commit(std::span<const Config> parses, bool terminated);
  // Of an output whose text has not begun: its parses stay the initial ones.
  void commit_waiting(const Waiting& waiting, bool terminated);
  void abandon();
  void rollback(size_t steps);  // steps <= size()
  void clear();
  History clone() const;
  size_t memory_bytes() const;  // segments shared with clones count in each of them

 private:
  // Where a step ends in the arena: its stack nodes, its Waiting if it waits, its parses and, when there
  // are many, their number lie before that.
  struct Step {
    uint32_t used;
    uint16_t chunk;
    uint16_t parses : 14;
    uint16_t waits : 1;
    uint16_t terminated : 1;
  };
  static constexpr uint16_t kMany = 0x3FFF;  // as Step::parses
  struct Segment {
    ~Segment();
    std::span<const Config> parses_of(size_t step) const;
    const Waiting* waiting_of(size_t step) const;
    size_t steps_before() const { return before + parent_steps; }
    // What a segment behind this one, or behind none of its steps, goes on from.
    void follow(const std::shared_ptr<Segment>& last);
    Arena::Mark end() const {
      return steps.empty() ? Arena::Mark() : Arena::Mark{steps.back().chunk, steps.back().used};
    }
    std::shared_ptr<Segment> parent;  // null when there is none
    size_t parent_steps =
        0;              // of the parent's steps, how many precede this segment; 0 only without
    size_t before = 0;  // steps before the parent
    std::vector<Step> steps;
    Arena arena{256};
    std::atomic<bool> shared{false};  // with clones: it stays as it is
  };
  explicit History(Config initial) : initial_(initial), own_(std::make_shared<Segment>()) {}
  Segment& writable() {
    if (own_->shared.load(std::memory_order_relaxed)) go_on();
    return *own_;
  }
  void go_on();
  static void make_room(std::vector<Step>* steps);
  static void add_step(Segment* s, size_t parses, bool waits, bool terminated);

  Config initial_;
  std::shared_ptr<Segment> own_;
};

}  // namespace xgr::core
