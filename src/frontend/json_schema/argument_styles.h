// The styles of arguments by name, and how each is written.
#pragma once

#include <optional>

#include "frontend/frontend.h"
#include "frontend/json_schema/argument_notation.h"

namespace xgr::core {

// Nothing for JSON.
std::optional<ArgumentNotation> argument_notation(ArgumentStyle style);

// Whether the style and the excludes of the options make sense; the error names what does not.
MaybeError check_style(const JsonSchemaOptions& options, const Limits& limits);

// The notation that checked options ask for; nothing for JSON.
std::optional<ArgumentNotation> notation_of(const JsonSchemaOptions& options, const Limits& limits);

}  // namespace xgr::core
