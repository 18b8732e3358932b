// Reading of tekken.json. Entry point: read_tekken_file.
//
// The special tokens come first, filled up with names of their own to the number that the file says; behind
// them the tokens of the vocabulary in their order, as base64, and no more than the model has. Versions up to
// v7 may leave the special tokens out, as their readers know them.
//
//   {"config": {"default_vocab_size": 5, "default_num_special_tokens": 2, "version": "v13"},
//    "special_tokens": [{"rank": 0, "token_str": "</s>", "is_control": true}],
//    "vocab": [{"rank": 0, "token_bytes": "AA=="}, ...]}
//   ->  "</s>" ends the output, "<SPECIAL_1>" is control, then three tokens of the vocabulary
//
// Tests: tests/unit/tokenizer/tekken_file_test.cc.
#include "tokenizer/tekken_file.h"

#include <algorithm>
#include <array>
#include <string>

#include "tokenizer/base64_text.h"
#include "tokenizer/file_document.h"
#include "tokenizer/stop_names.h"

namespace xgr::core {
namespace {

// Of versions v1 to v7, all of them control tokens.
constexpr std::array<std::string_view, 20> kOldSpecialNames = {"<unk>",
                                                               "<s>",
                                                               "</s>",
                                                               "[INST]",
                                                               "[/INST]",
                                                               "[AVAILABLE_TOOLS]",
                                                               "[/AVAILABLE_TOOLS]",
                                                               "[TOOL_RESULTS]",
                                                               "[/TOOL_RESULTS]",
                                                               "[TOOL_CALLS]",
                                                               "[IMG]",
                                                               "<pad>",
                                                               "[IMG_BREAK]",
                                                               "[IMG_END]",
                                                               "[PREFIX]",
                                                               "[MIDDLE]",
                                                               "[SUFFIX]",
                                                               "[SYSTEM_PROMPT]",
                                                               "[/SYSTEM_PROMPT]",
                                                               "[TOOL_CONTENT]"};

bool is_old_version(std::string_view version) {
  return version == "v1" || version == "v2" || version == "v3" || version == "v7";
}

class TekkenReader {
 public:
  explicit TekkenReader(const JsonDocument& doc) : doc_(doc) {}

  Result<VocabularyFile> read() {
    if (MaybeError error = read_config()) return *std::move(error);
    if (MaybeError error = read_special_tokens()) return *std::move(error);
    if (MaybeError error = read_vocabulary()) return *std::move(error);
    out_.format = "tekken";
    out_.model_type = "BPE";
    out_.detected_by = "format";
    out_.stop_tokens = find_stop_tokens(specials_);
    out_.stop_reason = "well-known name";
    return std::move(out_);
  }

 private:
  Error wrong(JsonId node, const std::string& what, Status code = Status::kInvalidData) const {
    return wrong_at(doc_, node, what, code);
  }

  // A whole number up to `most`; false for anything else.
  bool read_number(JsonId object, std::string_view key, size_t most, size_t* number) const {
    const JsonId node = doc_.find(object, key);
    if (node == kNoJson || !doc_.is(node, JsonType::kNumber)) return false;
    *number = 0;
    for (const char c : doc_.text(node)) {
      if (c < '0' || c > '9') return false;
      *number = *number * 10 + static_cast<size_t>(c - '0');
      if (*number > most) return false;
    }
    return true;
  }

  std::string_view read_text(JsonId object, std::string_view key) const {
    const JsonId node = doc_.find(object, key);
    return node != kNoJson && doc_.is(node, JsonType::kString) ? doc_.text(node)
                                                               : std::string_view();
  }

  JsonId find_list(std::string_view key) const {
    const JsonId list = doc_.find(doc_.root(), key);
    return list != kNoJson && doc_.is(list, JsonType::kArray) ? list : kNoJson;
  }

  MaybeError read_config() {
    const JsonId config = doc_.find(doc_.root(), "config");
    if (config == kNoJson || !doc_.is(config, JsonType::kObject))
      return wrong(doc_.root(), "has no object \"config\"; expected a tekken.json");
    size_t size = 0;
    if (!read_number(config, "default_vocab_size", Tokenizer::kMaxTokens, &size))
      return wrong(config,
                   "has no \"default_vocab_size\" that is a number of tokens; expected one up to " +
                       std::to_string(Tokenizer::kMaxTokens));
    if (!read_number(config, "default_num_special_tokens", size, &special_count_))
      return wrong(
          config,
          "has no \"default_num_special_tokens\" that is a number of tokens; expected one up to "
          "default_vocab_size");
    version_ = read_text(config, "version");
    out_.texts.resize(size);
    out_.kinds.resize(size, static_cast<uint8_t>(TokenKind::kNormal));
    return std::nullopt;
  }

