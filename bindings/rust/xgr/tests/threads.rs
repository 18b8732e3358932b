//! Thread classes as types, many threads on shared objects, and compiling as a future.

mod support;

use rayon::prelude::*;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use support::{accepts, byte_compiler, start, STOP};
use xgr::{
    Captures, Code, Compiler, CompilerOptions, Compiling, Error, Grammar, GrammarSource,
    JsonSchemaReport, Matcher, Tokenizer, WarmUp,
};

fn send<T: Send>() {}
fn send_and_sync<T: Send + Sync>() {}

#[test]
fn thread_classes_are_types() {
    send::<Matcher>();
    send_and_sync::<Tokenizer>();
    send_and_sync::<Compiler>();
    send_and_sync::<Grammar>();
    send_and_sync::<GrammarSource>();
    send_and_sync::<Captures>();
    send_and_sync::<JsonSchemaReport>();
    send_and_sync::<Error>();
    send_and_sync::<Compiling>();
}

/// A batch as an engine has it: one buffer, one matcher a row, rows in parallel.
#[test]
fn a_batch_on_rayon() {
    let compiler = byte_compiler();
    let compile = |n: usize| compiler.compile_regex(&format!("[a-c]{{{n}}}")).expect("a pattern");
    let grammars: Vec<Grammar> = (1..=40usize).into_par_iter().map(compile).collect();
    let mut matchers: Vec<Matcher> = grammars.par_iter().map(start).collect();
    let words = matchers[0].mask_words();
    let mut masks = vec![0u32; words * matchers.len()];
    for step in 0..=40usize {
        matchers.par_iter_mut().zip(masks.par_chunks_mut(words)).enumerate().for_each(
            |(row, (matcher, mask))| {
                if matcher.is_terminated() {
                    return;
                }
                matcher.fill_bitmask(mask).expect("a mask");
                let expected: &[i32] = if step <= row { &[97, 98, 99] } else { &[STOP] };
                assert_eq!(support::allowed(mask), expected);
                assert!(matcher.accept_token(expected[0]).expect("within limits"));
            },
        );
    }
    assert!(matchers.iter().all(Matcher::is_terminated));
}

#[test]
fn the_last_owner_may_be_any_thread() {
    let options = CompilerOptions { threads: 2, warm_up: WarmUp::Bounded, ..Default::default() };
    let compiler = Compiler::new(&support::byte_tokenizer(), &options).expect("a compiler");
    let grammar = compiler.compile_regex("(foo|bar)+").expect("a pattern");
    let matchers: Vec<Matcher> = (0..8).map(|_| start(&grammar)).collect();
    let threads: Vec<_> = matchers
        .into_iter()
        .map(|mut matcher| {
            let grammar = grammar.clone();
            std::thread::spawn(move || {
                assert!(matcher.accept_bytes(b"foobar").expect("within limits"));
                drop(grammar);
                assert!(matcher.is_accepting());
            })
        })
        .collect();
    drop(compiler);
    drop(grammar);
    for thread in threads {
        thread.join().expect("no panic");
    }
}

struct Counter(AtomicUsize, std::thread::Thread);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        self.1.unpark();
    }
}

/// The smallest of runtimes.
fn block_on<F: Future>(future: F) -> F::Output {
    let counter = Arc::new(Counter(AtomicUsize::new(0), std::thread::current()));
    let waker = counter.clone().into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while counter.0.swap(0, Ordering::SeqCst) == 0 {
            std::thread::park();
        }
    }
}

#[test]
fn compiling_is_a_future() {
    let compiler = byte_compiler();
    let grammar = block_on(async {
        let numbers = compiler.compile_async(|compiler| compiler.compile_regex("[0-9]+"));
        let json = compiler.compile_async(|compiler| compiler.compile_json(&Default::default()));
        assert!(accepts(&json.await?, "[1, true]"));
        numbers.await
    });
    assert!(accepts(&grammar.expect("a pattern"), "2025"));
    let error = block_on(compiler.compile_async(|compiler| compiler.compile_regex("(a")));
    assert_eq!(error.expect_err("malformed").code(), Code::InvalidSource);
}

#[test]
fn compiling_can_be_waited_for_and_given_up() {
    let compiler = byte_compiler();
    let compiling = compiler.compile_async(|compiler| compiler.compile_regex("x{3}"));
    assert!(accepts(&compiling.wait().expect("a pattern"), "xxx"));
    for _ in 0..20 {
        drop(compiler.compile_async(|compiler| compiler.compile_json(&Default::default())));
    }
    drop(compiler);
}

#[test]
fn a_job_that_panics_is_an_error() {
    let compiler = byte_compiler();
    let compiling = compiler.compile_async(|_| -> xgr::Result<Grammar> {
        std::panic::resume_unwind(Box::new("the job went wrong"))
    });
    let error = compiling.wait().expect_err("no grammar");
    assert_eq!(error.code(), Code::Internal);
}
