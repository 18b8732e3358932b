//! JsonSchemaReport: what becomes of each keyword of a JSON Schema, without compiling it.

use crate::call::create;
use crate::enums::KeywordOutcome;
use crate::error::Result;
use crate::handle::{lent, Owned};
use crate::source_options::JsonSchemaOptions;
use xgr_sys as sys;

/// What becomes of the keywords of a schema. Immutable.
#[derive(Debug)]
pub struct JsonSchemaReport(Owned<sys::xgr_json_schema_report_t>);

/// What becomes of one keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonSchemaEntry<'a> {
    /// Name of the keyword.
    pub keyword: &'a str,
    /// Place of the keyword as a JSON Pointer; in a schema that a reference led to, its URI, `#` and
    /// the pointer there.
    pub pointer: &'a str,
    /// Why the keyword is not enforced, and what to write instead where that is known; empty when it
    /// is enforced.
    pub reason: &'a str,
    /// What becomes of it.
    pub outcome: KeywordOutcome,
}

/// Find out what becomes of each keyword of a JSON Schema.
///
/// With the option `lenient` what cannot be enforced is approximated, without it refused. Entries
/// stand in the order of the document.
pub fn json_schema_check(
    schema: &str,
    options: &JsonSchemaOptions<'_>,
) -> Result<JsonSchemaReport> {
    let (data, size) = (schema.as_ptr().cast(), schema.len());
    let handle = options.with_raw(|options| {
        // SAFETY: all pointers live for the call.
        create(|made, error| unsafe {
            sys::xgr_json_schema_check(data, size, options, made, error)
        })
    })?;
    Ok(JsonSchemaReport(handle))
}

impl JsonSchemaReport {
    /// Get the number of entries of a report.
    pub fn size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_json_schema_report_size(self.0.get()) }
    }

    /// Get an entry of a report, the first is 0; `None` when there is no such.
    pub fn entry(&self, index: usize) -> Option<JsonSchemaEntry<'_>> {
        let mut raw = sys::xgr_json_schema_entry_t::INIT;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let status = sys::xgr_json_schema_report_entry(self.0.get(), index, &mut raw);
            let text = |data: *const std::ffi::c_char, size| {
                std::str::from_utf8(lent(data.cast(), size)).unwrap_or_default()
            };
            (status == sys::XGR_OK).then(|| JsonSchemaEntry {
                keyword: text(raw.keyword, raw.keyword_size),
                pointer: text(raw.pointer, raw.pointer_size),
                reason: text(raw.reason, raw.reason_size),
                outcome: KeywordOutcome::from(raw.outcome),
            })
        }
    }

    /// All entries in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = JsonSchemaEntry<'_>> {
        (0..self.size()).filter_map(|index| self.entry(index))
    }
}
