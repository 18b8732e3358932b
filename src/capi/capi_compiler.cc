// xgr/compiler.h: compilers and compiled grammars.
//
// Entry points: xgr_compiler_create and the xgr_compiler_compile functions. They make a source of
// their arguments and call the Compiler, which does everything else.
//
//   xgr_compiler_compile_json_schema(compiler, "{}", 2, NULL, NULL, NULL, &grammar, &error);
//
// Tests: tests/capi/compiler_test.c, tests/capi/bad_source_test.c.
#include <xgr/compiler.h>

#include <string_view>

#include "capi/compile_options.h"
#include "capi/guard.h"
#include "capi/handles.h"
#include "capi/source_options.h"
#include "mask/warm_up.h"

namespace xgr::core {
namespace {

CompilerOptions core_options(const xgr_compiler_options_t& own) {
  CompilerOptions out;
  auto set = [](size_t* field, size_t given) {
    if (given != 0) *field = given;
  };
  set(&out.memory_budget_bytes, own.memory_budget);
  set(&out.limits.max_source_bytes, own.max_source_size);
  set(&out.limits.max_nesting, own.max_nesting);
  set(&out.limits.max_expressions, own.max_expressions);
  set(&out.limits.max_states, own.max_states);
  set(&out.limits.max_work_per_call, own.max_work_per_call);
  set(&out.limits.max_compile_work, own.max_compile_work);
  set(&out.limits.max_compile_memory, own.max_compile_memory);
  out.cache_bytes = own.cache_limit != 0 ? own.cache_limit : kDefaultCacheBytes;
  if (own.no_cache != 0) out.cache_bytes = 0;
  out.canonical_schemas = own.canonical_schemas != 0;
  if (own.threads != 0) out.threads = own.threads;
  out.warm_up = static_cast<WarmUpLevel>(own.warm_up);
  return out;
}

constexpr bool same(WarmUpLevel ours, int32_t theirs) {
  return static_cast<int32_t>(ours) == theirs;
}
static_assert(same(WarmUpLevel::kNone, XGR_WARM_UP_NONE));
static_assert(same(WarmUpLevel::kBounded, XGR_WARM_UP_BOUNDED));
static_assert(same(WarmUpLevel::kFull, XGR_WARM_UP_FULL));

bool is_warm_up_level(xgr_warm_up_t level) {
  return level >= XGR_WARM_UP_NONE && level <= XGR_WARM_UP_FULL;
}

xgr_compiled_stats_t as_c(const CompiledStats& s) {
  xgr_compiled_stats_t out = XGR_COMPILED_STATS_INIT;
  out.states = s.states;
  out.mask_parts = s.mask_parts;
  out.parts_built = s.parts_built;
  out.nodes_visited = s.nodes_visited;
  out.walk_nanoseconds = s.walk_nanoseconds;
  out.memory_size = s.memory;
  out.memory_budget = s.memory_budget;
  out.evictions = s.evictions;
  return out;
}

xgr_cache_stats_t as_c(const CacheStats& s) {
  xgr_cache_stats_t out = XGR_CACHE_STATS_INIT;
  out.entries = s.entries;
  out.memory_size = s.memory;
  out.memory_limit = s.limit;
  out.hits = s.hits;
  out.shared = s.shared;
  out.misses = s.misses;
  out.evictions = s.evictions;
  out.compile_nanoseconds = s.compile_nanoseconds;
  return out;
}

// All functions that compile end here; their texts are read as part of the compile.
constexpr auto kPartOfCompile = GrammarSource::Reading::kDeferred;
MaybeError compile(const xgr_compiler_t* compiler, Result<SourcePtr> source,
                   const xgr_compile_options_t* compile_options, xgr_grammar_t** out) {
  if (!source.ok()) return std::move(source.error());
  CompileRequest request;
  request.source = std::move(source).value();
  if (MaybeError error = read_compile_options(compile_options, &request)) return error;
  Compiled compiled = compiler->compiler->compile(request);
  if (!compiled.ok()) return std::move(compiled.error());
  *out = new xgr_grammar{std::move(compiled).value(), compiler->source};
  return std::nullopt;
}

}  // namespace
}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_compiler_create(const xgr_tokenizer_t* tokenizer,
                                 const xgr_compiler_options_t* options,
                                 xgr_compiler_t** out_compiler, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(tokenizer);
    XGR_REQUIRE(out_compiler);
    xgr_compiler_options_t own;
    if (MaybeError error = read_options(options, "xgr_compiler_options_t", &own)) return error;
    if (own.threads < 0)
      return invalid_argument("xgr_compiler_options_t: threads is " + std::to_string(own.threads) +
                              "; expected 0 or more");
    if (!is_warm_up_level(own.warm_up))
      return invalid_argument("xgr_compiler_options_t: warm_up is " + std::to_string(own.warm_up) +
                              "; expected an XGR_WARM_UP_ constant");
    auto compiler = Compiler::create(tokenizer->tokenizer, core_options(own));
    if (!compiler.ok()) return std::move(compiler.error());
    *out_compiler = new xgr_compiler{std::move(compiler).value(), tokenizer->source};
    return std::nullopt;
  });
}

