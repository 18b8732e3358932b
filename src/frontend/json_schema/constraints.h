// Single keywords as constraints on a shape, as they stand or negated.
#pragma once

#include <string_view>

#include "frontend/frontend.h"
#include "frontend/json_schema/keywords.h"
#include "frontend/json_schema/shape.h"

namespace xgr::core {

class Constraints {
 public:
  Constraints(const SchemaSource& source, FormatPolicy formats)
      : source_(source), doc_(source.doc()), formats_(formats) {}

  // Adds keyword `k` with value `node` to the shape. Keywords that concern one type leave other
  // types alone when positive; negated, they leave only that type. kInvalidSource for malformed
  // values.
  MaybeError apply(Keyword k, JsonId node, bool negated, Shape* shape) const;
  // Only these values, or none of them. Excluding arrays and objects with content takes more than a
  // shape can say: what else has to hold is up to the caller.
  void apply_values(std::vector<JsonId> listed, bool negated, Shape* shape) const;
  // The values of enum or const.
  MaybeError read_values(Keyword k, JsonId node, std::vector<JsonId>* out) const;

  MaybeError read_count(JsonId node, uint32_t* out) const;
  MaybeError require_name(std::string_view name, Shape* shape) const;
  // The strings of an array such as `required`; other elements are an error.
  MaybeError read_names(JsonId node, std::vector<std::string_view>* out) const;
  MaybeError read_types(JsonId node, TypeSet* out) const;
  Error malformed(JsonId node, const char* wanted) const;

 private:
  MaybeError apply_bound(Keyword k, JsonId node, bool negated, Shape* shape) const;
  MaybeError apply_count(Keyword k, JsonId node, bool negated, Shape* shape) const;
  MaybeError apply_string_test(Keyword k, JsonId node, bool negated, Shape* shape) const;
  MaybeError apply_content(JsonId node, bool negated, Shape* shape) const;
  MaybeError apply_multiple(JsonId node, bool negated, Shape* shape) const;

  const SchemaSource& source_;
  const JsonDocument& doc_;
  FormatPolicy formats_;
};

}  // namespace xgr::core
