// Parses EBNF text (also GBNF as llama.cpp writes it) into a Grammar.
//
// Entry point: parse_ebnf (frontend.h). Rules are declared in a first pass over the tokens, so that
// their numbers follow the order of the text; bodies are parsed in a second one. There is no
// recursion: open groups are frames on a stack, and the elements and alternatives of all of them
// share two more stacks. A group that is not repeated leaves its elements where they are, as if its
// parentheses were not written, which keeps a tower of 100,000 groups linear.
//
//   Result<Grammar> g = parse_ebnf("root ::= \"a\" root? \"b\"", "root", Limits());
//
// Tests: tests/unit/frontend/ebnf_test.cc, tests/cases/ebnf/.
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/ebnf/ebnf_lexer.h"
#include "frontend/frontend.h"

namespace xgr {
namespace {

using Kind = EbnfTokenKind;

constexpr std::array<std::string_view, 6> kMacros = {"ExcludeToken", "Regex", "Substring",
                                                     "TagDispatch",  "Token", "TokenTagDispatch"};

class EbnfParser {
 public:
  EbnfParser(std::string_view text, std::vector<EbnfToken> tokens, const Limits& limits)
      : text_(text), tokens_(std::move(tokens)), limits_(limits) {}

  Result<Grammar> run(std::string_view root_rule) {
    if (MaybeError e = declare_rules()) return *std::move(e);
    while (kind() != Kind::kEnd) {
      if (MaybeError e = parse_rule()) return *std::move(e);
    }
    if (MaybeError e = find_root(root_rule)) return *std::move(e);
    return std::move(grammar_);
  }

 private:
  // An open group, or the body of a rule.
  struct Frame {
    uint32_t open;             // offset of the parenthesis
    size_t parts, branches;    // where its elements and alternatives begin on the stacks
    bool branch_done = false;  // the current alternative is already on the stack of alternatives
  };

  const EbnfToken& token(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  Kind kind(size_t ahead = 0) const { return token(ahead).kind; }
  std::string_view spelling(const EbnfToken& t) const {
    return text_.substr(t.begin, t.end - t.begin);
  }
  Error error(Status code, std::string message, size_t offset) const {
    return error_at(code, std::move(message), text_, offset);
  }
  Error expected(const std::string& what) const {
    return error(Status::kInvalidSource, "expected " + what + ", found " + found(), token().begin);
  }

  std::string found() const {
    const EbnfToken& t = token();
    if (t.kind == Kind::kEnd) return "end of text";
    if (at_rule()) return "the next rule, " + std::string(spelling(t)) + " ::=";
    if (t.kind == Kind::kOther) return show_character(text_, t.begin);
    std::string_view s = spelling(t);
    if (s.size() <= 40) return "'" + std::string(s) + "'";
    size_t cut = 40;
    while ((static_cast<unsigned char>(s[cut]) & 0xC0) == 0x80) --cut;
    return "'" + std::string(s.substr(0, cut)) + "...'";
  }

  // At "name ::=" or "name[attributes] ::=".
  bool at_rule() const { return defines_rule(at_); }
  bool defines_rule(size_t i) const {
    auto kind_of = [&](size_t k) { return k < tokens_.size() ? tokens_[k].kind : Kind::kEnd; };
    if (kind_of(i) != Kind::kIdentifier) return false;
    return kind_of(i + 1) == Kind::kDefine ||
           (kind_of(i + 1) == Kind::kClass && kind_of(i + 2) == Kind::kDefine);
  }

  MaybeError declare_rules() {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (!defines_rule(i)) continue;
      const EbnfToken& name = tokens_[i];
      std::string shown(spelling(name));
      if (!name.first_on_line) {
        return error(Status::kInvalidSource,
                     "the rule " + shown + " must begin on a line of its own", name.begin);
      }
      if (tokens_[i + 1].kind == Kind::kClass) {
        return error(Status::kUnsupported,
                     "rule attributes such as " + std::string(spelling(tokens_[i + 1])) +
                         " are not supported; write " + shown + " ::= ...",
                     tokens_[i + 1].begin);
      }
      if (shown == "true" || shown == "false") {
        return error(Status::kInvalidSource, shown + " is reserved and cannot name a rule",
                     name.begin);
      }
      auto [it, fresh] = rule_ids_.try_emplace(spelling(name), RuleId{0});
      if (!fresh) {
        Error first = error(Status::kInvalidSource, "", rule_offsets_[it->second]);
        return error(
            Status::kInvalidSource,
            "the rule " + shown + " is defined twice, first in line " + std::to_string(first.line),
            name.begin);
      }
      it->second = grammar_.add_rule(shown);
      rule_offsets_.push_back(name.begin);
    }
    return std::nullopt;
  }

