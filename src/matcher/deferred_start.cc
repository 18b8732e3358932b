// What a token does before the text begins, and which tokens need a look at the grammar.
//
// Entry points: create, take, find_candidates. Nearly all tokens just wait, so a mask is one that is
// the same at every place, but for tokens that complete a sequence of bytes and are refused. Those
// contain a whole sequence, or begin with the rest of one that is begun: the latter are found on a walk
// through the sequences and the token trie at once.
//
//   </think>, after `hm</th`:  candidates are the tokens with `</think>` inside and those that begin
//   with `ink>`
//
// Tests: tests/unit/matcher/deferred_start_test.cc.
#include "matcher/deferred_start.h"

#include "support/bit_kernels.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr char kNoUtf8Byte = '\xFF';

Error bad_start(std::string message) {
  return make_error(Status::kInvalidArgument, std::move(message));
}

std::string named_start(size_t i) { return "start " + std::to_string(i); }

std::vector<uint32_t> symbols_of(const StartSequence& s) {
  std::vector<uint32_t> symbols;
  for (char c : s.bytes) symbols.push_back(static_cast<uint8_t>(c));
  for (int32_t t : s.tokens) symbols.push_back(static_cast<uint32_t>(t));
  return symbols;
}

}  // namespace

Result<std::shared_ptr<DeferredStart>> DeferredStart::create(const StartOptions& options,
                                                             const Tokenizer& tokenizer,
                                                             std::span<const int32_t> stops,
                                                             Work* work) {
  std::shared_ptr<DeferredStart> start(new DeferredStart(options, tokenizer, stops));
  if (MaybeError e = start->check_sequences()) return *std::move(e);
  if (MaybeError e = start->set_words()) return *std::move(e);
  for (size_t i = 0; i < options.sequences.size(); ++i) {
    if (MaybeError e = start->check_tokens(i)) return *std::move(e);
  }
  start->make_searches(work);
  if (MaybeError e = start->set_way(work)) return *std::move(e);
  start->word_tokens_ = count_bits(start->words_);
  return start;
}

void DeferredStart::allow_stops() {
  for (int32_t t : stops_) words_[static_cast<size_t>(t) >> 5] |= 1u << (t & 31);
  word_tokens_ = count_bits(words_);
}

DeferredStart::~DeferredStart() {
  delete inside_.load(std::memory_order_acquire);
  for (uint32_t s = 0; refused_ && s < bytes_.states(); ++s)
    delete refused_[s].load(std::memory_order_acquire);
}

MaybeError DeferredStart::check_sequences() const {
  const std::vector<StartSequence>& all = options_.sequences;
  if (all.empty())
    return bad_start("there is no sequence that starts the text; expected one at least");
  if (options_.max_tokens && options_.forced >= all.size())
    return bad_start("the sequence to force is start " + std::to_string(options_.forced) +
                     "; expected 0 to " + std::to_string(all.size() - 1));
  size_t symbols = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].bytes.empty() == all[i].tokens.empty())
      return bad_start(named_start(i) +
                       (all[i].bytes.empty() ? " is empty" : " has bytes and tokens") +
                       "; expected either bytes or tokens");
    const size_t never = all[i].bytes.find(kNoUtf8Byte);
    if (never != std::string::npos)
      return bad_start(named_start(i) + " has byte 255 at offset " + std::to_string(never) +
                       ", which is in no UTF-8 text");
    symbols += all[i].bytes.size() + all[i].tokens.size();
  }
  if (symbols > kMaxSymbols)
    return make_error(Status::kLimitExceeded, "the starts have " + std::to_string(symbols) +
                                                  " bytes and tokens; at most " +
                                                  std::to_string(kMaxSymbols) + " are supported");
  return std::nullopt;
}

// Without stop tokens at first.
MaybeError DeferredStart::set_words() {
  const std::span<const uint32_t> used = tokenizer_.used_words();
  words_.assign(used.begin(), used.end());
  auto drop = [&](int32_t t) { words_[static_cast<size_t>(t) >> 5] &= ~(1u << (t & 31)); };
  for (int32_t t : stops_) drop(t);
  for (int32_t t : options_.forbidden) {
    if (t < 0 || t >= tokenizer_.vocab_size())
      return bad_start("forbidden token " + std::to_string(t) +
                       " is not a token id: expected 0 to " +
                       std::to_string(tokenizer_.vocab_size() - 1));
    if (options_.may_end && is_stop(t))
      return bad_start("forbidden token " + std::to_string(t) +
                       " is a stop token, by which the output may end before its text begins; "
                       "expected may_end off or another token");
    drop(t);
  }
  return std::nullopt;
}

