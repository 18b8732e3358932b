// Several schemas in one grammar.
#pragma once

#include <memory>

#include "frontend/frontend.h"
#include "support/json_reader.h"

namespace xgr::core {

// What schemas have in common, such as the rules of JSON strings, is built once.
//
//   SchemaSet schemas(grammar, limits);
//   Result<Expr> first = schemas.add(doc, doc.find(tool, "parameters"), options);
class SchemaSet {
 public:
  SchemaSet(Grammar& grammar, const Limits& limits);
  ~SchemaSet();
  SchemaSet(const SchemaSet&) = delete;
  SchemaSet& operator=(const SchemaSet&) = delete;

  // As json_schema_expr, of the schema that a node is. Pointers of errors begin there.
  Result<Expr> add(const JsonDocument& doc, JsonId schema, const JsonSchemaOptions& options);

 private:
  struct Notations;
  Grammar& grammar_;
  const Limits& limits_;
  std::unique_ptr<Notations> notations_;
};

}  // namespace xgr::core
