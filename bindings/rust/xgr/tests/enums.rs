//! Enums: numbers of C there and back, also those that the crate has no name for.

use std::fmt::Debug;
use xgr::{
    Code, DiagnosticCode, JsonLayout, KeywordOutcome, MaskKind, RegexFlags, ReplyEventKind,
    TokenKind, Tokenizer, TokenizerOptions, VocabType,
};

/// All numbers from the first to the last have a name, their neighbours have none.
fn check<T: From<i32> + Into<i32> + Copy + PartialEq + Debug>(
    first: i32,
    last: i32,
    unknown: fn(i32) -> T,
) {
    for number in first..=last {
        assert_ne!(T::from(number), unknown(number));
        assert_eq!(T::from(number).into(), number);
    }
    for number in [first - 1, last + 1, i32::MIN, i32::MAX] {
        assert_eq!(T::from(number), unknown(number));
        assert_eq!(T::from(number).into(), number);
    }
}

#[test]
fn an_unknown_number_is_no_other_value() {
    check(1, 9, Code::Unknown);
    check(0, 2, VocabType::Unknown);
    check(0, 3, TokenKind::Unknown);
    check(0, 3, MaskKind::Unknown);
    check(1, 4, DiagnosticCode::Unknown);
    check(0, 3, KeywordOutcome::Unknown);
    check(0, 7, ReplyEventKind::Unknown);
    assert_eq!(i32::from(JsonLayout::Indent), xgr::sys::XGR_JSON_LAYOUT_INDENT);
    assert_eq!((RegexFlags::CASELESS | RegexFlags::DOT_STOPS).bits(), 9);
}

#[test]
fn the_library_refuses_unknown_numbers() {
    for number in [4, 255, 256, -1] {
        let kinds = [TokenKind::Unknown(number); 3];
        let error =
            Tokenizer::new(&["a", "b", "c"], &TokenizerOptions::default().token_kinds(&kinds))
                .expect_err("no kind");
        assert_eq!(error.code(), Code::InvalidArgument, "{number}");
    }
    let options = TokenizerOptions::default().vocab_type(VocabType::Unknown(77));
    let error = Tokenizer::new(&["a"], &options).expect_err("no type");
    assert_eq!(error.code(), Code::InvalidArgument);
}
