//! Six outputs under four languages, in one buffer of masks: sources put together, a matcher cloned
//! in the middle of its output, steps undone, and what an error tells. The "model" draws from a
//! linear congruential generator. The same program exists in every language and writes the same.
//!
//!     cargo run --example batch

use xgr::{
    Compiler, Grammar, GrammarSource, JsonFormat, JsonLayout, Matcher, Tokenizer, TokenizerOptions,
};

const TOKENS: i32 = 96;
const STOP: i32 = 95;
const STEPS: usize = 48;
const SCHEMA: &str = concat!(
    r#"{"type":"object","properties":{"id":{"type":"integer","minimum":1,"maximum":999},"#,
    r#""ok":{"type":"boolean"}},"required":["id","ok"],"additionalProperties":false}"#
);
const EBNF: &str = "root ::= term (\" + \" term)*\nterm ::= [0-9] | \"(\" root \")\"";

#[derive(Clone)]
struct Row {
    matcher: Matcher,
    text: String,
    steps: usize,
}

/// A vocabulary of the printable characters of ASCII and one stop token.
fn make_tokenizer() -> xgr::Result<Tokenizer> {
    let mut tokens: Vec<String> = (b' '..=b'~').map(|byte| char::from(byte).to_string()).collect();
    tokens.push(String::new());
    Tokenizer::new(&tokens, &TokenizerOptions::default().stop_tokens(&[STOP]))
}

fn compile(compiler: &Compiler) -> xgr::Result<[Grammar; 4]> {
    let line = JsonFormat::default().layout(JsonLayout::Line);
    let words = GrammarSource::from_choices(&["yes", "no", "maybe"])?;
    let digits = GrammarSource::from_regex("[0-9]{2}", &Default::default())?;
    Ok([
        compiler.compile_json_schema(SCHEMA, &line, &Default::default())?,
        compiler.compile_regex("[a-f]{3}-[0-9]{2,4}", &Default::default())?,
        compiler.compile_ebnf(EBNF, &Default::default())?,
        compiler.compile_source(&GrammarSource::union(&[&words, &digits])?)?,
    ])
}

/// Any of the allowed tokens.
fn choose_token(mask: &[u32], state: &mut u32) -> i32 {
    let allowed = |token: &i32| mask[*token as usize / 32] >> (token % 32) & 1 == 1;
    let count = (0..TOKENS).filter(allowed).count();
    *state = state.wrapping_mul(1103515245).wrapping_add(12345) & 0x7FFF_FFFF;
    let skipped = *state as usize / 65536 % count;
    (0..TOKENS).filter(allowed).nth(skipped).expect("fewer are skipped than there are")
}

fn step(row: &mut Row, mask: &mut [u32], state: &mut u32) -> xgr::Result<()> {
    row.matcher.fill_bitmask(mask)?;
    let token = choose_token(mask, state);
    if row.matcher.accept_token(token)? && token != STOP {
        row.text.push(char::from(b' ' + token as u8));
    }
    row.steps += 1;
    Ok(())
}

fn run(rows: &mut [Option<Row>; 6]) -> xgr::Result<()> {
    let words = xgr::bitmask_words(TOKENS);
    let mut masks = vec![0; rows.len() * words];
    let mut state = 42;
    for _ in 0..STEPS {
        for (row, mask) in rows.iter_mut().zip(masks.chunks_mut(words)) {
            match row {
                Some(row) if !row.matcher.is_terminated() => step(row, mask, &mut state)?,
                _ => {}
            }
        }
        if rows[4].is_none() && rows[0].as_ref().is_some_and(|row| row.steps == 3) {
            rows[4] = rows[0].clone();
        }
    }
    Ok(())
}

fn report(compiler: &Compiler, rows: &mut [Option<Row>; 6]) -> xgr::Result<()> {
    for (number, row) in rows.iter().enumerate() {
        let Some(row) = row else { continue };
        let end = if row.matcher.is_terminated() { "done" } else { "cut" };
        println!("row {number}: {} ({end})", row.text);
    }
    if let Some(row) = &mut rows[2] {
        row.matcher.rollback(row.matcher.history_size().min(2))?;
        println!("rolled back: {}", row.matcher.history_size());
    }
    if let Err(error) = compiler.compile_regex("(a", &Default::default()) {
        let offset = error.byte_offset().map_or(-1, |offset| offset as i64);
        println!("error {} at byte {offset}: {}", error.status(), error.message());
    }
    Ok(())
}

fn main() -> xgr::Result<()> {
    let compiler = Compiler::new(&make_tokenizer()?, &Default::default())?;
    let grammars = compile(&compiler)?;
    let start = |grammar: usize| -> xgr::Result<Option<Row>> {
        let matcher = Matcher::new(&grammars[grammar], &Default::default())?;
        Ok(Some(Row { matcher, text: String::new(), steps: 0 }))
    };
    let mut rows = [start(0)?, start(1)?, start(2)?, start(3)?, None, start(1)?];
    run(&mut rows)?;
    report(&compiler, &mut rows)
}
