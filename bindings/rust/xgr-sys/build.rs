//! Links libxgr: builds it from the sources in this package, or asks pkg-config for it.
//!
//! Environment: `XGR_SYS_SYSTEM=1` takes the system's library whatever the features;
//! `RAPIDJSON_INCLUDE_DIR` is the folder that has `rapidjson/reader.h`; `XGR_SYS_OPT_LEVEL` is how far
//! the C++ compiler optimises (default 2, in debug builds as well: masks are the hot path).

use std::env;
use std::path::Path;

fn main() {
    for name in ["XGR_SYS_SYSTEM", "XGR_SYS_OPT_LEVEL", "RAPIDJSON_INCLUDE_DIR", "DOCS_RS"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    // Documentation needs no library.
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    let forced = env::var("XGR_SYS_SYSTEM").is_ok_and(|value| value != "0");
    let has = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    if forced || has("SYSTEM") || !has("VENDORED") {
        link_system();
    } else {
        build();
    }
}

/// The library that pkg-config knows: of this major version, this minor one or newer.
fn link_system() {
    let version = |part: &str| env::var(format!("CARGO_PKG_VERSION_{part}")).unwrap_or_default();
    let (major, minor) = (version("MAJOR"), version("MINOR"));
    let next = major.parse::<u32>().map_or(1, |number| number + 1).to_string();
    let mut config = pkg_config::Config::new();
    match config.range_version(format!("{major}.{minor}").as_str()..next.as_str()).probe("xgr") {
        Ok(library) => {
            if let Some(folder) = library.include_paths.first() {
                println!("cargo:include={}", folder.display());
            }
        }
        Err(error) => fail(&format!(
            "{error}\nlibxgr is not where pkg-config looks: install it, or add the folder of its xgr.pc \
             to PKG_CONFIG_PATH, or leave the feature `system` and XGR_SYS_SYSTEM away to build it"
        )),
    }
}

#[cfg(not(feature = "vendored"))]
fn build() {}

/// The whole library is one translation unit.
#[cfg(feature = "vendored")]
fn build() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let root = Path::new(&root);
    let level = env::var("XGR_SYS_OPT_LEVEL").ok().and_then(|value| value.parse().ok());
    let mut compiler = cc::Build::new();
    compiler
        .cpp(true)
        .std("c++20")
        .opt_level(level.unwrap_or(2))
        // Would double the memory that the compiler takes; CXXFLAGS=-g asks for it.
        .debug(false)
        .define("NDEBUG", None)
        .define("XGR_STATIC", None)
        .flag_if_supported("-fvisibility=hidden")
        .flag_if_supported("/EHsc")
        .flag_if_supported("/utf-8")
        .include(root.join("include"))
        .include(root.join("src"))
        // pcre2-sys brings the library but no header.
        .include(root.join("bindings/rust/xgr-sys/pcre2"))
        .file(root.join("src/xgr_all.cc"));
    add_rapidjson(&mut compiler);
    compiler.compile("xgr");
    for folder in ["src", "include", "bindings/rust/xgr-sys/pcre2"] {
        println!("cargo:rerun-if-changed={}", root.join(folder).display());
    }
    println!("cargo:include={}", root.join("include").display());
}

/// RapidJSON is headers only: from the environment, pkg-config, or where the compiler looks anyway.
#[cfg(feature = "vendored")]
fn add_rapidjson(compiler: &mut cc::Build) {
    const HEADER: &str = "rapidjson/reader.h";
    if let Some(folder) = env::var_os("RAPIDJSON_INCLUDE_DIR") {
        if !Path::new(&folder).join(HEADER).exists() {
            fail(&format!("RAPIDJSON_INCLUDE_DIR is {folder:?}, and that has no {HEADER}"));
        }
        compiler.include(folder);
        return;
    }
    let mut config = pkg_config::Config::new();
    if let Ok(library) = config.cargo_metadata(false).env_metadata(true).probe("RapidJSON") {
        compiler.includes(library.include_paths);
        return;
    }
    let usual = ["/usr/include", "/usr/local/include", "/opt/homebrew/include"];
    match usual.iter().find(|folder| Path::new(folder).join(HEADER).exists()) {
        Some(folder) => {
            compiler.include(folder);
        }
        None => fail(&format!(
            "building libxgr needs the headers of RapidJSON ({HEADER}): install the package \
             rapidjson-dev (Debian), rapidjson-devel (Fedora), rapidjson (Homebrew, vcpkg), or set \
             RAPIDJSON_INCLUDE_DIR to the folder above rapidjson/"
        )),
    }
}

/// Ends the build with a message instead of a panic's.
fn fail(message: &str) -> ! {
    eprintln!("{message}");
    for line in message.lines() {
        println!("cargo:warning={line}");
    }
    std::process::exit(1);
}
