// Finds out how the tokens of a tokenizer.json spell bytes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "support/json_reader.h"
#include "tokenizer/byte_decoding.h"

namespace xgr::core {

struct PieceSpelling {
  VocabType type = VocabType::kRaw;
  bool add_prefix_space = false;
  const char* detected_by = "decoder";  // or "vocabulary"
  std::vector<std::string> decoder;     // types of its parts
};

// `pieces` are the tokens of the model itself, without the added ones; holes may be empty.
PieceSpelling detect_piece_spelling(const JsonDocument& doc,
                                    std::span<const std::string_view> pieces);

}  // namespace xgr::core
