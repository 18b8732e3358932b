// xgr/grammar_source.h: languages as values.
//
// Entry points: the xgr_grammar_source functions. They read options and arrays into the core's own
// types and call GrammarSource, which does everything else.
//
//   xgr_grammar_source_from_regex("a+", 2, NULL, &source, &error);
//
// Tests: tests/capi/grammar_source_test.c.
#include <xgr/grammar_source.h>

#include <string_view>

#include "capi/guard.h"
#include "capi/handles.h"
#include "capi/schema_options.h"

namespace xgr::core {
namespace {

MaybeError give(Result<SourcePtr> made, xgr_grammar_source_t** out) {
  if (!made.ok()) return std::move(made.error());
  *out = new xgr_grammar_source{std::move(made).value()};
  return std::nullopt;
}

MaybeError read_sources(xgr_grammar_source_t* const* sources, size_t count,
                        std::vector<SourcePtr>* out) {
  if (count > 0) XGR_REQUIRE(sources);
  for (size_t i = 0; i < count; ++i) {
    if (sources[i] == nullptr)
      return invalid_argument("sources[" + std::to_string(i) + "] is NULL");
    out->push_back(sources[i]->source);
  }
  return std::nullopt;
}

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

// Texts that stand end to end.
MaybeError split(const char* texts, size_t texts_size, const uint32_t* sizes, size_t count,
                 std::vector<std::string_view>* out) {
  if (texts_size > 0) XGR_REQUIRE(texts);
  if (count > 0) XGR_REQUIRE(sizes);
  out->reserve(count);
  size_t used = 0;
  for (size_t i = 0; i < count; ++i) {
    if (sizes[i] > texts_size - used)
      return invalid_argument("size " + std::to_string(i) + " goes beyond the " +
                              std::to_string(texts_size) + " bytes of all texts");
    out->push_back(sizes[i] == 0 ? std::string_view() : std::string_view(texts + used, sizes[i]));
    used += sizes[i];
  }
  if (used != texts_size)
    return invalid_argument("the sizes add up to " + std::to_string(used) + " bytes; expected " +
                            std::to_string(texts_size));
  return std::nullopt;
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_grammar_source_from_ebnf(const char* text, size_t text_size,
                                          const xgr_ebnf_options_t* options,
                                          xgr_grammar_source_t** out_source,
                                          xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_source);
    xgr_ebnf_options_t own;
    if (MaybeError error = read_options(options, "xgr_ebnf_options_t", &own)) return error;
    if (own.dialect < XGR_EBNF_DIALECT_AUTO || own.dialect > XGR_EBNF_DIALECT_GBNF)
      return invalid_argument("xgr_ebnf_options_t: dialect is " + std::to_string(own.dialect) +
                              "; expected an XGR_EBNF_DIALECT_ constant");
    std::string_view root = "root";
    if (own.root_rule != nullptr) root = std::string_view(own.root_rule, own.root_rule_size);
    const auto dialect = static_cast<EbnfDialect>(own.dialect);
    return give(GrammarSource::ebnf({text, text_size}, root, dialect, Limits()), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_regex(const char* pattern, size_t pattern_size,
                                           const xgr_regex_options_t* options,
                                           xgr_grammar_source_t** out_source,
                                           xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(pattern);
    XGR_REQUIRE(out_source);
    xgr_regex_options_t own;
    if (MaybeError error = read_options(options, "xgr_regex_options_t", &own)) return error;
    Result<RegexOptions> read = regex_options(own);
    if (!read.ok()) return read.error();
    return give(GrammarSource::regex({pattern, pattern_size}, read.value(), Limits()), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_lark(const char* text, size_t text_size,
                                          const xgr_lark_options_t* options,
                                          xgr_grammar_source_t** out_source,
                                          xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_source);
    xgr_lark_options_t own;
    std::vector<NamedGrammar> named;
    if (MaybeError error = read_options(options, "xgr_lark_options_t", &own)) return error;
    if (MaybeError error = read_named(own, &named)) return error;
    return give(GrammarSource::lark({text, text_size}, named, Limits()), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_json_schema(const char* schema, size_t schema_size,
                                                 const xgr_json_format_t* format,
                                                 const xgr_json_schema_options_t* options,
                                                 xgr_grammar_source_t** out_source,
                                                 xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(schema);
    XGR_REQUIRE(out_source);
    JsonSchemaOptions core;
    if (MaybeError error = read_format(format, &core.format)) return error;
    if (MaybeError error = read_schema_options(options, &core)) return error;
    return give(GrammarSource::json_schema({schema, schema_size}, core, Limits()), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_json(const xgr_json_format_t* format,
                                          xgr_grammar_source_t** out_source,
                                          xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_source);
    JsonFormatOptions core;
    if (MaybeError error = read_format(format, &core)) return error;
    return give(GrammarSource::json(core), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_choices(const char* texts, size_t texts_size,
                                             const uint32_t* text_sizes, size_t text_count,
                                             xgr_grammar_source_t** out_source,
                                             xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_source);
    std::vector<std::string_view> list;
    if (MaybeError error = split(texts, texts_size, text_sizes, text_count, &list)) return error;
    return give(GrammarSource::choices(list), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_substring(const char* chunks, size_t chunks_size,
                                               const uint32_t* chunk_sizes, size_t chunk_count,
                                               xgr_grammar_source_t** out_source,
                                               xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_source);
    std::vector<std::string_view> list;
    if (MaybeError error = split(chunks, chunks_size, chunk_sizes, chunk_count, &list))
      return error;
    return give(GrammarSource::substring(list), out_source);
  });
}

xgr_status_t xgr_grammar_source_union(xgr_grammar_source_t* const* sources, size_t source_count,
                                      xgr_grammar_source_t** out_source, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_source);
    std::vector<SourcePtr> list;
    if (MaybeError error = read_sources(sources, source_count, &list)) return error;
    return give(GrammarSource::union_of(std::move(list)), out_source);
  });
}

xgr_status_t xgr_grammar_source_concat(xgr_grammar_source_t* const* sources, size_t source_count,
                                       xgr_grammar_source_t** out_source, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_source);
    std::vector<SourcePtr> list;
    if (MaybeError error = read_sources(sources, source_count, &list)) return error;
    return give(GrammarSource::concat(std::move(list)), out_source);
  });
}

xgr_status_t xgr_grammar_source_repeat(const xgr_grammar_source_t* source, int32_t min, int32_t max,
                                       xgr_grammar_source_t** out_source, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(source);
    XGR_REQUIRE(out_source);
    if (min < 0) return invalid_argument("min is " + std::to_string(min) + "; expected 0 or more");
    if (max < -1)
      return invalid_argument("max is " + std::to_string(max) +
                              "; expected -1, for no bound, or more");
    const uint32_t most = max == -1 ? kUnbounded : static_cast<uint32_t>(max);
    return give(GrammarSource::repeat(source->source, static_cast<uint32_t>(min), most),
                out_source);
  });
}

xgr_status_t xgr_grammar_source_intersection(const xgr_grammar_source_t* first,
                                             const xgr_grammar_source_t* second,
                                             xgr_grammar_source_t** out_source,
                                             xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(first);
    XGR_REQUIRE(second);
    XGR_REQUIRE(out_source);
    return give(GrammarSource::intersection(first->source, second->source, Limits()), out_source);
  });
}

void xgr_grammar_source_destroy(xgr_grammar_source_t* source) { delete source; }

xgr_status_t xgr_grammar_source_check(const xgr_grammar_source_t* source, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(source);
    return source->source->check({});
  });
}

xgr_status_t xgr_grammar_source_print(const xgr_grammar_source_t* source, int32_t simplify,
                                      char* text, size_t text_capacity, size_t* out_text_size,
                                      xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(source);
    if (text_capacity > 0) XGR_REQUIRE(text);
    XGR_REQUIRE(out_text_size);
    auto printed = source->source->print({}, simplify != 0);
    if (!printed.ok()) return std::move(printed.error());
    give_text(printed.value(), text, text_capacity, out_text_size);
    return std::nullopt;
  });
}
