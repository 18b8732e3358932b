// Reading what xgr_matcher_options_t says of starts.
#pragma once

#include <xgr/matcher.h>

#include <optional>

#include "matcher/start_options.h"
#include "support/status.h"

namespace xgr::core {

// None where there is no sequence.
MaybeError read_start(const xgr_matcher_options_t& own, std::optional<StartOptions>* out);

}  // namespace xgr::core
