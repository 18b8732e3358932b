//! Creates and destroys objects in random order. Memory stays flat; under valgrind nothing is lost.
//!
//! `XGR_LEAK_ROUNDS` is how many objects are created (default 20,000).

mod support;

use support::{byte_tokenizer, start};
use xgr::{
    Batch, BatchOptions, Cancel, Captures, CompileJob, Compiler, Error, Grammar, GrammarSource,
    JsonSchemaReport, Matcher, MatcherOptions, ReplyBegin, ReplyReader, StartSequence, Tokenizer,
    TokenizerOptions,
};

const TOOLS: &str = r#"{"tools": [{"type": "function", "function": {"name": "f"}}]}"#;

/// Whatever there is to destroy; the fields are only there to be dropped.
#[allow(dead_code)]
enum Object {
    Tokenizer(Tokenizer),
    Compiler(Compiler),
    Cancel(Cancel),
    Job(CompileJob),
    Grammar(Grammar),
    Source(GrammarSource),
    Matcher(Matcher),
    Diagnostics(xgr::Diagnostics),
    Captures(Captures),
    Batch(Batch),
    Report(JsonSchemaReport),
    Reader(ReplyReader),
    Error(Error),
}

struct Random(u32);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(1664525).wrapping_add(1013904223);
        (self.0 >> 8) as usize % limit
    }
}

struct Origin {
    tokenizer: Tokenizer,
    compiler: Compiler,
    grammar: Grammar,
    source: GrammarSource,
    matcher: Matcher,
}

impl Origin {
    fn new() -> xgr::Result<Self> {
        let tokenizer = byte_tokenizer();
        let compiler = Compiler::new(&tokenizer, &Default::default())?;
        let grammar =
            compiler.compile_ebnf("root[capture=\"all\"] ::= [a-z]+", &Default::default())?;
        let source = GrammarSource::from_regex("[a-z]+", &Default::default())?;
        let mut matcher = start(&grammar);
        assert!(matcher.accept_bytes(b"word")?);
        Ok(Self { tokenizer, compiler, grammar, source, matcher })
    }

    /// A batch whose threads have had something to do.
    fn used_batch(&self) -> xgr::Result<Batch> {
        let mut batch = Batch::new(&BatchOptions::default().threads(2))?;
        let mut matchers = vec![self.matcher.clone(); 8];
        let words = self.matcher.mask_words();
        batch.fill_bitmask(&mut matchers, &mut vec![0; words * 8], words, &[])?;
        Ok(batch)
    }

    /// Any object; mostly matchers, of which engines make the most.
    fn make(&self, random: &mut Random) -> xgr::Result<Object> {
        let small = TokenizerOptions::default().stop_tokens(&[1]);
        Ok(match random.below(512) {
            0 => Object::Tokenizer(Tokenizer::new(&["a", ""], &small)?),
            1 => Object::Tokenizer(self.grammar.tokenizer()?),
            2 => Object::Compiler(Compiler::new(&self.tokenizer, &Default::default())?),
            3 => Object::Grammar(self.compiler.compile_regex("[0-9]{2}", &Default::default())?),
            4 => Object::Grammar(self.compiler.compile_source(&self.source)?),
            5 => Object::Source(self.source.repeat(1, 3)?),
            6 => Object::Source(GrammarSource::union(&[&self.source, &self.source])?),
            7 => Object::Captures(self.matcher.clone().captures(true)?),
            8 => Object::Report(xgr::json_schema_check("{\"minLength\":1}", &Default::default())?),
            9 => Object::Error(
                self.compiler.compile_regex("(a", &Default::default()).expect_err("malformed"),
            ),
            10 => Object::Diagnostics(self.grammar.diagnostics()?),
            11 => Object::Cancel(Cancel::new()?),
            12 => Object::Job(self.compiler.start_job(&self.source)?),
            13 => Object::Job({
                self.compiler.clear_cache();
                self.compiler.start_job(&self.source)?
            }),
            14 => Object::Batch(self.used_batch()?),
            15 => Object::Source({
                let tag = xgr::family_structural_tag("hermes", TOOLS, Some(&self.tokenizer))?;
                GrammarSource::from_structural_tag(&tag, &Default::default())?
            }),
            16 => Object::Error(
                xgr::family_structural_tag("no", TOOLS, None).expect_err("no such family"),
            ),
            17 => Object::Matcher({
                let starts = [StartSequence::bytes(b"</t>")];
                let options = MatcherOptions::default().starts(&starts);
                Matcher::new(&self.grammar, &options)?
            }),
            18 => Object::Reader({
                let tokenizer = Some(&self.tokenizer);
                let mut reader =
                    ReplyReader::new("hermes", Some(TOOLS), tokenizer, ReplyBegin::Auto)?;
                reader.feed("a<tool_call>{\"name\": \"f\", \"arguments\": {")?;
                reader.next_event();
                reader
            }),
            19 => Object::Error(
                ReplyReader::new("no", None, None, ReplyBegin::Auto).expect_err("no such family"),
            ),
            20..=200 => Object::Matcher(self.matcher.clone()),
            _ => Object::Matcher(Matcher::new(&self.grammar, &Default::default())?),
        })
    }
}

/// Resident memory in bytes, where the system tells it; under valgrind it would be valgrind's.
fn resident() -> Option<usize> {
    if std::env::var("LD_PRELOAD").is_ok_and(|names| names.contains("vgpreload")) {
        return None;
    }
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split_whitespace().nth(1)?.parse::<usize>().ok().map(|pages| pages * 4096)
}

#[test]
fn memory_stays_flat() -> xgr::Result<()> {
    let rounds = std::env::var("XGR_LEAK_ROUNDS").ok().and_then(|text| text.parse().ok());
    let rounds: usize = rounds.unwrap_or(20_000);
    let origin = Origin::new()?;
    let mut random = Random(1);
    let mut alive = Vec::new();
    let mut settled = None;
    for round in 0..rounds {
        alive.push(origin.make(&mut random)?);
        if alive.len() > 64 {
            let index = random.below(alive.len());
            drop(alive.swap_remove(index));
        }
        if round == rounds / 2 {
            settled = resident();
        }
    }
    // What is left outlives what it was made from.
    drop(origin);
    drop(alive);
    if let (Some(settled), Some(now)) = (settled, resident()) {
        println!("resident: {} KiB after half, {} KiB at the end", settled >> 10, now >> 10);
        assert!(now < settled + (32 << 20), "grew from {settled} to {now} bytes");
    }
    Ok(())
}
