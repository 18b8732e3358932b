//! An engine with continuous batching, in the shape of mistral.rs: requests whose schemas compile on
//! threads of their own, a batch of running sequences, and for each of them: sample first, and ask
//! for a mask only if the sample is refused. The "model" gives random logits.
//!
//!     cargo run --example engine -- SCHEMAS [SEED]
//!
//! SCHEMAS holds one JSON Schema a line; line by line, the documents that were generated are written.

use rayon::prelude::*;
use std::collections::VecDeque;
use std::error::Error;
use std::io::Write;
use xgr::{
    CompileJob, Compiler, GrammarSource, JsonFormat, JsonLayout, JsonSchemaOptions, MaskKind,
    Matcher, TokenKind, Tokenizer,
};

const VOCABULARY: &str = include_str!("../vocabulary/vocabulary.tokens");
const MAX_BATCH: usize = 8;
const MAX_TOKENS: usize = 20_000;

/// xorshift64*, one for each sequence, so that the batch it runs in does not matter.
struct Random(u64);

impl Random {
    fn new(seed: u64, sequence: usize) -> Self {
        let mut random = Self((seed << 20 | sequence as u64) * 2 + 1);
        for _ in 0..8 {
            random.unit();
        }
        random
    }

    /// A number from 0 to 1.
    fn unit(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(2685821657736338717) >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// What was asked for, while its grammar is compiling.
struct Request {
    id: usize,
    job: CompileJob,
}

struct Sequence {
    id: usize,
    matcher: Matcher,
    mask: Vec<u32>,
    logits: Vec<f32>,
    random: Random,
    tokens: Vec<i32>,
}

impl Sequence {
    fn new(request: Request, seed: u64) -> xgr::Result<Self> {
        request.job.wait(None);
        let grammar = request.job.result()?;
        let vocab_size = grammar.tokenizer()?.vocab_size();
        let matcher = Matcher::new(&grammar, &Default::default())?;
        Ok(Self {
            id: request.id,
            mask: vec![0; matcher.mask_words()],
            matcher,
            logits: vec![0.0; vocab_size as usize],
            random: Random::new(seed, request.id),
            tokens: Vec::new(),
        })
    }

    /// The stand-in for the forward pass.
    fn forward(&mut self) {
        let random = &mut self.random;
        self.logits.iter_mut().for_each(|logit| *logit = 8.0 * random.unit());
    }

    /// One token: most samples of a trained model are right, so that no mask is needed.
    fn step(&mut self) -> xgr::Result<()> {
        self.forward();
        let mut token = sample(&self.logits);
        if !self.matcher.is_token_allowed(token)? {
            if self.matcher.fill_bitmask(&mut self.mask)? == MaskKind::Some {
                forbid(&mut self.logits, &self.mask);
            }
            token = sample(&self.logits);
        }
        assert!(self.matcher.accept_token(token)?, "the mask allows token {token}");
        self.tokens.push(token);
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.matcher.is_terminated() || self.tokens.len() >= MAX_TOKENS
    }
}

/// The likeliest token.
fn sample(logits: &[f32]) -> i32 {
    let best = logits.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1));
    best.map_or(0, |(token, _)| token as i32)
}

fn forbid(logits: &mut [f32], mask: &[u32]) {
    for (logits, word) in logits.chunks_mut(32).zip(mask) {
        for (bit, logit) in logits.iter_mut().enumerate() {
            if word >> bit & 1 == 0 {
                *logit = f32::NEG_INFINITY;
            }
        }
    }
}

struct Engine {
    tokenizer: Tokenizer,
    seed: u64,
    waiting: VecDeque<Request>,
    running: Vec<Sequence>,
    finished: Vec<(usize, Vec<u8>)>,
}

impl Engine {
    /// Sequences whose grammars are there join the batch; with nothing else to do, wait for one.
    fn admit(&mut self) -> xgr::Result<()> {
        while self.running.len() < MAX_BATCH {
            let idle = self.running.is_empty();
            let Some(first) = self.waiting.front() else { break };
            if !idle && !first.job.is_done() {
                break;
            }
            let request = self.waiting.pop_front().expect("there is a first");
            self.running.push(Sequence::new(request, self.seed)?);
        }
        Ok(())
    }

    /// One token for every running sequence, on all cores.
    fn step(&mut self) -> xgr::Result<()> {
        self.admit()?;
        self.running.par_iter_mut().try_for_each(Sequence::step)?;
        let (stopped, running) = self.running.drain(..).partition(Sequence::is_stopped);
        self.running = running;
        let stopped: Vec<Sequence> = stopped;
        for sequence in stopped {
            let bytes = |token: &i32| self.tokenizer.token_bytes(*token).unwrap_or_default();
            let text = sequence.tokens.iter().flat_map(bytes).copied().collect();
            self.finished.push((sequence.id, text));
        }
        Ok(())
    }
}

/// The vocabulary of the examples: a letter for the kind, a space, the text with \xNN for some bytes.
fn read_vocabulary() -> Result<Tokenizer, Box<dyn Error>> {
    let (mut tokens, mut kinds) = (Vec::new(), Vec::new());
    for line in VOCABULARY.lines() {
        kinds.push(match &line[..1] {
            "s" => TokenKind::Stop,
            "c" => TokenKind::Control,
            _ => TokenKind::Normal,
        });
        let mut parts = line[2..].split("\\x");
        let mut text = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            text.push(u8::from_str_radix(&part[..2], 16)?);
            text.extend_from_slice(&part.as_bytes()[2..]);
        }
        tokens.push(text);
    }
    let options = xgr::TokenizerOptions::default().token_kinds(&kinds);
    Ok(Tokenizer::new(&tokens, &options)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: engine SCHEMAS [SEED]")?;
    let seed = arguments.next().map_or(Ok(0), |seed| seed.parse())?;
    let tokenizer = read_vocabulary()?;
    let compiler = Compiler::new(&tokenizer, &Default::default())?;
    let (waiting, running, finished) = Default::default();
    let mut engine = Engine { tokenizer, seed, waiting, running, finished };
    let line = JsonFormat::default().layout(JsonLayout::Line);
    let deferred = JsonSchemaOptions::default().deferred(true);
    for (id, schema) in std::fs::read_to_string(path)?.lines().enumerate() {
        let source = GrammarSource::from_json_schema(schema, &line, &deferred)?;
        engine.waiting.push_back(Request { id, job: compiler.start_job(&source)? });
    }
    while !engine.waiting.is_empty() || !engine.running.is_empty() {
        engine.step()?;
    }
    engine.finished.sort();
    let mut out = std::io::stdout().lock();
    for (_, text) in &engine.finished {
        out.write_all(text)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
