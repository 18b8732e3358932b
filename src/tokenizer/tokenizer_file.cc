// Which reader a tokenizer's file is for. Entry point: read_tokenizer_file.
//
// The caller may name the format; otherwise the first bytes tell: a JSON object is a tokenizer.json or tekken.json,
// fields of protobuf are a model of SentencePiece, a line of base64 and a number is of tiktoken.
//
//   read_tokenizer_file("{\"model\": ...", TokenizerFormat::kDetect)   // as kJson
//
// Tests: tests/unit/tokenizer/tokenizer_file_test.cc.
#include "tokenizer/tokenizer_file.h"

#include <string>

#include "tokenizer/sentencepiece_file.h"
#include "tokenizer/tekken_file.h"
#include "tokenizer/tiktoken_file.h"
#include "tokenizer/tokenizer_json.h"

namespace xgr::core {
namespace {

constexpr const char* kReadFormats =
    "a tokenizer.json, a tekken.json, a model of SentencePiece or a file of tiktoken";

// kDetect where nothing is recognised.
TokenizerFormat format_of(std::string_view contents) {
  const size_t first = contents.find_first_not_of(" \t\r\n");
  if (first != contents.npos && contents[first] == '{')
    return looks_like_tekken(contents) ? TokenizerFormat::kTekken : TokenizerFormat::kJson;
  if (looks_like_sentencepiece(contents)) return TokenizerFormat::kSentencePiece;
  if (looks_like_tiktoken(contents)) return TokenizerFormat::kTiktoken;
  return TokenizerFormat::kDetect;
}

}  // namespace

Result<VocabularyFile> read_tokenizer_file(std::string_view contents, TokenizerFormat format) {
  if (format < TokenizerFormat::kDetect || format > TokenizerFormat::kGguf)
    return make_error(Status::kInvalidArgument,
                      "format " + std::to_string(static_cast<int32_t>(format)) +
                          " is unknown; expected one of XGR_TOKENIZER_FORMAT_*");
  if (format == TokenizerFormat::kDetect) format = format_of(contents);
  switch (format) {
    case TokenizerFormat::kDetect:
      return make_error(
          Status::kInvalidData,
          std::string("the contents are no tokenizer's file; expected ") + kReadFormats);
    case TokenizerFormat::kJson:
      return read_tokenizer_json(contents);
    case TokenizerFormat::kSentencePiece:
      return read_sentencepiece_file(contents);
    case TokenizerFormat::kTekken:
      return read_tekken_file(contents);
    case TokenizerFormat::kTiktoken:
      return read_tiktoken_file(contents);
    default:
      return make_error(Status::kUnsupported,
                        std::string("files of this format are not read; expected ") + kReadFormats);
  }
}

}  // namespace xgr::core
