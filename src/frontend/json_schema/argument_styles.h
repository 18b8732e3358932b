// The styles of arguments by name.
#pragma once

#include "frontend/frontend.h"

namespace xgr::core {

// Whether the style and the excludes of the options make sense; the error names what does not.
MaybeError check_style(const JsonSchemaOptions& options);

}  // namespace xgr::core
