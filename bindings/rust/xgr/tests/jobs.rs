//! Compiles that are stopped, time out, share their work or run meanwhile; jobs as futures.

mod support;

use std::future::Future;
use std::pin::{pin, Pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread;
use std::time::{Duration, Instant};
use support::{accepts, byte_compiler, byte_tokenizer, slow_source, start};
use xgr::{
    Cancel, Code, CompileJob, CompileOptions, Compiler, CompilerOptions, GrammarSource, Result,
    WarmUp,
};

/// How long an answer to a request to stop may take on a busy machine.
const SOON: Duration = Duration::from_millis(500);

fn cancelled_by(cancel: &Cancel) -> CompileOptions {
    CompileOptions::default().cancel(cancel.clone())
}

fn regex_source(pattern: &str) -> GrammarSource {
    GrammarSource::from_regex(pattern, &Default::default()).expect("a pattern")
}

#[test]
fn a_request_that_was_made_before_stops_a_compile() -> Result<()> {
    let (compiler, cancel) = (byte_compiler(), Cancel::new()?);
    let stopped = compiler.with(&cancelled_by(&cancel));
    assert!(accepts(&stopped.compile_regex("a", &Default::default())?, "a"));
    assert!(!cancel.is_requested());
    cancel.request();
    assert!(cancel.clone().is_requested());
    let error = stopped.compile_regex("b", &Default::default()).expect_err("stopped");
    assert_eq!(error.code(), Code::Cancelled);
    assert!(accepts(&compiler.compile_regex("b", &Default::default())?, "b"));
    Ok(())
}

#[test]
fn a_request_stops_a_compile_that_runs() -> Result<()> {
    let (compiler, cancel, source) = (byte_compiler(), Cancel::new()?, slow_source());
    let stopped = compiler.with(&cancelled_by(&cancel));
    let request = thread::spawn(move || {
        thread::sleep(Duration::from_millis(5));
        let now = Instant::now();
        cancel.request();
        now
    });
    let error = stopped.compile_source(&source).expect_err("stopped");
    let took = request.join().expect("no panic").elapsed();
    assert_eq!(error.code(), Code::Cancelled);
    assert!(took < SOON, "{took:?}");
    Ok(())
}

#[test]
fn a_request_stops_a_matcher_and_a_warm_up() -> Result<()> {
    let grammar = byte_compiler().compile_regex("[a-z]+", &Default::default())?;
    let (mut matcher, cancel) = (start(&grammar), Cancel::new()?);
    let mut mask = vec![0; matcher.mask_words()];
    matcher.set_cancel(Some(&cancel))?;
    assert!(matcher.accept_bytes(b"a")?);
    cancel.request();
    for result in [
        matcher.accept_token(97).map(drop),
        matcher.accept_bytes(b"b").map(drop),
        matcher.is_token_allowed(97).map(drop),
        matcher.fill_bitmask(&mut mask).map(drop),
        matcher.lend_bitmask().map(drop),
        matcher.clone().accept_token(97).map(drop),
        grammar.warm_up(WarmUp::Full, Some(&cancel)),
    ] {
        assert_eq!(result.expect_err("stopped").code(), Code::Cancelled);
    }
    drop(cancel);
    matcher.set_cancel(None)?;
    assert_eq!(matcher.history_size(), 1);
    assert!(matcher.accept_bytes(b"b")? && matcher.is_accepting());
    Ok(())
}

#[test]
fn a_timeout_is_a_limit() {
    let options = CompileOptions::default().timeout(Duration::ZERO); // at least a millisecond
    let patient = byte_compiler().with(&options);
    let error = patient.compile_source(&slow_source()).expect_err("takes longer");
    assert_eq!(error.code(), Code::LimitExceeded);
    assert!(error.message().contains("timeout_milliseconds"), "{error}");
    let job = patient.start_job(&slow_source()).expect("a job");
    assert_eq!(block_on(job).expect_err("takes longer").code(), Code::LimitExceeded);
}

#[test]
fn every_kind_of_source_has_the_options() -> Result<()> {
    let cancel = Cancel::new()?;
    cancel.request();
    let compiler = byte_compiler().with(&cancelled_by(&cancel));
    let source = regex_source("a");
    for result in [
        compiler.compile_json_schema("{}", &Default::default(), &Default::default()),
        compiler.compile_json(&Default::default()),
        compiler.compile_ebnf("root ::= \"a\"", &Default::default()),
        compiler.compile_regex("a", &Default::default()),
        compiler.compile_lark("start: \"a\"", &Default::default()),
        compiler.compile_structural_tag(r#"{"format": {"type": "any_text"}}"#, &Default::default()),
        compiler.compile_source(&source),
        block_on(compiler.start_job(&source)?),
    ] {
        assert_eq!(result.expect_err("stopped").code(), Code::Cancelled);
    }
    Ok(())
}

#[test]
fn one_compile_for_all_who_ask_at_once() -> Result<()> {
    let (compiler, source) = (byte_compiler(), slow_source());
    let jobs: Vec<CompileJob> =
        (0..8).map(|_| compiler.start_job(&source)).collect::<Result<_>>()?;
    jobs[0].cancel(); // which does not fail the others
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert!(compiler.compile_source(&source).is_ok()));
        }
    });
    assert_eq!(jobs[0].result().expect_err("stopped").code(), Code::Cancelled);
    for job in &jobs[1..] {
        assert!(job.wait(None) && job.result().is_ok());
    }
    let stats = compiler.cache_stats()?;
    assert_eq!((stats.misses, stats.shared + stats.hits), (1, 9));
    assert!(stats.entries == 1 && stats.compile_nanoseconds > 0, "{stats:?}");
    Ok(())
}

