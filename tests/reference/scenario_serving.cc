// Plays what engines do around a matcher: several tokens, drafts, filters, forced text, batches, and
// questions from several threads.
//
// Entry points: the functions of Player::Impl that are declared in scenario_impl.h. A copy of the
// session without its matcher is the model: it goes on token by token, as single calls would.
// Test: this is the test; compare.cc drives it.
#include <array>
#include <atomic>
#include <thread>

#include "matcher/batch.h"
#include "matcher/draft.h"
#include "printer.h"
#include "scenario_impl.h"

namespace reference {
namespace {

using xgr::core::MaskKind;
using xgr::core::Status;

constexpr size_t kMostForced = 200;  // bytes
constexpr size_t kMostForcedTokens = 8;

int32_t number(MaskKind kind) { return static_cast<int32_t>(kind); }

bool begins_with(const std::string& text, size_t at, const std::string& part) {
  return !part.empty() && text.compare(at, part.size(), part) == 0;
}

}  // namespace

MaybeDifference Player::Impl::compare_row(const Session& s, const uint32_t* words, int32_t kind,
                                          const char* what) {
  const auto size = static_cast<size_t>(scenario.vocabulary.logits_size);
  const std::string prefix = s.prefix();
  const bool waits = s.waits();
  if (!s.stopped) compared.emplace(s.case_index, waits ? "waits: " + s.spelled() : prefix);
  ++masks;
  Oracle& judge = *oracles[s.case_index];
  const bool is_before = !s.stopped && (waits || !s.unhealed().empty());
  const bool complete = !s.stopped && judge.complete(prefix);
  const std::vector<bool>* text = s.stopped ? nullptr : &judge.text_mask(prefix);
  size_t ones = 0;
  for (size_t id = 0; id < mask_words() * 32; ++id) {
    const auto token = static_cast<int64_t>(id);
    const bool actual = (words[id / 32] >> (id % 32)) & 1;
    const bool stop = s.is_stop(token);
    const bool expected =
        is_before
            ? allowed_after(s, token)
            : id < size && (s.stopped || (s.passes(token) && (stop ? complete : (*text)[id])));
    ones += expected;
    if (actual == expected) continue;
    const bool is_token = id < scenario.vocabulary.tokens.size();
    Difference d =
        difference(std::string(what) + ": mask bit of token " + std::to_string(id) + " " +
                       (is_token ? quote(scenario.vocabulary.tokens[id].bytes) : "(padding)") +
                       (stop ? " (stop)" : ""),
                   yes_no(expected), yes_no(actual));
    d.prefix = prefix;
    return d;
  }
  const MaskKind expected = s.stopped      ? MaskKind::kTerminated
                            : ones == 0    ? MaskKind::kNone
                            : ones == size ? MaskKind::kAll
                                           : MaskKind::kSome;
  if (kind == number(expected)) return std::nullopt;
  return difference(std::string(what) + ": kind of mask", std::to_string(number(expected)),
                    std::to_string(kind));
}

MaybeDifference Player::Impl::tokens(const std::vector<int32_t>& several) {
  Session model = session().model();
  size_t expected = 0;
  Status wanted = Status::kOk;
  for (int32_t t : several) {
    wanted = status_for(t);
    if (wanted != Status::kOk || !allowed_after(model, t)) break;
    go_on(&model, t);
    ++expected;
  }
  session().lent = nullptr;
  if (!alone) {
    for (bool take : {false, true}) {
      xgr::core::Matcher& m = *session().matcher;
      const char* call = take ? "accept_tokens" : "validate_tokens";
      size_t count = 0;
      const Status status =
          take ? m.accept_tokens(several, &count) : m.validate_tokens(several, &count);
      if (status != wanted) return bad_status(call, status);
      if (wanted == Status::kOk && count != expected)
        return difference(call, std::to_string(expected), std::to_string(count));
    }
  }
  if (wanted != Status::kOk || expected == 0) return std::nullopt;
  session().pieces = model.pieces;
  session().tokens = model.tokens;
  session().readings.clear();
  session().stopped = model.stopped;
  return std::nullopt;
}

MaybeDifference Player::Impl::draft(const std::vector<int32_t>& several) {
  if (alone) return std::nullopt;
  const size_t rows = several.size() + 1, stride = mask_words() + 1;
  std::vector<uint32_t> words(rows * stride, kGarbage);
  std::vector<int32_t> kinds(rows, -1);
  size_t valid = 0;
  const Status status = xgr::core::fill_draft(session().matcher.get(), several,
                                              {words.data(), stride, kinds.data()}, &valid);
  session().lent = nullptr;
  if (status != Status::kOk) return bad_status("fill_draft", status);
  Session model = session().model();
  size_t expected = 0;
  for (size_t row = 0; row < rows; ++row) {
    if (row > 0 && expected == row - 1 && allowed_after(model, several[row - 1])) {
      go_on(&model, several[row - 1]);
      ++expected;
    }
    if (expected < row) model.stopped = true;  // nothing leads here
    if (words[row * stride + stride - 1] != kGarbage)
      return difference("word after a row of a draft", "untouched", "written");
    if (MaybeDifference found =
            compare_row(model, words.data() + row * stride, kinds[row], "draft"))
      return found;
  }
  if (valid == expected) return std::nullopt;
  return difference("tokens of a draft", std::to_string(expected), std::to_string(valid));
}

MaybeDifference Player::Impl::tree(const Action& action) {
  if (alone) return std::nullopt;
  const size_t nodes = action.tokens.size() + 1, stride = mask_words();
  std::vector<int32_t> texts(nodes, -1), parents(nodes, -1), first(nodes, -1), next(nodes, -1);
  for (size_t i = 1; i < nodes; ++i) {
    texts[i] = action.tokens[i - 1];
    const int32_t given = i - 1 < action.parents.size() ? action.parents[i - 1] + 1 : 0;
    parents[i] = std::clamp(given, 0, static_cast<int32_t>(i) - 1);
  }
  for (size_t i = nodes; i-- > 1;) {
    int32_t& head = first[static_cast<size_t>(parents[i])];
    next[i] = std::exchange(head, static_cast<int32_t>(i));
  }
  xgr::core::DraftTree tree{texts, nullptr, nullptr, nullptr};
  if (action.number % 2 == 0) {
    tree.parents = parents.data();
  } else {
    tree.first_children = first.data();
    tree.next_siblings = next.data();
  }
  std::vector<uint32_t> words(nodes * stride, kGarbage);
  std::vector<int32_t> kinds(nodes, -1), valid(nodes, -1);
  const Status status = xgr::core::fill_draft_tree(
      session().matcher.get(), tree, {words.data(), stride, kinds.data()}, valid.data());
  session().lent = nullptr;
  if (status != Status::kOk) return bad_status("fill_draft_tree", status);
  std::vector<Session> models;
  std::vector<bool> reached(nodes, true);
  models.push_back(session().model());
  for (size_t i = 0; i < nodes; ++i) {
    if (i > 0) {
      const auto parent = static_cast<size_t>(parents[i]);
      models.push_back(models[parent].model());
      reached[i] = reached[parent] && allowed_after(models[i], texts[i]);
      if (reached[i]) go_on(&models[i], texts[i]);
    }
    if (valid[i] != (reached[i] ? 1 : 0))
      return difference("node " + std::to_string(i) + " of a tree", yes_no(reached[i]),
                        std::to_string(valid[i]));
    Session at = models[i].model();
    if (!reached[i]) at.stopped = true;
    if (MaybeDifference found = compare_row(at, words.data() + i * stride, kinds[i], "tree"))
      return found;
  }
  return std::nullopt;
}

MaybeDifference Player::Impl::filter(const Action& action) {
  Session& s = session();
  std::vector<uint32_t> mask(action.tokens.empty() ? 0 : mask_words());
  std::set<int64_t> allowed;
  for (int32_t t : action.tokens) {
    if (t < 0 || t >= scenario.vocabulary.logits_size) continue;
    mask[static_cast<size_t>(t) / 32] |= 1u << t % 32;
    allowed.insert(t);
  }
  if (!action.tokens.empty() && allowed.empty()) return std::nullopt;
  if (!alone) {
    const Status status = s.matcher->set_filter(mask);
    if (status != Status::kOk) return bad_status("set_filter", status);
  }
  if (!s.filters.empty() && s.filters.back().first == s.pieces.size()) s.filters.pop_back();
  s.filters.emplace_back(s.pieces.size(), std::move(allowed));
  s.lent = nullptr;
  return std::nullopt;
}

MaybeDifference Player::Impl::forced() {
  if (alone) return std::nullopt;
  std::array<uint8_t, kMostForced> bytes;
  size_t size = 0;
  const Status status = session().matcher->forced_bytes(false, bytes, &size);
  if (status != Status::kOk) return bad_status("forced_bytes", status);
  const std::string actual(reinterpret_cast<const char*>(bytes.data()), size);
  const std::string expected = forced_after(session(), kMostForced);
  if (actual != expected) return difference("forced_bytes", quote(expected), quote(actual));
  return forced_tokens();
}

// What tokens have to spell before the text goes on, and the text behind that.
std::string Player::Impl::forced_text(const Session& s, std::string* text) {
  *text = s.prefix();
  if (!s.waits()) return s.unhealed();
  StartReading reading = s.reading();
  std::string out;
  if (!s.start.sequences[s.start.forced].bytes.empty()) {
    for (char byte : forced_bytes_left(s.start, reading)) {
      if (!reading.waits) break;
      out += byte;
      read_start(s.start, scenario.vocabulary, {-1, std::string(1, byte)}, &reading);
    }
  }
  *text = reading.text;
  return out;
}

// What the plain language has to go on with.
std::string Player::Impl::forced_after(const Session& s, size_t most) {
  Oracle& judge = *oracles[s.case_index];
  if (s.waits() && (s.stopped || !is_spent(s.start, s.reading()))) return "";
  std::string text;
  const std::string left = forced_text(s, &text);
  if (left.size() >= most) return left.substr(0, most);
  if (s.waits() && left.empty()) return "";
  most -= left.size();
  const size_t begin = text.size();
  while (!s.stopped && text.size() - begin < most && !judge.complete(text)) {
    const ByteSet next = judge.next_bytes(text);
    if (next.count() != 1 || judge.takes_whole_tokens(text)) break;
    size_t byte = 0;
    while (!next[byte]) ++byte;
    text.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  }
  return left + text.substr(begin);
}

MaybeDifference Player::Impl::forced_tokens() {
  std::array<int32_t, kMostForcedTokens> out;
  size_t count = 0;
  const Status status = session().matcher->forced_tokens(nullptr, out, &count);
  if (status != Status::kOk) return bad_status("forced_tokens", status);
  Session model = session().model();
  std::vector<int32_t> expected;
  for (bool more = true; more && !model.stopped;) {
    const size_t before = expected.size();
    add_longest(&model, &expected);
    if (expected.size() == before) add_only(&model, &expected);
    more = expected.size() > before;
  }
  const std::vector<int32_t> actual(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count));
  if (actual == expected) return std::nullopt;
  auto listed = [](const std::vector<int32_t>& ids) {
    std::string text;
    for (int32_t id : ids) text += std::to_string(id) + " ";
    return text;
  };
  return difference("forced_tokens", listed(expected), listed(actual));
}

