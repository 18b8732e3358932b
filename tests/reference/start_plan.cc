// Reads the steps of an output that waits.
//
// Entry points: read_start, start_allows. All that was written is kept, and compared with every sequence
// at every byte and behind every token. Test: this is the test; compare.cc drives it.
#include "start_plan.h"

#include <algorithm>

namespace reference {
namespace {

using Sequence = StartPlan::Sequence;

// The longest of those that end here, the first of equal ones; null: none does.
const Sequence* find_bytes(const StartPlan& plan, const std::string& window) {
  const Sequence* best = nullptr;
  for (const Sequence& s : plan.sequences) {
    if (!s.bytes.empty() && window.ends_with(s.bytes) &&
        (!best || s.bytes.size() > best->bytes.size()))
      best = &s;
  }
  return best;
}

bool ends_with(const std::vector<int64_t>& all, const std::vector<int32_t>& end, size_t size) {
  return size <= all.size() &&
         std::equal(end.begin(), end.begin() + static_cast<std::ptrdiff_t>(size),
                    all.end() - static_cast<std::ptrdiff_t>(size));
}

const Sequence* find_tokens(const StartPlan& plan, const std::vector<int64_t>& tokens) {
  const Sequence* best = nullptr;
  for (const Sequence& s : plan.sequences) {
    if (!s.tokens.empty() && ends_with(tokens, s.tokens, s.tokens.size()) &&
        (!best || s.tokens.size() > best->tokens.size()))
      best = &s;
  }
  return best;
}

void start(const Sequence& s, const Vocabulary& vocabulary, const std::string& behind,
           StartReading* reading) {
  reading->waits = false;
  reading->text.clear();
  if (s.implicit) {
    reading->text = s.bytes;
    for (int32_t t : s.tokens) reading->text += vocabulary.tokens[static_cast<size_t>(t)].bytes;
  }
  reading->text += behind;
}

}  // namespace

void read_start(const StartPlan& plan, const Vocabulary& vocabulary, const StartStep& step,
                StartReading* reading) {
  if (!reading->waits) {
    reading->text += step.text;
    return;
  }
  if (step.token >= 0) {
    ++reading->count;
    reading->tokens.push_back(step.token);
    if (const Sequence* found = find_tokens(plan, reading->tokens))
      return start(*found, vocabulary, "", reading);
    if (step.text.empty()) reading->window.clear();
  } else if (!step.text.empty()) {
    reading->tokens.clear();
  }
  for (size_t i = 0; i < step.text.size(); ++i) {
    reading->window += step.text[i];
    if (const Sequence* found = find_bytes(plan, reading->window))
      return start(*found, vocabulary, step.text.substr(i + 1), reading);
  }
}

bool is_spent(const StartPlan& plan, const StartReading& reading) {
  return plan.max_tokens >= 0 && reading.count >= plan.max_tokens;
}

std::string forced_bytes_left(const StartPlan& plan, const StartReading& reading) {
  const std::string& bytes = plan.sequences[plan.forced].bytes;
  size_t n = bytes.empty() ? 0 : bytes.size() - 1;
  while (!reading.window.ends_with(bytes.substr(0, n))) --n;
  return bytes.substr(n);
}

bool start_allows(const StartPlan& plan, const StartReading& reading, const StartStep& step) {
  const std::vector<int32_t>& no = plan.forbidden;
  if (step.token >= 0 && std::find(no.begin(), no.end(), step.token) != no.end()) return false;
  if (!is_spent(plan, reading) || (step.token < 0 && step.text.empty())) return true;
  const std::vector<int32_t>& tokens = plan.sequences[plan.forced].tokens;
  if (!tokens.empty()) {
    size_t n = tokens.size() - 1;
    while (!ends_with(reading.tokens, tokens, n)) --n;
    return step.token == tokens[n];
  }
  const std::string left = forced_bytes_left(plan, reading);
  return !step.text.empty() && (left.starts_with(step.text) || step.text.starts_with(left));
}

bool is_used(const Vocabulary& vocabulary, int64_t token) {
  const auto id = static_cast<size_t>(token);
  if (id >= vocabulary.tokens.size()) return false;
  const Token& t = vocabulary.tokens[id];
  return vocabulary.is_stop(id) || t.kind == Kind::kControl ||
         (t.kind == Kind::kNormal && !t.bytes.empty());
}

}  // namespace reference