  MaybeError find_root(std::string_view root_rule) {
    auto it = rule_ids_.find(root_rule);
    if (it == rule_ids_.end()) {
      return error(Status::kInvalidSource,
                   "no rule is named " + std::string(root_rule) +
                       "; the grammar begins there, write " + std::string(root_rule) + " ::= ...",
                   0);
    }
    grammar_.root = it->second;
    return std::nullopt;
  }

  MaybeError parse_rule() {
    if (!at_rule()) return expected("a rule, name ::= body");
    RuleId rule = rule_ids_.find(spelling(token()))->second;
    at_ += 2;
    frames_.assign(1, Frame{token().begin, 0, 0});
    parts_.clear();
    branches_.clear();
    while (kind() != Kind::kEnd && !at_rule()) {
      if (MaybeError e = parse_item()) return e;
    }
    if (frames_.size() > 1) {
      return error(Status::kInvalidSource,
                   "the group that begins here is not closed by ')'; found " + found(),
                   frames_.back().open);
    }
    if (MaybeError e = end_branch()) return e;
    grammar_.define(rule, grammar_.pool.alt(branches_));
    return std::nullopt;
  }

  MaybeError parse_item() {
    switch (kind()) {
      case Kind::kString:
        return parse_string();
      case Kind::kClass:
        return parse_class();
      case Kind::kIdentifier:
        return parse_reference();
      case Kind::kOpen:
        return open_group();
      case Kind::kClose:
        return close_group();
      case Kind::kBar: {
        if (MaybeError e = end_branch()) return e;
        ++at_;
        frames_.back().branch_done = false;
        return std::nullopt;
      }
      case Kind::kStar:
      case Kind::kPlus:
      case Kind::kQuestion:
      case Kind::kCount:
        return error(Status::kInvalidSource,
                     found() +
                         " has no element to repeat before it; after another repetition, "
                         "write a group: (x+)*",
                     token().begin);
      case Kind::kOther:
        return refuse_character();
      case Kind::kDefine:
      case Kind::kEnd:
        break;
    }
    return expected("an element, '|' or a rule");
  }

  MaybeError refuse_character() const {
    std::string_view rest = text_.substr(token().begin);
    if (rest.starts_with('<') || rest.starts_with("!<")) {
      return error(Status::kUnsupported,
                   "token literals such as <name> or <[id]> are not supported", token().begin);
    }
    return expected("a rule name, \"text\", [class], '(' or '|'");
  }

  MaybeError parse_string() {
    Result<std::string> s = decode_ebnf_string(text_, token());
    if (!s.ok()) return std::move(s.error());
    ++at_;
    return add_element(grammar_.pool.literal(s.value()));
  }

  MaybeError parse_class() {
    Result<CharSet> set = decode_ebnf_class(text_, token());
    if (!set.ok()) return std::move(set.error());
    ++at_;
    return add_element(grammar_.pool.char_class(set.value()));
  }

  MaybeError parse_reference() {
    std::string_view name = spelling(token());
    bool called = kind(1) == Kind::kOpen && token(1).begin == token().end;
    for (std::string_view macro : kMacros) {
      if (called && name == macro) {
        return error(Status::kUnsupported,
                     "the macro " + std::string(name) + "(...) is not supported", token().begin);
      }
    }
    auto it = rule_ids_.find(name);
    if (it != rule_ids_.end()) {
      ++at_;
      return add_element(grammar_.pool.call(it->second));
    }
    if (name == ".") {  // GBNF: any character
      ++at_;
      return add_element(grammar_.pool.char_class(CharSet::all()));
    }
    return error(Status::kInvalidSource,
                 "the rule " + std::string(name) + " is not defined; add a line " +
                     std::string(name) + " ::= ...",
                 token().begin);
  }

  // Adds an element of the current alternative, with the repetition that follows it.
  MaybeError add_element(Expr element) {
    EbnfCount count{1, 1};
    if (MaybeError e = take_repetition(&count)) return e;
    parts_.push_back(grammar_.pool.repeat(element, count.min, count.max));
    return check_size();
  }

