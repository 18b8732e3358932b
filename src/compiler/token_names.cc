// Names of tokens.
//
// Entry point: token_names. Control and stop tokens are known by the name that the vocabulary gives
// them, others by their text. Several tokens may have one name; then any of them is meant.
//
//   "<|im_end|>"  ->  {151645}
//
// Tests: tests/unit/compiler/grammar_source_test.cc.
#include "compiler/token_names.h"

#include <string>

namespace xgr::core {

std::function<Result<TokenIds>(std::string_view name)> token_names(
    std::shared_ptr<const Tokenizer> tokenizer) {
  return [tokenizer = std::move(tokenizer)](std::string_view name) -> Result<TokenIds> {
    TokenIds ids;
    for (int32_t id : tokenizer->ids_of(name))
      ids.add(static_cast<uint32_t>(id), static_cast<uint32_t>(id));
    if (!ids.empty()) return ids;
    return make_error(Status::kInvalidSource, "the vocabulary has no token " + std::string(name));
  };
}

}  // namespace xgr::core
