// TrieWalk: the cold path. Which tokens live from a state, and where they leave its fragment.
//
// Entry points: from_state, from_exits, from_parses, then tokens and exits. Depth-first over the
// trie with the set of parses of every node on the path; a dead byte skips its subtree. Three
// shortcuts keep it away from the whole trie: nodes with many children visit only bytes that some
// parse can read; a state that loops on characters takes a subtree that consists of such characters
// unseen; and for a loop over a large set the tokens inside it come from the byte index in closed
// form.
//
//   after the opening quote of a JSON string: closed form 123,176 tokens, walk over the 1,667
//   others
//
// Tests: tests/unit/mask/trie_walk_test.cc, tests/reference.
#include "mask/trie_walk.h"

#include <algorithm>

#include "parser/char_loop.h"
#include "support/bit_kernels.h"

namespace xgr::core {
namespace {

constexpr size_t kWordsPerSortedId = 64;  // to look through them costs what sorting an id does

bool subsumes(const CharLoop& loop, const SubtreeSignature& sig) {
  return sig.whole_utf8 && loop.bytes.contains_all(sig.bytes) &&
         (loop.rounds == kUnbounded || sig.max_chars <= loop.rounds);
}

}  // namespace

void WalkScratch::reset() {
  configs.clear();
  levels.clear();
  ids.clear();
  exits.clear();
  pairs.clear();
  dropped.clear();
  arena.release({});
  stepper.clear_failed();
}

bool WalkScratch::loop_takes(const TokenTrie& trie, uint32_t node, size_t begin, size_t end) const {
  const SubtreeSignature* sig = trie.signature(node);
  if (!sig) return false;
  for (size_t i = begin; i < end; ++i) {
    if (subsumes(known_loop(*configs[i].state), *sig)) return true;
  }
  return false;
}

TrieWalk::TrieWalk(const Tokenizer& tokenizer, LoopCache* loops, WalkScratch* scratch,
                   const ByteSet& cover, Work* work)
    : trie_(tokenizer.trie()), loops_(loops), s_(*scratch), cover_(cover) {
  s_.reset();
  s_.stepper.set_work(work);
  s_.words.assign(tokenizer.mask_words(), 0);
}

void TrieWalk::push_level(uint32_t node, uint32_t configs_begin, Arena::Mark mark, bool exits) {
  auto bytes = [&] {
    ByteSet live = s_.stepper.live_bytes(s_.configs, configs_begin, s_.configs.size());
    if (exits) live |= cover_;
    return live;
  };
  s_.levels.push_back({ChildCursor::of(trie_, node, bytes), configs_begin, mark, exits});
}

// The tokens inside the loop at the start state are taken in closed form; where nothing but the
// loop can read its characters, those of them that are too long for a counter are known to die with
// it.
void TrieWalk::take_loop(State* q) {
  const CharLoop& loop = char_loop(q, s_.stepper.work());
  if (loop.bytes.size() < kMinLoopBytes) return;
  loop_ = loops_->get(loop.bytes, loop.rounds);
  s_.words = loop_->by_id;
  known_ = loop_;
  if (loop.rounds != kUnbounded && q->only_loop_reads) {
    known_ = loops_->get(loop.bytes, kUnbounded);
  }
}

void TrieWalk::from_state(State* q) {
  s_.configs.push_back({q, nullptr});
  take_loop(q);
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
      const ChildCursor none{trie_.end(node), trie_.end(node), nullptr, {}};
      s_.levels.push_back({none, 0, s_.arena.mark(), false});
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
    auto decided = [&](uint32_t c) { return loop_ && known_->decides(trie_, c); };
    if (top.children.advance(trie_, &child, decided)) {
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
  ++visited_;
  const Level& top = s_.levels.back();
  uint8_t byte = trie_.byte(child);
  bool recorded = top.exits && cover_.has(byte);
  size_t begin = s_.configs.size();
  if (trie_.end(child) == child + 1) {  // only whether it lives matters, not in which state
    if (s_.stepper.can_read(s_.configs, top.configs_begin, begin, byte)) {
      emit(trie_.first_rank(child), trie_.first_rank(child + 1));
    } else if (recorded) {
      s_.exits.push_back({byte, child});
    }
    return;
  }
  if (recorded) s_.exits.push_back({byte, child});
  Arena::Mark mark = s_.arena.mark();
  if (!s_.stepper.step(&s_.configs, top.configs_begin, begin, byte)) return;
  bool taken = s_.loop_takes(trie_, child, begin, s_.configs.size());
  emit(trie_.first_rank(child), trie_.first_rank(taken ? trie_.end(child) : child + 1));
  if (taken) {
    if (recorded) s_.exits.pop_back();  // every token of the subtree stays inside
    s_.configs.resize(begin);
    s_.arena.release(mark);
    return;
  }
  bool exits = !cover_.empty() && s_.stepper.can_finish(s_.configs, begin, s_.configs.size());
  any_exit_ = any_exit_ || exits;
  push_level(child, static_cast<uint32_t>(begin), mark, exits);
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
  if (loop_ || s_.ids.size() > s_.words.size() / 4) return TokenSet::from_words(s_.words);
  TokenSet set;
  set.count = static_cast<uint32_t>(s_.ids.size());
  set.ids = s_.ids;
  if (s_.ids.size() < s_.words.size() / kWordsPerSortedId) {
    std::sort(set.ids.begin(), set.ids.end());
  } else {
    list_bits(s_.words, set.ids.data());
  }
  return set;
}

ExitSet TrieWalk::exits() { return ExitSet::collect(&s_.exits, cover_, any_exit_); }

}  // namespace xgr::core
