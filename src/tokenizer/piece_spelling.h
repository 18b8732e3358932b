// What the parts of a tokenizer.json beside its decoder tell about the spelling of tokens.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "support/json_reader.h"
#include "tokenizer/byte_decoding.h"

namespace xgr::core {

// How a vocabulary evidently spells bytes, if it does. `pieces` are the tokens of the model itself,
// without the added ones; holes may be empty.
std::optional<VocabType> evident_spelling(std::span<const std::string_view> pieces);

// Whether the encoder puts a space before a text.
bool puts_space_before_text(const JsonDocument& doc, VocabType type);

}  // namespace xgr::core
