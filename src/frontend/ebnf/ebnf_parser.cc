// Parses EBNF text, also GBNF as llama.cpp writes it, into a grammar.
//
// Entry points: parse_ebnf, ebnf_expr (frontend.h). Rules are declared in a first pass over the
// tokens, so that their numbers follow the order of the text; bodies are parsed in a second one
// (ebnf_body.cc), and what attributes ask for is done last. What only GBNF has decides the dialect
// when it is not chosen.
//
//   Result<Grammar> g = parse_ebnf("root ::= \"a\" root? \"b\"", "root", Limits());
//
// Tests: tests/unit/frontend/ebnf_test.cc, tests/cases/ebnf/.
#include <algorithm>
#include <string>
#include <vector>

#include "frontend/ebnf/ebnf_attributes.h"
#include "frontend/ebnf/ebnf_body.h"
#include "frontend/ebnf/ebnf_macros.h"
#include "frontend/ebnf/ebnf_notes.h"
#include "frontend/frontend.h"
#include "support/ascii.h"
#include "support/error_text.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxShownLine = 80;

bool begins_with_digit(std::string_view name) { return is_digit(name[0]); }

class EbnfParser {
 public:
  EbnfParser(EbnfSource& source, Grammar& grammar, const EbnfOptions& options, const Limits& limits)
      : s_(source), grammar_(grammar), limits_(limits), bodies_(source, grammar, options, limits) {}

  Result<RuleId> run(std::string_view root_rule) {
    if (MaybeError e = declare_rules()) return *std::move(e);
    while (s_.kind() != EbnfTokenKind::kEnd) {
      if (MaybeError e = parse_rule()) return *std::move(e);
    }
    RuleId failed = 0;
    if (MaybeError e = apply_settings(grammar_, settings_, limits_, &failed)) {
      auto it = std::find(rules_.begin(), rules_.end(), failed);
      return s_.error(e->code, std::move(e->message),
                      offsets_[static_cast<size_t>(it - rules_.begin())]);
    }
    const RuleId* root = s_.find_rule(root_rule);
    if (root) return *root;
    return s_.invalid("no rule is named " + std::string(root_rule) +
                          "; the grammar begins there, write " + std::string(root_rule) +
                          " ::= ...",
                      0);
  }

 private:
  MaybeError declare_rules() {
    for (size_t i = 0; i < s_.tokens().size(); ++i) {
      if (!s_.defines_rule(i)) continue;
      const EbnfToken& name = s_.tokens()[i];
      if (MaybeError e = check_name(name)) return e;
      std::string_view shown = s_.spelling(name);
      if (const RuleId* known = s_.find_rule(shown)) {
        auto it = std::find(rules_.begin(), rules_.end(), *known);
        uint32_t first = offsets_[static_cast<size_t>(it - rules_.begin())];
        return s_.invalid("the rule " + std::string(shown) + " is defined twice, first in line " +
                              std::to_string(s_.invalid("", first).line),
                          name.begin);
      }
      grammar_.pool.charge(4);
      rules_.push_back(grammar_.add_rule(shown));
      offsets_.push_back(name.begin);
      s_.add_rule(shown, rules_.back());
    }
    return std::nullopt;
  }

  MaybeError check_name(const EbnfToken& name) const {
    std::string shown(s_.spelling(name));
    if (!name.first_on_line) {
      return s_.invalid("the rule " + shown + " must begin on a line of its own", name.begin);
    }
    if (s_.gbnf()) return std::nullopt;
    if (shown == "true" || shown == "false") {
      return s_.invalid(shown + " is reserved and cannot name a rule", name.begin);
    }
    if (begins_with_digit(shown)) {
      return s_.invalid("the name of a rule begins with a letter, _ - or ., found " + shown,
                        name.begin);
    }
    return std::nullopt;
  }

  MaybeError parse_rule() {
    if (!s_.at_rule()) return s_.expected("a rule, name ::= body");
    const EbnfToken& name = s_.token();
    const RuleId rule = *s_.find_rule(s_.spelling(name));
    s_.advance();
    if (s_.kind() == EbnfTokenKind::kAttributes) {
      if (s_.gbnf()) return s_.expected("::= (GBNF has no attributes of rules)");
      Result<RuleSettings> settings =
          parse_ebnf_attributes(s_, s_.token(), s_.spelling(name), grammar_, rules_);
      if (!settings.ok()) return std::move(settings.error());
      settings_.push_back({rule, std::move(settings).value()});
      s_.advance();
    }
    s_.advance();
    Result<Expr> body = bodies_.parse();
    if (!body.ok()) return std::move(body.error());
    grammar_.define(rule, body.value());
    return std::nullopt;
  }

  EbnfSource& s_;
  Grammar& grammar_;
  const Limits& limits_;
  EbnfBodyParser bodies_;
  std::vector<RuleId> rules_;      // in the order of the text
  std::vector<uint32_t> offsets_;  // of their names
  std::vector<RuleToSettle> settings_;
};

