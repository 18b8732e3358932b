//! ReplyReader: reads the reply of a chat model back, as it comes in.

use crate::call::create;
use crate::enums::{ReplyBegin, ReplyEventKind};
use crate::error::{check, Error, Result};
use crate::handle::{into_text, lent, optional, start, Owned};
use crate::tokenizer::Tokenizer;
use xgr_sys as sys;

/// A reader of one reply. Bytes go in, cut anywhere, and events come out as soon as they are certain. It
/// needs neither a grammar nor a matcher.
///
/// One thread at a time uses a reader, and it may move to another: it is `Send`, not `Sync`.
///
/// ```
/// # fn example(pieces: &[&[u8]]) -> xgr::Result<()> {
/// use xgr::{ReplyBegin, ReplyEventKind, ReplyReader};
///
/// let mut reader = ReplyReader::new("qwen_3_coder", None, None, ReplyBegin::Auto)?;
/// for piece in pieces {
///     reader.feed(piece)?;
///     for event in reader.events() {
///         if event.kind == ReplyEventKind::Text {
///             print!("{}", event.text);
///         }
///     }
/// }
/// reader.finish()?;
/// for event in reader.events() {
///     println!("{event:?}"); // what was held back; the last one is End
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ReplyReader(Owned<sys::xgr_reply_reader_t>);

/// What a reader found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyEvent {
    /// What was found.
    pub kind: ReplyEventKind,
    /// Text of the event. It never ends inside a character that goes on; bytes that are no UTF-8 are
    /// replaced by U+FFFD.
    pub text: String,
    /// Id of a call that begins, `""` when it has none.
    pub id: String,
    /// One line: what is wrong or missing; `""` when nothing is.
    pub problem: String,
    /// Place in the reply, in bytes; where a call is malformed, of the first byte that does not fit.
    pub byte_offset: u64,
    /// Number of the call, the first is 0; 0 for events of other kinds.
    pub call: i32,
}

impl ReplyReader {
    /// Make a reader of a reply.
    ///
    /// `family` is the name or an alias of a family of the library, the text of a family file, or a response
    /// template: the member `response_template` of a tokenizer_config.json, or that whole file. `request` is
    /// the JSON text of the request that is answered; it tells whether the reply begins inside of the
    /// reasoning, and by its tools the types of arguments where the family does not write them. Without a
    /// request every name is one of a function, and such arguments are strings, arrays or objects. The
    /// tokenizer tells the suffix of markers where a family has one.
    pub fn new(
        family: &str,
        request: Option<&str>,
        tokenizer: Option<&Tokenizer>,
        begin: ReplyBegin,
    ) -> Result<Self> {
        let (name, name_size) = (family.as_ptr().cast(), family.len());
        let (asked, asked_size) = optional(request.map(str::as_bytes));
        let tokenizer =
            tokenizer.map_or(std::ptr::null(), |tokenizer| tokenizer.get().cast_const());
        let options = options(begin);
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_reply_reader_create(
                name,
                name_size,
                asked.cast(),
                asked_size,
                tokenizer,
                &options,
                made,
                error,
            )
        })?;
        Ok(Self(handle))
    }

    /// Give a reader the next bytes of its reply; they may end anywhere.
    ///
    /// Special tokens count with the text of their names; tokens that end the reply may be left out. What
    /// may still become a marker is held back; events of all else are ready when this returns. After
    /// [`Code::OutOfMemory`](crate::Code::OutOfMemory) a reader can only be dropped.
    pub fn feed(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        let bytes = bytes.as_ref();
        let size = bytes.len();
        // SAFETY: the handle is valid, and all pointers live for the call.
        self.check(unsafe { sys::xgr_reply_reader_feed(self.0.get(), start(bytes), size) })
    }

    /// Tell a reader that its reply is over. Its last event will be [`ReplyEventKind::End`].
    pub fn finish(&mut self) -> Result<()> {
        // SAFETY: the handle is valid.
        self.check(unsafe { sys::xgr_reply_reader_finish(self.0.get()) })
    }

    /// Take the next event of a reader; `None` when there is none until more bytes come.
    pub fn next_event(&mut self) -> Option<ReplyEvent> {
        let mut raw = sys::xgr_reply_event_t::INIT;
        // SAFETY: what is lent is copied before the next call with the reader.
        unsafe {
            let status = sys::xgr_reply_reader_next_event(self.0.get(), &mut raw);
            if status != sys::XGR_OK || raw.kind == sys::XGR_REPLY_EVENT_NONE {
                return None;
            }
            let text = |data: *const std::ffi::c_char, size| {
                into_text(lent(data.cast::<u8>(), size).to_vec())
            };
            Some(ReplyEvent {
                kind: ReplyEventKind::from(raw.kind),
                text: text(raw.text, raw.text_size),
                id: text(raw.id, raw.id_size),
                problem: text(raw.problem, raw.problem_size),
                byte_offset: raw.byte_offset,
                call: raw.call,
            })
        }
    }

    /// The events that are there, each taken as it is asked for.
    pub fn events(&mut self) -> impl Iterator<Item = ReplyEvent> + '_ {
        std::iter::from_fn(|| self.next_event())
    }

    /// C only says that the state is wrong.
    fn check(&self, status: i32) -> Result<()> {
        if status != sys::XGR_ERROR_INVALID_STATE {
            return check(status);
        }
        let message = "the reply is over; expected a reader that is not finished".to_owned();
        Err(Error::new(status, message))
    }
}

fn options(begin: ReplyBegin) -> sys::xgr_reply_reader_options_t {
    sys::xgr_reply_reader_options_t { begin: begin.into(), ..sys::xgr_reply_reader_options_t::INIT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_library() {
        let (made, init) = (options(ReplyBegin::Auto), sys::xgr_reply_reader_options_t::INIT);
        assert_eq!(
            (made.struct_size, made.begin, made.reserved),
            (init.struct_size, init.begin, init.reserved)
        );
    }
}
