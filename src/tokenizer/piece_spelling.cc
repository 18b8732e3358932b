// How the tokens of a tokenizer.json spell bytes. Entry point: detect_piece_spelling.
//
// Two witnesses. The decoder, or the first member of a sequence of decoders that says anything:
// ByteLevel means byte level; ByteFallback, Metaspace and a replacement of U+2581 by a space mean
// byte fallback, which covers SentencePiece vocabularies without byte pieces too. The vocabulary
// itself: half of the 256 byte pieces, or half of the byte-level characters as tokens in a
// vocabulary written almost wholly in them. Files get edited by hand, mostly beside the vocabulary,
// so the vocabulary wins where both speak.
//
//   {"decoder": {"type": "ByteLevel"}, ...}   // byte level, "decoder"
//
// Tests: tests/unit/tokenizer/tokenizer_json_test.cc.
#include "tokenizer/piece_spelling.h"

#include <algorithm>
#include <bitset>
#include <optional>
#include <vector>

namespace xgr::core {
namespace {

constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581
constexpr size_t kEnoughBytes = 128;

bool has_text(const JsonDocument& doc, JsonId object, std::string_view key, std::string_view text) {
  const JsonId id = doc.find(object, key);
  return id != kNoJson && doc.is(id, JsonType::kString) && doc.text(id) == text;
}

// The parts of a component: itself, or the members of a Sequence, nested ones included, in order.
std::vector<JsonId> parts_of(const JsonDocument& doc, std::string_view component,
                             std::string_view list_key) {
  std::vector<JsonId> parts, open;
  const JsonId top = doc.find(doc.root(), component);
  if (top != kNoJson) open.push_back(top);
  while (!open.empty()) {
    const JsonId id = open.back();
    open.pop_back();
    if (doc.is(id, JsonType::kNull)) continue;
    if (!has_text(doc, id, "type", "Sequence")) {
      parts.push_back(id);
      continue;
    }
    const JsonId list = doc.find(id, list_key);
    if (list == kNoJson || !doc.is(list, JsonType::kArray)) continue;
    const size_t first = open.size();
    for (const JsonId member : doc.children(list)) open.push_back(member);
    std::reverse(open.begin() + static_cast<ptrdiff_t>(first), open.end());
  }
  return parts;
}

bool replaces_mark_by_space(const JsonDocument& doc, JsonId decoder) {
  const JsonId pattern = doc.find(decoder, "pattern");
  return pattern != kNoJson && has_text(doc, decoder, "type", "Replace") &&
         has_text(doc, pattern, "String", kSpaceMark) && has_text(doc, decoder, "content", " ");
}

// Metaspace may use another character than U+2581, which no vocabulary type covers.
bool uses_space_mark(const JsonDocument& doc, JsonId metaspace) {
  return doc.find(metaspace, "replacement") == kNoJson ||
         has_text(doc, metaspace, "replacement", kSpaceMark);
}

std::optional<VocabType> ask_decoder(const JsonDocument& doc) {
  for (const JsonId part : parts_of(doc, "decoder", "decoders")) {
    if (has_text(doc, part, "type", "ByteLevel")) return VocabType::kByteLevel;
    if (has_text(doc, part, "type", "ByteFallback")) return VocabType::kByteFallback;
    if (has_text(doc, part, "type", "Metaspace") && uses_space_mark(doc, part))
      return VocabType::kByteFallback;
    if (replaces_mark_by_space(doc, part)) return VocabType::kByteFallback;
  }
  return std::nullopt;
}

std::optional<VocabType> ask_vocabulary(std::span<const std::string_view> pieces) {
  std::bitset<256> byte_pieces, byte_chars;
  size_t tokens = 0, byte_level_tokens = 0;
  for (const std::string_view piece : pieces) {
    if (piece.empty()) continue;
    ++tokens;
    uint8_t value = 0;
    if (parse_byte_piece(piece, &value)) byte_pieces.set(value);
    size_t pos = 0, chars = 0;
    int byte = 0;
    while (pos < piece.size() && (byte = read_byte_level(piece, &pos)) >= 0) ++chars;
    if (byte < 0) continue;
    ++byte_level_tokens;
    if (chars == 1) byte_chars.set(static_cast<size_t>(byte));
  }
  if (byte_pieces.count() >= kEnoughBytes) return VocabType::kByteFallback;
  const bool almost_all = byte_level_tokens * 100 >= tokens * 99;
  if (byte_chars.count() >= kEnoughBytes && almost_all) return VocabType::kByteLevel;
  return std::nullopt;
}

bool puts_space_before_text(const JsonDocument& doc, VocabType type) {
  for (const JsonId part : parts_of(doc, "normalizer", "normalizers")) {
    if (has_text(doc, part, "type", "Prepend") && has_text(doc, part, "prepend", kSpaceMark))
      return true;
  }
  for (const JsonId part : parts_of(doc, "pre_tokenizer", "pretokenizers")) {
    const JsonId flag = doc.find(part, "add_prefix_space");
    const bool flagged = flag != kNoJson && doc.is(flag, JsonType::kTrue);
    if (has_text(doc, part, "type", "Metaspace")) {
      // Files from before prepend_scheme have only the flag.
      if (has_text(doc, part, "prepend_scheme", "always") ||
          has_text(doc, part, "prepend_scheme", "first") ||
          (flagged && doc.find(part, "prepend_scheme") == kNoJson))
        return true;
    }
    if (type == VocabType::kByteLevel && flagged && has_text(doc, part, "type", "ByteLevel"))
      return true;
  }
  return false;
}

}  // namespace

PieceSpelling detect_piece_spelling(const JsonDocument& doc,
                                    std::span<const std::string_view> pieces) {
  const std::optional<VocabType> decoder = ask_decoder(doc);
  const std::optional<VocabType> vocabulary = ask_vocabulary(pieces);
  PieceSpelling spelling;
  for (const JsonId part : parts_of(doc, "decoder", "decoders")) {
    const JsonId type = doc.find(part, "type");
    spelling.decoder.emplace_back(type == kNoJson ? "" : doc.text(type));
  }
  if (vocabulary.has_value() && vocabulary != decoder) {
    spelling.type = *vocabulary;
    spelling.detected_by = "vocabulary";
  } else if (decoder.has_value()) {
    spelling.type = *decoder;
  } else if (parts_of(doc, "decoder", "decoders").empty()) {
    spelling.detected_by = "vocabulary";
  }
  spelling.add_prefix_space = puts_space_before_text(doc, spelling.type);
  return spelling;
}

}  // namespace xgr::core
