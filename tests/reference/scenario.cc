// Plays scripts against the library and the oracle.
//
// Entry points: Player, play_script. The model of a matcher is the list of accepted pieces; all
// answers follow from their concatenation: a token is allowed iff the oracle's mask has it, a stop
// token iff the prefix is complete. Nothing else is remembered, so rollback, reset, clones and warm
// caches are judged by the same rule as a fresh matcher.
// Test: this is the test; compare.cc drives it.
#include <algorithm>

#include "compiler/grammar_source.h"
#include "mask/warm_up.h"
#include "printer.h"
#include "scenario_impl.h"

namespace reference {
namespace {

bool known_bytes(const Vocabulary& vocabulary, const std::string& piece) {
  ByteSet known;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    if (!vocabulary.is_text(id)) continue;
    for (char byte : vocabulary.tokens[id].bytes) known.set(static_cast<unsigned char>(byte));
  }
  return std::all_of(piece.begin(), piece.end(),
                     [&known](char byte) { return known[static_cast<unsigned char>(byte)]; });
}

// A byte that stands for whole tokens in prefixes is in no text.
bool is_utf8_like(const std::string& bytes) { return bytes.find('\xFF') == std::string::npos; }

xgr::core::TokenKind library_kind(Kind kind) {
  switch (kind) {
    case Kind::kNormal:
      return xgr::core::TokenKind::kNormal;
    case Kind::kControl:
      return xgr::core::TokenKind::kControl;
    case Kind::kStop:
      return xgr::core::TokenKind::kStop;
    case Kind::kUnused:
      return xgr::core::TokenKind::kUnused;
  }
  return xgr::core::TokenKind::kUnused;
}

xgr::core::Compiler::Compiled compile_case(xgr::core::Compiler& compiler, const Case& source,
                                           bool reprint) {
  xgr::core::Compiler::Compiled compiled = [&] {
    switch (source.format) {
      case Format::kRegex:
        return compiler.compile_regex(source.text);
      case Format::kJsonSchema:
        return compiler.compile_json_schema(source.text, {});
      case Format::kBuiltinJson:
        return compiler.compile_builtin_json({});
      case Format::kStructuralTag:
        return compiler.compile(xgr::core::GrammarSource::structural_tag(source.text));
      case Format::kEbnf:
        break;
    }
    return compiler.compile_ebnf(
        source.text, source.has_syntax ? source.syntax.names[source.syntax.root] : "root");
  }();
  if (!compiled.ok() || !reprint) return compiled;
  const xgr::core::Result<std::string> printed = compiled.value()->to_ebnf();
  if (!printed.ok()) return printed.error();
  compiled = compiler.compile_ebnf(printed.value(), "root");
  if (!compiled.ok()) compiled.error().message += " [in the printed grammar]\n" + printed.value();
  return compiled;
}

xgr::core::StartOptions library_start(const StartPlan& plan) {
  xgr::core::StartOptions out;
  for (const StartPlan::Sequence& s : plan.sequences)
    out.sequences.push_back({s.bytes, s.tokens, s.implicit});
  out.forbidden = plan.forbidden;
  out.may_end = plan.may_end;
  if (plan.max_tokens >= 0) out.max_tokens = static_cast<uint32_t>(plan.max_tokens);
  out.forced = plan.forced;
  return out;
}

}  // namespace

Player::Player(const Scenario& scenario, Mode mode)
    : impl_(std::make_unique<Impl>(scenario, mode)) {}
Player::~Player() = default;

MaybeDifference Player::prepare() {
  const Scenario& scenario = impl_->scenario;
  for (const Case& source : scenario.cases) {
    impl_->cases.push_back(with_tokens(source, scenario.vocabulary));
    impl_->oracles.push_back(
        std::make_unique<Oracle>(impl_->cases.back().meaning, scenario.vocabulary));
  }
  impl_->grammars.resize(scenario.cases.size());
  if (impl_->alone) return std::nullopt;
  MaybeDifference found = impl_->create_compiler();
  for (size_t i = 0; !found && i < scenario.cases.size(); ++i) found = impl_->compile(i);
  return found;
}

