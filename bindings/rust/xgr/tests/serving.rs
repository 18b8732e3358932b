//! Several tokens at once, drafts, forced text and filters.

mod support;

use support::{allowed, byte_compiler, start, STOP};
use xgr::{
    Code, Compiler, DraftTree, Error, MaskKind, Matcher, MatcherOptions, Result, Tokenizer,
    TokenizerOptions,
};

fn matcher(pattern: &str) -> Matcher {
    start(&byte_compiler().compile_regex(pattern, &Default::default()).expect("a pattern"))
}

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    let error = result.expect_err("a mistake");
    assert_eq!(error.code(), Code::InvalidArgument);
    error.to_string()
}

fn ids(text: &str) -> Vec<i32> {
    text.bytes().map(i32::from).collect()
}

#[test]
fn several_tokens() -> Result<()> {
    let mut matcher = matcher("abc|abd");
    assert_eq!(matcher.validate_tokens(&ids("abxd"))?, 2);
    assert_eq!((matcher.history_size(), matcher.validate_tokens(&[])?), (0, 0));
    assert_eq!(matcher.accept_tokens(&ids("abxd"))?, 2);
    assert_eq!(matcher.accept_tokens(&[100, STOP, 97])?, 2);
    assert_eq!((matcher.history_size(), matcher.is_terminated()), (4, true));
    matcher.rollback(3)?;
    assert_eq!(matcher.validate_tokens(&[98, 99, STOP, STOP])?, 3);

    let options = MatcherOptions::default().check_token_ids(true);
    let grammar = byte_compiler().compile_regex("a+", &Default::default())?;
    let mut checked = Matcher::new(&grammar, &options)?;
    assert_eq!(checked.accept_tokens(&[97, 98, 257])?, 1, "what is behind is not looked at");
    let wanted = "token id 257 is outside the vocabulary; expected 0 or more, below 257";
    assert_eq!(message(checked.accept_tokens(&[97, 257])), wanted);
    assert_eq!(message(checked.validate_tokens(&[97, 257])), wanted);
    assert_eq!(checked.history_size(), 1);
    Ok(())
}

#[test]
fn filters() -> Result<()> {
    let mut matcher = matcher("[a-c]+");
    let mut filter = vec![0u32; matcher.mask_words()];
    let mut mask = filter.clone();
    xgr::bitmask_set_tokens(&mut filter, &[98, 120], true)?;
    assert!(matcher.accept_token(97)?);
    matcher.set_filter(Some(&filter))?;
    assert_eq!(matcher.fill_bitmask(&mut mask)?, MaskKind::Some);
    assert_eq!(allowed(&mask), [98]);
    assert!(!matcher.is_token_allowed(97)? && !matcher.accept_token(STOP)?);
    let mut twin = matcher.clone();
    assert!(matcher.accept_token(98)? && !twin.accept_token(97)?);
    assert!(twin.accept_bytes(b"a")?, "bytes pass it");
    matcher.set_filter(None)?;
    assert!(matcher.accept_token(97)?);
    matcher.rollback(2)?;
    assert!(!matcher.accept_token(97)?, "the filter of before");
    matcher.set_filter(Some(&vec![0; mask.len()]))?;
    assert_eq!(matcher.fill_bitmask(&mut mask)?, MaskKind::None);
    assert_eq!(allowed(&mask), []);
    matcher.rollback(1)?;
    assert!(matcher.accept_token(99)?);
    let wanted = "the filter has 8 words; expected 9";
    assert_eq!(message(matcher.set_filter(Some(&filter[..8]))), wanted);
    assert_eq!(message(matcher.set_filter(Some(&[]))), "the filter has 0 words; expected 9");
    Ok(())
}

#[test]
fn chains() -> Result<()> {
    let mut matcher = matcher("abc|abd");
    let words = matcher.mask_words();
    let mut masks = vec![0; 5 * words];
    let mut kinds = [MaskKind::None; 5];
    assert_eq!(matcher.fill_draft(&ids("abxd"), &mut masks, words, &mut kinds)?, 2);
    let rows: Vec<_> = masks.chunks(words).collect();
    assert_eq!([allowed(rows[0]), allowed(rows[1])], [[97], [98]]);
    assert_eq!(allowed(rows[2]), [99, 100]);
    assert_eq!((allowed(rows[3]).len(), allowed(rows[4]).len()), (257, 257));
    let (some, ended) = (MaskKind::Some, MaskKind::Terminated);
    assert_eq!(kinds, [some, some, some, ended, ended]);
    assert_eq!(matcher.history_size(), 0);
    assert_eq!(matcher.fill_draft(&[], &mut masks, words, &mut [])?, 0);

    let text = message(matcher.fill_draft(&[97], &mut masks, words - 1, &mut []));
    assert_eq!(text, "a row has 8 words; expected at least 9");
    let text = message(matcher.fill_draft(&[97], &mut masks[..17], words, &mut []));
    assert_eq!(text, "the masks have 17 words; expected at least 18, 2 rows of 9");
    let text = message(matcher.fill_draft(&[97], &mut masks, words, &mut kinds[..1]));
    assert_eq!(text, "kinds has 1 elements; expected none or at least 2");
    Ok(())
}

