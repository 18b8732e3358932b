// What a matcher consists of, shared by what changes it (matcher.cc) and what asks it (queries.cc).
//
// Steps make their stacks in the history's arena and queries in one of their own, so that a query
// changes nothing but scratch memory, which one thread at a time has.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mask/engine.h"
#include "matcher/captures.h"
#include "matcher/deferred_start.h"
#include "matcher/healing.h"
#include "matcher/history.h"
#include "matcher/matcher.h"
#include "matcher/output_log.h"
#include "matcher/token_limit.h"
#include "matcher/unique_items.h"
#include "support/work.h"

namespace xgr::core {

struct Matcher::Impl {
  Impl(std::shared_ptr<const CompiledGrammar> g, History h)
      : grammar(std::move(g)),
        call({.steps = grammar->limits().max_work_per_call, .steps_option = "max_work_per_call"}),
        history(std::move(h)),
        stepper(&trial, &call) {
    Engine& engine = grammar->engine();
    if (engine.has_unique_rules()) unique = std::make_unique<UniqueItems>(&engine);
    if (engine.has_captures()) captures = std::make_unique<Captures>(&engine, &call);
    if (engine.has_captures() || engine.has_budgets()) log = std::make_unique<OutputLog>();
    edges = engine.token_edges();
    budgets = engine.has_budgets();
  }

  std::shared_ptr<const CompiledGrammar> grammar;
  std::vector<int32_t> stops;  // ascending, unique
  bool terminate_without_stop_token = false;
  bool check_token_ids = false;
  Work call;         // of the call at hand
  CancelPtr cancel;  // null: none
  History history;
  // Taken by a query of a const matcher: all below that queries change belongs to it.
  std::atomic_flag asked;
  bool asking = false;
  Arena trial{256};  // for the stacks of queries, which leave the history alone
  Stepper stepper;
  std::unique_ptr<UniqueItems> unique;  // null when no rule of the grammar asks for it
  std::vector<int32_t> repeating;       // scratch
  // Of grammars that ask for them; else null.
  std::unique_ptr<OutputLog> log;
  std::unique_ptr<Captures> captures;
  const TokenEdges* edges = nullptr;
  // From which step on each filter holds, ascending, and its mask; null: none.
  struct Filter {
    size_t from;
    std::shared_ptr<const std::vector<uint32_t>> mask;
  };
  std::vector<Filter> filters;
  const uint32_t* filter = nullptr;        // the mask of the last one
  std::shared_ptr<Spelling> own_spelling;  // when stop tokens of this matcher are text otherwise
  std::unique_ptr<Healing> healing;        // null: the output begins with its text
  std::shared_ptr<DeferredStart> start;    // null: the output waits for nothing
  std::unique_ptr<TokenLimit> limit;       // null: there was none yet
  bool budgets = false;                    // of tokens
  // Whether spent ones are enforced at the present place; they are not where nothing could follow.
  enum class Budget : uint8_t { kUnknown, kHeld, kRelaxed };
  Budget budget = Budget::kUnknown;
  std::optional<float> default_temperature;
  std::vector<Config> work;
  FillScratch scratch;
  std::vector<uint32_t> lent;            // a mask that is lent and not the engine's own
  const uint32_t* lent_words = nullptr;  // lent, since the parses are what they are; null: none
  MaskKind lent_kind = MaskKind::kSome;
  bool prefetching = false;
  const void* marked_by = nullptr;  // who is serving it, and in which round
  uint64_t marked_in = 0;
  uint64_t fills = 0, hits = 0, prefetches = 0;

