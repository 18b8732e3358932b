// TrieWalk: the cold path. Which tokens live from a state, and where they leave its fragment.
//
// Entry points: from_state, from_exits, from_parses, then tokens and exits. Depth-first over the trie with the set of parses
// of every node on the path; a dead byte skips its subtree. Three shortcuts keep it away from the whole
// trie: nodes with many children visit only bytes that some parse can read; a state that loops on
// characters takes a subtree that consists of such characters unseen; and for a loop over a large set
// the tokens inside it come from the byte index in closed form.
//
//   after the opening quote of a JSON string: closed form 123,176 tokens, walk over the 1,667 others
//
// Tests: tests/unit/mask/trie_walk_test.cc, tests/reference.
#include "mask/trie_walk.h"

#include <algorithm>
#include <bit>

namespace xgr {
namespace {

constexpr int kMinClosedFormBytes = 24;  // smaller sets are walked: few subtrees survive the root

int count(const ByteSet& s) {
  int n = 0;
  for (uint64_t w : s.words) n += std::popcount(w);
  return n;
}

bool subsumes(const CharLoop& loop, const SubtreeSignature& sig) {
  return sig.whole_utf8 && loop.bytes.contains_all(sig.bytes) &&
         (loop.rounds == kUnbounded || sig.max_chars <= loop.rounds);
}

}  // namespace

TrieWalk::TrieWalk(const Tokenizer& tokenizer, LoopCache* loops, WalkScratch* scratch,
                   const ByteSet& cover)
    : tokenizer_(tokenizer), trie_(tokenizer.trie()), loops_(loops), s_(*scratch), cover_(cover) {
  s_.words.assign(tokenizer.mask_words(), 0);
  s_.ids.clear();
  s_.exits.clear();
  s_.configs.clear();
  s_.levels.clear();
  s_.arena.release({});
  s_.stepper.clear_failed();
}

void TrieWalk::push_level(uint32_t node, uint32_t configs_begin, Arena::Mark mark, bool exits) {
  Level level{node + 1, trie_.end(node), configs_begin, mark, trie_.child_table(node), {}, exits};
  if (level.table) {
    ByteSet live = s_.stepper.live_bytes(s_.configs, configs_begin, s_.configs.size());
    if (exits) live |= cover_;
    level.remaining = live & ByteSet{level.table->bytes};
  }
  s_.levels.push_back(level);
}

bool TrieWalk::next_child(Level* level, uint32_t* child) const {
  if (!level->table) {
    if (level->next >= level->end) return false;
    *child = level->next;
    level->next = trie_.end(level->next);
    return true;
  }
  for (size_t i = 0; i < 4; ++i) {
    uint64_t& w = level->remaining.words[i];
    if (!w) continue;
    uint8_t b = static_cast<uint8_t>(i * 64 + static_cast<size_t>(std::countr_zero(w)));
    w &= w - 1;
    const ByteSet all{level->table->bytes};
    *child = trie_.table_child(*level->table, static_cast<uint32_t>(all.count_below(b)));
    return true;
  }
  return false;
}

void TrieWalk::from_state(State* q) {
  s_.configs.push_back({q, nullptr});
  if (q->has_loop && count(q->loop.bytes) >= kMinClosedFormBytes) {
    loop_ = loops_->get(q->loop.bytes, q->loop.rounds);
    s_.words = loop_->by_id;
  }
  push_level(0, 0, s_.arena.mark(), false);
  run();
}

void TrieWalk::from_parses(const std::vector<Config>& parses) {
  s_.configs = parses;
  push_level(0, 0, s_.arena.mark(), false);
  run();
}

void TrieWalk::from_exits(const ExitSet& exits, State* frame) {
  s_.configs.push_back({frame, nullptr});
  ByteSet live = s_.stepper.live_bytes(s_.configs, 0, 1);
  for (const ExitSet::Bucket& bucket : exits.buckets) {
    if (!live.has(bucket.byte)) continue;
    for (uint32_t i = bucket.begin; i < bucket.end; ++i) {
      // A level of one child, to be left again with it.
      uint32_t node = exits.nodes[i];
      s_.levels.push_back({trie_.end(node), trie_.end(node), 0, s_.arena.mark(), nullptr, {}, false});
      visit(node);
      run();
      s_.configs.resize(1);
      s_.arena.release({});
    }
  }
}

void TrieWalk::run() {
  while (!s_.levels.empty()) {
    Level& top = s_.levels.back();
    uint32_t child;
    if (next_child(&top, &child)) {
      visit(child);
      continue;
    }
    if (s_.levels.size() > 1) {
      s_.configs.resize(top.configs_begin);
      s_.arena.release(top.mark);
    }
    s_.levels.pop_back();
  }
}

// One child of the top level: step, take its tokens, and go below it if there is more to see.
void TrieWalk::visit(uint32_t child) {
  if (loop_ && known_alive(child)) return;
  ++visited_;
  const Level& top = s_.levels.back();
  uint8_t byte = trie_.byte(child);
  bool recorded = top.exits && cover_.has(byte);
  if (recorded) s_.exits.push_back({byte, child});
  size_t begin = s_.configs.size();
  Arena::Mark mark = s_.arena.mark();
  if (!s_.stepper.step(&s_.configs, top.configs_begin, begin, byte)) return;
  emit(trie_.first_rank(child), trie_.first_rank(child + 1));
  if (trie_.end(child) == child + 1 || take_subtree(child, begin)) {
    if (recorded) s_.exits.pop_back();  // every token of the subtree stays inside
    s_.configs.resize(begin);
    s_.arena.release(mark);
    return;
  }
  bool exits = !cover_.empty() && s_.stepper.can_finish(s_.configs, begin, s_.configs.size());
  any_exit_ = any_exit_ || exits;
  push_level(child, static_cast<uint32_t>(begin), mark, exits);
}

// Whether all tokens of the node's subtree are among those of the start state's loop.
bool TrieWalk::known_alive(uint32_t node) const {
  uint32_t lo = trie_.first_rank(node), hi = trie_.first_rank(trie_.end(node));
  const std::vector<uint32_t>& ranks = loop_->by_rank;
  for (uint32_t w = lo >> 5; w <= (hi - 1) >> 5; ++w) {
    uint32_t wanted = ~0u;
    if (w == lo >> 5) wanted &= ~0u << (lo & 31);
    if (w == (hi - 1) >> 5) wanted &= ~0u >> (31 - ((hi - 1) & 31));
    if ((ranks[w] & wanted) != wanted) return false;
  }
  return true;
}

// A whole subtree without looking, where a loop of some parse swallows all of it.
bool TrieWalk::take_subtree(uint32_t node, size_t begin) {
  const SubtreeSignature* sig = trie_.signature(node);
  if (!sig) return false;
  for (size_t i = begin; i < s_.configs.size(); ++i) {
    const State* s = s_.configs[i].state;
    if (!s->has_loop || !subsumes(s->loop, *sig)) continue;
    emit(trie_.first_rank(node + 1), trie_.first_rank(trie_.end(node)));
    return true;
  }
  return false;
}

void TrieWalk::emit(uint32_t first_rank, uint32_t last_rank) {
  for (uint32_t r = first_rank; r < last_rank; ++r) {
    uint32_t id = static_cast<uint32_t>(trie_.id(r));
    uint32_t bit = 1u << (id & 31);
    uint32_t& word = s_.words[id >> 5];
    if (!loop_ && !(word & bit)) s_.ids.push_back(static_cast<int32_t>(id));
    word |= bit;
  }
}

TokenSet TrieWalk::tokens() const {
  TokenSet set;
  set.count = static_cast<uint32_t>(s_.ids.size());
  if (loop_) {
    set.count = 0;
    for (uint32_t w : s_.words) set.count += static_cast<uint32_t>(std::popcount(w));
  }
  if (loop_ || set.count > s_.words.size() / 4) {
    set.words = s_.words;
  } else {
    set.ids = s_.ids;
    std::sort(set.ids.begin(), set.ids.end());
  }
  return set;
}

ExitSet TrieWalk::exits() {
  ExitSet set;
  set.any = any_exit_;
  set.covered = cover_;
  std::sort(s_.exits.begin(), s_.exits.end(), [](const auto& x, const auto& y) {
    return x.byte != y.byte ? x.byte < y.byte : x.node < y.node;
  });
  for (const auto& e : s_.exits) {
    uint32_t at = static_cast<uint32_t>(set.nodes.size());
    if (!set.bytes.has(e.byte)) {
      set.bytes.add(e.byte);
      set.buckets.push_back({e.byte, at, at});
    } else if (set.nodes.back() == e.node) {
      continue;  // reached from two places
    }
    set.nodes.push_back(e.node);
    set.buckets.back().end = at + 1;
  }
  return set;
}

}  // namespace xgr
