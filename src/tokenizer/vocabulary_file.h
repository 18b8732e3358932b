// What the file of a tokenizer says, whatever its format: the bytes of the tokens, what they are for,
// and why that was concluded.
//
//   Result<VocabularyFile> file = read_tokenizer_json(contents);
//   auto tokenizer = Tokenizer::create(file.value().input());
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace xgr::core {

struct VocabularyFile {
  std::string format;                      // "tokenizer.json"; "arrays" for what is no file
  std::string model_type;                  // "BPE", "Unigram", "WordPiece", "WordLevel"
  std::string detected_by;                 // which part decided how tokens spell bytes
  std::vector<std::string> decoder;        // its parts by name, in their order
  VocabType vocab_type = VocabType::kRaw;  // the nearest one, reported only
  bool add_prefix_space = false;           // the encoder puts a space before the text
  // By id: the bytes that the token adds to an output behind other tokens; the name of control and
  // stop tokens; empty for holes.
  std::vector<std::string> texts;
  std::vector<uint8_t> kinds;  // TokenKind by id; stop tokens need no mark here
  std::vector<int32_t> stop_tokens;
  std::string stop_reason;            // why these are stop tokens
  std::vector<std::string> findings;  // what else was found and why, a line each

  // What Tokenizer::create takes; borrows the texts. The caller may replace the stop tokens.
  TokenizerInput input() const;
};

// All that, but for the texts, as JSON. `tokenizer` was made from the file, perhaps with other stop
// tokens than it has.
std::string findings_json(const VocabularyFile& file, const Tokenizer& tokenizer);

}  // namespace xgr::core
