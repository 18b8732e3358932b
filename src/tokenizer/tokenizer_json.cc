// Reading of tokenizer.json. ListedToken point: read_tokenizer_json.
//
// Three parts of the file matter: model.vocab (an object from piece to id, or for Unigram a list of
// [piece, score] whose index is the id), added_tokens (which win over the model's pieces at the
// same id, as in the tokenizer itself; special ones are control tokens) and the decoder, which runs over
// added tokens as over all others (token_decoder.h). What else the model says, such as merges or
// ignore_merges, is about encoding.
//
// Where there is no decoder, a vocabulary that evidently is byte-level or has byte pieces stands for
// one. Where it speaks against the decoder, the file was put together from parts of two, and is refused.
//
//   {"model": {"type": "BPE", "vocab": {"a": 0, "\u0120b": 1}, "merges": []},
//    "added_tokens": [{"id": 2, "content": "</s>", "special": true}],
//    "decoder": {"type": "ByteLevel"}}
//
// Tests: tests/unit/tokenizer/tokenizer_json_test.cc.
#include "tokenizer/tokenizer_json.h"

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_map>

#include "tokenizer/file_document.h"
#include "tokenizer/piece_spelling.h"
#include "tokenizer/stop_names.h"
#include "tokenizer/token_decoder.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxHoles = size_t{1} << 20;  // ids without a token

// A token of the file. All views point into the document.
struct ListedToken {
  int32_t id;
  bool added, special;
  std::string_view text;
  JsonId node;
};

class FileReader {
 public:
  explicit FileReader(const JsonDocument& doc) : doc_(doc) {}

  Result<VocabularyFile> read() {
    out_.format = "tokenizer.json";
    if (MaybeError error = read_model()) return *std::move(error);
    if (MaybeError error = read_added_tokens()) return *std::move(error);
    if (MaybeError error = check_added_ids()) return *std::move(error);
    if (MaybeError error = place_entries()) return *std::move(error);
    return std::move(out_);
  }

 private:
  Error wrong(JsonId node, const std::string& what, Status code = Status::kInvalidData) const {
    return wrong_at(doc_, node, what, code);
  }

  MaybeError read_model() {
    if (!doc_.is(doc_.root(), JsonType::kObject))
      return wrong(doc_.root(), "is not an object; expected the text of a tokenizer.json");
    const JsonId model = doc_.find(doc_.root(), "model");
    if (model == kNoJson || !doc_.is(model, JsonType::kObject))
      return wrong(doc_.root(), "has no object \"model\"; expected the text of a tokenizer.json");
    const JsonId vocab = doc_.find(model, "vocab");
    if (vocab == kNoJson)
      return wrong(model, "has no \"vocab\"; expected the pieces and their ids");
    if (MaybeError error = read_model_type(model, vocab)) return error;
    return out_.model_type == "Unigram" ? read_piece_list(vocab) : read_piece_map(vocab);
  }

  // Old files leave the type out.
  MaybeError read_model_type(JsonId model, JsonId vocab) {
    const JsonId type = doc_.find(model, "type");
    if (type == kNoJson) {
      const bool word_piece = doc_.find(model, "max_input_chars_per_word") != kNoJson;
      out_.model_type = doc_.is(vocab, JsonType::kArray)        ? "Unigram"
                        : doc_.find(model, "merges") != kNoJson ? "BPE"
                        : word_piece                            ? "WordPiece"
                                                                : "WordLevel";
      return std::nullopt;
    }
    const std::string_view name = doc_.is(type, JsonType::kString) ? doc_.text(type) : "";
    for (const std::string_view known : {"BPE", "Unigram", "WordPiece", "WordLevel"}) {
      if (name == known) {
        out_.model_type = known;
        return std::nullopt;
      }
    }
    return wrong(type, "is not a known model; expected BPE, Unigram, WordPiece or WordLevel",
                 Status::kUnsupported);
  }

  MaybeError read_piece_map(JsonId vocab) {
    if (!doc_.is(vocab, JsonType::kObject))
      return wrong(vocab, "is no vocabulary; expected an object from piece to token id");
    entries_.reserve(doc_.count(vocab));
    for (const JsonId member : doc_.children(vocab)) {
      ListedToken entry{0, false, false, doc_.key(member), member};
      if (MaybeError error = read_id(member, &entry.id)) return error;
      entries_.push_back(entry);
    }
    return std::nullopt;
  }

  MaybeError read_piece_list(JsonId vocab) {
    if (!doc_.is(vocab, JsonType::kArray))
      return wrong(vocab, "is no vocabulary of Unigram; expected a list of [piece, score]");
    entries_.reserve(doc_.count(vocab));
    for (const JsonId pair : doc_.children(vocab)) {
      const bool valid = doc_.is(pair, JsonType::kArray) && doc_.count(pair) == 2 &&
                         doc_.is(pair + 1, JsonType::kString);
      if (!valid) return wrong(pair, "is no entry of a vocabulary; expected [piece, score]");
      const int32_t id = static_cast<int32_t>(entries_.size());
      entries_.push_back({id, false, false, doc_.text(pair + 1), pair});
    }
    return std::nullopt;
  }

