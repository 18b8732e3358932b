//! Every function of the API, through the safe layer.

mod support;

use support::{accepts, allowed, byte_compiler, byte_tokenizer, start, STOP};
use xgr::{
    Code, Compiler, CompilerOptions, DiagnosticCode, EbnfDialect, EbnfOptions, GrammarSource,
    JsonFormat, JsonLayout, JsonSchemaOptions, KeywordOutcome, LarkOptions, MaskKind, Matcher,
    MatcherOptions, NamedGrammar, RegexDialect, RegexFlags, RegexOptions, RemoteSchema, Result,
    TokenKind, Tokenizer, TokenizerFileOptions, TokenizerFormat, TokenizerJsonOptions,
    TokenizerOptions, TokenizerSavedOptions, UnknownKeywords, VocabType, WarmUp,
};

const TOKENIZER_JSON: &str = r#"{"model": {"type": "BPE", "vocab": {"a": 0, "Ġb": 1, "</s>": 2},
    "merges": []}, "decoder": {"type": "ByteLevel"}, "pre_tokenizer": {"type": "ByteLevel",
    "add_prefix_space": true}, "added_tokens": [{"id": 2, "content": "</s>", "special": true}]}"#;

#[test]
fn tokenizer_from_texts() -> Result<()> {
    let options = TokenizerOptions::default()
        .token_kinds(&[TokenKind::Normal, TokenKind::Control, TokenKind::Normal, TokenKind::Unused])
        .stop_tokens(&[2])
        .vocab_type(VocabType::ByteFallback)
        .vocab_size(40)
        .add_prefix_space(true);
    let tokenizer = Tokenizer::new(&["\u{2581}a", "<pad>", "</s>", ""], &options)?;
    assert_eq!(
        (tokenizer.vocab_size(), tokenizer.token_count(), tokenizer.mask_words()),
        (40, 4, 2)
    );
    assert_eq!(tokenizer.token_bytes(0), Some(&b" a"[..]));
    assert_eq!(tokenizer.token_bytes(2), Some(&b""[..]));
    assert_eq!(tokenizer.token_bytes(40), None);
    assert_eq!(tokenizer.token_name(2), Some(&b"</s>"[..]));
    assert_eq!(tokenizer.token_name(-1), None);
    assert_eq!(tokenizer.token_kind(1), TokenKind::Control);
    assert_eq!(tokenizer.token_kind(2), TokenKind::Stop);
    assert_eq!(tokenizer.token_kind(39), TokenKind::Unused);
    assert_eq!(tokenizer.stop_tokens(), [2]);
    assert_eq!(tokenizer.vocab_type(), VocabType::ByteFallback);
    assert!(tokenizer.add_prefix_space());
    assert_eq!((tokenizer.model_type(), tokenizer.detected_by()), ("", ""));
    assert_eq!(tokenizer.fingerprint().len(), 64);
    assert_eq!(tokenizer.encode(b" a a")?, [0, 0]);
    assert_eq!(tokenizer.encode(b" ab").expect_err("no b").code(), Code::InvalidData);
    assert_eq!(tokenizer.decode(&[0, 1, 2], false)?, b" a");
    assert_eq!(tokenizer.decode(&[0, 1, 2], true)?, b" a<pad></s>");
    assert_eq!(tokenizer.decode(&[40], true).expect_err("an id").code(), Code::InvalidArgument);
    assert!(tokenizer.memory_size() > 0);
    Ok(())
}

#[test]
fn tokenizer_from_json() -> Result<()> {
    let tokenizer = Tokenizer::from_json(TOKENIZER_JSON, &Default::default())?;
    assert_eq!((tokenizer.model_type(), tokenizer.detected_by()), ("BPE", "decoder"));
    assert_eq!(tokenizer.vocab_type(), VocabType::ByteLevel);
    assert_eq!(tokenizer.token_bytes(1), Some(&b" b"[..]));
    let options = TokenizerJsonOptions::default().stop_tokens(&[2]).vocab_size(10);
    let tokenizer = Tokenizer::from_json(TOKENIZER_JSON, &options)?;
    assert_eq!((tokenizer.stop_tokens(), tokenizer.vocab_size()), (&[2][..], 10));
    let error = Tokenizer::from_json("{", &options).expect_err("not JSON");
    assert_eq!(error.code(), Code::InvalidData);
    Ok(())
}

