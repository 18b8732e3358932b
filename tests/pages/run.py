#!/usr/bin/env python3
"""Build and run every program of the pages against an installed library: run.py [TEXT...]

docs/extract.py says how pages mark programs and what these write. Each is copied into an empty folder
and built as the page's reader would: C and C++ with the shared and with the static library, at -O0 and
at -O2; Rust with the feature system; Go with the tag xgr_system; C# with Mono; Python with the package.
With TEXT only programs are run whose name contains one: a page, a language, "static", "-O2".

Environment: what tests/pages/run.sh sets. The last line is "N passed, N failed".
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import extract  # noqa: E402

PAGES = ["README.md", "docs/*.md", "bindings/rust/xgr/README.md"]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
TIMEOUT = 120


class Failure(Exception):
    pass


def run(folder, *command, environment=None):
    """Standard output of a command that has to succeed."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True, encoding="utf-8",
                              errors="replace", timeout=TIMEOUT, env={**os.environ, **(environment or {})})
    except subprocess.TimeoutExpired:
        raise Failure(f"{' '.join(words)}: not done after {TIMEOUT} s") from None
    if done.returncode:
        raise Failure(f"{' '.join(words)}: exit status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


# --- one function a language: builds the program in a folder and returns what it writes ---


def pkg_config(*arguments):
    return shlex.split(run(ROOT, "pkg-config", *arguments, "xgr"))


def native_flags(link):
    return pkg_config(*(["--static"] if link == "static" else []), "--cflags", "--libs")


def native(compiler, suffix, standard):
    def build(program, folder, link, level):
        (folder / f"program{suffix}").write_text(extract.source_text(program), encoding="utf-8")
        run(folder, *shlex.split(compiler), standard, level, *WARNINGS, f"program{suffix}", *native_flags(link),
            "-pthread", "-o", "program")
        if link == "static" and "libxgr" in run(folder, "readelf", "-d", "program"):
            raise Failure("the program that was linked statically needs the shared library")
        return run(folder, "./program")

    return build


def rust(program, folder):
    (folder / "src").mkdir()
    (folder / "src/main.rs").write_text(program.text, encoding="utf-8")
    name = re.sub(r"\W+", "-", f"{program.page}-{program.line}".lower()).strip("-")
    (folder / "Cargo.toml").write_text(
        f'[workspace]\n[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n'
        f'xgr = {{ path = "{ROOT}/bindings/rust/xgr", default-features = false, features = ["system"] }}\n',
        encoding="utf-8")
    return run(folder, "cargo", "run", "-q")


def go(program, folder):
    (folder / "main.go").write_text(extract.source_text(program), encoding="utf-8")
    run(folder, "go", "mod", "init", "program")
    run(folder, "go", "mod", "edit", "-require=libxgr@v0.0.0", f"-replace=libxgr={ROOT}")
    run(folder, "go", "mod", "tidy")
    return run(folder, "go", "run", "-tags", "xgr_system", ".")


def csharp(program, folder):
    (folder / "Program.cs").write_text(extract.source_text(program), encoding="utf-8")
    shutil.copy(os.environ["XGR_CSHARP_ASSEMBLY"], folder / "Xgr.dll")
    run(folder, "mcs", "-langversion:7.2", "-warnaserror+", "-r:Xgr.dll", "-out:Program.exe", "Program.cs")
    return run(folder, "mono", "--debug", "Program.exe")


def python(program, folder):
    (folder / "program.py").write_text(program.text, encoding="utf-8")
    return run(folder, sys.executable, "program.py")


NATIVE_VARIANTS = [(link, level) for link in ("shared", "static") for level in ("-O0", "-O2")]
# language: (function, variants of it)
BUILDERS = {
    "c": (native(os.environ.get("CC", "cc"), ".c", "-std=c99"), NATIVE_VARIANTS),
    "cpp": (native(os.environ.get("CXX", "c++"), ".cc", "-std=c++17"), NATIVE_VARIANTS),
    "csharp": (csharp, [()]),
    "go": (go, [()]),
    "python": (python, [()]),
    "rust": (rust, [()]),
}


# --- the tests ---


def matches(written, expected):
    """Whether the texts are the same but for white space at line ends; ... stands for any text in a line."""
    written, expected = ([line.rstrip() for line in text.rstrip().splitlines()] for text in (written, expected))
    return len(written) == len(expected) and all(
        line == wanted or "..." in wanted and re.fullmatch(
            ".*".join(map(re.escape, wanted.split("..."))), line) for line, wanted in zip(written, expected))


def test(program, variant):
    """Raises Failure unless the program builds and writes what the page says."""
    with tempfile.TemporaryDirectory(prefix="xgr-page-") as name:
        folder = pathlib.Path(name)
        for file, text in program.files.items():
            (folder / file).write_text(text, encoding="utf-8")
        written = BUILDERS[program.language][0](program, folder, *variant)
    if not matches(written, program.expected):
        raise Failure(f"it writes\n{written}\nand the page says\n{program.expected}")


def check_fragment(program):
    """A fragment in Python is read at least."""
    if program.language == "python":
        try:
            compile(program.text, program.page, "exec")
        except SyntaxError as error:
            raise Failure(str(error)) from None


def jobs():
    """(name, function, arguments) of every test."""
    for pattern in PAGES:
        for path in sorted(ROOT.glob(pattern)):
            page = str(path.relative_to(ROOT))
            for program in extract.programs(path.read_text(encoding="utf-8"), page):
                name = f"{page}:{program.line} {program.language}"
                if program.is_fragment:
                    yield f"{name} fragment", check_fragment, (program,)
                    continue
                for variant in BUILDERS[program.language][1]:
                    yield " ".join([name, *variant]), test, (program, variant)


def outcome(function, arguments):
    try:
        function(*arguments)
        return None
    except Failure as failure:
        return str(failure)


def main(texts):
    try:
        wanted = [job for job in jobs() if not texts or any(text in job[0] for text in texts)]
    except extract.PageError as error:
        print(f"{error}\n0 passed, 1 failed")
        return 1
    missing = set() if texts else set(extract.LANGUAGES) - {job[0].split()[1] for job in wanted}
    for language in sorted(missing):
        print(f"FAILED: no page has a program in {language}")
    failed = 0
    # cargo and go use all cores by themselves, and lock one another out.
    alone = [job for job in wanted if job[0].split()[1] in ("rust", "go")]
    together = [job for job in wanted if job not in alone]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = zip(together, pool.map(lambda job: outcome(*job[1:]), together))
        for (name, *_), problem in [*done, *((job, outcome(*job[1:])) for job in alone)]:
            failed += problem is not None
            print(f"ok: {name}" if problem is None else f"FAILED: {name}\n{problem}")
    print(f"{len(wanted) - failed} passed, {failed + len(missing)} failed")
    return 1 if failed or missing or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
