//! Thread classes as types, and many threads on shared objects.

mod support;

use rayon::prelude::*;
use support::{byte_compiler, start, STOP};
use xgr::{
    Batch, Cancel, Captures, CompileJob, Compiler, CompilerOptions, Error, Grammar, GrammarSource,
    JsonSchemaReport, Matcher, ReplyReader, Tokenizer, WarmUp,
};

fn send<T: Send>() {}
fn send_and_sync<T: Send + Sync>() {}

#[test]
fn thread_classes_are_types() {
    send::<Batch>();
    send::<ReplyReader>();
    send_and_sync::<Matcher>();
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

/// A matcher as a value: several threads ask one and clone it.
#[test]
fn many_threads_ask_one_matcher() {
    let grammar =
        byte_compiler().compile_regex("abc(d|e)", &Default::default()).expect("a pattern");
    let mut matcher = start(&grammar);
    assert!(matcher.accept_token(97).expect("within limits"));
    let shared = &matcher;
    (0..200).into_par_iter().for_each(|_| {
        let mut mask = vec![0; shared.mask_words()];
        shared.fill_bitmask(&mut mask).expect("a mask");
        assert_eq!(support::allowed(&mask), [98]);
        assert!(shared.is_token_allowed(98).expect("within limits"));
        assert_eq!(shared.validate_tokens(&[98, 99, 100, STOP, 97]).expect("within limits"), 4);
        let mut bytes = [0; 8];
        assert_eq!(shared.forced_bytes(true, &mut bytes).expect("within limits"), 2);
        assert_eq!(&bytes[..2], b"bc");
        assert!(!shared.is_accepting() && !shared.is_terminated());
        assert_eq!((shared.history_size(), shared.temperature()), (1, Ok(None)));
        assert!(shared.memory_size() > 0 && shared.stats().is_ok());
        let mut own = shared.clone();
        assert_eq!(own.accept_tokens(&[98, 99, 101]).expect("within limits"), 3);
        assert!(own.is_accepting());
    });
    assert_eq!(matcher.history_size(), 1);
}

#[test]
fn the_last_owner_may_be_any_thread() {
    let options = CompilerOptions::default().threads(2).warm_up(WarmUp::Bounded);
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
