//! Runs bindgen on the headers twice: types.rs holds types and constants, functions.rs the functions alone.

use std::path::PathBuf;

fn main() {
    let folder = |name: &str| PathBuf::from(std::env::var(name).expect("set by cargo"));
    let include = folder("CARGO_MANIFEST_DIR").join("../../../include");
    let out = folder("OUT_DIR");
    println!("cargo:rerun-if-changed={}", include.display());
    let builder = || {
        bindgen::builder()
            .header(include.join("xgr/xgr.h").display().to_string())
            .clang_arg(format!("-I{}", include.display()))
            .generate_comments(false)
    };
    let types = builder().allowlist_type("xgr_.*").allowlist_var("XGR_.*").prepend_enum_name(false);
    let functions = builder().allowlist_function("xgr_.*").allowlist_recursively(false);
    for (name, builder) in [("types.rs", types), ("functions.rs", functions)] {
        let bindings = builder.generate().expect("bindgen reads the headers");
        bindings.write_to_file(out.join(name)).expect("the output folder can be written to");
    }
}
