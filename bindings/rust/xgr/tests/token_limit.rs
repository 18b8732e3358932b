//! Limits of tokens: an output that is cut off is complete all the same.

mod support;

use support::{allowed, byte_compiler, STOP};
use xgr::{Matcher, MatcherOptions, Result};

fn matcher() -> Result<Matcher> {
    let grammar = byte_compiler().compile_regex("[0-9]{3,}x", &Default::default())?;
    Matcher::new(&grammar, &MatcherOptions::default())
}

fn next(matcher: &Matcher) -> Result<Vec<i32>> {
    let mut mask = vec![0; matcher.mask_words()];
    matcher.fill_bitmask(&mut mask)?;
    Ok(allowed(&mask))
}

fn take(matcher: &mut Matcher, text: &str) -> Result<usize> {
    let tokens: Vec<i32> = text.bytes().map(i32::from).collect();
    matcher.accept_tokens(&tokens)
}

#[test]
fn closing_takes_the_shortest_way() -> Result<()> {
    let mut matcher = matcher()?;
    assert_eq!(matcher.min_tokens_to_finish()?, (4, true));
    assert_eq!(take(&mut matcher, "1234")?, 4);
    assert_eq!(matcher.min_tokens_to_finish()?, (1, true));
    matcher.set_closing(true)?;
    assert_eq!(next(&matcher)?, vec![i32::from(b'x')]);
    assert!(!matcher.accept_token(i32::from(b'5'))? && matcher.accept_token(i32::from(b'x'))?);
    assert_eq!(next(&matcher)?, vec![STOP]);
    matcher.rollback(1)?;
    matcher.set_closing(false)?;
    assert!(matcher.accept_token(i32::from(b'5'))?);
    Ok(())
}

#[test]
fn a_limit_is_kept() -> Result<()> {
    let mut matcher = matcher()?;
    matcher.set_token_limit(Some(5))?;
    assert_eq!(take(&mut matcher, "12345")?, 4);
    assert_eq!(next(&matcher)?, vec![i32::from(b'x')]);
    matcher.set_token_limit(None)?;
    assert!(matcher.accept_token(i32::from(b'5'))?);
    Ok(())
}
