// Random inputs of the kinds that rows.txt has examples of, mixed and nested.
//
//   Input in = random_input(7, 12);   // the twelfth of seed 7
#pragma once

#include "input.h"

namespace hostile {

Input random_input(uint64_t seed, uint64_t index);

}  // namespace hostile
