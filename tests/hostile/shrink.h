// Makes a failing input small.
#pragma once

#include <functional>

#include "input.h"

namespace hostile {

// Takes parts of the source away as long as `fails` stays true; tries at most so many inputs.
Input shrink(Input input, int trials, const std::function<bool(const Input&)>& fails);

}  // namespace hostile