#[test]
fn tokenizer_from_file() -> Result<()> {
    let contents = TOKENIZER_JSON.as_bytes();
    let tokenizer = Tokenizer::from_file(contents, &Default::default())?;
    assert_eq!(tokenizer.token_bytes(1), Some(&b" b"[..]));
    assert!(tokenizer.findings()?.contains("tokenizer.json"));
    let options = TokenizerFileOptions::default()
        .format(TokenizerFormat::Json)
        .vocab_size(1)
        .stop_tokens(&[0])
        .cut_excess_tokens(true);
    assert_eq!(Tokenizer::from_file(contents, &options)?.token_count(), 1);
    let error = Tokenizer::from_file(b"", &Default::default()).expect_err("no file");
    assert_eq!(error.code(), Code::InvalidData);
    Ok(())
}

#[test]
fn saved_tokenizer() -> Result<()> {
    let tokenizer = Tokenizer::from_json(TOKENIZER_JSON, &Default::default())?;
    let saved = tokenizer.save()?;
    let options = TokenizerSavedOptions::default().verify(true);
    assert_eq!(Tokenizer::from_saved(&saved, &options)?.token_bytes(1), Some(&b" b"[..]));
    let path = std::env::temp_dir().join("xgr-saved-rust.bin");
    std::fs::write(&path, &saved).expect("a file");
    let path = path.to_str().expect("a UTF-8 name");
    let opened = Tokenizer::open(path, &Default::default())?;
    std::fs::remove_file(path).expect("no file");
    assert_eq!(opened.findings()?, tokenizer.findings()?);
    let error = Tokenizer::from_saved(&saved[..64], &options).expect_err("a part of it");
    assert_eq!(error.code(), Code::InvalidData);
    Ok(())
}

#[test]
fn errors_tell_where() {
    let compiler = byte_compiler();
    let error = compiler
        .compile_ebnf("root ::= \"a\"\n  missing", &Default::default())
        .expect_err("no such rule");
    assert_eq!((error.code(), error.status()), (Code::InvalidSource, 3));
    assert_eq!((error.line(), error.column()), (Some(2), Some(3)));
    assert_eq!(error.json_pointer(), None);
    assert!(error.to_string().contains("line 2"), "{error}");
    let schema = r#"{"properties": {"a": {"type": "nothing"}}}"#;
    let error = compiler
        .compile_json_schema(schema, &Default::default(), &Default::default())
        .expect_err("no such type");
    assert!(error.json_pointer().is_some_and(|pointer| pointer.starts_with("/properties/a")));
    assert!(format!("{error:?}").contains("InvalidSource"));
    assert!(!error.message().is_empty());
    let error = compiler.compile_regex("(a", &Default::default()).expect_err("malformed");
    assert_eq!(error.byte_offset(), Some(2));
    assert!(!xgr::status_message(99).is_empty());
    assert!(xgr::version() >= 1_000);
}

