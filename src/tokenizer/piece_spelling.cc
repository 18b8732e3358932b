// What a vocabulary shows, and what stands before a text. Entry points: evident_spelling,
// puts_space_before_text.
//
// The vocabulary is evidence where there is no decoder, and against one that does not fit: half of the
// 256 byte pieces, or half of the byte-level characters as tokens in a vocabulary written almost wholly
// in them. The space comes from a normalizer that prepends it, or from a pre-tokenizer.
//
//   {"<0x00>": 0, ..., "<0xFF>": 255, ...}   // byte fallback
//
// Tests: tests/unit/tokenizer/tokenizer_json_test.cc.
#include "tokenizer/piece_spelling.h"

#include <algorithm>
#include <bitset>
#include <vector>

namespace xgr::core {
namespace {

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

}  // namespace

std::optional<VocabType> evident_spelling(std::span<const std::string_view> pieces) {
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

}  // namespace xgr::core
