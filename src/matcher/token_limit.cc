// Token limits: outputs that are complete in time.
//
// Entry points: Matcher::set_token_limit, set_closing, min_tokens_to_finish. A token is allowed only if
// behind it the rest can be written within what is left (mask/closing.h). As some token always leads one
// step nearer to the end, that leaves one until the output is complete. A limit that is too tight from
// the beginning, and closing, allow the tokens that lead nearer, and no others. What a rule asks of the
// items of an array, or of its own tokens, the numbers do not know: there, some are held back, and where none
// is left, the next best are allowed.
//
//   {"a": "x   with 1 left:  `"}` only;  with 2:  `"`, `"}`, `y"}`, `y`, `yes`, ...
//
// Tests: tests/unit/matcher/token_limit_test.cc.
#include "matcher/token_limit.h"

#include <algorithm>

#include "matcher/matcher_impl.h"
#include "support/bit_kernels.h"

namespace xgr::core {
namespace {

constexpr uint32_t kHeldBack = 4;          // tokens, where the numbers do not know all
constexpr uint32_t kMostSpare = 1u << 16;  // tokens more, where none is left

uint32_t token_count_of(size_t tokens) {
  return static_cast<uint32_t>(std::min<size_t>(tokens, kNoClosing - 1));
}

}  // namespace

// A stop token that is text otherwise is none here.
TokenLimit& Matcher::Impl::make_limit() {
  if (limit) return *limit;
  auto made = std::make_unique<TokenLimit>();
  const std::vector<int32_t> texts = stops_in_text();
  if (!texts.empty()) made->own = std::make_shared<Closing>(tokenizer(), texts, edges);
  limit = std::move(made);
  return *limit;
}

Closing& Matcher::Impl::closing() {
  return limit && limit->own ? *limit->own : grammar->engine().closing();
}

// Of the parses in `work`.
ClosingBounds Matcher::Impl::tokens_left() {
  const ClosingBounds left = closing().tokens_left(work, &call);
  if (left.most == kNoClosing)
    throw WorkStopped{
        make_error(Status::kLimitExceeded, "no way to complete the output was found in time")};
  return left;
}

// Of the tokens in `words`, as many as their number says at most.
void Matcher::Impl::keep_within_limit(uint32_t* words, uint32_t* tokens) {
  const size_t size = tokenizer().mask_words();
  if (limit->known) {
    std::copy_n(limit->words.begin(), size, words);
    *tokens = static_cast<uint32_t>(count_bits({words, size}));
    return;
  }
  load_for_token();
  const bool ends = stepper.can_finish(work, 0, work.size());
  const uint32_t left = token_count_of(limit->left(history.size()));
  const bool guess = unique || budgets;
  const uint32_t spare = guess ? kHeldBack : 0;
  for (int32_t t : stops) words[t >> 5] &= ~(1u << (t & 31));
  const std::vector<uint32_t> all(words, words + size);
  if (left > spare) {
    closing().keep_within(work, {.most = left - spare - 1, .whole_mask = !unique}, &call, words);
  } else {
    std::fill_n(words, size, 0);
  }
  go_on_way(all, left, words);
  if (!ends && count_bits({words, size}) == 0) end_soon(all, left, words);
  limit->words.assign(words, words + size);
  limit->known = true;
  *tokens = static_cast<uint32_t>(count_bits({words, size}));
}

// The next token of the way that there is, if that fits.
void Matcher::Impl::go_on_way(std::span<const uint32_t> all, size_t left, uint32_t* words) {
  const int32_t t = limit->way.next(history.size());
  if (t < 0 || limit->way.left(history.size()) > left) return;
  words[t >> 5] |= all[static_cast<size_t>(t) >> 5] & 1u << (t & 31);
}

// Where no token is known to keep to the limit: a way that does, or else what leads nearer to the end.
void Matcher::Impl::end_soon(std::span<const uint32_t> all, size_t left, uint32_t* words) {
  const bool guess = unique || budgets;
  std::vector<int32_t> way;
  if (!guess) way = closing().way(work, &call);
  auto take_way = [&](size_t most) {
    if (way.empty() || way.size() > most) return false;
    limit->way = {way, history.size(), 0};
    go_on_way(all, most, words);
    return count_bits({words, all.size()}) > 0;
  };
  if (take_way(left)) return;
  const uint32_t needed = tokens_left().most;
  for (uint32_t more = 0; more < kMostSpare; more = more * 2 + 2) {
    std::copy(all.begin(), all.end(), words);
    const Closing::Bound bound{.most = needed - 1 + more, .moving = more > 0, .thorough = true};
    closing().keep_within(work, bound, &call, words);
    if (count_bits({words, all.size()}) > 0 || take_way(SIZE_MAX)) return;
  }
  std::copy(all.begin(), all.end(), words);
}

// Whether the mask of the present place has the token, which is no stop token.
Status Matcher::Impl::allowed_by_limit(int32_t token, bool* allowed) {
  *allowed = false;
  if (!limit->known) {
    abandon();
    stepper.set_arena(arena());
    load_for_token();
    std::vector<uint32_t> words(tokenizer().mask_words());
    uint32_t tokens = 0;
    stepper.clear_failed();
    const Status status = grammar->engine().fill(work, &stepper, &scratch, words.data(), &tokens);
    if (status != Status::kOk) return status;
    drop_refused(words.data(), &tokens);
    keep_within_limit(words.data(), &tokens);
    abandon();
  }
  *allowed = limit->words[static_cast<size_t>(token) >> 5] >> (token & 31) & 1;
  return Status::kOk;
}

void Matcher::set_token_limit(std::optional<size_t> tokens) {
  if (!tokens && !impl_->limit) return;
  TokenLimit& limit = impl_->make_limit();
  limit.steps = tokens;
  if (tokens) limit.steps = history_size() + std::min(*tokens, SIZE_MAX - history_size());
  impl_->take_back();
}

void Matcher::set_closing(bool on) {
  if (!on && !impl_->limit) return;
  impl_->make_limit().closing = on;
  impl_->take_back();
}

Status Matcher::min_tokens_to_finish(size_t* tokens, bool* exact) const {
  *tokens = 0;
  *exact = true;
  if (impl_->history.terminated()) return Status::kOk;
  if (!impl_->limit && !impl_->stops_in_text().empty()) {
    const std::unique_ptr<Matcher> copy = clone();
    copy->impl_->make_limit();
    return copy->min_tokens_to_finish(tokens, exact);
  }
  return ask([&](Impl& m) {
    return m.bounded([&] {
      m.load_for_token();
      const ClosingBounds left = m.tokens_left();
      const size_t before = m.heals() ? m.healing->left(m.history.size()).size() : 0;
      *tokens = left.most + before;
      *exact = left.exact() && before == 0 && !m.waiting() && !m.unique && !m.budgets;
      return Status::kOk;
    });
  });
}

}  // namespace xgr::core
