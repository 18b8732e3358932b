//! Test that the defaults of the options are those of C: nothing but the size of the struct.

use crate::draft::DraftTree;
use crate::lark::LarkOptions;
use crate::options::{
    ApplyOptions, BatchOptions, CompileOptions, CompilerOptions, MatcherOptions,
    TokenizerFileOptions, TokenizerJsonOptions, TokenizerOptions,
};
use crate::source_options::{
    EbnfOptions, JsonFormat, JsonSchemaOptions, RegexOptions, StructuralTagOptions,
};
use xgr_sys as sys;

/// The bytes of an option struct, none of which has padding.
fn bytes<T>(raw: &T) -> Vec<u8> {
    // SAFETY: all bytes of the struct are initialised.
    unsafe { std::slice::from_raw_parts((raw as *const T).cast(), std::mem::size_of::<T>()) }
        .to_vec()
}

fn check<T>(raw: &T, init: &T) {
    assert_eq!(bytes(raw), bytes(init), "{}", std::any::type_name::<T>());
}

/// The same for options that lend C's struct.
fn check_lent<T>(raw: *const T, init: &T) {
    // SAFETY: what is lent lives for the call.
    check(unsafe { &*raw }, init);
}

#[test]
fn defaults_are_those_of_the_library() {
    check(&TokenizerFileOptions::default().raw(), &sys::xgr_tokenizer_file_options_t::INIT);
    check(&TokenizerJsonOptions::default().raw(), &sys::xgr_tokenizer_json_options_t::INIT);
    check(&CompilerOptions::default().raw(), &sys::xgr_compiler_options_t::INIT);
    check(&CompileOptions::default().raw(), &sys::xgr_compile_options_t::INIT);
    check(&JsonFormat::default().raw(), &sys::xgr_json_format_t::INIT);
    check(&EbnfOptions::default().raw(), &sys::xgr_ebnf_options_t::INIT);
    check(&RegexOptions::default().raw(), &sys::xgr_regex_options_t::INIT);
    check(&StructuralTagOptions::default().raw(), &sys::xgr_structural_tag_options_t::INIT);
    check(&BatchOptions::default().raw(), &sys::xgr_batch_options_t::INIT);
    check(&ApplyOptions::default().raw(), &sys::xgr_apply_options_t::INIT);
    check(&DraftTree::default().raw(), &sys::xgr_draft_tree_t::INIT);
    TokenizerOptions::default()
        .with_raw(|raw| check_lent(raw, &sys::xgr_tokenizer_options_t::INIT));
    JsonSchemaOptions::default()
        .with_raw(|raw| check_lent(raw, &sys::xgr_json_schema_options_t::INIT));
    LarkOptions::default().with_raw(|raw| check_lent(raw, &sys::xgr_lark_options_t::INIT));
    MatcherOptions::default().with_raw(|raw| check_lent(raw, &sys::xgr_matcher_options_t::INIT));
}
