//! Tokenizer: a vocabulary, decoded and indexed.

use crate::call::{create, flatten, print, write};
use crate::enums::{TokenKind, VocabType};
use crate::error::Result;
use crate::handle::{lent, Owned};
use crate::options::{
    TokenizerFileOptions, TokenizerJsonOptions, TokenizerOptions, TokenizerSavedOptions,
};
use std::ffi::CStr;
use std::sync::Arc;
use xgr_sys as sys;

/// A vocabulary, decoded and indexed for fast masks. Immutable; clones are the same tokenizer.
#[derive(Clone, Debug)]
pub struct Tokenizer(Arc<Owned<sys::xgr_tokenizer_t>>);

impl Tokenizer {
    /// Create a tokenizer from the texts of its tokens, in the order of their ids.
    ///
    /// A text may hold any bytes. Tokens may be empty (then they are never allowed) and may have
    /// equal texts. Costs some tens of milliseconds for 100,000 tokens.
    pub fn new<T: AsRef<[u8]>>(tokens: &[T], options: &TokenizerOptions<'_>) -> Result<Self> {
        let (bytes, sizes) = flatten(tokens)?;
        let (bytes_data, bytes_size) = (bytes.as_ptr(), bytes.len());
        let (sizes_data, count) = (sizes.as_ptr(), sizes.len());
        let handle = options.with_raw(|options| {
            // SAFETY: all pointers live for the call.
            create(|made, error| unsafe {
                sys::xgr_tokenizer_create(
                    bytes_data, bytes_size, sizes_data, count, options, made, error,
                )
            })
        })?;
        Ok(Self::own(handle))
    }

