//! Thread classes as types, and many threads on shared objects.

mod support;

use rayon::prelude::*;
use support::{byte_compiler, start, STOP};
use xgr::{
    Cancel, Captures, CompileJob, Compiler, CompilerOptions, Error, Grammar, GrammarSource,
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
    send_and_sync::<CompileJob>();
    send_and_sync::<Cancel>();
}

/// A batch as an engine has it: one buffer, one matcher a row, rows in parallel.
#[test]
fn a_batch_on_rayon() {
    let compiler = byte_compiler();
    let compile = |n: usize| {
        compiler.compile_regex(&format!("[a-c]{{{n}}}"), &Default::default()).expect("a pattern")
    };
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
    let grammar = compiler.compile_regex("(foo|bar)+", &Default::default()).expect("a pattern");
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
