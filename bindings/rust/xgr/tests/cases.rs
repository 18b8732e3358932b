//! Runs the cases of tests/cases, which all languages share; see README.md there.
//!
//! Every text is walked one byte a token, and at every byte the mask, `is_token_allowed` and
//! `accept_token` have to agree.

mod support;

use std::path::{Path, PathBuf};
use support::{byte_compiler, start, STOP};
use xgr::{
    Code, Compiler, Error, Formats, Grammar, JsonEscapes, JsonFormat, JsonLayout,
    JsonSchemaOptions, LarkOptions, Matcher, NamedGrammar, RemoteSchema, Tokenizer,
    UnknownKeywords,
};

#[derive(Default)]
struct Case {
    kind: String,
    options: String,
    source: String,
    remotes: Vec<(String, String)>,
    expectations: Vec<Expectation>,
}

struct Expectation {
    line: usize,
    verb: String,
    text: String,
    at: Option<usize>,
    pointer: Option<String>,
    says: String,
}

/// Decodes the JSON string at the front of `text`; what follows it is the second result.
fn take_string(text: &str) -> (String, &str) {
    let mut out = Vec::<u16>::new();
    let mut rest = text[1..].chars();
    while let Some(c) = rest.next().filter(|c| *c != '"') {
        let decoded = match (c, if c == '\\' { rest.next() } else { None }) {
            (_, Some('u')) => {
                let digits: String = rest.by_ref().take(4).collect();
                out.push(u16::from_str_radix(&digits, 16).expect("four hexadecimal digits"));
                continue;
            }
            (_, Some('b')) => '\u{8}',
            (_, Some('f')) => '\u{c}',
            (_, Some('n')) => '\n',
            (_, Some('r')) => '\r',
            (_, Some('t')) => '\t',
            (c, None) | (_, Some(c)) => c,
        };
        out.extend_from_slice(decoded.encode_utf16(&mut [0; 2]));
    }
    (String::from_utf16(&out).expect("pairs of surrogates"), rest.as_str())
}

fn read_expectation(line: usize, text: &str) -> Expectation {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim_start();
    let (text, rest) = match rest.strip_prefix('"') {
        Some(_) => take_string(rest),
        None => {
            let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            (word.to_owned(), rest)
        }
    };
    let rest = format!(" {rest}");
    let (rest, says) = rest.split_once(" says ").unwrap_or((&rest, "\"\""));
    let says = take_string(says).0;
    let place = rest.find("at ").map(|index| &rest[index + 3..]);
    let pointer = place.filter(|place| place.starts_with('"')).map(|place| take_string(place).0);
    let digits = |place: &str| place.chars().take_while(char::is_ascii_digit).collect::<String>();
    let number = |place: &str| digits(place).parse().expect("a number");
    let at = place.filter(|_| pointer.is_none()).map(number);
    Expectation { line, verb: verb.to_owned(), text, at, pointer, says }
}

fn read_cases(path: &Path) -> Vec<Case> {
    let mut cases = Vec::<Case>::new();
    let (mut in_source, mut first) = (false, true);
    let text = std::fs::read_to_string(path).expect("a file of cases");
    for (number, line) in text.split('\n').enumerate() {
        if let Some(kind) = line.strip_prefix("kind: ").filter(|_| !in_source) {
            let (kind, options) = kind.split_once(' ').unwrap_or((kind, ""));
            let (kind, options) = (kind.to_owned(), options.to_owned());
            cases.push(Case { kind, options, ..Default::default() });
            (in_source, first) = (true, true);
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if in_source && line == "---" {
            in_source = false;
        } else if let Some(name) = line.strip_prefix("remote: ").filter(|_| in_source) {
            case.remotes.push((name.to_owned(), String::new()));
            first = true;
        } else if in_source {
            let source = case.remotes.last_mut().map_or(&mut case.source, |remote| &mut remote.1);
            source.push_str(if first { "" } else { "\n" });
            source.push_str(line);
            first = false;
        } else if !line.is_empty() && !line.starts_with('#') {
            case.expectations.push(read_expectation(number + 1, line));
        }
    }
    cases
}

fn read_options<'a>(
    case: &'a Case,
    remotes: &'a [RemoteSchema<'a>],
) -> (JsonFormat<'a>, JsonSchemaOptions<'a>) {
    let mut format = JsonFormat::default();
    let mut schema = JsonSchemaOptions::default().remotes(remotes);
    for word in case.options.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let number = value.parse().unwrap_or(0);
        match (name, value) {
            ("compact", _) => format.layout = JsonLayout::Line,
            ("indent", _) => (format.layout, format.indent) = (JsonLayout::Indent, number),
            ("max_whitespace", _) => format.max_whitespace = number,
            ("max_digits", _) => format.max_digits = number,
            ("strict", _) => schema.strict = true,
            ("any_order", _) => schema.any_order = true,
            ("unique_names", _) => schema.unique_names = true,
            ("draft", _) => schema.draft = number,
            ("escapes", "minimal") => format.escapes = JsonEscapes::Minimal,
            ("formats", "refuse_unknown") => schema.formats = Formats::RefuseUnknown,
            ("formats", "ignore") => schema.formats = Formats::Ignore,
            ("unknown_keywords", "refuse") => schema.unknown_keywords = UnknownKeywords::Refuse,
            _ => panic!("unknown option {word}"),
        }
    }
    (format, schema)
}

