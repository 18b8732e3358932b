// Reading of SentencePiece models. Entry point: read_sentencepiece_file.
//
// The file is one protobuf message: pieces (field 1; the n-th has id n), what the trainer was told
// (2), the normalizer (3) and the denormalizer (5). A piece's type, and not its text, says what it is:
// `<0x0A>` is a byte only as a BYTE. In all other texts U+2581 is a space. The end of a text is the
// control piece with the name that the trainer was told; ids in that part are not read back by
// SentencePiece, so they do not count here.
//
//   0A 08 | 0A 04 E2 96 81 61 18 01   ->  piece 0, NORMAL, " a"
//
// Tests: tests/unit/tokenizer/sentencepiece_file_test.cc.
#include "tokenizer/sentencepiece_file.h"

#include <algorithm>
#include <optional>

#include "tokenizer/byte_decoding.h"
#include "tokenizer/stop_names.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxModelBytes = size_t{1} << 30;

enum class PieceType : uint64_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,
  kUserDefined = 4,
  kUnused = 5,
  kByte = 6,
};

// A field of a message: a number, or bytes. Fixed-size values are skipped and have neither.
struct ProtoField {
  uint64_t number = 0;
  bool is_bytes = false, is_number = false;
  uint64_t value = 0;
  std::string_view bytes;
  size_t offset = 0;  // in the file
};

// Walks over the fields of one message. `file` is the whole of it, for offsets.
class ProtoFields {
 public:
  ProtoFields(std::string_view file, std::string_view message)
      : file_(file),
        pos_(static_cast<size_t>(message.data() - file.data())),
        end_(pos_ + message.size()) {}

  bool at_end() const { return pos_ == end_; }

  // False where the bytes are no field; then offset() tells where.
  bool next(ProtoField* out) {
    *out = ProtoField{};
    out->offset = pos_;
    uint64_t tag = 0;
    if (!read_varint(&tag)) return false;
    out->number = tag >> 3;
    if (out->number == 0) return false;
    switch (tag & 7) {
      case 0:
        out->is_number = true;
        return read_varint(&out->value);
      case 1:
        return skip(8);
      case 2:
        return read_bytes(out);
      case 5:
        return skip(4);
      default:
        return false;
    }
  }

  size_t offset() const { return pos_; }

