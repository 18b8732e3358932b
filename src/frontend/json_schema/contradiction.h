// Which keywords of a schema leave no value.
//
//   Error e = explain_contradiction(text, options, limits, {});
//   e.message        "\"minimum\": 5 and \"maximum\": 3 contradict each other: no value is valid; ..."
//   e.json_pointer   "/properties/age"
#pragma once

#include <string_view>
#include <vector>

#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

// The error of a schema without any valid value.
Error no_valid_value(const SchemaSource& source, JsonId at);
bool is_no_valid_value(const Error& error);

// What to tell of a schema that has no valid value, once that is known. `left_out`: keywords that
// do not count. Takes a bounded time, and with a schema too large for it tells less.
Error explain_contradiction(std::string_view schema, const JsonSchemaOptions& options,
                            const Limits& limits, std::vector<JsonId> left_out);

}  // namespace xgr::core