fn compile(compiler: &Compiler, case: &Case) -> xgr::Result<Grammar> {
    let texts = &case.remotes;
    let remotes: Vec<_> = texts.iter().map(|(uri, text)| RemoteSchema::new(uri, text)).collect();
    let (format, schema) = read_options(case, &remotes);
    match case.kind.as_str() {
        "ebnf" => compiler.compile_ebnf(&case.source, &Default::default()),
        "regex" => compiler.compile_regex(&case.source, &Default::default()),
        "json" => compiler.compile_json(&format),
        "json_schema" => compiler.compile_json_schema(&case.source, &format, &schema),
        "tokenizer_json" => {
            Tokenizer::from_json(&case.source, &Default::default())?;
            panic!("line {}: there is an error expected", case.source)
        }
        "lark" => {
            let named: Vec<_> =
                texts.iter().map(|(name, text)| NamedGrammar::text(name, text)).collect();
            let options = LarkOptions::default().named(&named);
            compiler.compile_lark(&case.source, &options)
        }
        "structural_tag" => compiler.compile_structural_tag(&case.source, &Default::default()),
        kind => panic!("unknown kind {kind}"),
    }
}

fn name_of(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::OutOfMemory => "OUT_OF_MEMORY",
        Code::InvalidSource => "INVALID_SOURCE",
        Code::Unsupported => "UNSUPPORTED",
        Code::LimitExceeded => "LIMIT_EXCEEDED",
        Code::InvalidState => "INVALID_STATE",
        Code::InvalidData => "INVALID_DATA",
        _ => "INTERNAL",
    }
}

fn check_error(expected: &Expectation, error: &Error) -> Result<(), String> {
    let offset = expected.at.map(|at| at as u64);
    let same = expected.text == name_of(error.code())
        && (offset.is_none() || offset == error.byte_offset())
        && (expected.pointer.is_none() || expected.pointer.as_deref() == error.json_pointer())
        && error.to_string().contains(&expected.says);
    if same {
        Ok(())
    } else {
        Err(format!("is refused with {error:?}"))
    }
}

/// Whether the token was accepted; an error if three ways to ask give two answers.
fn accept(matcher: &mut Matcher, token: i32) -> Result<bool, String> {
    let mut mask = [0; 9];
    matcher.fill_bitmask(&mut mask).map_err(|error| error.to_string())?;
    let bit = mask[token as usize / 32] >> (token % 32) & 1 == 1;
    let allowed = matcher.is_token_allowed(token).map_err(|error| error.to_string())?;
    let accepted = matcher.accept_token(token).map_err(|error| error.to_string())?;
    if bit == allowed && allowed == accepted {
        return Ok(accepted);
    }
    Err("mask, is_token_allowed and accept_token disagree".to_owned())
}

fn check_text(matcher: &mut Matcher, expected: &Expectation) -> Result<(), String> {
    let text = expected.text.as_bytes();
    let stops_inside = expected.at.filter(|_| expected.verb == "reject");
    let taken = stops_inside.unwrap_or(text.len());
    for index in 0..=taken {
        let token = text.get(index).map_or(STOP, |byte| i32::from(*byte));
        let wanted = index < taken || expected.verb == "accept";
        if accept(matcher, token)? != wanted {
            return Err(format!("byte {index} is {}", if wanted { "refused" } else { "accepted" }));
        }
    }
    Ok(())
}

fn check(compiled: &xgr::Result<Grammar>, expected: &Expectation) -> Result<(), String> {
    match (compiled, expected.verb.as_str()) {
        (Err(error), "error") => check_error(expected, error),
        (Ok(_), "error") => Err("is not refused".to_owned()),
        (Err(error), _) => Err(format!("is refused: {error}")),
        (Ok(grammar), "accept" | "reject") => check_text(&mut start(grammar), expected),
        (Ok(_), verb) => Err(format!("unknown verb {verb}")),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of cases");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> = paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "case"))
        .collect();
    found.sort();
    found
}

#[test]
fn all_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/cases");
    let compiler = byte_compiler();
    let (mut passed, mut problems) = (0, Vec::new());
    for path in files(&folder) {
        for case in read_cases(&path) {
            let compiled = compile(&compiler, &case);
            for expected in &case.expectations {
                let Err(problem) = check(&compiled, expected) else {
                    passed += 1;
                    continue;
                };
                let Expectation { line, verb, text, .. } = expected;
                problems.push(format!("{}:{line}: {verb} {text}: {problem}", path.display()));
            }
        }
    }
    println!("cases: {passed} passed, {} failed", problems.len());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(passed > 1000, "only {passed} expectations");
}
