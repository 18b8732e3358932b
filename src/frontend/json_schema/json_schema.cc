// JSON Schema to grammar.
//
// Entry point: parse_json_schema. The document becomes a SchemaSource (drafts, references), which
// the SchemaModel answers questions about: a conjunction of schemas (a goal) is a union of shapes,
// one per consistent choice of alternatives, with all constraints sorted by type. The SchemaBuilder
// turns goals into expressions. Every keyword is enforced exactly or refused by name and JSON
// Pointer.
//
//   text -> JsonDocument -> SchemaSource -> Expander (shapes) -> SchemaBuilder -> Grammar
//
// Tests: tests/cases/json_schema/*.case, tests/unit/frontend/json_schema/.
#include "frontend/frontend.h"
#include "frontend/json_schema/schema_builder.h"

namespace xgr {

Result<Grammar> parse_json_schema(std::string_view schema, const JsonSchemaOptions& options,
                                  const Limits& limits) {
  if (MaybeError e = check_format(options.format)) return *e;
  Result<SchemaSource> source = SchemaSource::read(schema, options, limits);
  if (!source.ok()) return source.error();
  Grammar grammar;
  RuleId root = grammar.add_rule("root");
  grammar.root = root;
  {
    SchemaModel model(source.value(), grammar, options, limits);
    JsonText json(grammar, options.format, options.any_order);
    SchemaBuilder builder(model, json, limits);
    if (MaybeError e = builder.build(root)) return *e;
  }
  return grammar;
}

}  // namespace xgr
