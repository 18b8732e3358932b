// Tokenizer: the vocabulary of a model, immutable and shared by all grammars.
//
// Holds every token's bytes (decoded: what the token adds to the output text) and kind, the stop
// tokens, a token trie and a byte index for the mask engine.
//
//   TokenizerInput in; in.tokens = {...};
//   Result<std::shared_ptr<const Tokenizer>> t = Tokenizer::create(in);
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/array.h"
#include "support/sha256.h"
#include "support/status.h"
#include "tokenizer/byte_decoding.h"
#include "tokenizer/byte_index.h"
#include "tokenizer/special_names.h"
#include "tokenizer/token_trie.h"

namespace xgr::core {

// Numbers are those of the C API.
enum class TokenKind : uint8_t {
  kNormal = 0,   // text
  kControl = 1,  // never text, never allowed (unless a grammar names its id)
  kStop = 2,     // ends the output; never text
  kUnused = 3,   // hole in the vocabulary, padding
};

struct TokenizerInput {
  std::vector<std::string_view> tokens;  // as spelled in the vocabulary; borrowed for the call
  std::vector<uint8_t> kinds;            // TokenKind by id; empty: all normal
  std::vector<int32_t> stop_tokens;      // besides kStop kinds; each below vocab_size
  VocabType vocab_type = VocabType::kRaw;
  bool decoded = false;           // texts are bytes already, vocab_type is only reported
  int32_t vocab_size = 0;         // logits size; 0: tokens.size(). Ids beyond are unused
  bool add_prefix_space = false;  // stored and reported only
};

// Leaves out the tokens that the logits have no place for, and the stop tokens among them.
void cut_excess_tokens(TokenizerInput* input);

class Tokenizer {
 public:
  static constexpr size_t kMaxTokens = size_t{1} << 24;      // and logits
  static constexpr size_t kMaxTokenBytes = 65535;            // of one token, as spelled
  static constexpr size_t kMaxTotalBytes = size_t{1} << 30;  // of all tokens, as spelled

  // A normal token without text counts as unused. A stop token in the padding is allowed.
  static Result<std::shared_ptr<const Tokenizer>> create(const TokenizerInput& input);

  int32_t vocab_size() const { return vocab_size_; }  // size of the logits and of masks, in bits
  int32_t token_count() const { return static_cast<int32_t>(kinds_.size()); }
  size_t mask_words() const { return (static_cast<size_t>(vocab_size_) + 31) / 32; }
  // Decoded bytes of a token; empty for control, stop and unused tokens too.
  std::string_view token_bytes(int32_t id) const;
  // How the vocabulary spells a control or stop token, such as `<|im_end|>`; empty for the others.
  std::string_view special_name(int32_t id) const;
  // The lowest id whose special_name is `name`, or -1.
  int32_t find_special(std::string_view name) const;
  // All ids whose token_bytes or special_name is `text`, which is not empty; ascending. A walk over the
  // sizes of all tokens.
  std::vector<int32_t> ids_of(std::string_view text) const;
  // The same names, to be found inside of texts.
  const SpecialNames& special_names() const { return special_names_; }
  TokenKind kind(int32_t id) const;  // kUnused for padding ids and outside the vocabulary
  std::span<const int32_t> stop_tokens() const { return stop_tokens_; }  // ascending, unique
  VocabType vocab_type() const { return vocab_type_; }
  bool add_prefix_space() const { return add_prefix_space_; }
  // Bit t set: token t is not unused; mask_words() words.
  std::span<const uint32_t> used_words() const { return used_words_; }
  // Normal tokens with a byte 0xFF, which no text has; ascending.
  std::span<const int32_t> never_text_tokens() const { return never_text_tokens_; }
  // Normal tokens with at least one byte, but for those with a byte 0xFF, which no text has.
  const TokenTrie& trie() const { return trie_; }
  const ByteIndex& byte_index() const { return byte_index_; }  // masks by token id
  const ByteIndex& rank_index() const { return rank_index_; }  // masks by rank in the trie
  size_t max_token_chars() const { return max_token_chars_; }  // continuation bytes not counted
  size_t max_token_bytes() const { return max_token_bytes_; }
  // Bit b set: byte b occurs in some token of the trie / is one by itself.
  const std::array<uint64_t, 4>& known_bytes() const { return known_bytes_; }
  const std::array<uint64_t, 4>& single_bytes() const { return single_bytes_; }
  // What tells vocabularies apart: SHA-256, as lowercase hexadecimal digits, of the sizes and of all tokens
  // with their kinds (add_contents); a NUL stands behind them. Found when it is first asked for, some milliseconds; from any
  // thread.
  std::string_view fingerprint() const;
  size_t memory_bytes() const;  // own memory: what lies in a saved file is not counted

 private:
  friend class SavedFile;  // tokenizer/saved_tokenizer.h
  Tokenizer() = default;
  MaybeError set_kinds(const TokenizerInput& input);
  void decode(const TokenizerInput& input);
  void index_used_tokens();
  void index_normal_tokens();
  void index_special_names();
  std::string_view text(int32_t id) const;
  void add_contents(Sha256* hash) const;

  std::shared_ptr<const void> file_;  // where the arrays lie, if they are not their own
  size_t file_copy_bytes_ = 0;        // of them, if they lie in a copy of its own
  Array<char> bytes_;                 // all token bytes and special names, one after the other
  Array<uint32_t> offsets_;           // token_count + 1
  Array<uint8_t> kinds_;
  Array<int32_t> stop_tokens_;
  Array<uint32_t> used_words_;
  Array<int32_t> never_text_tokens_;
  VocabType vocab_type_ = VocabType::kRaw;
  int32_t vocab_size_ = 0;
  bool add_prefix_space_ = false;
  size_t max_token_chars_ = 0, max_token_bytes_ = 0;
  std::array<uint64_t, 4> known_bytes_{}, single_bytes_{};
  TokenTrie trie_;
  ByteIndex byte_index_, rank_index_;
  SpecialNames special_names_;
  mutable std::once_flag fingerprint_found_;
  mutable std::array<char, 65> fingerprint_{};  // ends with NUL
};

}  // namespace xgr::core
