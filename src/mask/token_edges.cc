// Token edges: the ids that may follow, as sets kept by state.
//
// Entry point: TokenEdges::find. Where a state, or a rule that it may call, can read the mark of a
// token, the digits behind it are walked: four levels of at most 64 branches, neighbours that lead
// to the same are one range, and a state behind which all digits may follow is a range as a whole.
// So "any token but these" costs a few steps, however large the vocabulary.
//
//   ExcludeToken(5), 131,072 tokens   ->   the ranges 0-4 and 6-131071
//
// Tests: tests/unit/matcher/whole_tokens_test.cc.
#include "mask/token_edges.h"

#include <algorithm>

namespace xgr::core {
namespace {

constexpr uint32_t kDigits = 1u << kTokenDigitBits;

Error unknown_token(uint32_t id, int32_t vocab_size) {
  return make_error(Status::kInvalidSource,
                    "the grammar names token " + std::to_string(id) + ", but the vocabulary has " +
                        std::to_string(vocab_size) + " tokens: expected an id from 0 to " +
                        std::to_string(vocab_size - 1));
}

// The ids whose digits lead on from a state that has read the mark; ascending.
class DigitWalk {
 public:
  DigitWalk(uint32_t vocab_size, Work* work) : vocab_size_(vocab_size), work_(work) {}
  // False when a limit was hit. Calls itself once a digit.
  bool collect(State* s, int left, uint32_t prefix) {
    const uint32_t unit = 1u << (left * kTokenDigitBits);  // ids with the same digits so far
    const uint64_t first = uint64_t{prefix} * unit;
    charge(work_, 1);
    if (first >= vocab_size_) return true;
    if (left == 0 || full(s, left)) {
      add(static_cast<uint32_t>(first), static_cast<uint32_t>(first + unit - 1));
      return ok_;
    }
    for (uint32_t d = 0; d < kDigits && ok_; ++d) {
      if (!s->classes->of[d]) continue;
      State* t = left == 1 ? s : step(s, static_cast<uint8_t>(d));
      if (t && !collect(t, left - 1, prefix * kDigits + d)) return false;
    }
    return ok_;
  }
  const std::vector<TokenRange>& ranges() const { return ranges_; }

 private:
  State* step(State* s, uint8_t digit) {
    State* t = Automaton::step(s, digit, work_);
    ok_ = ok_ && t;
    return t;
  }
  void add(uint32_t lo, uint32_t hi) {
    if (!ranges_.empty() && ranges_.back().hi + 1 == lo) {
      ranges_.back().hi = hi;
    } else {
      ranges_.push_back({lo, hi});
    }
  }
  // Whether all sequences of `left` digits lead on. Calls itself once a digit.
  bool full(State* s, int left) {
    auto known = full_.find(s);
    if (known != full_.end()) return known->second;
    charge(work_, kDigits);
    bool all = true;
    const State* last = nullptr;
    for (uint32_t d = 0; d < kDigits && all && ok_; ++d) {
      all = s->classes->of[d] != 0;
      if (!all || left == 1) continue;
      State* t = step(s, static_cast<uint8_t>(d));
      if (!t || t == last) continue;
      last = t;
      all = full(t, left - 1);
    }
    return full_[s] = all && ok_;
  }

