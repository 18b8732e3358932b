// The macros of EBNF, and the token literals of GBNF.
#pragma once

#include <string_view>

#include "frontend/ebnf/ebnf_arguments.h"

namespace xgr::core {

bool is_ebnf_macro(std::string_view name);

// At the name of a macro that is called: reads the call and builds what it stands for.
Result<Expr> ebnf_macro(EbnfSource& source, Grammar& grammar, const Limits& limits);

// At a kTokenLiteral.
Result<Expr> ebnf_token_literal(EbnfSource& source, Grammar& grammar, const EbnfOptions& options);

}  // namespace xgr::core
