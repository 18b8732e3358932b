//! The constants of the C API as enums.

use std::ops::{BitOr, BitOrAssign};
use xgr_sys as sys;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident: $repr:ident {
        $($(#[$item_doc:meta])* $item:ident = $value:ident,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr($repr)]
        pub enum $name {
            $($(#[$item_doc])* $item = sys::$value as $repr,)*
        }

        impl $name {
            /// The value with this number in C; the first one for a number that is unknown.
            #[allow(dead_code)]
            pub(crate) fn from_raw(number: i32) -> Self {
                const ALL: &[$name] = &[$($name::$item),*];
                ALL.iter().copied().find(|kind| *kind as i32 == number).unwrap_or_default()
            }
        }

        impl Default for $name {
            fn default() -> Self {
                // Zero is the default of every option.
                const ALL: &[$name] = &[$($name::$item),*];
                ALL[0]
            }
        }
    )*};
}

kinds! {
    /// How the texts of a vocabulary spell the bytes of the output.
    VocabType: i32 {
        /// Token texts are the bytes themselves.
        Raw = XGR_VOCAB_TYPE_RAW,
        /// SentencePiece: `<0x0A>` is one byte, U+2581 a space.
        ByteFallback = XGR_VOCAB_TYPE_BYTE_FALLBACK,
        /// GPT-2: every byte is written as a printable character.
        ByteLevel = XGR_VOCAB_TYPE_BYTE_LEVEL,
    }

    /// What a token is for.
    TokenKind: u8 {
        /// Text of the output.
        Normal = XGR_TOKEN_KIND_NORMAL,
        /// Never text, never allowed.
        Control = XGR_TOKEN_KIND_CONTROL,
        /// Ends the output; never text.
        Stop = XGR_TOKEN_KIND_STOP,
        /// Hole in the vocabulary or padding; never allowed.
        Unused = XGR_TOKEN_KIND_UNUSED,
    }

    /// Where a JSON text has white space.
    JsonLayout: i32 {
        /// Any white space between the parts of a document.
        Free = XGR_JSON_LAYOUT_FREE,
        /// One line, only the separators between the parts.
        Line = XGR_JSON_LAYOUT_LINE,
        /// Every member and item on its own line, indented.
        Indent = XGR_JSON_LAYOUT_INDENT,
    }

    /// Which escapes the strings of a JSON text have.
    JsonEscapes: i32 {
        /// All that RFC 8259 has: `/`, `\/` and `\u002F` are one string.
        Any = XGR_JSON_ESCAPES_ANY,
        /// Those that RFC 8259 requires, `\n`-like ones where there are, else `\u001f` in lower case:
        /// every string has one spelling.
        Minimal = XGR_JSON_ESCAPES_MINIMAL,
    }

    /// What `format` in a JSON Schema means.
    Formats: i32 {
        /// Those of the standard hold; other names are ignored.
        Enforce = XGR_FORMATS_ENFORCE,
        /// Those of the standard hold; other names are refused.
        RefuseUnknown = XGR_FORMATS_REFUSE_UNKNOWN,
        /// Nothing: all are annotations.
        Ignore = XGR_FORMATS_IGNORE,
    }

    /// How much of what masks consist of is computed before anybody asks. No mask depends on it.
    WarmUp: i32 {
        /// Nothing: masks are computed when first asked for.
        None = XGR_WARM_UP_NONE,
        /// The likeliest 256 positions of an output, or 8 MiB.
        Bounded = XGR_WARM_UP_BOUNDED,
        /// All positions, up to 65,536 of them and to the memory budget.
        Full = XGR_WARM_UP_FULL,
    }

    /// Which notation a grammar in EBNF is written in.
    EbnfDialect: i32 {
        /// GBNF where only GBNF can be meant, else EBNF.
        Auto = XGR_EBNF_DIALECT_AUTO,
        /// EBNF with macros and attributes of rules.
        Ebnf = XGR_EBNF_DIALECT_EBNF,
        /// GBNF as llama.cpp reads it.
        Gbnf = XGR_EBNF_DIALECT_GBNF,
    }

    /// Whose regular expressions a pattern is one of.
    RegexDialect: i32 {
        /// The regular part of PCRE2; a dot matches line ends too.
        Pcre = XGR_REGEX_DIALECT_PCRE,
        /// ECMA-262 with the flag u, as in JSON Schema.
        Ecma = XGR_REGEX_DIALECT_ECMA,
    }

    /// What becomes of names in a schema that its draft gives no meaning.
    UnknownKeywords: i32 {
        /// They assert nothing; reports and diagnostics list them.
        Ignore = XGR_UNKNOWN_KEYWORDS_IGNORE,
        /// They are errors, but for names that begin with `x-`.
        Refuse = XGR_UNKNOWN_KEYWORDS_REFUSE,
    }

    /// What a diagnostic is about.
    DiagnosticCode: i32 {
        /// A keyword of a schema asserts nothing.
        IgnoredKeyword = XGR_DIAGNOSTIC_IGNORED_KEYWORD,
        /// Left out, in lenient mode.
        ApproximatedKeyword = XGR_DIAGNOSTIC_APPROXIMATED_KEYWORD,
        /// A quoted text has the name of a special token, which the text never is.
        SpecialTokenAsText = XGR_DIAGNOSTIC_SPECIAL_TOKEN_AS_TEXT,
        /// Last of a long list: how many are left out.
        More = XGR_DIAGNOSTIC_MORE,
    }

    /// What becomes of a keyword of a JSON Schema.
    KeywordOutcome: i32 {
        /// It holds in every output.
        Enforced = XGR_KEYWORD_OUTCOME_ENFORCED,
        /// It asserts nothing where it stands.
        Ignored = XGR_KEYWORD_OUTCOME_IGNORED,
        /// Left out: outputs may violate it.
        Approximated = XGR_KEYWORD_OUTCOME_APPROXIMATED,
        /// The schema is not compiled because of it.
        Refused = XGR_KEYWORD_OUTCOME_REFUSED,
    }

    /// What a filled mask says.
    MaskKind: i32 {
        /// Some tokens are allowed: apply the mask.
        Some = XGR_MASK_KIND_SOME,
        /// Every token is allowed: applying the mask changes nothing.
        All = XGR_MASK_KIND_ALL,
        /// The output has ended: every bit is 1.
        Terminated = XGR_MASK_KIND_TERMINATED,
        /// A filter forbids every token that the grammar allows: no bit is 1.
        None = XGR_MASK_KIND_NONE,
    }

    /// What a reader found in a reply.
    ReplyEventKind: i32 {
        /// Nothing until more bytes come.
        None = XGR_REPLY_EVENT_NONE,
        /// More text of the reasoning.
        Reasoning = XGR_REPLY_EVENT_REASONING,
        /// More text for the user.
        Text = XGR_REPLY_EVENT_TEXT,
        /// A call: the text is the name of the function, the id what the model gave it as an id or number.
        CallBegin = XGR_REPLY_EVENT_CALL_BEGIN,
        /// More of the arguments of the call, a JSON object.
        Arguments = XGR_REPLY_EVENT_ARGUMENTS,
        /// The call is whole.
        CallEnd = XGR_REPLY_EVENT_CALL_END,
        /// The call is none: the text is what stands there, and the problem, with the first event of a
        /// call, why.
        Malformed = XGR_REPLY_EVENT_MALFORMED,
        /// The reply is over: the problem is what it lacks, or empty.
        End = XGR_REPLY_EVENT_END,
    }

    /// Where a reply begins.
    ReplyBegin: i32 {
        /// As the request and the family say.
        Auto = XGR_REPLY_BEGIN_AUTO,
        /// Inside of the reasoning.
        Reasoning = XGR_REPLY_BEGIN_REASONING,
        /// Outside of it.
        Outside = XGR_REPLY_BEGIN_OUTSIDE,
    }
}

/// How a pattern is read; flags are combined by `|`. A pattern may switch them itself, as in `(?i)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RegexFlags(i32);

impl RegexFlags {
    /// i: letters match whatever their case.
    pub const CASELESS: Self = Self(sys::XGR_REGEX_CASELESS);
    /// m: ^ and $ match at line ends inside the text.
    pub const MULTILINE: Self = Self(sys::XGR_REGEX_MULTILINE);
    /// x: white space and # comments do not count.
    pub const EXTENDED: Self = Self(sys::XGR_REGEX_EXTENDED);
    /// A dot matches no line end.
    pub const DOT_STOPS: Self = Self(sys::XGR_REGEX_DOT_STOPS);

    pub(crate) fn bits(self) -> i32 {
        self.0
    }
}

impl BitOr for RegexFlags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for RegexFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
