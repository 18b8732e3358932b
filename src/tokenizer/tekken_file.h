// Reads tekken.json, the vocabulary of Mistral's models.
//
//   Result<VocabularyFile> file = read_tekken_file(contents);
//   auto tokenizer = Tokenizer::create(file.value().input());
#pragma once

#include <string_view>

#include "tokenizer/vocabulary_file.h"

namespace xgr::core {

// Whether a JSON text begins as such a file does: with its configuration, or its vocabulary, and no model.
bool looks_like_tekken(std::string_view contents);

// Status::kInvalidData with a JSON Pointer, kUnsupported for a version that needs special tokens and has none,
// kLimitExceeded.
Result<VocabularyFile> read_tekken_file(std::string_view contents);

}  // namespace xgr::core
