package xgr

import (
	"context"
	"time"

	"libxgr/bindings/go/internal/raw"
)

// CompileJob is a compile that runs on a thread of its compiler, while the caller does something
// else. Any goroutines use it at once.
type CompileJob struct {
	handle *shared[raw.CompileJobT]
	watch  *watch
}

// StartJob starts to compile a source and returns at once; when the context ends, the job stops. As
// many jobs as CompilerOptions.Threads less one run at once, at least one; the others wait for their
// turn. A job whose grammar is in the cache is done already. Make the source Deferred where reading
// its text takes too long for the calling goroutine.
func (c *Compiler) StartJob(ctx context.Context, source *GrammarSource,
	options ...CompileOptions) (*CompileJob, error) {
	var memory arena
	defer memory.free()
	compiler := c.handle.acquire()
	if compiler == nil {
		return nil, ErrClosed
	}
	defer c.handle.release()
	language := memory.source(source)
	if language == nil {
		return nil, ErrClosed
	}
	watch, err := newWatch(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := watch.toC(options)
	var object *raw.CompileJobT
	if err == nil {
		var cause *raw.ErrorT
		status := raw.CompilerStartJob(compiler, language, settings, &object, &cause)
		err = sourceError(status, cause)
	}
	if err != nil {
		watch.end()
		return nil, err
	}
	job := &CompileJob{watch: watch}
	job.handle = newShared(job, object, func(object *raw.CompileJobT) {
		raw.CompileJobDestroy(object)
		watch.end()
	})
	return job, nil
}

// IsDone tells whether the job is done, so that its result is there; true after Close.
func (j *CompileJob) IsDone() bool { return ask(j.handle, raw.CompileJobIsDone) != 0 }

// Wait waits until the job is done, for the time given at most, and tells whether it is. A negative
// time: without bound.
func (j *CompileJob) Wait(timeout time.Duration) bool {
	bound := int64(-1)
	if timeout >= 0 {
		bound = milliseconds(timeout)
	}
	return ask(j.handle, func(job *raw.CompileJobT) int32 { return raw.CompileJobWait(job, bound) }) != 0
}

// Cancel stops the job: its result is ErrCancelled, unless it is done already. Others that asked
// for the same grammar still get it.
func (j *CompileJob) Cancel() {
	ask(j.handle, func(job *raw.CompileJobT) int32 {
		raw.CompileJobCancel(job)
		return 0
	})
}

// Result returns the result of a job that is done: a grammar, a further one with each call, or the
// failure of the compile. It is an ErrInvalidState as long as there is none.
func (j *CompileJob) Result() (*Grammar, error) {
	job := j.handle.acquire()
	if job == nil {
		return nil, ErrClosed
	}
	defer j.handle.release()
	var object *raw.GrammarT
	var cause *raw.ErrorT
	status := raw.CompileJobResult(job, &object, &cause)
	if err := j.watch.explain(sourceError(status, cause)); err != nil {
		return nil, err
	}
	return newGrammar(object), nil
}

// Close stops the job if it still runs, without waiting for it. Grammars that it gave stay valid.
// Closing twice does nothing.
func (j *CompileJob) Close() error {
	j.Cancel()
	j.handle.close()
	return nil
}
