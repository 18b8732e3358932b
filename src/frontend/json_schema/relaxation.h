// Schemas without the keywords that cannot be enforced.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/json_schema/schema_source.h"

namespace xgr::core {

struct LeftOut {
  JsonId keyword;  // the same in every source that is read from the schema
  std::string reason;
};

class Notation;

// Adds the grammar of a source as it is, or of one schema in it; its rule becomes the root.
// With `refusals` what cannot be enforced is collected there, and the grammar is of use only when nothing
// is. `notation`: that of the grammar and the options, where there is one already.
MaybeError build_grammar(SchemaSource& source, const JsonSchemaOptions& options,
                         const Limits& limits, Grammar* out, JsonId schema = 0,
                         std::vector<Error>* refusals = nullptr, Notation* notation = nullptr);

// The grammar of a schema, where keywords are left out until nothing is refused any more. It has
// every valid document. `source` becomes the schema without them.
Result<Grammar> relaxed_grammar(std::string_view schema, const JsonSchemaOptions& options,
                                const Limits& limits, std::vector<LeftOut>* out,
                                std::optional<SchemaSource>* source);

}  // namespace xgr::core
