// JSON files of tokenizers. Entry points: read_file_document, wrong_at.
//
// They are larger than sources of grammars, and data: what is wrong in them is invalid data.
//
//   read_file_document("{\"model\": ")     // kInvalidData, with the byte
//
// Tests: tests/unit/tokenizer/tokenizer_json_test.cc, tests/unit/tokenizer/tekken_file_test.cc.
#include "tokenizer/file_document.h"

#include <utility>

namespace xgr::core {

Result<JsonDocument> read_file_document(std::string_view contents) {
  Limits limits;
  limits.max_source_bytes = size_t{1} << 30;
  limits.max_nesting = 1000;
  Result<JsonDocument> doc = JsonDocument::parse(contents, limits);
  if (!doc.ok() && doc.error().code == Status::kInvalidSource)
    doc.error().code = Status::kInvalidData;
  return doc;
}

Error wrong_at(const JsonDocument& doc, JsonId node, const std::string& what, Status code) {
  const std::string pointer = doc.pointer(node);
  return error_at_pointer(code, (pointer.empty() ? "the document" : pointer) + " " + what, pointer);
}

}  // namespace xgr::core
