"""The package as users get it: the wheel in an environment of its own, the examples, the pages, and a
library that XGR_LIBRARY names. run.sh sets XGR_WHEEL and XGR_TEST_LIBRARY."""
import json
import os
import pathlib
import re
import subprocess
import sys
import venv
import zipfile

import pytest

import xgr

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WHEEL, LIBRARY = os.environ.get("XGR_WHEEL"), os.environ.get("XGR_TEST_LIBRARY")
EXAMPLES = ["minimal", "batch"]
needs_wheel = pytest.mark.skipif(not WHEEL, reason="XGR_WHEEL names no wheel")
needs_library = pytest.mark.skipif(not LIBRARY, reason="XGR_TEST_LIBRARY names no library")


def run(python, script, folder, **environment):
    """What the script writes when it runs in the folder."""
    return subprocess.run([str(python), str(script)], cwd=folder, check=True, text=True,
                          stdout=subprocess.PIPE, timeout=120,
                          env={**os.environ, **environment}).stdout


def expected(example):
    return (ROOT / "examples" / "expected" / f"{example}.txt").read_text()


def script(example):
    return ROOT / "examples" / "python" / f"{example}.py"


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples(example, tmp_path):
    assert run(sys.executable, script(example), tmp_path) == expected(example)


def test_serve_writes_a_line_a_step_and_every_output(tmp_path):
    program = tmp_path / "serve.sh"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script("serve")}" "$@"\n')
    program.chmod(0o755)
    subprocess.run([sys.executable, ROOT / "examples" / "check.py", program, "serve"], check=True, timeout=120)


@needs_library
@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_with_a_library_of_their_own(example, tmp_path):
    assert run(sys.executable, script(example), tmp_path, XGR_LIBRARY=LIBRARY) == expected(example)


@needs_library
def test_everything_works_with_a_library_of_its_own():
    tests = ["test_compiler.py", "test_grammar.py", "test_matcher.py", "test_tokenizer.py",
             "test_options.py", "test_handles.py", "test_futures.py", "test_cancel.py"]
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
                   cwd=HERE, check=True, timeout=300, env={**os.environ, "XGR_LIBRARY": LIBRARY})


@pytest.mark.parametrize("path", ["/nonexistent/libxgr.so", str(HERE)])
def test_a_library_that_is_none_is_an_error(path, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("try:\n import xgr\nexcept (ImportError, OSError):\n print('refused')\n")
    assert run(sys.executable, program, tmp_path, XGR_LIBRARY=path) == "refused\n"


def sources():
    """The files of the package, as paths inside a wheel."""
    folder = ROOT / "bindings" / "python" / "src"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")
            if path.is_file() and path.suffix in (".py", ".pyi", ".pth", ".typed")}


def test_all_files_of_the_package_are_installed():
    listed = re.findall(r"^ +'src/([^']+)'|install_sources\('src/([^']+)'", (ROOT / "bindings" / "python" / "meson.build").read_text(), re.M)
    listed = ["".join(each) for each in listed]
    assert sorted(listed) == sorted(sources())  # each once


@needs_wheel
def test_one_wheel_serves_every_python():
    name, version, tags = pathlib.Path(WHEEL).name.split("-", 2)
    assert (name, version) == ("xgr", xgr.__version__) and "-abi3-" in tags
    with zipfile.ZipFile(WHEEL) as wheel:
        files = {name for name in wheel.namelist() if not name.startswith("xgr-")}
    extension = [name for name in files if "_xgr_cffi" in name and not name.endswith(".pyi")]
    assert files == {*sources(), *extension} and len(extension) == 1


@needs_wheel
def test_the_wheel_in_a_fresh_environment(tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "-q", "--disable-pip-version-check", "install", WHEEL],
                   check=True, timeout=300)
    empty = tmp_path / "project"
    empty.mkdir()
    for example in EXAMPLES:
        program = empty / f"{example}.py"
        program.write_text(script(example).read_text())
        assert run(python, program, empty) == expected(example)


def blocks(page, heading=""):
    """The Python programs of a page, or of one chapter of it."""
    text = (ROOT / "docs" / page).read_text()
    chapter = text.split(heading + "\n", 1)[1].split("\n## ")[0] if heading else text
    return re.findall(r"```python\n(.*?)```", chapter, re.S)


def test_the_example_of_the_bindings_page(tmp_path):
    program = tmp_path / "example.py"
    program.write_text(blocks("bindings.md", "## Python")[0])
    assert run(sys.executable, program, tmp_path) == "[false, false]\n"


def tokenizer_json():
    """Printable ASCII and a stop token, spelt as byte-level tokenizers do."""
    texts = ["\u0120"] + [chr(i) for i in range(33, 127)]
    return json.dumps({
        "added_tokens": [{"id": len(texts), "content": "</s>", "special": True}],
        "decoder": {"type": "ByteLevel"},
        "model": {"type": "BPE", "vocab": {text: i for i, text in enumerate(texts)}, "merges": []}})


def greatest_token(mask):
    """A model that likes the highest token id."""
    return max(i for i in range(mask.size * 32) if mask.flat[i // 32] >> i % 32 & 1)


def test_the_programs_of_the_page_about_python(tmp_path, monkeypatch):
    (tmp_path / "tokenizer.json").write_text(tokenizer_json())
    monkeypatch.chdir(tmp_path)
    names = {"sample": greatest_token}
    for program in blocks("python.md"):
        exec(compile(program, "python.md", "exec"), names)
