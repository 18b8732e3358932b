//! Vocabularies that tests share.
#![allow(dead_code)]

use xgr::{Compiler, Grammar, Matcher, Tokenizer, TokenizerOptions};

/// Id of the stop token of [`byte_tokenizer`].
pub const STOP: i32 = 256;

/// The 256 single bytes and a stop token.
pub fn byte_tokenizer() -> Tokenizer {
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    tokens.push(Vec::new());
    let options = TokenizerOptions { stop_tokens: &[STOP], ..Default::default() };
    Tokenizer::new(&tokens, &options).expect("a tokenizer of bytes")
}

pub fn byte_compiler() -> Compiler {
    Compiler::new(&byte_tokenizer(), &Default::default()).expect("a compiler")
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
