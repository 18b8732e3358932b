// Closing: questions about the end of outputs, within a budget of steps.
//
// Entry points: tokens_left, keep_within. The search (closing_search.h) is exact when it ends. When its
// budget is spent first, the shortest bytes take its place: whoever writes them one by one needs one
// fewer after each, so that the promise can be kept whatever the budget of the next question. To find
// the tokens that keep an output within a number of them, the trie is walked; tokens that lead to the
// same place are one question, and a subtree that a character loop takes is one as well.
//
//   {"a": "x, at most 1 after the next token:  `"}`, `"`, `y"}`, and all tokens of letters
//
// Tests: tests/unit/mask/closing_test.cc, tests/unit/matcher/token_limit_test.cc.
#include "mask/closing.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace xgr::core {
namespace {

constexpr size_t kMostKept = size_t{1} << 22;  // entries; a larger table is begun again
constexpr uint64_t kSearchSteps = 1 << 21;     // of one question
constexpr uint64_t kWalkSteps = 1 << 22;       // of a walk, all its questions together
constexpr uint64_t kLeastSteps = 1 << 10;      // for a question that is late
constexpr uint64_t kShareOfCall = 4;           // of what a call has left

uint64_t affordable(Work* work, uint64_t steps) {
  if (!work) return steps;
  return std::min(
      steps, (work->bounds().steps - std::min(work->bounds().steps, work->used())) / kShareOfCall);
}

}  // namespace

// The vocabulary of the tokens of one byte.
class Closing::SingleBytes : public SpellingTokens {
 public:
  explicit SingleBytes(const SpelledTokens& tokens) : tokens_(tokens) {
    const TokenTrie& all = tokens.trie();
    std::vector<std::string_view> texts;
    std::vector<int32_t> ids;
    for (uint32_t c = 1; c < all.end(0); c = all.end(c)) {
      if (!tokens.ends_at(c)) continue;
      spelling_[all.byte(c)] = static_cast<char>(all.byte(c));
      texts.push_back({&spelling_[all.byte(c)], 1});
      ids.push_back(all.byte(c));
    }
    trie_ = TokenTrie(texts, ids);
  }
  const TokenTrie& trie() const override { return trie_; }
  bool ends_at(uint32_t) const override { return true; }
  void after_whole_tokens(State* s, Work* work, std::vector<State*>* out) const override {
    tokens_.after_whole_tokens(s, work, out);
  }

 private:
  const SpelledTokens& tokens_;
  std::array<char, 256> spelling_{};
  TokenTrie trie_;
};

// The questions of one call, which has both searches meanwhile.
class Closing::Session {
 public:
  Session(Closing* closing, Work* work)
      : lock_(closing->mutex_),
        tokens_(closing->ready(&closing->by_tokens_, false)),
        bytes_(closing->ready(&closing->by_bytes_, true)),
        bytes_used_(closing->bytes_used_),
        work_(work) {
    tokens_->changing = bytes_->changing = true;
  }
  // Not where a search was left in the middle.
  void end() {
    tokens_->changing = bytes_->changing = false;
    bytes_used_ = tokens_->memory_bytes() + bytes_->memory_bytes();
  }
  ClosingSearch* tokens() { return tokens_; }

  // The better of what both searches say; exact, or no more than `enough`, if the budget allows.
  ClosingBounds ask(std::span<const Config> parses, uint32_t enough, uint64_t budget) {
    const ClosingSearch::Question question{enough, affordable(work_, budget)};
    ClosingBounds b = tokens_->find(parses, question, work_);
    if (b.exact() || question.answered_by(b.most) || (enough != kNoClosing && b.least > enough))
      return b;
    const ClosingSearch::Question second{enough, affordable(work_, kSearchSteps)};
    b.most = std::min(b.most, bytes_->find(parses, second, work_).most);
    return b;
  }
  uint64_t spent() const { return tokens_->spent(); }

 private:
  std::lock_guard<std::mutex> lock_;
  ClosingSearch* tokens_;
  ClosingSearch* bytes_;
  std::atomic<size_t>& bytes_used_;
  Work* work_;
};

