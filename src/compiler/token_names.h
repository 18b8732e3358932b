// The tokens that a text of a grammar means by a name.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "grammar/token_ids.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// A function that gives all tokens whose name or text is `name`; kInvalidSource where there is
// none.
std::function<Result<TokenIds>(std::string_view name)> token_names(
    std::shared_ptr<const Tokenizer> tokenizer);

}  // namespace xgr::core
