// xgr/compile_job.h: compiles that run while the caller does something else; xgr_compile_options_t.
//
// Entry points: xgr_compiler_start_job and the xgr_compile_job functions, read_compile_options. A handle
// holds a CompileJob, which does everything.
//
//   xgr_compiler_start_job(compiler, source, NULL, &job, &error);  ...  xgr_compile_job_wait(job, -1);
//
// Tests: tests/capi/compile_job_test.c.
#include <xgr/compile_job.h>

#include <chrono>

#include "capi/compile_options.h"
#include "capi/guard.h"
#include "capi/handles.h"

namespace xgr::core {

MaybeError read_compile_options(const xgr_compile_options_t* given, CompileRequest* out) {
  xgr_compile_options_t own;
  if (MaybeError error = read_options(given, "xgr_compile_options_t", &own)) return error;
  if (own.cancel != nullptr) out->cancel = own.cancel->cancel;
  out->bypass_cache = own.bypass_cache != 0;
  out->timeout_milliseconds = own.timeout_milliseconds;
  constexpr uint64_t kNever = uint64_t{1} << 40;  // some decades
  if (own.timeout_milliseconds != 0 && own.timeout_milliseconds < kNever)
    out->deadline = std::chrono::steady_clock::now() +
                    std::chrono::milliseconds(static_cast<int64_t>(own.timeout_milliseconds));
  return std::nullopt;
}

}  // namespace xgr::core

using namespace xgr::core;  // NOLINT: the functions below are the C side of this namespace

xgr_status_t xgr_compiler_start_job(xgr_compiler_t* compiler, const xgr_grammar_source_t* source,
                                    const xgr_compile_options_t* compile_options,
                                    xgr_compile_job_t** out_job, xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(compiler);
    XGR_REQUIRE(source);
    XGR_REQUIRE(out_job);
    CompileRequest request;
    request.source = source->source;
    if (MaybeError error = read_compile_options(compile_options, &request)) return error;
    auto handle = std::make_unique<xgr_compile_job>();
    handle->source = compiler->source;
    auto job = CompileJob::start(compiler->compiler->desk(), request);
    if (!job.ok()) return std::move(job.error());
    handle->job = std::move(job).value();
    *out_job = handle.release();
    return std::nullopt;
  });
}

int32_t xgr_compile_job_is_done(const xgr_compile_job_t* job) {
  if (job == nullptr) return 1;
  return guard_value(0, [&] { return job->job->is_done() ? 1 : 0; });
}

int32_t xgr_compile_job_wait(const xgr_compile_job_t* job, int64_t timeout_milliseconds) {
  if (job == nullptr) return 1;
  return guard_value(0, [&] { return job->job->wait(timeout_milliseconds) ? 1 : 0; });
}

void xgr_compile_job_cancel(xgr_compile_job_t* job) {
  if (job == nullptr) return;
  guard_void([&] { job->job->cancel(); });
}

xgr_status_t xgr_compile_job_result(const xgr_compile_job_t* job, xgr_grammar_t** out_grammar,
                                    xgr_error_t** out_error) {
  return guard(out_error, [&]() -> MaybeError {
    XGR_REQUIRE(job);
    XGR_REQUIRE(out_grammar);
    Compiled result = job->job->result();
    if (!result.ok()) return std::move(result.error());
    *out_grammar = new xgr_grammar{std::move(result).value(), job->source};
    return std::nullopt;
  });
}

void xgr_compile_job_destroy(xgr_compile_job_t* job) { delete job; }
