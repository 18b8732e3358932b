// Random scenarios: draws cases and a vocabulary for them, then walks matchers at random and
// compares at every step. What it did is recorded as a script.
#pragma once

#include <cstdint>

#include "scenario.h"

namespace reference {

// Cases and vocabulary of one scenario of a family; the script is empty.
Scenario draw_scenario(const Family& family, RandomSource& random);

// Walks; fills scenario.script up to the first difference.
MaybeDifference walk(Scenario* scenario, RandomSource& random, Player* player);

}  // namespace reference
