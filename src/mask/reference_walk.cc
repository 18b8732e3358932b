// ReferenceWalk: two parses through the token trie at once; where they become the same, what is
// known of the one holds for the other.
//
// Entry points: run, then tokens and exits. One parse (ours) is that of the state asked for, the
// other one's (like) tokens are known. Subtrees where both are the same parse are skipped whatever
// their size; the rest is corrected token by token. Where the other parse is the same state with
// the counters taken off, only tokens long enough to reach a bound are looked at. So a key that
// must differ from the declared ones costs the trie nodes along those names, not the vocabulary.
//
//   after  {"a": 1, "   with "bcd" declared: like = inside any string; visited: b, bc, bcd, bcd",
//   ...
//
// Tests: tests/unit/mask/reference_walk_test.cc, tests/reference.
#include "mask/reference_walk.h"

#include <algorithm>

#include "support/bit_kernels.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

constexpr int kMaxTailBytes = 3;   // of a character behind its first byte
constexpr int kMaxStackDepth = 4;  // of stacks that are compared

bool same_stack(const StackNode* x, const StackNode* y, int depth) {
  if (x == y) return true;
  if (!x || !y || depth == 0 || x->count != y->count) return false;
  for (size_t i = 0; i < x->count; ++i) {
    if (x->begin()[i].ret != y->begin()[i].ret) return false;
    if (!same_stack(x->begin()[i].parent, y->begin()[i].parent, depth - 1)) return false;
  }
  return true;
}

// In the middle of a character: only continuation bytes can follow.
bool inside_character(const State& s) {
  const auto& live = s.classes->live.words;
  return !s.nullable && (live[0] | live[1] | live[3]) == 0;
}

bool in_intervals(const std::vector<std::pair<uint32_t, uint32_t>>& intervals, uint32_t node) {
  auto it = std::upper_bound(intervals.begin(), intervals.end(), std::pair(node, UINT32_MAX));
  return it != intervals.begin() && node < std::prev(it)->second;
}

}  // namespace

ReferenceWalk::ReferenceWalk(const Tokenizer& tokenizer, WalkScratch* scratch, const ByteSet& cover,
                             Work* work)
    : tokenizer_(tokenizer), trie_(tokenizer.trie()), s_(*scratch), cover_(cover) {
  s_.reset();
  s_.stepper.set_work(work);
}

void ReferenceWalk::run(State* q, const Config& like, std::span<const TokenSet* const> like_tokens,
                        const ExitSet& like_exits) {
  like_exits_ = &like_exits;
  load(like_tokens);
  s_.configs.push_back({q, nullptr});
  s_.configs.push_back(like);
  if (like.stack) {  // the caller's stack lies in another arena
    s_.configs[1].stack = StackNode::make({like.stack->begin(), like.stack->count}, &s_.arena);
  }
  push_level(0, {0, 1}, {1, 2}, s_.arena.mark());
  s_.pairs.back().exits = s_.pairs.back().like_exits = false;  // no token is empty
  while (!s_.pairs.empty()) {
    uint32_t child;
    auto decided = [&](uint32_t c) { return unbounded_ && unbounded_->decides(trie_, c); };
    if (s_.pairs.back().children.advance(trie_, &child, decided)) {
      visit(child);
      continue;
    }
    s_.configs.resize(s_.pairs.back().ours_begin);
    s_.arena.release(s_.pairs.back().mark);
    s_.pairs.pop_back();
  }
}

// The tokens of the reference as a bitmask, and which of them may differ from the base's.
void ReferenceWalk::load(std::span<const TokenSet* const> like_tokens) {
  s_.words.resize(tokenizer_.mask_words());
  for (const TokenSet* t : like_tokens) {
    if (!base_ || t->count > base_->count) base_ = t;
  }
  base_->write_to(s_.words.data(), s_.words.size());
  // What may differ from the base's bitmask in the end.
  s_.ids.assign(base_->ids.begin(), base_->ids.end());
  s_.ids.insert(s_.ids.end(), base_->removed.begin(), base_->removed.end());
  for (const TokenSet* t : like_tokens) {
    if (t == base_) continue;
    t->add_to(s_.words.data());
    s_.ids.insert(s_.ids.end(), t->ids.begin(), t->ids.end());
    if (t->mask()) many_differences_ = true;
  }
  if (!counted_) return;
  many_differences_ = true;
  replace_bits(s_.words.data(), unbounded_->by_id.data(), counted_->by_id.data(), s_.words.size());
}

bool ReferenceWalk::same(const Range& x, const Range& y) const {
  if (x.end - x.begin != y.end - y.begin) return false;
  for (size_t i = 0; i < x.end - x.begin; ++i) {
    const Config &a = s_.configs[x.begin + i], &b = s_.configs[y.begin + i];
    if (a.state != b.state || !same_stack(a.stack, b.stack, kMaxStackDepth)) return false;
  }
  return true;
}

