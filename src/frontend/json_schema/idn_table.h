// Characters of internationalised host names, sorted by what a label may do with them.
//
// All are of the Basic Multilingual Plane and PVALID by RFC 5892, and no text of them, put together
// as idn_hostname.cc does, changes under NFC.
#pragma once

#include <span>

namespace xgr::core {

struct IdnRange {
  char32_t first, last, step;
};

// Letters and digits that are written from left to right (Bidi_Class L), of combining class 0.
std::span<const IdnRange> idn_letters();
// Combining marks of class 0 that compose with nothing before them.
std::span<const IdnRange> idn_marks();
// Combining marks of other classes: NFC may reorder two of them.
std::span<const IdnRange> idn_reordered_marks();
// Combining marks of class 0 that compose with other marks only.
std::span<const IdnRange> idn_first_marks();
// Combining class 9; among the reordered ones.
std::span<const IdnRange> idn_viramas();
// Letters of Hebrew and Arabic, and their marks.
std::span<const IdnRange> idn_right_to_left();
std::span<const IdnRange> idn_right_to_left_marks();

}  // namespace xgr::core