MaybeError DeferredStart::check_tokens(size_t i) const {
  const StartSequence& s = options_.sequences[i];
  for (int32_t t : s.tokens) {
    const std::string name = named_start(i) + " has token " + std::to_string(t);
    if (t < 0 || t >= tokenizer_.vocab_size())
      return bad_start(name + ", which is not a token id: expected 0 to " +
                       std::to_string(tokenizer_.vocab_size() - 1));
    if (is_stop(t)) return bad_start(name + ", which is a stop token");
    if (!allows(t)) return bad_start(name + ", which is unused or forbidden");
    if (s.implicit && s.tokens.size() > 1 && tokenizer_.token_bytes(t).empty())
      return bad_start(name +
                       ", which has no text; an implicit sequence of several tokens is handed to "
                       "the grammar as their text: expected tokens with text, or one token");
  }
  return std::nullopt;
}

void DeferredStart::make_searches(Work* work) {
  std::vector<SequenceSearch::Sequence> bytes, tokens;
  for (size_t i = 0; i < options_.sequences.size(); ++i) {
    const StartSequence& s = options_.sequences[i];
    (s.bytes.empty() ? tokens : bytes).push_back({symbols_of(s), static_cast<int32_t>(i)});
  }
  bytes_ = SequenceSearch(std::move(bytes), work);
  tokens_ = SequenceSearch(std::move(tokens), work);
  refused_ = std::make_unique<std::atomic<const Tokens*>[]>(bytes_.states());
}

// From wherever the output is, tokens must lead to its text: one sequence has to be spelled by tokens
// that nothing can refuse; with a budget, the one that is forced.
MaybeError DeferredStart::set_way(Work* work) {
  const std::vector<StartSequence>& all = options_.sequences;
  if (options_.max_tokens) {
    const StartSequence& s = all[options_.forced];
    if (!has_way(s, &spelled_from_, work))
      return bad_start(named_start(options_.forced) +
                       " cannot be forced: no tokens spell it from wherever the output may be");
    const SequenceSearch& search = s.bytes.empty() ? tokens_ : bytes_;
    progress_ = search.progress(symbols_of(s), spelled_from_);
    return std::nullopt;
  }
  std::vector<bool> from;
  for (const StartSequence& s : all) {
    if (has_way(s, &from, work)) return std::nullopt;
  }
  return bad_start(
      "the text could never begin: no tokens spell one of the starts from wherever the output may "
      "be");
}

bool DeferredStart::has_way(const StartSequence& s, std::vector<bool>* from, Work* work) const {
  const size_t size = s.bytes.size() + s.tokens.size();
  from->assign(size, !s.tokens.empty());
  for (size_t i = 0; i + 1 < s.tokens.size(); ++i) {
    if (ends_inside(tokenizer_.token_bytes(s.tokens[i]), work)) return false;
  }
  const TokenTrie& trie = tokenizer_.trie();
  for (size_t at = s.bytes.size(); at-- > 0;) {
    uint32_t node = 0;
    for (size_t end = at; end < size && !(*from)[at]; ++end) {
      charge(work, 1);
      node = trie.child(node, static_cast<uint8_t>(s.bytes[end]));
      if (node == TokenTrie::kNone) break;
      if (end + 1 < size && !(*from)[end + 1]) continue;
      bool any = false;
      for (uint32_t r = trie.first_rank(node); r < trie.first_rank(node + 1); ++r)
        any = any || allows(trie.id(r));
      (*from)[at] = any && !ends_inside(std::string_view(s.bytes).substr(at, end + 1 - at), work);
    }
  }
  return (*from)[0];
}

