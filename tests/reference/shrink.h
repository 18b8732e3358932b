// Makes a failing scenario small while it keeps failing.
#pragma once

#include <functional>

#include "scenario.h"

namespace reference {

using Fails = std::function<bool(const Scenario&)>;

// Tries to drop actions, cases, tokens, rules, alternatives and elements, again and again until
// nothing more can go. `budget` bounds the number of trials.
Scenario shrink(Scenario scenario, const Fails& fails, int budget);

}  // namespace reference
