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
#include "capi/source_options.h"

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
    return give(ebnf_source({text, text_size}, options), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_regex(const char* pattern, size_t pattern_size,
                                           const xgr_regex_options_t* options,
                                           xgr_grammar_source_t** out_source,
                                           xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(pattern);
    XGR_REQUIRE(out_source);
    return give(regex_source({pattern, pattern_size}, options), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_lark(const char* text, size_t text_size,
                                          const xgr_lark_options_t* options,
                                          xgr_grammar_source_t** out_source,
                                          xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_source);
    return give(lark_source({text, text_size}, options), out_source);
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
    return give(json_schema_source({schema, schema_size}, format, options), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_structural_tag(const char* text, size_t text_size,
                                                    const xgr_structural_tag_options_t* options,
                                                    xgr_grammar_source_t** out_source,
                                                    xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_source);
    return give(structural_tag_source({text, text_size}, options), out_source);
  });
}

xgr_status_t xgr_grammar_source_from_json(const xgr_json_format_t* format,
                                          xgr_grammar_source_t** out_source,
                                          xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(out_source);
    return give(json_source(format), out_source);
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