  // Reads * + ? {n,m} when one follows; {1,1} otherwise.
  MaybeError take_repetition(EbnfCount* count) {
    switch (kind()) {
      case Kind::kStar:
        *count = {0, kUnbounded};
        break;
      case Kind::kPlus:
        *count = {1, kUnbounded};
        break;
      case Kind::kQuestion:
        *count = {0, 1};
        break;
      case Kind::kCount: {
        size_t pos = token().begin;
        *count = decode_ebnf_count(text_, &pos).value();  // the lexer has checked it
        break;
      }
      default:
        return std::nullopt;
    }
    ++at_;
    return std::nullopt;
  }

  MaybeError open_group() {
    const EbnfToken& t = token();
    if (kind(1) == Kind::kOther && text_[token(1).begin] == '=') {
      return error(Status::kUnsupported, "the look-ahead (= ...) is not supported", t.begin);
    }
    if (frames_.size() > limits_.max_nesting) {
      return error(
          Status::kLimitExceeded,
          "groups are nested deeper than max_nesting (" + std::to_string(limits_.max_nesting) + ")",
          t.begin);
    }
    ++at_;
    frames_.push_back({t.begin, parts_.size(), branches_.size()});
    if (kind() == Kind::kClose) parts_.push_back(grammar_.pool.epsilon());
    return std::nullopt;
  }

  MaybeError close_group() {
    if (frames_.size() == 1) {
      return error(Status::kInvalidSource, "')' closes no group", token().begin);
    }
    const Frame group = frames_.back();
    bool one_branch = branches_.size() == group.branches;
    if (!one_branch || parts_.size() == group.parts) {
      if (MaybeError e = end_branch()) return e;
    }
    ++at_;
    EbnfCount count{1, 1};
    if (MaybeError e = take_repetition(&count)) return e;
    frames_.pop_back();
    bool plain = count.min == 1 && count.max == 1;
    if (plain && one_branch) return std::nullopt;  // its elements continue the outer alternative
    if (plain && stands_alone()) {
      frames_.back().branch_done = true;  // its alternatives become the outer group's
      return std::nullopt;
    }
    if (one_branch) fold_branch(group);
    std::span<const Expr> all(branches_);
    Expr body = grammar_.pool.alt(all.subspan(group.branches));
    branches_.resize(group.branches);
    parts_.push_back(grammar_.pool.repeat(body, count.min, count.max));
    return check_size();
  }

  // The group just closed is a whole alternative of the group around it.
  bool stands_alone() const {
    if (parts_.size() != frames_.back().parts) return false;
    return kind() == Kind::kBar || kind() == Kind::kClose || kind() == Kind::kEnd || at_rule();
  }

  MaybeError end_branch() {
    Frame& frame = frames_.back();
    if (frame.branch_done) return std::nullopt;
    if (parts_.size() == frame.parts) {
      return expected("an element (an empty alternative is written \"\")");
    }
    fold_branch(frame);
    return check_size();
  }

  // Moves the elements of the current alternative to the stack of alternatives, as one.
  void fold_branch(const Frame& frame) {
    std::span<const Expr> all(parts_);
    branches_.push_back(grammar_.pool.seq(all.subspan(frame.parts)));
    parts_.resize(frame.parts);
  }

  MaybeError check_size() const {
    if (grammar_.pool.size() <= limits_.max_expressions) return std::nullopt;
    return error(Status::kLimitExceeded,
                 "the grammar needs more than max_expressions (" +
                     std::to_string(limits_.max_expressions) + ") nodes",
                 token().begin);
  }

  std::string_view text_;
  std::vector<EbnfToken> tokens_;
  const Limits& limits_;
  size_t at_ = 0;
  Grammar grammar_;
  std::unordered_map<std::string_view, RuleId> rule_ids_;
  std::vector<uint32_t> rule_offsets_;
  std::vector<Frame> frames_;
  std::vector<Expr> parts_;
  std::vector<Expr> branches_;
};

}  // namespace

Result<Grammar> parse_ebnf(std::string_view text, std::string_view root_rule,
                           const Limits& limits) {
  size_t max_bytes = std::min<size_t>(limits.max_source_bytes, UINT32_MAX - 1);
  if (text.size() > max_bytes) {
    return error_at(
        Status::kLimitExceeded,
        "the grammar's text is longer than max_source_bytes (" + std::to_string(max_bytes) + ")",
        {}, 0);
  }
  if (size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    return error_at(Status::kInvalidSource, "the text is not valid UTF-8 from here on", text, bad);
  }
  Result<std::vector<EbnfToken>> tokens = lex_ebnf(text);
  if (!tokens.ok()) return std::move(tokens.error());
  return EbnfParser(text, std::move(tokens).value(), limits).run(root_rule);
}

}  // namespace xgr
