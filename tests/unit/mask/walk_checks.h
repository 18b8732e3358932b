// Walks from single states, and their exits against trying every place of every token.
#pragma once

#include <algorithm>
#include <set>

#include "mask/trie_walk.h"
#include "mask_helpers.h"

namespace xgr::core::test {

inline ByteSet all_bytes() {
  ByteSet s;
  s.add_range(0, 255);
  return s;
}

// What a walk found.
struct Part {
  std::vector<bool> tokens;
  uint32_t count;
  ExitSet exits;
};

// Walks over one vocabulary.
struct Walks {
  explicit Walks(std::shared_ptr<const Tokenizer> t) : tokenizer(std::move(t)), loops(*tokenizer) {
    paths.resize(tokenizer->trie().node_count());
    const TokenTrie& trie = tokenizer->trie();
    for (uint32_t n = 0; n < trie.node_count(); ++n) {
      for (uint32_t c = n + 1; c < trie.end(n); c = trie.end(c)) {
        paths[c] = paths[n] + static_cast<char>(trie.byte(c));
      }
    }
  }
  Part finish(TrieWalk* w) {
    REQUIRE_FALSE(w->failed());
    TokenSet set = w->tokens();
    if (!set.mask()) CHECK(std::is_sorted(set.ids.begin(), set.ids.end()));
    return {members(set, tokenizer->vocab_size()), set.count, w->exits()};
  }
  Part from_state(State* q, const ByteSet& cover) {
    TrieWalk w(*tokenizer, &loops, &scratch, cover);
    w.from_state(q);
    return finish(&w);
  }
  Part from_exits(const ExitSet& exits, State* frame, const ByteSet& cover) {
    TrieWalk w(*tokenizer, &loops, &scratch, cover);
    w.from_exits(exits, frame);
    return finish(&w);
  }
  // Whether the fragment of `q` can be left after `text`.
  bool leaves(State* q, std::string_view text) {
    Arena arena;
    Stepper stepper(&arena);
    std::vector<Config> after = parses_after(&stepper, {{q, nullptr}}, text);
    return !after.empty() && stepper.can_finish(after, 0, after.size());
  }
  bool reads(State* q, std::string_view text) {
    Arena arena;
    Stepper stepper(&arena);
    return !parses_after(&stepper, {{q, nullptr}}, text).empty();
  }

  std::shared_ptr<const Tokenizer> tokenizer;
  LoopCache loops;
  WalkScratch scratch;
  std::vector<std::string> paths;  // by trie node
};

// The exits of a walk from `q` against trying every place where a token can leave.
inline void check_exits(Walks* walks, State* q, const Part& part, const ByteSet& cover) {
  const Tokenizer& t = *walks->tokenizer;
  const TokenTrie& trie = t.trie();
  std::set<uint32_t> nodes(part.exits.nodes.begin(), part.exits.nodes.end());
  CHECK(nodes.size() == part.exits.nodes.size());
  CHECK(part.exits.covered.words == cover.words);
  for (uint32_t n : nodes) {
    const std::string& path = walks->paths[n];
    REQUIRE(cover.has(static_cast<uint8_t>(path.back())));
    REQUIRE(walks->leaves(q, std::string_view(path).substr(0, path.size() - 1)));
  }
  for (const ExitSet::Bucket& b : part.exits.buckets) {
    CHECK(part.exits.bytes.has(b.byte));
    CHECK(b.begin < b.end);
    for (uint32_t i = b.begin; i < b.end; ++i) CHECK(trie.byte(part.exits.nodes[i]) == b.byte);
  }
  // A token that does not stay inside anyway is found at every place where it leaves.
  for (int32_t id = 0; id < t.vocab_size(); ++id) {
    if (part.tokens[static_cast<size_t>(id)]) continue;
    std::string_view text = t.token_bytes(id);
    uint32_t node = text.empty() ? TokenTrie::kNone : trie.child(0, static_cast<uint8_t>(text[0]));
    for (size_t n = 1; n < text.size(); ++n) {
      node = trie.child(node, static_cast<uint8_t>(text[n]));
      if (!walks->leaves(q, text.substr(0, n))) continue;
      REQUIRE(part.exits.any);
      if (cover.has(static_cast<uint8_t>(text[n]))) REQUIRE(nodes.count(node) == 1);
    }
  }
}

}  // namespace xgr::core::test
