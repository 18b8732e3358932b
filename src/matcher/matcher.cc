// Matcher: one output being generated.
//
// Entry points: accept_token, fill_bitmask. Bytes go through the stepper on a scratch copy of the live
// parses; only a token taken as a whole becomes a step of the history, so a refused one leaves no trace.
//
//   fill_bitmask -> mask with `{`; accept_token("{") -> true; fill_bitmask -> mask with `"`, `}`, white space
//
// Tests: tests/unit/matcher/matcher_test.cc, tests/reference.
#include "matcher/matcher.h"

#include <algorithm>
#include <bit>

#include "mask/engine.h"
#include "mask/parse_copy.h"
#include "matcher/captures.h"
#include "matcher/history.h"
#include "matcher/output_log.h"
#include "matcher/temperature.h"
#include "matcher/token_budget.h"
#include "matcher/unique_items.h"
#include "support/bit_kernels.h"
#include "support/sort_unique.h"
#include "support/work.h"
#include "support/worker_pool.h"

namespace xgr::core {
namespace {

// The time of a query that cannot fail: it costs no more than the parses are large.
class Uncharged {
 public:
  explicit Uncharged(Stepper* stepper) : stepper_(stepper), before_(stepper->work()) {
    stepper->set_work(nullptr);
  }
  ~Uncharged() { stepper_->set_work(before_); }
  Uncharged(const Uncharged&) = delete;
  Uncharged& operator=(const Uncharged&) = delete;

