// Reads the text of a Hugging Face tokenizer.json: vocabulary, added tokens, how tokens spell
// bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace xgr {

struct TokenizerJson {
  std::vector<std::string> tokens;  // by id, as spelled; holes are empty
  std::vector<uint8_t> kinds;       // TokenKind by id
  VocabType vocab_type = VocabType::kRaw;
  bool add_prefix_space = false;
  std::string model_type;            // "BPE", "Unigram", "WordPiece", "WordLevel"
  std::string detected_by;           // what decided vocab_type: "decoder", "vocabulary"
  std::vector<int32_t> stop_tokens;  // found by well-known names among the added tokens
};

Result<TokenizerJson> read_tokenizer_json(std::string_view text);

}  // namespace xgr
