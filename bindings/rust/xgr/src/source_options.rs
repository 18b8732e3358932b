//! How texts of each language are read, with the members of the C structs.

use crate::builder::options;
use crate::enums::{
    EbnfDialect, Formats, JsonEscapes, JsonLayout, RegexDialect, RegexFlags, UnknownKeywords,
};
use crate::handle::{optional, start};
use xgr_sys as sys;

options! {
/// How JSON documents are laid out.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonFormat<'a> {
    /// Text between items and between members; default `", "` on one line, `","` with indentation.
    /// Must be `None` with [`JsonLayout::Free`].
    pub item_separator: Option<&'a str>,
    /// Text between key and value; default `": "`. Must be `None` with [`JsonLayout::Free`].
    pub key_separator: Option<&'a str>,
    /// Where white space stands.
    pub layout: JsonLayout,
    /// With [`JsonLayout::Indent`]: spaces a level. Must be 0 with other layouts.
    pub indent: i32,
    /// With [`JsonLayout::Free`]: most white-space characters in one place; 0: no bound. Must be 0
    /// with other layouts.
    pub max_whitespace: i32,
    /// Most digits in a row of numbers that the schema does not list; no limit for numbers with a
    /// bound of as many digits. 0: no bound.
    pub max_digits: i32,
    /// Which escapes strings and names have.
    pub escapes: JsonEscapes,
}
}

impl JsonFormat<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_json_format_t {
        let (item_separator, item_separator_size) =
            optional(self.item_separator.map(str::as_bytes));
        let (key_separator, key_separator_size) = optional(self.key_separator.map(str::as_bytes));
        sys::xgr_json_format_t {
            item_separator: item_separator.cast(),
            item_separator_size,
            key_separator: key_separator.cast(),
            key_separator_size,
            layout: self.layout.into(),
            indent: self.indent,
            max_whitespace: self.max_whitespace,
            max_digits: self.max_digits,
            escapes: self.escapes.into(),
            ..sys::xgr_json_format_t::INIT
        }
    }
}

/// A schema that references in another schema may lead to.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RemoteSchema<'a> {
    /// URI that references name it by; a fragment is ignored.
    pub uri: &'a str,
    /// The schema; read when a reference leads to it.
    pub text: &'a str,
}

impl<'a> RemoteSchema<'a> {
    /// A schema by the URI that references name it by.
    pub fn new(uri: &'a str, text: &'a str) -> Self {
        Self { uri, text }
    }
}

options! {
/// How a JSON Schema is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonSchemaOptions<'a> {
    /// Schemas outside the document that references may lead to. Nothing is ever fetched; the
    /// standard meta-schemas are known without being listed.
    pub remotes: &'a [RemoteSchema<'a>],
    /// Objects and arrays have only the members and items that the schema describes, unless it opens
    /// them itself.
    pub strict: bool,
    /// What `format` means.
    pub formats: Formats,
    /// Draft of schemas without `$schema`: 4, 6, 7, 2019 or 2020. 0: 2020, and keywords of other
    /// drafts count as well.
    pub draft: i32,
    /// The properties of an object come in any order, each declared one at most once.
    pub any_order: bool,
    /// Keywords that cannot be enforced are left out instead of refused;
    /// [`json_schema_check`](crate::json_schema_check) lists them.
    pub lenient: bool,
    /// Undeclared names of an object differ from each other, too, also in objects that the schema
    /// does not describe.
    pub unique_names: bool,
    /// Whether names that no draft defines, keywords of other drafts and a `$schema` that names no
    /// known draft are refused.
    pub unknown_keywords: UnknownKeywords,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}
}

impl JsonSchemaOptions<'_> {
    /// Calls with the options in C's shape, which point into `self`.
    pub(crate) fn with_raw<R>(
        &self,
        call: impl FnOnce(*const sys::xgr_json_schema_options_t) -> R,
    ) -> R {
        let remote = |schema: &RemoteSchema<'_>| sys::xgr_remote_schema_t {
            uri: schema.uri.as_ptr().cast(),
            uri_size: schema.uri.len(),
            text: schema.text.as_ptr().cast(),
            text_size: schema.text.len(),
            ..sys::xgr_remote_schema_t::INIT
        };
        let remotes: Vec<_> = self.remotes.iter().map(remote).collect();
        call(&sys::xgr_json_schema_options_t {
            remotes: start(&remotes),
            remote_count: remotes.len(),
            strict: self.strict.into(),
            formats: self.formats.into(),
            draft: self.draft,
            any_order: self.any_order.into(),
            lenient: self.lenient.into(),
            unique_names: self.unique_names.into(),
            unknown_keywords: self.unknown_keywords.into(),
            deferred: self.deferred.into(),
            ..sys::xgr_json_schema_options_t::INIT
        })
    }
}

options! {
/// How a grammar in EBNF is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct EbnfOptions<'a> {
    /// Name of the rule to match; `None`: `root`.
    pub root_rule: Option<&'a str>,
    /// Notation.
    pub dialect: EbnfDialect,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}
}

impl EbnfOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_ebnf_options_t {
        let (root_rule, root_rule_size) = optional(self.root_rule.map(str::as_bytes));
        sys::xgr_ebnf_options_t {
            root_rule: root_rule.cast(),
            root_rule_size,
            dialect: self.dialect.into(),
            deferred: self.deferred.into(),
            ..sys::xgr_ebnf_options_t::INIT
        }
    }
}

options! {
/// How a regular expression is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegexOptions {
    /// Texts that contain a match, instead of texts that are one.
    pub search: bool,
    /// Dialect.
    pub dialect: RegexDialect,
    /// Flags, combined by `|`.
    pub flags: RegexFlags,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}
}

impl RegexOptions {
    pub(crate) fn raw(&self) -> sys::xgr_regex_options_t {
        sys::xgr_regex_options_t {
            search: self.search.into(),
            dialect: self.dialect.into(),
            flags: self.flags.bits(),
            deferred: self.deferred.into(),
            ..sys::xgr_regex_options_t::INIT
        }
    }
}

options! {
/// How a structural tag is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct StructuralTagOptions {
    /// Objects and arrays of the schemas inside are open as the standard says; otherwise they have only the
    /// members and items that a schema describes, unless it opens them itself.
    pub open_schemas: bool,
    /// What `format` means in the schemas inside.
    pub formats: Formats,
    /// Keywords of the schemas inside that cannot be enforced are left out instead of refused.
    pub lenient: bool,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}
}

impl StructuralTagOptions {
    pub(crate) fn raw(&self) -> sys::xgr_structural_tag_options_t {
        sys::xgr_structural_tag_options_t {
            open_schemas: self.open_schemas.into(),
            formats: self.formats.into(),
            lenient: self.lenient.into(),
            deferred: self.deferred.into(),
            ..sys::xgr_structural_tag_options_t::INIT
        }
    }
}