// The longest tokens of the forced bytes, as long as no other token could take their place.
void Player::Impl::add_longest(Session* model, std::vector<int32_t>* out) {
  const std::vector<Token>& all = scenario.vocabulary.tokens;
  const std::string text = forced_after(*model, kMostForced);
  std::string end;
  const std::string left = forced_text(*model, &end);
  if (text.size() >= left.size()) end += text.substr(left.size());
  const ByteSet next = oracles[model->case_index]->next_bytes(end);
  for (size_t at = 0; at < text.size() && out->size() < kMostForcedTokens;) {
    int32_t longest = -1;
    size_t size = 0;
    for (size_t id = 0; id < all.size(); ++id) {
      if (!scenario.vocabulary.is_text(id)) continue;
      const std::string& bytes = all[id].bytes;
      const size_t rest = text.size() - at;
      if (bytes.size() > rest && bytes.compare(0, rest, text, at, rest) == 0 &&
          next[static_cast<unsigned char>(bytes[rest])])
        return;
      if (begins_with(text, at, bytes) && bytes.size() > size)
        longest = static_cast<int32_t>(id), size = bytes.size();
    }
    if (longest < 0 || !allowed_after(*model, longest)) return;
    go_on(model, longest);
    out->push_back(longest);
    at += size;
  }
}

