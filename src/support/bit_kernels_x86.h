// Versions of the bit kernels for x86-64; null in other builds, or where the processor lacks them.
#pragma once

#include "support/bit_kernels.h"

namespace xgr::core {

const BitKernels* avx2_kernels();
const BitKernels* avx512_kernels();

}  // namespace xgr::core
