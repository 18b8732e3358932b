// Listed values (enum, const) wherever they stand.
#pragma once

#include <span>

#include "frontend/json_schema/notation.h"
#include "support/json_reader.h"

namespace xgr::core {

// One of `values` as written at `at`, as values_text does for JSON. Values in which an exclude would
// stand are left out.
Expr argument_values(Notation& notation, const JsonDocument& doc, std::span<const JsonId> values,
                     Spot at, bool plain_integers);

}  // namespace xgr::core