void xgr_compiler_destroy(xgr_compiler_t* compiler) { delete compiler; }

xgr_status_t xgr_compiler_compile_json_schema(xgr_compiler_t* compiler, const char* schema,
                                              size_t schema_size, const xgr_json_format_t* format,
                                              const xgr_json_schema_options_t* options,
                                              const xgr_compile_options_t* compile_options,
                                              xgr_grammar_t** out_grammar,
                                              xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(schema);
    XGR_REQUIRE(out_grammar);
    return compile(compiler,
                   json_schema_source({schema, schema_size}, format, options, kPartOfCompile),
                   compile_options, out_grammar);
  });
}

xgr_status_t xgr_compiler_compile_json(xgr_compiler_t* compiler, const xgr_json_format_t* format,
                                       const xgr_compile_options_t* compile_options,
                                       xgr_grammar_t** out_grammar, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(out_grammar);
    return compile(compiler, json_source(format), compile_options, out_grammar);
  });
}

xgr_status_t xgr_compiler_compile_ebnf(xgr_compiler_t* compiler, const char* text, size_t text_size,
                                       const xgr_ebnf_options_t* options,
                                       const xgr_compile_options_t* compile_options,
                                       xgr_grammar_t** out_grammar, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_grammar);
    return compile(compiler, ebnf_source({text, text_size}, options, kPartOfCompile),
                   compile_options, out_grammar);
  });
}

xgr_status_t xgr_compiler_compile_regex(xgr_compiler_t* compiler, const char* pattern,
                                        size_t pattern_size, const xgr_regex_options_t* options,
                                        const xgr_compile_options_t* compile_options,
                                        xgr_grammar_t** out_grammar, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(pattern);
    XGR_REQUIRE(out_grammar);
    return compile(compiler, regex_source({pattern, pattern_size}, options, kPartOfCompile),
                   compile_options, out_grammar);
  });
}

xgr_status_t xgr_compiler_compile_lark(xgr_compiler_t* compiler, const char* text, size_t text_size,
                                       const xgr_lark_options_t* options,
                                       const xgr_compile_options_t* compile_options,
                                       xgr_grammar_t** out_grammar, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_grammar);
    return compile(compiler, lark_source({text, text_size}, options, kPartOfCompile),
                   compile_options, out_grammar);
  });
}

xgr_status_t xgr_compiler_compile_structural_tag(xgr_compiler_t* compiler, const char* text,
                                                 size_t text_size,
                                                 const xgr_structural_tag_options_t* options,
                                                 const xgr_compile_options_t* compile_options,
                                                 xgr_grammar_t** out_grammar,
                                                 xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(text);
    XGR_REQUIRE(out_grammar);
    return compile(compiler, structural_tag_source({text, text_size}, options, kPartOfCompile),
                   compile_options, out_grammar);
  });
}

