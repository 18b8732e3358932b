// What the file of a tokenizer says, readable back. Entry points: input, findings_json.
//
// The findings are one JSON object, for people who ask why a token is what it is:
//
//   {"format":"tokenizer.json","model":"BPE","detected_by":"decoder","decoder":["ByteLevel"],
//    "vocab_type":"byte level","add_prefix_space":false,
//    "stop_tokens":[{"id":6,"name":"<|endoftext|>","reason":"well-known name"}],
//    "tokens":{"normal":6,"control":1,"stop":1,"unused":0},"notes":[]}
//
// Tests: tests/unit/tokenizer/tokenizer_json_test.cc, tests/capi/tokenizer_test.c.
#include "tokenizer/vocabulary_file.h"

#include <array>
#include <span>

#include "support/json_reader.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

const char* name_of(VocabType type) {
  switch (type) {
    case VocabType::kRaw:
      return "raw";
    case VocabType::kByteFallback:
      return "byte fallback";
    case VocabType::kByteLevel:
      return "byte level";
  }
  return "";
}

std::string json_list(std::span<const std::string> texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + json_quote(text);
  return "[" + out + "]";
}

// Names of tokens may be any bytes; what is no UTF-8 is written as question marks.
std::string readable(std::string_view name) {
  std::string out;
  for (size_t pos = 0; pos < name.size();) {
    const size_t length = utf8_char_length(name, pos);
    if (length == 0) {
      out += '?';
      ++pos;
    } else {
      out += name.substr(pos, length);
      pos += length;
    }
  }
  return out;
}

std::string stop_list(const VocabularyFile& file, const Tokenizer& tokenizer) {
  std::string out;
  for (const int32_t id : tokenizer.stop_tokens()) {
    out += out.empty() ? "" : ",";
    out += "{\"id\":" + std::to_string(id) +
           ",\"name\":" + json_quote(readable(tokenizer.special_name(id))) +
           ",\"reason\":" + json_quote(file.stop_reason) + "}";
  }
  return "[" + out + "]";
}

std::string kind_counts(const Tokenizer& tokenizer) {
  std::array<int32_t, 4> counts{};
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id)
    ++counts[static_cast<size_t>(tokenizer.kind(id))];
  return "{\"normal\":" + std::to_string(counts[0]) + ",\"control\":" + std::to_string(counts[1]) +
         ",\"stop\":" + std::to_string(counts[2]) + ",\"unused\":" + std::to_string(counts[3]) +
         "}";
}

}  // namespace

TokenizerInput VocabularyFile::input() const {
  TokenizerInput input;
  input.tokens.assign(texts.begin(), texts.end());
  input.kinds = kinds;
  input.decoded = true;
  input.stop_tokens = stop_tokens;
  input.vocab_type = vocab_type;
  input.add_prefix_space = add_prefix_space;
  return input;
}

std::string findings_json(const VocabularyFile& file, const Tokenizer& tokenizer) {
  return "{\"format\":" + json_quote(file.format) + ",\"model\":" + json_quote(file.model_type) +
         ",\"detected_by\":" + json_quote(file.detected_by) +
         ",\"decoder\":" + json_list(file.decoder) +
         ",\"vocab_type\":" + json_quote(name_of(tokenizer.vocab_type())) +
         ",\"add_prefix_space\":" + (tokenizer.add_prefix_space() ? "true" : "false") +
         ",\"stop_tokens\":" + stop_list(file, tokenizer) +
         ",\"tokens\":" + kind_counts(tokenizer) + ",\"notes\":" + json_list(file.findings) + "}";
}

}  // namespace xgr::core
