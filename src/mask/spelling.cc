// Spelling: completions by tokens, for vocabularies without all single bytes.
//
// Entry points: can_complete, drop_dead_ends. What a fragment's ends are at which places of tokens is found
// once for all outputs (spelling_table.h); a question then follows the frames of the stack from end to
// end, until the output is complete where a token ends. The table grows only as far as questions need: a
// completion is mostly near, so single bytes come first; only "no" needs all that can be reached. With
// single-byte tokens for all bytes that occur (nearly every real vocabulary) nothing of this runs.
//
//   tokens "ab", "c"; grammar "a" "c" | "ab": after nothing, "ab" is allowed;  "a" "c" alone: refused
//
// Tests: tests/unit/mask/spelling_test.cc, tests/reference.
#include "mask/spelling.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "mask/spelled_tokens.h"
#include "mask/spelled_walk.h"
#include "mask/spelling_table.h"
#include "mask/trie_walk.h"
#include "support/hash.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxTable = size_t{1} << 20;  // entries; a larger one is begun again
constexpr size_t kFirstTurn = 64;              // spots to expand before looking at the answer again
constexpr size_t kLongestTurn = 1 << 16;       // other threads wait meanwhile

}  // namespace

// Questions of one call. Stacks that are asked about stay as long as it.
class Spelling::Query : public PlaceJudge {
 public:
  Query(Spelling* spelling, Work* work) : s_(*spelling), work_(work) {}

  bool ask(std::span<const Config> parses) override {
    if (parses.size() != 1) return find(parses);
    const std::pair<const void*, uint64_t> key(parses[0].state,
                                               reinterpret_cast<uintptr_t>(parses[0].stack));
    if (auto it = known_.find(key); it != known_.end()) return it->second;
    return known_[key] = find(parses);
  }

 private:
  struct PlaceHash {
    size_t operator()(const std::pair<const void*, uint64_t>& p) const {
      return mix(mix(1, reinterpret_cast<uintptr_t>(p.first)), p.second);
    }
  };
  template <typename Value>
  using PlaceMap = std::unordered_map<std::pair<const void*, uint64_t>, Value, PlaceHash>;
  struct Place {
    const StackNode* stack;
    uint32_t node;
    size_t from;  // place before it, or kStart
  };
  static constexpr size_t kStart = SIZE_MAX;

  bool find(std::span<const Config> parses) {
    for (size_t turn = kFirstTurn;; turn = std::min(turn * 2, kLongestTurn)) {
      std::lock_guard<std::mutex> lock(s_.mutex_);
      if (turn == kFirstTurn && s_.table_ && s_.table_->size() > kMaxTable) s_.table_.reset();
      // One that was left in the middle of a change is of no use any more.
      if (!s_.table_ || s_.table_->changing)
        s_.table_ = std::make_unique<SpellingTable>(*s_.tokens_);
      table_ = s_.table_.get();
      table_->changing = true;
      if (completes(parses)) {
        table_->changing = false;
        return true;
      }
      const bool more = explore(turn);
      table_->changing = false;
      if (!more) return false;
    }
  }

  // Whether the ends found so far complete the output; asked_ are then the spots that this depends on.
  bool completes(std::span<const Config> parses) {
    places_.clear();
    seen_.clear();
    asked_.clear();
    for (const Config& c : parses) {
      if (follow(c, 0, kStart)) return true;
    }
    for (size_t i = 0; i < places_.size(); ++i) {
      const Place p = places_[i];
      for (const StackEdge& e : *p.stack) {
        if (follow({e.ret, e.parent}, p.node, i)) return true;
      }
    }
    return false;
  }

  bool follow(const Config& c, uint32_t node, size_t from) {
    charge(work_, 4);
    const uint32_t spot = table_->spot(c.state, node, work_);
    asked_.push_back(spot);
    bool found = false;
    table_->for_each_end(spot, [&](uint32_t end) {
      if (found) return;
      const std::pair<const void*, uint64_t> key(c.stack, end);
      if (!c.stack ? end == 0 : good_.count(key) != 0) {
        found = true;
      } else if (c.stack && seen_.try_emplace(key, true).second) {
        places_.push_back({c.stack, end, from});
      }
    });
    for (size_t at = from; found && at != kStart; at = places_[at].from)
      good_[{places_[at].stack, places_[at].node}] = true;
    return found;
  }

  // Expands up to `most` of the spots that asked_ lead to, those where a token ends first. False when
  // they all were.
  bool explore(size_t most) {
    std::vector<bool> met;
    std::vector<uint32_t> all;
    std::deque<uint32_t> near, far;
    auto meet = [&](uint32_t spot) {
      if (table_->closed(spot)) return;
      if (met.size() <= spot) met.resize(size_t{spot} + 256);
      if (met[spot]) return;
      met[spot] = true;
      (table_->node(spot) == 0 ? near : far).push_back(spot);
    };
    for (uint32_t spot : asked_) meet(spot);
    size_t expanded = 0;
    while (!near.empty() || !far.empty()) {
      std::deque<uint32_t>& next =
          far.empty() || (!near.empty() && all.size() % 4 != 3) ? near : far;
      const uint32_t spot = next.front();
      next.pop_front();
      all.push_back(spot);
      charge(work_, 2);
      if (!table_->expanded(spot)) {
        if (expanded++ == most) return true;
        table_->expand(spot, work_);
      }
      table_->for_each_next(spot, meet);
    }
    if (expanded > 0) return true;  // ends found late may lead further
    for (uint32_t spot : all) table_->close(spot);
    return false;
  }

  Spelling& s_;
  Work* work_;
  SpellingTable* table_ = nullptr;
  PlaceMap<bool> known_;  // by parse
  PlaceMap<bool> good_,
      seen_;  // stacks with what is left of a token: complete; met by this question
  std::vector<Place> places_;
  std::vector<uint32_t> asked_;
};

Spelling::Spelling(const Tokenizer& tokenizer, std::vector<int32_t> stops)
    : tokens_(std::make_unique<SpelledTokens>(tokenizer, std::move(stops))) {
  const TokenTrie& trie = tokenizer.trie();
  std::array<uint64_t, 4> single{};
  for (uint32_t c = 1; c < trie.end(0); c = trie.end(c)) {
    if (tokens_->ends_at(c)) single[trie.byte(c) >> 6] |= uint64_t{1} << (trie.byte(c) & 63);
  }
  for (size_t i = 0; i < 4; ++i) needed_ = needed_ || (tokenizer.known_bytes()[i] & ~single[i]);
}

Spelling::~Spelling() = default;

void Spelling::set_token_edges(const TokenEdges* edges) {
  tokens_->set_edges(edges);
  needed_ = needed_ || tokens_->loses_whole_tokens();
}

bool Spelling::can_complete(std::span<const Config> parses, Work* work) {
  return Query(this, work).ask(parses);
}

void Spelling::drop_dead_ends(std::span<const Config> parses, Work* work, uint32_t* words) {
  Query query(this, work);
  keep_tokens(*tokens_, parses, &query, work, words);
}

size_t Spelling::memory_bytes() {
  std::lock_guard<std::mutex> lock(mutex_);
  return sizeof(*this) + (table_ ? table_->memory_bytes() : 0);
}

}  // namespace xgr::core
