// Values written in a schema (enum, const) as JSON text.
#pragma once

#include <span>

#include "frontend/json_schema/json_text.h"
#include "support/json_reader.h"

namespace xgr::core {

// One of `values`: strings in their shortest spelling, numbers as written in the schema or in plain
// notation, objects with the keys in the order written or, if the text says so, in any. `plain_integers`: numbers equal to an
// integer only without fraction and exponent.
Expr values_text(JsonText& json, const JsonDocument& doc, std::span<const JsonId> values,
                 uint32_t level, bool plain_integers);

}  // namespace xgr::core