MaybeDifference Player::Impl::create_compiler() {
  const Vocabulary& vocabulary = scenario.vocabulary;
  std::vector<std::string> texts;
  xgr::core::TokenizerInput input;
  for (const Token& token : vocabulary.tokens) {
    texts.push_back(spelled(vocabulary, token.bytes));
    input.kinds.push_back(static_cast<uint8_t>(library_kind(token.kind)));
  }
  for (const std::string& text : texts) input.tokens.push_back(text);
  input.stop_tokens = vocabulary.extra_stops;
  input.vocab_size = vocabulary.logits_size;
  input.vocab_type = vocabulary.spelling == Spelling::kRaw ? xgr::core::VocabType::kRaw
                                                           : xgr::core::VocabType::kByteLevel;
  auto tokenizer = xgr::core::Tokenizer::create(input);
  if (!tokenizer.ok()) return difference("tokenizer", "ok", tokenizer.error().message);
  xgr::core::CompilerOptions options;
  options.memory_budget_bytes = scenario.memory_budget;
  options.warm_up = static_cast<xgr::core::WarmUpLevel>(scenario.warm_up);
  options.threads = scenario.threads;
  auto created = xgr::core::Compiler::create(tokenizer.value(), options);
  if (!created.ok()) return difference("compiler", "ok", created.error().message);
  compiler = std::move(created).value();
  return std::nullopt;
}

MaybeDifference Player::Impl::compile(size_t index) {
  auto compiled = compile_case(*compiler, cases[index], scenario.reprint);
  const bool expected = oracles[index]->viable("");
  if (compiled.ok()) grammars[index] = compiled.value();
  const bool refused = !compiled.ok() && compiled.error().code == xgr::core::Status::kInvalidSource;
  if (expected ? compiled.ok() : refused) return std::nullopt;
  Difference d = difference("compile", expected ? "ok" : "refused: no string",
                            compiled.ok() ? "ok" : compiled.error().message);
  d.case_index = index;
  return d;
}

MaybeDifference Player::Impl::open(const Action& action) {
  const auto index = static_cast<size_t>(action.number);
  if (index >= oracles.size() || !oracles[index]->viable("")) return std::nullopt;
  Session s;
  s.case_index = index;
  if (action.override_stops) {
    s.stops = action.tokens;
  } else {
    for (size_t id = 0; id < scenario.vocabulary.tokens.size(); ++id) {
      if (scenario.vocabulary.is_stop(id)) s.stops.push_back(static_cast<int32_t>(id));
    }
  }
  s.checks_ids = sessions.size() % 2 != 0;
  s.heal = action.bytes;
  s.vocabulary = &scenario.vocabulary;
  if (can_start(s, action.start)) s.start = action.start;
  if (!alone) {
    xgr::core::MatcherOptions options;
    options.check_token_ids = s.checks_ids;
    options.has_stop_tokens = action.override_stops;
    if (action.override_stops) options.stop_tokens = action.tokens;
    options.prefetch = scenario.threads > 1;
    options.prefix = action.bytes;
    if (s.start.given()) options.start = library_start(s.start);
    auto matcher = xgr::core::Matcher::create(grammars[index], options);
    const bool ends = !s.stops.empty() && can_spell(s, s.heal);
    if (matcher.ok() != ends)
      return difference("create matcher", ends ? "ok" : "refused: no stop token, or a prefix",
                        matcher.ok() ? "ok" : matcher.error().message);
    if (ends) s.matcher = std::move(matcher).value();
  }
  if (s.stops.empty() || !can_spell(s, s.heal)) return std::nullopt;
  sessions.push_back(std::move(s));
  current = sessions.size() - 1;
  return std::nullopt;
}

// Whether each byte is a token.
bool Player::Impl::can_spell(const Session& s, const std::string& bytes) const {
  const std::vector<Token>& all = scenario.vocabulary.tokens;
  return std::all_of(bytes.begin(), bytes.end(), [&](char byte) {
    for (size_t id = 0; id < all.size() && byte != '\xFF'; ++id) {  // which no text has
      if (scenario.vocabulary.is_text(id) && all[id].bytes == std::string(1, byte) &&
          !s.is_stop(static_cast<int64_t>(id)))
        return true;
    }
    return false;
  });
}

