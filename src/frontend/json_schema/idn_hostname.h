// The format idn-hostname.
#pragma once

#include "grammar/expr.h"

namespace xgr::core {

// Host names whose labels are ASCII or safely internationalised. With `any_dot`, U+3002, U+FF0E and
// U+FF61 separate labels too.
Expr idn_hostname(ExprPool& pool, bool any_dot);

}  // namespace xgr::core
