// What a player knows while it plays: sessions of the library, and the model that judges them.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/compiler.h"
#include "matcher/matcher.h"
#include "scenario.h"

namespace reference {

constexpr uint32_t kGarbage = 0xA5A5A5A5;

inline std::string yes_no(bool answer) { return answer ? "yes" : "no"; }

struct Session {
  size_t case_index = 0;
  std::vector<int32_t> stops;
  std::string heal;                 // what the tokens spell before the text
  StartPlan start;                  // what it waits for before that
  std::vector<std::string> pieces;  // one for each step, empty for a stop token
  std::vector<int64_t> tokens;      // likewise; -1: bytes. Those behind the last piece do not count
  const Vocabulary* vocabulary = nullptr;
  mutable std::vector<StartReading> readings;  // after each step, as far as known
  bool stopped = false;                        // the last step is a stop token
  bool checks_ids = false;                     // ids outside the vocabulary are errors
  std::unique_ptr<xgr::core::Matcher> matcher;
  // Sets of tokens that are laid over the output, each from a step on; empty: none.
  std::vector<std::pair<size_t, std::set<int64_t>>> filters;
  const uint32_t* lent = nullptr;  // by the matcher, as long as it stays as it is
  std::vector<uint32_t> lent_copy;

  bool lent_is_intact() const {
    return !lent || std::equal(lent_copy.begin(), lent_copy.end(), lent);
  }
  bool passes(int64_t token) const {
    return filters.empty() || filters.back().second.empty() ||
           filters.back().second.count(token) != 0;
  }
  void undo_filters() {
    while (!filters.empty() && filters.back().first > pieces.size()) filters.pop_back();
  }
  // What the session says, to go on from without a matcher.
  Session model() const {
    Session out;
    out.case_index = case_index;
    out.stops = stops;
    out.heal = heal;
    out.start = start;
    out.pieces = pieces;
    out.tokens = tokens;
    out.vocabulary = vocabulary;
    out.stopped = stopped;
    out.checks_ids = checks_ids;
    out.filters = filters;
    return out;
  }
  std::string spelled() const {
    std::string out;
    for (const std::string& piece : pieces) out += piece;
    return out;
  }
  void push(const std::string& piece, int64_t token) {
    tokens.resize(pieces.size());
    readings.resize(std::min(readings.size(), pieces.size() + 1));
    tokens.push_back(token);
    pieces.push_back(piece);
  }
  // What the steps come to where it waits for something at first.
  const StartReading& reading() const {
    if (readings.empty()) readings.emplace_back();
    for (size_t i = readings.size() - 1; i < pieces.size(); ++i) {
      StartReading next = readings[i];
      read_start(start, *vocabulary, {tokens[i], pieces[i]}, &next);
      readings.push_back(std::move(next));
    }
    return readings[pieces.size()];
  }
  bool waits() const { return start.given() && reading().waits; }
  std::string prefix() const {
    if (start.given()) return reading().text;
    const std::string all = spelled();
    return all.size() < heal.size() ? "" : all.substr(heal.size());
  }
  std::string unhealed() const { return heal.substr(std::min(heal.size(), spelled().size())); }
  // What `piece` adds to the text; none where it is not what comes before that.
  std::optional<std::string> behind(const std::string& piece) const {
    const std::string left = unhealed();
    const size_t n = std::min(left.size(), piece.size());
    if (left.compare(0, n, piece, 0, n) != 0) return std::nullopt;
    return piece.substr(n);
  }
  bool is_stop(int64_t token) const {
    return std::find(stops.begin(), stops.end(), token) != stops.end();
  }
};

struct Player::Impl {
  Impl(const Scenario& s, Mode mode) : scenario(s), alone(mode == kOracleOnly) {}

  Session& session() { return sessions[current]; }
  Oracle& oracle() { return *oracles[session().case_index]; }