// Also where both are inside a character and will be the same behind it.
bool ReferenceWalk::equivalent(const Range& x, const Range& y, int depth) {
  if (same(x, y)) return true;
  if (depth == 0 || x.end - x.begin != 1 || y.end - y.begin != 1) return false;
  const Config a = s_.configs[x.begin], b = s_.configs[y.begin];
  if (!Stepper::plain(a) || !Stepper::plain(b)) return false;
  if (!inside_character(*a.state) || !inside_character(*b.state)) return false;
  bool equal = true;
  uint16_t last = 0;
  for (int byte = 0x80; byte < 0xC0 && equal; ++byte) {
    uint16_t classes =
        static_cast<uint16_t>(a.state->classes->of[byte] << 8 | b.state->classes->of[byte]);
    if (classes == last) continue;
    last = classes;
    size_t begin = s_.configs.size();
    Arena::Mark mark = s_.arena.mark();
    s_.stepper.step(&s_.configs, x.begin, x.end, static_cast<uint8_t>(byte));
    size_t middle = s_.configs.size();
    s_.stepper.step(&s_.configs, y.begin, y.end, static_cast<uint8_t>(byte));
    equal = equivalent({begin, middle}, {middle, s_.configs.size()}, depth - 1);
    s_.configs.resize(begin);
    s_.arena.release(mark);
  }
  return equal;
}

void ReferenceWalk::push_level(uint32_t node, const Range& ours, const Range& like,
                               Arena::Mark mark) {
  Level level{};
  level.ours_begin = static_cast<uint32_t>(ours.begin);
  level.like_begin = static_cast<uint32_t>(like.begin);
  level.like_end = static_cast<uint32_t>(like.end);
  level.mark = mark;
  level.exits = s_.stepper.can_finish(s_.configs, ours.begin, ours.end);
  level.like_exits = !like.empty() && s_.stepper.can_finish(s_.configs, like.begin, like.end);
  any_exit_ = any_exit_ || level.exits;
  level.children =
      ChildCursor::of(trie_, node, [&] { return worth_visiting(level, *trie_.child_table(node)); });
  s_.pairs.push_back(level);
}

// Bytes after which the two parses may differ, or where only one of them leaves its fragment.
ByteSet ReferenceWalk::worth_visiting(const Level& level, const ChildTable& table) {
  ByteSet bytes = s_.stepper.live_bytes(s_.configs, level.ours_begin, level.like_end);
  bool lone = level.like_begin - level.ours_begin == 1 && level.like_end - level.like_begin == 1;
  if (level.exits != level.like_exits || (level.exits && !lone)) bytes |= cover_;
  if (level.exits != level.like_exits || !lone || slack_ > 0) return bytes;
  const Config ours = s_.configs[level.ours_begin], like = s_.configs[level.like_begin];
  if (!Stepper::plain(ours) || !Stepper::plain(like)) return bytes;
  // One try for each pair of byte classes.
  ByteSet out;
  std::array<uint8_t, 256> equal{};  // by hash of the pair: 0 unknown, 1 different, 2 equal
  std::array<uint16_t, 256> pair{};
  (bytes & ByteSet{table.bytes}).for_each([&](uint8_t b) {
    uint8_t x = ours.state->classes->of[b], y = like.state->classes->of[b];
    uint8_t slot = static_cast<uint8_t>(x * 31 + y);
    uint16_t key = static_cast<uint16_t>(x << 8 | y);
    if (!equal[slot] || pair[slot] != key) {
      equal[slot] = leads_to_same(level, b) ? 2 : 1;
      pair[slot] = key;
    }
    if (equal[slot] == 1) out.add(b);
  });
  return out;
}

// Whether two lone parses without calls become the same by `byte`. ASCII characters are compared by what
// follows them, so that no state is made for those that differ.
bool ReferenceWalk::leads_to_same(const Level& level, uint8_t byte) {
  const Config ours = s_.configs[level.ours_begin], like = s_.configs[level.like_begin];
  if (byte < 0x80 && ours.state->automaton == like.state->automaton) {
    return ours.stack == like.stack &&
           std::ranges::equal(ours.state->items_after(byte), like.state->items_after(byte));
  }
  const size_t begin = s_.configs.size();
  const Arena::Mark mark = s_.arena.mark();
  s_.stepper.step(&s_.configs, level.ours_begin, level.like_begin, byte);
  const size_t middle = s_.configs.size();
  s_.stepper.step(&s_.configs, level.like_begin, level.like_end, byte);
  const bool same = equivalent({begin, middle}, {middle, s_.configs.size()}, kMaxTailBytes);
  s_.configs.resize(begin);
  s_.arena.release(mark);
  return same;
}

// What the reference says of leaving its fragment right before `child` is replaced where ours
// differs.
void ReferenceWalk::note_exit(const Level& level, uint32_t child, bool equal) {
  if (level.exits == level.like_exits && (equal || !level.exits)) return;
  s_.dropped.push_back({child, child + 1});
  uint8_t byte = trie_.byte(child);
  if (level.exits && cover_.has(byte)) s_.exits.push_back({byte, child});
}

