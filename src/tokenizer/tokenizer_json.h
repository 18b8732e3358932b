// Reads the text of a Hugging Face tokenizer.json: vocabulary, added tokens, how tokens spell
// bytes.
//
//   Result<TokenizerJson> json = read_tokenizer_json(text);
//   auto tokenizer = Tokenizer::create(json.value().input());
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace xgr::core {

struct TokenizerJson {
  std::vector<std::string> tokens;  // by id, as spelled; holes are empty
  std::vector<uint8_t> kinds;       // TokenKind by id; stop tokens are not marked here
  std::vector<uint8_t> verbatim;    // by id: an added token whose text is not byte-level text
  VocabType vocab_type = VocabType::kRaw;
  bool add_prefix_space = false;
  std::string model_type;            // "BPE", "Unigram", "WordPiece", "WordLevel"
  std::string detected_by;           // what decided vocab_type: "decoder", "vocabulary"
  std::vector<int32_t> stop_tokens;  // found by well-known names (stop_names.h)

  // What Tokenizer::create takes; borrows the tokens. The caller may replace the stop tokens.
  TokenizerInput input() const;
};

// Status::kInvalidData with a byte offset (not JSON) or a JSON Pointer (not a tokenizer),
// kUnsupported for a model of another kind, kLimitExceeded.
Result<TokenizerJson> read_tokenizer_json(std::string_view text);

}  // namespace xgr::core
