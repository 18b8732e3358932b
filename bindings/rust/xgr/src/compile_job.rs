//! CompileJob: a compile that runs while the caller does something else, as a future without a runtime.

use crate::call::milliseconds;
use crate::error::Result;
use crate::grammar::Grammar;
use crate::handle::Owned;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;
use xgr_sys as sys;

type Job = Arc<Owned<sys::xgr_compile_job_t>>;

/// A compile that runs on a thread of its compiler: await it, or [`wait`](Self::wait) for it.
///
/// Made by [`Compiler::start_job`](crate::Compiler::start_job). Dropping it stops the compile, unless
/// others asked for the same grammar.
#[derive(Debug)]
#[must_use = "a job that is dropped stops"]
pub struct CompileJob {
    job: Job,
    waiters: Arc<Waiters>,
}

impl CompileJob {
    pub(crate) fn own(handle: Owned<sys::xgr_compile_job_t>, waiters: Arc<Waiters>) -> Self {
        Self { job: Arc::new(handle), waiters }
    }

    /// Tell whether a job is done, so that its result is there.
    pub fn is_done(&self) -> bool {
        is_done(&self.job)
    }

    /// Wait until a job is done, or for some time; tells whether it is done.
    pub fn wait(&self, timeout: Option<Duration>) -> bool {
        let timeout = timeout.map(|time| i64::try_from(milliseconds(time)).unwrap_or(i64::MAX));
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_compile_job_wait(self.job.get(), timeout.unwrap_or(-1)) != 0 }
    }

    /// Stop a job. Its result is [`Code::Cancelled`](crate::Code::Cancelled), unless it is done already.
    pub fn cancel(&self) {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_compile_job_cancel(self.job.get()) }
    }

    /// Get the result of a job that is done, any number of times.
    pub fn result(&self) -> Result<Grammar> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        Grammar::create(|made, error| unsafe {
            sys::xgr_compile_job_result(self.job.get(), made, error)
        })
    }
}

impl Future for CompileJob {
    type Output = Result<Grammar>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.is_done() {
            self.waiters.add(&self.job, context.waker());
            return Poll::Pending;
        }
        Poll::Ready(self.result())
    }
}

impl Drop for CompileJob {
    fn drop(&mut self) {
        self.cancel(); // the waiters may hold the handle a little longer
    }
}

fn is_done(job: &Job) -> bool {
    // SAFETY: the handle is valid.
    unsafe { sys::xgr_compile_job_is_done(job.get()) != 0 }
}

/// Those who await jobs of one compiler. C calls nobody back, so a thread waits in their place; there is
/// one while there are any.
#[derive(Debug, Default)]
pub(crate) struct Waiters(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    has_thread: bool,
    waiting: Vec<(Job, Waker)>,
}

impl Waiters {
    fn add(self: &Arc<Self>, job: &Job, waker: &Waker) {
        let mut state = self.lock();
        match state.waiting.iter_mut().find(|(other, _)| Arc::ptr_eq(other, job)) {
            Some((_, old)) => old.clone_from(waker),
            None => state.waiting.push((job.clone(), waker.clone())),
        }
        if !state.has_thread {
            let waiters = self.clone();
            let thread = thread::Builder::new().name("xgr wait".into());
            state.has_thread = thread.spawn(move || while waiters.wait() {}).is_ok();
        }
        if !state.has_thread {
            waker.wake_by_ref(); // then who awaits has to ask again and again
        }
    }

    /// Wakes those whose jobs are done, within a millisecond; false when nobody is left.
    fn wait(&self) -> bool {
        let mut state = self.lock();
        let Some(first) = state.waiting.first().map(|(job, _)| job.clone()) else {
            state.has_thread = false;
            return false;
        };
        drop(state);
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_compile_job_wait(first.get(), 1) };
        let mut state = self.lock();
        let waiting = std::mem::take(&mut state.waiting);
        let (done, waiting) = waiting.into_iter().partition(|(job, _)| is_done(job));
        state.waiting = waiting;
        drop(state);
        for (_, waker) in done {
            // A runtime that panics takes nobody else along.
            let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
        }
        true
    }

    /// Nothing that holds the lock can leave the state half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
