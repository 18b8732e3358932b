// Fixed grammars that are hard in a known way.
#pragma once

#include <vector>

#include "random_source.h"
#include "syntax_tree.h"

namespace reference {

const std::vector<Syntax>& hard_shapes();

inline Syntax random_shape(RandomSource& random) { return random.pick(hard_shapes()); }

}  // namespace reference
