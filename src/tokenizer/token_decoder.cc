// What a token adds to an output, as the decoder of a tokenizer.json says. Entry point:
// TokenDecoder::read.
//
// A decoder is a chain of parts, each a function from a list of texts to a list of texts; what they leave
// is joined. Here a part becomes a step on one token that stands behind others, which is exact as long
// as the part looks at one token at a time. Fuse and ByteLevel end that: what comes behind them sees the
// whole output. There a part is taken only when it treats every character alone, or changes nothing but
// the ends of an output (Strip). Parts behind ByteFallback see runs of byte tokens as one text, so they
// are held to the same. CTC compares neighbours. All others are refused by name.
//
//   {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "_"}, "content": " "},
//    {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
//   "_a" is " a", "<0xFF>" one byte, and Strip a note
//
// Tests: tests/unit/tokenizer/token_decoder_test.cc, tests/tokenizers/check_files.py.
#include "tokenizer/token_decoder.h"

#include <algorithm>
#include <array>

#include "tokenizer/file_document.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

constexpr std::string_view kRegexSigns = "\\^$.|?*+()[]{}";

bool replace_all(std::string* text, std::string_view from, std::string_view to) {
  size_t at = text->find(from);
  if (at == text->npos) return true;
  std::string out;
  size_t done = 0;
  for (; at != text->npos; at = text->find(from, done)) {
    out.append(*text, done, at - done);
    out += to;
    done = at + from.size();
    if (out.size() > Tokenizer::kMaxTokenBytes) return false;
  }
  out.append(*text, done);
  *text = std::move(out);
  return true;
}

// In this order, each on what the ones before have left.
constexpr std::array<std::array<std::string_view, 2>, 11> kCleanUps = {{{" .", "."},
                                                                        {" ?", "?"},
                                                                        {" !", "!"},
                                                                        {" ,", ","},
                                                                        {" ' ", "'"},
                                                                        {" n't", "n't"},
                                                                        {" 'm", "'m"},
                                                                        {" do not", " don't"},
                                                                        {" 's", "'s"},
                                                                        {" 've", "'ve"},
                                                                        {" 're", "'re"}}};

void strip(std::string* text, std::string_view what, size_t start, size_t stop) {
  for (; start > 0 && text->starts_with(what); --start) text->erase(0, what.size());
  for (; stop > 0 && text->ends_with(what); --stop) text->resize(text->size() - what.size());
}

// The library reads the two digits as a number, which may begin with a plus.
bool read_byte_piece(std::string* text) {
  uint8_t byte = 0;
  std::string piece = *text;
  if (piece.size() == 6 && piece[3] == '+') piece[3] = '0';
  if (!parse_byte_piece(piece, &byte)) return false;
  text->assign(1, static_cast<char>(byte));
  return true;
}

bool is_one_char(std::string_view text) {
  return !text.empty() && utf8_char_length(text, 0) == text.size();
}

// A regular expression that is one text: no sign has a meaning unless a backslash took it away.
bool read_literal_regex(std::string_view regex, std::string* out) {
  for (size_t i = 0; i < regex.size(); ++i) {
    const bool escaped = regex[i] == '\\';
    if (escaped && (++i == regex.size() || kRegexSigns.find(regex[i]) == kRegexSigns.npos))
      return false;
    if (!escaped && kRegexSigns.find(regex[i]) != kRegexSigns.npos) return false;
    *out += regex[i];
  }
  return true;
}

}  // namespace

// Reads the parts in their order.
class DecoderReader {
 public:
  explicit DecoderReader(const JsonDocument& doc) : doc_(doc) {}

  Result<TokenDecoder> read() {
    const JsonId top = doc_.find(doc_.root(), "decoder");
    if (top == kNoJson || doc_.is(top, JsonType::kNull)) {
      out_.given_ = false;
      out_.steps_.push_back({Kind::kSpaceFirst});
      out_.notes_.push_back("there is no decoder: tokens are joined by spaces");
      return std::move(out_);
    }
    std::vector<JsonId> open = {top};
    while (!open.empty()) {
      const JsonId part = open.back();
      open.pop_back();
      if (name_of(part) == "Sequence") {
        const JsonId list = doc_.find(part, "decoders");
        if (list == kNoJson || !doc_.is(list, JsonType::kArray))
          return wrong(part, "has no list \"decoders\"", Status::kInvalidData);
        const size_t first = open.size();
        for (const JsonId member : doc_.children(list)) open.push_back(member);
        std::reverse(open.begin() + static_cast<ptrdiff_t>(first), open.end());
      } else if (MaybeError error = read_part(part)) {
        return *std::move(error);
      }
    }
    return std::move(out_);
  }

