// JSON Schema to grammar.
//
// Entry points: parse_json_schema, json_schema_expr, SchemaSet. The document becomes a SchemaSource (drafts, references), which
// the SchemaModel answers questions about: a conjunction of schemas (a goal) is a union of shapes,
// one per consistent choice of alternatives, with all constraints sorted by type. The SchemaBuilder
// turns goals into expressions. Every keyword is enforced exactly or refused by name and JSON
// Pointer, or with the option `lenient` left out.
//
//   text -> JsonDocument -> SchemaSource -> Expander (shapes) -> SchemaBuilder -> Grammar
//
// Tests: tests/cases/json_schema/*.case, tests/unit/frontend/json_schema/.
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/json_schema/argument_styles.h"
#include "frontend/json_schema/contradiction.h"
#include "frontend/json_schema/relaxation.h"
#include "frontend/json_schema/schema_builder.h"
#include "frontend/json_schema/schema_report.h"
#include "frontend/schema_set.h"

namespace xgr::core {
namespace {

// Finding the words for an error is charged, too; where that is too much, the error is one without.
Error blamed(Error error, std::string_view schema, const JsonSchemaOptions& options,
             const Limits& limits, const std::vector<LeftOut>& relaxed) {
  std::vector<JsonId> left_out;
  for (const LeftOut& r : relaxed) left_out.push_back(r.keyword);
  try {
    return explain_contradiction(schema, options, limits, std::move(left_out));
  } catch (const WorkStopped& stopped) {
    if (stopped.error.code == Status::kCancelled) throw;
    return error;
  }
}

Error explained(Error error, std::string_view schema, const JsonSchemaOptions& options,
                const Limits& limits, const std::vector<LeftOut>& relaxed) {
  if (!is_no_valid_value(error)) return error;
  return blamed(std::move(error), schema, options, limits, relaxed);
}

}  // namespace

MaybeError build_grammar(SchemaSource& source, const JsonSchemaOptions& options,
                         const Limits& limits, Grammar* out, JsonId schema,
                         std::vector<Error>* refusals, Notation* notation) {
  const ChargedPool charged(&out->pool, limits.work);
  RuleId root = out->add_rule("root");
  out->root = root;
  SchemaModel model(source, *out, options, limits);
  std::optional<Notation> own;
  if (notation == nullptr) notation = &own.emplace(*out, options, notation_of(options, limits));
  SchemaBuilder builder(model, *notation, limits);
  if (refusals != nullptr) builder.collect_refusals(refusals);
  return builder.build(root, schema);
}

Result<Grammar> parse_json_schema(std::string_view schema, const JsonSchemaOptions& options,
                                  const Limits& limits) {
  if (MaybeError e = check_format(options.format)) return *e;
  if (MaybeError e = check_style(options, limits)) return *e;
  std::vector<LeftOut> left_out;
  std::optional<SchemaSource> source;
  std::vector<JsonId> ignored;
  Result<Grammar> grammar = Grammar();
  if (options.lenient) {
    grammar = relaxed_grammar(schema, options, limits, &left_out, &source);
    if (!grammar.ok())
      return explained(std::move(grammar.error()), schema, options, limits, left_out);
    ignored = ignored_members(*source, options);
  } else {
    Result<SchemaSource> read = SchemaSource::read(schema, options, limits);
    if (!read.ok()) return read.error();
    source.emplace(std::move(read).value());
    ignored = ignored_members(*source, options);
    if (MaybeError e = build_grammar(*source, options, limits, &grammar.value()))
      return explained(*std::move(e), schema, options, limits, {});
  }
  if (MaybeError e = note_keywords(*source, ignored, left_out, options)) return *e;
  return grammar;
}

Result<Expr> json_schema_expr(Grammar& grammar, std::string_view schema,
                              const JsonSchemaOptions& options, const Limits& limits) {
  if (MaybeError e = check_format(options.format)) return *e;
  if (MaybeError e = check_style(options, limits)) return *e;
  std::vector<LeftOut> left_out;
  if (options.lenient) {
    std::optional<SchemaSource> tried;
    Result<Grammar> scratch = relaxed_grammar(schema, options, limits, &left_out, &tried);
    if (!scratch.ok())
      return explained(std::move(scratch.error()), schema, options, limits, left_out);
  }
  Result<SchemaSource> source = SchemaSource::read(schema, options, limits);
  if (!source.ok()) return source.error();
  for (const LeftOut& r : left_out) source.value().relax(r.keyword);
  const std::vector<JsonId> ignored = ignored_members(source.value(), options);
  const RuleId root = grammar.root;
  if (MaybeError e = build_grammar(source.value(), options, limits, &grammar))
    return explained(*std::move(e), schema, options, limits, left_out);
  if (MaybeError e = note_keywords(source.value(), ignored, left_out, options)) return *e;
  return grammar.pool.call(std::exchange(grammar.root, root));
}

namespace {

// Whether values are written in the same way with both.
bool same_notation(const JsonSchemaOptions& x, const JsonSchemaOptions& y) {
  const auto parts = [](const JsonSchemaOptions& o) {
    const auto& [any_whitespace, max_whitespace, max_digits, indent, has_separators, item_separator,
                 key_separator, escapes] = o.format;
    return std::tie(any_whitespace, max_whitespace, max_digits, indent, has_separators,
                    item_separator, key_separator, escapes, o.any_order, o.unique_names, o.style,
                    o.notation, o.excludes, o.token_markers);
  };
  return parts(x) == parts(y);
}

}  // namespace

struct SchemaSet::Notations {
  struct Known {
    JsonSchemaOptions options;
    Notation notation;
  };
  std::vector<std::unique_ptr<Known>> all;

