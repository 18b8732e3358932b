// What the parts of the EBNF parser share: where a rule begins, how a token is shown in errors.
//
// Entry point: EbnfSource (ebnf_source.h).
//
//   a ::= b c ::= d     at b: no rule begins; at c: one does, which ends the body of a
//
// Tests: tests/unit/frontend/ebnf_test.cc.
#include "frontend/ebnf/ebnf_source.h"

#include "frontend/source_text.h"

namespace xgr::core {

bool EbnfSource::defines_rule(size_t i) const {
  auto kind_of = [&](size_t k) {
    return k < tokens_.size() ? tokens_[k].kind : EbnfTokenKind::kEnd;
  };
  if (kind_of(i) != EbnfTokenKind::kIdentifier) return false;
  return kind_of(i + 1) == EbnfTokenKind::kDefine || kind_of(i + 1) == EbnfTokenKind::kAttributes;
}

Result<RuleId> EbnfSource::rule(std::string_view name, size_t offset) const {
  if (const RuleId* found = find_rule(name)) return *found;
  return invalid("the rule " + std::string(name) + " is not defined; add a line " +
                     std::string(name) + " ::= ...",
                 offset);
}

std::string EbnfSource::found() const {
  const EbnfToken& t = token();
  if (t.kind == EbnfTokenKind::kEnd) return "end of text";
  if (at_rule()) return "the next rule, " + std::string(spelling(t)) + " ::=";
  if (t.kind == EbnfTokenKind::kOther) return show_character(text_, t.begin);
  return "'" + show_text(spelling(t)) + "'";
}

}  // namespace xgr::core
