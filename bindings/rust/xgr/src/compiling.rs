//! Compiling: a grammar that another thread is compiling, as a future without a runtime.

use crate::error::{Error, Result};
use crate::grammar::Grammar;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use xgr_sys as sys;

/// A grammar that a thread of its own is compiling: await it, or [`wait`](Self::wait) for it.
///
/// Dropping it gives up the result at once; the thread ends when the C call does, which cannot be
/// interrupted, and destroys the grammar then.
#[derive(Debug)]
#[must_use = "the grammar is destroyed unless somebody waits for it"]
pub struct Compiling(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    result: Option<Result<Grammar>>,
    finished: bool,
    waker: Option<Waker>,
}

impl Compiling {
    pub(crate) fn start(job: impl FnOnce() -> Result<Grammar> + Send + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let finish = Finish(Some(shared.clone()));
        let run = move || finish.with(job());
        if let Err(error) = thread::Builder::new().name("xgr compile".into()).spawn(run) {
            // What the thread would have owned is gone by now, with a result that says less.
            let message = format!("no thread to compile on: {error}");
            shared.lock().result = Some(Err(Error::new(sys::XGR_ERROR_OUT_OF_MEMORY, message)));
        }
        Self(shared)
    }

    /// Whether the result is there, so that [`wait`](Self::wait) returns at once.
    pub fn is_finished(&self) -> bool {
        self.0.lock().finished
    }

    /// Wait for the grammar on this thread.
    pub fn wait(self) -> Result<Grammar> {
        let state = self.0.lock();
        let mut state = self
            .0
            .done
            .wait_while(state, |state| !state.finished)
            .unwrap_or_else(PoisonError::into_inner);
        take(&mut state)
    }
}

impl Future for Compiling {
    type Output = Result<Grammar>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock();
        if state.finished {
            return Poll::Ready(take(&mut state));
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

/// The result; only the first to ask gets it.
fn take(state: &mut State) -> Result<Grammar> {
    let taken =
        || Err(Error::new(sys::XGR_ERROR_INVALID_STATE, "the grammar was taken already".into()));
    state.result.take().unwrap_or_else(taken)
}

impl Shared {
    /// Nothing that holds the lock can leave the state half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish(&self, result: Result<Grammar>) {
        let mut state = self.lock();
        state.result = Some(result);
        state.finished = true;
        let waker = state.waker.take();
        drop(state);
        self.done.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Delivers a result whatever happens: also when the job panics or never starts.
struct Finish(Option<Arc<Shared>>);

impl Finish {
    fn with(mut self, result: Result<Grammar>) {
        if let Some(shared) = self.0.take() {
            shared.finish(result);
        }
    }
}

impl Drop for Finish {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            let message = "the job that compiles ended without a grammar";
            shared.finish(Err(Error::new(sys::XGR_ERROR_INTERNAL, message.into())));
        }
    }
}