xgr_status_t xgr_compiler_compile_source(xgr_compiler_t* compiler,
                                         const xgr_grammar_source_t* source,
                                         const xgr_compile_options_t* compile_options,
                                         xgr_grammar_t** out_grammar, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(source);
    XGR_REQUIRE(out_grammar);
    return compile(compiler, source->source, compile_options, out_grammar);
  });
}

void xgr_compiler_clear_cache(xgr_compiler_t* compiler) {
  if (compiler == nullptr) return;
  guard_void([&] { compiler->compiler->desk()->clear_cache(); });
}

xgr_status_t xgr_compiler_cache_stats(const xgr_compiler_t* compiler,
                                      xgr_cache_stats_t* out_stats) {
  return guard_status([&] {
    if (compiler == nullptr) return Status::kInvalidArgument;
    return give_stats(as_c(compiler->compiler->desk()->cache_stats()), out_stats);
  });
}

size_t xgr_compiler_memory_size(const xgr_compiler_t* compiler) {
  if (compiler == nullptr) return 0;
  return guard_value(size_t{0}, [&] { return compiler->compiler->memory_bytes(); });
}

xgr_status_t xgr_compiler_stats(const xgr_compiler_t* compiler, xgr_compiled_stats_t* out_stats) {
  return guard_status([&] {
    if (compiler == nullptr) return Status::kInvalidArgument;
    return give_stats(as_c(compiler->compiler->stats()), out_stats);
  });
}

void xgr_grammar_destroy(xgr_grammar_t* grammar) { delete grammar; }

xgr_status_t xgr_grammar_tokenizer(const xgr_grammar_t* grammar, xgr_tokenizer_t** out_tokenizer) {
  return guard(nullptr, [&]() -> MaybeError {
    XGR_REQUIRE(grammar);
    XGR_REQUIRE(out_tokenizer);
    *out_tokenizer = new xgr_tokenizer{grammar->grammar->tokenizer(), grammar->source};
    return std::nullopt;
  });
}

xgr_status_t xgr_grammar_print_ebnf(const xgr_grammar_t* grammar, char* text, size_t text_capacity,
                                    size_t* out_text_size, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(grammar);
    if (text_capacity > 0) XGR_REQUIRE(text);
    XGR_REQUIRE(out_text_size);
    auto printed = grammar->grammar->to_ebnf();
    if (!printed.ok()) return std::move(printed.error());
    give_text(printed.value(), text, text_capacity, out_text_size);
    return std::nullopt;
  });
}

size_t xgr_grammar_memory_size(const xgr_grammar_t* grammar) {
  if (grammar == nullptr) return 0;
  return guard_value(size_t{0}, [&] { return grammar->grammar->memory_bytes(); });
}

xgr_status_t xgr_grammar_warm_up(const xgr_grammar_t* grammar, xgr_warm_up_t level,
                                 const xgr_cancel_t* cancel) {
  return guard_status([&] {
    if (grammar == nullptr || !is_warm_up_level(level)) return Status::kInvalidArgument;
    const std::atomic<bool> never{false};
    const std::atomic<bool>& stop = cancel != nullptr ? cancel->cancel->flag() : never;
    grammar->grammar->warm_up(static_cast<WarmUpLevel>(level), stop);
    return stop.load(std::memory_order_relaxed) ? Status::kCancelled : Status::kOk;
  });
}

xgr_status_t xgr_grammar_stats(const xgr_grammar_t* grammar, xgr_compiled_stats_t* out_stats) {
  return guard_status([&] {
    if (grammar == nullptr) return Status::kInvalidArgument;
    return give_stats(as_c(grammar->grammar->stats()), out_stats);
  });
}
