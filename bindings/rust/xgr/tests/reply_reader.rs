//! Replies read back as they come in.

mod support;

use xgr::{Code, ReplyBegin, ReplyEvent, ReplyEventKind, ReplyReader, Result};

const REQUEST: &str = r#"{"tools": [{"type": "function", "function": {"name": "weather", "parameters":
    {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}}]}"#;

const REPLY: &str =
    "hm</think>\n\nIn Zürich: <tool_call>\n<function=weather>\n<parameter=city>\n12\n\
    </parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>";

/// All events of a reply that comes in pieces of some size.
fn read(reader: &mut ReplyReader, reply: &str, size: usize) -> Result<Vec<ReplyEvent>> {
    let mut events = Vec::new();
    for piece in reply.as_bytes().chunks(size) {
        reader.feed(piece)?;
        events.extend(reader.events());
    }
    reader.finish()?;
    events.extend(reader.events());
    Ok(events)
}

fn text_of(events: &[ReplyEvent], kind: ReplyEventKind) -> String {
    events.iter().filter(|event| event.kind == kind).map(|event| event.text.as_str()).collect()
}

#[test]
fn a_call_is_the_same_in_any_pieces() -> Result<()> {
    let tokenizer = support::byte_tokenizer();
    for size in [1, 2, 7, REPLY.len()] {
        for tokenizer in [None, Some(&tokenizer)] {
            let auto = ReplyBegin::Auto;
            let mut reader = ReplyReader::new("qwen_3_coder", Some(REQUEST), tokenizer, auto)?;
            let events = read(&mut reader, REPLY, size)?;
            assert_eq!(text_of(&events, ReplyEventKind::Reasoning), "hm");
            assert_eq!(text_of(&events, ReplyEventKind::Text).trim(), "In Zürich:");
            assert_eq!(text_of(&events, ReplyEventKind::CallBegin), "weather");
            assert_eq!(text_of(&events, ReplyEventKind::Arguments), r#"{"city":"12","days":3}"#);
            assert_eq!(
                events.iter().filter(|event| event.kind == ReplyEventKind::CallEnd).count(),
                1
            );
            let last = events.last().expect("an end");
            assert_eq!((last.kind, last.problem.as_str()), (ReplyEventKind::End, ""));
            assert_eq!(reader.next_event(), None);
        }
    }
    Ok(())
}

#[test]
fn calls_have_numbers_and_ids() -> Result<()> {
    let mut reader = ReplyReader::new("kimi_k2", None, None, ReplyBegin::Outside)?;
    reader.feed(
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:7<|tool_call_argument_begin|>{}\
         <|tool_call_end|><|tool_call_begin|>functions.g:8<|tool_call_argument_begin|>{}\
         <|tool_call_end|><|tool_calls_section_end|>",
    )?;
    let begun: Vec<_> =
        reader.events().filter(|event| event.kind == ReplyEventKind::CallBegin).collect();
    let shown: Vec<_> = begun
        .iter()
        .map(|event| (event.text.as_str(), event.id.as_str(), event.call, event.byte_offset))
        .collect();
    assert_eq!(shown, [("f", "7", 0, 28), ("g", "8", 1, 107)]);
    Ok(())
}

#[test]
fn a_malformed_call_is_told_with_its_text() -> Result<()> {
    let mut reader = ReplyReader::new("hermes", None, None, ReplyBegin::Outside)?;
    let events = read(&mut reader, "a<tool_call>x</tool_call>b", 100)?;
    assert_eq!(text_of(&events, ReplyEventKind::Text), "ab");
    assert_eq!(text_of(&events, ReplyEventKind::Malformed), "<tool_call>x</tool_call>");
    let first = events.iter().find(|event| event.kind == ReplyEventKind::Malformed);
    let first = first.expect("a malformed call");
    assert!(!first.problem.is_empty());
    assert_eq!(first.byte_offset, 12);
    Ok(())
}

#[test]
fn what_a_reply_lacks_is_told() -> Result<()> {
    let mut reader = ReplyReader::new("hermes", None, None, ReplyBegin::Reasoning)?;
    let events = read(&mut reader, "hm", 1)?;
    let last = events.last().expect("an end");
    assert_eq!(last.kind, ReplyEventKind::End);
    let told = format!("{}{}", last.text, last.problem);
    assert_eq!(told, "the reply ends inside of its reasoning");
    Ok(())
}

#[test]
fn mistakes_are_errors() -> Result<()> {
    let make = |family, request| ReplyReader::new(family, request, None, ReplyBegin::Auto);
    let error = make("hemres", None).expect_err("no such family");
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().contains("hermes"), "{error}");
    let error = make("hermes", Some("{\"tools\": 1}")).expect_err("a malformed request");
    assert_eq!(error.code(), Code::InvalidSource);
    let mut reader = make("hermes", None)?;
    reader.feed("")?;
    reader.finish()?;
    for error in [reader.feed("a"), reader.finish()] {
        let error = error.expect_err("the reply is over");
        assert_eq!(error.code(), Code::InvalidState);
        assert!(error.message().contains("the reply is over"), "{error}");
    }
    assert_eq!(reader.next_event().map(|event| event.kind), Some(ReplyEventKind::End));
    Ok(())
}

/// A reader moves between threads, and may be dropped in the middle of a call.
#[test]
fn a_reader_moves_between_threads() -> Result<()> {
    let mut reader = ReplyReader::new("hermes", None, None, ReplyBegin::Outside)?;
    reader.feed("a<tool_call>{\"name\"")?;
    let thread = std::thread::spawn(move || reader.next_event());
    assert_eq!(thread.join().expect("no panic").expect("an event").text, "a");
    Ok(())
}
