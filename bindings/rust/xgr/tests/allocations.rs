//! Fills and accepts allocate nothing on this side of the C API.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{byte_compiler, start, STOP};
use xgr::{ApplyOptions, Batch, DraftTree, MaskKind, Matcher, MatcherOptions, StartSequence};

struct Counting;

thread_local! {
    /// Of one thread, as the runner of the tests allocates meanwhile.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: it is the allocator of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        System.alloc(layout)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        System.dealloc(memory, layout)
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_step_allocates_nothing() -> xgr::Result<()> {
    let grammar = byte_compiler().compile_regex("[a-z]{1000}", &Default::default())?;
    let mut matcher = start(&grammar);
    let mut mask = vec![0; matcher.mask_words()];
    let before = COUNT.get();
    for _ in 0..1000 {
        matcher.fill_bitmask(&mut mask)?;
        assert!(!matcher.is_token_allowed(STOP)?);
        assert!(matcher.accept_token(97)?);
    }
    matcher.lend_bitmask()?;
    matcher.rollback(500)?;
    assert_eq!(COUNT.get(), before);
    Ok(())
}

#[test]
fn a_waiting_step_allocates_nothing() -> xgr::Result<()> {
    let grammar = byte_compiler().compile_regex("[a-z]{1000}", &Default::default())?;
    let starts = [StartSequence::bytes(b"</t>")];
    let options = MatcherOptions::default().starts(&starts);
    let mut matcher = Matcher::new(&grammar, &options)?;
    let mut mask = vec![0; matcher.mask_words()];
    let before = COUNT.get();
    for _ in 0..1000 {
        matcher.fill_bitmask(&mut mask)?;
        assert!(matcher.accept_token(97)? && matcher.is_waiting());
    }
    assert!(matcher.accept_bytes(b"</t>a")? && !matcher.is_waiting());
    assert_eq!(COUNT.get(), before);
    Ok(())
}

#[test]
fn a_batch_allocates_nothing_again() -> xgr::Result<()> {
    let grammar = byte_compiler().compile_regex("[a-z]{1000}", &Default::default())?;
    let mut matchers = vec![start(&grammar); 8];
    let words = matchers[0].mask_words();
    let (mut masks, mut logits) = (vec![0; 8 * words], vec![0.0; 8 * 257]);
    let options = ApplyOptions::default().row_count(8);
    let mut batch = Batch::new(&Default::default())?;
    let mut before = 0;
    for round in 0..10 {
        if round == 1 {
            before = COUNT.get();
        }
        assert!(batch
            .fill_bitmask(&mut matchers, &mut masks, words, &[])?
            .iter()
            .all(Result::is_ok));
        batch.apply_f32(&mut logits, &masks, &options)?;
        assert_eq!(batch.accept_token(&mut matchers, &[97; 8])?[7], Ok(true));
        assert_eq!(batch.accept_bytes(&mut matchers, &["ab"; 8])?[7], Ok(true));
        assert_eq!(batch.rollback(&mut matchers, &[1; 8])?[7], Ok(()));
    }
    assert_eq!(COUNT.get(), before);
    Ok(())
}

#[test]
fn drafts_and_forced_text_allocate_nothing() -> xgr::Result<()> {
    let grammar = byte_compiler().compile_regex("abc[a-z]+", &Default::default())?;
    let mut matcher = start(&grammar);
    let words = matcher.mask_words();
    let (mut masks, mut kinds, mut valid) = (vec![0; 4 * words], [MaskKind::Some; 4], [0; 4]);
    let tree = DraftTree::default().tokens(&[97; 4]).parents(&[-1, 0, 1, 0]);
    let filter = vec![u32::MAX; words];
    let before = COUNT.get();
    assert_eq!(matcher.fill_draft(&[97, 98, 99], &mut masks, words, &mut kinds)?, 3);
    matcher.fill_draft_tree(&tree, &mut masks, words, &mut kinds, &mut valid)?;
    assert_eq!(matcher.forced_bytes(true, &mut [0; 8])?, 3);
    matcher.forced_tokens(None, &mut valid)?;
    matcher.set_filter(Some(&filter))?;
    assert_eq!(matcher.validate_tokens(&[97, 98])?, 2);
    assert_eq!(matcher.accept_tokens(&[97, 98])?, 2);
    assert_eq!(COUNT.get(), before);
    Ok(())
}