#[test]
fn trees() -> Result<()> {
    let mut matcher = matcher("ab|ac");
    let words = matcher.mask_words();
    // The root; "x" and "a" behind it; "b" and "a" behind "a"; the stop token behind "b".
    let tokens = [-1, 120, 97, 98, 97, STOP];
    let trees = [
        DraftTree::default().tokens(&tokens).parents(&[-1, 0, 0, 2, 2, 3]),
        DraftTree::default()
            .tokens(&tokens)
            .first_children(&[1, -1, 3, 5, -1, -1])
            .next_siblings(&[-1, 2, -1, 4, -1, -1]),
    ];
    for tree in &trees {
        let (mut masks, mut kinds) = (vec![0; 6 * words], [MaskKind::None; 6]);
        let mut valid = [7; 6];
        matcher.fill_draft_tree(tree, &mut masks, words, &mut kinds, &mut valid)?;
        assert_eq!(valid, [1, 0, 1, 1, 0, 1]);
        let (some, ended) = (MaskKind::Some, MaskKind::Terminated);
        assert_eq!(kinds, [some, ended, some, some, ended, ended]);
        let rows: Vec<_> = masks.chunks(words).map(allowed).collect();
        assert_eq!(
            (&rows[0][..], &rows[2][..], &rows[3][..]),
            (&[97][..], &[98, 99][..], &[STOP][..])
        );
        assert_eq!((rows[1].len(), rows[5].len(), matcher.history_size()), (257, 257, 0));
        matcher.fill_draft_tree(tree, &mut masks, words, &mut [], &mut [])?;
    }
    Ok(())
}

#[test]
fn trees_that_are_none() {
    let mut matcher = matcher("a+");
    let words = matcher.mask_words();
    let mut masks = vec![0; 3 * words];
    let tokens = [97; 3];
    let of = |parents| DraftTree::default().tokens(&tokens).parents(parents);
    let both = |first_children, next_siblings| {
        DraftTree::default()
            .tokens(&tokens)
            .first_children(first_children)
            .next_siblings(next_siblings)
    };
    let wrong: [DraftTree; 12] = [
        DraftTree::default(),
        of(&[]),
        of(&[0, 0, 0]),
        of(&[-1, 2, 1]),
        of(&[-1, 1, 0]),
        of(&[-1, 3, 0]),
        of(&[-1, -1, 0]),
        both(&[1, 2, 0], &[-1, -1, -1]),
        both(&[1, -1, -1], &[-1, -1, -1]),
        both(&[1, 2, -1], &[-1, 2, -1]),
        both(&[1, -1, -1], &[-1, 3, -1]),
        both(&[1, 2, -1], &[]),
    ];
    for tree in &wrong {
        let text = message(matcher.fill_draft_tree(tree, &mut masks, words, &mut [], &mut []));
        assert!(text.starts_with("the links are no tree"), "{tree:?}: {text}");
    }
    for (tree, name) in [
        (of(&[-1, 0]), "parents has 2"),
        (both(&[1, 2], &[-1; 3]), "first_children has 2"),
        (both(&[1, 2, -1], &[-1; 4]), "next_siblings has 4"),
    ] {
        let text = message(matcher.fill_draft_tree(&tree, &mut masks, words, &mut [], &mut []));
        assert_eq!(text, format!("{name} elements; expected none or 3, one for each node"));
    }
    let tree = of(&[-1, 0, 1]);
    let mut fill = |size: usize, words, kinds: usize, valid: usize| {
        let (mut kinds, mut valid) = (vec![MaskKind::None; kinds], vec![0; valid]);
        message(matcher.fill_draft_tree(&tree, &mut masks[..size], words, &mut kinds, &mut valid))
    };
    assert_eq!(fill(27, 8, 0, 0), "a row has 8 words; expected at least 9");
    assert_eq!(fill(26, 9, 0, 0), "the masks have 26 words; expected at least 27, 3 rows of 9");
    assert_eq!(fill(27, 9, 2, 3), "kinds has 2 elements; expected none or at least 3");
    assert_eq!(fill(27, 9, 3, 2), "valid has 2 elements; expected none or at least 3");
    assert_eq!(matcher.history_size(), 0);
}