  bool allowed(int64_t token) { return allowed_after(session(), token); }
  bool allowed_after(const Session& s, int64_t token) {
    if (s.stopped || token < 0 || token >= scenario.vocabulary.logits_size) return false;
    if (!s.passes(token)) return false;
    const std::string prefix = s.prefix();
    Oracle& judge = *oracles[s.case_index];
    if (!s.unhealed().empty()) return heals(s, token);
    if (s.waits()) return waits_with(s, token);
    if (s.is_stop(token)) return judge.complete(prefix);
    return judge.text_mask(prefix)[static_cast<size_t>(token)];
  }
  // Whether a token goes on with what comes before the text.
  bool heals(const Session& s, int64_t token) {
    const auto id = static_cast<size_t>(token);
    if (s.is_stop(token) || id >= scenario.vocabulary.tokens.size()) return false;
    const std::string& bytes = scenario.vocabulary.tokens[id].bytes;
    if (!scenario.vocabulary.is_text(id) || bytes.empty()) return false;
    const std::optional<std::string> rest = s.behind(bytes);
    return rest && rest->find('\xFF') == std::string::npos &&
           (rest->empty() || oracles[s.case_index]->viable(*rest));
  }
  // What the step leads to while the output waits: no, or a way on.
  bool goes_on_waiting(const Session& s, const StartStep& step) {
    StartReading reading = s.reading();
    if (!start_allows(s.start, reading, step)) return false;
    read_start(s.start, scenario.vocabulary, step, &reading);
    return reading.waits || (reading.text.find('\xFF') == std::string::npos &&
                             oracles[s.case_index]->viable(reading.text));
  }
  bool waits_with(const Session& s, int64_t token) {
    if (s.is_stop(token)) return s.start.may_end && !is_spent(s.start, s.reading());
    const auto id = static_cast<size_t>(token);
    if (!is_used(scenario.vocabulary, token)) return false;
    const bool text = scenario.vocabulary.is_text(id);
    return goes_on_waiting(s, {token, text ? scenario.vocabulary.tokens[id].bytes : ""});
  }
  bool complete(const Session& s) {
    if (s.waits()) return s.start.may_end && !is_spent(s.start, s.reading());
    return s.unhealed().empty() && oracles[s.case_index]->complete(s.prefix());
  }
  // The session goes on with an allowed token; without its matcher.
  void go_on(Session* s, int64_t token) const {
    const auto id = static_cast<uint32_t>(token);
    const bool is_text = scenario.vocabulary.is_text(id);
    if (s->is_stop(token)) {
      s->push("", token);
      s->stopped = true;
    } else if (s->unhealed().empty() && !s->waits() && oracles[s->case_index]->asks_for(id)) {
      s->push(Oracle::whole_token(id), token);
    } else {
      s->push(is_text ? scenario.vocabulary.tokens[id].bytes : "", token);
    }
  }

  // What a call with a token id comes to.
  xgr::core::Status status_for(int64_t token) {
    const bool foreign = token < 0 || token >= scenario.vocabulary.logits_size;
    return foreign && session().checks_ids ? xgr::core::Status::kInvalidArgument
                                           : xgr::core::Status::kOk;
  }

  Difference difference(std::string what, std::string expected, std::string actual) {
    Difference d{std::move(what), std::move(expected), std::move(actual), "", 0};
    if (!sessions.empty()) {
      d.prefix = session().prefix();
      d.case_index = session().case_index;
    }
    return d;
  }
  Difference bad_status(const std::string& call, xgr::core::Status status) {
    return difference(call, "ok", "status " + std::to_string(static_cast<int>(status)));
  }

  MaybeDifference create_compiler();
  MaybeDifference compile(size_t index);
  MaybeDifference open(const Action& action);
  bool can_spell(const Session& s, const std::string& bytes) const;
  bool can_start(const Session& s, const StartPlan& plan);
  std::string forced_text(const Session& s, std::string* text);
  MaybeDifference fill();
  MaybeDifference compare_row_of_the_end(const std::vector<uint32_t>& words);
  MaybeDifference lend(const std::vector<uint32_t>& mask);
  MaybeDifference compare_mask(const std::vector<uint32_t>& words, xgr::core::MaskKind kind);
  MaybeDifference query(int64_t token);
  MaybeDifference token(int64_t token);
  MaybeDifference bytes(const std::string& piece);
  MaybeDifference rollback(int64_t steps);
  MaybeDifference standing();
  // scenario_serving.cc
  size_t mask_words() const {
    return (static_cast<size_t>(scenario.vocabulary.logits_size) + 31) / 32;
  }
  MaybeDifference compare_row(const Session& s, const uint32_t* words, int32_t kind,
                              const char* what);
  MaybeDifference tokens(const std::vector<int32_t>& several);
  MaybeDifference draft(const std::vector<int32_t>& several);
  MaybeDifference tree(const Action& action);
  MaybeDifference filter(const Action& action);
  MaybeDifference forced();
  std::string forced_after(const Session& s, size_t most);
  MaybeDifference forced_tokens();
  void add_longest(Session* model, std::vector<int32_t>* out);
  void add_only(Session* model, std::vector<int32_t>* out);
  MaybeDifference batch(const Action& action);
  MaybeDifference at_once();
  static bool copy_accepts(const xgr::core::Matcher& matcher);

  const Scenario& scenario;
  const bool alone;  // there is no library
  std::unique_ptr<xgr::core::Compiler> compiler;
  std::vector<std::shared_ptr<const xgr::core::CompiledGrammar>> grammars;
  std::vector<Case> cases;  // with their tokens
  std::vector<std::unique_ptr<Oracle>> oracles;
  std::vector<Session> sessions;
  size_t current = 0;
  std::set<std::pair<size_t, std::string>> compared;
  size_t masks = 0;
};

}  // namespace reference
