// Queries: what a matcher answers without changing.
//
// Entry points: fill_bitmask, is_token_allowed, validate_tokens. A query takes the matcher's scratch
// memory, by one exchange of a flag. Where another thread has it, a clone is asked instead, so that
// nobody waits; its history is the same one.
//
//   fill_bitmask -> mask with `{`;  in two threads at once: one with the scratch memory, one with a clone's
//
// Tests: tests/unit/matcher/queries_test.cc, tests/unit/matcher/matcher_test.cc, tests/reference.
#include <bit>
#include <thread>

#include "matcher/matcher_impl.h"
#include "matcher/temperature.h"
#include "support/bit_kernels.h"

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
      abandon();
      continue;
    }
    words[t >> 5] &= ~(1u << (t & 31));
    changed = true;
  }
  if (changed) *tokens = static_cast<uint32_t>(count_bits({words, tokenizer().mask_words()}));
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

// Takes out what the engine does not know of.
void Matcher::Impl::drop_refused(uint32_t* words, uint32_t* tokens) {
  if (unique) drop_repetitions(words, tokens);
  if (spelling().needed()) drop_dead_ends(words, tokens);
}

// Completes a mask that the engine wrote, with at most `tokens` tokens in it.
MaskKind Matcher::Impl::finish(uint32_t* words, uint32_t tokens, bool accepting) {
  drop_refused(words, &tokens);
  if (limited()) keep_within_limit(words, &tokens);
  const bool stop = accepting && !terminate_without_stop_token;
  for (int32_t t : stops) {
    const uint32_t bit = 1u << (t & 31);
    words[t >> 5] = stop ? words[t >> 5] | bit : words[t >> 5] & ~bit;
  }
  if (tokens == 0 && accepting && terminate_without_stop_token) return ended(words);
  return filter ? filtered(words) : kind_of(words, tokens);
}

MaskKind Matcher::Impl::filtered(uint32_t* words) const {
  const size_t n = tokenizer().mask_words();
  for (size_t i = 0; i < n; ++i) words[i] &= filter[i];
  const auto tokens = static_cast<uint32_t>(count_bits({words, n}));
  return tokens == 0 ? MaskKind::kNone : kind_of(words, tokens);
}

// Sets lent_words and lent_kind.
Status Matcher::Impl::lend() {
  if (heals()) {
    lent.resize(tokenizer().mask_words());
    lent_words = nullptr;
    const Status status = fill_healing(lent.data(), &lent_kind);
    if (status == Status::kOk) lent_words = lent.data();
    return status;
  }
  if (const Waiting* now = waiting()) {
    lent.resize(tokenizer().mask_words());
    lent_words = nullptr;
    const Status status = fill_waiting(*now, lent.data(), &lent_kind);
    if (status == Status::kOk) lent_words = lent.data();
    return status;
  }
  Engine& engine = grammar->engine();
  load_for_token();
  const bool accepts = stepper.can_finish(work, 0, work.size());
  const uint32_t* mask = nullptr;
  uint32_t tokens = 0;
  const Status status = engine.lend(work, &stepper, &scratch, &lent, &mask, &tokens);
  if (status != Status::kOk) return status;
  const bool stop = accepts && !terminate_without_stop_token;
  const bool whole = mask != lent.data();
  if (whole && !spelling().needed() && !unique && !filter && !limited() && tokens > 0 &&
      stops_are_right(mask, stop)) {
    lent_kind = kind_of(mask, tokens);
  } else {
    if (whole) lent.assign(mask, mask + tokenizer().mask_words());
    scratch.reader.drop();
    lent_kind = finish(lent.data(), tokens, accepts);
    mask = lent.data();
  }
  lent_words = mask;
  return status;
}

// What a step keeps besides its parses is in copies only; without it, the tokens are read one behind
// the other.
Status Matcher::validate_tokens(std::span<const int32_t> tokens, size_t* valid) const {
  *valid = 0;
  Impl& m = *impl_;
  if (m.edges || m.unique || m.log || m.heals() || m.waiting() || m.limited() ||
      m.spelling().needed())
    return clone()->accept_tokens(tokens, valid);
  return ask([&](Impl& own) { return own.validate(tokens, valid); });
}

Status Matcher::Impl::validate(std::span<const int32_t> tokens, size_t* valid) {
  if (history.terminated()) {
    const bool known = tokens.empty() || is_id(tokens[0]);
    return known ? Status::kOk : foreign_id();
  }
  load_parses();
  size_t begin = 0, count = 0;
  bool alive = true, ended = false;
  for (int32_t token : tokens) {
    if (!is_id(token)) {
      if (check_token_ids) return Status::kInvalidArgument;
      break;
    }
    if (ended || !passes(token)) break;
    const Status status = bounded([&] {
      if (is_stop(token)) {
        ended = !terminate_without_stop_token && stepper.can_finish(work, begin, work.size());
        alive = ended;
        return Status::kOk;
      }
      Input input;
      alive = token_input(token, &input);
      if (!alive) return Status::kOk;
      stepper.clear_failed();
      return read(input, input.text, false, &begin, &alive);
    });
    if (status != Status::kOk) return status;
    if (!alive) break;
    ++count;
  }
  *valid = count;
  return Status::kOk;
}