#[test]
fn compile_everything() -> Result<()> {
    let options = CompilerOptions::default().threads(2).memory_budget(64 << 20);
    let compiler = Compiler::new(&byte_tokenizer(), &options)?;
    let indent = JsonFormat::default().layout(JsonLayout::Indent).indent(2);
    let json = compiler.compile_json(&indent)?;
    assert!(accepts(&json, "[1, 2]"), "{}", json.print_ebnf()?);
    let tight =
        JsonFormat::default().layout(JsonLayout::Line).item_separator(",").key_separator(":");
    let remotes = [RemoteSchema::new("test:number", r#"{"type": "number"}"#)];
    let options = JsonSchemaOptions::default().remotes(&remotes).strict(true);
    let schema = r#"{"properties": {"a": {"$ref": "test:number"}, "b": true}, "type": "object"}"#;
    let grammar = compiler.compile_json_schema(schema, &tight, &options)?;
    assert!(accepts(&grammar, r#"{"a":1,"b":[2,3]}"#));
    assert!(!accepts(&grammar, r#"{"a":1,"c":2}"#));
    let main = EbnfOptions::default().root_rule("main");
    assert!(accepts(&compiler.compile_ebnf("main ::= \"x\"", &main)?, "x"));
    let caseless = RegexOptions::default().flags(RegexFlags::CASELESS);
    assert!(accepts(&compiler.compile_regex("x", &caseless)?, "X"));
    assert!(accepts(&compiler.compile_lark("start: \"x\"", &Default::default())?, "x"));
    let stats = compiler.stats()?;
    assert!(stats.states > 0 && stats.memory_budget == 64 << 20);
    assert!(compiler.memory_size() > 0);
    Ok(())
}

#[test]
fn limits_are_errors() -> Result<()> {
    let options = CompilerOptions::default().max_source_size(3);
    let compiler = Compiler::new(&byte_tokenizer(), &options)?;
    let error = compiler.compile_regex("abcd", &Default::default()).expect_err("too long");
    assert_eq!(error.code(), Code::LimitExceeded);
    let options = CompilerOptions::default().threads(-1);
    let error = Compiler::new(&byte_tokenizer(), &options).expect_err("out of range");
    assert_eq!(error.code(), Code::InvalidArgument);
    Ok(())
}

#[test]
fn grammar() -> Result<()> {
    let grammar = byte_compiler().compile_regex("[a-c]{2}", &Default::default())?;
    assert_eq!(grammar.tokenizer()?.vocab_size(), 257);
    let again = byte_compiler().compile_ebnf(&grammar.print_ebnf()?, &Default::default())?;
    assert!(accepts(&again, "ab") && !accepts(&again, "ad"));
    grammar.warm_up(WarmUp::Full, None)?;
    assert!(grammar.stats()?.mask_parts > 0);
    assert!(grammar.memory_size() > 0);
    let long =
        format!("[{}]", (0x4E00..0x5000).map(|c| format!("\\x{{{c:x}}}")).collect::<String>());
    let source = GrammarSource::from_choices(&[long.as_str(), "x"])?;
    assert!(source.print(false)?.len() > 4096, "longer than the first buffer");
    Ok(())
}

#[test]
fn sources_from_texts() -> Result<()> {
    let compiler = byte_compiler();
    let takes = |source: &GrammarSource, text: &str| -> Result<bool> {
        Ok(accepts(&compiler.compile_source(source)?, text))
    };
    let gbnf = EbnfOptions::default().dialect(EbnfDialect::Gbnf).root_rule("start");
    assert!(takes(&GrammarSource::from_ebnf("start ::= [0-9]{2}", &gbnf)?, "42")?);
    let flags = RegexFlags::CASELESS | RegexFlags::EXTENDED;
    let regex = RegexOptions::default().flags(flags);
    assert!(takes(&GrammarSource::from_regex("a b # c", &regex)?, "AB")?);
    let regex = RegexOptions::default().search(true).dialect(RegexDialect::Ecma);
    assert!(takes(&GrammarSource::from_regex("b+", &regex)?, "abba")?);
    let digits = GrammarSource::from_regex("[0-9]+", &Default::default())?;
    let named = [
        NamedGrammar::source("digits", &digits),
        NamedGrammar::text("sign", "start: \"+\" | \"-\""),
    ];
    let lark =
        GrammarSource::from_lark("start: @sign @digits", &LarkOptions::default().named(&named))?;
    assert!(takes(&lark, "-17")? && !takes(&lark, "17")?);
    let (format, options) = Default::default();
    assert!(takes(&GrammarSource::from_json_schema(r#"{"const": 1}"#, &format, &options)?, "1")?);
    assert!(takes(&GrammarSource::from_json(&format)?, "null")?);
    assert!(takes(&GrammarSource::from_choices(&["yes", "no"])?, "no")?);
    assert!(takes(&GrammarSource::from_substring(&["to ", "be ", "or"])?, "be or")?);
    Ok(())
}

#[test]
fn sources_from_sources() -> Result<()> {
    let compiler = byte_compiler();
    let word = GrammarSource::from_choices(&["ab", "abc"])?;
    let three = GrammarSource::from_regex(".{3}", &Default::default())?;
    let takes = |source: GrammarSource, text: &str| -> Result<bool> {
        Ok(accepts(&compiler.compile_source(&source)?, text))
    };
    assert!(takes(GrammarSource::union(&[&word, &three])?, "xyz")?);
    assert!(takes(GrammarSource::concat(&[&word, &three])?, "abxyz")?);
    assert!(takes(word.repeat(2, -1)?, "abababc")?);
    assert!(!takes(word.intersection(&three)?, "ab")?);
    assert_eq!(word.repeat(3, 2).expect_err("too many").code(), Code::InvalidArgument);
    assert_eq!(GrammarSource::union(&[]).expect_err("none").code(), Code::InvalidArgument);
    word.check()?;
    assert!(word.print(true)?.contains("root"));
    let nothing = word.intersection(&GrammarSource::from_choices(&["x"])?)?;
    assert_eq!(nothing.check().expect_err("no text").code(), Code::InvalidSource);
    Ok(())
}

#[test]
fn matcher_steps() -> Result<()> {
    let grammar = byte_compiler().compile_regex("ab|ac", &Default::default())?;
    let mut matcher = start(&grammar);
    let mut mask = vec![u32::MAX; matcher.mask_words()];
    assert_eq!(matcher.fill_bitmask(&mut mask)?, MaskKind::Some);
    assert_eq!(allowed(&mask), [97]);
    assert_eq!(
        matcher.fill_bitmask(&mut mask[..1]).expect_err("too small").code(),
        Code::InvalidArgument
    );
    assert!(!matcher.is_token_allowed(98)? && !matcher.accept_token(98)?);
    assert!(!matcher.accept_token(i32::MIN)?);
    assert!(matcher.accept_token(97)?);
    let (lent, kind) = matcher.lend_bitmask()?;
    assert_eq!((allowed(lent), kind), (vec![98, 99], MaskKind::Some));
    let mut twin = matcher.clone();
    assert!(matcher.accept_bytes(b"b")? && matcher.is_accepting() && !twin.is_accepting());
    assert_eq!((matcher.history_size(), twin.history_size()), (2, 1));
    assert!(matcher.accept_token(STOP)? && matcher.is_terminated());
    assert_eq!(matcher.fill_bitmask(&mut mask)?, MaskKind::Terminated);
    assert_eq!((mask[0], mask[7], mask[8]), (u32::MAX, u32::MAX, 1), "257 tokens, all allowed");
    assert!(!matcher.accept_token(97)? && !matcher.accept_token(STOP)?);
    assert_eq!(matcher.lend_bitmask()?, (&[][..], MaskKind::Terminated));
    matcher.rollback(2)?;
    assert_eq!(matcher.rollback(2).expect_err("too many").code(), Code::InvalidArgument);
    assert!(matcher.accept_token(99)?);
    twin.reset()?;
    assert_eq!(twin.history_size(), 0);
    let stats = matcher.stats()?;
    assert!(stats.fills >= 2 && stats.hits <= stats.fills);
    assert!(matcher.memory_size() > 0);
    assert_eq!(matcher.stop_tokens(), [STOP]);
    Ok(())
}

#[test]
fn matcher_options() -> Result<()> {
    let grammar = byte_compiler()
        .compile_ebnf("root ::= \"a\" hot\nhot[temperature=0.5] ::= \"b\"*", &Default::default())?;
    let options = MatcherOptions::default()
        .terminate_without_stop_token(true)
        .prefetch(true)
        .default_temperature(1.5);
    let mut matcher = Matcher::new(&grammar, &options)?;
    assert_eq!(matcher.temperature()?, Some(1.5));
    assert!(matcher.accept_token(97)? && matcher.is_terminated());
    assert_eq!(matcher.temperature()?, Some(0.5));
    assert_eq!(start(&grammar).temperature()?, None);
    let options = MatcherOptions::default().prefix(b"xy");
    let mut healed = Matcher::new(&grammar, &options)?;
    assert!(!healed.is_accepting() && !healed.accept_bytes(b"a")? && healed.accept_bytes(b"xya")?);
    let options = MatcherOptions::default().stop_tokens(&[7]);
    assert_eq!(Matcher::new(&grammar, &options)?.stop_tokens(), [7]);
    let options = MatcherOptions::default().stop_tokens(&[999]);
    assert_eq!(Matcher::new(&grammar, &options).expect_err("no id").code(), Code::InvalidArgument);
    Ok(())
}

#[test]
fn stop_tokens_by_name() -> Result<()> {
    let texts = ["a", "<|im_end|>", "</s>"];
    assert_eq!(Tokenizer::new(&texts, &Default::default())?.stop_tokens(), [1]);
    let options = TokenizerOptions::default().no_stop_detection(true);
    let tokenizer = Tokenizer::new(&texts, &options)?;
    assert!(tokenizer.stop_tokens().is_empty());
    let options = TokenizerJsonOptions::default().no_stop_detection(true);
    assert!(Tokenizer::from_json(TOKENIZER_JSON, &options)?.stop_tokens().is_empty());

    let grammar = Compiler::new(&tokenizer, &Default::default())?
        .compile_regex("a{3,9}", &Default::default())?;
    let error = Matcher::new(&grammar, &Default::default()).expect_err("no stop token");
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().contains("terminate_without_stop_token"), "{error}");
    let options = MatcherOptions::default().terminate_without_stop_token(true);
    assert!(Matcher::new(&grammar, &options)?.accept_bytes(b"aaa")?);
    Ok(())
}

#[test]
fn ids_outside_the_vocabulary() -> Result<()> {
    let grammar = byte_compiler().compile_regex("a+", &Default::default())?;
    let mut plain = start(&grammar);
    let options = MatcherOptions::default().check_token_ids(true);
    let mut checked = Matcher::new(&grammar, &options)?;
    assert_eq!(checked.vocab_size(), 257);
    for token in [-1, 257, i32::MAX] {
        assert!(!plain.accept_token(token)? && !plain.is_token_allowed(token)?);
        let error = checked.accept_token(token).expect_err("no id");
        assert_eq!(error.code(), Code::InvalidArgument);
        let message =
            format!("token id {token} is outside the vocabulary; expected 0 or more, below 257");
        assert_eq!(error.message(), message);
        assert!(checked.is_token_allowed(token).is_err());
    }
    assert!(!checked.accept_token(98)? && checked.accept_token(97)?);
    Ok(())
}

#[test]
fn captures() -> Result<()> {
    let text = "root ::= key \"=\" value\nkey[capture=\"key\"] ::= [a-z]+\nvalue[capture=\"value\"] ::= [0-9]+";
    let mut matcher = start(&byte_compiler().compile_ebnf(text, &Default::default())?);
    assert!(matcher.accept_bytes(b"size=12")?);
    let captures = matcher.captures(false)?;
    drop(matcher);
    let pairs: Vec<_> = captures.iter().map(|capture| (capture.name, capture.text)).collect();
    assert_eq!(pairs, [("key", &b"size"[..]), ("value", b"12")]);
    assert_eq!((captures.size(), captures.get(2)), (2, None));
    Ok(())
}

#[test]
fn json_schema_report() -> Result<()> {
    let schema = r#"{"type": "string", "contentEncoding": "base64", "minLength": 2}"#;
    let report = xgr::json_schema_check(schema, &Default::default())?;
    assert_eq!(report.iter().count(), report.size());
    let entry = report.iter().find(|entry| entry.keyword == "minLength").expect("an entry");
    assert_eq!(
        (entry.outcome, entry.pointer, entry.reason),
        (KeywordOutcome::Enforced, "/minLength", "")
    );
    assert_eq!(report.entry(report.size()), None);
    let error = xgr::json_schema_check("[", &Default::default()).expect_err("not JSON");
    assert_eq!(error.code(), Code::InvalidSource);
    Ok(())
}

#[test]
fn explanations() -> Result<()> {
    let compiler = byte_compiler();
    let schema = r#"{"properties": {"age": {"type": "integer", "minimum": 0}}}"#;
    let grammar = compiler.compile_json_schema(schema, &Default::default(), &Default::default())?;
    let mut matcher = Matcher::new(&grammar, &Default::default())?;
    let output = b"{\"age\": ";
    assert!(matcher.accept_bytes(output)?);
    let found = matcher.explain_bytes(output, b"-1")?;
    assert!(found.text().contains("\"minimum\": 0 at /properties/age/minimum"));
    assert!(found.json().contains("\"pointer\": \"/properties/age/minimum\""));
    let found = matcher.explain_token(output, i32::from(b't'))?;
    assert!(found.json().contains("/properties/age/type"));
    let error = matcher.explain_bytes(b"]", b"").expect_err("another output");
    assert_eq!(error.code(), Code::InvalidArgument);
    Ok(())
}

#[test]
fn diagnostics() -> Result<()> {
    let compiler = byte_compiler();
    let schema = r#"{"type": "string", "maxLenght": 2}"#;
    let grammar = compiler.compile_json_schema(schema, &Default::default(), &Default::default())?;
    let found = grammar.diagnostics()?;
    drop(grammar);
    let only = found.get(0).expect("a diagnostic");
    assert_eq!((only.code, only.subject), (DiagnosticCode::IgnoredKeyword, "maxLenght"));
    assert_eq!((only.pointer, only.byte_offset, only.line), (Some("/maxLenght"), None, 0));
    assert!(only.message.ends_with("did you mean \"maxLength\"?"));
    assert_eq!((found.iter().count(), found.size(), found.get(1)), (1, 1, None));
    let strict = JsonSchemaOptions::default().unknown_keywords(UnknownKeywords::Refuse);
    let error = compiler.compile_json_schema(schema, &Default::default(), &strict);
    let error = error.expect_err("an unknown keyword");
    assert_eq!((error.code(), error.json_pointer()), (Code::InvalidSource, Some("/maxLenght")));
    Ok(())
}