// Whether a sequence of bytes may be complete before the last byte of a token: then the rest of the
// token may be refused.
bool DeferredStart::ends_inside(std::string_view text, Work* work) const {
  for (uint32_t s = 0; text.size() > 1 && s < bytes_.states(); ++s) {
    uint32_t state = s;
    for (char c : text.substr(0, text.size() - 1)) {
      charge(work, 1);
      state = bytes_.step(state, static_cast<uint8_t>(c), work);
      if (bytes_.found(state) != SequenceSearch::kNone) return true;
    }
  }
  return false;
}

std::string_view DeferredStart::bytes_left(const Waiting& now) const {
  const std::string& bytes = options_.sequences[options_.forced].bytes;
  return bytes.empty() ? std::string_view()
                       : std::string_view(bytes).substr(progress_[now.byte_state]);
}

int32_t DeferredStart::next_token(const Waiting& now) const {
  const std::vector<int32_t>& tokens = options_.sequences[options_.forced].tokens;
  return tokens.empty() ? -1 : tokens[progress_[now.token_state]];
}

bool DeferredStart::goes_on(const Waiting& now, int32_t token, std::string_view text) const {
  if (token < 0 && text.empty()) return true;
  const int32_t next = next_token(now);
  if (next >= 0) return token == next;
  const std::string_view left = bytes_left(now);
  if (text.empty() || text.substr(0, left.size()) != left.substr(0, text.size())) return false;
  return text.size() >= left.size() ||
         spelled_from_[spelled_from_.size() - left.size() + text.size()];
}

DeferredStart::Step DeferredStart::take(const Waiting& now, int32_t token, std::string_view text,
                                        Work* work) const {
  Step step{Outcome::kWaits, now};
  const bool is_token = token >= 0;
  if ((is_token && !allows(token)) || (forces(now) && !goes_on(now, token, text))) return {};
  charge(work, text.size() + 1);
  if (is_token) {
    step.next.tokens += step.next.tokens < UINT32_MAX;
    step.next.token_state = tokens_.step(now.token_state, static_cast<uint32_t>(token), work);
    const int32_t found = tokens_.found(step.next.token_state);
    if (found != SequenceSearch::kNone)
      return {Outcome::kStarts, {}, static_cast<size_t>(found), text.size()};
    if (text.empty()) step.next.byte_state = SequenceSearch::kRoot;
  } else if (!text.empty()) {
    step.next.token_state = SequenceSearch::kRoot;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    step.next.byte_state = bytes_.step(step.next.byte_state, static_cast<uint8_t>(text[i]), work);
    const int32_t found = bytes_.found(step.next.byte_state);
    if (found != SequenceSearch::kNone)
      return {Outcome::kStarts, {}, static_cast<size_t>(found), i + 1};
  }
  return step;
}

void DeferredStart::find_candidates(uint32_t byte_state, Tokens* out, Work* work) {
  *out = inside(work);
  add_begun(byte_state, out, work);
  std::erase_if(*out, [&](int32_t t) { return !allows(t); });
  sort_unique(out);
}

// Few sequences are looked up by their bytes; else all tokens are read that have a first byte of one.
const DeferredStart::Tokens& DeferredStart::inside(Work* work) {
  if (const Tokens* known = inside_.load(std::memory_order_acquire)) return *known;
  constexpr size_t kFew = 8;
  const std::span<const int32_t> never_text = tokenizer_.never_text_tokens();
  auto found = std::make_unique<Tokens>(never_text.begin(), never_text.end());
  if (options_.sequences.size() <= kFew) {
    for (const StartSequence& s : options_.sequences) {
      if (!s.bytes.empty()) add_tokens_with(s.bytes, found.get(), work);
    }
  } else if (bytes_.states() > 1) {
    ByteSet first;
    for (const SequenceSearch::Edge& e : bytes_.longer(SequenceSearch::kRoot))
      first.add(static_cast<uint8_t>(e.symbol));
    std::vector<uint32_t> words(tokenizer_.used_words().begin(), tokenizer_.used_words().end());
    keep_tokens_with(first, &words, work);
    Tokens with(count_bits(words));
    list_bits(words, with.data());
    for (int32_t t : with) {
      uint32_t state = SequenceSearch::kRoot;
      for (char c : tokenizer_.token_bytes(t)) {
        charge(work, 1);
        state = bytes_.step(state, static_cast<uint8_t>(c), work);
        if (bytes_.found(state) == SequenceSearch::kNone) continue;
        found->push_back(t);
        break;
      }
    }
  }
  const Tokens* none = nullptr;
  if (!inside_.compare_exchange_strong(none, found.get(), std::memory_order_acq_rel)) return *none;
  return *found.release();
}