void Player::Impl::add_only(Session* model, std::vector<int32_t>* out) {
  const std::string prefix = model->prefix();
  Oracle& judge = *oracles[model->case_index];
  const std::vector<bool>& text = judge.text_mask(prefix);
  const bool waits = model->waits();
  int32_t only = -1;
  for (int32_t id = 0; id < scenario.vocabulary.logits_size; ++id) {
    const bool in = waits                        ? waits_with(*model, id)
                    : !model->unhealed().empty() ? heals(*model, id)
                    : model->is_stop(id)         ? judge.complete(prefix)
                                                 : text[static_cast<size_t>(id)];
    if (!in || !model->passes(id)) continue;
    if (only >= 0) return;
    only = id;
  }
  if (only < 0 || model->is_stop(only) || out->size() == kMostForcedTokens) return;
  go_on(model, only);
  out->push_back(only);
}

// Every matcher takes a token, has its mask filled and goes back.
MaybeDifference Player::Impl::batch(const Action& action) {
  if (alone || action.tokens.empty()) return std::nullopt;
  const size_t n = sessions.size(), stride = mask_words();
  xgr::core::Batch batch(static_cast<int>(action.number % 4));
  std::vector<xgr::core::Matcher*> matchers;
  std::vector<int32_t> rows, tokens, accepted(n, -1), statuses(n, -1), kinds(n, -1);
  std::vector<size_t> steps;
  std::vector<uint32_t> words(n * stride, kGarbage);
  std::vector<Session> models;
  for (size_t i = 0; i < n; ++i) {
    matchers.push_back(sessions[i].matcher.get());
    rows.push_back(static_cast<int32_t>(n - 1 - i));
    tokens.push_back(action.tokens[i % action.tokens.size()]);
    models.push_back(sessions[i].model());
    sessions[i].lent = nullptr;
    const bool foreign = tokens[i] < 0 || tokens[i] >= scenario.vocabulary.logits_size;
    if (foreign && sessions[i].checks_ids) tokens[i] = 0;
    steps.push_back(allowed_after(models[i], tokens[i]) ? 1 : 0);
    if (steps[i] == 1) go_on(&models[i], tokens[i]);
  }
  auto failed = [&](const char* call, Status status) -> MaybeDifference {
    if (status != Status::kOk) return bad_status(call, status);
    for (int32_t each : statuses) {
      if (each != 0) return bad_status(call, static_cast<Status>(each));
    }
    return std::nullopt;
  };
  Status status = batch.accept_token(matchers, tokens.data(), accepted.data(), statuses.data());
  if (MaybeDifference found = failed("batch accept_token", status)) return found;
  for (size_t i = 0; i < n; ++i) {
    if (accepted[i] != static_cast<int32_t>(steps[i]))
      return difference("batch accept_token", std::to_string(steps[i]),
                        std::to_string(accepted[i]));
  }
  status =
      batch.fill(matchers, {words.data(), stride, n, rows.data()}, kinds.data(), statuses.data());
  if (MaybeDifference found = failed("batch fill", status)) return found;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t* row = words.data() + static_cast<size_t>(rows[i]) * stride;
    if (MaybeDifference found = compare_row(models[i], row, kinds[i], "batch")) return found;
  }
  status = batch.rollback(matchers, steps.data(), statuses.data());
  return failed("batch rollback", status);
}