  const Tokenizer& tokenizer() const { return *grammar->tokenizer(); }
  bool is_stop(int32_t token) const {
    return std::binary_search(stops.begin(), stops.end(), token);
  }
  bool is_id(int32_t token) const { return token >= 0 && token < tokenizer().vocab_size(); }
  bool passes(int32_t token) const { return !filter || (filter[token >> 5] >> (token & 31) & 1); }
  void drop_filters(size_t behind);
  // Whether tokens still spell what comes before the text.
  bool heals() const { return healing && !healing->left(history.size()).empty(); }
  MaybeError set_healing(const std::string& prefix);
  Status fill_healing(uint32_t* words, MaskKind* kind);
  // Where the output is before the text that a start begins; null: in it.
  const Waiting* waiting() const {
    static constexpr Waiting kAtFirst;
    if (!start) return nullptr;
    return history.size() == 0 ? &kAtFirst : history.waiting();
  }
  // What to say to an id outside the vocabulary.
  Status foreign_id() const { return check_token_ids ? Status::kInvalidArgument : Status::kOk; }
  // Where the step at hand, or the query, makes its stacks.
  Arena* arena() { return asking ? &trial : history.arena(); }
  void abandon() { asking ? trial.release({}) : history.abandon(); }
  void load_parses() {
    std::span<const Config> now = history.parses();
    work.assign(now.begin(), now.end());
  }
  // The parses that a token may go on with.
  void load_for_token() {
    load_parses();
    if (budgets) hold_budgets();
  }
  void hold_budgets();
  bool leaves_a_way();
  // Whether the step at hand is kept to spent budgets.
  bool held() const { return budgets && budget == Budget::kHeld; }
  // The parses are others: what was lent need not stay.
  void take_back() {
    if (limit) limit->known = false;
    scratch.reader.drop();
    lent_words = nullptr;
    budget = Budget::kUnknown;
  }
  void set_cancel(CancelPtr request) {
    cancel = std::move(request);
    call.set_cancelled(cancel ? &cancel->flag() : nullptr);
  }
  // Whether a limit of tokens has a say in what comes next.
  bool limited() const { return limit && limit->set() && !heals() && !waiting(); }
  TokenLimit& make_limit();
  Closing& closing();
  ClosingBounds tokens_left();
  void keep_within_limit(uint32_t* words, uint32_t* tokens);
  void go_on_way(std::span<const uint32_t> all, size_t left, uint32_t* words);
  void end_soon(std::span<const uint32_t> all, size_t left, uint32_t* words);
  Status allowed_by_limit(int32_t token, bool* allowed);
  bool accepting() {
    load_parses();
    if (const Waiting* now = waiting()) return start->may_end(*now);
    return !heals() && stepper.can_finish(work, 0, work.size());
  }
  // One step to try: bytes, or a token.
  struct Input {
    std::string_view text;
    int32_t token = OutputLog::kText;
  };
  // What the step at hand does to an output that waits, and the text it then hands to the grammar.
  DeferredStart::Step start_step;
  Input start_input;
  std::string start_text;              // where it is no part of the step's own text
  std::vector<int32_t> start_refused;  // scratch
  // False when the token has no text and can not be taken as a whole.
  bool token_input(int32_t token, Input* out) const;
  // Reads bytes from the parses work[*begin ..]; work[*begin ..] are then the parses after them. Nodes
  // are made in the stepper's arena. `spelled`: the bytes are those of a token as a whole.
  Status read(const Input& input, std::string_view bytes, bool spelled, size_t* begin, bool* alive);
  bool keep_unique(const Input& input, size_t read, bool spelled, size_t end);
  void set_place(const Input& input, size_t read, bool spelled);
  Status validate(std::span<const int32_t> tokens, size_t* valid);
  // Of an output that waits: deferred_steps.cc.
  MaybeError set_start(const StartOptions& options);
  Status begins_text(const StartSequence& s, bool* begins);
  Input handed_over(const DeferredStart::Step& step, const Input& input);
  Status run_waiting(Waiting now, const Input& input, size_t* begin, bool* alive);
  void commit_before_text(std::span<const Config> parses, bool terminated);
  Status try_waiting(Waiting now, int32_t token, bool* alive);
  Status find_refused(uint32_t byte_state, const std::vector<int32_t>** refused);
  Status fill_waiting(Waiting now, uint32_t* words, MaskKind* kind);
  Status fill_forced(Waiting now, uint32_t* words, MaskKind* kind);
  Status force_start(Waiting now, std::span<uint8_t> out, bool whole_characters, size_t* size,
                     size_t* begin, ByteSet* next);
  // Runs a step from the current parses; the step is begun, and abandoned when it is refused.
  Status run(const Input& input, size_t* begin, bool* alive);
  Status run_input(const Input& input, size_t* begin, bool* alive);
  Status run_whole_token(const Input& input, size_t* begin, bool* alive);
  Status run_healing(const Input& input, size_t* begin, bool* alive);
  Status advance(const Input& input, bool* accepted);
  bool is_spellable(size_t begin) {
    return !spelling().needed() ||
           spelling().can_complete(std::span<const Config>(work).subspan(begin), &call);
  }
  // As run, but also refused when no tokens of the vocabulary complete the output afterwards.
  Status run_spellable(const Input& input, size_t* begin, bool* alive);
  void commit(const Input& input, std::span<const Config> parses, bool terminated);
  Spelling& spelling() { return own_spelling ? *own_spelling : grammar->engine().spelling(); }
  std::vector<int32_t> stops_in_text() const;
  MaybeError set_stops(std::vector<int32_t> tokens);
  void drop_dead_ends(uint32_t* words, uint32_t* tokens);
  void drop_repetitions(uint32_t* words, uint32_t* tokens);
  template <typename Call>
  Status counted(Call&& call);
  // Runs what may take long. On failure the history is as before.
  template <typename Body>
  Status bounded(Body&& body);
  template <typename Body>
  Status answered(bool* answer, Body&& body);
  Status lend();
  template <typename Sum>
  auto at_rest(Sum&& sum);
  MaskKind ended(uint32_t* words) const;
  void drop_refused(uint32_t* words, uint32_t* tokens);
  MaskKind finish(uint32_t* words, uint32_t tokens, bool accepting);
  MaskKind filtered(uint32_t* words) const;
  Status find_forced(bool whole_characters, std::span<uint8_t> out, size_t* size, ByteSet* next);
  bool stops_are_right(const uint32_t* words, bool allowed) const;
  MaskKind kind_of(const uint32_t* words, uint32_t tokens) const;
  void prefetch() noexcept;
};

template <typename Body>
Status Matcher::Impl::bounded(Body&& body) {
  call.begin();
  try {
    call.charge(1);  // looks at the requests to stop
    return body();
  } catch (const WorkStopped& stopped) {
    return stopped.error.code;
  }
}

// Likewise for a body that gives an answer, which is no where it fails.
template <typename Body>
Status Matcher::Impl::answered(bool* answer, Body&& body) {
  const Status status = bounded(body);
  if (status != Status::kOk) *answer = false;
  return status;
}

template <typename Query>
std::invoke_result_t<Query&, Matcher::Impl&> Matcher::ask(Query&& query) const {
  Impl& m = *impl_;
  if (m.asked.test_and_set(std::memory_order_acquire)) {
    const std::unique_ptr<Matcher> copy = clone();
    return copy->ask(query);
  }
  struct Release {
    explicit Release(Impl* impl) : m(impl) { m->asking = true; }
    ~Release() {
      m->asking = false;
      m->asked.clear(std::memory_order_release);
    }
    Impl* m;
  } release(&m);
  m.abandon();
  m.stepper.set_arena(m.arena());
  return query(m);
}

}  // namespace xgr::core