// Text that has something only GBNF has, and nothing that GBNF has not.
bool looks_like_gbnf(std::string_view text, const std::vector<EbnfToken>& tokens) {
  bool gbnf = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const EbnfToken& t = tokens[i];
    const EbnfToken& next = tokens[std::min(i + 1, tokens.size() - 1)];
    std::string_view spelling = text.substr(t.begin, t.end - t.begin);
    bool name = t.kind == EbnfTokenKind::kIdentifier;
    if (t.kind == EbnfTokenKind::kAttributes) return false;
    if (t.kind == EbnfTokenKind::kOpen && next.kind == EbnfTokenKind::kOther &&
        text[next.begin] == '=')
      return false;
    if (name && next.kind == EbnfTokenKind::kOpen && is_ebnf_macro(spelling)) return false;
    gbnf = gbnf || t.kind == EbnfTokenKind::kTokenLiteral;
    gbnf = gbnf || (t.kind == EbnfTokenKind::kDefine && next.kind == EbnfTokenKind::kBar);
    gbnf = gbnf || (name && next.kind == EbnfTokenKind::kDefine && begins_with_digit(spelling));
  }
  return gbnf;
}

// Adds the line where the error is, unless it is too long to help.
Error with_line(Error e, std::string_view text) {
  if (e.byte_offset < 0 || static_cast<size_t>(e.byte_offset) > text.size()) return e;
  size_t at = static_cast<size_t>(e.byte_offset);
  size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  std::string_view line = text.substr(begin, text.find('\n', at) - begin);
  size_t first = line.find_first_not_of(" \t\r"), last = line.find_last_not_of(" \t\r");
  if (first == std::string_view::npos) return e;
  line = line.substr(first, last + 1 - first);
  if (line.size() <= kMaxShownLine) e.message += ", " + place_text(e) + ": " + std::string(line);
  return e;
}

Error with_hint(Error e, std::string_view text) {
  e = with_line(std::move(e), text);
  e.message += path_hint(text, "the grammar that it holds");
  return e;
}

Result<RuleId> parse_rules(Grammar& grammar, std::string_view text, std::string_view root_rule,
                           const EbnfOptions& options, const Limits& limits) {
  const ChargedPool charged(&grammar.pool, limits.work);
  size_t max_bytes = std::min<size_t>(limits.max_source_bytes, UINT32_MAX - 1);
  if (text.size() > max_bytes) {
    return error_at(Status::kLimitExceeded,
                    "the grammar's text of " + std::to_string(text.size()) +
                        " bytes is longer than " +
                        limit_text("max_source_size", max_bytes, "split the grammar"),
                    text, max_bytes);
  }
  if (size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    return error_at(Status::kInvalidSource, "the text is not valid UTF-8 from here on", text, bad);
  }
  bool gbnf = options.dialect == EbnfDialect::kGbnf;
  Result<std::vector<EbnfToken>> tokens = lex_ebnf(text, gbnf);
  if (!tokens.ok()) return with_hint(std::move(tokens.error()), text);
  if (options.dialect == EbnfDialect::kAuto) gbnf = looks_like_gbnf(text, tokens.value());
  EbnfSource source(text, std::move(tokens).value(), gbnf);
  if (options.notes != nullptr) note_ebnf_texts(source, options.notes);
  try {
    grammar.pool.charge(source.tokens().size());
    Result<RuleId> root = EbnfParser(source, grammar, options, limits).run(root_rule);
    if (!root.ok()) return with_hint(std::move(root.error()), text);
    return root;
  } catch (WorkStopped& stopped) {
    Error& e = stopped.error;
    if (e.code == Status::kLimitExceeded)
      e = source.error(e.code, std::move(e.message), source.token().begin);
    throw;
  }
}

}  // namespace

Result<Expr> ebnf_expr(Grammar& grammar, std::string_view text, std::string_view root_rule,
                       const EbnfOptions& options, const Limits& limits) {
  Result<RuleId> root = parse_rules(grammar, text, root_rule, options, limits);
  if (!root.ok()) return std::move(root.error());
  return grammar.pool.call(root.value());
}

Result<Expr> ebnf_expr(Grammar& grammar, std::string_view text, std::string_view root_rule,
                       const Limits& limits) {
  return ebnf_expr(grammar, text, root_rule, EbnfOptions(), limits);
}

Result<Grammar> parse_ebnf(std::string_view text, std::string_view root_rule,
                           const EbnfOptions& options, const Limits& limits) {
  Grammar grammar;
  Result<RuleId> root = parse_rules(grammar, text, root_rule, options, limits);
  if (!root.ok()) return std::move(root.error());
  grammar.root = root.value();
  return grammar;
}

Result<Grammar> parse_ebnf(std::string_view text, std::string_view root_rule,
                           const Limits& limits) {
  return parse_ebnf(text, root_rule, EbnfOptions(), limits);
}

}  // namespace xgr::core
