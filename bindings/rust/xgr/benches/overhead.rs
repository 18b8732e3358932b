//! What a call costs: the raw layer and the safe one, nanoseconds, the least of many short runs. Prints
//! `NAME RAW SAFE` a line; ../../tests/overhead.sh sets the same from C beside it.

use std::hint::black_box;
use std::time::Instant;
use xgr::{sys, Compiler, Matcher, Tokenizer, TokenizerOptions};

const CALLS: u32 = 10_000;
const RUNS: u32 = 2_000;

fn measure(mut call: impl FnMut()) -> f64 {
    let run = |call: &mut dyn FnMut(u32)| {
        let start = Instant::now();
        call(CALLS);
        start.elapsed().as_nanos() as f64 / f64::from(CALLS)
    };
    let mut calls = |count| (0..count).for_each(|_| call());
    (0..RUNS).map(|_| run(&mut calls)).fold(f64::INFINITY, f64::min)
}

/// A matcher of the raw layer; it lives as long as the program.
fn raw_matcher() -> *mut sys::xgr_matcher_t {
    let (bytes, sizes): (Vec<u8>, Vec<u32>) =
        ((b' '..127).collect(), [[1; 95].as_slice(), &[0; 2]].concat());
    let (mut tokenizer, mut compiler) = (std::ptr::null_mut(), std::ptr::null_mut());
    let (mut grammar, mut matcher) = (std::ptr::null_mut(), std::ptr::null_mut());
    let (stop, none) = (96, std::ptr::null_mut());
    let options = sys::xgr_tokenizer_options_t {
        stop_tokens: &stop,
        stop_token_count: 1,
        ..sys::xgr_tokenizer_options_t::INIT
    };
    let (data, count) = (sizes.as_ptr(), sizes.len());
    // SAFETY: all pointers live for the calls, and every handle is one that was made before.
    unsafe {
        sys::xgr_tokenizer_create(
            bytes.as_ptr(),
            bytes.len(),
            data,
            count,
            &options,
            &mut tokenizer,
            none,
        );
        sys::xgr_compiler_create(tokenizer, std::ptr::null(), &mut compiler, none);
        sys::xgr_compiler_compile_regex(
            compiler,
            c"[a-z]*".as_ptr(),
            6,
            std::ptr::null(),
            std::ptr::null(),
            &mut grammar,
            none,
        );
        sys::xgr_matcher_create(grammar, std::ptr::null(), &mut matcher, none);
    }
    assert!(!matcher.is_null());
    matcher
}

fn main() -> xgr::Result<()> {
    let mut tokens: Vec<String> = (b' '..127).map(|byte| char::from(byte).to_string()).collect();
    tokens.resize(97, String::new());
    let options = TokenizerOptions::default().stop_tokens(&[96]);
    let tokenizer = Tokenizer::new(&tokens, &options)?;
    let grammar = Compiler::new(&tokenizer, &Default::default())?
        .compile_regex("[a-z]*", &Default::default())?;
    let mut safe = Matcher::new(&grammar, &Default::default())?;
    let raw = raw_matcher();
    let (mut mask, mut kind, mut accepted) = (vec![0u32; safe.mask_words()], 0, 0);
    let token = i32::from(b'a' - b' ');

    let (data, size) = (mask.as_mut_ptr(), mask.len());
    let of_raw = measure(|| {
        // SAFETY: the handle is valid, and all pointers live for the call.
        black_box(unsafe { sys::xgr_matcher_fill_bitmask(raw, data, size, &mut kind) });
    });
    let of_safe = measure(|| drop(black_box(safe.fill_bitmask(&mut mask))));
    println!("fill {of_raw:.2} {of_safe:.2}");
    // SAFETY: the same.
    let of_raw = measure(|| unsafe {
        black_box(sys::xgr_matcher_accept_token(raw, token, &mut accepted));
        black_box(sys::xgr_matcher_rollback(raw, 1));
    });
    let of_safe = measure(|| {
        drop(black_box(safe.accept_token(token)));
        drop(black_box(safe.rollback(1)));
    });
    println!("accept+rollback {of_raw:.2} {of_safe:.2}");
    let of_raw = measure(|| {
        // SAFETY: the handle is valid.
        black_box(unsafe { sys::xgr_matcher_mask_words(raw) });
    });
    let of_safe = measure(|| {
        black_box(safe.mask_words());
    });
    println!("mask_words {of_raw:.2} {of_safe:.2}");
    Ok(())
}
