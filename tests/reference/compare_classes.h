// Character classes of regular expressions, compared with PCRE2.
#pragma once

#include <cstddef>

namespace xgr::core::test {

// How many differ. `everywhere`: at every character, which takes minutes; otherwise at the edges of
// their ranges.
size_t compare_classes(bool everywhere);

}  // namespace xgr::core::test
