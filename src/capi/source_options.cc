// Reading the options of sources: xgr_ebnf_options_t and the others. Making sources with them.
//
// Entry points: ebnf_source and the others. The functions that make sources and those that compile at
// once share them; the latter defer the reading of the text, so that it is part of the compile.
//
//   regex_source("a+", NULL)  ->  the source that xgr_grammar_source_from_regex gives
//
// Tests: tests/capi/grammar_source_test.c, tests/capi/compiler_test.c.
#include "capi/source_options.h"

#include <string>
#include <vector>

#include "capi/guard.h"
#include "capi/handles.h"
#include "capi/schema_options.h"

namespace xgr::core {
namespace {

constexpr bool same(EbnfDialect ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(EbnfDialect::kAuto, XGR_EBNF_DIALECT_AUTO));
static_assert(same(EbnfDialect::kEbnf, XGR_EBNF_DIALECT_EBNF));
static_assert(same(EbnfDialect::kGbnf, XGR_EBNF_DIALECT_GBNF));

constexpr bool same(RegexDialect ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(RegexDialect::kPcre, XGR_REGEX_DIALECT_PCRE));
static_assert(same(RegexDialect::kEcma, XGR_REGEX_DIALECT_ECMA));

Result<RegexOptions> regex_options(const xgr_regex_options_t& own) {
  if (own.dialect < XGR_REGEX_DIALECT_PCRE || own.dialect > XGR_REGEX_DIALECT_ECMA)
    return invalid_argument("xgr_regex_options_t: dialect is " + std::to_string(own.dialect) +
                            "; expected an XGR_REGEX_DIALECT_ constant");
  constexpr int32_t kFlags =
      XGR_REGEX_CASELESS | XGR_REGEX_MULTILINE | XGR_REGEX_EXTENDED | XGR_REGEX_DOT_STOPS;
  if ((own.flags & ~kFlags) != 0)
    return invalid_argument("xgr_regex_options_t: flags is " + std::to_string(own.flags) +
                            "; expected XGR_REGEX_ flags, combined by |");
  RegexOptions out;
  out.dialect = static_cast<RegexDialect>(own.dialect);
  out.search = own.search != 0;
  out.caseless = (own.flags & XGR_REGEX_CASELESS) != 0;
  out.multiline = (own.flags & XGR_REGEX_MULTILINE) != 0;
  out.extended = (own.flags & XGR_REGEX_EXTENDED) != 0;
  out.dot_all = out.dialect == RegexDialect::kPcre && (own.flags & XGR_REGEX_DOT_STOPS) == 0;
  return out;
}

// Elements lie as far apart as the first one says it is long.
MaybeError read_named(const xgr_lark_options_t& own, std::vector<NamedGrammar>* out) {
  if (own.named_count > 0) XGR_REQUIRE(own.named);
  const char* element = reinterpret_cast<const char*>(own.named);
  for (size_t i = 0; i < own.named_count; ++i) {
    const auto* named = reinterpret_cast<const xgr_named_grammar_t*>(element);
    const std::string what = "xgr_named_grammar_t [" + std::to_string(i) + "]";
    if (MaybeError error = check_options(named, sizeof(*named), what.c_str())) return error;
    if (named->struct_size != own.named->struct_size || named->struct_size < sizeof(*named))
      return invalid_argument(what + ": struct_size is " + std::to_string(named->struct_size) +
                              "; expected the size of the struct, the same for all elements");
    if (named->name == nullptr) return invalid_argument(what + ": name is NULL");
    if ((named->text == nullptr) == (named->source == nullptr))
      return invalid_argument(what + ": expected a text or a source, and not both");
    NamedGrammar& given = out->emplace_back();
    given.name = {named->name, named->name_size};
    if (named->source != nullptr) given.source = named->source->source;
    if (named->text != nullptr) given.lark = {named->text, named->text_size};
    element += named->struct_size;
  }
  return std::nullopt;
}

using Reading = GrammarSource::Reading;

Reading reading_of(std::optional<Reading> forced, int32_t deferred) {
  if (forced) return *forced;
  return deferred != 0 ? Reading::kDeferred : Reading::kNow;
}

}  // namespace

Result<SourcePtr> ebnf_source(std::string_view text, const xgr_ebnf_options_t* options,
                              std::optional<Reading> reading) {
  xgr_ebnf_options_t own;
  if (MaybeError error = read_options(options, "xgr_ebnf_options_t", &own)) return *error;
  if (own.dialect < XGR_EBNF_DIALECT_AUTO || own.dialect > XGR_EBNF_DIALECT_GBNF)
    return invalid_argument("xgr_ebnf_options_t: dialect is " + std::to_string(own.dialect) +
                            "; expected an XGR_EBNF_DIALECT_ constant");
  std::string_view root = "root";
  if (own.root_rule != nullptr) root = std::string_view(own.root_rule, own.root_rule_size);
  return GrammarSource::ebnf(text, root, static_cast<EbnfDialect>(own.dialect), Limits(),
                             reading_of(reading, own.deferred));
}

Result<SourcePtr> regex_source(std::string_view pattern, const xgr_regex_options_t* options,
                               std::optional<Reading> reading) {
  xgr_regex_options_t own;
  if (MaybeError error = read_options(options, "xgr_regex_options_t", &own)) return *error;
  Result<RegexOptions> core = regex_options(own);
  if (!core.ok()) return core.error();
  return GrammarSource::regex(pattern, core.value(), Limits(), reading_of(reading, own.deferred));
}

Result<SourcePtr> lark_source(std::string_view text, const xgr_lark_options_t* options,
                              std::optional<Reading> reading) {
  xgr_lark_options_t own;
  std::vector<NamedGrammar> named;
  if (MaybeError error = read_options(options, "xgr_lark_options_t", &own)) return *error;
  if (MaybeError error = read_named(own, &named)) return *error;
  return GrammarSource::lark(text, named, Limits(), reading_of(reading, own.deferred));
}

Result<SourcePtr> json_schema_source(std::string_view schema, const xgr_json_format_t* format,
                                     const xgr_json_schema_options_t* options,
                                     std::optional<Reading> reading) {
  JsonSchemaOptions core;
  if (MaybeError error = read_format(format, &core.format)) return *error;
  bool deferred = false;
  if (MaybeError error = read_schema_options(options, &core, &deferred)) return *error;
  return GrammarSource::json_schema(schema, core, Limits(), reading_of(reading, deferred));
}

Result<SourcePtr> structural_tag_source(std::string_view text,
                                        const xgr_structural_tag_options_t* options,
                                        std::optional<Reading> reading) {
  xgr_structural_tag_options_t own;
  if (MaybeError error = read_options(options, "xgr_structural_tag_options_t", &own)) return *error;
  if (own.formats < XGR_FORMATS_ENFORCE || own.formats > XGR_FORMATS_IGNORE)
    return invalid_argument("xgr_structural_tag_options_t: formats is " +
                            std::to_string(own.formats) + "; expected an XGR_FORMATS_ constant");
  JsonSchemaOptions schemas = StructuralTagOptions().json;
  schemas.strict = own.open_schemas == 0;
  schemas.formats = static_cast<FormatPolicy>(own.formats);
  schemas.lenient = own.lenient != 0;
  return GrammarSource::structural_tag(text, schemas, Limits(), reading_of(reading, own.deferred));
}

Result<SourcePtr> json_source(const xgr_json_format_t* format) {
  JsonFormatOptions core;
  if (MaybeError error = read_format(format, &core)) return *error;
  return GrammarSource::json(core);
}

}  // namespace xgr::core