/// Words, and the single bytes of `a` to `z`.
fn word_tokenizer() -> Tokenizer {
    let mut texts: Vec<String> = ('a'..='z').map(String::from).collect();
    texts.extend(["he", "hello", "wor", "ld", "world", "\u{20AC}"].map(String::from));
    texts.push(String::new());
    let options = TokenizerOptions::default().stop_tokens(&[32]);
    Tokenizer::new(&texts, &options).expect("a tokenizer")
}

fn word_matcher(pattern: &str) -> Matcher {
    let compiler = Compiler::new(&word_tokenizer(), &Default::default()).expect("a compiler");
    start(&compiler.compile_regex(pattern, &Default::default()).expect("a pattern"))
}

#[test]
fn forced_bytes() -> Result<()> {
    let mut matcher = matcher("hello(a|\u{20AC}|\u{20AB})");
    let mut bytes = [0; 16];
    let size = matcher.forced_bytes(false, &mut bytes)?;
    assert_eq!(&bytes[..size], b"hello");
    assert_eq!(matcher.forced_bytes(false, &mut bytes[..3])?, 3);
    assert_eq!(matcher.forced_bytes(false, &mut [])?, 0);
    assert!(matcher.accept_bytes(b"hello\xE2")?);
    let size = matcher.forced_bytes(false, &mut bytes)?;
    assert_eq!(&bytes[..size], b"\x82");
    assert_eq!(matcher.forced_bytes(true, &mut bytes)?, 0);
    assert_eq!(matcher.history_size(), 1);
    Ok(())
}

#[test]
fn forced_tokens() -> Result<()> {
    let mut matcher = word_matcher("helloworld(a|b)");
    let mut forced = [-1; 16];
    // "world" is the longest, and no token goes on behind it.
    let count = matcher.forced_tokens(None, &mut forced)?;
    assert_eq!(forced[..count], [27, 30]);
    assert_eq!(matcher.forced_tokens(None, &mut forced[..1])?, 1);
    assert_eq!(matcher.forced_tokens(None, &mut [])?, 0);
    let own = [7, 4, 11, 11, 14, 28, 29];
    let count = matcher.forced_tokens(Some(&own), &mut forced)?;
    assert_eq!(forced[..count], own);
    let text = message(matcher.forced_tokens(Some(&[27, 0]), &mut forced));
    assert_eq!(text, "the 2 tokens do not spell a beginning of what the grammar forces");
    assert!(message(matcher.forced_tokens(Some(&[-1]), &mut forced)).starts_with("the 1 tokens"));
    assert_eq!(matcher.history_size(), 0);
    let accepted = forced[..count].to_vec();
    assert_eq!(matcher.accept_tokens(&accepted)?, count);
    Ok(())
}

#[test]
fn forced_tokens_with_a_tokenizer() -> Result<()> {
    let mut matcher = word_matcher("helloworld(a|b)");
    let own = |text: &[u8]| -> Result<Vec<i32>> {
        assert_eq!(text, b"helloworld");
        Ok(vec![27, 28, 29])
    };
    let tokens = matcher.forced_tokens_with(100, own)?;
    assert_eq!(tokens, [27, 28, 29]);
    assert_eq!(matcher.accept_tokens(&tokens)?, 3);
    let none = |_: &[u8]| -> Result<[i32; 0]> { panic!("nothing is forced") };
    assert_eq!(matcher.forced_tokens_with(100, none)?, []);

    #[derive(Debug, PartialEq)]
    enum Failure {
        Own(&'static str),
        Library(Error),
    }
    impl From<Error> for Failure {
        fn from(error: Error) -> Self {
            Self::Library(error)
        }
    }
    matcher.reset()?;
    let fails = |_: &[u8]| Err::<Vec<i32>, _>(Failure::Own("no tokenizer"));
    let failed = matcher.forced_tokens_with(100, fails);
    assert_eq!(failed, Err(Failure::Own("no tokenizer")));
    let lies = |_: &[u8]| Ok::<_, Failure>(vec![0]);
    let Err(Failure::Library(error)) = matcher.forced_tokens_with(100, lies) else {
        panic!("the tokens spell something else")
    };
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(matcher.history_size(), 0);
    let few = |text: &[u8]| -> Result<Vec<i32>> {
        assert_eq!(text, b"hel");
        Ok(vec![26, 11])
    };
    matcher.forced_tokens_with(3, few)?;
    Ok(())
}