 private:
  bool read_varint(uint64_t* out) {
    *out = 0;
    for (unsigned shift = 0; shift < 64 && pos_ < end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(file_[pos_++]);
      *out |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool read_bytes(ProtoField* out) {
    uint64_t size = 0;
    if (!read_varint(&size) || size > end_ - pos_) return false;
    out->is_bytes = true;
    out->bytes = file_.substr(pos_, static_cast<size_t>(size));
    return skip(static_cast<size_t>(size));
  }

  bool skip(size_t count) {
    if (count > end_ - pos_) return false;
    pos_ += count;
    return true;
  }

  std::string_view file_;
  size_t pos_, end_;
};

class SentencePieceReader {
 public:
  explicit SentencePieceReader(std::string_view file) : file_(file) {}

  Result<VocabularyFile> read() {
    out_.format = "sentencepiece";
    out_.detected_by = "types of pieces";
    out_.model_type = "Unigram";
    out_.vocab_type = VocabType::kByteFallback;
    if (file_.size() > kMaxModelBytes)
      return wrong(0, "the file is too long; at most 1 GiB is read", Status::kLimitExceeded);
    const MaybeError error = each_field(file_, [&](const ProtoField& field) -> MaybeError {
      if (!field.is_bytes) return std::nullopt;
      if (field.number == 1) return read_piece(field);
      if (field.number == 2) return read_trainer(field.bytes);
      if (field.number == 3) return read_normalizer(field.bytes);
      if (field.number == 5) return check_denormalizer(field.bytes);
      return std::nullopt;
    });
    if (error.has_value()) return *error;
    if (out_.texts.empty())
      return wrong(0, "the file has no pieces; expected a model of SentencePiece");
    finish();
    return std::move(out_);
  }

 private:
  Error wrong(size_t offset, const std::string& what, Status code = Status::kInvalidData) const {
    return error_at(code, what, file_, offset);
  }

  template <typename Visit>
  MaybeError each_field(std::string_view message, const Visit& visit) const {
    ProtoFields fields(file_, message);
    while (!fields.at_end()) {
      ProtoField field;
      if (!fields.next(&field))
        return wrong(fields.offset(), "no field of a protobuf message; expected a whole model");
      if (MaybeError error = visit(field)) return error;
    }
    return std::nullopt;
  }

  MaybeError read_piece(const ProtoField& field) {
    std::string_view text;
    uint64_t type = static_cast<uint64_t>(PieceType::kNormal);
    const MaybeError error = each_field(field.bytes, [&](const ProtoField& part) -> MaybeError {
      if (part.number == 1 && part.is_bytes) text = part.bytes;
      if (part.number == 3 && part.is_number) type = part.value;
      return std::nullopt;
    });
    if (error.has_value()) return error;
    const std::string name = "piece " + std::to_string(out_.texts.size());
    if (out_.texts.size() >= Tokenizer::kMaxTokens || text.size() > Tokenizer::kMaxTokenBytes)
      return wrong(field.offset,
                   name + " is too many or too long; at most " +
                       std::to_string(Tokenizer::kMaxTokens) + " pieces of " +
                       std::to_string(Tokenizer::kMaxTokenBytes) + " bytes are supported",
                   Status::kLimitExceeded);
    if (text.empty()) return wrong(field.offset, name + " has no text; expected one in field 1");
    if (type < 1 || type > 6)
      return wrong(field.offset, name + " has type " + std::to_string(type) +
                                     "; expected 1 (NORMAL) to 6 (BYTE)");
    return add_piece(field, text, static_cast<PieceType>(type));
  }

  MaybeError add_piece(const ProtoField& field, std::string_view text, PieceType type) {
    TokenKind kind = TokenKind::kNormal;
    std::string bytes;
    if (type == PieceType::kByte) {
      uint8_t byte = 0;
      if (!parse_byte_piece(text, &byte))
        return wrong(field.offset, "piece " + std::to_string(out_.texts.size()) +
                                       " is a BYTE without its value; expected <0x00> to <0xFF>");
      bytes = std::string(1, static_cast<char>(byte));
      has_bytes_ = true;
    } else if (type == PieceType::kControl || type == PieceType::kUnknown) {
      kind = TokenKind::kControl;
      bytes = text;
    } else if (type == PieceType::kUnused) {
      kind = TokenKind::kUnused;
    } else {
      append_with_spaces(text, &bytes);
    }
    const auto id = static_cast<int32_t>(out_.texts.size());
    const bool candidate = type == PieceType::kControl || type == PieceType::kUserDefined ||
                           type == PieceType::kNormal;
    const StopTier tier = type == PieceType::kControl       ? StopTier::kSpecial
                          : type == PieceType::kUserDefined ? StopTier::kAdded
                                                            : StopTier::kPiece;
    if (candidate) candidates_.push_back({id, tier, text});
    out_.texts.push_back(std::move(bytes));
    out_.kinds.push_back(static_cast<uint8_t>(kind));
    return std::nullopt;
  }

  MaybeError read_trainer(std::string_view message) {
    return each_field(message, [&](const ProtoField& field) -> MaybeError {
      if (field.number == 3 && field.is_number) {
        if (field.value < 1 || field.value > 4)
          return wrong(field.offset, "the model's type is " + std::to_string(field.value) +
                                         "; expected 1 (UNIGRAM) to 4 (CHAR)");
        constexpr const char* kNames[] = {"Unigram", "BPE", "Word", "Char"};
        out_.model_type = kNames[field.value - 1];
      }
      if (field.number == 24 && field.is_number) space_behind_ = field.value != 0;
      if (field.number == 47 && field.is_bytes && !field.bytes.empty()) end_name_ = field.bytes;
      return std::nullopt;
    });
  }

  MaybeError read_normalizer(std::string_view message) {
    return each_field(message, [&](const ProtoField& field) -> MaybeError {
      if (field.number == 3 && field.is_number) dummy_prefix_ = field.value != 0;
      return std::nullopt;
    });
  }

  // Rules that rewrite the whole output: no token has a text of its own.
  MaybeError check_denormalizer(std::string_view message) const {
    return each_field(message, [&](const ProtoField& field) -> MaybeError {
      if (field.number != 2 || field.bytes.empty()) return std::nullopt;
      return wrong(field.offset,
                   "the model has a denormalizer, which rewrites the output; expected one without",
                   Status::kUnsupported);
    });
  }

  void finish() {
    out_.decoder = {"Metaspace"};
    if (has_bytes_) out_.decoder.insert(out_.decoder.begin(), "ByteFallback");
    out_.add_prefix_space = dummy_prefix_ && !space_behind_;
    out_.stop_tokens = find_stop_tokens(candidates_);
    out_.stop_reason = "well-known name";
    const auto is_end = [&](const StopCandidate& candidate) {
      return candidate.tier == StopTier::kSpecial && candidate.text == end_name_;
    };
    const auto end = std::find_if(candidates_.begin(), candidates_.end(), is_end);
    if (end == candidates_.end()) return;
    out_.stop_reason = "end piece of the model, or well-known name";
    if (std::find(out_.stop_tokens.begin(), out_.stop_tokens.end(), end->id) ==
        out_.stop_tokens.end())
      out_.stop_tokens.push_back(end->id);
  }

  std::string_view file_;
  std::string_view end_name_ = "</s>";
  bool has_bytes_ = false, space_behind_ = false, dummy_prefix_ = true;
  std::vector<StopCandidate> candidates_;
  VocabularyFile out_;
};

}  // namespace

bool looks_like_sentencepiece(std::string_view contents) {
  ProtoFields fields(contents, contents);
  ProtoField piece;
  ProtoField text;
  if (contents.empty() || !fields.next(&piece) || piece.number != 1 || !piece.is_bytes)
    return false;
  return ProtoFields(contents, piece.bytes).next(&text) && text.number == 1 && text.is_bytes;
}

Result<VocabularyFile> read_sentencepiece_file(std::string_view contents) {
  return SentencePieceReader(contents).read();
}

}  // namespace xgr::core
