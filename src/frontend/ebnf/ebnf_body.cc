// Parses the bodies of rules.
//
// Entry point: EbnfBodyParser::parse. There is no recursion: open groups are frames on a stack, and
// the elements and alternatives of all of them share two more stacks. A group that is not repeated
// leaves its elements where they are, as if its parentheses were not written, which keeps a tower
// of 100,000 groups linear. A look-ahead (= ...) is parsed like a group and then forgotten: it is a
// hint of what follows the rule, and never restricts it.
//
//   "a" ("b" | [0-9]+) (= "c")  ->  seq(a, alt(b, plus(0-9)))
//
// Tests: tests/unit/frontend/ebnf_test.cc, tests/cases/ebnf/.
#include "frontend/ebnf/ebnf_body.h"

#include <string>

#include "frontend/ebnf/ebnf_macros.h"
#include "support/error_text.h"

namespace xgr::core {

Result<Expr> EbnfBodyParser::parse() {
  frames_.assign(1, Frame{s_.token().begin, 0, 0});
  parts_.clear();
  branches_.clear();
  look_ahead_ = 0;
  while (!at_end()) {
    if (MaybeError e = item()) return *std::move(e);
  }
  if (frames_.size() > 1) {
    return s_.invalid("the group that begins here is not closed by ')'; found " + s_.found(),
                      frames_.back().open);
  }
  if (MaybeError e = end_branch()) return *std::move(e);
  return grammar_.pool.alt(branches_);
}

MaybeError EbnfBodyParser::item() {
  switch (s_.kind()) {
    case EbnfTokenKind::kString:
      return string();
    case EbnfTokenKind::kClass:
      return character_class();
    case EbnfTokenKind::kIdentifier:
      return identifier();
    case EbnfTokenKind::kTokenLiteral:
      return token_literal();
    case EbnfTokenKind::kOpen:
      return open_group();
    case EbnfTokenKind::kClose:
      return close_group();
    case EbnfTokenKind::kBar:
      return bar();
    case EbnfTokenKind::kStar:
    case EbnfTokenKind::kPlus:
    case EbnfTokenKind::kQuestion:
    case EbnfTokenKind::kCount:
      return s_.invalid(s_.found() +
                            " has no element to repeat before it; after another repetition, "
                            "write a group: (x+)*",
                        s_.token().begin);
    case EbnfTokenKind::kOther:
      return refuse_character();
    case EbnfTokenKind::kDefine:
    case EbnfTokenKind::kAttributes:
    case EbnfTokenKind::kEnd:
      break;
  }
  return s_.expected("an element, '|' or a rule");
}

MaybeError EbnfBodyParser::refuse_character() const {
  std::string_view rest = s_.text().substr(s_.token().begin);
  if (rest.starts_with('<') || rest.starts_with("!<")) {
    return s_.invalid("a token is written <[1000]> or <name>, on one line", s_.token().begin);
  }
  return s_.expected("a rule name, \"text\", [class], '(' or '|'");
}

MaybeError EbnfBodyParser::bar() {
  if (in_look_ahead()) return refuse_in_look_ahead("a choice");
  if (MaybeError e = end_branch()) return e;
  s_.advance();
  frames_.back().branch_done = false;
  return std::nullopt;
}

MaybeError EbnfBodyParser::string() {
  Result<std::string> text = decode_ebnf_string(s_.text(), s_.token(), s_.gbnf());
  if (!text.ok()) return std::move(text.error());
  if (in_look_ahead() && text.value().empty()) return refuse_in_look_ahead("\"\"");
  s_.advance();
  return add_element(grammar_.pool.literal(text.value()));
}

MaybeError EbnfBodyParser::character_class() {
  Result<CharSet> set = decode_ebnf_class(s_.text(), s_.token(), s_.gbnf());
  if (!set.ok()) return std::move(set.error());
  s_.advance();
  return add_element(grammar_.pool.char_class(set.value()));
}

// A macro, a rule, or the dot of GBNF. A rule may have the name of a macro.
MaybeError EbnfBodyParser::identifier() {
  const EbnfToken& token = s_.token();
  std::string_view name = s_.spelling(token);
  const RuleId* rule = s_.find_rule(name);
  bool called = s_.kind(1) == EbnfTokenKind::kOpen && s_.token(1).begin == token.end;
  if (called && !rule && !s_.gbnf() && is_ebnf_macro(name)) {
    bool tokens = name == "Token" || name == "ExcludeToken";
    if (in_look_ahead() && !tokens) return refuse_in_look_ahead("a macro");
    Result<Expr> macro = ebnf_macro(s_, grammar_, limits_);
    if (!macro.ok()) return std::move(macro.error());
    return add_element(macro.value());
  }
  if (!rule && name == ".") {
    s_.advance();
    return add_element(grammar_.pool.char_class(CharSet::all()));
  }
  Result<RuleId> found = s_.rule(name, token.begin);
  if (!found.ok()) return std::move(found.error());
  s_.advance();
  return add_element(grammar_.pool.call(found.value()));
}

MaybeError EbnfBodyParser::token_literal() {
  Result<Expr> token = ebnf_token_literal(s_, grammar_, options_);
  if (!token.ok()) return std::move(token.error());
  return add_element(token.value());
}

// Adds an element of the current alternative, with the repetition that follows it.
MaybeError EbnfBodyParser::add_element(Expr element) {
  if (MaybeError e = take_repetition(&element)) return e;
  parts_.push_back(element);
  return check_size();
}

bool EbnfBodyParser::repeated() const {
  return s_.kind() == EbnfTokenKind::kStar || s_.kind() == EbnfTokenKind::kPlus ||
         s_.kind() == EbnfTokenKind::kQuestion || s_.kind() == EbnfTokenKind::kCount;
}

// One repetition; GBNF takes as many as there are.
MaybeError EbnfBodyParser::take_repetition(Expr* element) {
  while (repeated()) {
    EbnfCount count = one_repetition();
    *element = grammar_.pool.repeat(*element, count.min, count.max);
    if (!s_.gbnf()) break;
    if (MaybeError e = check_size()) return e;
  }
  return std::nullopt;
}

EbnfCount EbnfBodyParser::one_repetition() {
  EbnfCount count{0, kUnbounded};
  if (s_.kind() == EbnfTokenKind::kPlus) count.min = 1;
  if (s_.kind() == EbnfTokenKind::kQuestion) count.max = 1;
  if (s_.kind() == EbnfTokenKind::kCount) {
    size_t pos = s_.token().begin;
    count = decode_ebnf_count(s_.text(), &pos).value();  // the lexer has checked it
  }
  s_.advance();
  return count;
}

MaybeError EbnfBodyParser::open_group() {
  const EbnfToken& t = s_.token();
  bool ahead = !s_.gbnf() && s_.at_character('=', 1);
  if (ahead && frames_.size() > 1) {
    return s_.invalid("a look-ahead (= ...) can only stand at the end of a rule", t.begin);
  }
  if (frames_.size() > limits_.max_nesting) {
    return s_.error(
        Status::kLimitExceeded,
        "groups are nested deeper than " +
            limit_text("max_nesting", limits_.max_nesting, "move inner groups into rules"),
        t.begin);
  }
  s_.advance(ahead ? 2 : 1);
  frames_.push_back({t.begin, parts_.size(), branches_.size()});
  if (ahead) look_ahead_ = frames_.size();
  if (s_.kind() != EbnfTokenKind::kClose) return std::nullopt;
  if (in_look_ahead()) return refuse_in_look_ahead("an empty group");
  parts_.push_back(grammar_.pool.epsilon());
  return std::nullopt;
}

MaybeError EbnfBodyParser::close_group() {
  if (frames_.size() == 1) return s_.invalid("')' closes no group", s_.token().begin);
  if (look_ahead_ == frames_.size()) return close_look_ahead();
  const Frame group = frames_.back();
  bool one_branch = branches_.size() == group.branches;
  if (!one_branch || parts_.size() == group.parts) {
    if (MaybeError e = end_branch()) return e;
  }
  s_.advance();
  frames_.pop_back();
  bool plain = !repeated();
  if (plain && one_branch) return std::nullopt;  // its elements continue the outer alternative
  if (plain && stands_alone()) {
    frames_.back().branch_done = true;  // its alternatives become the outer group's
    return std::nullopt;
  }
  if (one_branch) fold_branch(group);
  std::span<const Expr> all(branches_);
  Expr body = grammar_.pool.alt(all.subspan(group.branches));
  branches_.resize(group.branches);
  return add_element(body);
}

MaybeError EbnfBodyParser::close_look_ahead() {
  parts_.resize(frames_.back().parts);
  frames_.pop_back();
  look_ahead_ = 0;
  s_.advance();
  if (at_end()) return std::nullopt;
  return s_.expected("the end of the rule behind its look-ahead (= ...)");
}

MaybeError EbnfBodyParser::refuse_in_look_ahead(const char* what) const {
  return s_.invalid(std::string(what) + " cannot stand in a look-ahead (= ...)", s_.token().begin);
}

// The group just closed is a whole alternative of the group around it.
bool EbnfBodyParser::stands_alone() const {
  if (parts_.size() != frames_.back().parts) return false;
  return s_.kind() == EbnfTokenKind::kBar || s_.kind() == EbnfTokenKind::kClose || at_end();
}

MaybeError EbnfBodyParser::end_branch() {
  Frame& frame = frames_.back();
  if (frame.branch_done) return std::nullopt;
  if (parts_.size() == frame.parts) {
    if (!s_.gbnf()) return s_.expected("an element (an empty alternative is written \"\")");
    parts_.push_back(grammar_.pool.epsilon());
  }
  fold_branch(frame);
  return check_size();
}

// Moves the elements of the current alternative to the stack of alternatives, as one.
void EbnfBodyParser::fold_branch(const Frame& frame) {
  std::span<const Expr> all(parts_);
  branches_.push_back(grammar_.pool.seq(all.subspan(frame.parts)));
  parts_.resize(frame.parts);
}

MaybeError EbnfBodyParser::check_size() const {
  if (grammar_.pool.size() <= limits_.max_expressions) return std::nullopt;
  return s_.error(Status::kLimitExceeded,
                  "the grammar needs more nodes than " +
                      limit_text("max_expressions", limits_.max_expressions, "split the grammar"),
                  s_.token().begin);
}

}  // namespace xgr::core