// The tokens of a mask, by a walk over the trie.
class Closing::Walk {
 public:
  Walk(const SpelledTokens& tokens, Session* session, uint32_t most, Work* work,
       const uint32_t* words)
      : tokens_(tokens),
        session_(*session),
        most_(most),
        work_(work),
        begun_(session->spent()),
        words_(words),
        kept_(tokens.tokenizer().mask_words()),
        stepper_(&arena_, work) {}
  const std::vector<uint32_t>& kept() const { return kept_; }
  void avoid(const Config& parse) { known_[parse] = false; }

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
      if (here.size() == 1 && session_.tokens()->stays(here[0].state, node, work_)) {
        if (ask(here)) keep(trie.first_rank(node), trie.first_rank(trie.end(node)));
        v.resize(begin);
        node = trie.end(node);
        continue;
      }
      levels.push_back({trie.end(node), begin});
      if (wanted(node) && ask(here)) keep(trie.first_rank(node), trie.first_rank(node + 1));
      ++node;
    }
    keep_whole({parses.begin(), parses.end()});
  }

 private:
  struct ConfigHash {
    size_t operator()(const Config& c) const {
      return mix(mix(1, reinterpret_cast<uintptr_t>(c.state)),
                 reinterpret_cast<uintptr_t>(c.stack));
    }
  };
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
  bool ask(std::span<const Config> parses) {
    if (parses.size() != 1) return find(parses);
    const auto [it, fresh] = known_.try_emplace(parses[0], false);
    if (fresh) it->second = find(parses);
    return it->second;
  }
  bool find(std::span<const Config> parses) {
    const uint64_t spent = session_.spent() - begun_;
    const uint64_t budget = std::max(kLeastSteps, kWalkSteps - std::min(kWalkSteps, spent));
    return session_.ask(parses, most_, budget).most <= most_;
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
      if (on && ask(std::span<const Config>(v).subspan(begin))) set(id);
    }
  }
  [[noreturn]] static void stop(std::span<const Config> parses) {
    throw WorkStopped{parses[0].state->automaton->limit_error()};
  }

  const SpelledTokens& tokens_;
  Session& session_;
  const uint32_t most_;
  Work* work_;
  const uint64_t begun_;
  const uint32_t* words_;
  std::vector<uint32_t> kept_;
  std::unordered_map<Config, bool, ConfigHash> known_;
  Arena arena_{4096};
  Stepper stepper_;
};

Closing::Closing(const Tokenizer& tokenizer, std::vector<int32_t> stops, const TokenEdges* edges)
    : tokens_(std::make_unique<SpelledTokens>(tokenizer, std::move(stops))),
      bytes_(std::make_unique<SingleBytes>(*tokens_)) {
  tokens_->set_edges(edges);
}

Closing::~Closing() = default;

// One that was left in the middle of a change is of no use any more.
ClosingSearch* Closing::ready(std::unique_ptr<ClosingSearch>* search, bool by_bytes) {
  if (!*search || (*search)->changing || (*search)->size() > kMostKept) {
    const SpellingTokens& tokens =
        by_bytes ? static_cast<const SpellingTokens&>(*bytes_) : *tokens_;
    *search = std::make_unique<ClosingSearch>(tokens, by_bytes || !tokens_->loses_tokens());
  }
  (*search)->forget_stacks();
  return search->get();
}

ClosingBounds Closing::tokens_left(std::span<const Config> parses, Work* work) {
  Session session(this, work);
  const ClosingBounds found = session.ask(parses, kNoClosing, kSearchSteps);
  session.end();
  return found;
}

void Closing::keep_within(std::span<const Config> parses, uint32_t most, Work* work,
                          uint32_t* words, bool moving) {
  Session session(this, work);
  Walk walk(*tokens_, &session, most, work, words);
  if (moving && parses.size() == 1) walk.avoid(parses[0]);
  walk.run(parses);
  for (size_t i = 0; i < walk.kept().size(); ++i) words[i] &= walk.kept()[i];
  session.end();
}

}  // namespace xgr::core
