//! The whole of xgr in one page: tokenizer, compiler, grammar, matcher, and the loop of masks and
//! tokens. The "model" is a stand-in that likes the highest token id; the mask makes it write JSON.
//!
//!     cargo run --example minimal

use xgr::{Compiler, JsonFormat, JsonLayout, Matcher, Tokenizer, TokenizerOptions};

const STOP: i32 = 256;
const SCHEMA: &str = r#"{"type": "object", "properties": {"city": {"enum": ["Oslo", "Rome"]},
    "days": {"type": "integer", "minimum": 1, "maximum": 14}},
    "required": ["city", "days"], "additionalProperties": false}"#;

fn choose_token(mask: &[u32]) -> i32 {
    let allowed = |token: &i32| mask[*token as usize / 32] >> (token % 32) & 1 == 1;
    (0..=STOP).rev().find(allowed).expect("a mask allows some token")
}

fn main() -> Result<(), xgr::Error> {
    // A vocabulary of the 256 single bytes and one stop token.
    let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
    tokens.push(Vec::new());
    let options = TokenizerOptions::default().stop_tokens(&[STOP]);
    let tokenizer = Tokenizer::new(&tokens, &options)?;
    let compiler = Compiler::new(&tokenizer, &Default::default())?;
    let format = JsonFormat::default().layout(JsonLayout::Line);
    let grammar = compiler.compile_json_schema(SCHEMA, &format, &Default::default())?;

    let mut matcher = Matcher::new(&grammar, &Default::default())?;
    let mut mask = vec![0; matcher.mask_words()];
    let mut text = Vec::new();
    while !matcher.is_terminated() {
        matcher.fill_bitmask(&mut mask)?;
        let token = choose_token(&mask);
        matcher.accept_token(token)?;
        text.extend_from_slice(tokenizer.token_bytes(token).unwrap_or_default());
    }
    println!("{}", String::from_utf8_lossy(&text));
    Ok(())
}