 private:
  using Kind = TokenDecoder::Kind;

  Error wrong(JsonId node, const std::string& what, Status code = Status::kUnsupported) const {
    return wrong_at(doc_, node, what, code);
  }

  std::string_view name_of(JsonId part) const { return text_of(part, "type"); }

  std::string_view text_of(JsonId part, std::string_view key,
                           std::string_view otherwise = {}) const {
    const JsonId id = doc_.find(part, key);
    return id != kNoJson && doc_.is(id, JsonType::kString) ? doc_.text(id) : otherwise;
  }

  bool is_true(JsonId part, std::string_view key, bool otherwise) const {
    const JsonId id = doc_.find(part, key);
    return id == kNoJson ? otherwise : doc_.is(id, JsonType::kTrue);
  }

  MaybeError read_part(JsonId part) {
    const std::string name(name_of(part));
    if (out_.names_.size() >= TokenDecoder::kMaxParts)
      return wrong(part,
                   "is one part of the decoder too many; at most " +
                       std::to_string(TokenDecoder::kMaxParts) + " are supported",
                   Status::kLimitExceeded);
    out_.names_.push_back(name);
    if (name == "ByteLevel") return read_byte_level(part);
    if (name == "ByteFallback") return read_byte_fallback(part);
    if (name == "Fuse") {
      fused_ = true;
      return std::nullopt;
    }
    if (name == "Metaspace") return read_metaspace(part);
    if (name == "Replace") return read_replace(part);
    if (name == "Strip") return read_strip(part);
    if (name == "WordPiece") return read_word_piece(part);
    if (name == "BPEDecoder") return read_bpe(part);
    if (name == "CTC")
      return wrong(part,
                   "is a CTC decoder, where a token's text depends on its neighbours; expected "
                   "one whose tokens have texts of their own");
    return wrong(part,
                 "is a decoder of type " + json_quote(name) +
                     ", which is not known; expected BPEDecoder, ByteFallback, ByteLevel, Fuse, "
                     "Metaspace, Replace, Sequence, Strip or WordPiece");
  }

  MaybeError whole_text(JsonId part) const {
    return wrong(part,
                 "is a " + std::string(name_of(part)) + " behind " +
                     (fused_ ? "a part that joins the tokens" : "ByteFallback") +
                     ", so that a token's text depends on its neighbours; expected it before");
  }

  MaybeError read_byte_level(JsonId part) {
    if (fused_ || bytes_) return whole_text(part);
    fused_ = bytes_ = true;
    out_.steps_.push_back({Kind::kByteLevel});
    return std::nullopt;
  }

  MaybeError read_byte_fallback(JsonId part) {
    if (fused_) return whole_text(part);
    if (!bytes_) out_.steps_.push_back({Kind::kByteFallback});
    bytes_ = true;
    return std::nullopt;
  }

  MaybeError read_metaspace(JsonId part) {
    const std::string_view mark = text_of(part, "replacement", kSpaceMark);
    if (!is_one_char(mark))
      return wrong(part, "has a replacement that is not one character", Status::kInvalidData);
    if (bytes_ && mark.size() > 1) return whole_text(part);
    // All of a joined text is the first token to it, where the marks are dropped.
    const bool dropped = fused_ && text_of(part, "prepend_scheme", "always") != "never";
    out_.steps_.push_back({Kind::kReplace, std::string(mark), dropped ? "" : " "});
    return std::nullopt;
  }

  MaybeError read_replace(JsonId part) {
    const JsonId pattern = doc_.find(part, "pattern");
    const JsonId content = doc_.find(part, "content");
    const JsonId literal = pattern == kNoJson ? kNoJson : doc_.find(pattern, "String");
    const JsonId regex = pattern == kNoJson ? kNoJson : doc_.find(pattern, "Regex");
    const JsonId given = literal != kNoJson ? literal : regex;
    if (given == kNoJson || !doc_.is(given, JsonType::kString) || content == kNoJson ||
        !doc_.is(content, JsonType::kString))
      return wrong(part, "is no Replace; expected a pattern with String or Regex, and a content",
                   Status::kInvalidData);
    std::string from(doc_.text(given));
    if (given == regex) {
      from.clear();
      if (!read_literal_regex(doc_.text(regex), &from))
        return wrong(regex,
                     "is the regular expression " + json_quote(doc_.text(regex)) +
                         ", which is not supported in decoders; expected a text without signs "
                         "that have a meaning in one");
    }
    if (from.empty()) return wrong(given, "is an empty pattern; expected a text to be replaced");
    const bool alone = is_one_char(from) && (!bytes_ || from.size() == 1);
    if ((fused_ || bytes_) && !alone) return whole_text(part);
    out_.steps_.push_back({Kind::kReplace, std::move(from), std::string(doc_.text(content))});
    return std::nullopt;
  }