  MaybeError read_special_tokens() {
    const JsonId list = find_list("special_tokens");
    if (list != kNoJson) {
      for (const JsonId token : doc_.children(list)) {
        if (MaybeError error = read_special_token(token)) return error;
      }
    } else if (is_old_version(version_)) {
      for (const std::string_view name : kOldSpecialNames) {
        if (!add_special(name, true))
          return wrong(doc_.root(), "has room for " + std::to_string(special_count_) +
                                        " special tokens; expected at least " +
                                        std::to_string(kOldSpecialNames.size()));
      }
      out_.findings.push_back("the special tokens are those that versions up to v7 have");
    } else {
      return wrong(doc_.root(),
                   "has no list \"special_tokens\", and its version is \"" + std::string(version_) +
                       "\"; expected one of v1, v2, v3 and v7, or the list",
                   Status::kUnsupported);
    }
    const size_t named = specials_.size();
    while (specials_.size() < special_count_)
      add_special("<SPECIAL_" + std::to_string(specials_.size()) + ">", true);
    if (named < special_count_)
      out_.findings.push_back(std::to_string(special_count_ - named) +
                              " special tokens without a name are control tokens");
    return std::nullopt;
  }

  MaybeError read_special_token(JsonId token) {
    size_t rank = 0;
    if (!read_number(token, "rank", Tokenizer::kMaxTokens, &rank) || rank != specials_.size())
      return wrong(token, "is no special token of rank " + std::to_string(specials_.size()) +
                              "; expected them in the order of their ranks");
    const std::string_view name = read_text(token, "token_str");
    if (name.empty() || name.size() > Tokenizer::kMaxTokenBytes)
      return wrong(token, "has no \"token_str\"; expected the name of the special token");
    const JsonId control = doc_.find(token, "is_control");
    if (!add_special(name, control == kNoJson || !doc_.is(control, JsonType::kFalse)))
      return wrong(token, "is one special token too many; expected at most " +
                              std::to_string(special_count_));
    return std::nullopt;
  }

  // False where there is no room.
  bool add_special(std::string_view name, bool control) {
    const size_t id = specials_.size();
    if (id >= special_count_) return false;
    out_.texts[id] = name;
    if (control) out_.kinds[id] = static_cast<uint8_t>(TokenKind::kControl);
    const StopTier tier = control ? StopTier::kSpecial : StopTier::kAdded;
    specials_.push_back({static_cast<int32_t>(id), tier, out_.texts[id]});
    return true;
  }

  MaybeError read_vocabulary() {
    const JsonId list = find_list("vocab");
    if (list == kNoJson)
      return wrong(doc_.root(), "has no list \"vocab\"; expected the tokens with their bytes");
    size_t total = 0, rank = 0;
    const size_t count = out_.texts.size() - special_count_;
    for (const JsonId token : doc_.children(list)) {
      if (rank == count) break;
      size_t said = 0;
      if (!read_number(token, "rank", Tokenizer::kMaxTokens, &said) || said != rank)
        return wrong(token, "is no token of rank " + std::to_string(rank) +
                                "; expected them in the order of their ranks");
      std::string* text = &out_.texts[special_count_ + rank++];
      const std::string_view base64 = read_text(token, "token_bytes");
      if (base64.empty() || !append_base64(base64, text))
        return wrong(token, "has no \"token_bytes\" in base64; expected the bytes of the token");
      total += text->size();
      if (text->size() > Tokenizer::kMaxTokenBytes || total > Tokenizer::kMaxTotalBytes)
        return wrong(token, "makes the tokens too long; expected fewer bytes",
                     Status::kLimitExceeded);
    }
    if (rank < count)
      return wrong(list, "has " + std::to_string(rank) + " tokens; expected " +
                             std::to_string(count) + ", by default_vocab_size");
    if (doc_.count(list) > count)
      out_.findings.push_back(std::to_string(doc_.count(list) - count) +
                              " tokens of the file are beyond default_vocab_size and left out");
    return std::nullopt;
  }

  const JsonDocument& doc_;
  size_t special_count_ = 0;
  std::string_view version_;
  std::vector<StopCandidate> specials_;  // views into the texts, which stay where they are
  VocabularyFile out_;
};

}  // namespace

bool looks_like_tekken(std::string_view contents) {
  constexpr size_t kLookedAt = 4096;
  const std::string_view first = contents.substr(0, kLookedAt);
  const auto has = [&](std::string_view key) { return first.find(key) != first.npos; };
  return has("\"default_num_special_tokens\"") || has("\"token_bytes\"");
}

Result<VocabularyFile> read_tekken_file(std::string_view contents) {
  const Result<JsonDocument> doc = read_file_document(contents);
  if (!doc.ok()) return doc.error();
  return TekkenReader(doc.value()).read();
}

}  // namespace xgr::core
