// Reads the vocabulary files of tiktoken: a line for each token, its bytes in base64 and its id.
//
//   Result<VocabularyFile> file = read_tiktoken_file(contents);
//   auto tokenizer = Tokenizer::create(file.value().input());
#pragma once

#include <string_view>

#include "tokenizer/vocabulary_file.h"

namespace xgr::core {

// Status::kInvalidData with the line, kLimitExceeded.
Result<VocabularyFile> read_tiktoken_file(std::string_view contents);

// Whether the first line is one of such a file.
bool looks_like_tiktoken(std::string_view contents);

}  // namespace xgr::core
