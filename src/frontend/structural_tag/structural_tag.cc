// Structural tags to grammar.
//
// Entry points: parse_structural_tag, structural_tag_expr. The JSON text becomes formats (TagReader),
// what they say of each other is settled (settle_tags), and the formats become one expression
// (TagBuilder), the schemas and grammars inside by the front ends of those.
//
//   {"format": {"type": "tag", "begin": "<a>", "content": {"type": "any_text"}, "end": "</a>"}}
//       ->  "<a>", text without "</a>", "</a>"
//
// Tests: tests/unit/frontend/structural_tag/.
#include <utility>

#include "frontend/frontend.h"
#include "frontend/structural_tag/tag_builder.h"
#include "frontend/structural_tag/tag_reader.h"

namespace xgr::core {

namespace {

struct TagSource {
  JsonDocument doc;
  TagFormats formats;  // views into the document
};

MaybeError read_tags(std::string_view text, const StructuralTagOptions& options,
                     const Limits& limits, TagSource* out) {
  Result<JsonDocument> doc = JsonDocument::parse(text, limits);
  if (!doc.ok()) return std::move(doc.error());
  out->doc = std::move(doc).value();
  charge(limits.work, out->doc.size());
  Result<TagFormats> formats = TagReader(out->doc, options, limits).read();
  if (!formats.ok()) return std::move(formats.error());
  out->formats = std::move(formats).value();
  return settle_tags(out->doc, &out->formats);
}

}  // namespace

Result<Expr> structural_tag_expr(Grammar& grammar, std::string_view text,
                                 const StructuralTagOptions& options, const Limits& limits) {
  const ChargedPool charged(&grammar.pool, limits.work);
  TagSource source;
  if (MaybeError e = read_tags(text, options, limits, &source)) return *std::move(e);
  note_tag_texts(source.doc, source.formats, options.notes);
  return TagBuilder(source.doc, source.formats, grammar, options, limits).run();
}

Result<Grammar> parse_structural_tag(std::string_view text, const StructuralTagOptions& options,
                                     const Limits& limits) {
  Grammar grammar;
  grammar.root = grammar.add_rule("root");
  Result<Expr> whole = structural_tag_expr(grammar, text, options, limits);
  if (!whole.ok()) return std::move(whole.error());
  grammar.define(grammar.root, whole.value());
  return grammar;
}

Error explain_no_output(Error error, std::string_view text, const StructuralTagOptions& options,
                        const Limits& limits) {
  TagSource source;
  if (read_tags(text, options, limits, &source)) return error;
  Grammar scratch;
  const TagParts parts(source.doc, scratch, options, limits);
  for (const TagFormat& f : source.formats) {
    if (f.kind != TagKind::kJsonSchema) continue;
    Error found =
        explain_no_valid_value(error, parts.schema_text(f), parts.schema_options(f), limits);
    if (found.message != error.message) return parts.placed(std::move(found), f);
  }
  return error;
}

}  // namespace xgr::core
