// Matcher: one output being generated.
//
// Entry points: create, accept_token, rollback. Bytes go through the stepper on a scratch copy of the live
// parses; only a token taken as a whole becomes a step of the history, so a refused one leaves no trace.
//
//   fill_bitmask -> mask with `{`; accept_token("{") -> true; fill_bitmask -> mask with `"`, `}`, white space
//
// Tests: tests/unit/matcher/matcher_test.cc, tests/reference.
#include "matcher/matcher.h"

#include <utility>

#include "mask/parse_copy.h"
#include "matcher/matcher_impl.h"
#include "matcher/token_budget.h"
#include "support/bit_kernels.h"
#include "support/sort_unique.h"
#include "support/worker_pool.h"

namespace xgr::core {
bool Matcher::Impl::token_input(int32_t token, Input* out) const {
  *out = {tokenizer().token_bytes(token), token};
  if (!out->text.empty() || waiting()) return true;
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
  abandon();  // of a step during which memory ran out
  stepper.set_arena(arena());
  if (heals()) return run_healing(input, begin, alive);
  if (const Waiting* now = waiting()) return run_waiting(*now, input, begin, alive);
  input.token != OutputLog::kText ? load_for_token() : load_parses();
  return run_input(input, begin, alive);
}

// From the parses in `work`.
Status Matcher::Impl::run_input(const Input& input, size_t* begin, bool* alive) {
  stepper.clear_failed();
  *begin = 0;
  Status status = Status::kOk;
  if (!edges) {
    status = read(input, input.text, false, begin, alive);
  } else if (input.token != OutputLog::kText) {
    status = run_whole_token(input, begin, alive);
  } else if (input.text.empty() || is_text(input.text)) {
    status = read(input, input.text, false, begin, alive);
  } else {
    *alive = false;
  }
  if (!*alive) abandon();
  return status;
}

// The token is read as text and as a whole; the parses after either go on.
Status Matcher::Impl::run_whole_token(const Input& input, size_t* begin, bool* alive) {
  const std::vector<Config> start = work;
  std::vector<Config> reached;
  Status status = Status::kOk;
  auto go_on = [&](std::string_view bytes, bool spelled) {
    work = start;
    *begin = 0;
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
  if (*alive && !is_spellable(*begin)) {
    abandon();
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
  if (start && waiting()) return commit_before_text(parses, terminated);
  const bool heals_now = heals();
  const size_t step = history.size();
  // Of a token that is before the text, no budget knows.
  const Input kept = heals_now ? Input{*healing->behind(step, input.text)} : input;
  // Room first: when memory runs out, nothing has changed.
  if (log) log->make_room(kept.text);
  if (unique) unique->make_room(kept.text);
  if (heals_now) healing->make_room();
  history.commit(parses, terminated);
  if (heals_now) healing->commit(step, input.text);
  if (unique) unique->commit(kept.text);
  if (log) log->commit(kept.text, kept.token, kept.token != OutputLog::kText && held());
  take_back();
}

// Where budgets are spent, the parses in `work` are replaced by those that keep to them, if that leaves
// a way on. Their stacks are in the arena, for a step or until it is abandoned.
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
  if (!leave_spent(engine, log->tokens(), arena(), &stepper, &work)) {
    budget = Budget::kRelaxed;  // none is spent
    decision.made = true;
    return;
  }
  if (known) return;
  if (!leaves_a_way()) budget = Budget::kRelaxed;
  decision.made = true;
  load_parses();  // `work` was used meanwhile
  if (held()) leave_spent(engine, log->tokens(), arena(), &stepper, &work);
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
  drop_refused(words.data(), &tokens);  // a filter says nothing of what is spent
  for (int32_t t : stops) words[static_cast<size_t>(t) >> 5] &= ~(1u << (t & 31));
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

// Stop tokens that would be text otherwise.
std::vector<int32_t> Matcher::Impl::stops_in_text() const {
  std::vector<int32_t> texts;
  for (int32_t t : stops) {
    if (tokenizer().kind(t) == TokenKind::kNormal || (edges && edges->possible(t)))
      texts.push_back(t);
  }
  return texts;
}

// A stop token is no text; a token that is text otherwise may leave some text without a spelling.
MaybeError Matcher::Impl::set_stops(std::vector<int32_t> tokens) {
  stops = std::move(tokens);
  const std::vector<int32_t> texts = stops_in_text();
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
  if (MaybeError e = impl->set_healing(options.prefix)) return *e;
  impl->terminate_without_stop_token = options.terminate_without_stop_token;
  if (options.start) {
    if (MaybeError e = impl->set_start(*options.start)) return *e;
  }
  impl->check_token_ids = options.check_token_ids;
  impl->prefetching = options.prefetch;
  impl->default_temperature = options.default_temperature;
  if (options.max_output_tokens) {
    TokenLimit& limit = impl->make_limit();
    limit.first = limit.steps = options.max_output_tokens;
  }
  return std::unique_ptr<Matcher>(new Matcher(std::move(impl)));
}

Status Matcher::accept_token(int32_t token, bool* accepted) {
  Impl& m = *impl_;
  *accepted = false;
  if (!m.is_id(token)) return m.foreign_id();
  if (m.history.terminated() || !m.passes(token)) return Status::kOk;
  return m.answered(accepted, [&] {
    if (m.is_stop(token)) {
      if (m.terminate_without_stop_token || !m.accepting()) return Status::kOk;
      m.commit({}, m.work, true);
      *accepted = true;
      return Status::kOk;
    }
    if (m.limited()) {
      const Status status = m.allowed_by_limit(token, accepted);
      if (!std::exchange(*accepted, false)) return status;
    }
    Impl::Input input;
    if (!m.token_input(token, &input)) return Status::kOk;
    const Status status = m.advance(input, accepted);
    if (m.limit && *accepted) m.limit->took(m.history.size() - 1, token);
    return status;
  });
}

Status Matcher::accept_bytes(std::string_view bytes, bool* accepted) {
  *accepted = false;
  if (impl_->history.terminated()) return Status::kOk;
  return impl_->answered(accepted, [&] { return impl_->advance({bytes}, accepted); });
}

Status Matcher::accept_tokens(std::span<const int32_t> tokens, size_t* accepted) {
  *accepted = 0;
  size_t taken = 0;
  Status status = Status::kOk;
  // Also when memory runs out.
  struct Undo {
    ~Undo() {
      if (*steps > 0) matcher->rollback(*steps);
    }
    Matcher* matcher;
    size_t* steps;
  } undo{this, &taken};
  for (int32_t token : tokens) {
    bool ok = false;
    status = accept_token(token, &ok);
    if (!ok) break;
    ++taken;
  }
  if (status != Status::kOk) return status;
  *accepted = std::exchange(taken, 0);
  return Status::kOk;
}

Status Matcher::rollback(size_t steps) {
  if (steps > impl_->history.size()) return Status::kInvalidArgument;
  impl_->history.rollback(steps);
  if (impl_->unique) impl_->unique->rollback(steps);
  if (impl_->log) impl_->log->rollback(steps);
  if (impl_->captures) impl_->captures->keep(impl_->log->size());
  if (impl_->healing) impl_->healing->rollback(impl_->history.size());
  if (!impl_->filters.empty()) impl_->drop_filters(impl_->history.size());
  if (impl_->limit) impl_->limit->undo(impl_->history.size());
  impl_->take_back();
  return Status::kOk;
}

void Matcher::reset() {
  impl_->history.clear();
  if (impl_->unique) impl_->unique->clear();
  if (impl_->log) impl_->log->clear();
  if (impl_->captures) impl_->captures->keep(0);
  if (impl_->healing) impl_->healing->rollback(0);
  impl_->drop_filters(0);
  if (impl_->limit) impl_->limit->reset();
  impl_->take_back();
}

// Those that were laid behind so many steps.
void Matcher::Impl::drop_filters(size_t behind) {
  while (!filters.empty() && filters.back().from > behind) filters.pop_back();
  const bool any = !filters.empty() && filters.back().mask;
  filter = any ? filters.back().mask->data() : nullptr;
}

Status Matcher::set_filter(std::span<const uint32_t> mask) {
  Impl& m = *impl_;
  if (!mask.empty() && mask.size() != m.tokenizer().mask_words()) return Status::kInvalidArgument;
  Impl::Filter added{m.history.size(), nullptr};
  if (!mask.empty())
    added.mask = std::make_shared<const std::vector<uint32_t>>(mask.begin(), mask.end());
  const bool replaces = !m.filters.empty() && m.filters.back().from == added.from;
  if (replaces) {
    m.filters.back() = std::move(added);
  } else if (added.mask || !m.filters.empty()) {
    m.filters.push_back(std::move(added));
  }
  m.drop_filters(m.history.size());
  m.take_back();
  return Status::kOk;
}

std::unique_ptr<Matcher> Matcher::clone() const {
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
  if (impl_->healing) copy->healing = std::make_unique<Healing>(*impl_->healing);
  copy->start = impl_->start;
  if (impl_->limit) copy->limit = std::make_unique<TokenLimit>(impl_->limit->settings());
  copy->filters = impl_->filters;
  copy->filter = impl_->filter;
  copy->prefetching = impl_->prefetching;
  return std::unique_ptr<Matcher>(new Matcher(std::move(copy)));
}

Status Matcher::find_captures(bool all, std::vector<Capture>* out) {
  out->clear();
  return impl_->bounded([&] {
    if (!impl_->captures || impl_->waiting()) return Status::kOk;
    return impl_->captures->find(impl_->history, *impl_->log, all, out);
  });
}

bool Matcher::set_prefetching(bool on) { return std::exchange(impl_->prefetching, on); }
void Matcher::set_also_cancelled(const std::atomic<bool>* flag) {
  impl_->call.set_also_cancelled(flag);
}
bool Matcher::mark(const void* by, uint64_t round) {
  const bool again = impl_->marked_by == by && impl_->marked_in == round;
  impl_->marked_by = by;
  impl_->marked_in = round;
  return !again;
}
void Matcher::allow_all(uint32_t* words) const { impl_->ended(words); }
void Matcher::set_cancel(CancelPtr cancel) { impl_->set_cancel(std::move(cancel)); }

bool Matcher::is_waiting() const { return impl_->waiting() != nullptr; }
size_t Matcher::history_size() const { return impl_->history.size(); }
std::span<const int32_t> Matcher::stop_tokens() const { return impl_->stops; }
const std::shared_ptr<const CompiledGrammar>& Matcher::grammar() const { return impl_->grammar; }

}  // namespace xgr::core