 private:
  Stepper* stepper_;
  Work* before_;
};

}  // namespace

struct Matcher::Impl {
  Impl(std::shared_ptr<const CompiledGrammar> g, History h)
      : grammar(std::move(g)),
        call({.steps = grammar->limits().max_work_per_call, .steps_option = "max_work_per_call"}),
        history(std::move(h)),
        stepper(history.arena(), &call) {
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
  Stepper stepper;
  std::unique_ptr<UniqueItems> unique;  // null when no rule of the grammar asks for it
  std::vector<int32_t> repeating;       // scratch
  // Of grammars that ask for them; else null.
  std::unique_ptr<OutputLog> log;
  std::unique_ptr<Captures> captures;
  const TokenEdges* edges = nullptr;
  std::shared_ptr<Spelling> own_spelling;  // when stop tokens of this matcher are text otherwise
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
  uint64_t fills = 0, hits = 0, prefetches = 0;

  const Tokenizer& tokenizer() const { return *grammar->tokenizer(); }
  bool is_stop(int32_t token) const {
    return std::binary_search(stops.begin(), stops.end(), token);
  }
  bool is_id(int32_t token) const { return token >= 0 && token < tokenizer().vocab_size(); }
  // What to say to an id outside the vocabulary.
  Status foreign_id() const { return check_token_ids ? Status::kInvalidArgument : Status::kOk; }
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
    scratch.reader.drop();
    lent_words = nullptr;
    budget = Budget::kUnknown;
  }
  void set_cancel(CancelPtr request) {
    cancel = std::move(request);
    call.set_cancelled(cancel ? &cancel->flag() : nullptr);
  }
  bool accepting() {
    load_parses();
    return stepper.can_finish(work, 0, work.size());
  }
  // One step to try: bytes, or a token.
  struct Input {
    std::string_view text;
    int32_t token = OutputLog::kText;
  };
  // False when the token has no text and can not be taken as a whole.
  bool token_input(int32_t token, Input* out) const;
  // Reads bytes from the parses in `work`; work[*begin ..] are then the parses after them. Nodes are
  // made in the history's arena. `spelled`: the bytes are those of a token as a whole.
  Status read(const Input& input, std::string_view bytes, bool spelled, size_t* begin, bool* alive);
  bool keep_unique(const Input& input, size_t read, bool spelled, size_t end);
  void set_place(const Input& input, size_t read, bool spelled);
  // Runs a step from the current parses; the step is begun, and abandoned when it is refused.
  Status run(const Input& input, size_t* begin, bool* alive);
  Status run_whole_token(const Input& input, size_t* begin, bool* alive);
  Status advance(const Input& input, bool* accepted);
  // As run, but also refused when no tokens of the vocabulary complete the output afterwards.
  Status run_spellable(const Input& input, size_t* begin, bool* alive);
  void commit(const Input& input, std::span<const Config> parses, bool terminated);
  Spelling& spelling() { return own_spelling ? *own_spelling : grammar->engine().spelling(); }
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
  MaskKind ended(uint32_t* words) const;
  MaskKind finish(uint32_t* words, uint32_t tokens, bool accepting);
  bool stops_are_right(const uint32_t* words, bool allowed) const;
  MaskKind kind_of(const uint32_t* words, uint32_t tokens) const;
  void prefetch() noexcept;
};

bool Matcher::Impl::token_input(int32_t token, Input* out) const {
  *out = {tokenizer().token_bytes(token), token};
  if (!out->text.empty()) return true;
  if (!edges || !edges->possible(token)) return false;
  out->text = tokenizer().special_name(token);
  return true;
}

void Matcher::Impl::set_place(const Input& input, size_t read, bool spelled) {
  const size_t size = log ? log->text().size() : unique->size();
  const uint32_t tokens = log ? log->tokens() : 0;
  const size_t from = spelled ? 0 : read, to = spelled ? input.text.size() : read + 1;
  const bool counts = input.token != OutputLog::kText && to == input.text.size();
  stepper.set_place({static_cast<uint32_t>(size + from), tokens},
                    {static_cast<uint32_t>(size + to), tokens + (counts ? 1 : 0)});
}

bool Matcher::Impl::keep_unique(const Input& input, size_t read, bool spelled, size_t end) {
  if (spelled) return read <= kTokenDigits || unique->keep(&work, end, input.text, true);
  return unique->keep(&work, end, input.text.substr(0, read), read == input.text.size());
}

Status Matcher::Impl::read(const Input& input, std::string_view bytes, bool spelled, size_t* begin,
                           bool* alive) {
  constexpr size_t kCompactAt = 64;  // keeps `work` small when a text is long
  const bool places = unique || log;
  *begin = 0;
  *alive = true;
  if (unique) unique->begin(stepper.work());
  for (size_t i = 0; i < bytes.size(); ++i) {
    size_t end = work.size();
    if (places) set_place(input, i, spelled);
    if (!stepper.step(&work, *begin, end, static_cast<uint8_t>(bytes[i])) || stepper.failed() ||
        (unique && !keep_unique(input, i + 1, spelled, end))) {
      *alive = false;
      break;
    }
    *begin = end;
    if (*begin > kCompactAt) {
      work.erase(work.begin(), work.begin() + static_cast<std::ptrdiff_t>(*begin));
      *begin = 0;
    }
  }
  if (!stepper.failed()) return Status::kOk;
  *alive = false;
  return Status::kLimitExceeded;
}

Status Matcher::Impl::run(const Input& input, size_t* begin, bool* alive) {
  const bool is_token = input.token != OutputLog::kText;
  history.abandon();  // of a step during which memory ran out
  is_token ? load_for_token() : load_parses();
  stepper.set_arena(history.arena());
  stepper.clear_failed();
  Status status = Status::kOk;
  if (!edges) {
    status = read(input, input.text, false, begin, alive);
  } else if (is_token) {
    status = run_whole_token(input, begin, alive);
  } else if (input.text.empty() || is_text(input.text)) {
    status = read(input, input.text, false, begin, alive);
  } else {
    *alive = false;
  }
  if (!*alive) history.abandon();
  return status;
}

// The token is read as text and as a whole; the parses after either go on.
Status Matcher::Impl::run_whole_token(const Input& input, size_t* begin, bool* alive) {
  const std::vector<Config> start = work;
  std::vector<Config> reached;
  Status status = Status::kOk;
  auto go_on = [&](std::string_view bytes, bool spelled) {
    work = start;
    status = read(input, bytes, spelled, begin, alive);
    if (*alive) {
      reached.insert(reached.end(), work.begin() + static_cast<std::ptrdiff_t>(*begin), work.end());
    }
  };
  if (is_text(tokenizer().token_bytes(input.token))) go_on(input.text, false);
  if (status == Status::kOk && edges->possible(input.token))
    go_on(spelled_token(input.token), true);
  *begin = 0;
  *alive = status == Status::kOk && !reached.empty();
  remove_duplicates(&reached, 0);
  work.swap(reached);
  return status;
}

Status Matcher::Impl::run_spellable(const Input& input, size_t* begin, bool* alive) {
  Status status = run(input, begin, alive);
  if (*alive && spelling().needed() &&
      !spelling().can_complete(std::span<const Config>(work).subspan(*begin), &call)) {
    history.abandon();
    *alive = false;
  }
  return status;
}

Status Matcher::Impl::advance(const Input& input, bool* accepted) {
  size_t begin;
  Status status = run_spellable(input, &begin, accepted);
  if (*accepted) {
    commit(input, {work.data() + begin, work.size() - begin}, false);
    if (prefetching && grammar->workers().workers() > 0) prefetch();
  }
  return status;
}

void Matcher::Impl::commit(const Input& input, std::span<const Config> parses, bool terminated) {
  // Room first: when memory runs out, nothing has changed.
  if (log) log->make_room(input.text);
  if (unique) unique->make_room(input.text);
  history.commit(parses, terminated);
  if (unique) unique->commit(input.text);
  if (log) log->commit(input.text, input.token, input.token != OutputLog::kText && held());
  take_back();
}

// Where budgets are spent, the parses in `work` are replaced by those that keep to them, if that leaves
// a way on. Their stacks are in the history's arena, for a step or until it is abandoned.
void Matcher::Impl::hold_budgets() {
  if (budget == Budget::kRelaxed) return;
  Engine& engine = grammar->engine();
  const bool known = budget == Budget::kHeld;
  // Until it is decided; unknown again when memory runs out meanwhile.
  struct Decision {
    ~Decision() {
      if (!made) *budget = Budget::kUnknown;
    }
    Budget* budget;
    bool made;
  } decision{&budget, known};
  budget = Budget::kHeld;
  if (!leave_spent(engine, log->tokens(), history.arena(), &stepper, &work)) {
    budget = Budget::kRelaxed;  // none is spent
    decision.made = true;
    return;
  }
  if (known) return;
  if (!leaves_a_way()) budget = Budget::kRelaxed;
  decision.made = true;
  load_parses();  // `work` was used meanwhile
  if (held()) leave_spent(engine, log->tokens(), history.arena(), &stepper, &work);
}

// Whether the parses in `work` end the output or have a token that goes on.
bool Matcher::Impl::leaves_a_way() {
  if (work.empty()) return false;
  stepper.clear_failed();
  if (stepper.can_finish(work, 0, work.size())) return true;
  std::vector<uint32_t> words(tokenizer().mask_words());
  uint32_t tokens = 0;
  const Status status = grammar->engine().fill(work, &stepper, &scratch, words.data(), &tokens);
  if (status != Status::kOk) throw WorkStopped{make_error(status, "a limit was hit")};
  finish(words.data(), tokens, false);
  return count_bits(words) > 0;
}

// Lets a worker compute what the next mask needs. The job has copies of all that it uses, since the
// history may have gone on by then.
void Matcher::Impl::prefetch() noexcept {
  const std::span<const Config> now = history.parses();
  if (grammar->engine().looks_prepared(now, &scratch)) return;
  try {
    std::shared_ptr<const ParseCopy> copy = ParseCopy::make(now);
    if (!copy) return;
    auto job = [engine = grammar->shared_engine(), copy,
                bounds = Work::Bounds{.steps = call.bounds().steps}](const std::atomic<bool>&) {
      Arena arena;
      Work work(bounds);
      Stepper walk(&arena, &work);
      FillScratch memory;
      engine->prepare(copy->parses(), &walk, &memory);
    };
    if (grammar->workers().submit(std::move(job))) ++prefetches;
  } catch (...) {  // memory ran out; the token is accepted all the same
  }
}

// Takes out the tokens after which no tokens complete the output.
void Matcher::Impl::drop_dead_ends(uint32_t* words, uint32_t* tokens) {
  load_for_token();
  spelling().drop_dead_ends(work, &call, words);
  *tokens = static_cast<uint32_t>(count_bits({words, tokenizer().mask_words()}));
}

// Takes out the tokens that repeat an item where that must not be.
void Matcher::Impl::drop_repetitions(uint32_t* words, uint32_t* tokens) {
  load_for_token();
  unique->find_repeating(work, tokenizer(), words, &call, &repeating);
  bool changed = false;
  for (int32_t t : repeating) {
    size_t begin;
    bool allowed = false;  // as a whole
    Input input;
    if (edges && edges->possible(t) && token_input(t, &input)) {
      const Status status = run(input, &begin, &allowed);
      if (status != Status::kOk) throw WorkStopped{make_error(status, "a limit was hit")};
    }
    if (allowed) {
      history.abandon();
      continue;
    }
    words[t >> 5] &= ~(1u << (t & 31));
    changed = true;
  }
  if (changed) *tokens = static_cast<uint32_t>(count_bits({words, tokenizer().mask_words()}));
}

template <typename Body>
Status Matcher::Impl::bounded(Body&& body) {
  call.begin();
  try {
    call.check();
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

// A fill, which is a hit when nothing had to be built for it.
template <typename Call>
Status Matcher::Impl::counted(Call&& call) {
  const uint64_t built = scratch.counts.built;
  stepper.clear_failed();
  const Status status = call();
  ++fills;
  hits += status == Status::kOk && scratch.counts.built == built;
  return status;
}

// Whether the stop tokens are in the mask exactly when they are allowed.
bool Matcher::Impl::stops_are_right(const uint32_t* words, bool allowed) const {
  return std::all_of(stops.begin(), stops.end(), [&](int32_t t) {
    return (words[t >> 5] >> (t & 31) & 1) == static_cast<uint32_t>(allowed);
  });
}

MaskKind Matcher::Impl::kind_of(const uint32_t* words, uint32_t tokens) const {
  const uint32_t wanted = static_cast<uint32_t>(tokenizer().vocab_size());
  if (tokens + stops.size() < wanted) return MaskKind::kSome;
  return count_bits({words, tokenizer().mask_words()}) == wanted ? MaskKind::kAll : MaskKind::kSome;
}

// The mask of an output that has ended allows everything: in a batch its row is applied with the
// others, and a row without any token would make the logits of its sequence useless.
MaskKind Matcher::Impl::ended(uint32_t* words) const {
  const auto size = static_cast<uint32_t>(tokenizer().vocab_size());
  std::fill_n(words, size / 32, UINT32_MAX);
  if (size % 32 != 0) words[size / 32] = (1u << size % 32) - 1;
  return MaskKind::kTerminated;
}

// Completes a mask that the engine wrote, with at most `tokens` tokens in it.
MaskKind Matcher::Impl::finish(uint32_t* words, uint32_t tokens, bool accepting) {
  if (unique) drop_repetitions(words, &tokens);
  if (spelling().needed()) drop_dead_ends(words, &tokens);
  const bool stop = accepting && !terminate_without_stop_token;
  for (int32_t t : stops) {
    const uint32_t bit = 1u << (t & 31);
    words[t >> 5] = stop ? words[t >> 5] | bit : words[t >> 5] & ~bit;
  }
  if (tokens == 0 && accepting && terminate_without_stop_token) return ended(words);
  return kind_of(words, tokens);
}

// Sets lent_words and lent_kind.
Status Matcher::Impl::lend() {
  Engine& engine = grammar->engine();
  load_for_token();
  const bool accepts = stepper.can_finish(work, 0, work.size());
  const uint32_t* mask = nullptr;
  uint32_t tokens = 0;
  const Status status = engine.lend(work, &stepper, &scratch, &lent, &mask, &tokens);
  if (status != Status::kOk) return status;
  const bool stop = accepts && !terminate_without_stop_token;
  const bool whole = mask != lent.data();
  if (whole && !spelling().needed() && !unique && tokens > 0 && stops_are_right(mask, stop)) {
    lent_kind = kind_of(mask, tokens);
  } else {
    if (whole) lent.assign(mask, mask + tokenizer().mask_words());
    scratch.reader.drop();
    lent_kind = finish(lent.data(), tokens, accepts);
    mask = lent.data();
  }
  lent_words = mask;
  if (budgets) history.abandon();
  return status;
}

// A stop token is no text; a token that is text otherwise may leave some text without a spelling.
MaybeError Matcher::Impl::set_stops(std::vector<int32_t> tokens) {
  stops = std::move(tokens);
  std::vector<int32_t> texts;
  for (int32_t t : stops) {
    if (tokenizer().kind(t) == TokenKind::kNormal || (edges && edges->possible(t)))
      texts.push_back(t);
  }
  if (texts.empty()) return std::nullopt;
  auto own = std::make_shared<Spelling>(tokenizer(), texts);
  own->set_token_edges(edges);
  if (grammar->engine().spelling().needed()) own->need();
  if (!own->needed()) return std::nullopt;
  own_spelling = std::move(own);
  load_parses();
  try {
    if (own_spelling->can_complete(work, &call)) return std::nullopt;
  } catch (WorkStopped& stopped) {
    return std::move(stopped.error);
  }
  std::string names;
  constexpr size_t kMostNames = 8;
  for (size_t i = 0; i < texts.size() && i < kMostNames; ++i)
    names += (i == 0 ? "" : ", ") + std::to_string(texts[i]);
  if (texts.size() > kMostNames) names += ", ...";
  return make_error(Status::kInvalidArgument,
                    "without the stop tokens that are text (" + names +
                        "), no sequence of tokens spells any string of the grammar; a stop token "
                        "is no text: expected tokens that the grammar does not need");
}

Matcher::Matcher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Matcher::~Matcher() = default;

Result<std::unique_ptr<Matcher>> Matcher::create(std::shared_ptr<const CompiledGrammar> grammar,
                                                 const MatcherOptions& options) {
  const Tokenizer& tokenizer = *grammar->tokenizer();
  std::vector<int32_t> stops(tokenizer.stop_tokens().begin(), tokenizer.stop_tokens().end());
  if (options.has_stop_tokens) {
    stops = options.stop_tokens;
    sort_unique(&stops);
    for (int32_t t : stops) {
      if (t >= 0 && t < tokenizer.vocab_size()) continue;
      return make_error(Status::kInvalidArgument, "stop token " + std::to_string(t) +
                                                      " is not a token id: expected 0 to " +
                                                      std::to_string(tokenizer.vocab_size() - 1));
    }
  }
  // An output that only has to be complete once ends too early: 178 for an integer from 100 on.
  if (stops.empty() && !options.terminate_without_stop_token)
    return make_error(
        Status::kInvalidArgument,
        "there is no stop token, so the output could not end: pass stop tokens to the "
        "tokenizer or to the matcher, or set terminate_without_stop_token");
  State* root = grammar->engine().root();
  auto impl = std::make_unique<Impl>(std::move(grammar), History(root));
  if (MaybeError e = impl->set_stops(std::move(stops))) return *e;
  impl->terminate_without_stop_token = options.terminate_without_stop_token;
  impl->check_token_ids = options.check_token_ids;
  impl->prefetching = options.prefetch;
  impl->default_temperature = options.default_temperature;
  return std::unique_ptr<Matcher>(new Matcher(std::move(impl)));
}

Status Matcher::accept_token(int32_t token, bool* accepted) {
  Impl& m = *impl_;
  *accepted = false;
  if (!m.is_id(token)) return m.foreign_id();
  if (m.history.terminated()) return Status::kOk;
  return m.answered(accepted, [&] {
    if (m.is_stop(token)) {
      if (m.terminate_without_stop_token || !m.accepting()) return Status::kOk;
      m.commit({}, m.work, true);
      *accepted = true;
      return Status::kOk;
    }
    Impl::Input input;
    return m.token_input(token, &input) ? m.advance(input, accepted) : Status::kOk;
  });
}

Status Matcher::accept_bytes(std::string_view bytes, bool* accepted) {
  *accepted = false;
  if (impl_->history.terminated()) return Status::kOk;
  return impl_->answered(accepted, [&] { return impl_->advance({bytes}, accepted); });
}

Status Matcher::is_token_allowed(int32_t token, bool* allowed) {
  Impl& m = *impl_;
  *allowed = false;
  if (!m.is_id(token)) return m.foreign_id();
  if (m.history.terminated()) return Status::kOk;
  return m.answered(allowed, [&] {
    if (m.is_stop(token)) {
      *allowed = !m.terminate_without_stop_token && m.accepting();
      return Status::kOk;
    }
    Impl::Input input;
    if (!m.token_input(token, &input)) return Status::kOk;
    size_t begin;
    Status status = m.run_spellable(input, &begin, allowed);
    if (*allowed) m.history.abandon();
    return status;
  });
}

Status Matcher::fill_bitmask(uint32_t* words, size_t word_count, MaskKind* kind) {
  Impl& m = *impl_;
  if (word_count < m.tokenizer().mask_words()) return Status::kInvalidArgument;
  if (m.history.terminated()) {
    *kind = m.ended(words);
    return Status::kOk;
  }
  return m.bounded([&] {
    m.load_for_token();
    const bool accepting = m.stepper.can_finish(m.work, 0, m.work.size());
    uint32_t tokens = 0;
    Status status = m.counted(
        [&] { return m.grammar->engine().fill(m.work, &m.stepper, &m.scratch, words, &tokens); });
    if (status == Status::kOk) *kind = m.finish(words, tokens, accepting);
    if (m.budgets) m.history.abandon();
    return status;
  });
}

// The mask that is lent first stays until the parses change, so the same one is lent until then.
Status Matcher::lend_bitmask(const uint32_t** words, MaskKind* kind) {
  Impl& m = *impl_;
  *kind = MaskKind::kTerminated;
  *words = nullptr;
  if (m.history.terminated()) return Status::kOk;
  const Status status =
      m.bounded([&] { return m.counted([&] { return m.lent_words ? Status::kOk : m.lend(); }); });
  if (status != Status::kOk) return status;
  *kind = m.lent_kind;
  if (*kind != MaskKind::kTerminated) *words = m.lent_words;
  return status;
}

Status Matcher::rollback(size_t steps) {
  if (steps > impl_->history.size()) return Status::kInvalidArgument;
  impl_->history.rollback(steps);
  if (impl_->unique) impl_->unique->rollback(steps);
  if (impl_->log) impl_->log->rollback(steps);
  if (impl_->captures) impl_->captures->keep(impl_->log->size());
  impl_->take_back();
  return Status::kOk;
}

void Matcher::reset() {
  impl_->history.clear();
  if (impl_->unique) impl_->unique->clear();
  if (impl_->log) impl_->log->clear();
  if (impl_->captures) impl_->captures->keep(0);
  impl_->take_back();
}

std::unique_ptr<Matcher> Matcher::clone() {
  auto copy = std::make_unique<Impl>(impl_->grammar, impl_->history.clone());
  if (impl_->unique) copy->unique = impl_->unique->clone();
  if (impl_->log) *copy->log = *impl_->log;
  if (impl_->captures) copy->captures->copy_from(*impl_->captures);
  copy->default_temperature = impl_->default_temperature;
  copy->stops = impl_->stops;
  copy->own_spelling = impl_->own_spelling;
  copy->terminate_without_stop_token = impl_->terminate_without_stop_token;
  copy->check_token_ids = impl_->check_token_ids;
  copy->set_cancel(impl_->cancel);
  copy->prefetching = impl_->prefetching;
  return std::unique_ptr<Matcher>(new Matcher(std::move(copy)));
}

Status Matcher::find_captures(bool all, std::vector<Capture>* out) {
  out->clear();
  return impl_->bounded([&] {
    if (!impl_->captures) return Status::kOk;
    return impl_->captures->find(impl_->history, *impl_->log, all, out);
  });
}

std::optional<float> Matcher::temperature() const {
  Impl& m = *impl_;
  const Engine& engine = m.grammar->engine();
  const Uncharged query(&m.stepper);
  if (!engine.has_temperatures() || m.history.terminated()) return m.default_temperature;
  m.load_for_token();
  const std::optional<float> found = temperature_of(engine, m.work, &m.stepper);
  if (m.budgets) m.history.abandon();
  return found ? found : m.default_temperature;
}

void Matcher::set_cancel(CancelPtr cancel) { impl_->set_cancel(std::move(cancel)); }

bool Matcher::is_accepting() const {
  const Uncharged query(&impl_->stepper);
  return impl_->history.terminated() || impl_->accepting();
}

bool Matcher::is_terminated() const {
  const Uncharged query(&impl_->stepper);
  return impl_->history.terminated() || (impl_->terminate_without_stop_token && impl_->accepting());
}

size_t Matcher::history_size() const { return impl_->history.size(); }
std::span<const int32_t> Matcher::stop_tokens() const { return impl_->stops; }
const std::shared_ptr<const CompiledGrammar>& Matcher::grammar() const { return impl_->grammar; }

size_t Matcher::memory_bytes() const {
  const Impl& m = *impl_;
  return sizeof(Matcher) + sizeof(Impl) + m.history.memory_bytes() +
         m.work.capacity() * sizeof(Config) + m.stops.capacity() * sizeof(int32_t) +
         m.lent.capacity() * sizeof(uint32_t) + (m.unique ? m.unique->memory_bytes() : 0) +
         (m.log ? m.log->memory_bytes() : 0) + (m.captures ? m.captures->memory_bytes() : 0) +
         (m.own_spelling ? m.own_spelling->memory_bytes() : 0);
}

MatcherStats Matcher::stats() const {
  const Impl& m = *impl_;
  MatcherStats s;
  s.fills = m.fills;
  s.hits = m.hits;
  s.parts_built = m.scratch.counts.built;
  s.nodes_visited = m.scratch.counts.visited;
  s.walk_nanoseconds = m.scratch.counts.nanoseconds;
  s.prefetches = m.prefetches;
  return s;
}

}  // namespace xgr::core
