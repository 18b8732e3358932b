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
  std::vector<std::string> pieces;  // one for each step, empty for a stop token
  bool stopped = false;             // the last step is a stop token
  bool checks_ids = false;          // ids outside the vocabulary are errors
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
    out.pieces = pieces;
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
  std::string prefix() const {
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
  // The session goes on with an allowed token; without its matcher.
  void go_on(Session* s, int64_t token) const {
    const auto id = static_cast<uint32_t>(token);
    s->stopped = s->is_stop(token);
    if (s->stopped) {
      s->pieces.push_back("");
    } else if (s->unhealed().empty() && oracles[s->case_index]->asks_for(id)) {
      s->pieces.push_back(Oracle::whole_token(id));
    } else {
      s->pieces.push_back(scenario.vocabulary.tokens[id].bytes);
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
  bool can_spell(const Session& s) const;
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
