// Matcher: one output being generated. Says which tokens may come next and takes the chosen one.
//
// One thread may change it, or several may call const functions at once. History is persistent, so
// rollback and clone cost O(1) a token.
//
//   auto m = Matcher::create(grammar, {}).value();
//   m->fill_bitmask(words, count, &kind);
//   m->accept_token(id, &accepted);
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "compiler/compiler.h"
#include "matcher/explanation.h"
#include "matcher/start_options.h"
#include "support/cancel.h"
#include "support/status.h"

namespace xgr::core {

struct MatcherOptions {
  std::vector<int32_t> stop_tokens{};  // replaces the tokenizer's, when has_stop_tokens
  bool has_stop_tokens = false;
  // Terminated as soon as the output is complete; without any stop token it has to be asked for.
  bool terminate_without_stop_token = false;
  std::string prefix{};  // the tokens spell this before the text begins; see healing.h
  std::optional<StartOptions> start{};         // what the output has before its text; none: nothing
  bool check_token_ids = false;                // ids outside the vocabulary are kInvalidArgument
  std::optional<float> default_temperature{};  // where no rule asks for one
  // Only tokens after which the output can be complete within so many tokens in all; see
  // token_limit.cc. None: no limit.
  std::optional<size_t> max_output_tokens{};
  bool prefetch = false;  // the compiler's workers compute the next mask's parts after every accept
};

struct MatcherStats {
  uint64_t fills = 0;          // masks filled or lent
  uint64_t hits = 0;           // of those, without building anything
  uint64_t parts_built = 0;    // for the others
  uint64_t nodes_visited = 0;  // of the token trie, meanwhile
  uint64_t walk_nanoseconds = 0;
  uint64_t prefetches = 0;  // handed to workers
};

// What a filled mask says (numbers are those of the C API).
enum class MaskKind : int32_t {
  kSome = 0,  // some tokens are allowed: apply the mask
  kAll = 1,   // every bit of the vocabulary is 1: applying it changes nothing
  kTerminated =
      2,  // the output has ended; every bit of the vocabulary is 1, so that applying it is harmless
  kNone = 3,  // a filter forbids all that the grammar allows: no bit is 1
};

struct Capture;  // matcher/captures.h

class Matcher {
 public:
  // kInvalidArgument without any stop token, unless terminate_without_stop_token.
  static Result<std::unique_ptr<Matcher>> create(std::shared_ptr<const CompiledGrammar> grammar,
                                                 const MatcherOptions& options);
  ~Matcher();
  // A refused token is an answer: *accepted = false, kOk, state unchanged. Control
  // and unused tokens, and anything after termination are refused; ids out of range too, unless they
  // are checked.
  Status accept_token(int32_t token, bool* accepted);
  // The longest accepted prefix, a step of the history each token. On failure none of them is accepted.
  Status accept_tokens(std::span<const int32_t> tokens, size_t* accepted);
  // How many accept_tokens would accept.
  Status validate_tokens(std::span<const int32_t> tokens, size_t* valid) const;
  // All or nothing; one history step, also for no bytes. May stop inside a UTF-8 character.
  Status accept_bytes(std::string_view bytes, bool* accepted);
  Status is_token_allowed(int32_t token, bool* allowed) const;
  // Bit t % 32 of words[t / 32]; writes mask_words() words, bits from vocab_size on are 0.
  Status fill_bitmask(uint32_t* words, size_t word_count, MaskKind* kind) const;
  // The same mask without a copy where there is one as a whole. *words, mask_words() of them, is valid
  // until the next call that is no query; null with kTerminated.
  Status lend_bitmask(const uint32_t** words, MaskKind* kind);
  Status rollback(size_t steps);  // kInvalidArgument when steps > history_size(): unchanged
  void reset();
  // Of the tokens that the grammar allows, only those in the mask from here on; empty: all. Rolling back
  // brings back the filter of before. kInvalidArgument unless it has mask_words() words.
  Status set_filter(std::span<const uint32_t> mask);
  // From here on, only tokens after which the output can be complete within `tokens` more, as
  // long as that can be; none: no limit. A step of bytes counts as a token, a stop token does not. It
  // stays when steps are rolled back.
  void set_token_limit(std::optional<size_t> tokens);
  // Only tokens on a shortest way to a complete output, until it is switched off or reset.
  void set_closing(bool on);
  // The fewest tokens that complete the output, the stop token not counted; of an output that waits for
  // its text, from there on. Not *exact: so many are enough, and the limit keeps to it, unless items of
  // an array must differ or a rule has a budget of its own. kLimitExceeded where no way was found in time.
  Status min_tokens_to_finish(size_t* tokens, bool* exact) const;
  // Calls that may take long return kCancelled once it is requested; null: none. Clones share it.
  void set_cancel(CancelPtr cancel);
  // The same for one more flag, for as long as it lives; null: none.
  void set_also_cancelled(const std::atomic<bool>* flag);
  // Whether accepting makes workers compute the next mask; what it was before.
  bool set_prefetching(bool on);
  std::unique_ptr<Matcher> clone() const;  // O(1); both go on independently
  // Bytes that every continuation begins with, as far as the grammar alone says; at most as many as
  // there is room for.
  Status forced_bytes(bool whole_characters, std::span<uint8_t> out, size_t* size) const;
  // Their tokens, up to where text behind them could change these; see xgr/forced.h. `spelled` is how
  // the caller's tokenizer writes the bytes; null: the longest tokens.
  Status forced_tokens(const std::span<const int32_t>* spelled, std::span<int32_t> out,
                       size_t* count) const;
  // What may come next, and why the input may not. `output`: all bytes so far, without which the parts of
  // the source are not told. Charged as one compile; the matcher stays as it is.
  Result<Explanation> explain(std::string_view output, const ExplainedInput& input) const;
  // The texts of rules with names so far; see captures.h. Names stay as long as the grammar.
  Status find_captures(bool all, std::vector<Capture>* out);
  // Of the innermost rule with one, else the default; of the highest where parses differ.
  std::optional<float> temperature() const;
  // A row for an output that has ended, or that does not exist: every token is allowed.
  void allow_all(uint32_t* words) const;
  // False when it was marked with the same two before.
  bool mark(const void* by, uint64_t round);
  bool is_terminated() const;   // a stop token was accepted, or see MatcherOptions
  bool is_accepting() const;    // the output so far is complete
  bool is_waiting() const;      // for what its text begins behind, or with
  size_t history_size() const;  // steps that can be rolled back
  std::span<const int32_t> stop_tokens() const;
  const std::shared_ptr<const CompiledGrammar>& grammar() const;
  size_t memory_bytes() const;
  MatcherStats stats() const;  // of this matcher since it was created or cloned

 private:
  friend class ForcedTokens;  // forced.cc
  struct Impl;
  explicit Matcher(std::unique_ptr<Impl> impl);
  // Answers with the matcher's own scratch memory or, while another thread uses that, with a clone's.
  template <typename Query>
  std::invoke_result_t<Query&, Impl&> ask(Query&& query) const;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xgr::core
