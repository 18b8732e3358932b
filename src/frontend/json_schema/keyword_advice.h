// What to say about names in a schema that no keyword of its draft has.
//
//   is_annotation("title")                    // a draft defines it, and it asserts nothing
//   advice_on("maxLenght", dialect)           // no draft defines it; did you mean "maxLength"?
#pragma once

#include <string>
#include <string_view>

#include "frontend/json_schema/dialect.h"

namespace xgr::core {

// Whether a draft defines the name as one that never asserts anything.
bool is_annotation(std::string_view name);
// Why a name that no draft defines asserts nothing, and what its author may have meant.
std::string advice_on(std::string_view name, const Dialect& dialect);
// What the author of a format that nobody knows may have meant, as the end of a sentence; or "".
std::string advice_on_format(std::string_view format);
// As advice_on for the text of a $schema that names no known draft.
std::string advice_on_schema_uri(std::string_view uri);

}  // namespace xgr::core
