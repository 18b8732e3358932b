//! Batches: many matchers in one call, and what is wrong with a call.

mod support;

use support::{allowed, byte_compiler, start, STOP};
use xgr::{
    ApplyOptions, Batch, BatchOptions, Cancel, Code, CompilerOptions, MaskKind, Matcher,
    MatcherOptions, Result,
};

fn batch() -> Batch {
    Batch::new(&BatchOptions::default().threads(1)).expect("a batch")
}

/// Matchers of the languages `a`, `aa`, `aaa` and so on.
fn matchers(count: usize) -> Vec<Matcher> {
    let compiler = byte_compiler();
    let compile = |n| compiler.compile_regex(&format!("a{{{n}}}"), &Default::default());
    (1..=count).map(|n| start(&compile(n).expect("a pattern"))).collect()
}

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    let error = result.expect_err("a mistake");
    assert_eq!(error.code(), Code::InvalidArgument);
    error.to_string()
}

#[test]
fn threads() -> Result<()> {
    assert!(Batch::new(&Default::default())?.threads() >= 0);
    assert_eq!(batch().threads(), 1);
    assert_eq!(Batch::new(&BatchOptions::default().no_threads(true))?.threads(), 0);
    for (threads, no_threads) in [(-1, false), (257, false), (1, true)] {
        let error = Batch::new(&BatchOptions::default().threads(threads).no_threads(no_threads))
            .expect_err("out of range");
        assert_eq!(error.code(), Code::InvalidArgument);
    }
    Ok(())
}

#[test]
fn an_engine_with_a_batch() -> Result<()> {
    for options in [BatchOptions::default(), BatchOptions::default().no_threads(true).threads(0)] {
        let mut batch = Batch::new(&options)?;
        let mut matchers = matchers(20);
        let words = matchers[0].mask_words();
        let mut masks = vec![0u32; words * matchers.len()];
        for step in 0..=20 {
            let kinds = batch.fill_bitmask(&mut matchers, &mut masks, words, &[])?.to_vec();
            let mut tokens = Vec::new();
            for (row, mask) in masks.chunks(words).enumerate() {
                let ended = step > row + 1;
                let wanted = if ended { MaskKind::Terminated } else { MaskKind::Some };
                assert_eq!(kinds[row].clone()?, wanted);
                tokens.push(if step <= row { 97 } else { STOP });
                assert!(ended || allowed(mask) == tokens[row..]);
            }
            let accepted = batch.accept_token(&mut matchers, &tokens)?;
            for (row, accepted) in accepted.iter().enumerate() {
                assert_eq!(accepted.clone()?, step <= row + 1);
            }
        }
        assert!(matchers.iter().all(Matcher::is_terminated));
        let undone = batch.rollback(&mut matchers, &[1; 20])?;
        assert!(undone.iter().all(Result::is_ok));
        assert!(matchers.iter().all(|matcher| matcher.is_accepting() && !matcher.is_terminated()));
    }
    Ok(())
}

#[test]
fn some_matchers_and_rows() -> Result<()> {
    let (mut batch, mut matchers) = (batch(), matchers(3));
    let [first, _, third] = &mut matchers[..] else { unreachable!() };
    assert!(third.accept_token(97)?);
    let words = first.mask_words() + 1;
    let mut masks = vec![7u32; words * 4];
    let kinds = batch.fill_bitmask(&mut [third, first], &mut masks, words, &[3, 1])?;
    assert_eq!(kinds, [Ok(MaskKind::Some), Ok(MaskKind::Some)]);
    let rows: Vec<_> = masks.chunks(words).collect();
    assert_eq!((rows[0], rows[2]), (&[7; 10][..], &[7; 10][..]));
    assert_eq!((allowed(&rows[1][..9]), rows[1][9]), (vec![97], 7));
    assert_eq!((allowed(&rows[3][..9]), rows[3][9]), (vec![97], 7));
    let nothing: &mut [Matcher] = &mut [];
    assert!(batch.fill_bitmask(nothing, &mut masks, words, &[])?.is_empty());
    Ok(())
}

