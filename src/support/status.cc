// Errors that know where they happened.
//
// Entry points: make_error (no place), error_at (text position) and error_at_pointer (JSON
// Pointer). Lines are counted at '\n'; a column counts code points, or bytes that begin one where
// the text is not valid UTF-8, so that it is the column an editor shows.
//
//   error_at(Status::kInvalidSource, "expected ')'", "a\n(b", 4)  ->  line 2, column 3
//
// Tests: tests/unit/support/status_test.cc.
#include "support/status.h"

#include <algorithm>

namespace xgr::core {

Error make_error(Status code, std::string message) {
  Error e;
  e.code = code;
  e.message = std::move(message);
  return e;
}

Error error_at(Status code, std::string message, std::string_view source, size_t byte_offset) {
  byte_offset = std::min(byte_offset, source.size());
  std::string_view before = source.substr(0, byte_offset);
  Error e = make_error(code, std::move(message));
  e.byte_offset = static_cast<int64_t>(byte_offset);
  e.line = static_cast<int32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  size_t newline = before.rfind('\n');
  std::string_view row = newline == std::string_view::npos ? before : before.substr(newline + 1);
  auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  e.column = static_cast<int32_t>(std::count_if(row.begin(), row.end(), begins_character)) + 1;
  return e;
}

Error error_at_pointer(Status code, std::string message, std::string pointer) {
  Error e = make_error(code, std::move(message));
  e.json_pointer = std::move(pointer);
  e.has_json_pointer = true;
  return e;
}

}  // namespace xgr::core
