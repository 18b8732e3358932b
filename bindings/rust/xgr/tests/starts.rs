//! Deferred starts: the text of an output begins behind, or with, one of several sequences.

mod support;

use support::{allowed, byte_compiler, STOP};
use xgr::{
    Code, Compiler, Grammar, MaskKind, Matcher, MatcherOptions, Result, StartSequence, TokenKind,
    Tokenizer, TokenizerOptions,
};

fn behind(bytes: &str) -> StartSequence<'_> {
    StartSequence::bytes(bytes.as_bytes())
}

fn yes_or_no() -> Grammar {
    byte_compiler().compile_regex("yes|no", &Default::default()).expect("a grammar")
}

fn next(matcher: &Matcher) -> Result<(Vec<i32>, MaskKind)> {
    let mut mask = vec![0; matcher.mask_words()];
    let kind = matcher.fill_bitmask(&mut mask)?;
    Ok((allowed(&mask), kind))
}

fn takes(matcher: &mut Matcher, text: &str) -> Result<bool> {
    let tokens: Vec<i32> = text.bytes().map(i32::from).collect();
    Ok(matcher.accept_tokens(&tokens)? == tokens.len())
}

#[test]
fn bytes_end_the_thinking() -> Result<()> {
    let starts = [behind("</t>"), behind("%%")];
    let options = MatcherOptions::default().starts(&starts).may_end_waiting(true);
    let mut matcher = Matcher::new(&yes_or_no(), &options)?;
    assert_eq!(next(&matcher)?, ((0..=STOP).collect(), MaskKind::All));
    assert!(matcher.is_waiting() && matcher.is_accepting());
    assert!(takes(&mut matcher, "hm </t")? && matcher.is_waiting());
    assert_eq!(next(&matcher)?.1, MaskKind::All);
    assert!(takes(&mut matcher, ">")? && !matcher.is_waiting() && !matcher.is_accepting());
    assert_eq!(next(&matcher)?, (vec![110, 121], MaskKind::Some));
    let twin = matcher.clone();
    assert!(takes(&mut matcher, "yes")? && matcher.accept_token(STOP)?);
    assert!(matcher.is_terminated() && !matcher.is_waiting() && !twin.is_waiting());
    matcher.rollback(5)?;
    assert!(matcher.is_waiting() && next(&matcher)?.1 == MaskKind::All);
    assert!(takes(&mut matcher, " %%no")? && matcher.is_accepting());
    matcher.reset()?;
    assert!(matcher.is_waiting() && matcher.accept_token(STOP)?);
    assert!(matcher.is_terminated() && matcher.is_waiting(), "it has ended before its text began");
    assert!(!Matcher::new(&yes_or_no(), &Default::default())?.is_waiting());
    Ok(())
}

#[test]
fn stop_and_forbidden_tokens_are_refused_while_it_waits() -> Result<()> {
    let starts = [behind("</t>")];
    let options = MatcherOptions::default().starts(&starts).forbidden_tokens(&[120, 121]);
    let mut matcher = Matcher::new(&yes_or_no(), &options)?;
    let others: Vec<i32> = (0..STOP).filter(|token| ![120, 121].contains(token)).collect();
    assert_eq!(next(&matcher)?, (others, MaskKind::Some));
    assert!(!matcher.is_token_allowed(STOP)? && !takes(&mut matcher, "x")?);
    assert!(takes(&mut matcher, "</t>yes")?, "it is about thinking only");
    Ok(())
}

#[test]
fn a_budget_forces_the_end() -> Result<()> {
    let starts = [behind("##"), behind("</t>")];
    let mut options = MatcherOptions::default().starts(&starts).max_waiting_tokens(3);
    options.forced_start = 1;
    let mut matcher = Matcher::new(&yes_or_no(), &options)?;
    assert!(matcher.accept_bytes(b"bytes do not count")? && takes(&mut matcher, "ab<")?);
    assert_eq!(next(&matcher)?, (vec![47], MaskKind::Some));
    let mut forced = [0; 8];
    assert_eq!(matcher.forced_bytes(false, &mut forced)?, 3);
    assert_eq!(&forced[..3], b"/t>");
    assert!(takes(&mut matcher, "/t>no")? && matcher.is_accepting());
    options.max_waiting_tokens = Some(0);
    let matcher = Matcher::new(&yes_or_no(), &options)?;
    assert_eq!(next(&matcher)?.0, [60]);
    options.max_waiting_tokens = None;
    let mut matcher = Matcher::new(&yes_or_no(), &options)?;
    assert!(takes(&mut matcher, &"z".repeat(100))? && next(&matcher)?.0.len() == 256);
    Ok(())
}

#[test]
fn tokens_begin_the_text_behind_or_with_them() -> Result<()> {
    let kinds = [TokenKind::Normal, TokenKind::Normal, TokenKind::Control, TokenKind::Stop];
    let options = TokenizerOptions::default().token_kinds(&kinds);
    let tokenizer = Tokenizer::new(&["a", "(", "<call>", "<end>"], &options)?;
    let grammar = Compiler::new(&tokenizer, &Default::default())?
        .compile_ebnf(r#"root ::= "("? "a""#, &Default::default())?;
    let starts = [StartSequence::tokens(&[1]).is_implicit(true), StartSequence::tokens(&[2])];
    let options = MatcherOptions::default().starts(&starts);
    let mut matcher = Matcher::new(&grammar, &options)?;
    assert_eq!(next(&matcher)?.0, [0, 1, 2]);
    assert!(matcher.accept_token(0)? && matcher.accept_token(1)? && !matcher.is_waiting());
    assert_eq!(next(&matcher)?.0, [0]);
    matcher.rollback(1)?;
    assert!(matcher.accept_token(2)? && !matcher.is_waiting());
    assert_eq!(next(&matcher)?.0, [0, 1]);
    Ok(())
}

#[test]
fn what_is_no_start_is_refused() {
    let fails = |options: &MatcherOptions<'_>| {
        let error = Matcher::new(&yes_or_no(), options).expect_err("no start");
        assert_eq!(error.code(), Code::InvalidArgument);
        error.message().to_owned()
    };
    let alone = MatcherOptions::default().may_end_waiting(true);
    assert!(fails(&alone).contains("need starts"));
    let empty = StartSequence::tokens(&[]);
    fails(&MatcherOptions::default().starts(&[empty]));
    let stop = StartSequence::tokens(&[STOP]);
    let starts = [behind("x"), stop];
    assert!(fails(&MatcherOptions::default().starts(&starts)).contains("stop token"));
    let implicit = behind("maybe").is_implicit(true);
    fails(&MatcherOptions::default().starts(&[implicit]));
}
