// Reads the model file of SentencePiece, mostly named tokenizer.model.
//
//   Result<VocabularyFile> file = read_sentencepiece_file(contents);
//   auto tokenizer = Tokenizer::create(file.value().input());
#pragma once

#include <string_view>

#include "tokenizer/vocabulary_file.h"

namespace xgr::core {

// Whether the contents begin as such a file does, with a piece.
bool looks_like_sentencepiece(std::string_view contents);

// Status::kInvalidData with a byte offset, kUnsupported for a model that rewrites its output,
// kLimitExceeded.
Result<VocabularyFile> read_sentencepiece_file(std::string_view contents);

}  // namespace xgr::core
