// Forced text: what an output goes on with whatever the model says.
//
// Entry points: Matcher::forced_bytes, Matcher::forced_tokens. Bytes are forced while the parses can
// read one byte only and the output cannot end. Tokens are forced as far as text behind the forced
// bytes cannot change how they are written: where an ordinary token begins with all the bytes that are
// left and goes on as the output may, the model could choose that one.
//
//   {"name": "   forced bytes `{"name": "`, tokens `{"`, `name`, `":`; not ` "`, as ` "A` begins with it
//
// Tests: tests/capi/forced_test.c, tests/reference.
#include <algorithm>

#include "grammar/token_ids.h"
#include "matcher/matcher_impl.h"
#include "support/bit_kernels.h"
#include "tokenizer/encoding.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

bool has_continuation(const ByteSet& bytes) {
  return bytes.words[2] != 0;  // 0x80 to 0xBF
}

// Whether some token begins with `text`, goes on with one of `next`.
bool is_begun(const TokenTrie& trie, std::string_view text, const ByteSet& next) {
  uint32_t node = 0;
  for (char c : text) {
    node = trie.child(node, static_cast<uint8_t>(c));
    if (node == TokenTrie::kNone) return false;
  }
  for (uint32_t c = node + 1; c < trie.end(node); c = trie.end(c)) {
    if (next.has(trie.byte(c))) return true;
  }
  return false;
}

}  // namespace

// Afterwards *next are the bytes that may follow those that were read.
Status Matcher::Impl::find_forced(bool whole_characters, std::span<uint8_t> out, size_t* size,
                                  ByteSet* next) {
  load_parses();
  stepper.clear_failed();
  size_t begin = 0, read = 0, whole = 0;
  // A byte that no token has does not come, whatever the grammar says.
  ByteSet spellable{tokenizer().known_bytes()};
  spellable.add(kTokenMark);
  if (heals()) {
    const std::string_view left = healing->left(history.size());
    read = std::min(left.size(), out.size());
    std::copy_n(left.begin(), read, out.begin());
    if (read < left.size()) {
      *size = read;
      while (whole_characters && *size > 0 && is_continuation_byte(left[*size])) --*size;
      next->add(static_cast<uint8_t>(left[read]));
      return Status::kOk;
    }
  }
  if (const Waiting* now = waiting()) {
    const Status status = force_start(*now, out, whole_characters, &read, &begin, next);
    if (status != Status::kOk || next->size() > 0) {
      *size = read;
      return status;
    }
  }
  for (;;) {
    const bool may_end = stepper.can_finish(work, begin, work.size());
    *next = stepper.live_bytes(work, begin, work.size()) & spellable;
    if (may_end || !has_continuation(*next)) whole = read;
    if (may_end || next->size() != 1 || next->has(kTokenMark) || read == out.size()) break;
    uint8_t only = 0;
    next->for_each([&](uint8_t b) { only = b; });
    const size_t end = work.size();
    if (!stepper.step(&work, begin, end, only)) break;
    work.erase(work.begin(), work.begin() + static_cast<std::ptrdiff_t>(end));
    begin = 0;
    out[read++] = only;
  }
  *size = whole_characters ? whole : read;
  return stepper.failed() ? Status::kLimitExceeded : Status::kOk;
}

Status Matcher::forced_bytes(bool whole_characters, std::span<uint8_t> out, size_t* size) const {
  *size = 0;
  if (impl_->history.terminated()) return Status::kOk;
  return ask([&](Impl& m) {
    return m.bounded([&] {
      ByteSet next;
      return m.find_forced(whole_characters, out, size, &next);
    });
  });
}

// Finds the tokens in a copy, which accepts them.
class ForcedTokens {
 public:
  ForcedTokens(const Matcher& matcher, std::span<int32_t> out)
      : copy_(matcher.clone()), m_(*copy_->impl_), out_(out) {
    copy_->set_prefetching(false);
  }

