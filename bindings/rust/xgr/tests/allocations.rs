//! Fills and accepts allocate nothing on this side of the C API.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{byte_compiler, start, STOP};

struct Counting;

thread_local! {
    /// Of one thread, as the runner of the tests allocates meanwhile.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

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
