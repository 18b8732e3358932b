// From a family and a request to the structural tag that constrains the reply.
#pragma once

#include <string>
#include <string_view>

#include "chat/family.h"
#include "support/limits.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// The JSON text of a structural tag. The tokenizer may be null: then every marker is text unless the
// request says otherwise, and markers have no suffix unless it gives one.
Result<std::string> family_structural_tag(const Family& family, std::string_view request,
                                          const Tokenizer* tokenizer, const Limits& limits);

}  // namespace xgr::core
