//! Structural tags, and the families of chat models that they are made from.

mod support;

use support::{accepts, byte_compiler, byte_tokenizer, start};
use xgr::{
    family_names, family_structural_tag, family_text, Code, Formats, GrammarSource, Result,
    StructuralTagOptions, TokenKind, Tokenizer, TokenizerOptions,
};

/// Text, and calls in it: whoever writes `<f=` has begun one.
const CALLS: &str = r#"{"type": "structural_tag", "format": {"type": "triggered_tags",
    "triggers": ["<f="], "tags": [{"begin": "<f=a>", "end": "</f>", "content":
    {"type": "json_schema", "json_schema": {"type": "object", "properties": {"x": {"type": "integer"}},
    "required": ["x"]}}}]}}"#;

const REQUEST: &str = r#"{"model": "m", "reasoning": "off", "tools": [
    {"type": "function", "function": {"name": "get_weather", "parameters":
        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}},
    {"type": "function", "function": {"name": "now"}}]}"#;

fn content_of_type(schema: &str) -> String {
    format!(r#"{{"format": {{"type": "json_schema", "json_schema": {schema}}}}}"#)
}

#[test]
fn a_trigger_forces_a_call() -> Result<()> {
    let grammar = byte_compiler().compile_structural_tag(CALLS, &Default::default())?;
    assert!(accepts(&grammar, "no call at all"));
    assert!(accepts(&grammar, r#"now <f=a>{"x": 1}</f> and <f=a>{"x": 2}</f>"#));
    assert!(!accepts(&grammar, r#"<f=a>{"x": "1"}</f>"#) && !accepts(&grammar, "<f=a>"));
    let mut matcher = start(&grammar);
    assert!(matcher.accept_bytes(b"text <f=")?);
    let mut forced = [0; 8];
    assert_eq!(matcher.forced_bytes(false, &mut forced)?, 3);
    assert_eq!(&forced[..3], b"a>{");
    let source = GrammarSource::from_structural_tag(CALLS, &Default::default())?;
    source.check()?;
    assert!(accepts(&byte_compiler().compile_source(&source)?, r#"<f=a>{"x": 1}</f>"#));
    Ok(())
}

#[test]
fn a_bad_tag_says_where() {
    let bad =
        r#"{"format": {"type": "tag", "begin": 1, "content": {"type": "any_text"}, "end": "x"}}"#;
    let made = GrammarSource::from_structural_tag(bad, &Default::default());
    let error = made.expect_err("a number");
    assert_eq!((error.code(), error.json_pointer()), (Code::InvalidSource, Some("/format/begin")));
    let compiled = byte_compiler().compile_structural_tag(bad, &Default::default());
    assert_eq!(compiled.expect_err("a number"), error);
    let deferred = StructuralTagOptions::default().deferred(true);
    let source = GrammarSource::from_structural_tag(bad, &deferred).expect("is not read yet");
    assert_eq!(source.check().expect_err("a number").json_pointer(), Some("/format/begin"));
}

#[test]
fn options_are_about_the_schemas_inside() -> Result<()> {
    let compiler = byte_compiler();
    let object = content_of_type(r#"{"type": "object", "properties": {"x": true}}"#);
    let closed = compiler.compile_structural_tag(&object, &Default::default())?;
    let options = StructuralTagOptions::default().open_schemas(true);
    let open = compiler.compile_structural_tag(&object, &options)?;
    assert!(accepts(&open, r#"{"y": 1}"#) && !accepts(&closed, r#"{"y": 1}"#));
    let date = content_of_type(r#"{"type": "string", "format": "date"}"#);
    let options = StructuralTagOptions::default().formats(Formats::Ignore);
    assert!(accepts(&compiler.compile_structural_tag(&date, &options)?, "\"x\""));
    assert!(!accepts(&compiler.compile_structural_tag(&date, &Default::default())?, "\"x\""));
    let hard =
        content_of_type(r#"{"uniqueItems": true, "contains": {"const": 1}, "minContains": 2}"#);
    let refused = compiler.compile_structural_tag(&hard, &Default::default());
    assert_eq!(refused.expect_err("1 is there twice").code(), Code::Unsupported);
    let options = StructuralTagOptions::default().lenient(true);
    assert!(accepts(&compiler.compile_structural_tag(&hard, &options)?, "[1, 1]"));
    Ok(())
}

#[test]
fn families_have_names_and_texts() -> Result<()> {
    let names: Vec<_> = family_names().collect();
    assert!(names.len() >= 50 && names.windows(2).all(|two| two[0] < two[1]), "{names:?}");
    for name in names {
        let text = family_text(name).expect("each has a text");
        assert!(text.contains(&format!("\"family\": \"{name}\"")), "{name}: {text}");
    }
    assert_eq!(family_text("no_such_family"), None);
    let hermes = family_text("hermes").expect("a family");
    assert_eq!(
        family_structural_tag(hermes, REQUEST, None)?,
        family_structural_tag("hermes", REQUEST, None)?
    );
    Ok(())
}

#[test]
fn a_family_constrains_replies() -> Result<()> {
    let tag = family_structural_tag("qwen_3_coder", REQUEST, Some(&byte_tokenizer()))?;
    let grammar = byte_compiler().compile_structural_tag(&tag, &Default::default())?;
    let call = |name: &str, arguments: &str| {
        format!("<tool_call>\n<function={name}>\n{arguments}</function>\n</tool_call>")
    };
    let city = "<parameter=city>\nParis\n</parameter>\n";
    assert!(accepts(&grammar, &call("get_weather", city)), "{tag}");
    assert!(accepts(&grammar, &format!("One. {}\n{}", call("get_weather", city), call("now", ""))));
    assert!(accepts(&grammar, "Hello, world."));
    assert!(!accepts(&grammar, &call("get_wether", city)));
    assert!(!accepts(&grammar, &call("get_weather", "")), "the city is required");
    Ok(())
}

#[test]
fn a_tokenizer_tells_which_markers_are_tokens() -> Result<()> {
    let options = TokenizerOptions::default().token_kinds(&[
        TokenKind::Normal,
        TokenKind::Control,
        TokenKind::Stop,
    ]);
    let tokenizer = Tokenizer::new(&["a", "<tool_call>", "<|im_end|>"], &options)?;
    let token = r#"{"type":"token","token":"<tool_call>"}"#;
    assert!(family_structural_tag("hermes", REQUEST, Some(&tokenizer))?.contains(token));
    assert!(!family_structural_tag("hermes", REQUEST, None)?.contains(token));
    Ok(())
}

#[test]
fn a_tag_may_be_longer_than_the_first_buffer() -> Result<()> {
    let tools: Vec<_> = (0..100)
        .map(|n| format!(r#"{{"type": "function", "function": {{"name": "tool_{n}"}}}}"#))
        .collect();
    let request = format!(r#"{{"tools": [{}]}}"#, tools.join(","));
    let tag = family_structural_tag("hermes", &request, None)?;
    assert!(tag.len() > 4096 && tag.contains("tool_99"));
    GrammarSource::from_structural_tag(&tag, &Default::default())?;
    Ok(())
}

#[test]
fn families_say_what_is_wrong() {
    let fails = |family: &str, request: &str| {
        let error = family_structural_tag(family, request, None).expect_err("wrong");
        (error.code(), error.json_pointer().map(str::to_owned))
    };
    assert_eq!(fails("no_such_family", "{}"), (Code::InvalidArgument, None));
    let place = Some("/tools/0".to_owned());
    assert_eq!(fails("hermes", r#"{"tools": [7]}"#), (Code::InvalidSource, place));
    assert_eq!(fails("hermes", "").0, Code::InvalidSource);
    let place = Some("/fields/images".to_owned());
    assert_eq!(fails(r#"{"fields": {"images": {}}}"#, "{}"), (Code::Unsupported, place));
    let error = family_structural_tag("no_such_family", "{}", None).expect_err("no family");
    assert!(error.message().contains("no_such_family"), "{error}");
}