  MaybeError read_added_tokens() {
    const JsonId list = doc_.find(doc_.root(), "added_tokens");
    if (list == kNoJson || doc_.is(list, JsonType::kNull)) return std::nullopt;
    if (!doc_.is(list, JsonType::kArray))
      return wrong(list,
                   "is no list of added tokens; expected an array of objects with id and content");
    for (const JsonId token : doc_.children(list)) {
      const JsonId id = doc_.find(token, "id");
      const JsonId content = doc_.find(token, "content");
      const JsonId special = doc_.find(token, "special");
      if (id == kNoJson || content == kNoJson || !doc_.is(content, JsonType::kString))
        return wrong(token, "is not an added token; expected an object with id and content");
      ListedToken entry{0, true, special != kNoJson && doc_.is(special, JsonType::kTrue),
                        doc_.text(content), token};
      if (MaybeError error = read_id(id, &entry.id)) return error;
      entries_.push_back(entry);
    }
    return std::nullopt;
  }

  // The library that these files are from pays no attention to the id of an added token: it is that of
  // the model's piece with the same text, or the next one. A file that says otherwise was edited, and
  // programs would disagree about its tokens.
  MaybeError check_added_ids() const {
    std::unordered_map<std::string_view, int64_t> ids;
    const auto is_added = [](const ListedToken& entry) { return entry.added; };
    const auto first = std::find_if(entries_.begin(), entries_.end(), is_added);
    for (auto entry = first; entry != entries_.end(); ++entry) ids.emplace(entry->text, -1);
    for (auto piece = entries_.begin(); piece != first && !ids.empty(); ++piece) {
      const auto found = ids.find(piece->text);
      if (found != ids.end()) found->second = piece->id;
    }
    const int64_t pieces = first - entries_.begin();
    int64_t next = pieces;
    for (auto entry = first; entry != entries_.end(); ++entry) {
      int64_t& id = ids.find(entry->text)->second;
      if (id < 0) id = next;
      if (id >= pieces) next = std::max(next, id + 1);
      if (id == entry->id) continue;
      return wrong(entry->node,
                   "has token id " + std::to_string(entry->id) +
                       ", but the package tokenizers gives it " + std::to_string(id) +
                       "; expected the id of the piece with the same text, or the next "
                       "one behind all pieces",
                   Status::kUnsupported);
    }
    return std::nullopt;
  }

