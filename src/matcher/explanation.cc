// Why a matcher refuses something.
//
// Entry point: Matcher::explain. A clone reads the input byte by byte. At the first refused one it is
// asked what may follow instead; then the grammar's source is asked which of its parts refuse that byte
// behind the output so far, by trials with grammars of a compiler that is made for this call.
//
//   {"age":  and  -1  ->  "-" is refused, [0-9] is expected, because of /properties/age/minimum
//
// Tests: tests/unit/matcher/explanation_test.cc, tests/bench/explain_refusals.py.
#include "matcher/explanation.h"

#include <utility>

#include "matcher/expected_input.h"
#include "matcher/matcher_impl.h"

namespace xgr::core {
namespace {

Error stopped_error(Status status) {
  const char* what = status == Status::kCancelled       ? "the request to stop was made"
                     : status == Status::kLimitExceeded ? "max_work_per_call was hit"
                                                        : "the call failed";
  return make_error(status, what);
}

// Grammars that are tried on a text, all within one bound.
class RefusalTrials {
 public:
  RefusalTrials(std::shared_ptr<const Tokenizer> tokenizer, const Limits& limits,
                const std::atomic<bool>* cancelled)
      : work_(bounds(limits, cancelled)) {
    CompilerOptions options;
    options.limits = limits;
    options.limits.work = &work_;
    compiler_ = Compiler::create(std::move(tokenizer), options).value();
  }

  const Limits& limits() const { return compiler_->options().limits; }

  bool refuses(Result<Grammar> grammar, const RefusedText& text) const {
    Compiled compiled = compiler_->compile(std::move(grammar));
    if (!compiled.ok()) return compiled.error().code == Status::kInvalidSource;
    MatcherOptions options;
    options.terminate_without_stop_token = true;
    Result<std::unique_ptr<Matcher>> matcher = Matcher::create(compiled.value(), options);
    if (!matcher.ok()) return false;
    bool accepted = false;
    if (matcher.value()->accept_bytes(text.read, &accepted) != Status::kOk) return false;
    if (!accepted) return true;
    if (text.next == RefusedText::kEnd) return !matcher.value()->is_accepting();
    const char next = static_cast<char>(text.next);
    const Status status = matcher.value()->accept_bytes({&next, 1}, &accepted);
    return status == Status::kOk && !accepted;
  }

 private:
  static Work::Bounds bounds(const Limits& limits, const std::atomic<bool>* cancelled) {
    Work::Bounds out = compile_bounds(limits);
    out.cancelled = cancelled;
    return out;
  }
  Work work_;
  std::unique_ptr<Compiler> compiler_;
};

// What a token is that never is text; empty for all others.
std::string kind_of_token(const Tokenizer& tokenizer, int32_t token) {
  if (token < 0 || token >= tokenizer.vocab_size()) return "no token of the vocabulary";
  if (!tokenizer.token_bytes(token).empty()) return "";
  return tokenizer.special_name(token).empty() ? "an unused token" : "a control token";
}

std::string last_bytes(const std::string& text) {
  constexpr size_t kShownBytes = 40;
  size_t begin = text.size() - std::min(text.size(), kShownBytes);
  while (begin < text.size() && (static_cast<uint8_t>(text[begin]) & 0xC0) == 0x80) ++begin;
  return text.substr(begin);
}

// Reads bytes up to the first that is refused.
Status read_bytes(Matcher* matcher, std::string_view bytes, size_t* accepted) {
  for (*accepted = 0; *accepted < bytes.size(); ++*accepted) {
    bool ok = false;
    const Status status = matcher->accept_bytes(bytes.substr(*accepted, 1), &ok);
    if (status != Status::kOk || !ok) return status;
  }
  return Status::kOk;
}

// Where it is no byte that is refused.
std::string reason_of(const Matcher& matcher, const Explained& e) {
  const Tokenizer& tokenizer = *matcher.grammar()->tokenizer();
  if (matcher.is_terminated()) return "the output has ended";
  const std::span<const int32_t> stops = matcher.stop_tokens();
  if (std::find(stops.begin(), stops.end(), *e.token) != stops.end())
    return "the stop token, and the output is not complete";
  const std::string kind = kind_of_token(tokenizer, *e.token);
  if (!kind.empty()) return kind + ", which is no text of the output";
  return e.refused_at < e.asked.size() ? ""
                                       : "its text may come next, but a filter, a limit of tokens, "
                                         "or what the vocabulary can "
                                         "spell behind it forbids it";
}

// Whether the output is what a matcher without options reads from the start.
bool can_be_read(const Matcher& matcher, std::string_view output) {
  MatcherOptions options;
  options.terminate_without_stop_token = true;
  Result<std::unique_ptr<Matcher>> fresh = Matcher::create(matcher.grammar(), options);
  bool accepted = false;
  return fresh.ok() && fresh.value()->accept_bytes(output, &accepted) == Status::kOk && accepted;
}

}  // namespace

Result<Explanation> Matcher::explain(std::string_view output, const ExplainedInput& input) const {
  const bool plain = !impl_->start && !impl_->healing;
  const bool knows_output = plain && (!output.empty() || history_size() == 0);
  const bool knows_source = knows_output && impl_->grammar->knows_source();
  if (knows_output && !can_be_read(*this, output))
    return make_error(
        Status::kInvalidArgument,
        "the output is not what the matcher has read: the grammar refuses it; expected "
        "all bytes so far, or none");
  Explained e;
  e.output_size = output.size();
  e.token = input.token;
  e.asked = std::string(input.bytes);
  bool ends = false;
  Status status = Status::kOk;
  if (input.token) {
    const bool known = impl_->is_id(*input.token);
    ends = known && impl_->is_stop(*input.token);
    if (known && !ends) e.asked = std::string(impl_->tokenizer().token_bytes(*input.token));
    if (known) status = is_token_allowed(*input.token, &e.accepted);
    if (status != Status::kOk) return stopped_error(status);
  }
  const std::unique_ptr<Matcher> place = clone();
  place->set_prefetching(false);
  status = read_bytes(place.get(), e.asked, &e.refused_at);
  if (!input.token) e.accepted = e.refused_at == e.asked.size();
  if (status == Status::kOk) status = find_expected(place.get(), &e.expected);
  if (status != Status::kOk) return stopped_error(status);
  if (input.token && !e.accepted) e.reason = reason_of(*this, e);
  std::string read = std::string(output) + e.asked.substr(0, e.refused_at);
  e.read = last_bytes(read);
  e.knows_source = knows_source;
  const bool at_byte = e.refused_at < e.asked.size();
  if (!e.accepted && knows_source && !is_terminated() && (at_byte || ends)) {
    RefusalTrials trials(impl_->grammar->tokenizer(), impl_->grammar->limits(),
                         impl_->cancel ? &impl_->cancel->flag() : nullptr);
    const auto trial = [&](Result<Grammar> grammar, const RefusedText& text) {
      return trials.refuses(std::move(grammar), text);
    };
    const int next = at_byte ? static_cast<uint8_t>(e.asked[e.refused_at]) : RefusedText::kEnd;
    e.refusal = impl_->grammar->refusal({read, next}, trial, trials.limits());
  }
  return written(e);
}

}  // namespace xgr::core
