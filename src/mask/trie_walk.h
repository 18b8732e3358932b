// TrieWalk: runs the token trie through the automata from one state and records which tokens live.
//
//   TrieWalk walk(tokenizer, &loops, &scratch, cover);
//   walk.from_state(q);  TokenSet tokens = walk.tokens();  ExitSet exits = walk.exits();
#pragma once

#include <bit>
#include <memory>
#include <vector>

#include "mask/loop_cache.h"
#include "mask/mask_part.h"
#include "parser/stepper.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// The children of a node that are still to be visited.
struct ChildCursor {
  uint32_t next, end;       // without a child table
  const ChildTable* table;  // children by byte, or null
  ByteSet remaining;        // with a table: bytes still to visit

  // All children; with a table, those that `bytes()` has.
  template <typename Bytes>
  static ChildCursor of(const TokenTrie& trie, uint32_t node, Bytes&& bytes) {
    ChildCursor c{node + 1, trie.end(node), trie.child_table(node), {}};
    if (c.table) c.remaining = bytes() & ByteSet{c.table->bytes};
    return c;
  }
  // The next child that `skip(child)` is false for. False when there is none left.
  template <typename Skip>
  bool advance(const TokenTrie& trie, uint32_t* child, Skip&& skip) {
    while (pop(trie, child)) {
      if (!skip(*child)) return true;
    }
    return false;
  }

 private:
  bool pop(const TokenTrie& trie, uint32_t* child) {
    if (!table) {
      if (next >= end) return false;
      *child = next;
      next = trie.end(next);
      return true;
    }
    for (int i = 0; i < 4; ++i) {
      uint64_t& w = remaining.words[i];
      if (!w) continue;
      uint8_t b = static_cast<uint8_t>(i * 64 + std::countr_zero(w));
      w &= w - 1;
      *child = trie.table_child(*table, b);
      return true;
    }
    return false;
  }
};

// Memory of a walk, reused from walk to walk.
struct WalkScratch {
  struct Level {
    ChildCursor children;
    uint32_t configs_begin;  // configurations at the node, up to those of the next level
    Arena::Mark mark;
    bool exits;  // the fragment may be left here
  };
  Arena arena{4096};
  Stepper stepper{&arena};
  std::vector<Config> configs;
  std::vector<Level> levels;
  std::vector<uint32_t> words;
  std::vector<int32_t> ids;
  std::vector<ExitNode> exits;
  // Of a walk beside a reference: the node's children are visited with configurations of both.
  struct PairLevel {
    ChildCursor children;
    uint32_t ours_begin, like_begin, like_end;  // configurations; ours end where the other's begin
    Arena::Mark mark;
    uint32_t chars;          // from the root
    bool exits, like_exits;  // the fragment may be left here
  };
  std::vector<PairLevel> pairs;
  std::vector<std::pair<uint32_t, uint32_t>> dropped;  // nodes whose exits are not the reference's

  void reset();  // for a new walk; keeps the memory
  // Whether all tokens below `node` live, since a loop of one of configs[begin, end) takes them.
  bool loop_takes(const TokenTrie& trie, uint32_t node, size_t begin, size_t end) const;
};

class TrieWalk {
 public:
  // Exits are recorded for first bytes in `cover`. Steps are charged to `work`, if there is one.
  TrieWalk(const Tokenizer& tokenizer, LoopCache* loops, WalkScratch* scratch, const ByteSet& cover,
           Work* work = nullptr);
  // All tokens, from state `q` with unknown callers.
  void from_state(State* q);
  // What is left of tokens after `exits`, from `frame` with unknown callers.
  void from_exits(const ExitSet& exits, State* frame);
  // All tokens, from parses with their real stacks.
  void from_parses(const std::vector<Config>& parses);
  TokenSet tokens() const;
  ExitSet exits();
  bool failed() const { return s_.stepper.failed(); }  // a limit was hit: the part must not be used
  uint64_t visited() const { return visited_; }

 private:
  using Level = WalkScratch::Level;
  void push_level(uint32_t node, uint32_t configs_begin, Arena::Mark mark, bool exits);
  void run();
  void visit(uint32_t child);
  void take_loop(State* q);
  void emit(uint32_t first_rank, uint32_t last_rank);

  const TokenTrie& trie_;
  LoopCache* loops_;
  WalkScratch& s_;
  ByteSet cover_;
  bool any_exit_ = false;
  std::shared_ptr<const LoopTokens> loop_;  // tokens known to live, in closed form
  // Tokens decided by the closed form: loop_, or it without the counter.
  std::shared_ptr<const LoopTokens> known_;
  uint64_t visited_ = 0;
};

}  // namespace xgr::core