  const uint32_t vocab_size_;
  Work* work_;
  std::vector<TokenRange> ranges_;
  std::unordered_map<const State*, bool> full_;  // a state behind the mark is at one depth only
  bool ok_ = true;
};

void set_range(TokenRange r, std::vector<uint32_t>* words) {
  for (uint32_t id = r.lo; id <= r.hi;) {
    if ((id & 31) == 0 && r.hi - id >= 31) {
      (*words)[id >> 5] = UINT32_MAX;
      id += 32;
    } else {
      (*words)[id >> 5] |= 1u << (id & 31);
      ++id;
    }
  }
}

}  // namespace

Result<PossibleTokens> possible_tokens(const Tokenizer& tokenizer, const ExprPool& pool) {
  const int32_t vocab_size = tokenizer.vocab_size();
  PossibleTokens possible;
  for (int32_t id = 0; id < vocab_size; ++id) {
    const int32_t lo = id;
    while (id < vocab_size && tokenizer.kind(id) == TokenKind::kNormal) ++id;
    if (id > lo) possible.texts.add(static_cast<uint32_t>(lo), static_cast<uint32_t>(id - 1));
  }
  possible.all = possible.texts;
  for (uint32_t set = 0; set < pool.token_set_count(); ++set) {
    const TokenIds& ids = pool.token_ids(set);
    const std::optional<uint32_t> largest = ids.largest_named();
    if (!largest) continue;
    if (*largest >= static_cast<uint32_t>(vocab_size)) return unknown_token(*largest, vocab_size);
    if (ids.is_complement()) continue;
    for (const TokenRange& r : ids.ranges()) {
      for (uint32_t id = r.lo; id <= r.hi; ++id) {
        if (tokenizer.kind(static_cast<int32_t>(id)) == TokenKind::kControl)
          possible.all.add(id, id);
      }
    }
  }
  return possible;
}

std::string spelled_token(int32_t id) {
  const TokenDigits digits = token_digits(static_cast<uint32_t>(id));
  std::string out(1, static_cast<char>(kTokenMark));
  out.append(digits.begin(), digits.end());
  return out;
}

TokenEdges::TokenEdges(const Tokenizer& tokenizer, const TokenIds& possible)
    : mask_words_(tokenizer.mask_words()), possible_words_(mask_words_) {
  for (const TokenRange& r : possible.ranges()) set_range(r, &possible_words_);
}

std::shared_ptr<const TokenSet> TokenEdges::set_of(State* marked, Work* work) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = sets_.find(marked);
    if (it != sets_.end()) return it->second;
  }
  const uint32_t size = static_cast<uint32_t>(mask_words_ * 32);
  DigitWalk walk(size, work);
  if (!walk.collect(marked, kTokenDigits, 0)) return nullptr;
  std::vector<uint32_t> words(mask_words_);
  for (TokenRange r : walk.ranges()) {
    r.hi = std::min(r.hi, size - 1);
    set_range(r, &words);
  }
  for (size_t i = 0; i < words.size(); ++i) words[i] &= possible_words_[i];
  auto set = std::make_shared<const TokenSet>(TokenSet::from_words(words));
  std::lock_guard<std::mutex> lock(mutex_);
  if (sets_.size() >= kMaxSets) sets_.clear();
  return sets_[marked] = std::move(set);
}

bool TokenEdges::add_set(State* s, Sets* sets, Work* work) {
  if (!s->classes->of[kTokenMark]) return true;
  State* marked = Automaton::step(s, kTokenMark, work);
  std::shared_ptr<const TokenSet> set = marked ? set_of(marked, work) : nullptr;
  if (!set) return false;
  if (set->count > 0 && std::find(sets->begin(), sets->end(), set) == sets->end())
    sets->push_back(std::move(set));
  return true;
}

size_t TokenEdges::memory_bytes() {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t bytes = sizeof(*this) + possible_words_.capacity() * sizeof(uint32_t);
  for (const auto& [state, set] : sets_) bytes += sizeof(TokenSet) + 64 + set->memory_bytes();
  return bytes;
}

bool TokenEdges::find(std::span<const Config> parses, Sets* sets, Work* work) {
  sets->clear();
  for (const Config& c : parses) {
    const Closure* closure = Automaton::closure(c.state, work);
    if (!closure) return false;
    if (!closure->live.has(kTokenMark)) continue;
    for (uint32_t i = 0; i < closure->entry_count; ++i) {
      if (!add_set(closure->entries[i].state, sets, work)) return false;
    }
  }
  return true;
}

}  // namespace xgr::core
