// Mask parts: computed once per state (callers unknown) and once per (exits, frame), for all matchers.
//
// Entry points: state_part and frame_part. Exits are recorded only for first bytes that some frame
// could read (`need`): JSON punctuation always, more when a frame asks for it, in which case the part is
// built again with the larger set. Replaced parts stay alive, since somebody may be reading them.
//
//   state_part(string body)           -> 123k tokens, exits after the quote for , : ] } and space
//   frame_part(its exits, after value) -> `",`  `"}` ... accepted; exits again where the object ends
//
// Tests: tests/unit/mask/mask_store_test.cc, tests/reference.
#include "mask/mask_store.h"

namespace xgr {
namespace {

bool covers(const MaskPart& part, const ByteSet& need) {
  return !part.exits->any || part.exits->covered.contains_all(need.words);
}

ByteSet usual_exits() {
  ByteSet s;
  for (char c : std::string_view(" \t\r\n,:]})\";")) s.add(static_cast<uint8_t>(c));
  return s;
}

}  // namespace

std::unique_ptr<WalkScratch> ScratchPool::take() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (free_.empty()) return std::make_unique<WalkScratch>();
  std::unique_ptr<WalkScratch> s = std::move(free_.back());
  free_.pop_back();
  return s;
}

void ScratchPool::give_back(std::unique_ptr<WalkScratch> scratch) {
  std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(scratch));
}

// Null when a limit was hit.
template <typename Walk>
const MaskPart* MaskStore::build(const ByteSet& cover, Walk&& walk) {
  std::unique_ptr<WalkScratch> scratch = scratch_->take();
  const MaskPart* part = nullptr;
  {
    TrieWalk w(tokenizer_, loops_, scratch.get(), cover);
    walk(&w);
    if (!w.failed()) part = keep(w.tokens(), w.exits());
    visited_.fetch_add(w.visited(), std::memory_order_relaxed);
  }
  scratch_->give_back(std::move(scratch));
  return part;
}

bool MaskStore::walk_parses(const std::vector<Config>& parses, TokenSet* tokens) {
  std::unique_ptr<WalkScratch> scratch = scratch_->take();
  bool ok;
  {
    TrieWalk w(tokenizer_, loops_, scratch.get(), {});
    w.from_parses(parses);
    *tokens = w.tokens();
    ok = !w.failed();
  }
  scratch_->give_back(std::move(scratch));
  return ok;
}

const MaskPart* MaskStore::keep(TokenSet tokens, ExitSet exits) {
  auto part = std::make_unique<MaskPart>();
  part->tokens = std::move(tokens);
  uint64_t h = exits.any;
  for (uint32_t n : exits.nodes) h = (h ^ n) * 0x9E3779B97F4A7C15ull, h ^= h >> 29;
  std::lock_guard<std::mutex> lock(mutex_);
  auto [it, last] = exits_.equal_range(h);
  while (it != last && !(*it->second == exits)) ++it;
  if (it == last) {
    bytes_.fetch_add(exits.memory_bytes(), std::memory_order_relaxed);
    it = exits_.emplace(h, std::make_unique<const ExitSet>(std::move(exits)));
  }
  part->exits = it->second.get();
  bytes_.fetch_add(part->memory_bytes(), std::memory_order_relaxed);
  parts_.push_back(std::move(part));
  return parts_.back().get();
}

const MaskPart* MaskStore::state_part(State* q, const ByteSet& need) {
  void* known = q->mask.load(std::memory_order_acquire);
  const MaskPart* part = static_cast<const MaskPart*>(known);
  if (part && covers(*part, need)) return part;
  ByteSet cover = usual_exits();
  cover |= need;
  if (part) cover |= part->exits->covered;
  part = build(cover, [&](TrieWalk* w) { w->from_state(q); });
  if (!part) return nullptr;
  // Another thread may have published meanwhile; either part is right, and ours has what we need.
  q->mask.compare_exchange_strong(known, const_cast<MaskPart*>(part), std::memory_order_acq_rel);
  return part;
}

const MaskPart* MaskStore::frame_part(const ExitSet* exits, State* frame, const ByteSet& need) {
  const FrameEntry* list =
      static_cast<const FrameEntry*>(frame->frame_masks.load(std::memory_order_acquire));
  const MaskPart* part = nullptr;
  for (const FrameEntry* e = list; e && !part; e = e->next) {
    if (e->exits == exits) part = e->part;
  }
  if (part && covers(*part, need)) return part;
  ByteSet cover = usual_exits();
  cover |= need;
  if (part) cover |= part->exits->covered;
  part = build(cover, [&](TrieWalk* w) { w->from_exits(*exits, frame); });
  if (!part) return nullptr;
  auto entry = std::make_unique<FrameEntry>(FrameEntry{exits, part, nullptr});
  std::lock_guard<std::mutex> lock(mutex_);
  entry->next = static_cast<const FrameEntry*>(frame->frame_masks.load(std::memory_order_relaxed));
  entries_.push_back(std::move(entry));  // owned before it can be seen
  frame->frame_masks.store(const_cast<FrameEntry*>(entries_.back().get()),
                           std::memory_order_release);
  return part;
}

size_t MaskStore::part_count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return parts_.size();
}

}  // namespace xgr