// Whether no token through `child` is long enough to tell the two parses apart.
bool ReferenceWalk::within_slack(const Level& level, uint32_t child) const {
  const SubtreeSignature* sig = trie_.signature(child);
  uint32_t below = sig ? sig->max_chars : trie_.end(child) - child - 1;  // else one chain of nodes
  return level.chars + !is_continuation_byte(trie_.byte(child)) + below <= slack_;
}

void ReferenceWalk::visit(uint32_t child) {
  const Level level = s_.pairs.back();
  if (slack_ > 0 && within_slack(level, child)) return;
  ++visited_;
  if (trie_.end(child) == child + 1) return visit_leaf(level, child);
  uint8_t byte = trie_.byte(child);
  Arena::Mark mark = s_.arena.mark();
  Range ours{s_.configs.size(), 0}, like{0, 0};
  s_.stepper.step(&s_.configs, level.ours_begin, level.like_begin, byte);
  ours.end = like.begin = s_.configs.size();
  if (level.like_begin < level.like_end) {
    s_.stepper.step(&s_.configs, level.like_begin, level.like_end, byte);
  }
  like.end = s_.configs.size();
  bool equal = equivalent(ours, like, byte >= 0x80 ? kMaxTailBytes : 0);
  note_exit(level, child, equal);
  bool deeper = false;
  if (!equal && ours.empty()) {
    clear(trie_.first_rank(child), trie_.first_rank(trie_.end(child)));
    s_.dropped.push_back({child + 1, trie_.end(child)});
  } else if (!equal) {
    deeper = !s_.loop_takes(trie_, child, ours.begin, ours.end);
    set(trie_.first_rank(child), trie_.first_rank(deeper ? child + 1 : trie_.end(child)));
    if (!deeper) s_.dropped.push_back({child + 1, trie_.end(child)});
  }
  if (deeper) {
    push_level(child, ours, like, mark);
    s_.pairs.back().chars = level.chars + !is_continuation_byte(byte);
  } else {
    s_.configs.resize(ours.begin);
    s_.arena.release(mark);
  }
}

// Only whether its tokens live matters, not in which state.
void ReferenceWalk::visit_leaf(const Level& level, uint32_t leaf) {
  const bool lives =
      s_.stepper.can_read(s_.configs, level.ours_begin, level.like_begin, trie_.byte(leaf));
  note_exit(level, leaf, false);
  const uint32_t first = trie_.first_rank(leaf), last = trie_.first_rank(leaf + 1);
  lives ? set(first, last) : clear(first, last);
}

void ReferenceWalk::set(uint32_t first_rank, uint32_t last_rank) {
  for (uint32_t r = first_rank; r < last_rank; ++r) {
    uint32_t id = static_cast<uint32_t>(trie_.id(r)), bit = 1u << (id & 31);
    if (s_.words[id >> 5] & bit) continue;
    s_.words[id >> 5] |= bit;
    s_.ids.push_back(static_cast<int32_t>(id));
  }
}

void ReferenceWalk::clear(uint32_t first_rank, uint32_t last_rank) {
  for (uint32_t r = first_rank; r < last_rank; ++r) {
    uint32_t id = static_cast<uint32_t>(trie_.id(r)), bit = 1u << (id & 31);
    if (!(s_.words[id >> 5] & bit)) continue;
    s_.words[id >> 5] &= ~bit;
    s_.ids.push_back(static_cast<int32_t>(id));
  }
}

TokenSet ReferenceWalk::tokens() const {
  constexpr size_t kMaxDifferences = 1024;
  const std::vector<uint32_t>* mask = base_->mask();
  if (!mask || many_differences_ || s_.ids.size() > kMaxDifferences) {
    return TokenSet::from_words(s_.words);
  }
  TokenSet set;
  set.base = base_->base ? base_->base : base_;
  std::sort(s_.ids.begin(), s_.ids.end());
  int32_t last = -1;
  for (int32_t id : s_.ids) {
    if (id == last) continue;
    last = id;
    bool is = s_.words[static_cast<size_t>(id) >> 5] >> (id & 31) & 1;
    bool was = (*mask)[static_cast<size_t>(id) >> 5] >> (id & 31) & 1;
    if (is && !was) set.ids.push_back(id);
    if (was && !is) set.removed.push_back(id);
  }
  set.count = set.base->count + static_cast<uint32_t>(set.ids.size() - set.removed.size());
  return set;
}

ExitSet ReferenceWalk::exits() {
  std::sort(s_.dropped.begin(), s_.dropped.end());
  for (const ExitSet::Bucket& bucket : like_exits_->buckets) {
    for (uint32_t i = bucket.begin; i < bucket.end; ++i) {
      uint32_t node = like_exits_->nodes[i];
      if (!in_intervals(s_.dropped, node)) s_.exits.push_back({bucket.byte, node});
    }
  }
  return ExitSet::collect(&s_.exits, cover_, any_exit_ || like_exits_->any);
}

}  // namespace xgr::core