  MaybeError read_id(JsonId node, int32_t* id) const {
    const std::string_view digits = doc_.is(node, JsonType::kNumber) ? doc_.text(node) : "";
    int64_t value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9')
        return wrong(node, "is not a token id; expected a whole number from 0");
      value = value * 10 + (c - '0');
      if (value >= static_cast<int64_t>(Tokenizer::kMaxTokens))
        return wrong(node,
                     "is a token id of " + std::string(doc_.text(node)) + "; at most " +
                         std::to_string(Tokenizer::kMaxTokens) + " tokens are supported",
                     Status::kLimitExceeded);
    }
    if (digits.empty()) return wrong(node, "is not a token id; expected a whole number from 0");
    *id = static_cast<int32_t>(value);
    return std::nullopt;
  }

  // Puts every entry at its id; the pieces of the model come first, then the added tokens.
  MaybeError place_entries() {
    size_t size = 0;
    for (const ListedToken& entry : entries_)
      size = std::max(size, static_cast<size_t>(entry.id) + 1);
    if (size > entries_.size() + kMaxHoles)
      return wrong(doc_.root(),
                   "leaves more than " + std::to_string(kMaxHoles) + " of " + std::to_string(size) +
                       " token ids without a token",
                   Status::kLimitExceeded);
    std::vector<const ListedToken*> placed(size);
    std::vector<std::string_view> texts(size);
    for (const ListedToken& entry : entries_) {
      const size_t id = static_cast<size_t>(entry.id);
      const ListedToken* other = placed[id];
      if (other != nullptr && other->added == entry.added && other->text != entry.text)
        return wrong(entry.node, "has token id " + std::to_string(id) + ", which is taken by " +
                                     doc_.pointer(other->node));
      placed[id] = &entry;
      if (entry.added) continue;
      texts[id] = entry.text;
    }
    if (MaybeError error = choose_decoder(texts)) return error;
    if (MaybeError error = write_tokens(placed)) return error;
    note_normalized_tokens();
    list_stop_tokens(placed);
    return std::nullopt;
  }

  MaybeError choose_decoder(std::span<const std::string_view> texts) {
    Result<TokenDecoder> read = TokenDecoder::read(doc_);
    if (!read.ok()) return std::move(read.error());
    decoder_ = std::move(read).value();
    const std::optional<VocabType> evident = evident_spelling(texts);
    out_.detected_by = "decoder";
    if (evident.has_value() && !decoder_.given()) {
      decoder_ = TokenDecoder::of_type(*evident);
      out_.detected_by = "vocabulary";
      out_.findings.push_back("there is no decoder: the vocabulary shows how tokens spell bytes");
    } else if (MaybeError error = check_evidence(evident)) {
      return error;
    }
    out_.vocab_type = decoder_.vocab_type();
    out_.decoder = decoder_.names();
    out_.findings.insert(out_.findings.end(), decoder_.notes().begin(), decoder_.notes().end());
    out_.add_prefix_space = puts_space_before_text(doc_, out_.vocab_type);
    return std::nullopt;
  }

  // A Latin vocabulary of words may look like the byte-level alphabet; one with marked spaces does not.
  MaybeError check_evidence(std::optional<VocabType> evident) const {
    const VocabType said = decoder_.vocab_type();
    if (!evident.has_value() || said == VocabType::kRaw || said == *evident) return std::nullopt;
    const bool byte_level = said == VocabType::kByteLevel;
    return wrong(doc_.find(doc_.root(), "decoder"),
                 byte_level
                     ? "is a ByteLevel decoder but the vocabulary has byte pieces such as "
                       "<0x0A>; expected a decoder with ByteFallback, or another vocabulary"
                     : "is no ByteLevel decoder but the vocabulary is written in the byte-level "
                       "alphabet; expected ByteLevel, or another vocabulary",
                 Status::kUnsupported);
  }

  MaybeError write_tokens(const std::vector<const ListedToken*>& placed) {
    size_t total = 0;
    out_.texts.resize(placed.size());
    out_.kinds.resize(placed.size(), static_cast<uint8_t>(TokenKind::kUnused));
    for (size_t id = 0; id < placed.size(); ++id) {
      const ListedToken* entry = placed[id];
      if (entry == nullptr) continue;
      const TokenKind kind = entry->special ? TokenKind::kControl : TokenKind::kNormal;
      out_.kinds[id] = static_cast<uint8_t>(kind);
      const bool fits = entry->special || decoder_.decode(entry->text, &out_.texts[id]);
      if (entry->special) out_.texts[id] = entry->text;
      total += out_.texts[id].size();
      if (!fits || total > Tokenizer::kMaxTotalBytes)
        return wrong(entry->node,
                     "makes texts too long; at most " + std::to_string(Tokenizer::kMaxTokenBytes) +
                         " bytes in one token and " + std::to_string(Tokenizer::kMaxTotalBytes) +
                         " in all are supported",
                     Status::kLimitExceeded);
    }
    return std::nullopt;
  }

  // Versions of the library differ about them. What is special keeps its name in any case.
  void note_normalized_tokens() {
    const JsonId normalizer = doc_.find(doc_.root(), "normalizer");
    if (normalizer == kNoJson || doc_.is(normalizer, JsonType::kNull)) return;
    const auto count =
        std::count_if(entries_.begin(), entries_.end(), [&](const ListedToken& entry) {
          const JsonId flag =
              entry.added && !entry.special ? doc_.find(entry.node, "normalized") : kNoJson;
          return flag != kNoJson && doc_.is(flag, JsonType::kTrue);
        });
    if (count > 0)
      out_.findings.push_back(
          std::to_string(count) +
          " added tokens are marked as normalized: tokenizers from 0.23 on writes them "
          "normalized, earlier versions as they stand in the file, which is done here");
  }

  // Some files forget the mark of special tokens, old ones have the name among the pieces only.
  void list_stop_tokens(const std::vector<const ListedToken*>& placed) {
    std::vector<StopCandidate> candidates;
    candidates.reserve(placed.size());
    for (const ListedToken* entry : placed) {
      if (entry == nullptr) continue;
      const StopTier tier = entry->special ? StopTier::kSpecial
                            : entry->added ? StopTier::kAdded
                                           : StopTier::kPiece;
      candidates.push_back({entry->id, tier, entry->text});
    }
    out_.stop_tokens = find_stop_tokens(candidates);
    out_.stop_reason = "well-known name";
  }

  const JsonDocument& doc_;
  std::vector<ListedToken> entries_;
  TokenDecoder decoder_;
  VocabularyFile out_;
};

}  // namespace

Result<VocabularyFile> read_tokenizer_json(std::string_view text) {
  const Result<JsonDocument> doc = read_file_document(text);
  if (!doc.ok()) return doc.error();
  return FileReader(doc.value()).read();
}

}  // namespace xgr::core