// All threads see what one alone sees, whatever becomes of clones meanwhile.
MaybeDifference Player::Impl::at_once() {
  if (alone) return std::nullopt;
  const xgr::core::Matcher& matcher = *session().matcher;
  const size_t n = mask_words();
  std::vector<uint32_t> expected(n);
  MaskKind expected_kind = MaskKind::kSome;
  matcher.fill_bitmask(expected.data(), n, &expected_kind);
  std::atomic<int> wrong{0};
  auto look = [&](int32_t token) {
    std::vector<uint32_t> words(n);
    MaskKind kind = MaskKind::kSome;
    for (int i = 0; i < 3; ++i, ++token) {
      bool allowed = false;
      const std::unique_ptr<xgr::core::Matcher> copy = matcher.clone();
      copy->accept_token(token, &allowed);
      const bool in = token < scenario.vocabulary.logits_size &&
                      (expected[static_cast<size_t>(token) / 32] >> token % 32 & 1) &&
                      expected_kind != MaskKind::kTerminated;
      if (allowed != in) ++wrong;
      if (matcher.fill_bitmask(words.data(), n, &kind) != Status::kOk || words != expected) ++wrong;
      if (matcher.is_accepting() != copy_accepts(matcher)) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (int32_t t = 0; t < 3; ++t) threads.emplace_back([&, t] { look(t * 5); });
  for (std::thread& t : threads) t.join();
  if (wrong == 0) return std::nullopt;
  return difference("several threads at once", "the same answers", "others");
}

bool Player::Impl::copy_accepts(const xgr::core::Matcher& matcher) {
  return matcher.clone()->is_accepting();
}

}  // namespace reference