  Notation* of(Grammar& grammar, const JsonSchemaOptions& o, const Limits& limits) {
    for (const auto& known : all) {
      if (same_notation(known->options, o)) return &known->notation;
    }
    all.push_back(std::unique_ptr<Known>(new Known{o, {grammar, o, notation_of(o, limits)}}));
    return &all.back()->notation;
  }
};

SchemaSet::SchemaSet(Grammar& grammar, const Limits& limits)
    : grammar_(grammar), limits_(limits), notations_(std::make_unique<Notations>()) {}
SchemaSet::~SchemaSet() = default;

Result<Expr> SchemaSet::add(const JsonDocument& doc, JsonId schema,
                            const JsonSchemaOptions& options) {
  if (options.lenient) return json_schema_expr(grammar_, json_text(doc, schema), options, limits_);
  if (MaybeError e = check_format(options.format)) return *e;
  if (MaybeError e = check_style(options, limits_)) return *e;
  Result<SchemaSource> source = SchemaSource::read(doc.extract(schema), options, limits_);
  if (!source.ok()) return source.error();
  const std::vector<JsonId> ignored = ignored_members(source.value(), options);
  const RuleId root = grammar_.root;
  if (MaybeError e = build_grammar(source.value(), options, limits_, &grammar_, 0, nullptr,
                                   notations_->of(grammar_, options, limits_)))
    return explained(*std::move(e), json_text(doc, schema), options, limits_, {});
  if (MaybeError e = note_keywords(source.value(), ignored, {}, options)) return *e;
  return grammar_.pool.call(std::exchange(grammar_.root, root));
}

Error explain_no_valid_value(Error error, std::string_view schema, const JsonSchemaOptions& options,
                             const Limits& limits) {
  std::vector<LeftOut> relaxed;
  std::optional<SchemaSource> source;
  if (options.lenient) {
    Result<Grammar> tried = relaxed_grammar(schema, options, limits, &relaxed, &source);
    if (!tried.ok()) return error;
  }
  Error out = blamed(error, schema, options, limits, relaxed);
  return is_no_valid_value(out) ? error : out;
}

}  // namespace xgr::core
