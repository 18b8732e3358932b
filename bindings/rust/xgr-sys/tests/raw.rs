//! The raw layer: the library is the one of these headers, and the small pcre2.h says the truth.

use std::ffi::CStr;

#[test]
fn the_library_is_of_this_version_or_newer() {
    let (major, minor, _) = xgr_sys::VERSION;
    // SAFETY: there is nothing to keep to.
    let loaded = unsafe { xgr_sys::xgr_version() };
    assert_eq!(loaded / 1_000_000, major);
    assert!(loaded / 1_000 % 1_000 >= minor);
    let crate_version = env!("CARGO_PKG_VERSION");
    let (major, minor, patch) = xgr_sys::VERSION;
    assert_eq!(crate_version, format!("{major}.{minor}.{patch}"), "Cargo.toml follows base.h");
}

#[test]
fn destroying_null_does_nothing() {
    // SAFETY: all of them take NULL; the text ends with NUL and lives for ever.
    unsafe {
        xgr_sys::xgr_matcher_destroy(std::ptr::null_mut());
        xgr_sys::xgr_error_destroy(std::ptr::null_mut());
        assert_eq!(xgr_sys::xgr_error_status(std::ptr::null()), xgr_sys::XGR_OK);
        let text = CStr::from_ptr(xgr_sys::xgr_status_message(xgr_sys::XGR_ERROR_INTERNAL));
        assert!(!text.to_bytes().is_empty());
    }
}

/// The number behind a #define of pcre2/pcre2.h.
#[cfg(feature = "vendored")]
fn defined(name: &str) -> i64 {
    let header = include_str!("../pcre2/pcre2.h");
    let prefix = format!("#define {name} ");
    let line = header.lines().find_map(|line| line.strip_prefix(&prefix)).expect(name);
    let text = line.trim_matches(['(', ')']).trim_end_matches('u');
    match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).expect(name),
        None => text.parse().expect(name),
    }
}

#[cfg(feature = "vendored")]
#[test]
fn constants_of_pcre2() {
    macro_rules! compare {
        ($($name:ident)*) => {
            $(assert_eq!(defined(stringify!($name)), i64::from(pcre2_sys::$name));)*
        };
    }
    compare! {
        PCRE2_ALLOW_EMPTY_CLASS PCRE2_CASELESS PCRE2_DOLLAR_ENDONLY PCRE2_DOTALL PCRE2_EXTENDED
        PCRE2_NO_AUTO_POSSESS PCRE2_NO_START_OPTIMIZE PCRE2_UTF PCRE2_NEVER_BACKSLASH_C
        PCRE2_NO_UTF_CHECK PCRE2_ANCHORED PCRE2_NEWLINE_LF PCRE2_ERROR_HEAP_FAILED
        PCRE2_ERROR_NOMEMORY
    }
}
