//! The C API of libxgr, as its headers declare it. Programs use the crate `xgr`, which is safe.
//!
//! The library is built from the sources in this package (feature `vendored`, the default; needs a
//! C++20 compiler and the headers of RapidJSON), or linked as pkg-config tells (feature `system`, or
//! the environment variable `XGR_SYS_SYSTEM=1`). Dependents find the headers in `DEP_XGR_INCLUDE`.
#![no_std]
#![allow(non_camel_case_types)]

// Generated, and not for rustfmt.
#[rustfmt::skip]
mod raw;

// Brings the library that the C++ code calls.
#[cfg(feature = "vendored")]
use pcre2_sys as _;

pub use raw::*;
