//! Families of chat models: how the replies of a model are written, as data.

use crate::call::print;
use crate::error::Result;
use crate::tokenizer::Tokenizer;
use std::ffi::CStr;
use xgr_sys as sys;

/// Get the names of the families of the library, ascending.
pub fn family_names() -> impl ExactSizeIterator<Item = &'static str> {
    // SAFETY: there is nothing to keep to.
    let count = unsafe { sys::xgr_family_count() };
    // SAFETY: there is nothing to keep to.
    (0..count).map(|index| text_of(unsafe { sys::xgr_family_name(index) }))
}

/// Get the file of a family of the library by its name: JSON, of which a changed copy can be given wherever a
/// family is asked for. `None` when no family has the name.
pub fn family_text(name: &str) -> Option<&'static str> {
    let index = family_names().position(|known| known == name)?;
    // SAFETY: there is nothing to keep to.
    Some(text_of(unsafe { sys::xgr_family_text(index) }))
}

/// Make the structural tag that constrains the reply to a request, for
/// [`Compiler::compile_structural_tag`](crate::Compiler::compile_structural_tag).
///
/// `family` is the name or an alias of a family of the library, the text of a family file, or a response
/// template: the member `response_template` of a tokenizer_config.json, or that whole file. `request` is a
/// JSON object in the shape of OpenAI's APIs, with `tools`, `tool_choice`, `parallel_tool_calls`,
/// `response_format` and `reasoning`; other members are ignored. The tokenizer tells which markers are
/// tokens; without it all are text, unless the request says otherwise.
///
/// ```
/// # fn example(compiler: xgr::Compiler, tokenizer: xgr::Tokenizer) -> xgr::Result<()> {
/// let request = r#"{"tools": [{"type": "function", "function": {"name": "now"}}]}"#;
/// let tag = xgr::family_structural_tag("qwen_3_coder", request, Some(&tokenizer))?;
/// let grammar = compiler.compile_structural_tag(&tag, &Default::default())?;
/// # Ok(())
/// # }
/// ```
pub fn family_structural_tag(
    family: &str,
    request: &str,
    tokenizer: Option<&Tokenizer>,
) -> Result<String> {
    let (name, name_size) = (family.as_ptr().cast(), family.len());
    let (asked, asked_size) = (request.as_ptr().cast(), request.len());
    let tokenizer = tokenizer.map_or(std::ptr::null(), |tokenizer| tokenizer.get().cast_const());
    // SAFETY: all pointers live for the call.
    print(|text, capacity, size, error| unsafe {
        sys::xgr_family_structural_tag(
            name, name_size, asked, asked_size, tokenizer, text, capacity, size, error,
        )
    })
}

/// A text of the library that lives for ever; empty for NULL.
fn text_of(data: *const std::ffi::c_char) -> &'static str {
    if data.is_null() {
        return "";
    }
    // SAFETY: it ends with NUL.
    unsafe { CStr::from_ptr(data) }.to_str().unwrap_or_default()
}
