// Saved tokenizers: all that creation computes, in a file that is used where it lies.
//
//   std::vector<uint8_t> file(saved_size(*tokenizer, notes));
//   save_tokenizer(*tokenizer, notes, file);
//   Result<LoadedTokenizer> again = load_tokenizer(file, nullptr, false);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// What is saved beside the vocabulary itself.
struct TokenizerNotes {
  std::string_view model_type;
  std::string_view detected_by;
  std::string_view findings;  // JSON, see vocabulary_file.h
};

struct LoadedTokenizer {
  std::shared_ptr<const Tokenizer> tokenizer;
  std::string model_type, detected_by, findings;
};

constexpr size_t kSavedAlignment = 64;  // of the file in memory, and of each section in the file

size_t saved_size(const Tokenizer& tokenizer, const TokenizerNotes& notes);
// `out` has saved_size bytes. Equal tokenizers have equal files.
MaybeError save_tokenizer(const Tokenizer& tokenizer, const TokenizerNotes& notes,
                          std::span<uint8_t> out);

// The tokenizer views `file`, which lies at a multiple of kSavedAlignment and stays there, unchanged, as
// long as `keeper` or the tokenizer lives. Every index in it is checked, so that no file can do harm;
// `verify`: also that it says what creating the tokenizer anew would say, at about that price.
Result<LoadedTokenizer> load_tokenizer(std::span<const uint8_t> file,
                                       std::shared_ptr<const void> keeper, bool verify);
// The same with a copy, wherever the file lies.
Result<LoadedTokenizer> load_tokenizer_copy(std::span<const uint8_t> file, bool verify);

}  // namespace xgr::core