// Whether it is plain that the library takes the plan; the others are for unit tests.
bool Player::Impl::can_start(const Session& s, const StartPlan& plan) {
  if (!plan.given() || !s.heal.empty() || plan.forced >= plan.sequences.size()) return false;
  auto is_forbidden = [&](int64_t id) {
    const auto& no = plan.forbidden;
    return std::find(no.begin(), no.end(), id) != no.end();
  };
  for (int64_t id : plan.forbidden) {
    const bool is_byte = is_used(scenario.vocabulary, id) &&
                         scenario.vocabulary.tokens[static_cast<size_t>(id)].bytes.size() == 1;
    if (!is_used(scenario.vocabulary, id) || is_byte || s.is_stop(id)) return false;
  }
  // Tokens that the grammar takes as text or as a whole are for unit tests, too.
  for (size_t id = 0; id < scenario.vocabulary.tokens.size(); ++id) {
    if (scenario.vocabulary.is_text(id) &&
        oracles[s.case_index]->asks_for(static_cast<uint32_t>(id)))
      return false;
  }
  bool has_way = false;
  for (size_t i = 0; i < plan.sequences.size(); ++i) {
    const StartPlan::Sequence& q = plan.sequences[i];
    std::string text = q.bytes;
    if (q.bytes.empty() == q.tokens.empty() || !can_spell(s, q.bytes)) return false;
    for (int32_t t : q.tokens) {
      if (!is_used(scenario.vocabulary, t) || s.is_stop(t) || is_forbidden(t)) return false;
      if (q.implicit && !scenario.vocabulary.is_text(static_cast<size_t>(t))) return false;
      text += scenario.vocabulary.tokens[static_cast<size_t>(t)].bytes;
    }
    if (q.implicit &&
        (text.find('\xFF') != std::string::npos || !oracles[s.case_index]->viable(text)))
      return false;
    const bool counts = plan.max_tokens < 0 || plan.forced == i;
    has_way = has_way || (counts && q.tokens.size() < 2);
  }
  return has_way;
}

MaybeDifference Player::Impl::fill() {
  if (alone) return std::nullopt;
  const size_t words = (static_cast<size_t>(scenario.vocabulary.logits_size) + 31) / 32;
  std::vector<uint32_t> mask(words + 1, kGarbage);
  xgr::core::MaskKind kind = xgr::core::MaskKind::kSome;
  const xgr::core::Status status = session().matcher->fill_bitmask(mask.data(), words, &kind);
  if (status != xgr::core::Status::kOk) return bad_status("fill_bitmask", status);
  if (mask[words] != kGarbage) return difference("word after the mask", "untouched", "written");
  if ((kind == xgr::core::MaskKind::kTerminated) != session().stopped) {
    return difference("mask says terminated", yes_no(session().stopped),
                      yes_no(!session().stopped));
  }
  if (session().stopped) return compare_row_of_the_end(mask);
  MaybeDifference found = compare_mask(mask, kind);
  mask.pop_back();
  return found ? found : lend(mask);
}

// The row of an ended output allows every token, and no bit beyond them is set. There is none to lend.
MaybeDifference Player::Impl::compare_row_of_the_end(const std::vector<uint32_t>& words) {
  const auto size = static_cast<size_t>(scenario.vocabulary.logits_size);
  for (size_t id = 0; id < (words.size() - 1) * 32; ++id) {
    const bool actual = (words[id / 32] >> (id % 32)) & 1;
    if (actual != (id < size))
      return difference("bit " + std::to_string(id) + " after the end", yes_no(id < size),
                        yes_no(actual));
  }
  const uint32_t* lent = words.data();
  xgr::core::MaskKind kind = xgr::core::MaskKind::kSome;
  const xgr::core::Status status = session().matcher->lend_bitmask(&lent, &kind);
  if (status != xgr::core::Status::kOk) return bad_status("lend_bitmask", status);
  if (lent == nullptr && kind == xgr::core::MaskKind::kTerminated) return std::nullopt;
  return difference("lent mask after the end", "none", "one");
}

