// JSON files of tokenizers as documents, and what is wrong in them.
//
//   Result<JsonDocument> doc = read_file_document(contents);
//   return wrong_at(doc.value(), node, "is no token id; expected a number", Status::kInvalidData);
#pragma once

#include <string>
#include <string_view>

#include "support/json_reader.h"

namespace xgr::core {

// Status::kInvalidData for what is no JSON, kLimitExceeded.
Result<JsonDocument> read_file_document(std::string_view contents);

// "/model/vocab is no vocabulary; expected ...", at that place.
Error wrong_at(const JsonDocument& doc, JsonId node, const std::string& what, Status code);

}  // namespace xgr::core