    /// Create a tokenizer from the text of a Hugging Face tokenizer.json file.
    pub fn from_json(text: &str, options: &TokenizerJsonOptions<'_>) -> Result<Self> {
        let (data, size, options) = (text.as_ptr().cast(), text.len(), options.raw());
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_tokenizer_create_from_json(data, size, &options, made, error)
        })?;
        Ok(Self::own(handle))
    }

    /// Create a tokenizer from the contents of a tokenizer's file.
    ///
    /// The format is detected. What is not understood is an error that names it, never a guess.
    pub fn from_file(contents: &[u8], options: &TokenizerFileOptions<'_>) -> Result<Self> {
        let (data, size, options) = (contents.as_ptr(), contents.len(), options.raw());
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_tokenizer_create_from_file(data, size, &options, made, error)
        })?;
        Ok(Self::own(handle))
    }

    /// Save a tokenizer with all that creating it has computed, to be opened without that work.
    pub fn save(&self) -> Result<Vec<u8>> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        write(|data, capacity, size, error| unsafe {
            sys::xgr_tokenizer_save(self.get(), data, capacity, size, error)
        })
    }

    /// Open a file that holds what [`save`](Self::save) wrote; its name is UTF-8.
    ///
    /// The file is mapped for reading. It must not be changed or shortened while it is open.
    pub fn open(path: &str, options: &TokenizerSavedOptions) -> Result<Self> {
        let (data, size, options) = (path.as_ptr().cast(), path.len(), options.raw());
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_tokenizer_open(data, size, &options, made, error)
        })?;
        Ok(Self::own(handle))
    }

    /// Create a tokenizer from a copy of what [`save`](Self::save) wrote.
    pub fn from_saved(data: &[u8], options: &TokenizerSavedOptions) -> Result<Self> {
        let (data, size, options) = (data.as_ptr(), data.len(), options.raw());
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_tokenizer_create_from_saved(data, size, &options, made, error)
        })?;
        Ok(Self::own(handle))
    }

    /// Get the size of the logits, which is the number of bits of a mask.
    pub fn vocab_size(&self) -> i32 {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_tokenizer_vocab_size(self.get()) }
    }

    /// Get the number of tokens that were given, without padding.
    pub fn token_count(&self) -> i32 {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_tokenizer_token_count(self.get()) }
    }

    /// Get the number of 32-bit words of a mask.
    pub fn mask_words(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_tokenizer_mask_words(self.get()) }
    }

    /// Get the bytes that a token adds to the output; `None` when the id is out of range.
    pub fn token_bytes(&self, token: i32) -> Option<&[u8]> {
        let mut size = 0;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let data = sys::xgr_tokenizer_token_bytes(self.get(), token, &mut size);
            (!data.is_null()).then(|| lent(data, size))
        }
    }

    /// Get how the vocabulary spells a control or stop token, such as `<|im_end|>`; empty for other
    /// kinds, `None` when the id is out of range.
    pub fn token_name(&self, token: i32) -> Option<&[u8]> {
        let mut size = 0;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let data = sys::xgr_tokenizer_token_name(self.get(), token, &mut size);
            (!data.is_null()).then(|| lent(data, size))
        }
    }

    /// Get what a token is for; unused when the id is out of range.
    pub fn token_kind(&self, token: i32) -> TokenKind {
        // SAFETY: the handle is valid.
        TokenKind::from(unsafe { sys::xgr_tokenizer_token_kind(self.get(), token) })
    }

    /// Get the stop tokens, ascending.
    pub fn stop_tokens(&self) -> &[i32] {
        let mut count = 0;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let data = sys::xgr_tokenizer_stop_tokens(self.get(), &mut count);
            lent(data, count)
        }
    }

    /// Get how the token texts spelled bytes: as given, or as detected.
    pub fn vocab_type(&self) -> VocabType {
        // SAFETY: the handle is valid.
        VocabType::from(unsafe { sys::xgr_tokenizer_vocab_type(self.get()) })
    }

    /// Get whether the tokenizer puts a space before the text it encodes: as given, or as detected.
    pub fn add_prefix_space(&self) -> bool {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_tokenizer_add_prefix_space(self.get()) != 0 }
    }

    /// Get the kind of model that a tokenizer.json describes: `BPE`, `Unigram`, `WordPiece` or
    /// `WordLevel`; empty when it was not created from JSON.
    pub fn model_type(&self) -> &str {
        // SAFETY: never NULL, ends with NUL, lives as long as the handle.
        let text = unsafe { CStr::from_ptr(sys::xgr_tokenizer_model_type(self.get())) };
        text.to_str().unwrap_or_default()
    }

    /// Get which part of a tokenizer.json decided the vocabulary type: `decoder`, `vocabulary`, or
    /// nothing when it was not created from JSON.
    pub fn detected_by(&self) -> &str {
        // SAFETY: never NULL, ends with NUL, lives as long as the handle.
        let text = unsafe { CStr::from_ptr(sys::xgr_tokenizer_detected_by(self.get())) };
        text.to_str().unwrap_or_default()
    }

    /// Get what tells vocabularies apart: a SHA-256 of the sizes, texts and kinds of all tokens, as 64
    /// hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        // SAFETY: never NULL, ends with NUL, lives as long as the handle.
        let text = unsafe { CStr::from_ptr(sys::xgr_tokenizer_fingerprint(self.get())) };
        text.to_str().unwrap_or_default()
    }

    /// Tell what was found in a tokenizer's file and why, as JSON.
    pub fn findings(&self) -> Result<String> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        print(|text, capacity, size, error| unsafe {
            sys::xgr_tokenizer_findings(self.get(), text, capacity, size, error)
        })
    }

    /// Write text as tokens, each the longest that fits; the model's own tokenizer would mostly write it in
    /// others. Names of special tokens are text like any other.
    pub fn encode(&self, text: &[u8]) -> Result<Vec<i32>> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        write(|tokens, capacity, count, error| unsafe {
            let (data, size) = (text.as_ptr(), text.len());
            sys::xgr_tokenizer_encode(self.get(), data, size, tokens, capacity, count, error)
        })
    }

    /// Write the bytes that tokens add to the output. Control and stop tokens add nothing; with
    /// `special_names` they are written as their names.
    pub fn decode(&self, tokens: &[i32], special_names: bool) -> Result<Vec<u8>> {
        let (ids, id_count, names) = (tokens.as_ptr(), tokens.len(), i32::from(special_names));
        // SAFETY: the handle is valid, and all pointers live for the call.
        write(|bytes, capacity, size, error| unsafe {
            sys::xgr_tokenizer_decode(
                self.get(),
                ids,
                id_count,
                names,
                bytes,
                capacity,
                size,
                error,
            )
        })
    }

    /// Get about how much memory a tokenizer occupies, in bytes.
    pub fn memory_size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_tokenizer_memory_size(self.get()) }
    }

    pub(crate) fn own(handle: Owned<sys::xgr_tokenizer_t>) -> Self {
        Self(Arc::new(handle))
    }

    pub(crate) fn get(&self) -> *mut sys::xgr_tokenizer_t {
        self.0.get()
    }
}
