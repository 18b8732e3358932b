#!/usr/bin/env python3
"""Write everything that follows from the C headers; with --check, only compare.

  python3 bindings/generate.py           write the generated files
  python3 bindings/generate.py --check   print what would change and exit with status 1 if anything
  python3 bindings/generate.py --against OLD.json   what breaks for programs built with that api.json

Needs the Python package libclang. To add an output, write generator/emit_<what>.py with a function
emit(api) -> text, and name it in OUTPUTS.
"""
import argparse
import difflib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bindings"))

try:
    from generator import (  # noqa: E402
        compat, emit_asserts, emit_cpp, emit_csharp, emit_csharp_layout, emit_csharp_version, emit_def,
        emit_exports, emit_go, emit_go_cgo, emit_go_enums, emit_go_purego, emit_json, emit_map,
        emit_options, emit_parity, emit_python, emit_rust,
        emit_rust_enums, emit_rust_layout, header, parity, rules)
except ModuleNotFoundError as error:
    if error.name != "clang":
        raise
    sys.exit("bindings/generate.py needs the Python package libclang: python3 -m pip install libclang")

OUTPUTS = {
    "src/capi/xgr.map": emit_map,
    "src/capi/xgr.def": emit_def,
    "src/capi/xgr.exp": emit_exports,
    "bindings/api.json": emit_json,
    "bindings/python/src/xgr/_cdef.py": emit_python,
    "include/xgr/xgr.hpp": emit_cpp,
    "bindings/csharp/Xgr/Native.g.cs": emit_csharp,
    "bindings/csharp/Xgr/Version.g.props": emit_csharp_version,
    "bindings/csharp/tests/layout/Layout.g.cs": emit_csharp_layout,
    "tests/abi/abi_asserts.c": emit_asserts,
    "bindings/go/enums.go": emit_go_enums,
    "bindings/go/internal/raw/types.go": emit_go,
    "bindings/go/internal/raw/calls_cgo.go": emit_go_cgo,
    "bindings/go/internal/raw/calls_purego.go": emit_go_purego,
    "bindings/rust/layout/tests/layout.rs": emit_rust_layout,
    "bindings/rust/xgr-sys/src/raw.rs": emit_rust,
    "bindings/rust/xgr/src/enums.rs": emit_rust_enums,
}


def read(header_path, include):
    """The API; SystemExit with all violations when the headers break a rule."""
    api = header.read(header_path, include)
    problems = rules.check(api)
    if problems:
        raise SystemExit("\n".join(problems))
    return api


def generate(header_path, include):
    """Text of each output that follows from the headers alone."""
    api = read(header_path, include)
    return {path: emitter.emit(api) for path, emitter in OUTPUTS.items()}


def generate_tree(root):
    """Text of all outputs for the tree under `root`, and what its languages lack."""
    api = read(root / "include" / "xgr" / "xgr.h", root / "include")
    outputs = {path: emitter.emit(api) for path, emitter in OUTPUTS.items()}
    names, problems = parity.survey(api, root, outputs)
    page = root / emit_parity.PAGE
    if page.exists():
        outputs[emit_parity.PAGE] = emit_parity.emit(api, names, page.read_text(encoding="utf-8"))
    page = root / emit_options.PAGE
    if page.exists():
        layers = emit_options.layers_of(root, outputs)
        problems += emit_options.survey(api, layers)
        outputs[emit_options.PAGE] = emit_options.emit(api, layers, page.read_text(encoding="utf-8"))
    return outputs, problems


def compare(root, outputs):
    """Prints the difference between the files under `root` and what they should be."""
    changed = 0
    for path, text in outputs.items():
        file = root / path
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        diff = list(difflib.unified_diff(old.splitlines(), text.splitlines(), path, "generated",
                                         lineterm=""))
        changed += bool(diff)
        print("\n".join(diff[:200]), end="\n" if diff else "")
    print(f"{changed} of {len(outputs)} generated files differ" if changed else "ok")
    return 1 if changed else 0


def compare_manifests(old_path, outputs):
    """Prints what the headers of today take away from an older manifest."""
    old = json.loads(old_path.read_text(encoding="utf-8"))
    found = compat.breaks(old, json.loads(outputs["bindings/api.json"]))
    print("\n".join(found) or "compatible")
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--against", type=pathlib.Path, metavar="OLD.json",
                        help="compare with an older api.json")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT, help="tree to work on")
    options = parser.parse_args()
    outputs, problems = generate_tree(options.root)
    if options.against:
        return compare_manifests(options.against, outputs)
    print("".join(f"{line}\n" for line in problems), end="")
    if options.check:
        return compare(options.root, outputs) or bool(problems)
    for path, text in outputs.items():
        (options.root / path).parent.mkdir(parents=True, exist_ok=True)
        (options.root / path).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
