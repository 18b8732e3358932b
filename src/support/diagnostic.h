// Diagnostics: what the author of a source may want to know although it compiles.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "support/status.h"

namespace xgr::core {

// Numbers are those of the C API.
enum class DiagnosticCode : int32_t {
  kIgnoredKeyword = 1,
  kApproximatedKeyword = 2,
  kSpecialTokenAsText = 3,
  kMore = 4,
};

// Places are as in Error.
struct Diagnostic {
  DiagnosticCode code = DiagnosticCode::kMore;
  std::string subject;  // the keyword or token
  std::string message;  // one line: what has no effect, and what to write instead
  int64_t byte_offset = -1;
  int32_t line = 0, column = 0;
  std::string json_pointer;
  bool has_json_pointer = false;

  bool operator==(const Diagnostic&) const = default;
};

// With the message and the place of an error.
inline Diagnostic make_diagnostic(DiagnosticCode code, std::string subject, Error at) {
  return {code,    std::move(subject), std::move(at.message),      at.byte_offset,
          at.line, at.column,          std::move(at.json_pointer), at.has_json_pointer};
}

}  // namespace xgr::core