  bool read_count(JsonId part, std::string_view key, size_t* out) const {
    const JsonId id = doc_.find(part, key);
    if (id == kNoJson || !doc_.is(id, JsonType::kNumber)) return false;
    *out = 0;
    for (const char c : doc_.text(id)) {
      if (c < '0' || c > '9') return false;
      *out = std::min(*out * 10 + static_cast<size_t>(c - '0'), Tokenizer::kMaxTokenBytes);
    }
    return true;
  }

  MaybeError read_strip(JsonId part) {
    TokenDecoder::Step step{Kind::kStrip, std::string(text_of(part, "content"))};
    if (!is_one_char(step.from) || !read_count(part, "start", &step.start) ||
        !read_count(part, "stop", &step.stop))
      return wrong(part,
                   "is no Strip; expected a character as content, and the counts start and stop",
                   Status::kInvalidData);
    if (fused_) {
      out_.notes_.push_back("Strip takes up to " + std::to_string(step.start) +
                            " characters from the beginning of an output and " +
                            std::to_string(step.stop) + " from its end");
      return std::nullopt;
    }
    if (bytes_) return whole_text(part);
    out_.steps_.push_back(std::move(step));
    return std::nullopt;
  }

  MaybeError read_word_piece(JsonId part) {
    if (fused_ || bytes_) return whole_text(part);
    out_.steps_.push_back({Kind::kWordPiece, std::string(text_of(part, "prefix", "##"))});
    if (is_true(part, "cleanup", true)) out_.steps_.push_back({Kind::kCleanUp});
    out_.notes_.push_back("WordPiece: no space before the first token of an output");
    return std::nullopt;
  }

  MaybeError read_bpe(JsonId part) {
    std::string suffix(text_of(part, "suffix", "</w>"));
    if (suffix.empty()) return wrong(part, "has an empty suffix; expected the end of a word");
    if (fused_ || bytes_) return whole_text(part);
    out_.steps_.push_back({Kind::kReplace, std::move(suffix), " "});
    out_.notes_.push_back("BPEDecoder: no space for the end of a word that ends an output");
    return std::nullopt;
  }

  const JsonDocument& doc_;
  TokenDecoder out_;
  bool fused_ = false;  // the parts to come see the whole output
  bool bytes_ = false;  // tokens may be parts of characters
};

Result<TokenDecoder> TokenDecoder::read(const JsonDocument& doc) {
  return DecoderReader(doc).read();
}

TokenDecoder TokenDecoder::of_type(VocabType type) {
  TokenDecoder out;
  if (type == VocabType::kByteLevel) out.steps_.push_back({Kind::kByteLevel});
  if (type == VocabType::kByteFallback) {
    out.steps_.push_back({Kind::kReplace, std::string(kSpaceMark), " "});
    out.steps_.push_back({Kind::kByteFallback});
  }
  return out;
}

VocabType TokenDecoder::vocab_type() const {
  for (const Step& step : steps_) {
    if (step.kind == Kind::kByteLevel) return VocabType::kByteLevel;
    const bool space_mark =
        step.kind == Kind::kReplace && step.from == kSpaceMark && step.to == " ";
    if (space_mark || step.kind == Kind::kByteFallback) return VocabType::kByteFallback;
  }
  return VocabType::kRaw;
}

bool TokenDecoder::run(const Step& step, std::string* text) {
  switch (step.kind) {
    case Kind::kByteLevel: {
      std::vector<char> bytes;
      append_token_bytes(VocabType::kByteLevel, *text, &bytes);
      text->assign(bytes.begin(), bytes.end());
      return true;
    }
    case Kind::kByteFallback:
      read_byte_piece(text);
      return true;
    case Kind::kReplace:
      return replace_all(text, step.from, step.to);
    case Kind::kStrip:
      strip(text, step.from, step.start, step.stop);
      return true;
    case Kind::kWordPiece:
      if (text->starts_with(step.from)) {
        text->erase(0, step.from.size());
      } else {
        text->insert(0, 1, ' ');
      }
      return true;
    case Kind::kCleanUp:
      for (const auto& [from, to] : kCleanUps) replace_all(text, from, to);
      return true;
    case Kind::kSpaceFirst:
      text->insert(0, 1, ' ');
      return true;
  }
  return true;
}

bool TokenDecoder::decode(std::string_view token, std::string* out) const {
  *out = token;
  for (const Step& step : steps_) {
    if (!run(step, out)) return false;
  }
  return out->size() <= Tokenizer::kMaxTokenBytes;
}

}  // namespace xgr::core