#[test]
fn the_cache_counts_and_is_cleared() -> Result<()> {
    let options = CompilerOptions::default().cache_limit(1 << 20).canonical_schemas(true);
    let compiler = Compiler::new(&byte_tokenizer(), &options)?;
    for schema in ["{\"const\":1}", "{ \"const\": 1 }"] {
        compiler.compile_json_schema(schema, &Default::default(), &Default::default())?;
    }
    let stats = compiler.cache_stats()?;
    assert_eq!((stats.entries, stats.misses, stats.hits, stats.evictions), (1, 1, 1, 0));
    assert!(stats.memory_size > 0 && stats.memory_limit == 1 << 20, "{stats:?}");
    let past = compiler.with(&CompileOptions::default().bypass_cache(true));
    past.compile_regex("a", &Default::default())?;
    assert_eq!(compiler.cache_stats()?.entries, 1);
    compiler.clear_cache();
    assert_eq!(compiler.cache_stats()?.entries, 0);

    let options = CompilerOptions::default().no_cache(true);
    let compiler = Compiler::new(&byte_tokenizer(), &options)?;
    compiler.compile_regex("a", &Default::default())?;
    assert_eq!(compiler.cache_stats()?.entries, 0);
    Ok(())
}

#[test]
fn a_result_may_be_asked_for_again() -> Result<()> {
    let compiler = byte_compiler();
    let job = compiler.start_job(&regex_source("x{3}"))?;
    drop(compiler);
    assert!(job.wait(Some(Duration::from_secs(60))));
    let (first, second) = (job.result()?, job.result()?);
    drop((job, first));
    assert!(accepts(&second, "xxx"));
    Ok(())
}

#[test]
fn a_job_that_is_not_done_has_no_result() -> Result<()> {
    let job = byte_compiler().start_job(&slow_source())?;
    assert!(!job.is_done() && !job.wait(Some(Duration::from_millis(1))));
    assert_eq!(job.result().expect_err("not done").code(), Code::InvalidState);
    job.cancel();
    assert!(job.is_done());
    assert_eq!(job.result().expect_err("stopped").code(), Code::Cancelled);
    Ok(())
}

#[test]
fn dropping_a_job_stops_it() -> Result<()> {
    let (compiler, source) = (byte_compiler(), slow_source());
    let mut job = compiler.start_job(&source)?;
    thread::sleep(Duration::from_millis(5));
    // Somebody awaits it, so that a thread waits for it, too.
    let waker = Arc::new(Counter(AtomicUsize::new(0), thread::current())).into();
    assert!(Pin::new(&mut job).poll(&mut Context::from_waker(&waker)).is_pending());
    drop(job);
    assert!(block_on(compiler.start_job(&regex_source("a"))?).is_ok());
    assert_eq!(compiler.cache_stats()?.entries, 1);
    Ok(())
}

struct Counter(AtomicUsize, thread::Thread);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        self.1.unpark();
    }
}

/// The smallest of runtimes.
fn block_on<F: Future>(future: F) -> F::Output {
    let counter = Arc::new(Counter(AtomicUsize::new(0), thread::current()));
    let waker = counter.clone().into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while counter.0.swap(0, Ordering::SeqCst) == 0 {
            thread::park();
        }
    }
}

#[test]
fn jobs_are_futures() -> Result<()> {
    let compiler = byte_compiler();
    let grammar = block_on(async {
        let numbers = compiler.start_job(&regex_source("[0-9]+"))?;
        let json = compiler.start_job(&GrammarSource::from_json(&Default::default())?)?;
        assert!(accepts(&json.await?, "[1, true]"));
        numbers.await
    });
    assert!(accepts(&grammar?, "2025"));
    let options = xgr::RegexOptions::default().deferred(true);
    let malformed = GrammarSource::from_regex("(a", &options)?;
    let error = block_on(compiler.start_job(&malformed)?).expect_err("malformed");
    assert_eq!((error.code(), error.byte_offset()), (Code::InvalidSource, Some(2)));
    Ok(())
}

#[test]
fn whoever_awaits_is_woken() -> Result<()> {
    let compiler = byte_compiler();
    let (slow, quick) = (slow_source(), regex_source("a+"));
    thread::scope(|scope| {
        for round in 0..40 {
            let source = if round % 10 == 0 { &slow } else { &quick };
            let job = compiler.start_job(source).expect("a job");
            scope.spawn(|| assert!(block_on(job).is_ok()));
        }
    });
    // Also when the job is stopped meanwhile.
    let past = compiler.with(&CompileOptions::default().bypass_cache(true));
    let cancel = Cancel::new()?;
    let stopped = past.with(&CompileOptions::default().cancel(cancel.clone()));
    compiler.clear_cache();
    let job = stopped.start_job(&slow)?;
    let waiting = thread::spawn(|| block_on(job));
    thread::sleep(Duration::from_millis(5));
    cancel.request();
    let result = waiting.join().expect("no panic");
    assert_eq!(result.expect_err("stopped").code(), Code::Cancelled);
    Ok(())
}
