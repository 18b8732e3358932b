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

#include "mask/spelled_walk.h"
#include "support/hash.h"

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

// Whether at most so many tokens are needed at the places of a walk.
class Closing::Within : public PlaceJudge {
 public:
  Within(Session* session, uint32_t most, Work* work)
      : session_(*session), most_(most), work_(work), begun_(session->spent()) {}
  void avoid(const Config& parse) { known_[parse] = false; }

  bool ask(std::span<const Config> parses) override {
    if (parses.size() != 1) return find(parses);
    const auto [it, fresh] = known_.try_emplace(parses[0], false);
    if (fresh) it->second = find(parses);
    return it->second;
  }
  bool stays(const Config& parse, uint32_t node) override {
    return session_.tokens()->stays(parse.state, node, work_);
  }

 private:
  struct ConfigHash {
    size_t operator()(const Config& c) const {
      return mix(mix(1, reinterpret_cast<uintptr_t>(c.state)),
                 reinterpret_cast<uintptr_t>(c.stack));
    }
  };
  bool find(std::span<const Config> parses) {
    const uint64_t spent = session_.spent() - begun_;
    const uint64_t budget = std::max(kLeastSteps, kWalkSteps - std::min(kWalkSteps, spent));
    return session_.ask(parses, most_, budget).most <= most_;
  }

  Session& session_;
  const uint32_t most_;
  Work* work_;
  const uint64_t begun_;
  std::unordered_map<Config, bool, ConfigHash> known_;
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
  Within within(&session, most, work);
  if (moving && parses.size() == 1) within.avoid(parses[0]);
  keep_tokens(*tokens_, parses, &within, work, words);
  session.end();
}

}  // namespace xgr::core