// Takes out tokens without any of the bytes, as far as the index tells.
void DeferredStart::keep_tokens_with(const ByteSet& bytes, std::vector<uint32_t>* words,
                                     Work* work) const {
  charge(work, words->size());
  std::array<uint64_t, 4> others;
  for (size_t i = 0; i < others.size(); ++i) others[i] = ~bytes.words[i];
  std::vector<uint32_t> without(words->size());
  tokenizer_.byte_index().fill_inside(others, ByteIndex::kUnlimited, without.data());
  for (size_t i = 0; i < words->size(); ++i) (*words)[i] &= ~without[i];
}

void DeferredStart::add_tokens_with(const std::string& bytes, Tokens* out, Work* work) const {
  constexpr size_t kMostBytes = 8;  // looked at, of those that differ
  std::vector<uint32_t> words(tokenizer_.used_words().begin(), tokenizer_.used_words().end());
  ByteSet seen;
  for (char c : bytes) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (seen.has(byte) || seen.size() == kMostBytes) continue;
    seen.add(byte);
    ByteSet one;
    one.add(byte);
    keep_tokens_with(one, &words, work);
  }
  Tokens with(count_bits(words));
  list_bits(words, with.data());
  for (int32_t t : with) {
    const std::string_view text = tokenizer_.token_bytes(t);
    charge(work, text.size());
    if (text.find(bytes) != text.npos) out->push_back(t);
  }
}

// Tokens that begin with the rest of a sequence, by every end of what was read that may be its beginning.
void DeferredStart::add_begun(uint32_t byte_state, Tokens* out, Work* work) const {
  struct Pair {
    uint32_t state, node;
  };
  const TokenTrie& trie = tokenizer_.trie();
  std::vector<Pair> open;
  std::vector<uint32_t> complete;  // nodes
  for (uint32_t s = byte_state; s != SequenceSearch::kRoot; s = bytes_.shorter(s)) {
    open.assign(1, {s, 0});
    while (!open.empty()) {
      const Pair at = open.back();
      open.pop_back();
      for (const SequenceSearch::Edge& e : bytes_.longer(at.state)) {
        charge(work, 1);
        const uint32_t node = trie.child(at.node, static_cast<uint8_t>(e.symbol));
        if (node == TokenTrie::kNone) continue;
        if (bytes_.found(e.to) == SequenceSearch::kNone) {
          open.push_back({e.to, node});
        } else {
          complete.push_back(node);
        }
      }
    }
  }
  sort_unique(&complete);
  for (uint32_t node : complete) {
    charge(work, trie.subtree_tokens(node));
    for (uint32_t r = trie.first_rank(node); r < trie.first_rank(trie.end(node)); ++r)
      out->push_back(trie.id(r));
  }
}

const DeferredStart::Tokens* DeferredStart::remember(uint32_t byte_state, const Tokens& tokens) {
  const size_t bytes = sizeof(Tokens) + tokens.size() * sizeof(int32_t);
  if (remembered_.fetch_add(bytes, std::memory_order_relaxed) + bytes > kMaxRemembered) {
    remembered_.fetch_sub(bytes, std::memory_order_relaxed);
    return nullptr;
  }
  auto kept = std::make_unique<const Tokens>(tokens);
  const Tokens* known = nullptr;
  if (!refused_[byte_state].compare_exchange_strong(known, kept.get(), std::memory_order_acq_rel)) {
    remembered_.fetch_sub(bytes, std::memory_order_relaxed);
    return known;
  }
  return kept.release();
}

size_t DeferredStart::memory_bytes() const {
  size_t bytes = sizeof(*this) + words_.capacity() * sizeof(uint32_t) + bytes_.memory_bytes() +
                 tokens_.memory_bytes() + progress_.capacity() * sizeof(uint32_t) +
                 bytes_.states() * sizeof(void*) + remembered_.load(std::memory_order_relaxed);
  for (const StartSequence& s : options_.sequences)
    bytes += sizeof(s) + s.bytes.capacity() + s.tokens.capacity() * sizeof(int32_t);
  return bytes;
}

}  // namespace xgr::core