// The lent mask is the filled one, and those of other matchers are still what they were.
MaybeDifference Player::Impl::lend(const std::vector<uint32_t>& mask) {
  const uint32_t* words = nullptr;
  xgr::core::MaskKind kind = xgr::core::MaskKind::kSome;
  const xgr::core::Status status = session().matcher->lend_bitmask(&words, &kind);
  if (status != xgr::core::Status::kOk) return bad_status("lend_bitmask", status);
  if (words == nullptr || !std::equal(mask.begin(), mask.end(), words)) {
    return difference("lent mask", "the filled one", "another");
  }
  if (session().lent && session().lent != words) {
    return difference("lent mask again", "in the same place", "elsewhere");
  }
  session().lent = words;
  session().lent_copy = mask;
  const bool intact = std::all_of(sessions.begin(), sessions.end(),
                                  [](const Session& s) { return s.lent_is_intact(); });
  if (!intact) return difference("masks lent before", "unchanged", "changed");
  return std::nullopt;
}

MaybeDifference Player::Impl::compare_mask(const std::vector<uint32_t>& words,
                                           xgr::core::MaskKind kind) {
  return compare_row(session(), words.data(), static_cast<int32_t>(kind), "fill_bitmask");
}

MaybeDifference Player::Impl::query(int64_t token) {
  if (alone) return std::nullopt;
  bool answer = false;
  const auto status = session().matcher->is_token_allowed(static_cast<int32_t>(token), &answer);
  if (status != status_for(token)) return bad_status("is_token_allowed", status);
  const bool expected = allowed(token);
  if (answer == expected) return std::nullopt;
  return difference("is_token_allowed(" + std::to_string(token) + ")", yes_no(expected),
                    yes_no(answer));
}

MaybeDifference Player::Impl::token(int64_t token) {
  const bool expected = allowed(token);
  bool accepted = expected;
  const auto status = alone
                          ? status_for(token)
                          : session().matcher->accept_token(static_cast<int32_t>(token), &accepted);
  if (status != status_for(token)) return bad_status("accept_token", status);
  if (accepted != expected) {
    return difference("accept_token(" + std::to_string(token) + ")", yes_no(expected),
                      yes_no(accepted));
  }
  if (!expected) return std::nullopt;
  session().lent = nullptr;
  go_on(&session(), token);
  return std::nullopt;
}

MaybeDifference Player::Impl::bytes(const std::string& piece) {
  // What bytes do that no token has is left open.
  if (!known_bytes(scenario.vocabulary, piece)) return std::nullopt;
  const std::optional<std::string> rest = session().behind(piece);
  const bool heals = rest && rest->empty() && !session().unhealed().empty();
  const bool expected =
      !session().stopped && rest &&
      (heals ||
       (session().waits() ? goes_on_waiting(session(), {-1, piece})
                          : is_utf8_like(*rest) && oracle().viable(session().prefix() + *rest)));
  bool accepted = expected;
  const auto status =
      alone ? xgr::core::Status::kOk : session().matcher->accept_bytes(piece, &accepted);
  if (status != xgr::core::Status::kOk) return bad_status("accept_bytes", status);
  if (accepted != expected) {
    return difference("accept_bytes(" + quote(piece) + ")", yes_no(expected), yes_no(accepted));
  }
  if (expected) session().push(piece, -1);
  if (expected) session().lent = nullptr;
  return std::nullopt;
}

MaybeDifference Player::Impl::rollback(int64_t steps) {
  const auto count = static_cast<size_t>(steps);
  const bool possible = count <= session().pieces.size();
  const auto wanted = possible ? xgr::core::Status::kOk : xgr::core::Status::kInvalidArgument;
  const auto status = alone ? wanted : session().matcher->rollback(count);
  if (status != wanted) {
    return difference("rollback(" + std::to_string(count) + ")",
                      possible ? "ok" : "invalid argument",
                      "status " + std::to_string(static_cast<int>(status)));
  }
  if (possible) session().lent = nullptr;
  if (possible && count > 0) {
    session().pieces.resize(session().pieces.size() - count);
    session().stopped = false;
    session().undo_filters();
  }
  return std::nullopt;
}

