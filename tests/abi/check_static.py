#!/usr/bin/env python3
"""Link C and C++ programs with the library inside, and run them.

  check_static.py PC_FOLDER ARCHIVE...

PC_FOLDER has xgr-link.pc, which names what a program links beside the archive. Each ARCHIVE is the library once
more: libxgr.a, and src/xgr_all.cc compiled. The linker takes one of two equal symbols, and which one depends on
order and optimisation; so the programs are built at -O0 and at -O2, with the compiler of the build ($CC, $CXX) and
with clang where there is one. Skipped (77) without pkg-config.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "docs"))
import extract  # noqa: E402

LEVELS = ("-O0", "-O2")


def run(*command, **keywords):
    """Standard output; whatever ends badly ends the test, a crash among them."""
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True, **keywords)
    if done.returncode:
        raise RuntimeError(f"exit status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


def sources(folder):
    """(name, file, what it writes or None) of all programs."""
    for example in ("minimal", "batch"):
        expected = (ROOT / "examples/expected" / f"{example}.txt").read_text(encoding="utf-8")
        yield f"{example} in C", ROOT / f"examples/c/{example}.c", expected
        yield f"{example} in C++", ROOT / f"examples/cpp/{example}.cc", expected
    page = "docs/bindings.md"
    for program in extract.programs((ROOT / page).read_text(encoding="utf-8"), page):
        if program.language in ("c", "cpp") and not program.is_fragment:
            file = folder / f"line{program.line}.{'c' if program.language == 'c' else 'cc'}"
            file.write_text(extract.source_text(program), encoding="utf-8")
            yield f"{page}:{program.line}", file, program.expected
    yield "wrapper_test", ROOT / "bindings/c/tests/wrapper_test.cc", None


def compilers():
    yield shlex.split(os.environ.get("CC", "cc")), shlex.split(os.environ.get("CXX", "c++"))
    if shutil.which("clang") and shutil.which("clang++"):
        yield ["clang"], ["clang++"]


def other_libraries(pc_folder):
    """What comes after the archive: PCRE2, the C++ library, threads."""
    words = shlex.split(run("pkg-config", "--static", "--libs", "xgr-link",
                            env={**os.environ, "PKG_CONFIG_PATH": pc_folder}))
    return [word for word in words if word != "-lxgr" and not word.startswith("-L")]


def check(source, expected, compiler, level, archives, libraries, folder):
    is_c = source.suffix == ".c"
    standard = "-std=c99" if is_c else "-std=c++17"
    run(*compiler, standard, level, "-DXGR_STATIC", f"-I{ROOT}/include", "-c", source, "-o", folder / "program.o")
    for archive in archives:
        run(*compiler, folder / "program.o", archive, *libraries, "-pthread", "-o", folder / "program")
        written = run(folder / "program")
        if expected is not None and written.rstrip() != expected.rstrip():
            raise RuntimeError(f"with {archive} it writes\n{written}expected\n{expected}")


def main(pc_folder, *archives):
    if shutil.which("pkg-config") is None:
        return 77
    libraries = other_libraries(pc_folder)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for title, source, expected in sources(folder):
            for compiler in (pair[source.suffix != ".c"] for pair in compilers()):
                for level in LEVELS:
                    try:
                        check(source, expected, compiler, level, archives, libraries, folder)
                        passed += 1
                    except RuntimeError as error:
                        failed += 1
                        print(f"FAILED: {title}, {' '.join(compiler)} {level}: {error}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main(*sys.argv[1:]))