#[test]
fn texts_of_many() -> Result<()> {
    let (mut batch, mut matchers) = (batch(), matchers(4));
    let accepted = batch.accept_bytes(&mut matchers, &["a", "", "aab", "aaaa"])?;
    assert_eq!(accepted, [Ok(true), Ok(true), Ok(false), Ok(true)]);
    let sizes: Vec<_> = matchers.iter().map(Matcher::history_size).collect();
    assert_eq!(sizes, [1, 1, 0, 1]);
    assert!(matchers[0].is_accepting() && !matchers[1].is_accepting());
    Ok(())
}

/// What fails for one does not touch the others.
#[test]
fn a_status_for_each() -> Result<()> {
    let compiler = byte_compiler();
    let grammar = compiler.compile_regex("a+", &Default::default())?;
    let checks = MatcherOptions::default().check_token_ids(true);
    let mut matchers = vec![start(&grammar), Matcher::new(&grammar, &checks)?, start(&grammar)];
    let mut batch = batch();
    let accepted = batch.accept_token(&mut matchers, &[999, 999, 97])?;
    assert_eq!((&accepted[0], &accepted[2]), (&Ok(false), &Ok(true)));
    let error = accepted[1].clone().expect_err("no id");
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().starts_with("token id 999 is outside the vocabulary"), "{error}");
    let undone = batch.rollback(&mut matchers, &[0, 2, 1])?;
    assert_eq!((&undone[0], &undone[2]), (&Ok(()), &Ok(())));
    let error = undone[1].clone().expect_err("too many");
    assert_eq!(error.message(), "cannot undo 2 steps: there are 0");
    assert_eq!(matchers[2].history_size(), 0);

    let options = CompilerOptions::default().max_work_per_call(1000);
    let small = xgr::Compiler::new(&support::byte_tokenizer(), &options)?;
    let mut narrow = start(&small.compile_regex("a*", &Default::default())?);
    let text = "a".repeat(100_000);
    let accepted =
        batch.accept_bytes(&mut [&mut matchers[0], &mut narrow], &[text.as_str(), &text])?;
    assert_eq!(accepted[0], Ok(true));
    let error = accepted[1].clone().expect_err("too much work");
    assert_eq!(error.code(), Code::LimitExceeded);
    Ok(())
}

#[test]
fn a_request_to_stop() -> Result<()> {
    let (mut batch, mut matchers, cancel) = (batch(), matchers(3), Cancel::new()?);
    batch.set_cancel(Some(&cancel))?;
    assert!(batch.accept_token(&mut matchers, &[97; 3])?.iter().all(Result::is_ok));
    cancel.request();
    for accepted in batch.accept_token(&mut matchers, &[97; 3])? {
        assert_eq!(accepted.clone().expect_err("stopped").code(), Code::Cancelled);
    }
    assert!(matchers.iter().all(|matcher| matcher.history_size() == 1));
    let words = matchers[0].mask_words();
    let kinds = batch.fill_bitmask(&mut matchers, &mut vec![0; words * 3], words, &[])?;
    assert_eq!(kinds[2].clone().expect_err("stopped").code(), Code::Cancelled);
    batch.set_cancel(None)?;
    matchers[1].set_cancel(Some(&cancel))?;
    let accepted = batch.accept_bytes(&mut matchers, &[""; 3])?;
    assert_eq!((&accepted[0], &accepted[2]), (&Ok(true), &Ok(true)));
    assert_eq!(accepted[1].clone().expect_err("stopped").code(), Code::Cancelled);
    Ok(())
}