Status Matcher::is_token_allowed(int32_t token, bool* allowed) const {
  *allowed = false;
  if (!impl_->is_id(token)) return impl_->foreign_id();
  if (impl_->history.terminated() || !impl_->passes(token)) return Status::kOk;
  return ask([&](Impl& m) {
    return m.answered(allowed, [&] {
      if (m.is_stop(token)) {
        *allowed = !m.terminate_without_stop_token && m.accepting();
        return Status::kOk;
      }
      if (m.limited()) return m.allowed_by_limit(token, allowed);
      Impl::Input input;
      if (!m.token_input(token, &input)) return Status::kOk;
      size_t begin;
      return m.run_spellable(input, &begin, allowed);
    });
  });
}

Status Matcher::fill_bitmask(uint32_t* words, size_t word_count, MaskKind* kind) const {
  if (word_count < impl_->tokenizer().mask_words()) return Status::kInvalidArgument;
  if (impl_->history.terminated()) {
    *kind = impl_->ended(words);
    return Status::kOk;
  }
  return ask([&](Impl& m) {
    return m.bounded([&] {
      if (m.heals()) return m.fill_healing(words, kind);
      if (const Waiting* now = m.waiting())
        return m.counted([&] { return m.fill_waiting(*now, words, kind); });
      m.load_for_token();
      const bool accepting = m.stepper.can_finish(m.work, 0, m.work.size());
      uint32_t tokens = 0;
      Status status = m.counted(
          [&] { return m.grammar->engine().fill(m.work, &m.stepper, &m.scratch, words, &tokens); });
      if (status == Status::kOk) *kind = m.finish(words, tokens, accepting);
      return status;
    });
  });
}

// The mask that is lent first stays until the parses change, so the same one is lent until then.
Status Matcher::lend_bitmask(const uint32_t** words, MaskKind* kind) {
  Impl& m = *impl_;
  *kind = MaskKind::kTerminated;
  *words = nullptr;
  if (m.history.terminated()) return Status::kOk;
  const Status status = ask([](Impl& own) {
    return own.bounded(
        [&] { return own.counted([&] { return own.lent_words ? Status::kOk : own.lend(); }); });
  });
  if (status != Status::kOk) return status;
  *kind = m.lent_kind;
  if (*kind != MaskKind::kTerminated) *words = m.lent_words;
  return status;
}

std::optional<float> Matcher::temperature() const {
  const Engine& engine = impl_->grammar->engine();
  if (!engine.has_temperatures() || impl_->history.terminated() || impl_->waiting())
    return impl_->default_temperature;
  return ask([&](Impl& m) {
    const Uncharged query(&m.stepper);
    m.load_for_token();
    const std::optional<float> found = temperature_of(engine, m.work, &m.stepper);
    return found ? found : m.default_temperature;
  });
}

bool Matcher::is_accepting() const {
  if (impl_->history.terminated()) return true;
  return ask([](Impl& m) {
    const Uncharged query(&m.stepper);
    return m.accepting();
  });
}

bool Matcher::is_terminated() const {
  return impl_->history.terminated() || (impl_->terminate_without_stop_token && is_accepting());
}

// Sums of what queries change wait for the one that runs.
template <typename Sum>
auto Matcher::Impl::at_rest(Sum&& sum) {
  while (asked.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  const auto answer = sum();
  asked.clear(std::memory_order_release);
  return answer;
}

size_t Matcher::memory_bytes() const {
  const Impl& m = *impl_;
  return impl_->at_rest([&] {
    return sizeof(Matcher) + sizeof(Impl) + m.history.memory_bytes() + m.trial.memory_bytes() +
           m.work.capacity() * sizeof(Config) + m.stops.capacity() * sizeof(int32_t) +
           m.lent.capacity() * sizeof(uint32_t) + (m.unique ? m.unique->memory_bytes() : 0) +
           (m.log ? m.log->memory_bytes() : 0) + (m.captures ? m.captures->memory_bytes() : 0) +
           (m.healing ? m.healing->memory_bytes() : 0) + (m.start ? m.start->memory_bytes() : 0) +
           (m.limit ? m.limit->memory_bytes() : 0) +
           (m.own_spelling ? m.own_spelling->memory_bytes() : 0);
  });
}

MatcherStats Matcher::stats() const {
  const Impl& m = *impl_;
  return impl_->at_rest([&] {
    MatcherStats s;
    s.fills = m.fills;
    s.hits = m.hits;
    s.parts_built = m.scratch.counts.built;
    s.nodes_visited = m.scratch.counts.visited;
    s.walk_nanoseconds = m.scratch.counts.nanoseconds;
    s.prefetches = m.prefetches;
    return s;
  });
}

}  // namespace xgr::core
