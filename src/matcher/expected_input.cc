// What may follow, told as literals, classes of characters and tokens.
//
// Entry point: find_expected. Each byte is tried. Where few can follow, each is followed for as long as
// the grammar forces more, so that literals and names of properties show as a whole; the others are one
// class. Tokens are counted in the mask, and the first of them with different beginnings are examples.
//
//   after {"a":  of {"a": boolean}   ->  "true", "false", white space
//
// Tests: tests/unit/matcher/explanation_test.cc.
#include "matcher/expected_input.h"

#include <algorithm>
#include <array>
#include <bit>

#include "automata/char_set.h"
#include "grammar/ebnf_text.h"
#include "support/byte_set.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxLiterals = 24;  // so many bytes are followed
constexpr size_t kMaxLiteralSize = 48;
constexpr size_t kMaxExamples = 8;

class ExpectedBytes {
 public:
  ExpectedBytes(Matcher* matcher, ExpectedInput* out) : matcher_(*matcher), out_(out) {}

  Status run() {
    for (int b = 0; b < 256; ++b) {
      bool accepted = false;
      const Status status = try_byte(b, &accepted);
      if (status != Status::kOk) return status;
      live_[static_cast<size_t>(b)] = accepted;
      out_->byte_count += accepted;
    }
    take_white_space();
    if (static_cast<size_t>(std::count(live_.begin(), live_.end(), true)) <= kMaxLiterals) {
      const Status status = take_literals();
      if (status != Status::kOk) return status;
    }
    add_classes();
    return Status::kOk;
  }

 private:
  Status try_byte(int byte, bool* accepted) {
    const char c = static_cast<char>(byte);
    const Status status = matcher_.accept_bytes({&c, 1}, accepted);
    return status != Status::kOk || !*accepted ? status : matcher_.rollback(1);
  }

  void take_white_space() {
    constexpr std::array<char, 4> kBlanks{' ', '\t', '\n', '\r'};
    const auto live = [&](char c) { return live_[static_cast<size_t>(c)]; };
    has_blanks_ = std::all_of(kBlanks.begin(), kBlanks.end(), live) && !live('\x7F') && !live('!');
    if (!has_blanks_) return;
    for (char c : kBlanks) live_[static_cast<size_t>(c)] = false;
  }

  Status take_literals() {
    for (int b = 0; b < 0x80; ++b) {
      if (!live_[static_cast<size_t>(b)]) continue;
      const char c = static_cast<char>(b);
      bool accepted = false;
      Status status = matcher_.accept_bytes({&c, 1}, &accepted);
      if (status != Status::kOk || !accepted) return status;
      std::array<uint8_t, kMaxLiteralSize> more;
      size_t size = 0;
      status = matcher_.forced_bytes(true, more, &size);
      const Status back = matcher_.rollback(1);
      if (status != Status::kOk || back != Status::kOk)
        return status != Status::kOk ? status : back;
      if (size == 0) continue;
      add_literal(std::string(1, c) + std::string(more.begin(), more.begin() + size));
      live_[static_cast<size_t>(b)] = false;
    }
    return Status::kOk;
  }

  void add_literal(const std::string& text) {
    std::string part;
    append_ebnf_string(text, &part);
    out_->parts.push_back(std::move(part));
  }

  void add_classes() {
    CharSet ascii;
    uint32_t count = 0;
    for (char32_t c = 0; c < 0x80; ++c) {
      if (live_[c]) ascii.add(c), ++count;
    }
    if (count == 1) {
      add_literal(std::string(1, static_cast<char>(ascii.ranges()[0].lo)));
    } else if (count > 1) {
      std::string part;
      append_ebnf_class(ascii, &part);
      out_->parts.push_back(std::move(part));
    }
    if (std::find(live_.begin() + 0xC0, live_.end(), true) != live_.end())
      out_->parts.push_back("characters beyond ASCII");
    if (std::find(live_.begin() + 0x80, live_.begin() + 0xC0, true) != live_.begin() + 0xC0)
      out_->parts.push_back("the rest of a character");
    if (has_blanks_) out_->parts.push_back("white space");
  }

  Matcher& matcher_;
  ExpectedInput* out_;
  std::array<bool, 256> live_{};
  bool has_blanks_ = false;
};

// Tokens of different beginnings tell more than the first ones by their ids.
void add_examples(const Tokenizer& tokenizer, const std::vector<uint32_t>& mask,
                  ExpectedInput* out) {
  std::array<bool, 256> seen{};
  for (size_t w = 0; w < mask.size() && out->examples.size() < kMaxExamples; ++w) {
    for (uint32_t bits = mask[w]; bits != 0; bits &= bits - 1) {
      const auto id = static_cast<int32_t>(w * 32) + std::countr_zero(bits);
      const std::string_view text = tokenizer.token_bytes(id);
      if (text.empty() || seen[static_cast<uint8_t>(text[0])]) continue;
      seen[static_cast<uint8_t>(text[0])] = true;
      out->examples.push_back({id, std::string(text)});
      if (out->examples.size() == kMaxExamples) break;
    }
  }
}

}  // namespace

Status find_expected(Matcher* matcher, ExpectedInput* out) {
  const Tokenizer& tokenizer = *matcher->grammar()->tokenizer();
  out->ended = matcher->is_terminated();
  out->may_end = matcher->is_accepting();
  if (out->ended) return Status::kOk;
  std::vector<uint32_t> mask(tokenizer.mask_words());
  MaskKind kind;
  Status status = matcher->fill_bitmask(mask.data(), mask.size(), &kind);
  if (status != Status::kOk) return status;
  if (kind != MaskKind::kTerminated) {
    for (uint32_t word : mask) out->token_count += static_cast<uint64_t>(std::popcount(word));
    add_examples(tokenizer, mask, out);
  }
  return ExpectedBytes(matcher, out).run();
}

}  // namespace xgr::core
