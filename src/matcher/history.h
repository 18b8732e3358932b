// History: the parse states of one output, step by step; rollback and clone cost O(1).
//
// Steps are kept in segments. Cloning freezes the current segment, which both copies then share,
// each going on in a new one of its own. A segment owns the stack nodes its steps made; nodes point
// only to nodes of the same or of earlier segments, which it keeps alive. A step with one parse
// costs 24 bytes beside its nodes.
//
//   History h(root); ... stack nodes from h.arena() ...; h.commit(parses);  h.rollback(1);
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "parser/stack.h"
#include "support/arena.h"

namespace xgr::core {

class History {
 public:
  explicit History(State* root) : initial_{root, nullptr}, own_(std::make_shared<Segment>()) {}

  std::span<const Config> parses() const;  // of the last step, or the initial ones
  std::span<const Config> parses_after(size_t steps) const;  // steps <= size()
  bool terminated() const;                                   // the last step was a stop token
  size_t size() const { return before_ + base_steps_ + own_->steps.size(); }
  Arena* arena() { return &own_->arena; }

  // A step makes its stack nodes in arena(), and is then committed or abandoned. `parses` must not
  // point into this history.
  void commit(std::span<const Config> parses, bool terminated);
  void abandon() { own_->arena.release(own_->end()); }
  void rollback(size_t steps);  // steps <= size()
  void clear();
  History clone();
  size_t memory_bytes() const;  // segments shared with clones count in each of them

 private:
  // Where a step ends in the arena: its stack nodes, its parses and, when there are many, their
  // number lie before that.
  struct Step {
    uint32_t used;
    uint16_t chunk;
    uint16_t parses : 15;
    uint16_t terminated : 1;
  };
  static constexpr uint16_t kMany = 0x7FFF;  // as Step::parses
  struct Segment {
    ~Segment();
    std::span<const Config> parses_of(size_t step) const;
    Arena::Mark end() const {
      return steps.empty() ? Arena::Mark() : Arena::Mark{steps.back().chunk, steps.back().used};
    }
    std::shared_ptr<Segment> parent;
    size_t parent_steps = 0;  // of the parent's steps, how many precede this segment
    size_t before = 0;        // steps before the parent
    std::vector<Step> steps;
    Arena arena{256};
  };
  explicit History(Config initial) : initial_(initial) {}

  Config initial_;
  std::shared_ptr<Segment> base_;  // frozen; null when there is none
  size_t base_steps_ = 0;          // of its steps, how many precede own_; 0 only without base
  size_t before_ = 0;              // steps before base_
  std::shared_ptr<Segment> own_;   // not shared
};

}  // namespace xgr::core
