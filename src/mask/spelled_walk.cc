// Tokens of a mask and the places that they lead to.
//
// Entry point: keep_tokens. The trie is walked once; the parses of a node are a stack, as the walk goes
// down and up. A subtree all of whose tokens lead back to one place is one question. Tokens that may
// be taken as a whole are tried one by one.
//
//   after `{"a": "x`, a place without a way to its end behind `y`:  `"}` stays, `y` goes
//
// Tests: tests/unit/mask/{spelling,closing}_test.cc.
#include "mask/spelled_walk.h"

#include <vector>

namespace xgr::core {
namespace {

class SpelledWalk {
 public:
  SpelledWalk(const SpelledTokens& tokens, PlaceJudge* judge, Work* work, const uint32_t* words)
      : tokens_(tokens),
        judge_(*judge),
        words_(words),
        kept_(tokens.tokenizer().mask_words()),
        stepper_(&arena_, work) {}
  const std::vector<uint32_t>& kept() const { return kept_; }

  void run(std::span<const Config> parses) {
    const TokenTrie& trie = tokens_.trie();
    struct Level {
      uint32_t end;
      size_t begin;
    };
    std::vector<Config> v(parses.begin(), parses.end());
    std::vector<Level> levels{{trie.end(0), 0}};
    for (uint32_t node = 1; node < trie.node_count();) {
      while (node >= levels.back().end) {
        v.resize(levels.back().begin);
        levels.pop_back();
      }
      const size_t begin = v.size();
      if (!stepper_.step(&v, levels.back().begin, begin, trie.byte(node))) {
        if (stepper_.failed()) stop(parses);
        node = trie.end(node);
        continue;
      }
      const std::span<const Config> here = std::span<const Config>(v).subspan(begin);
      if (here.size() == 1 && judge_.stays(here[0], node)) {
        if (judge_.ask(here)) keep(trie.first_rank(node), trie.first_rank(trie.end(node)));
        v.resize(begin);
        node = trie.end(node);
        continue;
      }
      levels.push_back({trie.end(node), begin});
      if (wanted(node) && judge_.ask(here)) keep(trie.first_rank(node), trie.first_rank(node + 1));
      ++node;
    }
    keep_whole({parses.begin(), parses.end()});
  }

 private:
  static bool has(const uint32_t* words, int32_t token) {
    return words[token >> 5] >> (token & 31) & 1;
  }
  bool wanted(uint32_t node) const {
    const TokenTrie& t = tokens_.trie();
    for (uint32_t r = t.first_rank(node); r < t.first_rank(node + 1); ++r) {
      if (has(words_, t.id(r)) && !tokens_.is_stop(t.id(r))) return true;
    }
    return false;
  }
  void keep(uint32_t first_rank, uint32_t last_rank) {
    for (uint32_t r = first_rank; r < last_rank; ++r) set(tokens_.trie().id(r));
  }
  void set(int32_t token) {
    if (!tokens_.is_stop(token)) kept_[static_cast<size_t>(token) >> 5] |= 1u << (token & 31);
  }
  // Of those that may be taken as a whole, too.
  void keep_whole(const std::vector<Config>& parses) {
    for (int32_t id = 0; tokens_.edges() && id < tokens_.tokenizer().vocab_size(); ++id) {
      if (!has(words_, id) || has(kept_.data(), id) || !tokens_.whole(id)) continue;
      std::vector<Config> v = parses;
      size_t begin = 0;
      bool on = true;
      for (char b : spelled_token(id)) {
        const size_t end = v.size();
        on = stepper_.step(&v, begin, end, static_cast<uint8_t>(b));
        if (stepper_.failed()) stop(parses);
        if (!on) break;
        begin = end;
      }
      if (on && judge_.ask(std::span<const Config>(v).subspan(begin))) set(id);
    }
  }
  [[noreturn]] static void stop(std::span<const Config> parses) {
    throw WorkStopped{parses[0].state->automaton->limit_error()};
  }

  const SpelledTokens& tokens_;
  PlaceJudge& judge_;
  const uint32_t* words_;
  std::vector<uint32_t> kept_;
  Arena arena_{4096};
  Stepper stepper_;
};

}  // namespace

void keep_tokens(const SpelledTokens& tokens, std::span<const Config> parses, PlaceJudge* judge,
                 Work* work, uint32_t* words) {
  SpelledWalk walk(tokens, judge, work, words);
  // What is not kept when the work is stopped goes, too.
  struct Apply {
    ~Apply() {
      for (size_t i = 0; i < walk.kept().size(); ++i) words[i] &= walk.kept()[i];
    }
    const SpelledWalk& walk;
    uint32_t* words;
  } apply{walk, words};
  walk.run(parses);
}

}  // namespace xgr::core