  Status find(const std::span<const int32_t>* spelled, size_t* count) {
    Status status = spelled ? add_spelled(*spelled) : Status::kOk;
    bool more = !spelled;
    while (status == Status::kOk && more && count_ < out_.size() && !m_.history.terminated()) {
      const size_t before = count_;
      status = add_longest();
      if (status == Status::kOk && count_ == before) status = add_only();
      more = count_ > before;
    }
    *count = count_;
    return status;
  }

 private:
  const TokenTrie& trie() const { return m_.tokenizer().trie(); }

  // The forced bytes, up to `most`; what may follow them is in next_.
  Status read(size_t most) {
    text_.resize(most);
    size_t size = 0;
    const std::span<uint8_t> room(reinterpret_cast<uint8_t*>(text_.data()), most);
    const Status status = copy_->ask([&](Matcher::Impl& own) {
      return own.bounded([&] { return own.find_forced(false, room, &size, &next_); });
    });
    text_.resize(size);
    return status;
  }

  bool is_settled(size_t at) const {
    return !is_begun(trie(), std::string_view(text_).substr(at), next_);
  }

  // False when it is refused, by a filter for instance.
  bool take(int32_t token, Status* status) {
    bool accepted = false;
    *status = copy_->accept_token(token, &accepted);
    if (accepted) out_[count_++] = token;
    return accepted;
  }

  Status add_spelled(std::span<const int32_t> tokens) {
    size_t size = 0;
    for (int32_t t : tokens) {
      if (!m_.is_id(t) || m_.tokenizer().token_bytes(t).empty()) return Status::kInvalidArgument;
      size += m_.tokenizer().token_bytes(t).size();
    }
    Status status = read(size + m_.tokenizer().max_token_bytes());
    if (status != Status::kOk) return status;
    size_t at = 0;
    for (int32_t t : tokens) {
      const std::string_view bytes = m_.tokenizer().token_bytes(t);
      if (std::string_view(text_).substr(at, bytes.size()) != bytes)
        return Status::kInvalidArgument;
      at += bytes.size();
    }
    at = 0;
    for (int32_t t : tokens) {
      if (count_ == out_.size() || !is_settled(at) || !take(t, &status)) break;
      at += m_.tokenizer().token_bytes(t).size();
    }
    return status;
  }

  Status add_longest() {
    const size_t longest = m_.tokenizer().max_token_bytes();
    const size_t most = std::min<size_t>(out_.size() - count_, kMostTokens) * longest + longest;
    Status status = read(most);
    for (size_t at = 0; status == Status::kOk && at < text_.size() && count_ < out_.size();) {
      size_t size = 0;
      const int32_t token = longest_token(trie(), std::string_view(text_).substr(at), &size);
      if (token < 0 || !is_settled(at) || !take(token, &status)) break;
      at += size;
    }
    return status;
  }

  // The only token of the mask, if there is one and the output cannot end; not a stop token.
  Status add_only() {
    if (copy_->is_terminated()) return Status::kOk;
    words_.resize(m_.tokenizer().mask_words());
    MaskKind kind = MaskKind::kSome;
    Status status = copy_->fill_bitmask(words_.data(), words_.size(), &kind);
    if (status != Status::kOk || kind != MaskKind::kSome || count_bits(words_) != 1) return status;
    int32_t token = 0;
    list_bits(words_, &token);
    if (!m_.is_stop(token)) take(token, &status);
    return status;
  }

  static constexpr size_t kMostTokens = 64;  // looked for at a time
  const std::unique_ptr<Matcher> copy_;
  Matcher::Impl& m_;
  std::span<int32_t> out_;
  size_t count_ = 0;
  std::string text_;
  ByteSet next_;
  std::vector<uint32_t> words_;
};

Status Matcher::forced_tokens(const std::span<const int32_t>* spelled, std::span<int32_t> out,
                              size_t* count) const {
  *count = 0;
  if (impl_->history.terminated()) {
    return spelled && !spelled->empty() ? Status::kInvalidArgument : Status::kOk;
  }
  return ForcedTokens(*this, out).find(spelled, count);
}

}  // namespace xgr::core