// What can be seen of the current matcher without asking for tokens.
MaybeDifference Player::Impl::standing() {
  if (alone) return std::nullopt;
  const Session& s = session();
  if (s.matcher->is_terminated() != s.stopped) {
    return difference("is_terminated", yes_no(s.stopped), yes_no(!s.stopped));
  }
  if (s.matcher->history_size() != s.pieces.size()) {
    return difference("history_size", std::to_string(s.pieces.size()),
                      std::to_string(s.matcher->history_size()));
  }
  const bool is_complete = s.stopped || complete(s);
  if (s.matcher->is_accepting() != is_complete) {
    return difference("is_accepting", yes_no(is_complete), yes_no(!is_complete));
  }
  if (s.matcher->is_waiting() != s.waits()) {
    return difference("is_waiting", yes_no(s.waits()), yes_no(!s.waits()));
  }
  return std::nullopt;
}

MaybeDifference Player::play(const Action& action) {
  Impl& impl = *impl_;
  if (action.kind != Action::kOpen && impl.sessions.empty()) return std::nullopt;
  MaybeDifference result;
  switch (action.kind) {
    case Action::kOpen:
      result = impl.open(action);
      break;
    case Action::kFill:
      result = impl.fill();
      break;
    case Action::kQuery:
      result = impl.query(action.number);
      break;
    case Action::kToken:
      result = impl.token(action.number);
      break;
    case Action::kBytes:
      result = impl.bytes(action.bytes);
      break;
    case Action::kRollback:
      result = impl.rollback(action.number);
      break;
    case Action::kReset:
      if (!impl.alone) impl.session().matcher->reset();
      impl.session().pieces.clear();
      impl.session().stopped = false;
      impl.session().lent = nullptr;
      impl.session().undo_filters();
      break;
    case Action::kTokens:
      result = impl.tokens(action.tokens);
      break;
    case Action::kDraft:
      result = impl.draft(action.tokens);
      break;
    case Action::kTree:
      result = impl.tree(action);
      break;
    case Action::kFilter:
      result = impl.filter(action);
      break;
    case Action::kForced:
      result = impl.forced();
      break;
    case Action::kBatch:
      result = impl.batch(action);
      break;
    case Action::kAtOnce:
      result = impl.at_once();
      break;
    case Action::kClone: {
      Session copy = impl.session().model();
      if (!impl.alone) copy.matcher = impl.session().matcher->clone();
      impl.sessions.push_back(std::move(copy));
      impl.current = impl.sessions.size() - 1;
      break;
    }
    case Action::kSwitch:
      impl.current = static_cast<size_t>(action.number) % impl.sessions.size();
      break;
  }
  if (result || impl.sessions.empty()) return result;
  return impl.standing();
}

bool Player::usable(size_t case_index) const { return impl_->oracles[case_index]->viable(""); }
Oracle& Player::oracle(size_t case_index) { return *impl_->oracles[case_index]; }
bool Player::is_open() const { return !impl_->sessions.empty(); }
size_t Player::case_index() const { return impl_->session().case_index; }
bool Player::terminated() const { return impl_->session().stopped; }
std::string Player::prefix() const { return impl_->session().prefix(); }
std::string Player::unhealed() const { return impl_->session().unhealed(); }
const StartPlan* Player::waits_for() const {
  return impl_->session().waits() ? &impl_->session().start : nullptr;
}
size_t Player::history_size() const { return impl_->session().pieces.size(); }
bool Player::allowed(int64_t token) { return impl_->allowed(token); }
size_t Player::states_compared() const { return impl_->compared.size(); }
size_t Player::masks_compared() const { return impl_->masks; }

MaybeDifference play_script(const Scenario& scenario) {
  Player player(scenario, Player::kLibraryAndOracle);
  MaybeDifference found = player.prepare();
  for (size_t i = 0; !found && i < scenario.script.size(); ++i)
    found = player.play(scenario.script[i]);
  return found;
}

}  // namespace reference
