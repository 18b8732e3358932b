// The sampling temperature that the rules at the present place of an output ask for.
//
//   std::optional<float> t = temperature_of(engine, parses, &stepper);
#pragma once

#include <optional>
#include <vector>

#include "mask/engine.h"

namespace xgr::core {

// Of the innermost rule with a temperature that the next byte can be in; the highest where parses
// differ. None when no parse is in such a rule.
std::optional<float> temperature_of(const Engine& engine, const std::vector<Config>& parses,
                                    Stepper* stepper);

}  // namespace xgr::core
