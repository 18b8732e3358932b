// DeferredStart: an output whose text begins behind, or with, one of several sequences.
//
// Until then the output is free: any token but stop tokens, unused and forbidden ones. Sequences of bytes
// are found in the text of tokens, also across them; a token without text (a control token) comes
// between. Sequences of tokens are found by ids, and come first: a token that completes one does
// so as a whole. Of what completes several the longest sequence counts, of equal ones the first. What
// follows a sequence of bytes in its token is text of the grammar, so such a token may be refused.
//
// When max_tokens are spent, each token has to go on with what is left of the sequence `forced`.
//
//   </think>, consumed:  `hm` waits, `</th` waits, `ink>{` starts with `{`; `ink>x` is refused
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/sequence_search.h"
#include "matcher/start_options.h"
#include "matcher/waiting.h"
#include "support/byte_set.h"
#include "support/status.h"
#include "support/work.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// Immutable but for what it remembers, so that clones share it.
class DeferredStart {
 public:
  static constexpr size_t kMaxSymbols = size_t{1} << 20;  // bytes and tokens of all sequences

  // Charged to `work`; the tokenizer outlives it. Stops are ascending.
  static Result<std::shared_ptr<DeferredStart>> create(const StartOptions& options,
                                                       const Tokenizer& tokenizer,
                                                       std::span<const int32_t> stops, Work* work);
  ~DeferredStart();

  enum class Outcome : uint8_t { kRefused, kWaits, kStarts };
  struct Step {
    Outcome outcome = Outcome::kRefused;
    Waiting next{};    // when it waits
    size_t which = 0;  // when it starts: the sequence, and
    size_t read = 0;   // how much of the text is before its end
  };
  // What a token, or bytes where `token` is negative, does. Not a stop token.
  Step take(const Waiting& now, int32_t token, std::string_view text, Work* work) const;

  const StartSequence& sequence(size_t i) const { return options_.sequences[i]; }
  size_t sequences() const { return options_.sequences.size(); }
  // Whether only the sequence `forced` goes on.
  bool forces(const Waiting& now) const {
    return options_.max_tokens && now.tokens >= *options_.max_tokens;
  }
  // Whether a stop token may come next.
  bool may_end(const Waiting& now) const { return options_.may_end && !forces(now); }
  // What is left of `forced`: bytes, or, where it consists of tokens, the next one.
  std::string_view bytes_left(const Waiting& now) const;
  int32_t next_token(const Waiting& now) const;  // -1: bytes
  // Stop tokens are tokens of words(), too. Before it is shared.
  void allow_stops();
  // Tokens that wait, or start unless the grammar refuses what they hand over.
  const std::vector<uint32_t>& words() const { return words_; }
  uint32_t word_tokens() const { return word_tokens_; }  // how many that are

  // The tokens of words() that complete a sequence of bytes in this state, and some others.
  void find_candidates(uint32_t byte_state, std::vector<int32_t>* out, Work* work);
  // Those of them that are refused, once remembered; else null.
  const std::vector<int32_t>* refused(uint32_t byte_state) const {
    return refused_[byte_state].load(std::memory_order_acquire);
  }
  // Remembers them, if there is room for more; else null.
  const std::vector<int32_t>* remember(uint32_t byte_state, const std::vector<int32_t>& tokens);
  // Whether a token completes a sequence of tokens.
  bool completes_tokens(const Waiting& now, int32_t token, Work* work) const {
    return tokens_.found(tokens_.step(now.token_state, static_cast<uint32_t>(token), work)) !=
           SequenceSearch::kNone;
  }
  size_t memory_bytes() const;

 private:
  using Tokens = std::vector<int32_t>;
  DeferredStart(const StartOptions& options, const Tokenizer& tokenizer,
                std::span<const int32_t> stops)
      : options_(options), tokenizer_(tokenizer), stops_(stops.begin(), stops.end()) {}
  MaybeError check_sequences() const;
  MaybeError check_tokens(size_t i) const;
  MaybeError set_words();
  void make_searches(Work* work);
  MaybeError set_way(Work* work);
  bool is_stop(int32_t token) const {
    return std::binary_search(stops_.begin(), stops_.end(), token);
  }
  bool allows(int32_t token) const {
    return (words_[static_cast<size_t>(token) >> 5] >> (token & 31) & 1) && !is_stop(token);
  }
  // Whether tokens spell all of it wherever the output is, and from which places in it on.
  bool has_way(const StartSequence& s, std::vector<bool>* from, Work* work) const;
  bool ends_inside(std::string_view text, Work* work) const;
  bool goes_on(const Waiting& now, int32_t token, std::string_view text) const;
  void keep_tokens_with(const ByteSet& bytes, std::vector<uint32_t>* words, Work* work) const;
  void add_tokens_with(const std::string& bytes, Tokens* out, Work* work) const;
  const Tokens& inside(Work* work);
  void add_begun(uint32_t byte_state, Tokens* out, Work* work) const;

  static constexpr size_t kMaxRemembered = size_t{1} << 24;  // bytes
  const StartOptions options_;
  const Tokenizer& tokenizer_;
  const std::vector<int32_t> stops_;
  std::vector<uint32_t> words_;
  uint32_t word_tokens_ = 0;
  SequenceSearch bytes_, tokens_;
  // Of `forced`: what is read of it by state of its search, and from where it can be spelled.
  std::vector<uint32_t> progress_;
  std::vector<bool> spelled_from_;
  std::atomic<const Tokens*> inside_{nullptr};  // tokens that may contain a sequence of bytes
  std::unique_ptr<std::atomic<const Tokens*>[]> refused_;  // by state of bytes_
  std::atomic<size_t> remembered_{0};                      // bytes
};

}  // namespace xgr::core