#[test]
fn mistakes() -> Result<()> {
    let (mut batch, mut matchers) = (batch(), matchers(2));
    let mut masks = [5u32; 18];
    let mut fill = |masks: &mut [u32], words, rows: &[i32]| {
        message(batch.fill_bitmask(&mut matchers, masks, words, rows))
    };
    let text = fill(&mut masks, 8, &[]);
    assert_eq!(text, "a row has 8 words; expected at least 9, for matcher 0");
    let text = fill(&mut masks[..17], 9, &[]);
    assert_eq!(text, "the masks have 17 words; expected 2 rows of 9, each for one matcher");
    let text = fill(&mut masks, 9, &[0, 2]);
    assert_eq!(text, "rows[1] is 2; expected 0 or more, below 2, as many as there are");
    let text = fill(&mut masks, 9, &[-1, 0]);
    assert_eq!(text, "rows[0] is -1; expected 0 or more, below 2, as many as there are");
    let text = fill(&mut masks, 9, &[1, 1]);
    assert_eq!(text, "rows[0] and rows[1] are both 1; expected each row once");
    let text = fill(&mut masks, 9, &[1]);
    assert_eq!(text, "rows has 1 elements; expected 2, one for each matcher");
    assert!(masks.iter().all(|word| *word == 5), "nothing was written");
    let text = message(batch.accept_token(&mut matchers, &[97]));
    assert_eq!(text, "tokens has 1 elements; expected 2, one for each matcher");
    let text = message(batch.accept_bytes(&mut matchers, &["a"; 3]));
    assert_eq!(text, "texts has 3 elements; expected 2, one for each matcher");
    let text = message(batch.rollback(&mut matchers, &[]));
    assert_eq!(text, "step_counts has 0 elements; expected 2, one for each matcher");
    assert!(matchers.iter().all(|matcher| matcher.history_size() == 0));
    Ok(())
}

/// Rows over the threads say what they say on one.
#[test]
fn logits_of_many_rows() -> Result<()> {
    const ROWS: usize = 64;
    const COLUMNS: usize = 1000;
    let mut batch = batch();
    let masks: Vec<u32> = (0..ROWS * 32).map(|n| (n as u32).wrapping_mul(2654435761)).collect();
    let options = ApplyOptions::default().row_count(ROWS);
    let mut logits: Vec<f32> = (0..ROWS * COLUMNS).map(|n| n as f32).collect();
    let mut same = logits.clone();
    batch.apply_f32(&mut logits, &masks, &options)?;
    xgr::bitmask_apply_f32(&mut same, &masks, &options)?;
    assert_eq!(logits, same);
    let is_allowed = |n: usize| {
        let (row, token) = (n / COLUMNS, n % COLUMNS);
        masks[row * 32 + token / 32] >> (token % 32) & 1 == 1
    };
    let expected = |n| if is_allowed(n) { n as f32 } else { f32::NEG_INFINITY };
    assert!((0..ROWS * COLUMNS).all(|n| logits[n] == expected(n)));
    let mut halves = vec![0x3C00u16; ROWS * COLUMNS];
    batch.apply_f16(&mut halves, &masks, &options)?;
    let expected = |n| if is_allowed(n) { 0x3C00 } else { 0xFC00 };
    assert!((0..ROWS * COLUMNS).all(|n| halves[n] == expected(n)));
    let mut halves = vec![0x3F80u16; ROWS * COLUMNS];
    batch.apply_bf16(&mut halves, &masks, &options)?;
    let expected = |n| if is_allowed(n) { 0x3F80 } else { 0xFF80 };
    assert!((0..ROWS * COLUMNS).all(|n| halves[n] == expected(n)));
    let twice = options.columns(1).logit_rows(&[3, 3]).mask_words(1);
    let twice = twice.row_count(2);
    let text = message(batch.apply_f32(&mut logits, &masks, &twice));
    assert_eq!(text, "logit_rows[0] and logit_rows[1] are both 3; expected each row once");
    assert!(batch.apply_f16(&mut halves, &masks, &twice).is_err());
    assert!(batch.apply_bf16(&mut halves, &masks, &twice).is_err());
    Ok(())
}
