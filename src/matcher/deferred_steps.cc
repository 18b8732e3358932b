// Deferred starts: steps and masks of an output whose text has not begun.
//
// Entry points: Matcher::Impl::run_waiting, fill_waiting. A step that waits leaves the parses as they
// are at the start of the text. One that starts hands over what is text of the grammar: the rest of the
// token, behind the sequence when that is implicit. Masks are the same at every place but for tokens
// that start and are refused, which are found once for each state of the search.
//
//   implicit `<call>`, token `ll>{` after `<ca`:  the grammar reads `<call>{`
//
// Tests: tests/unit/matcher/deferred_start_test.cc.
#include "matcher/deferred_start.h"
#include "matcher/matcher_impl.h"
#include "support/bit_kernels.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {

// A token that is text of the grammar from its first byte on is one as any other.
Matcher::Impl::Input Matcher::Impl::handed_over(const DeferredStart::Step& step,
                                                const Input& input) {
  const StartSequence& s = start->sequence(step.which);
  const std::string_view behind = input.text.substr(step.read);
  if (!s.implicit) return {behind};
  if (s.tokens.empty() ? s.bytes.size() == step.read : s.tokens.size() == 1) {
    if (!input.text.empty()) return input;
    return {tokenizer().special_name(input.token), input.token};
  }
  if (s.tokens.empty() && s.bytes.size() < step.read)
    return {input.text.substr(step.read - s.bytes.size())};
  start_text = s.bytes;
  for (int32_t t : s.tokens) start_text += tokenizer().token_bytes(t);
  start_text += behind;
  return {start_text};
}

Status Matcher::Impl::run_waiting(Waiting now, const Input& input, size_t* begin, bool* alive) {
  start_step = start->take(now, input.token, input.text, &call);
  load_parses();
  stepper.clear_failed();
  *begin = 0;
  *alive = start_step.outcome != DeferredStart::Outcome::kRefused;
  if (start_step.outcome != DeferredStart::Outcome::kStarts) return Status::kOk;
  start_input = handed_over(start_step, input);
  return run_input(start_input, begin, alive);
}

// Budgets of rules know nothing of tokens before the text, nor of one that is partly before it.
void Matcher::Impl::commit_before_text(std::span<const Config> parses, bool terminated) {
  const bool waits = terminated || start_step.outcome == DeferredStart::Outcome::kWaits;
  const Input kept = waits ? Input{} : start_input;
  // Room first: when memory runs out, nothing has changed.
  if (log) log->make_room(kept.text);
  if (unique) unique->make_room(kept.text);
  if (waits) {
    history.commit_waiting(terminated ? Waiting{} : start_step.next, terminated);
  } else {
    history.commit(parses, false);
  }
  if (unique) unique->commit(kept.text);
  if (log) log->commit(kept.text, kept.token, false);
  take_back();
}

Status Matcher::Impl::try_waiting(Waiting now, int32_t token, bool* alive) {
  size_t begin;
  const Status status = run_waiting(now, {tokenizer().token_bytes(token), token}, &begin, alive);
  *alive = *alive && is_spellable(begin);
  abandon();
  return status;
}

// The tokens that start from this state of the search for bytes and are refused then.
Status Matcher::Impl::find_refused(uint32_t byte_state, const std::vector<int32_t>** refused) {
  *refused = start->refused(byte_state);
  if (*refused) return Status::kOk;
  start->find_candidates(byte_state, &start_refused, &call);
  size_t count = 0;
  for (int32_t token : start_refused) {
    bool alive = false;
    const Status status = try_waiting({.byte_state = byte_state}, token, &alive);
    if (status != Status::kOk) return status;
    if (!alive) start_refused[count++] = token;
  }
  start_refused.resize(count);
  ++scratch.counts.built;
  *refused = start->remember(byte_state, start_refused);
  if (!*refused) *refused = &start_refused;
  return Status::kOk;
}

Status Matcher::Impl::fill_waiting(Waiting now, uint32_t* words, MaskKind* kind) {
  if (start->forces(now)) return fill_forced(now, words, kind);
  const std::vector<int32_t>* refused;
  const Status status = find_refused(now.byte_state, &refused);
  if (status != Status::kOk) return status;
  std::copy(start->words().begin(), start->words().end(), words);
  uint32_t tokens = start->word_tokens();
  for (int32_t t : *refused) {
    if (start->completes_tokens(now, t, &call)) continue;
    words[t >> 5] &= ~(1u << (t & 31));
    --tokens;
  }
  *kind = filter ? filtered(words) : kind_of(words, tokens);
  return Status::kOk;
}

