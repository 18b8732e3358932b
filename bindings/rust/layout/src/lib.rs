//! What bindgen makes of the headers.

/// Types and constants.
#[allow(non_camel_case_types, non_upper_case_globals, dead_code)]
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

/// The functions, over the types of xgr-sys.
pub mod functions {
    use xgr_sys::*;
    include!(concat!(env!("OUT_DIR"), "/functions.rs"));
}
