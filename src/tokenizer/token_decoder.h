// The decoder of a tokenizer.json: what a token adds to an output behind other tokens.
//
//   Result<TokenDecoder> decoder = TokenDecoder::read(doc);
//   std::string bytes;
//   decoder.value().decode("##ing", &bytes);   // "ing" with {"type": "WordPiece"}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/json_reader.h"
#include "tokenizer/byte_decoding.h"

namespace xgr::core {

class TokenDecoder {
 public:
  static constexpr size_t kMaxParts = 64;

  // Status::kUnsupported, with a JSON Pointer, for a decoder whose tokens have no bytes of their own or
  // that is not known; kInvalidData for a malformed one.
  static Result<TokenDecoder> read(const JsonDocument& doc);
  // The decoder that the nearest VocabType stands for.
  static TokenDecoder of_type(VocabType type);

  // The bytes of a token. False when there are more than Tokenizer::kMaxTokenBytes.
  bool decode(std::string_view token, std::string* out) const;

  VocabType vocab_type() const;                                     // the nearest one
  bool given() const { return given_; }                             // the file has one
  const std::vector<std::string>& names() const { return names_; }  // of its parts
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  friend class DecoderReader;
  enum class Kind : uint8_t {
    kByteLevel,
    kByteFallback,
    kReplace,     // every `from` by `to`
    kStrip,       // up to `start` and `stop` times `from` at the ends
    kWordPiece,   // `from` goes, or a space comes
    kCleanUp,     // WordPiece's spaces before punctuation
    kSpaceFirst,  // a space before every token
  };
  struct Step {
    Kind kind;
    std::string from = {}, to = {};
    size_t start = 0, stop = 0;
  };
  static bool run(const Step& step, std::string* text);

  std::vector<Step> steps_;
  bool given_ = true;
  std::vector<std::string> names_, notes_;
};

}  // namespace xgr::core