// Few tokens are on the way, once an output, so they are tried one by one.
Status Matcher::Impl::fill_forced(Waiting now, uint32_t* words, MaskKind* kind) {
  std::fill_n(words, tokenizer().mask_words(), 0);
  Status status = Status::kOk;
  auto add = [&](int32_t token) {
    bool alive = false;
    if (status == Status::kOk) status = try_waiting(now, token, &alive);
    if (status == Status::kOk && alive) words[token >> 5] |= 1u << (token & 31);
  };
  const TokenTrie& trie = tokenizer().trie();
  auto add_ranks = [&](uint32_t begin, uint32_t end) {
    for (uint32_t r = begin; r < end; ++r) add(trie.id(r));
  };
  if (const int32_t next = start->next_token(now); next >= 0) {
    add(next);
  } else {
    uint32_t node = 0;
    for (char c : start->bytes_left(now)) {
      node = trie.child(node, static_cast<uint8_t>(c));
      if (node == TokenTrie::kNone) break;
      add_ranks(trie.first_rank(node), trie.first_rank(node + 1));
    }
    if (node != TokenTrie::kNone)
      add_ranks(trie.first_rank(node + 1), trie.first_rank(trie.end(node)));
    for (int32_t t : tokenizer().never_text_tokens()) add(t);
  }
  if (status != Status::kOk) return status;
  const uint32_t tokens = count_bits({words, tokenizer().mask_words()});
  *kind = filter ? filtered(words) : kind_of(words, tokens);
  return Status::kOk;
}

// The bytes that a spent budget forces, and the parses behind them in work[*begin ..]. False when none
// are, or there is no room for all of them: *next is then what may follow.
Status Matcher::Impl::force_start(Waiting now, std::span<uint8_t> out, bool whole_characters,
                                  size_t* size, size_t* begin, ByteSet* next) {
  *size = 0;
  const std::string_view left =
      start->forces(now) && start->next_token(now) < 0 ? start->bytes_left(now) : "";
  if (left.empty()) {
    for (int b = 0; b < kTokenMark; ++b) next->add(static_cast<uint8_t>(b));
    return Status::kOk;
  }
  const DeferredStart::Step step = start->take(now, OutputLog::kText, left, &call);
  *size = std::min(step.read, out.size());
  std::copy_n(left.begin(), *size, out.begin());
  if (*size < step.read) {
    next->add(static_cast<uint8_t>(left[*size]));
    while (whole_characters && *size > 0 && is_continuation_byte(left[*size])) --*size;
    return Status::kOk;
  }
  bool alive;
  return run_waiting(now, {left.substr(0, step.read)}, begin, &alive);
}

MaybeError Matcher::Impl::set_start(const StartOptions& options) {
  if (healing)
    return make_error(Status::kInvalidArgument,
                      "an output that waits for a start is free, so it cannot have a prefix; "
                      "expected one of the two");
  try {
    auto made = DeferredStart::create(options, tokenizer(), stops, &call);
    if (!made.ok()) return std::move(made.error());
    start = std::move(made).value();
    if (options.may_end && !terminate_without_stop_token) start->allow_stops();
    stepper.set_arena(arena());
    for (size_t i = 0; i < options.sequences.size(); ++i) {
      bool begins = false;
      const Status status = begins_text(options.sequences[i], &begins);
      if (status != Status::kOk) return make_error(status, "a limit was hit");
      if (!begins)
        return make_error(Status::kInvalidArgument,
                          "start " + std::to_string(i) +
                              " is implicit, but no string of the grammar begins with it");
    }
  } catch (WorkStopped& stopped) {
    return std::move(stopped.error);
  }
  return std::nullopt;
}

// Whether the grammar takes what the sequence hands over.
Status Matcher::Impl::begins_text(const StartSequence& s, bool* begins) {
  *begins = true;
  if (!s.implicit) return Status::kOk;
  start_text = s.bytes;
  for (int32_t t : s.tokens) start_text += tokenizer().token_bytes(t);
  Input input{start_text};
  if (s.tokens.size() == 1) {
    input.token = s.tokens[0];
    if (input.text.empty()) input.text = tokenizer().special_name(input.token);
    *begins = !start_text.empty() || (edges && edges->possible(input.token));
    if (!*begins) return Status::kOk;
  }
  size_t begin;
  load_parses();
  const Status status = run_input(input, &begin, begins);
  *begins = *begins && is_spellable(begin);
  abandon();
  return status;
}

}  // namespace xgr::core
