// Reading of tiktoken's vocabulary files. Entry point: read_tiktoken_file.
//
// A line is base64, a space and the id. Special tokens are in the program that reads the file, not in the
// file: ids without a line are unused tokens, and there are no stop tokens but those of the caller.
//
//   IQ== 0
//   IGE= 2      ->  "!", an unused token, " a"
//
// Tests: tests/unit/tokenizer/tiktoken_file_test.cc.
#include "tokenizer/tiktoken_file.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "tokenizer/base64_text.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxTiktokenGaps = size_t{1} << 20;

// The views point into the file.
struct TiktokenLine {
  size_t number = 0;  // from 1
  std::string_view base64;
  std::string_view digits;
};

// False where the line is not two words with a space between.
bool split_tiktoken_line(std::string_view text, TiktokenLine* line) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  const size_t space = text.find(' ');
  if (space == text.npos || space == 0 || space + 1 == text.size()) return false;
  line->base64 = text.substr(0, space);
  line->digits = text.substr(space + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::all_of(line->digits.begin(), line->digits.end(), is_digit);
}

// At most Tokenizer::kMaxTokens.
size_t tiktoken_id(std::string_view digits) {
  size_t id = 0;
  for (const char c : digits)
    id = std::min(id * 10 + static_cast<size_t>(c - '0'), Tokenizer::kMaxTokens);
  return id;
}

class TiktokenReader {
 public:
  Result<VocabularyFile> read(std::string_view contents) {
    while (!contents.empty()) {
      const size_t end = std::min(contents.find('\n'), contents.size());
      ++line_.number;
      if (end > 0) {  // tiktoken passes over empty lines
        if (MaybeError error = read_line(contents.substr(0, end))) return *std::move(error);
      }
      contents.remove_prefix(std::min(end + 1, contents.size()));
    }
    if (first_lines_.empty())
      return make_error(Status::kInvalidData,
                        "the file has no token; expected base64, a space and a token id a line");
    if (MaybeError error = place()) return *std::move(error);
    return std::move(out_);
  }

 private:
  Error wrong(const std::string& what, const std::string& expected,
              Status code = Status::kInvalidData) const {
    return make_error(
        code, "line " + std::to_string(line_.number) + " has " + what + "; expected " + expected);
  }

  MaybeError read_line(std::string_view text) {
    if (!split_tiktoken_line(text, &line_))
      return wrong("no token and its id", "base64, a space and a token id");
    const size_t id = tiktoken_id(line_.digits);
    if (id >= Tokenizer::kMaxTokens)
      return wrong("a token id that is too large",
                   "at most " + std::to_string(Tokenizer::kMaxTokens) + " tokens",
                   Status::kLimitExceeded);
    if (id > first_lines_.size() + kMaxTiktokenGaps)
      return wrong("a token id far behind the others", "ids without large gaps",
                   Status::kLimitExceeded);
    if (line_.base64.size() / 4 * 3 > Tokenizer::kMaxTokenBytes)
      return wrong("a token that is too long",
                   "at most " + std::to_string(Tokenizer::kMaxTokenBytes) + " bytes",
                   Status::kLimitExceeded);
    const auto [same, is_new] = first_lines_.emplace(line_.base64, line_.number);
    if (!is_new)
      return wrong("the token of line " + std::to_string(same->second), "each token once");
    if (out_.texts.size() <= id) out_.texts.resize(id + 1);
    std::string& token = out_.texts[id];
    if (!token.empty()) return wrong("a token id that is taken", "each id once");
    if (!append_base64(line_.base64, &token)) return wrong("a token that is no base64", "base64");
    return std::nullopt;
  }

  MaybeError place() {
    size_t total = 0, gaps = 0;
    out_.kinds.resize(out_.texts.size(), static_cast<uint8_t>(TokenKind::kNormal));
    for (size_t id = 0; id < out_.texts.size(); ++id) {
      total += out_.texts[id].size();
      if (!out_.texts[id].empty()) continue;
      out_.kinds[id] = static_cast<uint8_t>(TokenKind::kUnused);
      ++gaps;
    }
    if (total > Tokenizer::kMaxTotalBytes)
      return make_error(Status::kLimitExceeded,
                        "the tokens are " + std::to_string(total) + " bytes; at most " +
                            std::to_string(Tokenizer::kMaxTotalBytes) + " are supported");
    out_.format = "tiktoken";
    out_.model_type = "BPE";
    out_.detected_by = "format";
    out_.stop_reason = "the file has none";
    out_.findings.push_back(
        "files of tiktoken have no special tokens: the caller has to name the stop tokens");
    if (gaps > 0)
      out_.findings.push_back(std::to_string(gaps) + " ids without a line are unused tokens");
    return std::nullopt;
  }

  TiktokenLine line_;
  std::unordered_map<std::string_view, size_t> first_lines_;  // by base64
  VocabularyFile out_;
};

}  // namespace

bool looks_like_tiktoken(std::string_view contents) {
  TiktokenLine line;
  std::string bytes;
  const std::string_view first = contents.substr(0, std::min(contents.find('\n'), contents.size()));
  return split_tiktoken_line(first, &line) && line.base64.size() <= Tokenizer::kMaxTokenBytes &&
         append_base64(line.base64, &bytes);
}

Result<VocabularyFile> read_tiktoken_file(std::string_view contents) {
  return TiktokenReader().read(contents);
}

}  // namespace xgr::core
