// Options of a JSON Schema and of its layout: from the C structs to the core's.
#pragma once

#include <xgr/compiler.h>

#include "frontend/frontend.h"

namespace xgr::core {

// The views in `out` are of the caller's memory.
// `deferred` (null: nobody asks) gets that option.
MaybeError read_schema_options(const xgr_json_schema_options_t* given, JsonSchemaOptions* out,
                               bool* deferred = nullptr);

MaybeError read_format(const xgr_json_format_t* given, JsonFormatOptions* out);

}  // namespace xgr::core
