//! Vocabularies that tests share.
#![allow(dead_code)]

use xgr::{Compiler, EbnfOptions, Grammar, GrammarSource, Matcher, Tokenizer, TokenizerOptions};

/// Id of the stop token of [`byte_tokenizer`].
pub const STOP: i32 = 256;

/// The 256 single bytes and a stop token.
pub fn byte_tokenizer() -> Tokenizer {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    tokens.push(Vec::new());
    let options = TokenizerOptions::default().stop_tokens(&[STOP]);
    Tokenizer::new(&tokens, &options).expect("a tokenizer of bytes")
}

pub fn byte_compiler() -> Compiler {
    Compiler::new(&byte_tokenizer(), &Default::default()).expect("a compiler")
}

/// A source of many rules, which takes some tenths of a second to compile; its text is read then, too.
pub fn slow_source() -> GrammarSource {
    let mut text = String::from("root ::= r0\n");
    for n in 0..60_000 {
        text += &format!("r{n} ::= \"a{n}\" r{} | \"x\"\n", n + 1);
    }
    text += "r60000 ::= \"b\"\n";
    let options = EbnfOptions::default().deferred(true);
    GrammarSource::from_ebnf(&text, &options).expect("a source")
}

pub fn start(grammar: &Grammar) -> Matcher {
    Matcher::new(grammar, &Default::default()).expect("a matcher")
}

/// The tokens that a mask allows, ascending.
pub fn allowed(mask: &[u32]) -> Vec<i32> {
    let bits = mask.len() as i32 * 32;
    (0..bits).filter(|token| mask[*token as usize / 32] >> (token % 32) & 1 == 1).collect()
}

/// Whether the whole text is an output of the grammar.
pub fn accepts(grammar: &Grammar, text: &str) -> bool {
    let mut matcher = start(grammar);
    matcher.accept_bytes(text.as_bytes()).expect("within limits") && matcher.is_accepting()
}
