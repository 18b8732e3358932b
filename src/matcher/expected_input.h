// What may follow at the place of a matcher, in words.
//
//   ExpectedInput e;  Status s = find_expected(matcher.get(), &e);   // e.parts: "true", [0-9]
#pragma once

#include "matcher/explanation.h"
#include "matcher/matcher.h"

namespace xgr::core {

// The matcher is a clone that nobody else has; it is left where it is.
Status find_expected(Matcher* matcher, ExpectedInput* out);

}  // namespace xgr::core
