// Reads the text of a Hugging Face tokenizer.json: vocabulary, added tokens, how tokens spell
// bytes.
//
//   Result<VocabularyFile> file = read_tokenizer_json(text);
//   auto tokenizer = Tokenizer::create(file.value().input());
#pragma once

#include <string_view>

#include "tokenizer/vocabulary_file.h"

namespace xgr::core {

// Status::kInvalidData with a byte offset (not JSON) or a JSON Pointer (not a tokenizer),
// kUnsupported for a model of another kind, kLimitExceeded.
Result<VocabularyFile> read_tokenizer_json(std::string_view text);

}  // namespace xgr::core
