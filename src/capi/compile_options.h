// Reading xgr_compile_options_t.
#pragma once

#include <xgr/compiler.h>

#include "compiler/compiler.h"

namespace xgr::core {

// All but the source. A timeout counts from now.
MaybeError read_compile_options(const xgr_compile_options_t* given, CompileRequest* out);

}  // namespace xgr::core
