// The attributes of a rule: name[lazy, max_chars=80] ::= ...
#pragma once

#include "frontend/ebnf/ebnf_source.h"
#include "frontend/macros/rule_settings.h"

namespace xgr::core {

// Reads the token of kind kAttributes behind the name of `rule`.
Result<RuleSettings> parse_ebnf_attributes(const EbnfSource& source, const EbnfToken& token,
                                           std::string_view rule_name, Grammar& grammar,
                                           const std::vector<RuleId>& rules_in_order);

}  // namespace xgr::core
