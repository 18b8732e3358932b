/* xgr_compile_job_t: a compile that runs while the caller does something else. */
#ifndef XGR_COMPILE_JOB_H
#define XGR_COMPILE_JOB_H

#include <xgr/base.h>
#include <xgr/compiler.h>
#include <xgr/error.h>
#include <xgr/grammar_source.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A compile that runs on a thread of its compiler.
 *
 * Created by xgr_compiler_start_job, destroyed by xgr_compile_job_destroy. Its result is a grammar
 * or an error, is there once the job is done, and does not change any more. It keeps alive what it
 * needs, so the compiler may be destroyed while it runs.
 *
 * @threads synchronised
 * @since 0.1
 */
typedef struct xgr_compile_job xgr_compile_job_t;

/**
 * Start to compile a source, and return at once.
 *
 * As many jobs as xgr_compiler_options_t.threads less one run at once, at least one; the others
 * wait for their turn. The threads start with the first jobs. A job whose grammar is in the cache
 * is done when this returns. Make the source deferred where reading its text takes too long for the
 * calling thread. A timeout counts from now.
 *
 * @param compiler          compiler to use
 * @param source            source to compile
 * @param compile_options   (nullable) (copied) NULL means defaults
 * @param[out] out_job      (owned, destroy with xgr_compile_job_destroy) new job
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_ARGUMENT  a NULL where none is allowed; an option out of range
 * @error LIMIT_EXCEEDED    no thread could be started, or more than 65,536 jobs wait
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compiler_start_job(xgr_compiler_t* compiler,
                                            const xgr_grammar_source_t* source,
                                            const xgr_compile_options_t* compile_options,
                                            xgr_compile_job_t** out_job, xgr_error_t** out_error);

/**
 * Tell whether a job is done, so that its result is there.
 *
 * @param job            (nullable) job to ask
 * @return 1 or 0; 1 for NULL
 * @threads synchronised
 * @since 0.1
 */
XGR_API int32_t xgr_compile_job_is_done(const xgr_compile_job_t* job);

/**
 * Wait until a job is done, or for some time.
 *
 * Any number of threads may wait. That the time is over is no error.
 *
 * @param job                   (nullable) job to wait for
 * @param timeout_milliseconds  how long to wait at most; -1: no bound
 * @return 1 or 0, as xgr_compile_job_is_done tells it
 * @threads synchronised
 * @since 0.1
 */
XGR_API int32_t xgr_compile_job_wait(const xgr_compile_job_t* job, int64_t timeout_milliseconds);

/**
 * Stop a job. Its result is XGR_ERROR_CANCELLED, unless it is done already.
 *
 * Does not wait. Others that asked for the same grammar still get it.
 *
 * @param job            (nullable) job to stop
 * @threads synchronised
 * @since 0.1
 */
XGR_API void xgr_compile_job_cancel(xgr_compile_job_t* job);

/**
 * Get the result of a job that is done: a grammar, or the failure of the compile.
 *
 * Each call gives a further handle of the same grammar.
 *
 * @param job               job to ask
 * @param[out] out_grammar  (owned, destroy with xgr_grammar_destroy) new grammar
 * @param[out] out_error    (nullable) (owned, destroy with xgr_error_destroy) written on failure
 * @error INVALID_STATE     the job is not done yet
 * @error INVALID_ARGUMENT  a NULL where none is allowed
 * @error INVALID_SOURCE    the source is malformed, or has no text that the tokens can spell
 * @error UNSUPPORTED       the source uses what is not supported
 * @error LIMIT_EXCEEDED    a limit of the compiler or the timeout was hit
 * @error CANCELLED         the job was stopped
 * @error OUT_OF_MEMORY     memory ran out
 * @threads synchronised
 * @since 0.1
 */
XGR_API xgr_status_t xgr_compile_job_result(const xgr_compile_job_t* job,
                                            xgr_grammar_t** out_grammar, xgr_error_t** out_error);

/**
 * Destroy a job; one that runs is stopped, and not waited for.
 *
 * @param job            (nullable) job to destroy
 * @threads confined
 * @since 0.1
 */
XGR_API void xgr_compile_job_destroy(xgr_compile_job_t* job);

#ifdef __cplusplus
}
#endif

#endif /* XGR_COMPILE_JOB_H */
