// Files of tokenizers in every format that is known, told apart by their contents.
//
//   Result<VocabularyFile> file = read_tokenizer_file(contents, TokenizerFormat::kDetect);
#pragma once

#include <cstdint>
#include <string_view>

#include "tokenizer/vocabulary_file.h"

namespace xgr::core {

// Numbers are those of the C API.
enum class TokenizerFormat : int32_t {
  kDetect = 0,
  kJson = 1,
  kTiktoken = 2,
  kTekken = 3,
  kSentencePiece = 4,
  kGguf = 5,
};

// Status::kInvalidArgument for an unknown format, kInvalidData where the contents are of no known format
// or malformed, kUnsupported for what has no fixed token texts, kLimitExceeded.
Result<VocabularyFile> read_tokenizer_file(std::string_view contents, TokenizerFormat format);

}  // namespace xgr::core
